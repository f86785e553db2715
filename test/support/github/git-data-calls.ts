/** Trees and commits made without a checkout. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Call, Handlers } from './call.ts';
import { created, text, textOrNull, writing } from './call.ts';
import type { Fields, Json } from './contract.ts';
import { git, gitAs, log, shaOf, tryGit } from './git.ts';
import { Refusal } from './refusals.ts';

const execute = promisify(execFile);

type Entry = { readonly path: string; readonly mode: string; readonly sha: string | null };

const blobOf = async (dir: string, content: string): Promise<string> => {
  const child = execute('git', ['hash-object', '-w', '--stdin'], { cwd: dir });
  child.child.stdin?.end(content);
  return (await child).stdout.trim();
};

const entryOf = async (dir: string, json: Json): Promise<Entry> => {
  const one = json as Fields;
  const [path, mode] = [text(one['path']), text(one['mode'])];
  if (path.startsWith('/') || path.split('/').includes('..'))
    throw new Refusal(422, 'tree.path contains a malformed path component');
  const content = textOrNull(one['content']);
  return { path, mode, sha: content === null ? textOrNull(one['sha']) : await blobOf(dir, content) };
};

/** Git makes the tree in an index of its own. */
const treeOf = async (dir: string, base: string | undefined, entries: readonly Entry[]): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  const env = { ...process.env, GIT_DIR: dir, GIT_WORK_TREE: folder, GIT_INDEX_FILE: join(folder, 'index') };
  const inIndex = async (...words: readonly string[]): Promise<string> =>
    (await execute('git', [...words], { cwd: folder, env })).stdout.trim();
  try {
    await (base === undefined ? inIndex('read-tree', '--empty') : inIndex('read-tree', base));
    for (const { path, mode, sha } of entries)
      await (sha === null
        ? inIndex('update-index', '--force-remove', '--', path)
        : inIndex('update-index', '--add', '--cacheinfo', `${mode},${sha},${path}`));
    return await inIndex('write-tree');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const createTree = async (call: Call): Promise<Fields> => {
  const { dir } = call.repository;
  const base = textOrNull(call.body['base_tree']);
  const known = base === null ? undefined : await tryGit(dir, 'rev-parse', '--verify', '--quiet', `${base}^{tree}`);
  if (base !== null && known === undefined) throw new Refusal(422, 'base_tree is not a valid tree oid');
  const entries: Entry[] = [];
  for (const one of call.body['tree'] as readonly Json[]) entries.push(await entryOf(dir, one));
  const missing = entries.find(({ sha }) => sha === null);
  if (
    missing !== undefined &&
    (known === undefined || (await tryGit(dir, 'cat-file', '-e', `${known}:${missing.path}`)) === undefined)
  )
    throw new Refusal(422, 'GitRPC::BadObjectState');
  const sha = await treeOf(dir, known, entries);
  const listed = (await git(dir, 'ls-tree', '-z', sha)).split('\0').filter((line) => line !== '');
  const tree = listed.map((line) => {
    const [head = '', path = ''] = line.split('\t');
    const [mode = '', type = '', id = ''] = head.split(' ');
    return { path, mode, type, sha: id, url: `${call.github.url}/git/${type}s/${id}` };
  });
  return { sha, url: `${call.github.url}/git/trees/${sha}`, truncated: false, tree };
};

/** Without an author the commit is that of whoever calls. */
const createCommit = async (call: Call): Promise<Fields> => {
  const { dir } = call.repository;
  const parents = (call.body['parents'] as readonly string[] | undefined) ?? [];
  for (const parent of parents)
    if ((await shaOf(dir, parent)) === undefined)
      throw new Refusal(422, 'Parent SHA does not exist or is not a commit object');
  const { login } = call.actor.user;
  const author = { name: login, email: `${login}@users.noreply.github.example`, at: call.github.now() };
  const words = parents.flatMap((parent) => ['-p', parent]);
  const sha = await gitAs(
    author,
    dir,
  )(['commit-tree', text(call.body['tree']), ...words, '-m', text(call.body['message'])]);
  const [facts] = await log(dir, '-1', sha);
  const who = { name: author.name, email: author.email, date: author.at };
  return {
    sha,
    node_id: sha,
    url: `${call.github.url}/git/commits/${sha}`,
    html_url: `${call.github.url}/commit/${sha}`,
    author: who,
    committer: who,
    message: facts?.message ?? '',
    tree: { sha: facts?.tree ?? '', url: `${call.github.url}/git/trees/${facts?.tree ?? ''}` },
    parents: parents.map((parent) => ({ sha: parent, url: call.github.url, html_url: call.github.url })),
    verification: { verified: true, reason: 'valid', signature: null, payload: null, verified_at: null },
  };
};

const repo = '/repos/{owner}/{repo}';

export const gitDataCalls: Handlers = {
  [`POST ${repo}/git/trees`]: { need: writing('contents'), answer: async (call) => created(await createTree(call)) },
  [`POST ${repo}/git/commits`]: {
    need: writing('contents'),
    answer: async (call) => created(await createCommit(call)),
  },
};
