/** GitHub's REST API behind the port. */
import { adoptCalls } from './adopt-calls.ts';
import { personOf } from './answers.ts';
import { artifactCalls } from './artifact-calls.ts';
import { fieldsIn, numberIn, optionalStringIn, stringIn } from '../model/fields.ts';
import type { UnknownFields } from '../model/fields.ts';
import { connectionOf, httpStatusOf, neverReached } from './connection.ts';
import type { GitHubConnection, GitHubOptions } from './connection.ts';
import type {
  Authorship,
  CheckRun,
  Comment,
  CommitStatus,
  Deployment,
  DeploymentEnd,
  Descriptions,
  GitHub,
  Issue,
  IssueText,
  NewDeployment,
  GitHubUser,
  PullRequest,
  Review,
  ReviewState,
  TeamMembership,
} from '../model/github.ts';

/** GitHub: `GET /repos/{owner}/{repo}/pulls/{number}/commits` ends at 250. */
const MOST_COMMITS_LISTED = 250;
/** GitHub: `GET /repos/{owner}/{repo}/pulls/{number}/files` ends at 3000: https://docs.github.com/en/rest/pulls/pulls */
const MOST_FILES_LISTED = 3_000;

const environment = 'gatehouse';

const ghost: GitHubUser = { login: 'ghost', id: 0, bot: true };

const pullOf = (value: UnknownFields): PullRequest => {
  const [head, base] = [fieldsIn(value['head']), fieldsIn(value['base'])];
  return {
    number: numberIn(value['number']),
    author: personOf(value['user']) ?? ghost,
    baseBranch: stringIn(base['ref']),
    headSha: stringIn(head['sha']),
    headRepository: optionalStringIn(fieldsIn(head['repo'])['full_name']),
    mergedAt: optionalStringIn(value['merged_at']),
    mergeCommit: optionalStringIn(value['merge_commit_sha']),
  };
};

const reviewOf = (value: UnknownFields): Review => ({
  id: numberIn(value['id']),
  user: personOf(value['user']),
  state: stringIn(value['state']).toUpperCase() as ReviewState,
  commit: stringIn(value['commit_id']),
  submittedAt: stringIn(value['submitted_at']),
});

const commentOf = (value: UnknownFields): Comment => ({
  id: numberIn(value['id']),
  body: stringIn(value['body']),
  user: personOf(value['user']),
});

const issueOf = (value: UnknownFields): Issue => ({
  ...commentOf(value),
  number: numberIn(value['number']),
  title: stringIn(value['title']),
  state: value['state'] === 'closed' ? 'closed' : 'open',
});

const repository = '/repos/{owner}/{repo}';

/** Somebody chose another base, GitHub did when the branch that was the base was merged, or the base was rewritten. */
const baseEvents = new Set(['base_ref_changed', 'automatic_base_change_succeeded', 'base_ref_force_pushed']);

/** GitHub names the commit by which a push took a review back; whoever dismisses one by hand names none. */
const staleApprovalOf = ({ event, dismissed_review: review }: UnknownFields): readonly number[] => {
  const { state, review_id: id, dismissal_commit_id: commit } = fieldsIn(review);
  return event === 'review_dismissed' && state === 'approved' && optionalStringIn(commit) ? [numberIn(id)] : [];
};

const pullCalls = ({ call, list }: GitHubConnection) => ({
  branchHead: async (branch: string) => {
    const { data } = await call(`GET ${repository}/git/ref/{ref}`, { ref: `heads/${branch}` });
    return stringIn(fieldsIn(fieldsIn(data)['object'])['sha']);
  },
  defaultBranch: async () => stringIn(fieldsIn((await call(`GET ${repository}`)).data)['default_branch']),
  pull: async (number: number) =>
    pullOf(fieldsIn((await call(`GET ${repository}/pulls/{pull_number}`, { pull_number: number })).data)),
  pullFiles: async (number: number) => {
    const files = await list(`GET ${repository}/pulls/{pull_number}/files`, { pull_number: number });
    const names = files
      .flatMap((file) => [file['filename'], file['previous_filename']].filter((name) => name !== undefined))
      .map(stringIn);
    return files.length < MOST_FILES_LISTED ? names : [...names, '*'];
  },
  authorship: async (number: number): Promise<Authorship> => {
    const commits = await list(`GET ${repository}/pulls/{pull_number}/commits`, { pull_number: number });
    const people = commits.map((commit) => [personOf(commit['author']), personOf(commit['committer'])]);
    return {
      logins: [...new Set(people.flat().flatMap((person) => person?.login ?? []))],
      unattributed: commits.filter((_, index) => people[index]?.includes(undefined)).map(({ sha }) => String(sha)),
      isWhole: commits.length < MOST_COMMITS_LISTED,
    };
  },
  reviews: async (number: number) => {
    const found = await list(`GET ${repository}/pulls/{pull_number}/reviews`, { pull_number: number });
    return found.map(reviewOf);
  },
  staleApprovals: async (number: number) => {
    const events = await list(`GET ${repository}/issues/{issue_number}/timeline`, { issue_number: number });
    return events.flatMap(staleApprovalOf);
  },
  baseChanges: async (number: number) => {
    const events = await list(`GET ${repository}/issues/{issue_number}/timeline`, { issue_number: number });
    return events.filter(({ event }) => baseEvents.has(stringIn(event))).map((event) => stringIn(event['created_at']));
  },
  pullsOf: async (sha: string) =>
    (await list(`GET ${repository}/commits/{commit_sha}/pulls`, { commit_sha: sha })).map(pullOf),
});

