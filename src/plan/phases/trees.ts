/** The state before a plan and after it, with the guard rails of both. */
import type { State } from '../../model/resource.ts';
import { usesIn } from '../diff/customer-policies.ts';
import type { PolicyUses } from '../diff/customer-policies.ts';
import type { ResourceDifference } from '../diff/difference.ts';
import { railsByPath } from './moves.ts';
import type { RailsByPath } from './moves.ts';

export type PlanTrees = {
  readonly current: State;
  readonly final: State;
  readonly currentRails: RailsByPath;
  readonly finalRails: RailsByPath;
  /** Of customer managed policies: now, and before or after. */
  readonly uses: () => PolicyUses;
};

/** The state after the differences that are not held. */
const finalState = (current: State, changes: readonly ResourceDifference[]): State => {
  const made = changes.filter(({ held }) => held === undefined);
  if (made.length === 0) return current;
  const touched = new Set(made.map(({ key }) => key));
  const rest = Object.entries(current).filter(([key]) => !touched.has(key));
  const next = made.flatMap(({ key, after }) => (after === undefined ? [] : [[key, after] as const]));
  return Object.fromEntries([...rest, ...next]);
};

export const planTreesOf = (current: State, changes: readonly ResourceDifference[]): PlanTrees => {
  const final = finalState(current, changes);
  let uses: PolicyUses | undefined;
  return {
    current,
    final,
    currentRails: railsByPath(current),
    finalRails: railsByPath(final),
    uses: () => (uses ??= { now: usesIn([current]), ever: usesIn([current, final]) }),
  };
};
