/** A plan file from outside: believed only as far as its own ids and fingerprint prove it whole. */
import type { FoldedPlan } from '../../model/folded-plan.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { fingerprintOf, recomputedId } from '../digest.ts';
import { isFolded, unfolded } from './unfold.ts';

export type ParsedPlan = { readonly plan: Plan } | { readonly problem: string };

const record = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

const isResource = (value: unknown): boolean => typeof record(value)?.['kind'] === 'string';

const isPrincipal = (value: unknown): boolean => typeof record(value)?.['name'] === 'string';

/** A row of assignments, as far as changes are made of it: what they are shows in the fingerprint. */
const isRow = (row: Readonly<Record<string, unknown>>): boolean => {
  const assignment = record(row['assignment']);
  return (
    isResource(assignment) &&
    isPrincipal(assignment?.['principal']) &&
    typeof assignment?.['permissionSet'] === 'string' &&
    isNames(row['accounts']) &&
    (row['action'] === 'create' || row['action'] === 'delete')
  );
};

const isNames = (value: unknown): boolean => areNames(value) || typeof record(value)?.['list'] === 'number';

const areNames = (value: unknown): boolean => Array.isArray(value) && value.every((name) => typeof name === 'string');

const isChange = (value: unknown): boolean => {
  const change = record(value);
  if (change !== undefined && 'assignment' in change) return isRow(change);
  if (change === undefined || typeof change['id'] !== 'string' || typeof change['key'] !== 'string') return false;
  const action = change['action'];
  const before = action === 'create' || isResource(change['before']);
  const after = action === 'delete' || isResource(change['after']);
  return (action === 'create' || action === 'update' || action === 'delete') && before && after;
};

const isPart = (part: unknown): boolean => part === undefined || areNames(part);

const areLists = (lists: unknown): boolean => lists === undefined || (Array.isArray(lists) && lists.every(areNames));

const wrongShape = (value: unknown): string | undefined => {
  const plan = record(value);
  if (plan === undefined) return 'it is not a JSON object';
  if (plan['version'] !== 1) return `its version is ${JSON.stringify(plan['version'])}, and this is version 1`;
  if (typeof plan['organization'] !== 'string' || typeof plan['fingerprint'] !== 'string')
    return 'it has no organization or no fingerprint';
  if (!isPart(plan['part'])) return 'its part is not a list of account names';
  if (!areLists(plan['accountLists'])) return 'its account lists are not lists of account names';
  const changes = plan['changes'];
  return Array.isArray(changes) && changes.every(isChange) ? undefined : 'its changes are not those of a plan';
};

const recomputes = (change: Change): boolean => {
  try {
    return recomputedId(change) === change.id;
  } catch {
    return false;
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const unfoldedOrNot = (written: Plan | FoldedPlan): Plan | undefined => {
  if (!isFolded(written)) return written;
  try {
    return unfolded(written);
  } catch {
    return undefined;
  }
};

/** Ids are computed again from kind, key, action, before and after, and the fingerprint from the ids. */
export const parsePlan = (text: string): ParsedPlan => {
  const value = parsed(text);
  const problem = wrongShape(value);
  if (problem !== undefined) return { problem };
  const plan = unfoldedOrNot(value as Plan | FoldedPlan);
  if (plan === undefined) return { problem: 'its rows are not those of a folded plan' };
  const forged = plan.changes.find((change) => !recomputes(change));
  if (forged !== undefined) return { problem: `the id of ${forged.key} is not that of its content` };
  const fingerprint = fingerprintOf(
    plan,
    plan.changes.map(({ id }) => id),
  );
  return fingerprint === plan.fingerprint
    ? { plan }
    : { problem: 'its fingerprint is not that of its changes and its accounts' };
};
