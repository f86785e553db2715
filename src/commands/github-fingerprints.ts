/** Fingerprints to start an apply by hand with: of all that is held, or of one thing with what it depends on. */
import type { Change, Plan } from '../model/plan.ts';
import { fingerprintOf } from '../plan/digest.ts';

/** A plan of some of the changes of another; ids stay, the fingerprint is theirs. */
export const planOfOnly = (plan: Plan, changes: readonly Change[]): Plan => ({
  ...plan,
  changes,
  fingerprint: fingerprintOf(
    plan.organization,
    changes.map(({ id }) => id),
  ),
  summary: {
    create: changes.filter(({ action }) => action === 'create').length,
    update: changes.filter(({ action }) => action === 'update').length,
    delete: changes.filter(({ action }) => action === 'delete').length,
  },
});

/** The change, every other one of its key, and all that these depend on. */
const withNeeds = (plan: Plan, first: Change): readonly Change[] => {
  const byId = new Map(plan.changes.map((change) => [change.id, change]));
  const found = new Set<Change>();
  const waiting = [first];
  for (let change = waiting.pop(); change !== undefined; change = waiting.pop()) {
    if (found.has(change)) continue;
    found.add(change);
    const { key, dependsOn } = change;
    waiting.push(...plan.changes.filter((one) => one.key === key), ...dependsOn.flatMap((id) => byId.get(id) ?? []));
  }
  return plan.changes.filter((change) => found.has(change));
};

export type Item = { readonly change: Change; readonly fingerprint: string; readonly changes: readonly Change[] };

/** One item for each key. */
export const itemsOf = (plan: Plan): readonly Item[] => {
  const firsts = [...new Map(plan.changes.map((change) => [change.key, change])).values()];
  return firsts.map((change) => {
    const changes = withNeeds(plan, change);
    return { change, changes, fingerprint: planOfOnly(plan, changes).fingerprint };
  });
};

/** The part of a plan that a fingerprint stands for; nothing when it stands for no part. */
export const partWith = (plan: Plan, fingerprint: string): Plan | undefined => {
  if (plan.fingerprint === fingerprint) return plan;
  const item = itemsOf(plan).find((one) => one.fingerprint === fingerprint);
  return item === undefined ? undefined : planOfOnly(plan, item.changes);
};
