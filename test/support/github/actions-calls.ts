/** Workflow runs and what they left behind. */
import type { Call, Handlers } from './call.ts';
import { findBy, listed, nothing, ok, reading, text, writing } from './call.ts';
import type { Fields } from './contract.ts';
import { blob, shaOf } from './git.ts';
import { notFound, Refusal } from './refusals.ts';
import type { Run } from './state.ts';
import { fullName, newId } from './state.ts';
import { artifactView, runView } from './views.ts';

const runsOf = (call: Call): readonly Run[] => {
  const { branch, event, status, actor, head_sha: sha } = call.query;
  const workflow = call.path['workflow_id'];
  return call.repository.runs
    .filter(
      (run) =>
        (workflow === undefined || run.workflow === workflow) &&
        (branch === undefined || run.branch === branch) &&
        (event === undefined || run.event === event) &&
        (actor === undefined || run.actor.login === actor) &&
        (sha === undefined || run.sha === sha) &&
        (status === undefined || run.status === status || run.conclusion === status),
    )
    .reverse();
};

const dispatch = async (call: Call): Promise<void> => {
  const branch = text(call.body['ref']).replace(/^refs\/heads\//, '');
  const sha = await shaOf(call.repository.dir, `refs/heads/${branch}`);
  if (sha === undefined) throw new Refusal(422, `No ref found for: ${branch}`);
  const workflow = call.path['workflow_id'] ?? '';
  if ((await blob(call.repository.dir, `${sha}:.github/workflows/${workflow}`)) === undefined) throw notFound();
  const inputs = (call.body['inputs'] ?? {}) as Fields;
  const who = { actor: call.actor.user, triggering: call.actor.user };
  const number = call.repository.runs.length + 1;
  const run: Run = {
    id: newId(call.github),
    number,
    workflow,
    event: 'workflow_dispatch',
    branch,
    sha,
    ...who,
    inputs,
    at: call.github.now(),
    status: 'queued',
    conclusion: null,
  };
  call.repository.runs.push(run);
};

const artifactsOf = (call: Call) => {
  const { name } = call.query;
  const run = call.path['run_id'];
  return call.repository.artifacts
    .filter((one) => (name === undefined || one.name === name) && (run === undefined || String(one.run) === run))
    .reverse();
};

const download = (call: Call) => {
  const artifact = findBy(call.repository.artifacts, call.path['artifact_id']);
  if (artifact.expired) throw new Refusal(410, 'Artifact has expired');
  return {
    status: 302,
    headers: { location: `${call.github.url}/download/${fullName(call.repository)}/${artifact.id}` },
  };
};

const repo = '/repos/{owner}/{repo}';

const variableOf = (call: Call): Fields => {
  const name = call.path['name'] ?? '';
  const value = call.repository.setup.variables[name];
  if (value === undefined) throw notFound();
  const at = call.repository.createdAt;
  return { name, value, created_at: at, updated_at: at };
};

export const actionsCalls: Handlers = {
  [`GET ${repo}/actions/variables/{name}`]: {
    need: reading('variables', 'write'),
    answer: (call) => ok(variableOf(call)),
  },
  [`GET ${repo}/actions/runs`]: {
    need: reading('actions'),
    answer: (call) =>
      listed(runsOf(call), (run) => runView(call.github, call.repository, run), { key: 'workflow_runs' }),
  },
  [`GET ${repo}/actions/workflows/{workflow_id}/runs`]: {
    need: reading('actions'),
    answer: (call) =>
      listed(runsOf(call), (run) => runView(call.github, call.repository, run), { key: 'workflow_runs' }),
  },
  [`GET ${repo}/actions/runs/{run_id}`]: {
    need: reading('actions'),
    answer: (call) => ok(runView(call.github, call.repository, findBy(call.repository.runs, call.path['run_id']))),
  },
  [`POST ${repo}/actions/workflows/{workflow_id}/dispatches`]: {
    need: writing('actions'),
    answer: async (call) => {
      await dispatch(call);
      return nothing;
    },
  },
  [`GET ${repo}/actions/runs/{run_id}/artifacts`]: {
    need: reading('actions'),
    answer: (call) =>
      listed(artifactsOf(call), (one) => artifactView(call.github, call.repository, one), { key: 'artifacts' }),
  },
  [`GET ${repo}/actions/artifacts`]: {
    need: reading('actions'),
    answer: (call) =>
      listed(artifactsOf(call), (one) => artifactView(call.github, call.repository, one), { key: 'artifacts' }),
  },
  [`GET ${repo}/actions/artifacts/{artifact_id}`]: {
    need: reading('actions'),
    answer: (call) =>
      ok(artifactView(call.github, call.repository, findBy(call.repository.artifacts, call.path['artifact_id']))),
  },
  [`GET ${repo}/actions/artifacts/{artifact_id}/{archive_format}`]: { need: reading('actions'), answer: download },
};
