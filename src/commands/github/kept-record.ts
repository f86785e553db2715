/**
 * The record of the newest whole reading, as the drift run of main kept it. What a pull request brings along, a branch's run or
 * a fork's says nothing here: which workflow ran, on which branch and of which repository is GitHub's own word, and so is the
 * digest of what it kept. A commit status, a check and a deployment are not: any workflow of a branch can write them.
 */
import { createHash } from 'node:crypto';
import { fileInZip } from '../../github/unzip.ts';
import type { FinishedRun, GitHub, RunArtifact } from '../../model/github.ts';
import { recordIn, trailLateness } from '../../model/record.ts';
import type { RecordOffer } from '../../model/record.ts';
import { terminal } from '../../render/untrusted.ts';

/** In the artifact, and as the artifact is called. */
const recordFile = 'reading.json';
const recordArtifact = 'gatehouse-reading';

/** Those that start on main what main has. */
const mainEvents = ['schedule', 'workflow_dispatch'];
const mostBytes = 200_000_000;
const mostText = 1_000_000_000;

const isOfMain = ({ event, branch, conclusion, isOwn }: FinishedRun): boolean =>
  isOwn && branch === 'main' && conclusion === 'success' && mainEvents.includes(event);

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const unpacked = (zip: Uint8Array): RecordOffer => {
  const text = fileInZip(zip, recordFile, mostText);
  const record = text === undefined ? undefined : recordIn(text);
  return record ?? { whole: 'the record is of another version of Gatehouse' };
};

const opened = async (github: GitHub, { id, digest, bytes }: RunArtifact): Promise<RecordOffer> => {
  if (digest === undefined) return { whole: 'GitHub has no digest of the record' };
  if (bytes > mostBytes) return { whole: `the record has ${Math.round(bytes / 1e6)} MB` };
  const zip = await github.artifactZip(id);
  if (digestOf(zip) !== digest)
    return { whole: 'the record is not what the drift run kept: its digest is another one' };
  return unpacked(zip);
};

/** What an apply wrote is told by CloudTrail as late as anything else. */
const recentApply = async (github: GitHub, now: number): Promise<string | undefined> => {
  const [newest] = await github.deployments();
  const at = newest === undefined ? NaN : Date.parse(newest.createdAt);
  return now - at < trailLateness ? (newest?.createdAt ?? '').slice(11, 16) : undefined;
};

const offered = async (github: GitHub, now: number): Promise<RecordOffer> => {
  const applied = await recentApply(github, now);
  if (applied !== undefined)
    return { whole: `an apply wrote at ${applied} UTC, and CloudTrail may not tell of it yet` };
  const run = (await github.finishedRuns('drift.yml', 'main')).find(isOfMain);
  if (run === undefined) return { whole: 'no drift run of main has ended well' };
  const artifact = (await github.runArtifacts(run.id)).find(({ name }) => name === recordArtifact);
  if (artifact === undefined) return { whole: 'the newest drift run of main kept no record' };
  return opened(github, artifact);
};

/** Never throws: without a record AWS is read whole. */
export const offeredRecord = async (github: GitHub, now: number): Promise<RecordOffer> => {
  try {
    return await offered(github, now);
  } catch (thrown) {
    return {
      whole: `the record was not fetched: ${terminal(thrown instanceof Error ? thrown.message : String(thrown))}`,
    };
  }
};
