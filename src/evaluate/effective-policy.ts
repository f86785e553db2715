/**
 * The settings that an account has through the policies of one type: what hangs on Root, on each OU above it and on itself,
 * merged by inheritance operators ("Inheritance operators" and "Inheritance examples",
 * https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html and inheritance-examples.html).
 *
 * Two things AWS does not say there are read so: a child control operator on an element binds what child policies do to that
 * very element and what they newly put below it, not to elements below it that are inherited (the strict opt-out of
 * orgs_manage_policies_ai-opt-out_syntax.html repeats it at each level); and a list that `@@remove` empties is gone, as in
 * example 3.
 */
import type { SettingsDocument, SettingsValue } from '../model/settings-document.ts';
import { isSettingsNode } from '../model/settings-document.ts';

/** `clashes`: settings to which two policies of one target assign different values; AWS takes that of the one attached first. */
export type EffectivePolicy = { readonly settings: SettingsDocument | undefined; readonly clashes: readonly string[] };

const CHILD_CONTROL = '@@operators_allowed_for_child_policies';
const valueOperators = ['@@assign', '@@append', '@@remove'] as const;
type ValueOperator = (typeof valueOperators)[number];

/** An element on the way down: what it is set to, and what child policies may do to it. */
type Element = {
  value: SettingsValue | undefined;
  readonly below: Map<string, Element>;
  /** Of the levels above the one that is merged. */
  allowed: ReadonlySet<string>;
  /** By the policies of the level that is merged. */
  narrowed: ReadonlySet<string>;
  assigned: string | undefined;
};

const everyOperator: ReadonlySet<string> = new Set(valueOperators);

const element = (allowed: ReadonlySet<string>): Element => ({
  value: undefined,
  below: new Map(),
  allowed,
  narrowed: everyOperator,
  assigned: undefined,
});

const listIn = (value: SettingsValue | undefined): readonly SettingsValue[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly SettingsValue[]) : [value];
};

const unique = (values: readonly SettingsValue[]): readonly SettingsValue[] =>
  values.filter((value, index) => values.indexOf(value) === index);

const meet = (one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...one].filter((operator) => other.has(operator)));

const controlIn = (value: SettingsValue): ReadonlySet<string> => {
  const named = listIn(value);
  if (named.includes('@@all')) return everyOperator;
  return new Set(named.filter((one): one is string => typeof one === 'string' && everyOperator.has(one)));
};

type Clashes = Set<string>;

/** One operator of one policy upon an element. */
const apply = (
  at: Element,
  operator: ValueOperator,
  given: { value: SettingsValue; path: string; clashes: Clashes },
) => {
  const { value, path, clashes } = given;
  if (operator === '@@append') at.value = unique([...listIn(at.value), ...listIn(value)]);
  if (operator === '@@remove' && at.value !== undefined) {
    const gone = listIn(value);
    const left = listIn(at.value).filter((one) => !gone.includes(one));
    at.value = left.length === 0 ? undefined : left;
  }
  if (operator !== '@@assign') return;
  const text = JSON.stringify(value);
  if (at.assigned === undefined) {
    at.value = value;
    at.assigned = text;
  } else if (at.assigned !== text) clashes.add(path);
};

/** The element of a name below another: the inherited one, or a new one that only some operators may make. */
const below = (at: Element, name: string): Element => {
  const known = at.below.get(name);
  if (known !== undefined) return known;
  const made = element(at.allowed);
  at.below.set(name, made);
  return made;
};

const merge = (
  at: Element,
  document: SettingsDocument,
  { path, clashes }: { path: string; clashes: Clashes },
): void => {
  for (const operator of valueOperators) {
    const value = document[operator];
    if (value !== undefined && at.allowed.has(operator)) apply(at, operator, { value, path, clashes });
  }
  for (const [name, inner] of Object.entries(document)) {
    if (name === CHILD_CONTROL) at.narrowed = meet(at.narrowed, controlIn(inner));
    if (name.startsWith('@@') || !isSettingsNode(inner)) continue;
    merge(below(at, name), inner, { path: path === '' ? name : `${path}.${name}`, clashes });
  }
};

/** The level is done: what its policies forbid holds for the next. */
const close = (at: Element): void => {
  at.allowed = meet(at.allowed, at.narrowed);
  at.narrowed = everyOperator;
  at.assigned = undefined;
  for (const inner of at.below.values()) close(inner);
};

const settingsIn = (at: Element): SettingsValue | undefined => {
  if (at.value !== undefined) return at.value;
  const entries = [...at.below].flatMap(([name, inner]) => {
    const value = settingsIn(inner);
    return value === undefined ? [] : [[name, value] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** `levels`: the documents on Root, on each OU downwards and on the account, those of one level in the order of attachment. */
export const effectivePolicy = (levels: readonly (readonly SettingsDocument[])[]): EffectivePolicy => {
  const top = element(everyOperator);
  const clashes: Clashes = new Set();
  for (const documents of levels) {
    for (const document of documents) merge(top, document, { path: '', clashes });
    close(top);
  }
  const settings = settingsIn(top);
  return { settings: isSettingsNode(settings) ? settings : undefined, clashes: [...clashes].sort() };
};
