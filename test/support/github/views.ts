/** The fake's records in the shapes of GitHub's answers; links and opaque ids are added by the contract. */
import type { CommitFacts } from './git.ts';
import type { Fields } from './contract.ts';
import type {
  App,
  Artifact,
  CheckRun,
  Comment,
  Deployment,
  DeploymentStatus,
  GitHub,
  Issue,
  Label,
  PullEvent,
  Repository,
  Review,
  Run,
  Status,
  User,
} from './state.ts';
import { fullName } from './state.ts';

export const userView = (user: User): Fields => ({
  login: user.login,
  id: user.id,
  type: user.type,
  site_admin: false,
  gravatar_id: '',
});

const appView = (github: GitHub, app: App): Fields => ({
  id: app.id,
  slug: app.slug,
  name: app.name,
  owner: userView({ login: 'github', id: 9919, type: 'Organization' }),
  created_at: github.now(),
  updated_at: github.now(),
  permissions: {},
  events: [],
});

export const repositoryView = (github: GitHub, repository: Repository): Fields => ({
  ...minimalView(repository),
  default_branch: 'main',
  visibility: repository.setup.visibility,
  ...Object.fromEntries(
    ['forks', 'forks_count', 'open_issues', 'open_issues_count', 'size', 'stargazers_count', 'watchers'].map((key) => [
      key,
      0,
    ]),
  ),
  watchers_count: 0,
  network_count: 0,
  subscribers_count: 0,
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_discussions: false,
  has_downloads: false,
  archived: false,
  disabled: false,
  pushed_at: github.now(),
  created_at: repository.createdAt,
  updated_at: repository.createdAt,
});

const minimalView = (repository: Repository): Fields => ({
  id: repository.id,
  name: repository.name,
  full_name: fullName(repository),
  owner: userView(repository.owner),
  private: repository.setup.visibility === 'private',
  fork: repository.parent !== undefined,
});

export const labelView = (label: Label): Fields => ({ ...label, default: false });

const labelNamed = (repository: Repository, name: string): Fields => {
  const known = repository.labels.find((label) => label.name === name);
  return labelView(known ?? { id: 1, name, color: 'ededed', description: '' });
};

export const labelsView = (repository: Repository, issue: Issue): readonly Fields[] =>
  issue.labels.map((name) => labelNamed(repository, name));

export const issueUrl = (github: GitHub, repository: Repository, issue: Issue): string =>
  `${github.url}/${fullName(repository)}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}`;

export const issueView = (github: GitHub, repository: Repository, issue: Issue): Fields => ({
  id: issue.id,
  number: issue.number,
  html_url: issueUrl(github, repository, issue),
  title: issue.title,
  body: issue.body,
  state: issue.state,
  state_reason: issue.stateReason,
  user: userView(issue.author),
  labels: labelsView(repository, issue),
  assignees: [],
  assignee: null,
  milestone: null,
  locked: issue.locked,
  comments: repository.comments.filter((comment) => comment.issue === issue.number).length,
  created_at: issue.createdAt,
  updated_at: issue.updatedAt,
  closed_at: issue.closedAt,
  author_association: 'NONE',
  ...(issue.app === undefined ? {} : { performed_via_github_app: appView(github, issue.app) }),
  ...(issue.pull === undefined
    ? {}
    : { pull_request: { url: null, html_url: issueUrl(github, repository, issue), diff_url: null, patch_url: null } }),
});

export const commentView = (github: GitHub, repository: Repository, comment: Comment): Fields => ({
  id: comment.id,
  html_url: `${github.url}/${fullName(repository)}/issues/${comment.issue}#issuecomment-${comment.id}`,
  body: comment.body,
  user: userView(comment.author),
  created_at: comment.createdAt,
  updated_at: comment.updatedAt,
  author_association: 'NONE',
  performed_via_github_app: comment.app === undefined ? null : appView(github, comment.app),
});

export const reviewView = (github: GitHub, place: string, review: Review): Fields => ({
  id: review.id,
  user: userView(review.user),
  body: review.body,
  state: review.state,
  html_url: `${github.url}/${place}#pullrequestreview-${review.id}`,
  pull_request_url: `${github.url}/${place}`,
  _links: { html: { href: `${github.url}/${place}` }, pull_request: { href: `${github.url}/${place}` } },
  submitted_at: review.submittedAt,
  commit_id: review.commit,
  author_association: 'NONE',
});

export const pullEventView = ({ id, event, actor, at, dismissed }: PullEvent): Fields => ({
  id,
  event,
  actor: userView(actor),
  commit_id: null,
  commit_url: null,
  created_at: at,
  performed_via_github_app: null,
  ...(dismissed === undefined
    ? {}
    : {
        dismissed_review: {
          review_id: dismissed.review,
          state: dismissed.state.toLowerCase(),
          dismissal_message: null,
          ...(dismissed.commit === null ? {} : { dismissal_commit_id: dismissed.commit }),
        },
      }),
});