const known = async <T>(ask: Promise<T>, missing: readonly number[]): Promise<T | undefined> => {
  try {
    return await ask;
  } catch (error) {
    if (missing.includes(httpStatusOf(error))) return undefined;
    throw error;
  }
};

/**
 * GitHub answers 404 both for a team that may not be read and for somebody who is not in it: the team itself is asked for
 * first. A job's GITHUB_TOKEN can never read teams.
 */
const teamMembership =
  ({ call }: GitHubConnection, organization: string) =>
  async (team: string, login: string): Promise<TeamMembership> => {
    const where = { org: organization, team_slug: team };
    const readable = await known(call('GET /orgs/{org}/teams/{team_slug}', where), [403, 404]);
    if (readable === undefined) return 'unreadable';
    const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
    const found = await known(call(route, { ...where, username: login }), [404]);
    return fieldsIn(found?.data)['state'] === 'active' ? 'member' : 'not-a-member';
  };

/** GitHub keeps logins that end in [bot] for its apps; this one writes what a job's GITHUB_TOKEN writes. */
const jobUser = 'github-actions[bot]';

/** Who writes with this token. `GET /user` knows no app; the viewer of GraphQL is a person or the bot of an app. */
const viewerOf = async ({ query }: GitHubConnection): Promise<GitHubUser> => {
  const { login, databaseId } = fieldsIn(fieldsIn(await query('{ viewer { login databaseId } }'))['viewer']);
  return { login: stringIn(login) || jobUser, id: numberIn(databaseId), bot: false };
};

const peopleCalls = (connection: GitHubConnection, organization: string) => {
  let own: Promise<GitHubUser> | undefined;
  return {
    canWrite: async (login: string) => {
      const route = `GET ${repository}/collaborators/{username}/permission`;
      const found = await known(connection.call(route, { username: login }), [404]);
      return ['admin', 'write'].includes(stringIn(fieldsIn(found?.data)['permission']));
    },
    teamMembership: teamMembership(connection, organization),
    isOwn: async (user: GitHubUser | undefined) => {
      if (user === undefined) return false;
      own ??= viewerOf(connection);
      const { id, login } = await own;
      return id > 0 ? user.id === id : user.bot && user.login === login;
    },
  };
};

/** A comment or an issue that is created twice would be there twice, so creating is not tried again. */
const once = { request: { retries: 0 } };

const textCalls = ({ call, list }: GitHubConnection) => ({
  comments: async (number: number) =>
    (await list(`GET ${repository}/issues/{issue_number}/comments`, { issue_number: number })).map(commentOf),
  createComment: async (number: number, body: string) => {
    const route = `POST ${repository}/issues/{issue_number}/comments`;
    return personOf(fieldsIn((await call(route, { issue_number: number, body, ...once })).data)['user']);
  },
  updateComment: async (id: number, body: string) => {
    await call(`PATCH ${repository}/issues/comments/{comment_id}`, { comment_id: id, body });
  },
  issues: async (label: string) =>
    (await list(`GET ${repository}/issues`, { labels: label, state: 'all' }))
      .filter((issue) => issue['pull_request'] === undefined)
      .map(issueOf),
  createIssue: async ({ title, body, labels }: IssueText) =>
    numberIn(fieldsIn((await call(`POST ${repository}/issues`, { title, body, labels, ...once })).data)['number']),
  updateIssue: async (number: number, { title, body, labels, state }: IssueText & { state: 'open' | 'closed' }) => {
    const reason = state === 'closed' ? { state_reason: 'completed' } : {};
    const parameters = { issue_number: number, title, body, labels, state, ...reason };
    await call(`PATCH ${repository}/issues/{issue_number}`, parameters);
  },
});

/** GitHub: "maximum of 50 annotations per API request" (REST reference, "Create a check run"). */
const MOST_ANNOTATIONS = 50;

const outputOf = ({ title, summary, annotations }: CheckRun, from: number) => ({
  title,
  summary,
  annotations: annotations.slice(from, from + MOST_ANNOTATIONS).map((one) => ({
    path: one.path,
    start_line: one.line,
    end_line: one.line,
    annotation_level: one.level,
    title: one.title,
    message: one.message,
  })),
});

