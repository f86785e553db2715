/** Pull requests follow the branches behind them: heads move with a push, and one whose commits are in its base is merged. */
import { git, isAncestor, log, mergedTree, shaOf } from './git.ts';
import type { Fields } from './contract.ts';
import type { GitHub, Issue, Pull, PullEvent, Repository, Review, User } from './state.ts';
import { newId } from './state.ts';

export type PullRequest = Issue & { pull: Pull };

const isPull = (issue: Issue): issue is PullRequest => issue.pull !== undefined;

export const pullsOf = (repository: Repository): readonly PullRequest[] => repository.issues.filter(isPull);

/** The active rulesets' rules for a branch, with what GitHub adds to each. */
export const rulesFor = (repository: Repository, branch: string): readonly Fields[] =>
  repository.setup.rulesets.flatMap((ruleset, index) =>
    ruleset['enforcement'] === 'active' && covers(ruleset, branch)
      ? (ruleset['rules'] as readonly Fields[]).map((rule) => ({
          ...rule,
          ruleset_source_type: 'Repository',
          ruleset_source: `${repository.owner.login}/${repository.name}`,
          ruleset_id: index + 1,
        }))
      : [],
  );

const covers = (ruleset: Fields, branch: string): boolean => {
  const { ref_name: names } = (ruleset['conditions'] ?? {}) as { ref_name?: { include?: readonly string[] } };
  const include = names?.include ?? ['~ALL'];
  return include.some(
    (one) => one === '~ALL' || one === `refs/heads/${branch}` || (one === '~DEFAULT_BRANCH' && branch === 'main'),
  );
};

export const ruleOf = (repository: Repository, branch: string, type: string): Fields | undefined =>
  rulesFor(repository, branch).find((rule) => rule['type'] === type);

const dismissesStale = (repository: Repository, branch: string): boolean => {
  const rule = ruleOf(repository, branch, 'pull_request')?.['parameters'] as Fields | undefined;
  const protection = repository.setup.protection[branch]?.['required_pull_request_reviews'] as Fields | undefined;
  return rule?.['dismiss_stale_reviews_on_push'] === true || protection?.['dismiss_stale_reviews'] === true;
};

export const addEvent = (github: GitHub, { pull }: PullRequest, event: PullEvent['event'], actor: User): void => {
  pull.events.push({ id: newId(github), event, actor, at: github.now() });
};

type Dismissal = { readonly review: Review; readonly actor: User; readonly commit: string | null };

/** GitHub remembers in the timeline what the review had been. */
export const dismiss = (github: GitHub, { pull }: PullRequest, { review, actor, commit }: Dismissal): void => {
  const dismissed = { review: review.id, state: review.state, commit };
  pull.events.push({ id: newId(github), event: 'review_dismissed', actor, at: github.now(), dismissed });
  review.state = 'DISMISSED';
};

/** The head of the branch that a pull request asks to merge, brought into the base repository as refs/pull/N/head. */
const fetchHead = async (repository: Repository, issue: PullRequest): Promise<string | undefined> => {
  const { head } = issue.pull;
  const sha = await shaOf(head.repository.dir, `refs/heads/${head.ref}`);
  if (sha === undefined || sha === issue.pull.headSha) return sha;
  const refspec = `+refs/heads/${head.ref}:refs/pull/${issue.number}/head`;
  await git(repository.dir, 'fetch', '-q', head.repository.dir, refspec);
  return sha;
};

const moveHead = async (github: GitHub, repository: Repository, issue: PullRequest): Promise<void> => {
  const { pull } = issue;
  const sha = await fetchHead(repository, issue);
  if (sha === undefined || sha === pull.headSha) return;
  if (pull.headSha !== '' && !(await isAncestor(repository.dir, pull.headSha, sha)))
    addEvent(github, issue, 'head_ref_force_pushed', issue.author);
  pull.headSha = sha;
  pull.baseSha = (await shaOf(repository.dir, `refs/heads/${pull.baseRef}`)) ?? pull.baseSha;
  pull.pusher = (await log(repository.dir, '-1', sha))[0]?.email ?? '';
  issue.updatedAt = github.now();
  if (!dismissesStale(repository, pull.baseRef)) return;
  for (const review of pull.reviews)
    if (review.state === 'APPROVED') dismiss(github, issue, { review, actor: issue.author, commit: sha });
};

export const recordMerge = (
  issue: PullRequest,
  merged: Pick<Pull, 'mergedAt' | 'mergedBy' | 'mergeCommit' | 'landed'>,
): void => {
  Object.assign(issue.pull, merged);
  issue.state = 'closed';
  issue.closedAt = merged.mergedAt;
};

type Moved = { readonly issue: PullRequest; readonly base: string };

const noticeForce = async (github: GitHub, repository: Repository, { issue, base }: Moved): Promise<void> => {
  const { baseTip } = issue.pull;
  if (baseTip === base) return;
  issue.pull.baseTip = base;
  if (await isAncestor(repository.dir, baseTip, base)) return;
  addEvent(github, issue, 'base_ref_force_pushed', issue.author);
};

/** Somebody pushed the commits to the base by hand: GitHub calls the pull request merged ("indirectly"). */
const noticeMerge = async (github: GitHub, repository: Repository, issue: PullRequest): Promise<void> => {
  const { pull } = issue;
  const base = await shaOf(repository.dir, `refs/heads/${pull.baseRef}`);
  if (base !== undefined) await noticeForce(github, repository, { issue, base });
  if (base === undefined || base === pull.baseSha || !(await isAncestor(repository.dir, pull.headSha, base))) return;
  const since = await log(repository.dir, '--reverse', '--first-parent', `${pull.baseSha}..${base}`);
  const holding = await Promise.all(since.map((facts) => isAncestor(repository.dir, pull.headSha, facts.sha)));
  const merge = since[holding.indexOf(true)]?.sha ?? base;
  const landed = await log(repository.dir, `${pull.baseSha}..${merge}`);
  const shas = landed.map((facts) => facts.sha);
  recordMerge(issue, { mergedAt: github.now(), mergedBy: issue.author, mergeCommit: merge, landed: shas });
};

/** Brings every open pull request up to date with the branches; called before each answer. */
export const refreshPulls = async (github: GitHub, repository: Repository): Promise<void> => {
  for (const issue of pullsOf(repository)) {
    if (issue.state !== 'open') continue;
    await moveHead(github, repository, issue);
    await noticeMerge(github, repository, issue);
  }
};

/** Commits that the pull request brings, oldest first. */
export const commitsOf = (repository: Repository, pull: Pull) =>
  log(repository.dir, '--reverse', `${pull.baseSha}..${pull.headSha}`);

/** The tree of the merge with the base as it is now; undefined when there is a conflict. */
export const mergeability = async (repository: Repository, pull: Pull): Promise<string | undefined> => {
  const base = await shaOf(repository.dir, `refs/heads/${pull.baseRef}`);
  return base === undefined ? undefined : mergedTree(repository.dir, base, pull.headSha);
};
