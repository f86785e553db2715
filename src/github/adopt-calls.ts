/** Branches, commits and pull requests of our own, by GitHub's REST API ("Git database", "Pulls"). */
import { personOf } from './answers.ts';
import type { GitHubCall } from './answers.ts';
import { fieldsIn, numberIn, rowsIn, stringIn } from '../model/fields.ts';
import type { UnknownFields } from '../model/fields.ts';
import type { BranchCommit, BranchPull, Branches, FileEdit, NewCommit } from '../model/github.ts';

type BranchConnection = {
  readonly call: GitHubCall;
  readonly list: (route: string, parameters?: UnknownFields) => Promise<readonly UnknownFields[]>;
};

const repository = '/repos/{owner}/{repo}';

const commitOf = (value: UnknownFields): BranchCommit => ({
  sha: stringIn(value['sha']),
  author: personOf(value['author']),
  committer: personOf(value['committer']),
  message: stringIn(fieldsIn(value['commit'])['message']),
});

const stateOf = (value: UnknownFields): BranchPull['state'] => {
  if (typeof value['merged_at'] === 'string') return 'merged';
  return value['state'] === 'open' ? 'open' : 'closed';
};

const pullOf = (value: UnknownFields): BranchPull => ({
  number: numberIn(value['number']),
  author: personOf(value['user']),
  title: stringIn(value['title']),
  body: stringIn(value['body']),
  state: stateOf(value),
});

/** An id of null takes a file out of the tree. */
const entryOf = ({ path, text: content }: FileEdit) => ({
  path,
  mode: '100644',
  type: 'blob',
  ...(content === undefined ? { sha: null } : { content }),
});

/** What is created twice would be there twice, so creating is not tried again. */
const once = { request: { retries: 0 } };

const commitCalls = ({ call }: BranchConnection) => ({
  commitsAhead: async (base: string, branch: string) => {
    const { data } = await call(`GET ${repository}/compare/{basehead}`, { basehead: `${base}...${branch}` });
    return rowsIn(fieldsIn(data)['commits']).map(commitOf);
  },
  commitFiles: async ({ parent, message, files }: NewCommit) => {
    const { data } = await call(`GET ${repository}/commits/{ref}`, { ref: parent });
    const base = stringIn(fieldsIn(fieldsIn(fieldsIn(data)['commit'])['tree'])['sha']);
    const made = await call(`POST ${repository}/git/trees`, { base_tree: base, tree: files.map(entryOf) });
    const tree = stringIn(fieldsIn(made.data)['sha']);
    const commit = await call(`POST ${repository}/git/commits`, { message, tree, parents: [parent] });
    return stringIn(fieldsIn(commit.data)['sha']);
  },
});

const branchCalls = ({ call }: BranchConnection) => ({
  branchTip: async (branch: string) => {
    try {
      const { data } = await call(`GET ${repository}/git/ref/{ref}`, { ref: `heads/${branch}` });
      return stringIn(fieldsIn(fieldsIn(data)['object'])['sha']);
    } catch (error) {
      if (numberIn(fieldsIn(error)['status']) === 404) return undefined;
      throw error;
    }
  },
  createBranch: async (branch: string, sha: string) => {
    await call(`POST ${repository}/git/refs`, { ref: `refs/heads/${branch}`, sha, ...once });
  },
  moveBranch: async (branch: string, sha: string) => {
    await call(`PATCH ${repository}/git/refs/{ref}`, { ref: `heads/${branch}`, sha, force: true });
  },
  deleteBranch: async (branch: string) => {
    await call(`DELETE ${repository}/git/refs/{ref}`, { ref: `heads/${branch}` });
  },
});

export const adoptCalls = (connection: BranchConnection, owner: string): Branches => ({
  ...commitCalls(connection),
  ...branchCalls(connection),
  pullsFrom: async (branch) =>
    (await connection.list(`GET ${repository}/pulls`, { head: `${owner}:${branch}`, state: 'all' })).map(pullOf),
  openBranches: async () =>
    (await connection.list(`GET ${repository}/pulls`, { state: 'open' })).flatMap((pull) => {
      const { label, ref } = fieldsIn(pull['head']);
      // A fork's branch has the fork's owner before its name.
      return stringIn(label) === `${owner}:${stringIn(ref)}` ? [stringIn(ref)] : [];
    }),
  createPull: async ({ branch, base, title, body }) => {
    const route = `POST ${repository}/pulls`;
    const { data } = await connection.call(route, { head: branch, base, title, body, ...once });
    return numberIn(fieldsIn(data)['number']);
  },
  updatePull: async (number, { title, body, state }) => {
    const route = `PATCH ${repository}/pulls/{pull_number}`;
    await connection.call(route, { pull_number: number, title, body, ...(state === undefined ? {} : { state }) });
  },
});
