/** A large state in two parts: to walk through its keys takes long, and is done once. */
import { rememberedOf } from '../../model/lists.ts';
import type { Assignment, Key, Resource, State } from '../../model/resource.ts';

export type StateParts = {
  /** What is given, and its keys at the same places. */
  readonly given: readonly Assignment[];
  readonly keys: readonly Key[];
  /** All the rest: little, beside that. */
  readonly rest: readonly (readonly [Key, Resource])[];
};

export const partsOf = rememberedOf((state: State): StateParts => {
  const parts = { given: [] as Assignment[], keys: [] as Key[], rest: [] as (readonly [Key, Resource])[] };
  for (const key of Object.keys(state)) {
    const resource = state[key];
    if (resource?.kind === 'assignment') {
      parts.given.push(resource);
      parts.keys.push(key);
    } else if (resource !== undefined) parts.rest.push([key, resource]);
  }
  return parts;
});
