/** Changes of the rules themselves: settings and access tests, which weigh more than what they rule. */
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
export type WrittenTest = { readonly name: string; readonly words: unknown };

/** Names of the tests of the base that the head does not have word for word. */
export const changedTests = (base: readonly WrittenTest[], head: readonly WrittenTest[]): ReadonlySet<string> => {
  const kept = new Map(head.map(({ name, words }) => [name, text(words)]));
  return new Set(base.filter(({ name, words }) => kept.get(name) !== text(words)).map(({ name }) => name));
};

const testsChanged = (base: readonly WrittenTest[], head: readonly WrittenTest[]): readonly string[] => {
  const names = new Set(head.map(({ name }) => name));
  return [...changedTests(base, head)].map(
    (name) => `access test "${name}" is ${names.has(name) ? 'changed' : 'removed'}`,
  );
};

export type RuledTree = { readonly desired: Desired; readonly tests: readonly WrittenTest[] };

/** One sentence for each; a test that is new takes nothing away and is none. */
export const ruleChanges = (base: RuledTree, head: RuledTree): readonly string[] => [
  ...settingsChanged(base.desired, head.desired),
  ...testsChanged(base.tests, head.tests),
];
