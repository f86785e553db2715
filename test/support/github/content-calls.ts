/** Files and refs of a repository, read and written through git. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Call, Handlers } from './call.ts';
import { created, nothing, ok, reading, text, textOrNull, writing } from './call.ts';
import type { Fields, Json } from './contract.ts';
import { blob, git, gitAs, isAncestor, log, shaOf, tryGit } from './git.ts';
import { notFound, Refusal } from './refusals.ts';
import { fullName } from './state.ts';
import { commitView } from './views.ts';

const linksOf = (call: Call, path: string): Fields => {
  const link = `${call.github.url}/${fullName(call.repository)}/blob/${path}`;
  return { _links: { git: link, html: link, self: link } };
};

type Entry = { readonly type: string; readonly sha: string; readonly path: string; readonly size: number };

const entriesOf = async (dir: string, sha: string, path: string): Promise<readonly Entry[]> => {
  const text = await git(dir, 'ls-tree', '-l', '-z', sha, ...(path === '' ? [] : ['--', path]));
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [head = '', name = ''] = line.split('\t');
      const [, type = '', blobSha = '', size = '0'] = head.split(/\s+/);
      return { type, sha: blobSha, path: name, size: Number(size) || 0 };
    });
};

const entryView = (call: Call, entry: Entry): Fields => ({
  type: entry.type === 'tree' ? 'dir' : 'file',
  name: entry.path.split('/').at(-1) ?? '',
  path: entry.path,
  sha: entry.sha,
  size: entry.size,
  download_url: call.github.url,
  git_url: call.github.url,
  html_url: call.github.url,
  url: `${call.github.url}/contents/${entry.path}`,
  ...linksOf(call, entry.path),
});

const contentOf = async (call: Call): Promise<Json> => {
  const { dir } = call.repository;
  const name = call.query['ref'] ?? 'main';
  const sha = (await shaOf(dir, `refs/heads/${name}`)) ?? (await shaOf(dir, name));
  if (sha === undefined) throw new Refusal(404, `No commit found for the ref ${name}`);
  const path = (call.path['path'] ?? '').replace(/\/$/, '');
  const [entry] = path === '' ? [{ type: 'tree', sha, path: '', size: 0 }] : await entriesOf(dir, sha, path);
  if (entry === undefined) throw notFound();
  if (entry.type === 'tree')
    return (await entriesOf(dir, sha, path === '' ? '' : `${path}/`)).map((one) => entryView(call, one));
  const bytes = (await blob(dir, entry.sha)) ?? Buffer.alloc(0);
  return { ...entryView(call, entry), encoding: 'base64', content: bytes.toString('base64') };
};

/** One commit that writes one file, on a branch that must still have the file as the caller saw it. */
const putContent = async (call: Call): Promise<Json> => {
  const { dir } = call.repository;
  const branch = textOrNull(call.body['branch']) ?? 'main';
  const path = call.path['path'] ?? '';
  const tip = await shaOf(dir, `refs/heads/${branch}`);
  if (tip === undefined) throw new Refusal(404, `Branch ${branch} not found`);
  const [before] = await entriesOf(dir, tip, path);
  const seen = textOrNull(call.body['sha']);
  if (before !== undefined && seen === null) throw new Refusal(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (seen !== null && seen !== before?.sha) throw new Refusal(409, `${path} does not match ${seen}`);
  const commit = await commitFile(call, { branch, path, tip });
  const [entry] = await entriesOf(dir, commit, path);
  const [facts] = await log(dir, '-1', commit);
  if (entry === undefined || facts === undefined) throw notFound();
  return { content: entryView(call, entry), commit: fileCommit(call, facts) };
};

const fileCommit = (call: Call, facts: Parameters<typeof commitView>[2]): Fields => {
  const { commit, ...rest } = commitView(call.github, call.repository, facts);
  return { ...rest, ...(commit as Fields) };
};

const commitFile = async (call: Call, at: { branch: string; path: string; tip: string }): Promise<string> => {
  const { dir } = call.repository;
  const tree = mkdtempSync(join(tmpdir(), 'contents-'));
  const { login } = call.actor.user;
  const author = { name: login, email: `${login}@users.noreply.github.example`, at: call.github.now() };
  try {
    await git(dir, 'worktree', 'add', '-q', '--detach', '--force', tree, at.tip);
    mkdirSync(dirname(join(tree, at.path)), { recursive: true });
    writeFileSync(join(tree, at.path), Buffer.from(text(call.body['content']), 'base64'));
    await git(tree, 'add', '--', at.path);
    await gitAs(author, tree)(['commit', '-q', '--allow-empty', '-m', text(call.body['message'])]);
    const commit = await git(tree, 'rev-parse', 'HEAD');
    await git(dir, 'update-ref', `refs/heads/${at.branch}`, commit, at.tip);
    return commit;
  } finally {
    await git(dir, 'worktree', 'remove', '--force', tree);
    rmSync(tree, { recursive: true, force: true });
  }
};

const refView = (call: Call, ref: string, sha: string): Fields => ({
  ref,
  url: `${call.github.url}/git/${ref}`,
  object: { type: 'commit', sha, url: `${call.github.url}/git/commits/${sha}` },
});

const getRef = async (call: Call): Promise<Fields> => {
  const ref = `refs/${call.path['ref'] ?? ''}`;
  const sha = await shaOf(call.repository.dir, ref);
  if (sha === undefined) throw notFound();
  return refView(call, ref, sha);
};

const createRef = async (call: Call): Promise<Fields> => {
  const ref = text(call.body['ref']);
  const { dir } = call.repository;
  if (!/^refs\/[^/]+\/.+/.test(ref))
    throw new Refusal(422, 'Reference name must start with "refs/" and have at least two slashes.');
  if ((await shaOf(dir, ref)) !== undefined) throw new Refusal(422, 'Reference already exists');
  const sha = await shaOf(dir, text(call.body['sha']));
  if (sha === undefined) throw new Refusal(422, 'Object does not exist');
  await git(dir, 'update-ref', ref, sha);
  return refView(call, ref, sha);
};

const updateRef = async (call: Call): Promise<Fields> => {
  const ref = `refs/${call.path['ref'] ?? ''}`;
  const { dir } = call.repository;
  const before = await shaOf(dir, ref);
  const sha = await shaOf(dir, text(call.body['sha']));
  if (before === undefined) throw new Refusal(422, 'Reference does not exist');
  if (sha === undefined) throw new Refusal(422, 'Object does not exist');
  if (call.body['force'] !== true && !(await isAncestor(dir, before, sha)))
    throw new Refusal(422, 'Update is not a fast forward');
  await git(dir, 'update-ref', ref, sha);
  return refView(call, ref, sha);
};

const deleteRef = async (call: Call): Promise<void> => {
  const ref = `refs/${call.path['ref'] ?? ''}`;
  if ((await tryGit(call.repository.dir, 'rev-parse', '--verify', '--quiet', ref)) === undefined)
    throw new Refusal(422, 'Reference does not exist');
  await git(call.repository.dir, 'update-ref', '-d', ref);
};

const repo = '/repos/{owner}/{repo}';

export const contentCalls: Handlers = {
  [`GET ${repo}/contents/{path}`]: { need: reading('contents'), answer: async (call) => ok(await contentOf(call)) },
  [`PUT ${repo}/contents/{path}`]: {
    need: writing('contents'),
    answer: async (call) => (call.body['sha'] === undefined ? created : ok)(await putContent(call)),
  },
  [`GET ${repo}/git/ref/{ref}`]: { need: reading('contents'), answer: async (call) => ok(await getRef(call)) },
  [`POST ${repo}/git/refs`]: { need: writing('contents'), answer: async (call) => created(await createRef(call)) },
  [`PATCH ${repo}/git/refs/{ref}`]: { need: writing('contents'), answer: async (call) => ok(await updateRef(call)) },
  [`DELETE ${repo}/git/refs/{ref}`]: {
    need: writing('contents'),
    answer: async (call) => {
      await deleteRef(call);
      return nothing;
    },
  },
};
