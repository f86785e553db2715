/** What hangs on a commit: check runs, statuses, deployments. */
import type { Call, Handlers } from './call.ts';
import { created, findBy, listed, nothing, ok, reading, text, textOrNull, writing } from './call.ts';
import type { Fields } from './contract.ts';
import { git, log, shaOf } from './git.ts';
import { changedFiles } from './git-files.ts';
import { invalid, notFound, Refusal } from './refusals.ts';
import type { CheckRun, Deployment, DeploymentStatus, Status } from './state.ts';
import { newId } from './state.ts';
import { checkView, commitView, deploymentStatusView, deploymentView, repositoryView, statusView } from './views.ts';

/** Of a commit status and of a deployment status. */
const descriptionLimit = 140;

const shaNamed = async (call: Call, name: string): Promise<string> => {
  const sha = (await shaOf(call.repository.dir, `refs/heads/${name}`)) ?? (await shaOf(call.repository.dir, name));
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return sha;
};

const outputOf = (call: Call, before: CheckRun['output']): CheckRun['output'] => {
  const given = (call.body['output'] ?? {}) as Fields;
  return {
    title: textOrNull(given['title']) ?? before.title,
    summary: textOrNull(given['summary']) ?? before.summary,
    text: textOrNull(given['text']) ?? before.text,
  };
};

/** Annotations of later updates are appended; GitHub never takes one back. */
const annotate = (call: Call, check: CheckRun): void => {
  const { annotations = [] } = (call.body['output'] ?? {}) as { annotations?: readonly Fields[] };
  check.annotations.push(...annotations);
};

const conclude = (call: Call, check: CheckRun): void => {
  const conclusion = textOrNull(call.body['conclusion']);
  const status = textOrNull(call.body['status']);
  if (status === 'completed' && conclusion === null && check.conclusion === null)
    throw invalid({ resource: 'CheckRun', code: 'missing_field', field: 'conclusion' });
  check.conclusion = conclusion ?? check.conclusion;
  check.status = conclusion === null ? (status ?? check.status) : 'completed';
  check.completedAt =
    check.status === 'completed' ? (textOrNull(call.body['completed_at']) ?? call.github.now()) : null;
};

const createCheck = async (call: Call): Promise<CheckRun> => {
  const { app } = call.actor;
  if (app === undefined) throw new Refusal(403, 'You must authenticate via a GitHub App.');
  const headSha = await shaNamed(call, text(call.body['head_sha']));
  const check: CheckRun = {
    id: newId(call.github),
    headSha,
    app,
    name: text(call.body['name']),
    status: 'queued',
    conclusion: null,
    startedAt: textOrNull(call.body['started_at']) ?? call.github.now(),
    completedAt: null,
    detailsUrl: textOrNull(call.body['details_url']),
    externalId: text(call.body['external_id']),
    output: outputOf(call, { title: null, summary: null, text: null }),
    annotations: [],
  };
  conclude(call, check);
  annotate(call, check);
  call.repository.checks.push(check);
  return check;
};

const checkOf = (call: Call): CheckRun => findBy(call.repository.checks, call.path['check_run_id']);

/** A check run belongs to the app that made it. */
const updateCheck = (call: Call): CheckRun => {
  const check = checkOf(call);
  if (call.actor.app?.id !== check.app.id) throw new Refusal(403, 'Invalid app_id');
  check.name = textOrNull(call.body['name']) ?? check.name;
  check.detailsUrl = textOrNull(call.body['details_url']) ?? check.detailsUrl;
  check.output = outputOf(call, check.output);
  conclude(call, check);
  annotate(call, check);
  return check;
};

/** By default only the newest check run of each name. */
const checksOf = async (call: Call): Promise<readonly CheckRun[]> => {
  const sha = await shaNamed(call, call.path['ref'] ?? '');
  const { check_name: name, status, filter = 'latest', app_id: app } = call.query;
  const found = call.repository.checks.filter(
    (check) =>
      check.headSha === sha &&
      (name === undefined || check.name === name) &&
      (status === undefined || check.status === status) &&
      (app === undefined || String(check.app.id) === app),
  );
  const newest = new Map(found.map((check) => [`${check.app.id} ${check.name}`, check]));
  return filter === 'all' ? [...found].reverse() : [...newest.values()];
};

const annotationView = (annotation: Fields): Fields => ({
  start_column: null,
  end_column: null,
  title: null,
  raw_details: null,
  ...annotation,
  blob_href: 'https://github.example/blob',
});

