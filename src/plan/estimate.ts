/** How many calls a plan costs and how long AWS's own limits make it take. */
import { changedFields } from '../kinds/equal.ts';
import { formOf } from '../kinds/fields.ts';
import { kindRows } from '../kinds/kinds.ts';
import type { Api } from '../kinds/kinds.ts';
import type { Form } from '../kinds/fields.ts';
import { remembered } from '../model/lists.ts';
import type { Change, Lane, Plan } from '../model/plan.ts';
import { beforeOf, subjectOf } from '../model/plan.ts';
import {
  accountAccessRate,
  concurrency,
  identityStoreRate,
  organizationsRates,
  ssoAdminRate,
} from '../model/quotas.ts';
import type { Kind, PermissionSet, State } from '../model/resource.ts';
import { controlKinds, permissionSetKey, resourcesOf } from '../model/resource.ts';
import { iamEstimate } from './estimate-iam.ts';
import { countedBy, eachOnce } from './situation/account-classes.ts';
import type { CountAccounts } from './situation/account-classes.ts';

/** Seconds that an assignment or a provision takes at AWS, from reports; nothing is documented. */
const asynchronousSeconds = 2;

/** Fields, policies, boundary and tags of a set are a call each to read. */
const readOfSet = 6;
/** Where it is, its provision, and how that went. */
const provisionOfSet = 3;

const policiesOf = (set: PermissionSet): number =>
  set.managedPolicies.length +
  set.customerManagedPolicies.length +
  (set.inlinePolicy === undefined ? 0 : 1) +
  (set.permissionsBoundary === undefined ? 0 : 1);

const isTag = (form: Form | undefined): boolean => form === 'tags' || form === 'ownership';

/** Read before and after; tags reach no account. */
const callsOfEdit = (before: PermissionSet, after: PermissionSet): number => {
  const edited = changedFields(before, after).filter((field) => !isTag(formOf(after.kind, field)));
  const tagged = changedFields(before, after).length > edited.length ? 1 : 0;
  return readOfSet + edited.length + tagged + readOfSet + (edited.length > 0 ? provisionOfSet : 0);
};

/** A new set gets each policy by a call and is looked at once. */
const callsOfSet = (change: Change, set: PermissionSet): number => {
  const before = beforeOf(change);
  if (change.action === 'delete') return readOfSet + 1;
  if (before?.kind === 'permission-set') return callsOfEdit(before, set);
  return policiesOf(set) === 0 ? 1 : 1 + policiesOf(set) + 2;
};

/** Reads of what is changed or deleted: its fields, and where tags are read apart, those too. */
const readsBefore: Partial<Readonly<Record<Kind, number>>> = {
  ou: 2,
  ...Object.fromEntries(controlKinds.map((kind) => [kind, 2])),
  group: 1,
  account: 1,
};

/** An assignment is made and asked after; before an entitlement is made or taken, it is looked what is there. */
const twice: readonly Kind[] = ['assignment', 'entitlement', 'policy-type'];

