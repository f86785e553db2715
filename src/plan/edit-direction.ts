/** What a change does to whoever it is about. */
import type { Resource } from '../model/resource.ts';
import type { Direction } from './direction.ts';
import { onlyTakesAway } from './permission-set.ts';
import { policyDirection, roleDirection } from './role.ts';

type Ends = { readonly before: Resource | undefined; readonly after: Resource | undefined };

/** What comes gives and what goes takes; of a permission set that is edited, taking away is never left out. */
export const directionOf = ({ before, after }: Ends): Direction => {
  if (before === undefined || after === undefined)
    return { tighter: after === undefined, looser: before === undefined };
  if (before.kind === 'role' && after.kind === 'role') return roleDirection(before, after);
  if (before.kind === 'policy' && after.kind === 'policy') return policyDirection(before, after);
  const isSet = before.kind === 'permission-set' && after.kind === 'permission-set';
  return { tighter: isSet, looser: isSet && !onlyTakesAway(before, after) };
};
