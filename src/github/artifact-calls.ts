/** Runs of workflows and what they kept. */
import { fieldsIn, numberIn, optionalStringIn, rowsIn, stringIn } from '../model/fields.ts';
import type { UnknownFields } from '../model/fields.ts';
import type { FinishedRun, RunArtifact } from '../model/github.ts';
import type { GitHubConnection } from './connection.ts';

const repository = '/repos/{owner}/{repo}';

const runOf = (run: UnknownFields): FinishedRun => ({
  id: numberIn(run['id']),
  event: stringIn(run['event']),
  branch: stringIn(run['head_branch']),
  conclusion: stringIn(run['conclusion']),
  // A fork's branch may have any name.
  isOwn:
    numberIn(fieldsIn(run['head_repository'])['id']) > 0 &&
    fieldsIn(run['head_repository'])['id'] === fieldsIn(run['repository'])['id'],
});

const artifactOf = (one: UnknownFields): RunArtifact => ({
  id: numberIn(one['id']),
  name: stringIn(one['name']),
  bytes: numberIn(one['size_in_bytes']),
  digest: optionalStringIn(one['digest']),
});

export const artifactCalls = ({ call }: GitHubConnection) => ({
  finishedRuns: async (workflow: string, branch: string): Promise<readonly FinishedRun[]> => {
    const route = `GET ${repository}/actions/workflows/{workflow_id}/runs`;
    const asked = { workflow_id: workflow, branch, status: 'completed', per_page: 100 };
    return rowsIn(fieldsIn((await call(route, asked)).data)['workflow_runs']).map(runOf);
  },
  runArtifacts: async (run: number): Promise<readonly RunArtifact[]> => {
    const route = `GET ${repository}/actions/runs/{run_id}/artifacts`;
    const { data } = await call(route, { run_id: run, per_page: 100 });
    return rowsIn(fieldsIn(data)['artifacts'])
      .filter(({ expired }) => expired !== true)
      .map(artifactOf)
      .sort((a, b) => b.id - a.id);
  },
  artifactZip: async (id: number): Promise<Uint8Array> => {
    const route = `GET ${repository}/actions/artifacts/{artifact_id}/{archive_format}`;
    const { data } = await call(route, { artifact_id: id, archive_format: 'zip' });
    if (!(data instanceof ArrayBuffer)) throw new Error('GitHub answered something that is no file');
    return new Uint8Array(data);
  },
});