const callsOf = (change: Change): number => {
  if (kindRows[change.kind].api === 'iam') return 0;
  const resource = subjectOf(change);
  if (resource.kind === 'permission-set') return callsOfSet(change, resource);
  if (twice.includes(resource.kind)) return 2;
  return change.action === 'create' ? 1 : 1 + (readsBefore[change.kind] ?? 0);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** One list per set and account, except of sets that are new: nobody has those. */
const listsOf = (changes: readonly Change[], countIn: CountAccounts): number => {
  const made = new Set(
    changes.filter(({ kind, action }) => kind === 'permission-set' && action === 'create').map(({ key }) => key),
  );
  const isMade = remembered((permissionSet: string) => made.has(permissionSetKey(permissionSet)));
  const accounts = new Map<string, Set<string>>();
  for (const change of changes) {
    const resource = subjectOf(change);
    if (resource.kind !== 'assignment' || isMade(resource.permissionSet)) continue;
    const known = accounts.get(resource.permissionSet);
    if (known === undefined) accounts.set(resource.permissionSet, new Set([resource.account]));
    else known.add(resource.account);
  }
  return sum([...accounts.values()].flatMap((names) => [...names].map(countIn)));
};

const rateOf = (operation: string): number =>
  organizationsRates.find(({ operations }) => operations.includes(operation))?.rate ?? 1;

type ChangeCount = (kind: Kind, action?: Change['action']) => number;
type PlanCounts = { readonly count: ChangeCount; readonly calls: (api: Api) => number };

/** In one pass, of however many there are. */
const countsIn = (changes: readonly Change[], countIn: CountAccounts): PlanCounts => {
  const counts = new Map<string, number>();
  const calls = new Map<Api, number>();
  const add = <K>(map: Map<K, number>, key: K, more: number): void => void map.set(key, (map.get(key) ?? 0) + more);
  for (const change of changes) {
    const count = countedBy(countIn, subjectOf(change));
    add(counts, change.kind, count);
    add(counts, `${change.kind} ${change.action}`, count);
    add(calls, kindRows[change.kind].api, callsOf(change) * count);
  }
  return {
    count: (kind, action) => counts.get(action === undefined ? kind : `${kind} ${action}`) ?? 0,
    calls: (api) => calls.get(api) ?? 0,
  };
};

/** Waves of as many as AWS lets be outstanding. */
const waves = (count: number, outstanding: number): number => Math.ceil(count / outstanding) * asynchronousSeconds;

const secondsOf = ({ count, calls }: PlanCounts, lists: number): number => {
  const assignments = waves(count('assignment'), concurrency.outstandingAssignments);
  const provisions = waves(count('permission-set', 'update'), concurrency.outstandingProvisions);
  const attaching = count('attachment') + sum(controlKinds.map((kind) => count(kind)));
  const moving = count('account') + count('ou', 'update') + count('ou', 'delete');
  return sum([
    Math.max(assignments + provisions, (calls('sso-admin') + lists) / ssoAdminRate.rate),
    calls('identity-store') / identityStoreRate.rate,
    calls('account-access') / accountAccessRate.rate,
    attaching / rateOf('AttachPolicy'),
    moving / rateOf('MoveAccount'),
    count('ou', 'create') / rateOf('CreateOrganizationalUnit'),
    count('policy-type') / rateOf('EnablePolicyType'),
  ]);
};

const apis: readonly Api[] = [...new Set(Object.values(kindRows).map(({ api }) => api))];

/** Whole seconds, rounded up; reading is not counted. */
export const estimateOf = (changes: readonly Change[], countIn: CountAccounts = eachOnce): Plan['estimate'] => {
  const counts = countsIn(changes, countIn);
  const lists = listsOf(changes, countIn);
  const iam = iamEstimate(changes, countIn);
  return {
    calls: sum(apis.map(counts.calls)) + lists + iam.calls,
    seconds: Math.ceil(secondsOf(counts, lists) + iam.seconds),
  };
};

type CredentialSides = { readonly delegated: string | null; readonly management: string };

/** Sets that are or will be provisioned in the management account. */
export const managementSetsIn = (states: readonly State[], management: string): ReadonlySet<string> =>
  new Set(
    states.flatMap((state) =>
      resourcesOf(state, 'assignment')
        .filter(({ account }) => account === management)
        .map(({ permissionSet }) => permissionSet),
    ),
  );

/** Sets that are, were or will be in the management account: the delegated administrator cannot touch them anywhere. */
export const isManagementOnly = (
  change: Change,
  sides: CredentialSides,
  managementSets: ReadonlySet<string>,
): boolean => {
  const resource = beforeOf(change) ?? subjectOf(change);
  if (kindRows[change.kind].api === 'organizations') return true;
  if (resource.kind === 'permission-set') return managementSets.has(resource.name);
  return (
    resource.kind === 'assignment' &&
    (resource.account === sides.management || managementSets.has(resource.permissionSet))
  );
};

/** Which credential each change needs; without a delegated administrator everything is the management account's. */
export const lanesOf = (
  changes: readonly Change[],
  sides: CredentialSides,
  managementSets: ReadonlySet<string>,
): readonly Lane[] => {
  const management = changes.filter(
    (change) => sides.delegated === null || isManagementOnly(change, sides, managementSets),
  );
  const isManagement = new Set(management);
  const delegated = changes.filter((change) => !isManagement.has(change));
  const lanes: readonly Lane[] = [
    { credential: 'management', changes: management.map(({ id }) => id) },
    { credential: 'delegated', changes: delegated.map(({ id }) => id) },
  ];
  return lanes.filter((lane) => lane.changes.length > 0);
};
