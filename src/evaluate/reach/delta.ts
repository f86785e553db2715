/** What somebody can do after and could not before, and the reverse. */

import type { Bits } from './bits.ts';
import { addBits, common, countBits, hasBit, isEmptyBits, noBits, union, without } from './bits.ts';
import type { ActionBounds, ReachLayer, ReachableActions, Scopes } from './reach.ts';

/**
 * `changed`: possible before and after, but not under the same statements. Every request that is allowed on one side
 * only has its action in one of the three: the law of no silent gain.
 */
export type Delta = {
  readonly gained: Bits;
  readonly lost: Bits;
  readonly changed: Bits;
  /** The part of `changed` in which nothing was opened: no request is allowed that was not before. */
  readonly narrowed: Bits;
  readonly before: ActionBounds;
  readonly after: ActionBounds;
};

export function isNoDelta({ gained, lost, changed }: Delta): boolean {
  return [gained, lost, changed].every(isEmptyBits);
}

/** Gained, or under conditions that are not only stricter. */
export function openedIn({ gained, changed, narrowed }: Pick<Delta, 'gained' | 'changed' | 'narrowed'>): Bits {
  return union(gained, without(changed, narrowed));
}

/** The same of one action, by its place. */
export function isOpenedIn({ gained, changed, narrowed }: Delta, at: number): boolean {
  return at >= 0 && (hasBit(gained, at) || (hasBit(changed, at) && !hasBit(narrowed, at)));
}

/** Of somebody who holds all these roles, each in turn, before and after. `size` is the universe's. */
export function deltaOf(before: readonly ReachableActions[], after: readonly ReachableActions[], size: number): Delta {
  const [old, next] = [boundsOfAny(before, size), boundsOfAny(after, size)];
  const { looser, tighter } = touchedBy(before, after, size);
  const both = common(common(union(looser, tighter), old.possible), next.possible);
  const changed = without(both, common(old.certain, next.certain));
  return {
    gained: without(next.possible, old.possible),
    lost: without(old.possible, next.possible),
    changed,
    narrowed: without(changed, looser),
    before: old,
    after: next,
  };
}

export function boundsOfAny(roles: readonly ReachableActions[], size: number): ActionBounds {
  const bounds = { certain: noBits(size), possible: noBits(size) };
  for (const role of roles) {
    addBits(bounds.certain, role.certain);
    addBits(bounds.possible, role.possible);
  }
  return bounds;
}

/** Actions about which something was opened, and about which something was closed; both, where one cannot tell. */
type TouchedActions = { readonly looser: Bits; readonly tighter: Bits };

function untouched(size: number): TouchedActions {
  return { looser: noBits(size), tighter: noBits(size) };
}

/** Adds to `touched`, which the caller has just made. */
function addTouched(touched: TouchedActions, other: TouchedActions): void {
  addBits(touched.looser, other.looser);
  addBits(touched.tighter, other.tighter);
}

/**
 * The actions about which some role of one side says something else than its counterpart on the other. Any pairing is
 * sound, and one without a counterpart counts with all it can; the closest pairs say least too much.
 */
function touchedBy(
  before: readonly ReachableActions[],
  after: readonly ReachableActions[],
  size: number,
): TouchedActions {
  const touched = untouched(size);
  const gone = before.filter((role) => !after.includes(role));
  const come = after.filter((role) => !before.includes(role));
  for (const role of come) {
    const pair = closest(role, gone, size);
    if (pair) {
      addTouched(touched, pair.touched);
      gone.splice(gone.indexOf(pair.role), 1);
    } else addBits(touched.looser, role.possible);
  }
  for (const role of gone) addBits(touched.tighter, role.possible);
  return touched;
}

type ClosestRole = { readonly role: ReachableActions; readonly touched: TouchedActions; readonly count: number };

function closest(role: ReachableActions, others: readonly ReachableActions[], size: number): ClosestRole | undefined {
  const pairs = others.map((other): ClosestRole => {
    const touched = betweenRoles(other, role, size);
    return { role: other, touched, count: countBits(union(touched.looser, touched.tighter)) };
  });
  return pairs.sort((one, other) => one.count - other.count)[0];
}

/** Denials count wherever they are; allowances count gate by gate. */
function betweenRoles(before: ReachableActions, after: ReachableActions, size: number): TouchedActions {
  const touched = untouched(size);
  for (const bound of ['certain', 'possible'] as const) {
    addBits(touched.looser, without(after[bound], before[bound]));
    addBits(touched.tighter, without(before[bound], after[bound]));
  }
  const denials = betweenScopes(denialsOf(before), denialsOf(after), size);
  addTouched(touched, { looser: denials.less, tighter: denials.more });
  for (const gate of before.gates) {
    const other = after.gates.find(({ place }) => place === gate.place);
    if (!other) addBits(touched.looser, conditional(gate));
    const allowances = betweenScopes(gate.allow, (other ?? gate).allow, size);
    addTouched(touched, { looser: allowances.more, tighter: allowances.less });
  }
  for (const gate of after.gates)
    if (!before.gates.some(({ place }) => place === gate.place)) addBits(touched.tighter, conditional(gate));
  return touched;
}

/** A gate more or less makes no difference to what it lets pass anyway; what it never lets pass shows in the bounds. */
function conditional({ allowed }: ReachLayer): Bits {
  return without(allowed.possible, allowed.certain);
}

function denialsOf({ gates }: ReachableActions): Scopes {
  const scopes = new Map<string, Bits>();
  for (const gate of gates)
    for (const [scope, actions] of gate.deny) {
      const known = scopes.get(scope);
      scopes.set(scope, known ? union(known, actions) : actions);
    }
  return scopes;
}

function betweenScopes(before: Scopes, after: Scopes, size: number): { readonly more: Bits; readonly less: Bits } {
  const between = { more: noBits(size), less: noBits(size) };
  const none = noBits(size);
  for (const scope of new Set([...before.keys(), ...after.keys()])) {
    const [old, next] = [before.get(scope) ?? none, after.get(scope) ?? none];
    addBits(between.more, without(next, old));
    addBits(between.less, without(old, next));
  }
  return between;
}
