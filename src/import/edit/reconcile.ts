/** The fewest edits that make a value of a file another one: what is the same in both is not touched. */
import { ownValue } from '../../model/own-value.ts';
import { inserted, removed, replaced, valueAt, withKey } from './range.ts';
import type { Path } from '../../desired/yaml-file.ts';
import type { TextSpelling } from './range.ts';
import { block } from '../write/text.ts';
import type { Yaml } from '../write/text.ts';

type Plain = Readonly<Record<string, unknown>>;
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isMap = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

type RangeEdit = { readonly path: Path; readonly spelling: TextSpelling };
type ReconcileStep = RangeEdit & { readonly wanted: Yaml };

const put = (text: string, { path, wanted, spelling }: ReconcileStep): string =>
  replaced(text, path, { value: wanted, spelling });

/** Items of a list that have no counterpart go, from the end so that indexes hold; new ones are added at the end. */
const reconcileList = (
  text: string,
  step: ReconcileStep & { readonly wanted: readonly Yaml[] },
  found: readonly unknown[],
): string => {
  const { path, spelling, wanted } = step;
  const left = [...wanted];
  const gone: number[] = [];
  for (const [index, item] of found.entries()) {
    const at = left.findIndex((one) => same(one, item));
    if (at < 0) gone.push(index);
    else left.splice(at, 1);
  }
  // One for one: an edited item stays where it is.
  if (gone.length === left.length && gone.every((index) => isMap(found[index])))
    return gone.reduce(
      (next, index, at) => reconciled(next, { path: [...path, index], wanted: left[at] as Yaml, spelling }),
      text,
    );
  const added = left.reduce<string>(
    (next, value, at) => inserted(next, path, { index: found.length + at, value, spelling, lines: block(value) }),
    text,
  );
  return [...gone].reverse().reduce((next, index) => removed(next, [...path, index]), added);
};

const reconcileMap = (
  text: string,
  step: ReconcileStep & { readonly wanted: { readonly [key: string]: Yaml | undefined } },
  found: Plain,
): string => {
  const { path, spelling, wanted } = step;
  const entries = Object.entries(wanted).filter((pair): pair is [string, Yaml] => pair[1] !== undefined);
  const kept = entries.reduce((next, [key, value]) => {
    const inner = { path: [...path, key], spelling };
    return Object.hasOwn(found, key)
      ? reconciled(next, { ...inner, wanted: value })
      : withKey(next, path, { key, value, spelling });
  }, text);
  const gone = Object.keys(found).filter((key) => ownValue(wanted, key) === undefined);
  return gone.reduce((next, key) => removed(next, [...path, key]), kept);
};

const isYamlList = (value: Yaml): value is readonly Yaml[] => Array.isArray(value);
const isYamlMap = (value: Yaml): value is { readonly [key: string]: Yaml | undefined } =>
  typeof value === 'object' && !Array.isArray(value);

/** The text with exactly this value at the path, where there is a value already. */
export const reconciled = (text: string, step: ReconcileStep): string => {
  const found = valueAt(text, step.path);
  const { wanted } = step;
  if (same(found, wanted)) return text;
  if (isList(found) && isYamlList(wanted) && found.length > 0 && wanted.length > 0)
    return reconcileList(text, { ...step, wanted }, found);
  if (isMap(found) && isYamlMap(wanted) && Object.keys(found).length > 0 && Object.keys(wanted).length > 0)
    return reconcileMap(text, { ...step, wanted }, found);
  return put(text, step);
};

/** A key of the file itself: made, changed or taken away. `after` are the keys that stand before a new one. */
export const withField = (
  text: string,
  { key, value, after }: { readonly key: string; readonly value: Yaml | undefined; readonly after: readonly string[] },
  spelling: TextSpelling,
): string => {
  if (value === undefined) return removed(text, [key]);
  return valueAt(text, [key]) === undefined
    ? withKey(text, [], { key, value, after, spelling })
    : reconciled(text, { path: [key], wanted: value, spelling });
};
