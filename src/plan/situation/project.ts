import type { Change } from '../../model/plan.ts';
import { afterOf } from '../../model/plan.ts';
import type { State } from '../../model/resource.ts';

/** The state when these changes are done; a pure account of what `apply` does. */
export const project = (state: State, changes: readonly Change[]): State => {
  if (changes.length === 0) return state;
  const next = new Map(Object.entries(state));
  for (const change of changes) {
    const after = afterOf(change);
    if (after === undefined) next.delete(change.key);
    else next.set(change.key, after);
  }
  return Object.fromEntries(next);
};
