/** AWS's quotas, counted over the end of a plan and every moment in between. */
import { controlPolicyTypes } from '../../kinds/control-policies.ts';
import type { Change, Phase } from '../../model/plan.ts';
import { phases, subjectOf } from '../../model/plan.ts';
import type { QuotaName } from '../../model/quotas.ts';
import { quotas } from '../../model/quotas.ts';
import type { Kind, Resource, State } from '../../model/resource.ts';
import { controlKinds, pathToRoot, resourcesOf } from '../../model/resource.ts';
import type { Guard, GuardRefusal } from './guard.ts';

type Counter = {
  readonly quota: QuotaName;
  readonly kind: Kind;
  readonly what: string;
  /** Where the resource counts; '' is the organization. */
  readonly place: (resource: Resource) => string | undefined;
};

const everywhere = (): string => '';

const counters: readonly Counter[] = [
  { quota: 'ousPerOrganization', kind: 'ou', what: 'OUs', place: everywhere },
  ...controlKinds.flatMap((kind): readonly Counter[] => {
    const { plural: what, quotas: of } = controlPolicyTypes[kind];
    return of.perOrganization === undefined ? [] : [{ quota: of.perOrganization, kind, what, place: everywhere }];
  }),
  { quota: 'permissionSets', kind: 'permission-set', what: 'permission sets', place: everywhere },
  {
    quota: 'groupsPerSetAndAccount',
    kind: 'assignment',
    what: 'groups',
    place: (one) =>
      one.kind === 'assignment' && one.principal.type === 'group'
        ? `${one.permissionSet} in ${one.account}`
        : undefined,
  },
  {
    quota: 'groupsPerRole',
    kind: 'entitlement',
    what: 'groups',
    place: (one) =>
      one.kind === 'entitlement' && one.principal.type === 'group' ? `role ${one.role} in ${one.account}` : undefined,
  },
];

type Counts = Map<string, number>;

const add = (counts: Counts, place: string | undefined, count: number): void => {
  if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + count);
};

/** The most that any place holds while the plan runs: within a phase, what comes may come before what goes. */
const peaks = (state: State, changes: readonly Change[], { kind, place }: Counter): Counts => {
  const counts: Counts = new Map();
  for (const resource of resourcesOf(state, kind)) add(counts, place(resource), 1);
  const most: Counts = new Map();
  const of = (phase: Phase, action: Change['action']): readonly Change[] =>
    changes.filter((change) => change.kind === kind && change.phase === phase && change.action === action);
  for (const phase of phases) {
    for (const change of of(phase, 'create')) {
      const at = place(subjectOf(change));
      add(counts, at, 1);
      if (at !== undefined) most.set(at, Math.max(most.get(at) ?? 0, counts.get(at) ?? 0));
    }
    for (const change of of(phase, 'delete')) add(counts, place(subjectOf(change)), -1);
  }
  return most;
};

const endOf = (state: State, { kind, place }: Counter, at: string): number =>
  resourcesOf(state, kind).filter((resource) => place(resource) === at).length;

type QuotaCase = { readonly limit: number; readonly peak: number; readonly end: number; readonly at: string };

const textOf = ({ what, quota }: Counter, { limit, peak, end, at }: QuotaCase): string => {
  const where = at === '' ? '' : ` for ${at}`;
  const remedy = `If AWS has raised it, say so in settings.yaml: quotas: { ${quota}: … }.`;
  return end > limit
    ? `There would be ${end} ${what}${where}; AWS allows ${limit}. Declare fewer. ${remedy}`
    : `On the way there would be ${peak} ${what}${where}; AWS allows ${limit}. Remove in one pull request and add in the next. ${remedy}`;
};

type CountedPlan = { readonly current: State; readonly result: State; readonly changes: readonly Change[] };

const refusalsOf = (counted: CountedPlan, counter: Counter, limit: number): readonly GuardRefusal[] =>
  [...peaks(counted.current, counted.changes, counter)]
    .filter(([, peak]) => peak > limit)
    .map(([at, peak]) => ({
      kind: counter.kind,
      count: peak,
      message: textOf(counter, { limit, peak, end: endOf(counted.result, counter, at), at }),
    }));

const setsPerAccount = (states: readonly State[]): ReadonlyMap<string, number> => {
  const sets = new Map<string, Set<string>>();
  for (const state of states)
    for (const { account, permissionSet } of resourcesOf(state, 'assignment')) {
      const known = sets.get(account);
      if (known === undefined) sets.set(account, new Set([permissionSet]));
      else known.add(permissionSet);
    }
  return new Map([...sets].map(([account, names]) => [account, names.size]));
};

/** Sets come before others go, so both ends count together. */
const crowdedAccounts = ({ current, result, changes }: CountedPlan, limit: number): readonly GuardRefusal[] => {
  const touched = changes.flatMap((change) => {
    const subject = subjectOf(change);
    return change.action === 'create' && subject.kind === 'assignment' ? [subject.account] : [];
  });
  if (touched.length === 0) return [];
  const counts = setsPerAccount([current, result]);
  return [...new Set(touched)].sort().flatMap((account): readonly GuardRefusal[] => {
    const count = counts.get(account) ?? 0;
    const message = `${account} would have ${count} permission sets at once; AWS allows ${limit}. Remove in one pull request and add in the next.`;
    return count > limit ? [{ kind: 'assignment', key: account, count, message }] : [];
  });
};

const deepOus = (changes: readonly Change[], limit: number): readonly GuardRefusal[] =>
  changes.flatMap((change) => {
    const subject = subjectOf(change);
    if (change.action !== 'create' || subject.kind !== 'ou' || pathToRoot(subject.path).length - 1 <= limit) return [];
    return [
      {
        kind: 'ou',
        key: change.key,
        message: `${change.key} is deeper than ${limit} OUs below Root, which is as deep as AWS goes.`,
      },
    ];
  });

export const withinQuotas: Guard['refusals'] = ({ situation, changes, result }) => {
  const { current, desired } = situation;
  const limitOf = (name: QuotaName): number => desired.settings.quotas[name] ?? quotas[name];
  const counted = { current, result, changes };
  return [
    ...counters.flatMap((counter) => refusalsOf(counted, counter, limitOf(counter.quota))),
    ...crowdedAccounts(counted, limitOf('permissionSetsPerAccount')),
    ...deepOus(changes, limitOf('ouDepth')),
  ];
};
