/** Git, asked as a child process; nothing of a tree that it holds is ever executed. */

export type Ran = { readonly code: number; readonly out: string; readonly err: string };
/** Runs git in a folder; resolves whatever its exit code. Never throws but when there is no git. */
export type RunGit = (
  words: readonly string[],
  where: { readonly dir: string; readonly env?: Readonly<Record<string, string>> },
) => Promise<Ran>;

export type Git = {
  /** The commit a name stands for, or nothing when it is not here. */
  readonly commit: (name: string) => Promise<string | undefined>;
  /** First-parent commits that touch the folders, newest first, from `head` back. */
  readonly touching: (head: string, most: number) => Promise<readonly string[]>;
  /** First-parent commits from `head` back, newest first. */
  readonly line: (head: string, most: number) => Promise<readonly string[]>;
  /** Object ids of the three folders of a commit or tree, '' for one that is not there. */
  readonly folderIds: (treeish: string) => Promise<string>;
  /** The tree of a merge that git makes of two commits; nothing when they conflict. */
  readonly merged: (base: string, head: string) => Promise<string | undefined>;
  /** Every path that differs, old names too. */
  readonly changedPaths: (from: string, to: string) => Promise<readonly string[]>;
  readonly isShallow: () => Promise<boolean>;
  /** Brings the final head of a pull request here; whether it could. */
  readonly fetchPull: (number: number) => Promise<boolean>;
  /** Writes the three folders of a commit or tree into an empty folder. */
  readonly exportTo: (treeish: string, target: string) => Promise<void>;
};

const folders = ['access', 'permission-sets', 'scps'] as const;

/** Neither hooks nor helpers of the repository's own configuration run. */
const safely: readonly string[] = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

type Runner = (...words: readonly string[]) => Promise<Ran>;

const must = async (run: Runner, ...words: readonly string[]): Promise<string> => {
  const { code, out, err } = await run(...words);
  if (code !== 0) throw new Error(`git ${words[0] ?? ''} failed: ${(lines(err)[0] ?? `exit ${code}`).slice(0, 300)}`);
  return out;
};

const commitOf = async (run: Runner, name: string): Promise<string | undefined> => {
  const { code, out } = await run('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  return code === 0 ? out.trim() : undefined;
};

const looking = (run: Runner) => ({
  commit: (name: string) => commitOf(run, name),
  touching: async (head: string, most: number) =>
    lines(await must(run, 'rev-list', '--first-parent', `--max-count=${most}`, head, '--', ...folders)),
  line: async (head: string, most: number) =>
    lines(await must(run, 'rev-list', '--first-parent', `--max-count=${most}`, head)),
  folderIds: async (treeish: string) => {
    const out = await must(run, 'ls-tree', '--full-tree', treeish, '--', ...folders);
    return [...lines(out)].sort().join('\n');
  },
  merged: async (base: string, head: string) => {
    const { code, out, err } = await run('merge-tree', '--write-tree', '--no-messages', base, head);
    if (code === 0) return out.trim();
    if (code === 1) return undefined;
    throw new Error(`git merge-tree failed: ${(lines(err)[0] ?? '').slice(0, 300)}`);
  },
  changedPaths: async (from: string, to: string) =>
    (await must(run, 'diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to))
      .split('\0')
      .filter((path) => path !== ''),
  isShallow: async () => (await must(run, 'rev-parse', '--is-shallow-repository')).trim() === 'true',
});

/**
 * An index of the folders alone is checked out under the target: `git archive` would obey `export-ignore` of the tree and
 * leave out what somebody wants unseen.
 */
const exportTo =
  (run: RunGit, dir: string) =>
  async (treeish: string, target: string): Promise<void> => {
    const env = { GIT_INDEX_FILE: `${target}/.index` };
    const inTarget: Runner = (...words) => run([...safely, ...words], { dir, env });
    for (const folder of folders) {
      const found = await inTarget('rev-parse', '--verify', '--quiet', `${treeish}:${folder}`);
      if (found.code === 0) await must(inTarget, 'read-tree', `--prefix=${folder}/`, found.out.trim());
    }
    await must(inTarget, 'checkout-index', '--all', '--force', `--prefix=${target}/`);
  };

/** `remoteEnv`: what fetching needs to be let in. */
export const openGit = (run: RunGit, dir: string, remoteEnv: Readonly<Record<string, string>> = {}): Git => {
  const here: Runner = (...words) => run([...safely, ...words], { dir });
  return {
    ...looking(here),
    exportTo: exportTo(run, dir),
    fetchPull: async (number) => {
      const words = ['fetch', '--quiet', '--no-tags', 'origin', `refs/pull/${number}/head`];
      return (await run([...safely, ...words], { dir, env: remoteEnv })).code === 0;
    },
  };
};
