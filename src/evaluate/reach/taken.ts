/** What the policies of one state take from somebody that those of another left: by which policy, and which actions. */

import type { Bits } from './bits.ts';
import { addBits, common, isEmptyBits, noBits, union, without } from './bits.ts';
import type { ReachLayer, ReachableActions, SpokenStatement } from './reach.ts';
import type { ReachTest } from './statements.ts';

/** `place`: where a request is no longer allowed; `policy`: the one that denies it. */
export type Taking = { readonly actions: Bits } & ({ readonly policy: string } | { readonly place: string });

/** `spares`: denials that do not count. */
type DenialComparison = {
  readonly before: ReachableActions;
  readonly after: ReachableActions;
  readonly size: number;
  readonly spares: (denial: SpokenStatement) => boolean;
};

/** A denial that says no more than one that was there, and an allowance that is as wide as before, take nothing. */
export function takingsBetween(compared: DenialComparison): readonly Taking[] {
  if (compared.before === compared.after) return [];
  return [...denied(compared), ...notAllowed(compared)].filter(({ actions }) => !isEmptyBits(actions));
}

function denialsOf({ gates }: ReachableActions): readonly SpokenStatement[] {
  return gates.flatMap(({ spoken }) => spoken).filter(({ statement }) => statement.effect === 'Deny');
}

function denied({ before, after, size, spares }: DenialComparison): readonly Taking[] {
  const old = denialsOf(before);
  return denialsOf(after)
    .filter((one) => !spares(one))
    .map((one) => {
      const known = noBits(size);
      for (const other of old) if (deniesAsMuch(other, one)) addBits(known, other.statement.actions);
      return {
        policy: one.statement.policy,
        actions: without(common(one.statement.actions, before.possible), known),
      };
    });
}

function notAllowed({ before, after, size }: DenialComparison): readonly Taking[] {
  return after.gates.map((gate) => {
    const own = before.gates.find(({ place }) => place === gate.place);
    const closed = own ? closedIn(own, gate, size) : without(before.possible, gate.allowed.certain);
    return { place: gate.place, actions: common(before.possible, closed) };
  });
}

function closedIn(before: ReachLayer, after: ReachLayer, size: number): Bits {
  let closed = noBits(size);
  for (const [scope, actions] of before.allow)
    closed = union(closed, without(without(actions, after.allow.get(scope) ?? noBits(size)), after.allowed.certain));
  return closed;
}

/** Whether every request that `other` denies is denied by `one`, as far as both speak of its action. */
function deniesAsMuch(one: SpokenStatement, other: SpokenStatement): boolean {
  const isMet = (test: ReachTest): boolean => other.open.some((narrower) => impliesTest(narrower, test));
  return coversResources(one, other) && one.open.every(isMet);
}

function coversResources({ statement: one }: SpokenStatement, { statement: other }: SpokenStatement): boolean {
  if (one.everyResource || one.resources.text === other.resources.text) return true;
  const [wide, narrow] = [one.patterns, other.patterns];
  if (wide === undefined || narrow === undefined || wide.negated !== narrow.negated) return false;
  return wide.negated ? includesAll(narrow.listed, wide.listed) : includesAll(wide.listed, narrow.listed);
}

const listing = /^(String|Arn|NotIp|Ip)[A-Za-z]*$/i;

/** A negated operator holds for fewer requests the more values it lists, any other for more. */
function impliesTest(narrow: ReachTest, wide: ReachTest): boolean {
  if (narrow.text === wide.text) return true;
  if (narrow.operator !== wide.operator || narrow.key !== wide.key || !listing.test(wide.operator)) return false;
  return /not/i.test(wide.operator) ? includesAll(narrow.values, wide.values) : includesAll(wide.values, narrow.values);
}

function includesAll(all: readonly string[], some: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}
