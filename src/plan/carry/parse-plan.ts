/** A plan file from outside: believed only as far as its own ids and fingerprint prove it whole. */
import type { Change, Plan } from '../../model/plan.ts';
import { fingerprintOf, recomputedId } from '../digest.ts';

export type ParsedPlan = { readonly plan: Plan } | { readonly problem: string };

const record = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

const isResource = (value: unknown): boolean => typeof record(value)?.['kind'] === 'string';

const isChange = (value: unknown): boolean => {
  const change = record(value);
  if (change === undefined || typeof change['id'] !== 'string' || typeof change['key'] !== 'string') return false;
  const action = change['action'];
  const before = action === 'create' || isResource(change['before']);
  const after = action === 'delete' || isResource(change['after']);
  return (action === 'create' || action === 'update' || action === 'delete') && before && after;
};

const isPart = (part: unknown): boolean =>
  part === undefined || (Array.isArray(part) && part.every((name) => typeof name === 'string'));

const wrongShape = (value: unknown): string | undefined => {
  const plan = record(value);
  if (plan === undefined) return 'it is not a JSON object';
  if (plan['version'] !== 1) return `its version is ${JSON.stringify(plan['version'])}, and this is version 1`;
  if (typeof plan['organization'] !== 'string' || typeof plan['fingerprint'] !== 'string')
    return 'it has no organization or no fingerprint';
  if (!isPart(plan['part'])) return 'its part is not a list of account names';
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

/** Ids are computed again from kind, key, action, before and after, and the fingerprint from the ids. */
export const parsePlan = (text: string): ParsedPlan => {
  const value = parsed(text);
  const problem = wrongShape(value);
  if (problem !== undefined) return { problem };
  const plan = value as Plan;
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
