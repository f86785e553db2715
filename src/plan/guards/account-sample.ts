/**
 * Accounts of which guards are told the same: the plan goes alike through them, no document tells them apart, and the
 * reconciler's own roles in them say the same. Where one of a class is fine, all of them are.
 */
import { accountsToldBy } from '../../evaluate/accounts-told.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { grouped } from '../../model/lists.ts';
import { afterOf, subjectOf } from '../../model/plan.ts';
import type { Change } from '../../model/plan.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import { accountKey, isGuardRail, isInAccount, resourcesOf } from '../../model/resource.ts';
import type { Account, CustomerPolicy, PermissionSet, Resource, Role, State } from '../../model/resource.ts';
import { courseSampleOf } from '../proof/account-sample.ts';
import { everyAccount } from '../situation/account-classes.ts';
import type { AccountSample } from '../situation/account-classes.ts';
import type { Situation } from '../situation/situation.ts';

type GuardCourse = {
  readonly situation: Situation;
  readonly catalogue: Catalogue;
  readonly changes: readonly Change[];
};

const ofSet = ({ inlinePolicy, managedPolicies, permissionsBoundary }: PermissionSet, catalogue: Catalogue) => {
  const limit =
    permissionsBoundary !== undefined && 'managedPolicy' in permissionsBoundary
      ? [permissionsBoundary.managedPolicy]
      : [];
  return [inlinePolicy, ...[...managedPolicies, ...limit].map((arn) => catalogue.document(arn))];
};

/** Of all that binds in several accounts. */
export const sharedDocuments = (resources: readonly Resource[], catalogue: Catalogue): readonly PolicyDocument[] =>
  resources
    .flatMap((one) => {
      if (isGuardRail(one)) return [one.document];
      return one.kind === 'permission-set' ? ofSet(one, catalogue) : [];
    })
    .filter((one) => one !== undefined);

const ownId = 'the account itself';

type RoleOrPolicy = Role | CustomerPolicy;

/** Its own account stands for itself, wherever the role or policy is. */
const ownText = ({ id }: Account, one: RoleOrPolicy): string =>
  JSON.stringify({ ...one, account: '' }).replaceAll(id, ownId);

const documentsOfOwn = (account: Account, one: RoleOrPolicy): readonly PolicyDocument[] => {
  const documents = one.kind === 'policy' ? [one.document] : [one.trust, ...Object.values(one.inlinePolicies)];
  return documents.map((each) => JSON.parse(JSON.stringify(each).replaceAll(account.id, ownId)) as PolicyDocument);
};

/** Roles and policies that differ in nothing but their account are read once. */
const ownTexts = (state: State) => {
  const own: readonly RoleOrPolicy[] = [...resourcesOf(state, 'role'), ...resourcesOf(state, 'policy')];
  const byAccount = grouped(own, ({ account }) => account);
  const documents = new Map<string, readonly PolicyDocument[]>();
  return {
    documents,
    textOf: (account: Account): string =>
      (byAccount.get(account.name) ?? [])
        .map((one) => {
          const text = ownText(account, one);
          if (!documents.has(text)) documents.set(text, documentsOfOwn(account, one));
          return text;
        })
        .join('\n'),
  };
};

export const isOutdatedIn = (sets: readonly PermissionSet[], account: string): string =>
  sets.flatMap(({ name, outdatedIn }) => (outdatedIn.includes(account) ? [name] : [])).join('\n');

/** Accounts in which something of IAM changes, and the one that the reconciler works from, are looked at by themselves. */
const singled = ({ situation: { desired }, changes }: GuardCourse): ReadonlySet<string> => {
  const changed = changes.map(subjectOf).flatMap((one) => (isInAccount(one) ? [one.account] : []));
  return new Set([...changed, desired.managementAccount, desired.settings.delegatedAdministrator ?? '']);
};

const samples = new WeakMap<readonly Change[], Pick<GuardCourse, 'situation'> & { readonly sample: AccountSample }>();

/** Of declared accounts. Several guards ask of the same plan. */
export const guardSampleOf = (course: GuardCourse): AccountSample => {
  const known = samples.get(course.changes);
  if (known?.situation === course.situation) return known.sample;
  const sample = sampleMade(course);
  samples.set(course.changes, { situation: course.situation, sample });
  return sample;
};

const sampleMade = (course: GuardCourse): AccountSample => {
  const { situation, catalogue, changes } = course;
  const { current, desired } = situation;
  const accounts = Object.values(desired.accounts).flatMap((name) => {
    const found = current[accountKey(name)];
    return found?.kind === 'account' ? [found] : [];
  });
  const inside = ownTexts(current);
  const texts = new Map(accounts.map((account) => [account.name, inside.textOf(account)]));
  const shared = [...Object.values(current), ...changes.flatMap((change) => afterOf(change) ?? [])];
  const told = accountsToldBy([...sharedDocuments(shared, catalogue), ...[...inside.documents.values()].flat()]);
  if (told.apart) return everyAccount;
  const own = singled(course);
  const outdated = resourcesOf(current, 'permission-set').filter(({ outdatedIn }) => outdatedIn.length > 0);
  return courseSampleOf(
    { current, changes, managementAccount: desired.managementAccount },
    accounts,
    ({ name, id, parent }) =>
      JSON.stringify([
        told.byPath ? parent : '',
        told.named.has(id) || own.has(name) ? name : '',
        texts.get(name),
        isOutdatedIn(outdated, name),
      ]),
  );
};

/** What is found in each account; only in classes of which the one that stands for it finds something, all are asked. */
export const foundAlike = <T>(
  accounts: readonly string[],
  sample: AccountSample,
  ask: (account: string) => readonly T[],
): readonly T[] => {
  const asked = new Map<string, readonly T[]>();
  const open = new Set<string>();
  for (const account of accounts) {
    const members = sample(account);
    if (members.length === 0) continue;
    const found = ask(account);
    asked.set(account, found);
    for (const name of found.length === 0 ? [] : members) open.add(name);
  }
  return accounts.flatMap((account) => (open.has(account) ? (asked.get(account) ?? ask(account)) : []));
};
