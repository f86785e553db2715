/** The plans of several runs, each about some accounts, put together into the one that a single run would have made. */
import { heldChange } from '../../model/held-text.ts';
import { ownValue } from '../../model/own-value.ts';
import type { Desired } from '../../model/desired.ts';
import type { AccessChange, Change, Coverage, GuardResult, Lane, Note, Plan, TestResult } from '../../model/plan.ts';
import { phases } from '../../model/plan.ts';
import { UserError } from '../../model/problem.ts';
import type { RecordUse } from '../../model/record.ts';
import { fingerprintOf } from '../digest.ts';
import { foldedGrants } from '../grants/grants.ts';
import { estimateOf } from '../estimate.ts';
import { resultsOf } from '../guards/guard.ts';
import { deleteBudget } from '../guards/delete-budget.ts';
import { requireOneWorld } from './one-world.ts';
import { consequences } from './next.ts';

const distinct = <T>(lists: readonly (readonly T[])[], nameOf: (one: T) => string): readonly T[] => [
  ...new Map(lists.flat().map((one) => [nameOf(one), one])).values(),
];

const sum = (counts: readonly number[]): number => counts.reduce((total, one) => total + one, 0);

const whole = (one: unknown): string => JSON.stringify(one);

/** In the given order as far as each change comes after what it waits for. */
const dependable = (changes: readonly Change[]): readonly Change[] => {
  const byId = new Map(changes.map((change) => [change.id, change]));
  const placed = new Set<string>();
  const place = (change: Change): readonly Change[] => {
    if (placed.has(change.id)) return [];
    placed.add(change.id);
    const first = change.dependsOn.flatMap((id) => byId.get(id) ?? []).flatMap(place);
    return [...first, change];
  };
  return changes.flatMap(place);
};

