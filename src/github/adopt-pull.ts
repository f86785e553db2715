/**
 * One pull request for what drifted, on a branch of our own. A branch is ours as long as all that it holds and main does not
 * was committed by us, by the name that GitHub gives to the token in use: then it may be moved by force. As soon as somebody
 * else has pushed to it, it and its pull request are theirs and nothing is written any more.
 */
import type { BranchCommit, BranchPull, FileEdit, PullText } from '../model/github.ts';
import type { GitHub } from '../model/github.ts';

export type AdoptionCommit = PullText & {
  readonly branch: string;
  /** First line of the commit. */
  readonly subject: string;
  /** Of the edits: the same edits have the same. */
  readonly digest: string;
  readonly files: readonly FileEdit[];
};

/** `tip`: the commit of the base that the edits were made on. */
export type AdoptionBase = { readonly branch: string; readonly tip: string };

export type AdoptionOutcome = {
  readonly did: 'opened' | 'updated' | 'unchanged' | 'closed' | 'left' | 'nothing';
  readonly number?: number;
  /** Why it was left. */
  readonly reason?: string;
};

const trailer = (digest: string): string => `Gatehouse-Adopts: ${digest}`;
const markerOf = (digest: string): string => `<!-- gatehouse:adopt ${digest} -->`;
/** Characters that the marker takes of a body. */
export const ADOPT_MARKER_ROOM = 100;

/** GitHub commits as `web-flow` what was made through its API or pages; the author is then still who did it. */
const isOurs = async (github: GitHub, { author, committer, message }: BranchCommit): Promise<boolean> =>
  /^Gatehouse-Adopts: [0-9a-f]{64}$/m.test(message) &&
  (await github.isOwn(author)) &&
  (committer?.login === 'web-flow' || (await github.isOwn(committer)));

type BranchStanding = {
  readonly tip: string | undefined;
  readonly ahead: readonly BranchCommit[];
  /** Somebody else who committed to it. */
  readonly stranger: string | undefined;
  /** Newest first. */
  readonly pulls: readonly BranchPull[];
  readonly own: BranchPull | undefined;
};

const standingOf = async (github: GitHub, base: AdoptionBase, branch: string): Promise<BranchStanding> => {
  const tip = await github.branchTip(branch);
  const ahead = tip === undefined ? [] : await github.commitsAhead(base.branch, branch);
  const pulls = await github.pullsFrom(branch);
  let stranger: string | undefined;
  for (const commit of ahead)
    if (stranger === undefined && !(await isOurs(github, commit)))
      stranger = commit.author?.login ?? commit.committer?.login ?? 'somebody';
  const [open] = pulls.filter(({ state }) => state === 'open');
  const own = open !== undefined && (await github.isOwn(open.author)) ? open : undefined;
  return { tip, ahead, stranger, pulls, own };
};

const left = (reason: string, { pulls }: BranchStanding): AdoptionOutcome => {
  const number = pulls.find(({ state }) => state === 'open')?.number;
  return { did: 'left', reason, ...(number === undefined ? {} : { number }) };
};

/** Somebody closed a pull request with the same edits: that counts as a refusal. */
const declined = async (github: GitHub, { pulls }: BranchStanding, digest: string): Promise<BranchPull | undefined> => {
  const [last] = pulls;
  if (last?.state !== 'closed' || !last.body.startsWith(markerOf(digest))) return undefined;
  return (await github.isOwn(last.author)) ? last : undefined;
};

/** Whether the branch holds the edits now. False when somebody moved it meanwhile. */
const putBranch = async (
  github: GitHub,
  { base, adoption }: { readonly base: AdoptionBase; readonly adoption: AdoptionCommit },
  { tip, ahead }: BranchStanding,
): Promise<'written' | 'same' | 'moved'> => {
  const { branch, subject, digest, files } = adoption;
  if (ahead.length === 1 && ahead[0]?.message.includes(trailer(digest))) return 'same';
  const message = `${subject}\n\n${trailer(digest)}`;
  const sha = await github.commitFiles({ parent: base.tip, message, files });
  if (tip === undefined) await github.createBranch(branch, sha);
  else if ((await github.branchTip(branch)) === tip) await github.moveBranch(branch, sha);
  else return 'moved';
  return 'written';
};

const putPull = async (
  github: GitHub,
  { branch, title, body, base }: PullText & { readonly branch: string; readonly base: string },
  { own, pulls }: BranchStanding,
): Promise<AdoptionOutcome> => {
  if (own === undefined) {
    const theirs = pulls.find(({ state }) => state === 'open');
    if (theirs !== undefined) return { did: 'unchanged', number: theirs.number };
    return { did: 'opened', number: await github.createPull({ branch, base, title, body }) };
  }
  if (own.title === title && own.body === body) return { did: 'unchanged', number: own.number };
  await github.updatePull(own.number, { title, body });
  return { did: 'updated', number: own.number };
};

/** Opens it, brings it up to date, or leaves it alone. Writes nothing when it says all of this already. */
export const putAdoption = async (
  github: GitHub,
  base: AdoptionBase,
  adoption: AdoptionCommit,
): Promise<AdoptionOutcome> => {
  const standing = await standingOf(github, base, adoption.branch);
  if (standing.stranger !== undefined) return left(`${standing.stranger} has committed to it`, standing);
  const no = await declined(github, standing, adoption.digest);
  if (no !== undefined) return { did: 'left', number: no.number, reason: 'it was closed with the same edits' };
  const wrote = await putBranch(github, { base, adoption }, standing);
  if (wrote === 'moved') return left('somebody pushed to it just now', standing);
  const { branch, title } = adoption;
  const body = `${markerOf(adoption.digest)}\n${adoption.body}`;
  const outcome = await putPull(github, { branch, title, body, base: base.branch }, standing);
  return wrote === 'written' && outcome.did === 'unchanged' ? { ...outcome, did: 'updated' } : outcome;
};

/** When nothing drifts any more: closes the pull request and deletes the branch, if both are ours. */
export const clearAdoption = async (
  github: GitHub,
  base: AdoptionBase,
  { branch, body }: { readonly branch: string; readonly body: string },
): Promise<AdoptionOutcome> => {
  if ((await github.branchTip(branch)) === undefined) return { did: 'nothing' };
  const standing = await standingOf(github, base, branch);
  const { stranger, own, pulls } = standing;
  if (stranger !== undefined) return left(`${stranger} has committed to it`, standing);
  if (own === undefined && pulls.some(({ state }) => state === 'open'))
    return left('its pull request is not ours', standing);
  if (own !== undefined) await github.updatePull(own.number, { title: own.title, body, state: 'closed' });
  await github.deleteBranch(branch);
  return { did: 'closed', ...(own === undefined ? {} : { number: own.number }) };
};
