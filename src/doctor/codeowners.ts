/** CODEOWNERS, read as GitHub reads it: the last pattern that matches decides, and one without owners frees. */

export type OwnerRule = { readonly pattern: string; readonly owners: readonly string[] };

const words = (line: string): readonly string[] =>
  line
    .replace(/(^|\s)#.*$/, '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');

/** https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
export const ownersIn = (text: string): readonly OwnerRule[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const [pattern, ...owners] = words(line);
    return pattern === undefined ? [] : [{ pattern, owners }];
  });

export const unownedPatterns = (rules: readonly OwnerRule[]): readonly string[] =>
  rules.filter(({ owners }) => owners.length === 0).map(({ pattern }) => pattern);

/** Who is given what: ordinary changes, whose approvals are counted by their risk. */
const mayBeFree = /^\/access\/(groups|users)\/./;

export const ownsEverything = ([first]: readonly OwnerRule[]): boolean =>
  first !== undefined && first.pattern === '*' && first.owners.length > 0;

/** Patterns that take away the owner of more than that. */
export const tooFree = (rules: readonly OwnerRule[]): readonly string[] =>
  unownedPatterns(rules).filter((pattern) => !mayBeFree.test(pattern) || pattern.includes('..'));
