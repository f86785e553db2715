/** What roles, customer policies and OIDC providers cost in calls; each account has rates of its own. */
import { changedFields } from '../kinds/equal.ts';
import type { Change } from '../model/plan.ts';
import { beforeOf, subjectOf } from '../model/plan.ts';
import { iamReadRate, iamWriteRate } from '../model/quotas.ts';
import type { Resource, Role } from '../model/resource.ts';
import type { CountAccounts } from './situation/account-classes.ts';
import { bareRole, closedRole, effectByName, roleCourse } from '../change/role-steps.ts';

type IamCalls = { readonly reads: number; readonly writes: number };

/** The role, the names of its policies, what is attached, its instance profiles; each inline policy is a call more. */
const readsOfRole = (role: Role): number => 4 + Object.keys(role.inlinePolicies).length;

const writesBetween = (before: Role, after: Role): number => roleCourse(before, after, effectByName).length;

/** Read before it is edited or deleted, and after it was made or edited. */
const ofRole = (before: Role | undefined, after: Role | undefined): IamCalls => {
  if (after === undefined) {
    const closed = before === undefined ? undefined : closedRole(before);
    const detaching = closed === undefined ? 0 : writesBetween(closed, bareRole(closed));
    return { reads: before === undefined ? 0 : readsOfRole(before) + 2, writes: 2 + detaching };
  }
  if (before === undefined) return { reads: readsOfRole(after), writes: 1 + writesBetween(bareRole(after), after) };
  return { reads: readsOfRole(before) + readsOfRole(after), writes: writesBetween(before, after) };
};

/** A document is a new version, tags are set and removed; the versions are listed before one is made or all are deleted. */
const ofEdited = (before: Resource, after: Resource): IamCalls => {
  const fields = changedFields(before, after);
  const isTagged = fields.some((field) => field === 'tags' || field === 'owner');
  const isEdited = fields.some((field) => field !== 'tags' && field !== 'owner');
  return { reads: isEdited ? 5 : 4, writes: (isTagged ? 1 : 0) + (isEdited ? 1 : 0) };
};

const ofOther = (change: Change): IamCalls => {
  if (change.action === 'update') return ofEdited(change.before, change.after);
  return change.action === 'create' ? { reads: 2, writes: 1 } : { reads: 3, writes: 1 };
};

const roleIn = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

const isOfIam = ({ kind }: Change): boolean => kind === 'role' || kind === 'policy' || kind === 'oidc-provider';

const callsOf = (change: Change): IamCalls => {
  if (change.kind !== 'role') return ofOther(change);
  return ofRole(roleIn(beforeOf(change)), change.action === 'delete' ? undefined : roleIn(change.after));
};

const accountOf = (change: Change): string => {
  const resource = subjectOf(change);
  return 'account' in resource ? resource.account : '';
};

const noCalls: IamCalls = { reads: 0, writes: 0 };
const added = (one: IamCalls, other: IamCalls): IamCalls => ({
  reads: one.reads + other.reads,
  writes: one.writes + other.writes,
});

/** Accounts are written at the same time: the longest decides. One call lets the reconciler into each. */
export const iamEstimate = (
  changes: readonly Change[],
  countIn: CountAccounts,
): { readonly calls: number; readonly seconds: number } => {
  const accounts = new Map<string, IamCalls>();
  for (const change of changes.filter(isOfIam)) {
    const account = accountOf(change);
    accounts.set(account, added(accounts.get(account) ?? noCalls, callsOf(change)));
  }
  let [calls, seconds] = [0, 0];
  for (const [account, { reads, writes }] of accounts) {
    calls += (reads + writes + 1) * countIn(account);
    seconds = Math.max(seconds, reads / iamReadRate.rate + writes / iamWriteRate.rate);
  }
  return { calls, seconds };
};
