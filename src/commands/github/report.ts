/** The outcome of an apply, said on GitHub: on each pull request, on the commit, and as a deployment record. */
import type { CommitStatus } from '../../model/github.ts';
import { MARKER_ROOM, putComment } from '../../github/sticky.ts';
import type { Outcome } from '../../model/cloud.ts';
import type { HeldChange, Plan } from '../../model/plan.ts';
import type { Traces } from '../../model/trace.ts';
import { applyMarkdown, applySentence } from '../../render/apply-markdown.ts';
import type { ApplyPage, HeldItem } from '../../render/apply-markdown.ts';
import { GITHUB_LIMIT } from '../../render/plan-markdown.ts';
import { traceWords } from '../../render/traces.ts';
import type { CommandContext } from '../run/context.ts';
import { itemsOf } from '../../approve/fingerprints.ts';
import type { Deployed, Tip } from '../../approve/main.ts';
import { APPLY_CONTEXT, recordText } from '../../approve/main.ts';
import type { GitHubSite } from './site.ts';
import { SUMMARY_PAGE, writeSummary } from './site.ts';
import type { MainSpan } from '../../approve/spans.ts';
import { tried } from '../run/tried.ts';

export type ApplyReport = {
  readonly tip: Tip;
  readonly deployed: Deployed;
  readonly page: ApplyPage;
  /** Pull requests to tell. */
  readonly spans: readonly MainSpan[];
  /** Asked for from a later day on: not done, and not to be taken for done. */
  readonly notBegun: readonly string[];
};

type ApplyResult = Pick<ApplyPage, 'told'> & {
  readonly outcomes: readonly Outcome[];
  readonly held: readonly HeldChange[];
  /** The changes that were held for want of an approval, and who made them necessary. */
  readonly heldPlan: Plan;
  readonly traces: Traces;
};

export const applyPageOf = (
  tip: Pick<Tip, 'sha'>,
  { told, outcomes, held, heldPlan, traces }: ApplyResult,
): ApplyPage => {
  const items = new Map(itemsOf(heldPlan).map((item) => [item.change.key, item]));
  const heldItem = ({ key, reason }: { readonly key: string; readonly reason?: string }): HeldItem => {
    const item = items.get(key);
    const extra = item === undefined ? {} : { risk: item.change.risk, fingerprint: item.fingerprint };
    const trace = Object.hasOwn(traces.found, key) ? traces.found[key] : undefined;
    return { key, reason: reason ?? '', ...extra, ...(trace === undefined ? {} : { who: traceWords(trace) }) };
  };
  const unique = new Map([...outcomes.filter(({ status }) => status === 'held'), ...held].map((one) => [one.key, one]));
  return {
    sha: tip.sha,
    told,
    done: outcomes.filter(({ status }) => status === 'done').map(({ key }) => key),
    failed: outcomes.filter(({ status }) => status === 'failed'),
    held: [...unique.values()].map(heldItem),
    refusals: [],
    ...(heldPlan.changes.length > 0 ? { fingerprint: heldPlan.fingerprint } : {}),
  };
};

const partFor = (page: ApplyPage, { changes }: MainSpan): ApplyPage => ({
  ...page,
  done: page.done.filter(changes),
  failed: page.failed.filter(({ key }) => changes(key)),
  held: page.held.filter(({ key }) => changes(key)),
});

/** GitHub: 140 characters for the description of a status. */
const DESCRIPTION_LIMIT = 140;

/** The record at the end, whole: the next run reads it there. */
const statusOf = ({ page, tip }: ApplyReport, { url }: GitHubSite, deployment?: number): CommitStatus => {
  const recorded = deployment === undefined ? '' : recordText(deployment);
  return {
    sha: tip.sha,
    context: APPLY_CONTEXT,
    state: page.failed.length + page.held.length + page.refusals.length > 0 ? 'failure' : 'success',
    description: `${applySentence(page).slice(0, DESCRIPTION_LIMIT - recorded.length)}${recorded}`,
    ...(url === undefined ? {} : { url }),
  };
};

/** A longer list does not fit a deployment record. The record is then written as a failure. */
const PAYLOAD_LIMIT = 60_000;

const openOf = ({ page, notBegun }: ApplyReport): readonly string[] =>
  [...new Set([...page.failed.map(({ key }) => key), ...page.held.map(({ key }) => key), ...notBegun])].sort();

/** The deployment comes before the status that names it, and counts only once both are there. */
const record = async (report: ApplyReport, site: GitHubSite): Promise<void> => {
  const { github, url } = site;
  const open = openOf(report);
  const fits = JSON.stringify(open).length <= PAYLOAD_LIMIT;
  const description = applySentence(report.page).slice(0, DESCRIPTION_LIMIT);
  const id = await github.createDeployment({
    sha: report.tip.sha,
    description,
    payload: fits ? { version: 1, open } : { version: 1, open: [], incomplete: true },
  });
  await github.createStatus(statusOf(report, site, id));
  await github.endDeployment({
    id,
    description,
    state: fits && report.page.refusals.length === 0 ? 'success' : 'failure',
    ...(url === undefined ? {} : { url }),
  });
};

const isRecorded = (report: ApplyReport): boolean => {
  const latest = report.deployed.records.find(({ age }) => age === 0);
  const open = openOf(report);
  return latest !== undefined && latest.open.size === open.length && open.every((key) => latest.open.has(key));
};

const comments = async (context: CommandContext, site: GitHubSite, report: ApplyReport): Promise<boolean> => {
  let all = true;
  for (const span of report.spans) {
    const { pull } = span;
    if (pull === undefined) continue;
    const body = applyMarkdown({ ...partFor(report.page, span), limit: GITHUB_LIMIT - MARKER_ROOM });
    const done = await tried(context, `the comment on #${pull.number}`, () =>
      putComment(site.github, pull.number, { purpose: 'apply', body }),
    );
    all &&= done;
  }
  return all;
};

/**
 * What was done in AWS is done whatever GitHub answers: each is tried, and the record is written last and only when all else
 * was said, so that the next run says it again. Returns whether GitHub took everything.
 */
export const publishReport = async (
  context: CommandContext,
  site: GitHubSite,
  report: ApplyReport,
): Promise<boolean> => {
  const summary = applyMarkdown({ ...report.page, limit: SUMMARY_PAGE });
  const summed = await tried(context, 'the page of the run', () => writeSummary(context, summary));
  const idle = report.page.done.length + report.page.failed.length === 0;
  if (idle && isRecorded(report)) return summed;
  const commented = await comments(context, site, report);
  if (!commented) {
    await tried(context, 'the commit status', () => site.github.createStatus(statusOf(report, site)));
    return false;
  }
  return (await tried(context, 'the commit status and the deployment record', () => record(report, site))) && summed;
};
