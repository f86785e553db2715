/** What one role can do and none of some others can: the measure of a moment between two states. */

import type { Bits } from './bits.ts';
import { addBits, isEmptyBits, noBits, union, without } from './bits.ts';
import type { ReachLayer, ReachableActions, Scopes } from './reach.ts';

/**
 * The actions for which no other role is at least as open, statement by statement. Sound: a request that the role allows
 * and that none of the others allows has its action in it. `size` is the universe's.
 */
export function beyond(role: ReachableActions, others: readonly ReachableActions[], size: number): Bits {
  let rest: Bits = role.possible;
  for (const other of others) {
    if (other === role) return noBits(size);
    if (isEmptyBits(rest)) return rest;
    rest = without(without(rest, other.certain), without(role.possible, narrower(role, other, size)));
  }
  return rest;
}

/** The actions for which `other` forbids something that the role does not forbid, or fails to allow what the role is allowed. */
function narrower(role: ReachableActions, other: ReachableActions, size: number): Bits {
  const bits = noBits(size);
  for (const gate of other.gates) {
    const own = role.gates.find(({ place }) => place === gate.place);
    addBits(bits, own ? notAllowed(own, gate, size) : without(role.possible, gate.allowed.certain));
  }
  const own = denialsOf(role);
  const always = own.get('') ?? noBits(size);
  for (const [scope, actions] of denialsOf(other))
    addBits(bits, without(without(actions, own.get(scope) ?? noBits(size)), always));
  return bits;
}

function notAllowed(own: ReachLayer, other: ReachLayer, size: number): Bits {
  const bits = noBits(size);
  for (const [scope, actions] of own.allow)
    addBits(bits, without(without(actions, other.allow.get(scope) ?? noBits(size)), other.allowed.certain));
  return bits;
}

const known = new WeakMap<ReachableActions, Scopes>();

/** Denials count wherever they are. */
function denialsOf(role: ReachableActions): Scopes {
  const made = known.get(role) ?? merged(role);
  known.set(role, made);
  return made;
}

function merged({ gates }: ReachableActions): Scopes {
  const scopes = new Map<string, Bits>();
  for (const gate of gates)
    for (const [scope, actions] of gate.deny) {
      const so = scopes.get(scope);
      scopes.set(scope, so ? union(so, actions) : actions);
    }
  return scopes;
}
