/** Fingerprints to start an apply by hand with: of all that is held, or of one thing with what it depends on. */
import type { Change, Plan } from '../model/plan.ts';
import { fingerprintOf } from '../plan/digest.ts';
import { changesByKey } from '../plan/carry/cover.ts';
import type { ByKey } from '../plan/carry/cover.ts';

/** A plan of some of the changes of another; ids stay, the fingerprint is theirs. */
export const planOfOnly = (plan: Plan, changes: readonly Change[]): Plan => ({
  ...plan,
  changes,
  fingerprint: fingerprintOf(
    plan,
    changes.map(({ id }) => id),
  ),
  summary: {
    create: changes.filter(({ action }) => action === 'create').length,
    update: changes.filter(({ action }) => action === 'update').length,
    delete: changes.filter(({ action }) => action === 'delete').length,
  },
});

type ChangeIndex = {
  readonly byId: ReadonlyMap<string, Change>;
  readonly byKey: ByKey;
  readonly place: ReadonlyMap<Change, number>;
};

const indexOf = (plan: Plan): ChangeIndex => {
  const { changes } = plan;
  const byId = new Map(changes.map((change) => [change.id, change]));
  return { byId, byKey: changesByKey(plan), place: new Map(changes.map((change, index) => [change, index])) };
};

/** The change, every other one of its key, and all that these depend on, in the order of the plan. */
const withNeeds = ({ byId, byKey, place }: ChangeIndex, first: Change): readonly Change[] => {
  const found = new Set<Change>();
  const waiting = [first];
  for (let change = waiting.pop(); change !== undefined; change = waiting.pop()) {
    if (found.has(change)) continue;
    found.add(change);
    waiting.push(...(byKey.get(change.key) ?? []), ...change.dependsOn.flatMap((id) => byId.get(id) ?? []));
  }
  return [...found].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
};

export type ApprovalItem = {
  readonly change: Change;
  readonly fingerprint: string;
  readonly changes: readonly Change[];
};

/** One item for each key. */
export const itemsOf = (plan: Plan): readonly ApprovalItem[] => {
  const index = indexOf(plan);
  return [...index.byKey.values()]
    .flatMap((own) => own.slice(0, 1))
    .map((change) => {
      const changes = withNeeds(index, change);
      return { change, changes, fingerprint: planOfOnly(plan, changes).fingerprint };
    });
};

/** The part of a plan that a fingerprint stands for; nothing when it stands for no part. */
export const partWith = (plan: Plan, fingerprint: string): Plan | undefined => {
  if (plan.fingerprint === fingerprint) return plan;
  const item = itemsOf(plan).find((one) => one.fingerprint === fingerprint);
  return item === undefined ? undefined : planOfOnly(plan, item.changes);
};
