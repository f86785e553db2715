/** Hashes that anybody can compute again from a plan's JSON. */
import { hash } from 'node:crypto';
import type { Change } from '../model/plan.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import type { Assignment, Key, Principal } from '../model/resource.ts';

const sortedKeys = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** JSON whose objects have their keys in order, so that equal values are equal text. */
const canonicalJson = (value: unknown): string => JSON.stringify(value, sortedKeys);

const sha256 = (text: string): string => hash('sha256', text);

/** Lower-case hexadecimal sha256 of the canonical JSON of a value. */
const digest = (value: unknown): string => sha256(canonicalJson(value));

const isPrincipal = (value: unknown): value is Principal => {
  if (value === null || typeof value !== 'object') return false;
  const { type, name, orphan } = value as Partial<Principal>;
  const fields = orphan === undefined ? 2 : 3;
  return typeof type === 'string' && typeof name === 'string' && Object.keys(value).length === fields;
};

/** Of these fields and no others: a field more is a different text. */
const isAssignment = (value: unknown): value is Assignment => {
  if (value === null || typeof value !== 'object') return false;
  const { kind, principal, permissionSet, account } = value as Partial<Assignment>;
  return (
    kind === 'assignment' &&
    typeof permissionSet === 'string' &&
    typeof account === 'string' &&
    isPrincipal(principal) &&
    Object.keys(value).length === 4
  );
};

/** The canonical JSON of what there is a thousand of for one of anything else, made without looking at its fields. */
const assignmentJson = ({ account, permissionSet, principal: { name, orphan, type } }: Assignment): string => {
  const dead = orphan === undefined ? '' : `"orphan":${JSON.stringify(orphan)},`;
  const principal = `{"name":${JSON.stringify(name)},${dead}"type":${JSON.stringify(type)}}`;
  const set = JSON.stringify(permissionSet);
  return `{"account":${JSON.stringify(account)},"kind":"assignment","permissionSet":${set},"principal":${principal}}`;
};

type Identified = Pick<Change, 'kind' | 'key' | 'action'> & { readonly before?: unknown; readonly after?: unknown };

type Sided = Pick<Change, 'kind' | 'key' | 'action'>;

/** Of an assignment that comes or goes; `sides`: JSON of before and after, of which one is null. */
const assignmentId = ({ kind, key, action }: Sided, sides: string): string =>
  sha256(`[${JSON.stringify(kind)},${JSON.stringify(key)},${JSON.stringify(action)},${sides}]`);

/** Of assignments that come or go alike but for their account: what is the same is written once. */
export const assignmentIds = (
  action: Change['action'],
  assignment: Assignment,
): ((key: Key, one: Assignment) => string) => {
  const rest = assignmentJson(assignment).slice(`{"account":${JSON.stringify(assignment.account)}`.length);
  return (key, { account }) => {
    const json = `{"account":${JSON.stringify(account)}${rest}`;
    return assignmentId({ kind: 'assignment', key, action }, action === 'create' ? `null,${json}` : `${json},null`);
  };
};

/** Absent and `undefined` hash alike, as they do in JSON; null stands for them so that their place is kept. */
export const changeId = (change: Identified): string => {
  const { kind, key, action, before = null, after = null } = change;
  const only = before === null ? after : before;
  if (!isAssignment(only) || (before !== null && after !== null)) return digest([kind, key, action, before, after]);
  const json = assignmentJson(only);
  return assignmentId({ kind, key, action }, before === null ? `null,${json}` : `${json},null`);
};

/** The id of a change that was read from a file: computed again, never believed. */
export const recomputedId = (change: Change): string =>
  changeId({
    kind: change.kind,
    key: change.key,
    action: change.action,
    before: beforeOf(change),
    after: afterOf(change),
  });

/** From so many on it pays to sort hashes as numbers; of more than there is room for, the first digits are no number beside a place. */
const [manyIds, mostIds] = [10_000, 2 ** 21];
const digits = 64;
/** In one pass over all of them. */
const areHashes = (ids: readonly string[]): boolean =>
  ids.every(({ length }) => length === digits) && !/[^0-9a-f]/.test(ids.join(''));

/** As text sorts them: by their first 32 bits and, where those are equal, whole. */
const sortedHashes = (ids: readonly string[]): readonly string[] => {
  const marks = Float64Array.from(ids, (id, at) => Number.parseInt(id.slice(0, 8), 16) * mostIds + at).sort();
  const sorted = Array.from(marks, (mark) => ids[mark % mostIds] ?? '');
  for (let at = 1; at < sorted.length; at += 1) {
    const id = sorted[at] ?? '';
    let place = at;
    for (; place > 0 && (sorted[place - 1] ?? '') > id; place -= 1) sorted[place] = sorted[place - 1] ?? '';
    sorted[place] = id;
  }
  return sorted;
};

/** The JSON of the list in order. */
const idsJson = (ids: readonly string[]): string => {
  if (ids.length < manyIds || ids.length > mostIds || !areHashes(ids)) return JSON.stringify([...ids].sort());
  return `["${sortedHashes(ids).join('","')}"]`;
};

type Whose = { readonly organization: string; readonly part?: readonly string[] | undefined };

/**
 * What one approves: the organization and every change, in whatever order they were listed. A plan about some accounts alone
 * says which, too: of the deletion budgets it may use only their share, so that it is not the same plan without these words.
 */
export const fingerprintOf = ({ organization, part }: Whose, ids: readonly string[]): string =>
  // Lists of texts, which have no keys to put in order.
  sha256(
    `[${[JSON.stringify(organization), idsJson(ids), ...(part === undefined ? [] : [JSON.stringify([...part].sort())])].join()}]`,
  );