const createStatus = async (call: Call): Promise<Status> => {
  const sha = await shaNamed(call, call.path['sha'] ?? '');
  const description = textOrNull(call.body['description']);
  if ((description?.length ?? 0) > descriptionLimit)
    throw invalid({
      resource: 'Status',
      code: 'custom',
      field: 'description',
      message: `description is too long (maximum is ${descriptionLimit} characters)`,
    });
  const what = { state: text(call.body['state']), context: text(call.body['context']) || 'default', description };
  const at = call.github.now();
  const status = {
    id: newId(call.github),
    sha,
    creator: call.actor.user,
    ...what,
    targetUrl: textOrNull(call.body['target_url']),
    at,
  };
  call.repository.statuses.push(status);
  return status;
};

const statusesOf = async (call: Call): Promise<readonly Status[]> => {
  const sha = await shaNamed(call, call.path['ref'] ?? '');
  return call.repository.statuses.filter((status) => status.sha === sha).reverse();
};

const combined = async (call: Call): Promise<Fields> => {
  const all = await statusesOf(call);
  const latest = [...new Map([...all].reverse().map((status) => [status.context, status])).values()];
  const has = (state: string): boolean => latest.some((status) => status.state === state);
  const failed = has('failure') || has('error');
  return {
    state: failed ? 'failure' : has('pending') || latest.length === 0 ? 'pending' : 'success',
    sha: await shaNamed(call, call.path['ref'] ?? ''),
    total_count: latest.length,
    statuses: latest.map((status) => ({ ...statusView(status), required: null })),
    repository: repositoryView(call.github, call.repository),
  };
};

const createDeployment = async (call: Call): Promise<Deployment> => {
  const ref = text(call.body['ref']);
  const sha = await shaNamed(call, ref);
  const contexts = call.body['required_contexts'];
  if (contexts === undefined || contexts === null) refuseRedStatuses(call, sha);
  const deployment = {
    id: newId(call.github),
    sha,
    ref,
    task: textOrNull(call.body['task']) ?? 'deploy',
    environment: textOrNull(call.body['environment']) ?? 'production',
    description: textOrNull(call.body['description']),
    payload: (call.body['payload'] ?? {}) as Fields | string,
    creator: call.actor.user,
    app: call.actor.app,
    at: call.github.now(),
    statuses: [],
  };
  call.repository.deployments.push(deployment);
  return deployment;
};

/** Without `required_contexts: []` GitHub refuses a deployment of a commit that has an unfinished or red check. */
const refuseRedStatuses = (call: Call, sha: string): void => {
  const red = call.repository.checks.filter((check) => check.headSha === sha && check.conclusion !== 'success');
  if (red.length > 0)
    throw new Refusal(
      409,
      `Conflict: Commit status checks failed for ${sha}.`,
      red.map((check) => ({ contexts: check.name })),
    );
};

const deploymentOf = (call: Call): Deployment => findBy(call.repository.deployments, call.path['deployment_id']);

const createDeploymentStatus = (call: Call): DeploymentStatus => {
  const deployment = deploymentOf(call);
  const description = text(call.body['description']);
  if (description.length > descriptionLimit)
    throw invalid({
      resource: 'DeploymentStatus',
      code: 'custom',
      field: 'description',
      message: `description is too long (maximum is ${descriptionLimit} characters)`,
    });
  const status = {
    id: newId(call.github),
    creator: call.actor.user,
    state: text(call.body['state']),
    description,
    environment: textOrNull(call.body['environment']) ?? deployment.environment,
    logUrl: textOrNull(call.body['log_url']) ?? text(call.body['target_url']),
    at: call.github.now(),
  };
  deployment.statuses.push(status);
  return status;
};

/** GitHub deletes the only one of a repository, or one that a status has made inactive. */
const deleteDeployment = (call: Call): void => {
  const deployment = deploymentOf(call);
  const all = call.repository.deployments;
  if (all.length > 1 && deployment.statuses.at(-1)?.state !== 'inactive')
    throw new Refusal(
      422,
      'We cannot delete an active deployment unless it is the only deployment in a given environment.',
    );
  all.splice(all.indexOf(deployment), 1);
};

const deploymentsOf = (call: Call): readonly Deployment[] => {
  const { sha, ref, task, environment } = call.query;
  return call.repository.deployments
    .filter(
      (one) =>
        (sha === undefined || one.sha === sha) &&
        (ref === undefined || one.ref === ref) &&
        (task === undefined || one.task === task) &&
        (environment === undefined || one.environment === environment),
    )
    .reverse();
};

const listCommits = async (call: Call) => {
  const { sha = 'main', path, since, until } = call.query;
  const range = [
    ...(since === undefined ? [] : [`--since=${since}`]),
    ...(until === undefined ? [] : [`--until=${until}`]),
    await shaNamed(call, sha),
    ...(path === undefined ? [] : ['--', path]),
  ];
  return log(call.repository.dir, ...range);
};