/** A change of the organization is in every plan, and waits in each for what that plan knows of. */
const mergedChanges = (plans: readonly Plan[]): readonly Change[] => {
  const waits = new Map<string, ReadonlySet<string>>();
  for (const { id, dependsOn } of plans.flatMap(({ changes }) => changes))
    waits.set(id, new Set([...(waits.get(id) ?? []), ...dependsOn]));
  const all = distinct(allOf(plans, 'changes'), ({ id }) => id)
    .map((change) => ({ ...change, dependsOn: [...(waits.get(change.id) ?? [])].toSorted() }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return dependable(phases.flatMap((phase) => all.filter((change) => change.phase === phase)));
};

const saysOf = ({ accounts: _, ...rest }: AccessChange): string => whole(rest);

/** Who gains and loses the same in accounts of several plans is one line again. */
const mergedAccess = (plans: readonly Plan[]): readonly AccessChange[] => {
  const lines = new Map<string, AccessChange>();
  for (const line of plans.flatMap(({ access }) => access)) {
    const accounts = [...(lines.get(saysOf(line))?.accounts ?? []), ...line.accounts];
    lines.set(saysOf(line), { ...line, accounts: [...new Set(accounts)].toSorted() });
  }
  return [...lines.values()];
};

/** Of those that agree, one for each guard: what each counted of its own is not what they have in common. */
const agreeing = (results: readonly GuardResult[]): readonly GuardResult[] =>
  [...new Set(results.map(({ id }) => id))].map((id): GuardResult => {
    const messages = [...new Set(results.filter((one) => one.id === id).map(({ message }) => message))];
    const [first = ''] = messages;
    return { id, ok: true, message: messages.length === 1 ? first : `${first.split(':')[0]}, as each plan found.` };
  });

/** A guard that one plan refuses is refused; the budgets are counted anew, over all. */
const mergedGuards = (plans: readonly Plan[], changes: readonly Change[], desired: Desired): readonly GuardResult[] => {
  const all = distinct(allOf(plans, 'guards'), whole).filter(({ id }) => id !== deleteBudget.id);
  const refusals = all.filter(({ ok }) => !ok);
  const refusing = new Set(refusals.map(({ id }) => id));
  const today = (plans[0]?.generatedAt ?? '').slice(0, 10);
  const budgets = resultsOf([deleteBudget], { situation: { desired }, changes, today });
  return [...agreeing(all.filter(({ id, ok }) => ok && !refusing.has(id))), ...refusals, ...budgets];
};

const mergedTests = (plans: readonly Plan[]): readonly TestResult[] => {
  const all = plans.flatMap(({ tests }) => tests);
  return [...new Set(all.map(({ name }) => name))].flatMap((name) => {
    const results = all.filter((test) => test.name === name);
    return results.find(({ ok }) => !ok) ?? results[0] ?? [];
  });
};

const inAccounts = ['role', 'policy', 'oidc-provider', 'resource-policy'];

/** Of what lies in accounts each plan counts its own; of the rest all count the same. */
const mergedCoverage = (plans: readonly Plan[]): readonly Coverage[] => {
  const all = plans.flatMap(({ coverage }) => coverage);
  return [...new Set(all.map(({ kind }) => kind))].map((kind) => {
    const rows = all.filter((row) => row.kind === kind);
    const counted = inAccounts.includes(kind) ? rows : rows.slice(0, 1);
    const count = (field: 'managed' | 'total'): number => sum(counted.map((row) => row[field]));
    return { kind, managed: count('managed'), total: count('total') };
  });
};

const mergedLanes = (plans: readonly Plan[]): readonly Lane[] =>
  (['management', 'delegated'] as const).flatMap((credential) => {
    const lanes = plans.flatMap(({ lanes: all }) => all.filter((lane) => lane.credential === credential));
    const changes = [...new Set(lanes.flatMap((lane) => lane.changes))];
    return changes.length === 0 ? [] : [{ credential, changes }];
  });

const earliest = (moments: readonly string[]): string => moments.toSorted()[0] ?? '';

/** As old as the oldest of them: a plan that read whole makes no other one newer. Each asks for the same events. */
const mergedRecord = (uses: readonly RecordUse[]): RecordUse | undefined => {
  const used = uses.flatMap((use) => ('whole' in use ? [] : [use]));
  if (used.length === 0) return uses[0];
  return {
    from: earliest(used.map(({ from }) => from)),
    taken: sum(used.map(({ taken }) => taken)),
    anew: sum(used.map(({ anew }) => anew)),
    moved: Math.max(...used.map(({ moved }) => moved)),
    certain: earliest(used.map(({ certain }) => certain)),
  };
};

const mergedReads = (plans: readonly Plan[]): Plan['reads'] => {
  const calls: Record<string, number> = {};
  for (const [name, count] of plans.flatMap(({ reads }) => Object.entries(reads.calls)))
    calls[name] = (ownValue(calls, name) ?? 0) + count;
  const record = mergedRecord(plans.flatMap(({ reads }) => reads.record ?? []));
  return { route: plans[0]?.reads.route ?? 'none', calls, ...(record === undefined ? {} : { record }) };
};

const countOf = (changes: readonly Change[], action: Change['action']): number =>
  changes.filter((change) => change.action === action).length;

const allOf = <K extends keyof Plan>(plans: readonly Plan[], key: K): readonly Plan[K][] =>
  plans.map((plan) => plan[key]);

const distinctLists = (plans: readonly Plan[]) => ({
  interruptions: distinct(allOf(plans, 'interruptions'), whole),
  expiring: distinct(allOf(plans, 'expiring'), whole),
  unmanaged: distinct(allOf(plans, 'unmanaged'), whole),
  unresolved: distinct(allOf(plans, 'unresolved'), whole),
  unread: distinct(allOf(plans, 'unread'), whole),
});

/** The policies above are the organization's: each plan says the same of all accounts, or nothing. */
const mergedEffective = (plans: readonly Plan[]): Pick<Plan, 'effective'> => {
  const effective = distinct(
    plans.map(({ effective: rows = [] }) => rows),
    whole,
  );
  return effective.length === 0 ? {} : { effective };
};

const oneOrganization = (plans: readonly Plan[]): string => {
  const [first, ...others] = new Set(allOf(plans, 'organization'));
  if (first !== undefined && others.length === 0) return first;
  throw new UserError(`the plans are of different organizations: ${[first, ...others].join(' and ')}`);
};

/** What is held in one plan is held, and so is what waits for it in another. */
const withHeld = (plans: readonly Plan[]): Pick<Plan, 'changes' | 'held'> => {
  const all = mergedChanges(plans);
  const held = distinct(allOf(plans, 'held'), ({ id }) => id);
  const own = new Set(held.map(({ id }) => id));
  const reasons = consequences(all, ({ id }) => own.has(id));
  const waiting = all.flatMap((change) => {
    const reason = own.has(change.id) ? undefined : reasons.get(change.id);
    return reason === undefined ? [] : [heldChange(change, reason)];
  });
  return {
    changes: all.filter(({ id }) => !own.has(id) && !reasons.has(id)),
    held: [...held, ...waiting],
  };
};

/** Absent when every declared account is in one of the plans. */
const mergedPart = (plans: readonly Plan[], { accounts }: Desired): readonly string[] | undefined => {
  if (plans.some(({ part }) => part === undefined)) return undefined;
  const covered = new Set(plans.flatMap(({ part = [] }) => part));
  return Object.values(accounts).every((name) => covered.has(name)) ? undefined : [...covered].toSorted();
};

const leftOutNotes = (part: readonly string[] | undefined, { accounts }: Desired): readonly Note[] => {
  if (part === undefined) return [];
  const out = Object.values(accounts).filter((name) => !part.includes(name));
  return [{ message: `none of these plans is about the roles and policies of ${out.join(', ')}` }];
};

/** Throws a UserError when they are not of one organization, of these files, and of one moment as far as it shows. */
export const mergePlans = (plans: readonly Plan[], desired: Desired): Plan => {
  const organization = oneOrganization(plans);
  requireOneWorld(plans, desired);
  const { changes, held } = withHeld(plans);
  const part = mergedPart(plans, desired);
  const ids = changes.map(({ id }) => id);
  return {
    version: 1,
    organization,
    ...(part === undefined ? {} : { part }),
    generatedAt: allOf(plans, 'generatedAt').toSorted().at(-1) ?? '',
    fingerprint: fingerprintOf({ organization, part }, ids),
    summary: {
      create: countOf(changes, 'create'),
      update: countOf(changes, 'update'),
      delete: countOf(changes, 'delete'),
    },
    changes,
    access: mergedAccess(plans),
    ...mergedEffective(plans),
    grants: foldedGrants(
      plans.flatMap(({ grants = [] }) => grants),
      desired,
    ),
    guards: mergedGuards(plans, changes, desired),
    tests: mergedTests(plans),
    ...distinctLists(plans),
    held,
    notes: [...distinct(allOf(plans, 'notes'), whole), ...leftOutNotes(part, desired)],
    coverage: mergedCoverage(plans),
    lanes: mergedLanes(plans),
    reads: mergedReads(plans),
    estimate: estimateOf(changes),
  };
};
