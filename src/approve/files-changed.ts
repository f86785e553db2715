/** Changes that weigh more than what they rule: of settings, of access tests, and of files that are not YAML for Gatehouse. */
import { listed } from '../desired/text.ts';
import { folders } from '../model/desired.ts';
import type { Desired } from '../model/desired.ts';

const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
const text = (value: unknown): string => JSON.stringify(value, sorted);

const settingsChanged = (base: Desired, head: Desired): readonly string[] => {
  const [before, after] = [Object.entries(base.settings), Object.entries(head.settings)];
  const keys = [...new Set([...before, ...after].map(([key]) => key))].sort();
  const values = [Object.fromEntries(before), Object.fromEntries(after)];
  return keys
    .filter((key) => text(values[0]?.[key]) !== text(values[1]?.[key]))
    .map((key) => `access/settings.yaml: ${key} is changed`);
};

/** An access test as it was written. */
export type ChangedTest = { readonly name: string; readonly words: unknown };

/** Names of the tests of the base that the head does not have word for word. */
export const changedTests = (base: readonly ChangedTest[], head: readonly ChangedTest[]): ReadonlySet<string> => {
  const kept = new Map(head.map(({ name, words }) => [name, text(words)]));
  return new Set(base.filter(({ name, words }) => kept.get(name) !== text(words)).map(({ name }) => name));
};

const testsChanged = (base: readonly ChangedTest[], head: readonly ChangedTest[]): readonly string[] => {
  const names = new Set(head.map(({ name }) => name));
  return [...changedTests(base, head)].map(
    (name) => `access test "${name}" is ${names.has(name) ? 'changed' : 'removed'}`,
  );
};

/** Exact names: `Access/` and `access` itself are none of the folders, whatever a file system makes of them. */
const isInFolders = (path: string): boolean => folders.some((folder) => path.startsWith(`${folder}/`));

/** What is read, what people read, and what git needs to keep a folder. */
const belongs = /\.(ya?ml|json|md)$|(^|\/)\.gitkeep$/;
const hidden = /(^|\/)\.(?!gitkeep$)[^/]*($|\/)/;

/** `.gitattributes` hides a file's difference from those who review it, and other tools read other names with a dot. */
const isReadByOthers = (path: string): boolean => isInFolders(path) && (!belongs.test(path) || hidden.test(path));

const sentence = (where: string, paths: readonly string[]): readonly string[] =>
  paths.length === 0 ? [] : [`${where}: ${listed([...paths].sort())}`];

/**
 * What runs with the credentials of the plan and of the apply is built from files outside the three folders. Which of them
 * decide and which do not is not told apart by a list of names: each list that was tried lacked one.
 */
const filesChanged = (paths: readonly string[]): readonly string[] => {
  const unique = [...new Set(paths)];
  return [
    ...sentence(
      `outside ${folders.map((folder) => `${folder}/`).join(', ')}`,
      unique.filter((path) => !isInFolders(path)),
    ),
    ...sentence('not read by Gatehouse, but by git or other tools', unique.filter(isReadByOthers)),
  ];
};

export type RuledTree = { readonly desired: Desired; readonly tests: readonly ChangedTest[] };

/** One sentence for each; a test that is new takes nothing away and is none. `paths`: all that differ, old names too. */
export const ruleChanges = (base: RuledTree, head: RuledTree, paths: readonly string[]): readonly string[] => [
  ...settingsChanged(base.desired, head.desired),
  ...testsChanged(base.tests, head.tests),
  ...filesChanged(paths),
];
/** Nothing for files that have errors today, or for no commit. */
export type TreeAt = (commit: string) => Promise<RuledTree | undefined>;
