/** Pull requests: opening, reading, reviewing, merging. */
import type { Call, Handlers, Reply } from './call.ts';
import { created, findBy, hasRole, listed, ok, reading, text, textOrNull, writing } from './call.ts';
import type { Fields, Json } from './contract.ts';
import { isAncestor, shaOf } from './git.ts';
import { changedFiles } from './git-files.ts';
import { newIssue, refuseLongText, refuseLongTitle, setState } from './issue-calls.ts';
import { isBlocked, mergePull } from './merge-pull.ts';
import type { PullRequest } from './pull-state.ts';
import { addEvent, commitsOf, dismiss, mergeability, pullsOf, refreshPulls } from './pull-state.ts';
import { invalid, notFound, Refusal } from './refusals.ts';
import type { Repository, Review } from './state.ts';
import { fullName, newId } from './state.ts';
import { commitView, issueUrl, labelsView, pullEventView, repositoryView, reviewView, userView } from './views.ts';

const pullOf = (call: Call): PullRequest => {
  const found = pullsOf(call.repository).find((issue) => String(issue.number) === call.path['pull_number']);
  if (found === undefined) throw notFound();
  return found;
};

type End = { readonly repository: Repository; readonly ref: string; readonly sha: string };

const endView = (call: Call, { repository, ref, sha }: End): Fields => ({
  label: `${repository.owner.login}:${ref}`,
  ref,
  sha,
  user: userView(repository.owner),
  repo: repositoryView(call.github, repository),
});

const linkNames = ['comments', 'commits', 'statuses', 'html', 'issue', 'review_comments', 'review_comment', 'self'];

const simpleView = async (call: Call, issue: PullRequest): Promise<Fields> => {
  const { pull } = issue;
  const link = issueUrl(call.github, call.repository, issue);
  return {
    id: issue.id,
    number: issue.number,
    html_url: link,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    draft: pull.draft,
    locked: issue.locked,
    user: userView(issue.author),
    labels: labelsView(call.repository, issue) as readonly Json[],
    assignees: [],
    assignee: null,
    milestone: null,
    auto_merge: null,
    author_association: 'NONE',
    requested_reviewers: [],
    requested_teams: [],
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    head: endView(call, { repository: pull.head.repository, ref: pull.head.ref, sha: pull.headSha }),
    base: endView(call, { repository: call.repository, ref: pull.baseRef, sha: pull.baseSha }),
    _links: Object.fromEntries(linkNames.map((name) => [name, { href: link }])),
  };
};

const mergeableState = (call: Call, issue: PullRequest, tree: string | undefined): string => {
  if (issue.state !== 'open') return 'unknown';
  if (tree === undefined) return 'dirty';
  if (issue.pull.draft) return 'draft';
  return isBlocked(call.repository, issue) ? 'blocked' : 'clean';
};

const fullView = async (call: Call, issue: PullRequest): Promise<Fields> => {
  const { pull } = issue;
  const files = await filesOf(call, issue);
  const tree = issue.state === 'open' ? await mergeability(call.repository, pull) : undefined;
  return {
    ...(await simpleView(call, issue)),
    merged: pull.mergedAt !== null,
    merged_by: pull.mergedBy === null ? null : userView(pull.mergedBy),
    mergeable: issue.state === 'open' ? tree !== undefined : null,
    rebaseable: null,
    mergeable_state: mergeableState(call, issue, tree),
    maintainer_can_modify: false,
    comments: call.repository.comments.filter((comment) => comment.issue === issue.number).length,
    review_comments: 0,
    commits: (await commitsOf(call.repository, pull)).length,
    changed_files: files.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
  };
};

/** GitHub lists at most 3,000 files of a pull request, and says nothing about the others. */
const filesOf = async (call: Call, issue: PullRequest) =>
  (await changedFiles(call.repository.dir, issue.pull.baseSha, issue.pull.headSha)).slice(0, 3000);

const listedPulls = (call: Call): readonly PullRequest[] => {
  const { state = 'open', head, base, direction = 'desc' } = call.query;
  const label = ({ pull }: PullRequest): string => `${pull.head.repository.owner.login}:${pull.head.ref}`;
  const found = pullsOf(call.repository).filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      (head === undefined || label(issue) === head) &&
      (base === undefined || issue.pull.baseRef === base),
  );
  return direction === 'asc' ? found : [...found].reverse();
};

/** `branch`, `owner:branch`, or a branch of the fork that `head_repo` names. */
const headOf = (call: Call): { readonly repository: Repository; readonly ref: string } => {
  const [first = '', second] = text(call.body['head']).split(':');
  if (second === undefined) return { repository: call.repository, ref: first };
  const forks = [...call.github.repositories.values()];
  const fork = forks.find(
    (one) => one.owner.login === first && (one === call.repository || one.parent === call.repository),
  );
  if (fork === undefined) throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  return { repository: fork, ref: second };
};

