/** A commit on a branch of its own, made beside the work tree: nothing that lies there is touched. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { folders } from '../model/desired.ts';
import type { NewCommit } from '../model/github.ts';
import { safely } from './asking-git.ts';
import type { RunGit } from './asking-git.ts';

type GitAsked = { readonly input?: string; readonly env?: Readonly<Record<string, string>>; readonly asUser?: true };
type AskGit = (words: readonly string[], asked?: GitAsked) => Promise<string>;

const askerOf =
  (run: RunGit, dir: string): AskGit =>
  async (words, asked = {}) => {
    const { code, out, err } = await run([...safely, ...words], { dir, ...asked });
    if (code === 0) return out.trim();
    throw new Error(`git ${words[0] ?? ''} failed: ${err.trim().split('\n').at(-1) ?? ''}`);
  };

const NO_OBJECT = '0'.repeat(40);

/** One line of `update-index --index-info`. */
const indexLine = async (ask: AskGit, { path, text }: NewCommit['files'][number]): Promise<string> => {
  if (text === undefined) return `0 ${NO_OBJECT}\t${path}\0`;
  const id = await ask(['hash-object', '-w', '--stdin'], { input: text });
  return `100644 ${id}\t${path}\0`;
};

const treeWith = async (ask: AskGit, { parent, files }: NewCommit): Promise<string> => {
  const own = await ask(['rev-parse', '--path-format=absolute', '--git-dir']);
  const folder = await mkdtemp(join(own, 'gatehouse-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    await ask(['read-tree', parent], { env });
    const lines: string[] = [];
    for (const file of files) lines.push(await indexLine(ask, file));
    await ask(['update-index', '-z', '--index-info'], { env, input: lines.join('') });
    return await ask(['write-tree'], { env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export type BranchWriter = {
  /** Paths in the folders that are not as the commit has them. */
  readonly uncommitted: () => Promise<readonly string[]>;
  /** The name, or with a number that makes it free. */
  readonly freeBranch: (name: string) => Promise<string>;
  /** A new branch at a commit by whoever git says that the user is; its id. */
  readonly commitOn: (branch: string, commit: NewCommit) => Promise<string>;
};

export const branchWriter = (run: RunGit, dir: string): BranchWriter => {
  const ask = askerOf(run, dir);
  const isTaken = async (branch: string): Promise<boolean> =>
    (await run([...safely, 'show-ref', '--verify', '--quiet', `refs/heads/${branch}`], { dir })).code === 0;
  return {
    uncommitted: async () => {
      const out = await ask(['status', '--porcelain', '-z', '--no-renames', '--', ...folders]);
      return out
        .split('\0')
        .filter((line) => line !== '')
        .map((line) => line.replace(/^.{1,2} /, ''));
    },
    freeBranch: async (name) => {
      let [count, branch] = [1, name];
      while (await isTaken(branch)) branch = `${name}-${(count += 1)}`;
      return branch;
    },
    commitOn: async (branch, commit) => {
      const tree = await treeWith(ask, commit);
      const words = ['commit-tree', tree, '-p', commit.parent];
      const sha = await ask(words, { input: commit.message, asUser: true });
      await ask(['update-ref', `refs/heads/${branch}`, sha, NO_OBJECT]);
      return sha;
    },
  };
};