const oneCommit = async (call: Call): Promise<Fields> => {
  const sha = await shaNamed(call, call.path['ref'] ?? '');
  const [facts] = await log(call.repository.dir, '-1', sha);
  if (facts === undefined) throw notFound();
  const files = await changedFiles(call.repository.dir, facts.parents[0] ?? sha, sha);
  return { ...commitView(call.github, call.repository, facts), files };
};

const compare = async (call: Call): Promise<Fields> => {
  const [base = '', head = ''] = (call.path['basehead'] ?? '').split('...');
  const { dir } = call.repository;
  const ends = { base: await shaNamed(call, base), head: await shaNamed(call, head) };
  const ahead = await log(dir, '--reverse', `${ends.base}..${ends.head}`);
  const behind = await log(dir, `${ends.head}..${ends.base}`);
  const mergeBase = (await log(dir, '-1', ...(await mergeBaseOf(dir, ends))))[0];
  const baseFacts = (await log(dir, '-1', ends.base))[0];
  if (mergeBase === undefined || baseFacts === undefined) throw notFound();
  const view = (facts: typeof baseFacts): Fields => commitView(call.github, call.repository, facts);
  const files = await changedFiles(dir, ends.base, ends.head);
  return {
    base_commit: view(baseFacts),
    merge_base_commit: view(mergeBase),
    status:
      ahead.length === 0 ? (behind.length === 0 ? 'identical' : 'behind') : behind.length === 0 ? 'ahead' : 'diverged',
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: ahead.map(view),
    files,
  };
};

const mergeBaseOf = async (
  dir: string,
  ends: { readonly base: string; readonly head: string },
): Promise<readonly string[]> => {
  return [await git(dir, 'merge-base', ends.base, ends.head)];
};

const repo = '/repos/{owner}/{repo}';
const check = `${repo}/check-runs/{check_run_id}`;
const asCheck = (call: Call, run: CheckRun): Fields => checkView(call.github, call.repository, run);

export const commitCalls: Handlers = {
  [`POST ${repo}/check-runs`]: {
    need: writing('checks', 'app'),
    answer: async (call) => created(asCheck(call, await createCheck(call))),
  },
  [`GET ${check}`]: { need: reading('checks'), answer: (call) => ok(asCheck(call, checkOf(call))) },
  [`PATCH ${check}`]: { need: writing('checks', 'app'), answer: (call) => ok(asCheck(call, updateCheck(call))) },
  [`GET ${check}/annotations`]: {
    need: reading('checks'),
    answer: (call) => listed(checkOf(call).annotations, annotationView),
  },
  [`GET ${repo}/commits/{ref}/check-runs`]: {
    need: reading('checks'),
    answer: async (call) => listed(await checksOf(call), (run) => asCheck(call, run), { key: 'check_runs' }),
  },
  [`POST ${repo}/statuses/{sha}`]: {
    need: writing('statuses'),
    answer: async (call) => created(statusView(await createStatus(call))),
  },
  [`GET ${repo}/commits/{ref}/statuses`]: {
    need: reading('statuses'),
    answer: async (call) => listed(await statusesOf(call), statusView),
  },
  [`GET ${repo}/commits/{ref}/status`]: { need: reading('statuses'), answer: async (call) => ok(await combined(call)) },
  [`GET ${repo}/deployments`]: {
    need: reading('deployments'),
    answer: (call) => listed(deploymentsOf(call), (one) => deploymentView(call.github, one)),
  },
  [`POST ${repo}/deployments`]: {
    need: writing('deployments'),
    answer: async (call) => created(deploymentView(call.github, await createDeployment(call))),
  },
  [`GET ${repo}/deployments/{deployment_id}`]: {
    need: reading('deployments'),
    answer: (call) => ok(deploymentView(call.github, deploymentOf(call))),
  },
  [`DELETE ${repo}/deployments/{deployment_id}`]: {
    need: writing('deployments'),
    answer: (call) => {
      deleteDeployment(call);
      return nothing;
    },
  },
  [`GET ${repo}/deployments/{deployment_id}/statuses`]: {
    need: reading('deployments'),
    answer: (call) => listed([...deploymentOf(call).statuses].reverse(), deploymentStatusView),
  },
  [`POST ${repo}/deployments/{deployment_id}/statuses`]: {
    need: writing('deployments'),
    answer: (call) => created(deploymentStatusView(createDeploymentStatus(call))),
  },
  [`GET ${repo}/commits`]: {
    need: reading('contents'),
    answer: async (call) => listed(await listCommits(call), (facts) => commitView(call.github, call.repository, facts)),
  },
  [`GET ${repo}/commits/{ref}`]: { need: reading('contents'), answer: async (call) => ok(await oneCommit(call)) },
  [`GET ${repo}/compare/{basehead}`]: { need: reading('contents'), answer: async (call) => ok(await compare(call)) },
};