const refuseSecond = (call: Call, head: { readonly repository: Repository; readonly ref: string }): void => {
  const same = pullsOf(call.repository).find(
    (issue) =>
      issue.state === 'open' && issue.pull.head.repository === head.repository && issue.pull.head.ref === head.ref,
  );
  if (same === undefined) return;
  const label = `${head.repository.owner.login}:${head.ref}`;
  throw invalid({ resource: 'PullRequest', code: 'custom', message: `A pull request already exists for ${label}.` });
};

/** The same setting lets Actions open and approve pull requests. */
const refuseOpening = (call: Call): void => {
  const allowed = call.repository.setup.workflowPermissions['can_approve_pull_request_reviews'] === true;
  if (call.actor.user.login === 'github-actions[bot]' && !allowed)
    throw new Refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.');
};

const createPull = async (call: Call): Promise<PullRequest> => {
  refuseOpening(call);
  refuseLongText('PullRequest', call.body['body']);
  refuseLongTitle('PullRequest', call.body['title']);
  const head = headOf(call);
  const baseRef = text(call.body['base']);
  const headSha = await shaOf(head.repository.dir, `refs/heads/${head.ref}`);
  const baseSha = await shaOf(call.repository.dir, `refs/heads/${baseRef}`);
  if (headSha === undefined) throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  if (baseSha === undefined) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  refuseSecond(call, head);
  if (head.repository === call.repository && (await isAncestor(call.repository.dir, headSha, baseSha)))
    throw invalid({
      resource: 'PullRequest',
      code: 'custom',
      message: `No commits between ${baseRef} and ${head.ref}`,
    });
  return openPull(call, head, { baseRef, baseSha });
};

const openPull = (
  call: Call,
  head: PullRequest['pull']['head'],
  base: { readonly baseRef: string; readonly baseSha: string },
): PullRequest => {
  const issue = newIssue({ ...call, body: { ...call.body, labels: [] } });
  const pull = {
    ...base,
    number: issue.number,
    head,
    reviews: [],
    events: [],
    baseTip: base.baseSha,
    draft: call.body['draft'] === true,
    headSha: '',
    pusher: call.actor.user.login,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    landed: [],
  };
  const opened: PullRequest = { ...issue, pull };
  call.repository.issues.push(opened);
  return opened;
};

const changeBase = async (call: Call, issue: PullRequest): Promise<void> => {
  const base = text(call.body['base']);
  if (base === '' || base === issue.pull.baseRef) return;
  const field = { resource: 'PullRequest', field: 'base' };
  if (issue.state !== 'open')
    throw invalid({ ...field, code: 'custom', message: 'Cannot change the base branch of a closed pull request.' });
  const sha = await shaOf(call.repository.dir, `refs/heads/${base}`);
  if (sha === undefined) throw invalid({ ...field, code: 'invalid' });
  Object.assign(issue.pull, { baseRef: base, baseSha: sha, baseTip: sha });
  addEvent(call.github, issue, 'base_ref_changed', call.actor.user);
};

const updatePull = async (call: Call): Promise<PullRequest> => {
  const issue = pullOf(call);
  const mine = issue.author.login === call.actor.user.login;
  if (!mine && call.actor.permissions === undefined && !hasRole(call.repository, call.actor.user.login, 'write'))
    throw new Refusal(403, 'Must have admin rights to Repository.');
  refuseLongText('PullRequest', call.body['body']);
  if (issue.pull.mergedAt !== null && call.body['state'] === 'open')
    throw invalid({
      resource: 'PullRequest',
      code: 'custom',
      field: 'state',
      message: 'state cannot be changed. The pull request is merged.',
    });
  if (call.body['title'] !== undefined) issue.title = text(call.body['title']);
  if (call.body['body'] !== undefined) issue.body = textOrNull(call.body['body']);
  await changeBase(call, issue);
  const before = issue.state;
  setState(call, issue);
  if (issue.state !== before)
    addEvent(call.github, issue, issue.state === 'closed' ? 'closed' : 'reopened', call.actor.user);
  return issue;
};

const states = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

const refuseOwn = (issue: PullRequest, call: Call, event: string): void => {
  if (issue.author.login !== call.actor.user.login || event === 'COMMENT') return;
  const what = event === 'APPROVE' ? 'approve' : 'request changes on';
  throw new Refusal(422, 'Unprocessable Entity', [`Can not ${what} your own pull request`]);
};

/** A job's token approves only where the repository lets Actions approve pull requests. */
const refuseActions = (call: Call, event: string): void => {
  const allowed = call.repository.setup.workflowPermissions['can_approve_pull_request_reviews'] === true;
  if (event === 'APPROVE' && call.actor.user.login === 'github-actions[bot]' && !allowed)
    throw new Refusal(422, 'Unprocessable Entity', ['GitHub Actions is not permitted to approve pull requests.']);
};

