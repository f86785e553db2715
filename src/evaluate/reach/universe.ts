/** All actions that policies can speak of: the catalogue's, and what a policy names beyond it. */

import type { PolicyDocument } from '../../model/policy.ts';
import { statements, listOf } from '../../model/policy.ts';
import type { IamAction, ActionPattern } from '../actions.ts';
import { parseAction, parseActionPattern } from '../actions.ts';
import type { ActionCatalogue, KnownAction } from '../action-catalogue.ts';
import { matches } from '../match.ts';
import type { Bits } from './bits.ts';
import { allBits, noBits, setBit } from './bits.ts';

export type Universe = {
  readonly actions: readonly KnownAction[];
  readonly size: number;
  readonly all: Bits;
  /** Patterns that stand for actions nobody knows: others may cut into them, so that nothing is certain about all of them. */
  readonly vague: Bits;
  /** The actions that any of the patterns matches; the caller does not change them. */
  readonly matching: (patterns: readonly string[]) => Bits;
  readonly where: (test: (action: KnownAction) => unknown) => Bits;
};

/** Stands for all actions that neither the catalogue nor any policy names; only a lone star covers them. */
const otherActions: KnownAction = { service: 'other', name: '*', level: 'Unknown' };

/**
 * A pattern that matches nothing in the catalogue (a service younger than it, a typing error) becomes an action of its
 * own, so that nothing which a policy newly allows goes unsaid.
 */
export function universeOf(catalogue: ActionCatalogue, documents: Iterable<PolicyDocument>): Universe {
  const index = indexOf(catalogue);
  const strange = new Set<string>();
  for (const pattern of patternsOf(documents))
    if (parseActionPattern(pattern) !== 'none' && find(index, pattern).length === 0) strange.add(pattern.toLowerCase());
  const id = JSON.stringify([...strange].sort());
  const found = index.universes.get(id) ?? universeWith(index, catalogue, strange);
  if (index.universes.size >= MOST_UNIVERSES) index.universes.clear();
  index.universes.set(id, found);
  return found;
}

/** Documents that name nothing strange share one, with all that was found in it; others are made by whoever writes policies. */
const MOST_UNIVERSES = 8;

function universeWith(index: ActionIndex, catalogue: ActionCatalogue, strange: ReadonlySet<string>): Universe {
  const others = [...strange].sort();
  const first = catalogue.actions.length + 1;
  const actions = [...catalogue.actions, otherActions, ...others.map(unknownAction)];
  const extra = makeIndex(others.map(unknownAction));
  return universeFrom(actions, (pattern) => {
    const more = find(extra, pattern);
    return more.length === 0 ? find(index, pattern) : [...find(index, pattern), ...more.map((at) => first + at)];
  });
}

function universeFrom(actions: readonly KnownAction[], found: (pattern: string) => readonly number[]): Universe {
  const size = actions.length;
  const indices = newest(MOST_PATTERNS, found);
  const all = allBits(size);
  const where: Universe['where'] = (test) => {
    const bits = noBits(size);
    actions.forEach((action, at) => {
      if (test(action)) setBit(bits, at);
    });
    return bits;
  };
  return {
    actions,
    size,
    all,
    vague: where((action) => action !== otherActions && /[*?]/.test(`${action.service}${action.name}`)),
    where,
    matching: (patterns) => {
      if (patterns.includes('*')) return all;
      const bits = noBits(size);
      for (const pattern of patterns) for (const at of indices(pattern)) setBit(bits, at);
      return bits;
    },
  };
}

function patternsOf(documents: Iterable<PolicyDocument>): ReadonlySet<string> {
  const patterns = new Set<string>();
  for (const document of documents)
    for (const { Action, NotAction } of statements(document))
      for (const pattern of [...listOf(Action), ...listOf(NotAction)]) patterns.add(pattern);
  return patterns;
}

function unknownAction(text: string): KnownAction {
  return { ...parseAction(text), level: 'Unknown' };
}

/** Lower-case actions of a service, each with its place in the catalogue. */
type Shelf = readonly { readonly action: IamAction; readonly at: number }[];
type ActionIndex = {
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly exact: ReadonlyMap<string, number>;
  /** By the strange patterns that they hold. */
  readonly universes: Map<string, Universe>;
  readonly found: (pattern: string) => readonly number[];
};

/** Policies are written by anybody, and a universe outlives their plan. */
const MOST_PATTERNS = 4_000;

function newest<T>(most: number, make: (asked: string) => T): (asked: string) => T {
  const known = new Map<string, T>();
  return (asked) => {
    const made = known.get(asked) ?? make(asked);
    if (known.size >= most) known.clear();
    known.set(asked, made);
    return made;
  };
}

const indices = new WeakMap<ActionCatalogue, ActionIndex>();

function indexOf(catalogue: ActionCatalogue): ActionIndex {
  const known = indices.get(catalogue) ?? makeIndex(catalogue.actions);
  indices.set(catalogue, known);
  return known;
}

function makeIndex(actions: readonly KnownAction[]): ActionIndex {
  const shelves = new Map<string, { action: IamAction; at: number }[]>();
  const exact = new Map<string, number>();
  actions.forEach(({ service, name }, at) => {
    const action = { service: service.toLowerCase(), name: name.toLowerCase() };
    exact.set(`${action.service}:${action.name}`, at);
    const shelf = shelves.get(action.service);
    if (shelf) shelf.push({ action, at });
    else shelves.set(action.service, [{ action, at }]);
  });
  const found = newest(MOST_PATTERNS, (text) => placesOf({ shelves, exact }, text));
  return { shelves, exact, universes: new Map(), found };
}

function find({ found }: ActionIndex, text: string): readonly number[] {
  return found(text);
}

function placesOf({ shelves, exact }: Pick<ActionIndex, 'shelves' | 'exact'>, text: string): readonly number[] {
  const pattern = parseActionPattern(text);
  if (pattern === 'every') return [...exact.values()];
  if (pattern === 'none') return [];
  const { service, name } = pattern;
  if (service.literal !== undefined && name.literal !== undefined) {
    const at = exact.get(`${service.literal}:${name.literal}`);
    return at === undefined ? [] : [at];
  }
  return shelvesFor(shelves, pattern).flatMap((shelf) =>
    shelf.flatMap(({ action, at }) => (matches(name, action.name) ? [at] : [])),
  );
}

function shelvesFor(shelves: ActionIndex['shelves'], pattern: Exclude<ActionPattern, string>): readonly Shelf[] {
  const { service } = pattern;
  if (service.literal !== undefined) return [shelves.get(service.literal) ?? []];
  return [...shelves].flatMap(([name, shelf]) => (matches(service, name) ? [shelf] : []));
}
