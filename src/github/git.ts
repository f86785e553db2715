/** Git, asked as a child process; nothing of a tree that it holds is ever executed. */
import { lines, must, safely } from './asking-git.ts';
import { folders } from '../model/desired.ts';
import type { RunGit, GitRunner } from './asking-git.ts';
import { exportTree } from './export-tree.ts';
import { historyFrom, textsByIdFrom } from './git-history.ts';
import type { Git } from '../model/git.ts';

const commitOf = async (run: GitRunner, name: string): Promise<string | undefined> => {
  const { code, out } = await run('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  return code === 0 ? out.trim() : undefined;
};

const split = (text: string): readonly string[] => text.split('\0').filter((path) => path !== '');

const looking = (run: GitRunner) => ({
  commit: (name: string) => commitOf(run, name),
  touching: async (head: string, most: number) =>
    lines(await must(run, 'rev-list', '--first-parent', `--max-count=${most}`, head, '--', ...folders)),
  line: async (head: string, most: number) =>
    lines(await must(run, 'rev-list', '--first-parent', `--max-count=${most}`, head)),
  folderIds: async (treeish: string) => {
    const out = await must(run, 'ls-tree', '--full-tree', treeish, '--', ...folders);
    return [...lines(out)].sort().join('\n');
  },
  changedPaths: async (from: string, to: string) =>
    split(await must(run, 'diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to)),
  paths: async (treeish?: string) => {
    if (treeish === undefined) return split(await must(run, 'ls-files', '-z'));
    return split(await must(run, 'ls-tree', '-r', '-z', '--name-only', '--full-tree', treeish));
  },
  isShallow: async () => (await must(run, 'rev-parse', '--is-shallow-repository')).trim() === 'true',
});

/** From inside the git folder there is no work tree, so that no `.gitattributes` says how to merge (`merge=union`). */
const mergedIn =
  (run: RunGit, dir: string) =>
  async (base: string, head: string): Promise<string | undefined> => {
    const here: GitRunner = (...words) => run([...safely, ...words], { dir });
    const store = (await must(here, 'rev-parse', '--path-format=absolute', '--git-common-dir')).trim();
    const words = ['merge-tree', '--write-tree', '--no-messages', base, head];
    const { code, out, err } = await run([...safely, ...words], { dir: store });
    if (code === 0) return out.trim();
    if (code === 1) return undefined;
    throw new Error(`git merge-tree failed: ${(lines(err)[0] ?? '').slice(0, 300)}`);
  };

/** `remoteEnv`: what fetching needs to be let in. */
export const openGit = (run: RunGit, dir: string, remoteEnv: Readonly<Record<string, string>> = {}): Git => {
  const here: GitRunner = (...words) => run([...safely, ...words], { dir });
  const read = (ids: string) => run([...safely, 'cat-file', '--batch'], { dir, input: ids });
  const fetch = async (what: string): Promise<boolean> => {
    const words = ['fetch', '--quiet', '--no-tags', 'origin', what];
    return (await run([...safely, ...words], { dir, env: remoteEnv, asUser: true })).code === 0;
  };
  return {
    ...looking(here),
    merged: mergedIn(run, dir),
    exportTo: exportTree(here, read),
    history: historyFrom(here),
    texts: textsByIdFrom(read),
    fetchPull: (number) => fetch(`refs/pull/${number}/head`),
    fetchCommit: async (sha) => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha) && fetch(sha),
  };
};