const createReview = (call: Call): Review => {
  const issue = pullOf(call);
  const event = text(call.body['event']);
  refuseOwn(issue, call, event);
  refuseActions(call, event);
  const state = states[event as keyof typeof states] ?? 'PENDING';
  if (state === 'CHANGES_REQUESTED' && text(call.body['body']) === '')
    throw new Refusal(422, 'Unprocessable Entity', ['Body can not be blank']);
  const commit = textOrNull(call.body['commit_id']) ?? issue.pull.headSha;
  const when = { submittedAt: call.github.now() };
  const review: Review = {
    id: newId(call.github),
    user: call.actor.user,
    body: text(call.body['body']),
    state,
    commit,
    ...when,
  };
  issue.pull.reviews.push(review);
  return review;
};

const dismissReview = (call: Call): Review => {
  const issue = pullOf(call);
  const review = findBy(issue.pull.reviews, call.path['review_id']);
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw new Refusal(422, 'Unprocessable Entity', ['Can not dismiss a commented pull request review']);
  dismiss(call.github, issue, { review, actor: call.actor.user, commit: null });
  return review;
};

/** Merged ones that brought the commit, and open ones that would. */
const pullsOfCommit = async (call: Call): Promise<readonly PullRequest[]> => {
  const { dir } = call.repository;
  const sha = await shaOf(dir, call.path['commit_sha'] ?? '');
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.path['commit_sha'] ?? ''}`);
  const found = pullsOf(call.repository).map(async (issue) => {
    if (issue.pull.mergedAt !== null) return issue.pull.landed.includes(sha) ? issue : undefined;
    const brought = issue.state === 'open' ? await commitsOf(call.repository, issue.pull) : [];
    return brought.some((facts) => facts.sha === sha) ? issue : undefined;
  });
  return (await Promise.all(found)).filter((issue) => issue !== undefined);
};

const place = (call: Call): string => `${fullName(call.repository)}/pull/${call.path['pull_number'] ?? ''}`;
const asReview = (call: Call, review: Review): Fields => reviewView(call.github, place(call), review);

const merge = async (call: Call): Promise<Reply> => {
  const issue = pullOf(call);
  return ok({ sha: await mergePull(call, issue), merged: true, message: 'Pull Request successfully merged' });
};

const repo = '/repos/{owner}/{repo}';
const pull = `${repo}/pulls/{pull_number}`;

export const pullCalls: Handlers = {
  [`GET ${repo}/pulls`]: {
    need: reading('pull_requests'),
    answer: (call) => listed(listedPulls(call), (issue) => simpleView(call, issue)),
  },
  [`POST ${repo}/pulls`]: {
    need: writing('pull_requests', 'read'),
    answer: async (call) => created(await opened(call, await createPull(call))),
  },
  [`GET ${pull}`]: { need: reading('pull_requests'), answer: async (call) => ok(await fullView(call, pullOf(call))) },
  [`PATCH ${pull}`]: {
    need: writing('pull_requests', 'read'),
    answer: async (call) => ok(await fullView(call, await updatePull(call))),
  },
  [`GET ${pull}/commits`]: {
    need: reading('pull_requests'),
    answer: async (call) => {
      const commits = (await commitsOf(call.repository, pullOf(call).pull)).slice(0, 250);
      return listed(commits, (facts) => commitView(call.github, call.repository, facts));
    },
  },
  [`GET ${pull}/files`]: {
    need: reading('pull_requests'),
    answer: async (call) => listed(await filesOf(call, pullOf(call)), (file) => file),
  },
  [`PUT ${pull}/merge`]: { need: writing('contents'), answer: merge },
  [`GET ${repo}/issues/{issue_number}/timeline`]: {
    need: reading('issues'),
    answer: (call) => {
      const found = pullsOf(call.repository).find(({ number }) => String(number) === call.path['issue_number']);
      return listed(found?.pull.events ?? [], pullEventView);
    },
  },
  [`GET ${pull}/reviews`]: {
    need: reading('pull_requests'),
    answer: (call) => listed(pullOf(call).pull.reviews, (review) => asReview(call, review)),
  },
  [`POST ${pull}/reviews`]: {
    need: writing('pull_requests', 'read'),
    answer: (call) => ok(asReview(call, createReview(call))),
  },
  [`PUT ${pull}/reviews/{review_id}/dismissals`]: {
    need: writing('pull_requests'),
    answer: (call) => ok(asReview(call, dismissReview(call))),
  },
  [`GET ${repo}/commits/{commit_sha}/pulls`]: {
    need: reading('pull_requests'),
    answer: async (call) => listed(await pullsOfCommit(call), (issue) => simpleView(call, issue)),
  },
};

/** The head of a new pull request is looked up as that of every open one is. */
const opened = async (call: Call, issue: PullRequest): Promise<Fields> => {
  await refreshPulls(call.github, call.repository);
  return fullView(call, issue);
};
