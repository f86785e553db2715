/** What tools make and then run or read as their own, and what therefore no commit may bring along. */

/** Letters of another case, of another form or unseen are the same name to some file system. */
const folded = (path: string): string =>
  path
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();

/** Beside package.json, npm and our action look for these; below it node and the local AWS look for the others at any depth. */
const made = /^(dist|npm-shrinkwrap\.json)(\/|$)|(^|\/)(node_modules|\.gatehouse)(\/|$)/;

/** Paths of a tree that must not be in it. */
export const committedBuild = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => made.test(folded(path)));
