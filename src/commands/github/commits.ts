/** What commits of main ask for, resolved today. */
import { load } from '../../desired/load.ts';
import type { Files } from '../../desired/load.ts';
import { understand } from '../../desired/understand.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import type { Desired } from '../../model/desired.ts';
import type { Git } from '../../model/git.ts';
import type { RuledTree, TreeAt } from '../../approve/files-changed.ts';
import { withTreeOf } from './trees.ts';

/** As many trees as a walk back along main looks at. */
const MOST_KEPT = 64;

/** What a commit holds never changes: who walks back a second time finds the newest ones read. */
export const filesAt = (() => {
  const kept = new Map<string, Promise<Files>>();
  return async (git: Git, commit: string): Promise<Files> => {
    const found = kept.get(commit) ?? withTreeOf(git, commit, load);
    kept.delete(commit);
    kept.set(commit, found);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return found.catch((thrown: unknown) => {
      kept.delete(commit);
      throw thrown;
    });
  };
})();

const ruled = new WeakMap<Desired, RuledTree>();

/** Reads one after the other. */
export const passingTreesOf =
  (git: Git, now: string): TreeAt =>
  async (commit) => {
    if (commit === '') return undefined;
    const { desired, declared } = understand(await filesAt(git, commit), { catalogue: loadCatalogue(), now });
    if (desired === undefined) return undefined;
    const tests = declared.tests.map(({ value }) => ({ name: value.test, words: value }));
    const tree = ruled.get(desired) ?? { desired, tests };
    ruled.set(desired, tree);
    return tree;
  };

/** Each is read once, and once for commits whose folders are the same. */
export const cachedTreesOf = (git: Git, now: string): TreeAt => {
  const read = passingTreesOf(git, now);
  const known = new Map<string, Promise<RuledTree | undefined>>();
  return async (commit) => {
    if (commit === '') return undefined;
    const id = await git.folderIds(commit);
    const tree = known.get(id) ?? read(commit);
    known.set(id, tree);
    return tree;
  };
};
