/** Merging with real git: a merge commit, one squashed commit, or the commits anew on top of the base. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from './call.ts';
import { hasRole, text, textOrNull } from './call.ts';
import type { Fields } from './contract.ts';
import type { Author } from './git.ts';
import { git, gitAs, log, mergedTree, shaOf } from './git.ts';
import type { PullRequest } from './pull-state.ts';
import { commitsOf, recordMerge, ruleOf } from './pull-state.ts';
import { notFound, Refusal } from './refusals.ts';
import type { CheckRun, Pull, Repository, Status } from './state.ts';

const authorOf = (call: Call): Author => {
  const { login } = call.actor.user;
  return { name: login, email: `${login}@users.noreply.github.example`, at: call.github.now() };
};

type Merge = { readonly call: Call; readonly issue: PullRequest; readonly base: string; readonly tree: string };

const commitTree = async ({ call, tree }: Merge, parents: readonly string[], message: string): Promise<string> =>
  gitAs(
    authorOf(call),
    call.repository.dir,
  )(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', message]);

const messageOf = (call: Call, title: string): string =>
  [textOrNull(call.body['commit_title']) ?? title, text(call.body['commit_message'])]
    .filter((part) => part !== '')
    .join('\n\n');

/** The commits that reach the base, the last one being its new tip. */
const byMergeCommit = async (merge: Merge): Promise<readonly string[]> => {
  const { call, issue, base } = merge;
  const title = `Merge pull request #${issue.number} from ${issue.pull.head.repository.owner.login}/${issue.pull.head.ref}`;
  const brought = await commitsOf(call.repository, { ...issue.pull, baseSha: base });
  const tip = await commitTree(merge, [base, issue.pull.headSha], messageOf(call, `${title}\n\n${issue.title}`));
  return [...brought.map((facts) => facts.sha), tip];
};

const bySquash = async (merge: Merge): Promise<readonly string[]> => {
  const title = `${merge.issue.title} (#${merge.issue.number})`;
  return [await commitTree(merge, [merge.base], messageOf(merge.call, title))];
};

const byRebase = async ({ call, issue, base }: Merge): Promise<readonly string[]> => {
  const { dir } = call.repository;
  const tree = mkdtempSync(join(tmpdir(), 'rebase-'));
  try {
    await git(dir, 'worktree', 'add', '-q', '--detach', '--force', tree, base);
    const from = await git(dir, 'merge-base', base, issue.pull.headSha);
    await gitAs(authorOf(call), tree)(['cherry-pick', '--allow-empty', `${from}..${issue.pull.headSha}`]);
    return (await log(tree, '--reverse', `${base}..HEAD`)).map((facts) => facts.sha);
  } finally {
    await git(dir, 'worktree', 'remove', '--force', tree);
    rmSync(tree, { recursive: true, force: true });
  }
};

const methods = { merge: byMergeCommit, squash: bySquash, rebase: byRebase };

const approvals = (pull: Pull): number => {
  const latest = new Map(
    pull.reviews.filter((review) => review.state !== 'COMMENTED').map((review) => [review.user.login, review.state]),
  );
  return [...latest.values()].filter((state) => state === 'APPROVED').length;
};

const green = (repository: Repository, sha: string, context: string): boolean => {
  const check = repository.checks.filter((one: CheckRun) => one.headSha === sha && one.name === context).at(-1);
  const status = repository.statuses.filter((one: Status) => one.sha === sha && one.context === context).at(-1);
  return check === undefined
    ? status?.state === 'success'
    : check.status === 'completed' && ['success', 'neutral', 'skipped'].includes(check.conclusion ?? '');
};

/** What the rulesets of the base still ask for. */
const unmet = (repository: Repository, issue: PullRequest): readonly string[] => {
  const { baseRef, headSha } = issue.pull;
  const reviews = ruleOf(repository, baseRef, 'pull_request')?.['parameters'] as Fields | undefined;
  const checks = ruleOf(repository, baseRef, 'required_status_checks')?.['parameters'] as Fields | undefined;
  const required = (checks?.['required_status_checks'] ?? []) as readonly { context: string }[];
  const wanted = Number(reviews?.['required_approving_review_count'] ?? 0);
  const missing = required.filter((one) => !green(repository, headSha, one.context)).map((one) => one.context);
  return [
    ...(approvals(issue.pull) < wanted
      ? [`At least ${wanted} approving review is required by reviewers with write access.`]
      : []),
    ...missing.map((context) => `Required status check "${context}" is expected.`),
  ];
};

/** Repository administrators are bypass actor 5 of a ruleset. */
const mayBypass = (call: Call): boolean =>
  hasRole(call.repository, call.actor.user.login, 'admin') &&
  call.repository.setup.rulesets.some((ruleset) =>
    ((ruleset['bypass_actors'] ?? []) as readonly Fields[]).some((actor) => actor['actor_id'] === 5),
  );

export const isBlocked = (repository: Repository, issue: PullRequest): boolean => unmet(repository, issue).length > 0;

const refuseUnmergeable = (call: Call, issue: PullRequest): void => {
  if (issue.state !== 'open' || issue.pull.draft) throw new Refusal(405, 'Pull Request is not mergeable');
  const expected = textOrNull(call.body['sha']);
  if (expected !== null && expected !== issue.pull.headSha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  const missing = unmet(call.repository, issue);
  if (missing.length > 0 && !mayBypass(call))
    throw new Refusal(405, `Repository rule violations found\n\n${missing.join('\n\n')}\n\n`);
};

export const mergePull = async (call: Call, issue: PullRequest): Promise<string> => {
  refuseUnmergeable(call, issue);
  const ref = `refs/heads/${issue.pull.baseRef}`;
  const base = await shaOf(call.repository.dir, ref);
  if (base === undefined) throw notFound();
  const tree = await mergedTree(call.repository.dir, base, issue.pull.headSha);
  if (tree === undefined) throw new Refusal(405, 'Pull Request is not mergeable');
  const method = (text(call.body['merge_method']) || 'merge') as keyof typeof methods;
  const landed = await methods[method]({ call, issue, base, tree });
  const tip = landed.at(-1) ?? base;
  await git(call.repository.dir, 'update-ref', ref, tip, base);
  recordMerge(issue, { mergedAt: call.github.now(), mergedBy: call.actor.user, mergeCommit: tip, landed });
  return tip;
};
