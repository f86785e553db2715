/** What a permission set would newly give and a guard rail takes back: said, because approvers ask. */
import { common, indicesIn, isEmptyBits, noBits, setBit, union, without } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import type { Blocked } from '../../model/plan.ts';
import type { Marks } from './marks.ts';

const givenBy = (roles: readonly ReachableActions[], size: number): Bits =>
  roles.reduce((bits, { own }) => union(bits, own.possible), noBits(size));

const reachedBy = (roles: readonly ReachableActions[], size: number): Bits =>
  roles.reduce((bits, { possible }) => union(bits, possible), noBits(size));

/** The names of the policies that deny an action, else the places that do not allow it. */
const standingIn = (role: ReachableActions, action: Bits): readonly string[] => {
  const denying = role.gates.flatMap(({ denials }) =>
    [...denials].filter(([, actions]) => !isEmptyBits(common(actions, action))).map(([policy]) => policy),
  );
  if (denying.length > 0) return denying;
  return role.gates.flatMap(({ place, allowed }) => (isEmptyBits(common(allowed.possible, action)) ? [place] : []));
};

/** Only sensitive actions; `by` names the guard rails, sorted. */
export const blockedIn = (
  { universe, sensitive }: Marks,
  before: readonly ReachableActions[],
  after: readonly ReachableActions[],
): readonly Blocked[] => {
  const { size } = universe;
  const come = after.filter((role) => !before.includes(role));
  const wanted = without(common(givenBy(come, size), sensitive), givenBy(before, size));
  const stopped = without(wanted, reachedBy(after, size));
  const byPolicy = new Map<string, string[]>();
  for (const at of indicesIn(stopped)) {
    const only = noBits(size);
    setBit(only, at);
    const by = [...new Set(come.flatMap((role) => standingIn(role, only)))].sort().join(', ');
    const action = universe.actions[at];
    if (action !== undefined) byPolicy.set(by, [...(byPolicy.get(by) ?? []), `${action.service}:${action.name}`]);
  }
  return [...byPolicy].map(([by, actions]) => ({ actions, by }));
};
