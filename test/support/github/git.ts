/** Git itself, on the bare repositories behind the fake; nothing of the developer's configuration is read. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const environment = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  HOME: '/nonexistent',
};

export type Author = { readonly name: string; readonly email: string; readonly at: string };

const authorship = (author: Author): NodeJS.ProcessEnv => ({
  GIT_AUTHOR_NAME: author.name,
  GIT_AUTHOR_EMAIL: author.email,
  GIT_AUTHOR_DATE: author.at,
  GIT_COMMITTER_NAME: author.name,
  GIT_COMMITTER_EMAIL: author.email,
  GIT_COMMITTER_DATE: author.at,
});

const anybody: Author = { name: 'Somebody', email: 'somebody@example.invalid', at: '2026-11-01T08:00:00Z' };

/** Runs git in a folder as somebody; resolves to what it printed, rejects when it fails. */
export const gitAs =
  (author: Author, dir: string) =>
  async (words: readonly string[]): Promise<string> => {
    const env = { ...environment, ...authorship(author) };
    const { stdout } = await execute('git', [...words], { cwd: dir, env, maxBuffer: 1 << 28 });
    return stdout.replace(/\n$/, '');
  };

export const git = (dir: string, ...words: readonly string[]): Promise<string> => gitAs(anybody, dir)(words);

/** The same, with undefined where git says no. */
export const tryGit = (dir: string, ...words: readonly string[]): Promise<string | undefined> =>
  git(dir, ...words).catch(() => undefined);

export const shaOf = (dir: string, name: string): Promise<string | undefined> =>
  tryGit(dir, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);

/** Bytes of a file at a commit, unchanged. */
export const blob = (dir: string, name: string): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const child = spawn('git', ['cat-file', 'blob', name], { cwd: dir, env: environment });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks) : undefined));
  });

export const isAncestor = async (dir: string, older: string, newer: string): Promise<boolean> =>
  (await tryGit(dir, 'merge-base', '--is-ancestor', older, newer)) !== undefined;

/** The tree of a merge, or undefined when it conflicts. */
export const mergedTree = async (dir: string, base: string, head: string): Promise<string | undefined> =>
  (await tryGit(dir, 'merge-tree', '--write-tree', '--no-messages', base, head))?.split('\n')[0];

export type CommitFacts = {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly name: string;
  readonly email: string;
  readonly at: string;
  readonly committer: string;
  readonly committerEmail: string;
  readonly committedAt: string;
  readonly message: string;
};

const factsOf = (text: string): CommitFacts => {
  const [sha = '', tree = '', parents = '', name = '', email = '', at = '', committer = '', ...rest] = text.split('\0');
  const [committerEmail = '', committedAt = '', message = ''] = rest;
  const parentList = parents === '' ? [] : parents.split(' ');
  const who = { name, email, at, committer, committerEmail, committedAt };
  return { sha, tree, parents: parentList, ...who, message: message.trimEnd() };
};

const format = '--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01';

/** Commits of `git log WORDS`, newest first. */
export const log = async (dir: string, ...words: readonly string[]): Promise<readonly CommitFacts[]> =>
  (await git(dir, 'log', format, ...words))
    .split('\x01')
    .map((text) => text.replace(/^\n/, ''))
    .filter((text) => text !== '')
    .map(factsOf);
