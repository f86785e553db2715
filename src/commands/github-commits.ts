/** What commits of main ask for, resolved today. */
import { load } from '../desired/load.ts';
import { understand } from '../desired/understand.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import type { Git } from '../github/git.ts';
import type { RuledTree } from './github-files-changed.ts';
import { withTreeOf } from './github-trees.ts';

/** Nothing for files that have errors today, or for no commit. */
export type TreeAt = (commit: string) => Promise<RuledTree | undefined>;

const read = async (git: Git, commit: string, now: string): Promise<RuledTree | undefined> => {
  const files = await withTreeOf(git, commit, load);
  const { desired, declared } = understand(files, { catalogue: loadCatalogue(), now });
  if (desired === undefined) return undefined;
  return { desired, tests: declared.tests.map(({ value }) => ({ name: value.test, words: value })) };
};

/** Each is read once, and once for commits whose folders are the same. */
export const treesOf = (git: Git, now: string): TreeAt => {
  const known = new Map<string, Promise<RuledTree | undefined>>();
  return async (commit) => {
    if (commit === '') return undefined;
    const id = await git.folderIds(commit);
    const tree = known.get(id) ?? read(git, commit, now);
    known.set(id, tree);
    return tree;
  };
};
