/** Whether an object is still what the plan saw. One that is not is held, by name. */
import { canonical } from '../kinds/equal.ts';
import { strangeValues } from '../kinds/moved.ts';
import type { PermissionSet, Resource } from '../model/resource.ts';
import { HeldError } from './held-error.ts';

export const movedError = (values: readonly string[]): HeldError => new HeldError({ is: 'moved', values });

const uptodate = (resource: Resource): Resource =>
  resource.kind === 'permission-set' ? ({ ...resource, outdatedIn: [] } satisfies PermissionSet) : resource;

const isSame = (one: Resource | undefined, other: Resource | undefined): boolean =>
  one === undefined || other === undefined ? one === other : canonical(uptodate(one)) === canonical(uptodate(other));

/** `states`: where the change starts and what it passes; `undefined` is absence. */
export type StateCourse = { readonly states: readonly (Resource | undefined)[]; readonly after: Resource | undefined };

/** Whether nothing is left to write. Throws when the live state is not one of the states of the change. */
export const isArrived = (live: Resource | undefined, { states, after }: StateCourse): boolean => {
  const strange = strangeValues(live, [...states, after]);
  if (strange.length > 0) throw movedError(strange);
  return isSame(live, after);
};

/** For a create that finds the resource there already: throws unless it is as desired. */
export const requireSame = (live: Resource | undefined, after: Resource): void => {
  if (live === undefined || !isSame(live, after)) throw movedError(['itself']);
};