export const checkView = (github: GitHub, repository: Repository, check: CheckRun): Fields => ({
  id: check.id,
  name: check.name,
  head_sha: check.headSha,
  html_url: `${github.url}/${fullName(repository)}/runs/${check.id}`,
  details_url: check.detailsUrl,
  external_id: check.externalId,
  status: check.status,
  conclusion: check.conclusion,
  started_at: check.startedAt,
  completed_at: check.completedAt,
  output: {
    ...check.output,
    annotations_count: check.annotations.length,
    annotations_url: `${github.url}/annotations`,
  },
  check_suite: { id: check.id },
  app: appView(github, check.app),
  pull_requests: [],
});

export const statusView = (status: Status): Fields => ({
  id: status.id,
  state: status.state,
  context: status.context,
  description: status.description,
  target_url: status.targetUrl,
  creator: userView(status.creator),
  avatar_url: null,
  created_at: status.at,
  updated_at: status.at,
});

export const deploymentView = (github: GitHub, deployment: Deployment): Fields => ({
  id: deployment.id,
  sha: deployment.sha,
  ref: deployment.ref,
  task: deployment.task,
  environment: deployment.environment,
  original_environment: deployment.environment,
  description: deployment.description,
  payload: deployment.payload,
  creator: userView(deployment.creator),
  ...(deployment.app === undefined ? {} : { performed_via_github_app: appView(github, deployment.app) }),
  created_at: deployment.at,
  updated_at: deployment.at,
});

export const deploymentStatusView = (status: DeploymentStatus): Fields => ({
  id: status.id,
  state: status.state,
  description: status.description,
  environment: status.environment,
  log_url: status.logUrl,
  target_url: status.logUrl,
  environment_url: '',
  creator: userView(status.creator),
  created_at: status.at,
  updated_at: status.at,
});

export const artifactView = (github: GitHub, repository: Repository, artifact: Artifact): Fields => ({
  id: artifact.id,
  name: artifact.name,
  size_in_bytes: artifact.zip.length,
  archive_download_url: `${github.url}/repos/${fullName(repository)}/actions/artifacts/${artifact.id}/zip`,
  expired: artifact.expired,
  digest: artifact.digest,
  created_at: artifact.at,
  updated_at: artifact.at,
  expires_at: null,
  workflow_run: {
    id: artifact.run,
    repository_id: repository.id,
    head_repository_id: repository.id,
    head_branch: runOf(repository, artifact.run)?.branch ?? 'main',
    head_sha: runOf(repository, artifact.run)?.sha ?? '',
  },
});

const runOf = (repository: Repository, id: number): Run | undefined => repository.runs.find((run) => run.id === id);

export const runView = (github: GitHub, repository: Repository, run: Run): Fields => ({
  id: run.id,
  name: run.workflow,
  path: `.github/workflows/${run.workflow}`,
  html_url: `${github.url}/${fullName(repository)}/actions/runs/${run.id}`,
  run_number: run.number,
  run_attempt: 1,
  display_title: run.workflow,
  event: run.event,
  status: run.status,
  conclusion: run.conclusion,
  workflow_id: 1,
  head_branch: run.branch,
  head_sha: run.sha,
  head_commit: null,
  pull_requests: [],
  actor: userView(run.actor),
  triggering_actor: userView(run.triggering),
  repository: minimalView(repository),
  head_repository:
    run.ofFork === true ? { ...minimalView(repository), id: repository.id + 1 } : minimalView(repository),
  created_at: run.at,
  updated_at: run.at,
  run_started_at: run.at,
});

/** A commit's e-mail names its user, as GitHub's own no-reply addresses do. */
const userOfEmail = (github: GitHub, email: string): Fields | null => {
  const user = github.users.get(email.replace(/@users\.noreply\..*$/, '').replace(/^\d+\+/, ''));
  return user === undefined ? null : userView(user);
};

export const commitView = (github: GitHub, repository: Repository, facts: CommitFacts): Fields => ({
  sha: facts.sha,
  html_url: `${github.url}/${fullName(repository)}/commit/${facts.sha}`,
  author: userOfEmail(github, facts.email),
  committer: userOfEmail(github, facts.committerEmail),
  parents: facts.parents.map((sha) => ({ sha, url: `${github.url}/commit/${sha}` })),
  commit: {
    message: facts.message,
    author: { name: facts.name, email: facts.email, date: facts.at },
    committer: { name: facts.committer, email: facts.committerEmail, date: facts.committedAt },
    tree: { sha: facts.tree, url: `${github.url}/tree/${facts.tree}` },
    url: `${github.url}/commit/${facts.sha}`,
    comment_count: 0,
  },
});
