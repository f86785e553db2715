/** Hashes that anybody can compute again from a plan's JSON. */
import { createHash } from 'node:crypto';
import type { Change } from '../model/plan.ts';
import { afterOf, beforeOf } from '../model/plan.ts';

const sortedKeys = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** JSON whose objects have their keys in order, so that equal values are equal text. */
const canonicalJson = (value: unknown): string => JSON.stringify(value, sortedKeys);

/** Lower-case hexadecimal sha256 of the canonical JSON of a value. */
const digest = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

type Identified = Pick<Change, 'kind' | 'key' | 'action'> & { readonly before?: unknown; readonly after?: unknown };

/** Absent and `undefined` hash alike, as they do in JSON; null stands for them so that their place is kept. */
export const changeId = (change: Identified): string =>
  digest([change.kind, change.key, change.action, change.before ?? null, change.after ?? null]);

/** The id of a change that was read from a file: computed again, never believed. */
export const recomputedId = (change: Change): string =>
  changeId({
    kind: change.kind,
    key: change.key,
    action: change.action,
    before: beforeOf(change),
    after: afterOf(change),
  });

type Whose = { readonly organization: string; readonly part?: readonly string[] | undefined };

/**
 * What one approves: the organization and every change, in whatever order they were listed. A plan about some accounts alone
 * says which, too: of the deletion budgets it may use only their share, so that it is not the same plan without these words.
 */
export const fingerprintOf = ({ organization, part }: Whose, ids: readonly string[]): string =>
  digest([organization, [...ids].sort(), ...(part === undefined ? [] : [[...part].sort()])]);