const reportCalls = ({ call }: GitHubConnection) => ({
  createCheck: async (check: CheckRun) => {
    const { name, sha, conclusion, url } = check;
    const where = url === undefined ? {} : { details_url: url };
    const parameters = { name, head_sha: sha, status: 'completed', conclusion, output: outputOf(check, 0), ...where };
    return numberIn(fieldsIn((await call(`POST ${repository}/check-runs`, parameters)).data)['id']);
  },
  addAnnotations: async (id: number, check: CheckRun) => {
    for (let from = MOST_ANNOTATIONS; from < check.annotations.length; from += MOST_ANNOTATIONS)
      await call(`PATCH ${repository}/check-runs/{check_run_id}`, { check_run_id: id, output: outputOf(check, from) });
  },
  createStatus: async ({ sha, state, context, description, url }: CommitStatus) => {
    const where = url === undefined ? {} : { target_url: url };
    await call(`POST ${repository}/statuses/{sha}`, { sha, state, context, description, ...where });
  },
});

const parsedPayload = (payload: unknown): unknown => {
  if (typeof payload !== 'string') return payload;
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return undefined;
  }
};

/** What a job or this token wrote: whoever may write to the repository records deployments and statuses at will. */
const isOurs = async ({ creator }: UnknownFields, isOwn: GitHub['isOwn']): Promise<boolean> => {
  const person = personOf(creator);
  return (person?.bot === true && person.login === jobUser) || isOwn(person);
};

const oursAmong = async (
  found: readonly UnknownFields[],
  isOwn: GitHub['isOwn'],
): Promise<readonly UnknownFields[]> => {
  const ours: UnknownFields[] = [];
  for (const one of found) if (await isOurs(one, isOwn)) ours.push(one);
  return ours;
};

/** GitHub: "a limit of 1000 statuses per sha and context": https://docs.github.com/en/rest/commits/statuses */
const MOST_STATUSES = 1_000;

const statusCalls = ({ list }: GitHubConnection, isOwn: GitHub['isOwn']) => ({
  statusTexts: async (sha: string, context: string): Promise<Descriptions> => {
    const all = await list(`GET ${repository}/commits/{ref}/statuses`, { ref: sha });
    const found = all.filter((one) => one['context'] === context);
    const ours = await oursAmong(found, isOwn);
    return { texts: ours.map(({ description }) => stringIn(description)), isWhole: found.length < MOST_STATUSES };
  },
});

const deploymentCalls = ({ call, list }: GitHubConnection, isOwn: GitHub['isOwn']) => ({
  deployments: async () => {
    const route = `GET ${repository}/deployments`;
    const found = await list(route, { environment, task: 'apply' });
    return (await oursAmong(found, isOwn)).map(({ id, sha, payload, created_at }): Deployment => ({
      id: numberIn(id),
      sha: stringIn(sha),
      payload: parsedPayload(payload),
      createdAt: stringIn(created_at),
    }));
  },
  hasSucceeded: async ({ id }: Deployment) => {
    const statuses = await list(`GET ${repository}/deployments/{deployment_id}/statuses`, { deployment_id: id });
    return (await oursAmong(statuses, isOwn)).some(({ state }) => state === 'success');
  },
  createDeployment: async ({ sha, description, payload }: NewDeployment) => {
    const parameters = { ref: sha, task: 'apply', environment, description, payload };
    const free = { auto_merge: false, required_contexts: [], production_environment: true };
    const { data } = await call(`POST ${repository}/deployments`, { ...parameters, ...free });
    return numberIn(fieldsIn(data)['id']);
  },
  endDeployment: async ({ id, description, state, url }: DeploymentEnd) => {
    const where = url === undefined ? {} : { log_url: url };
    const route = `POST ${repository}/deployments/{deployment_id}/statuses`;
    await call(route, { deployment_id: id, state, description, auto_inactive: false, ...where });
  },
  workflowRun: async (id: number) => {
    const run = fieldsIn((await call(`GET ${repository}/actions/runs/{run_id}`, { run_id: id })).data);
    return {
      event: stringIn(run['event']),
      branch: stringIn(run['head_branch']),
      actor: personOf(run['actor'])?.login ?? '',
      triggeringActor: personOf(run['triggering_actor'])?.login ?? '',
    };
  },
});

const askCalls = ({ call }: GitHubConnection) => ({
  ask: async (path: string, parameters: Readonly<Record<string, string>> = {}) => {
    try {
      const { status, data } = await call(`GET ${path}`, parameters);
      return { status, data, message: '' };
    } catch (error) {
      const status = httpStatusOf(error);
      if (status === 0) throw error;
      const message = error instanceof Error ? error.message : '';
      return { status, data: undefined, message, isUnreached: neverReached(error) };
    }
  },
});

export const createGitHub = (options: GitHubOptions): GitHub => {
  const connection = connectionOf(options);
  const people = peopleCalls(connection, options.repository.split('/')[0] ?? '');
  return {
    repository: options.repository,
    ...pullCalls(connection),
    ...people,
    ...textCalls(connection),
    ...reportCalls(connection),
    ...statusCalls(connection, people.isOwn),
    ...deploymentCalls(connection, people.isOwn),
    ...artifactCalls(connection),
    ...askCalls(connection),
    ...adoptCalls(connection, options.repository.split('/')[0] ?? ''),
    calls: () => Object.fromEntries([...connection.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};
