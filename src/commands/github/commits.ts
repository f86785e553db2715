/** What commits of main ask for, resolved today. */
import { load } from '../../desired/load.ts';
import type { SourceFile } from '../../desired/load.ts';
import { understand } from '../../desired/understand.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import type { Git } from '../../model/git.ts';
import type { RuledTree, TreeAt } from '../../approve/files-changed.ts';
import { withTreeOf } from './trees.ts';

/** Reads one after the other; files that two commits have in common are parsed once. */
export const passingTreesOf = (git: Git, now: string): TreeAt => {
  const known = new Map<string, SourceFile>();
  const sameFile = (file: SourceFile): SourceFile => {
    const text = `${file.path}\0${file.text}`;
    const found = known.get(text) ?? file;
    known.set(text, found);
    return found;
  };
  return async (commit) => {
    if (commit === '') return undefined;
    const read = await withTreeOf(git, commit, load);
    const files = { ...read, files: read.files.map(sameFile) };
    const { desired, declared } = understand(files, { catalogue: loadCatalogue(), now });
    if (desired === undefined) return undefined;
    return { desired, tests: declared.tests.map(({ value }) => ({ name: value.test, words: value })) };
  };
};

/** Each is read once, and once for commits whose folders are the same. */
export const treesOf = (git: Git, now: string): TreeAt => {
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
