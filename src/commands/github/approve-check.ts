/**
 * `github approve-check`: red until the reviews are the approvals that the pull request needs by its files, on every day. Its
 * job has no way into AWS: what the effect on AWS demands beyond that is in the plan's comment, and asked again by the apply.
 */
import type { BallotResult } from '../../approve/ballot.ts';
import { publishCheck } from '../../github/check.ts';
import type { PullRequest } from '../../model/github.ts';
import { approvalsMarkdown } from '../../render/approvals.ts';
import type { CommandContext, ExitCode } from '../run/context.ts';
import { checkPlace } from './check.ts';
import { withCommitted, withHead } from './head.ts';
import type { MergedHead } from './head.ts';
import { proposalOf } from '../../approve/proposal.ts';
import { requirementText, requirementsOf } from '../../approve/requirements.ts';
import { reviewVerdict } from '../../approve/reviews.ts';
import type { GitHubSite, SiteOptions } from './site.ts';
import { inFolder, isFork, openSite, sayCalls, writeSummary } from './site.ts';
import { readRepositoryTree } from './trees.ts';
import { tried } from '../run/tried.ts';

export type ApproveCheckOptions = SiteOptions & { readonly pr: number; readonly base: string };

type ApproveCheckInput = { readonly context: CommandContext; readonly site: GitHubSite; readonly pull: PullRequest };

type PullVerdict = { readonly verdict: BallotResult; readonly needed: readonly string[] };

const nothingToApprove = (reason: string): PullVerdict => ({
  verdict: { ok: false, approvers: [], missing: [reason], ignored: [] },
  needed: [],
});

const judged = async (
  { context, site, pull }: ApproveCheckInput,
  base: string,
  head: MergedHead,
): Promise<PullVerdict> => {
  if (head === 'conflict') return nothingToApprove('the pull request conflicts with its base');
  if (head.committed.length > 0) return nothingToApprove('it commits what only tools make');
  const [before, after] = await Promise.all([
    readRepositoryTree(inFolder(context, base)),
    readRepositoryTree(inFolder(context, head.dir)),
  ]);
  if (after.tree === undefined) return nothingToApprove('the files have errors');
  if (before.tree === undefined) return nothingToApprove('the files of the base have errors');
  const paths = await site.github.pullFiles(pull.number);
  const proposal = proposalOf({ base: before.tree, head: after.tree }, { paths, now: context.now });
  const requirements = requirementsOf(proposal, [before.tree.desired, after.tree.desired]);
  const verdict = await reviewVerdict(site.github, pull, requirements);
  return { verdict, needed: requirements.map(requirementText) };
};

const beyond =
  'This is what the files need; AWS was not asked. The comment with the plan says what the effect on AWS as it is demands besides, and the apply holds what has not got it.';

const titleOf = ({ ok, approvers, missing }: BallotResult): string =>
  ok ? `Approved by ${approvers.join(' and ')}` : (missing[0] ?? 'Not approved');

export const approveCheckCommand = async (context: CommandContext, options: ApproveCheckOptions): Promise<ExitCode> => {
  const site = await openSite(context, options);
  const pull = await site.github.pull(options.pr);
  if (isFork(site, pull)) {
    context.err('a pull request from a fork is not approved: push the branch to this repository');
    return 3;
  }
  const found = await withHead(context, { pull, base: options.base }, (head) =>
    withCommitted(context, options.base, (base) => judged({ context, site, pull }, base, head)),
  );
  const summary = `${approvalsMarkdown(found)}\n\n${beyond}`;
  const conclusion = found.verdict.ok ? 'success' : 'failure';
  context.out(summary);
  await tried(context, 'the page of the run', () => writeSummary(context, summary));
  const told = { conclusion, title: titleOf(found.verdict), summary, annotations: [] } as const;
  await publishCheck(site.github, { ...told, ...checkPlace('approvals', site, pull) });
  sayCalls(context, site);
  return found.verdict.ok ? 0 : 3;
};
