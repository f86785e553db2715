/** The report of one state, or of the two sides of a plan. */
import { groupKey, keyOf, permissionSetKey, resourcesOf } from '../model/resource.ts';
import type { PermissionSet, Role } from '../model/resource.ts';
import { accessRowsOf, changesOf } from './changes.ts';
import { reportGrants, groupMembersOf } from './grants.ts';
import { reachRowsOf } from './reaches.ts';
import { railsOf } from './rails.ts';
import type { Report, ReportAccount, ReportPrincipal, ReportSet } from './report.ts';
import { rolePolicyNames, reportRolesOf } from './roles.ts';
import { settingsOf } from './settings.ts';
import { listsOf, sideMarksOf, ofBoth, pathText } from './sides.ts';
import type { GivenThing, Lists, Named, ReportInput } from './sides.ts';

const accountsOf = (input: ReportInput, { accounts }: Lists): readonly ReportAccount[] => {
  const { accountTags, managementAccount } = input.desired;
  return accounts.map((account) => {
    const tags = accountTags[account.name] ?? {};
    const isProduction = tags['env'] === 'prod';
    return {
      name: account.name,
      id: account.id,
      ou: pathText(account.parent),
      tags: Object.entries(tags).map(([name, value]) => `${name}=${value}`),
      kind: account.name === managementAccount ? 'management' : isProduction ? 'production' : 'elsewhere',
      ...sideMarksOf(input, keyOf(account)),
    };
  });
};

const userPlaces = (input: ReportInput): ReadonlyMap<string, string> =>
  new Map(
    resourcesOf(input.state, 'user').flatMap((user) => {
      const { at } = sideMarksOf(input, keyOf(user));
      return at === undefined ? [] : [[user.name, at] as const];
    }),
  );

const principalsOf = (input: ReportInput, { principals }: Lists): readonly ReportPrincipal[] => {
  const groups = new Map(ofBoth(input, 'group').map((group) => [group.name, group] as const));
  const users = userPlaces(input);
  return principals.map(({ type, name }: Named) => {
    const group = type === 'group' ? groups.get(name) : undefined;
    const at = type === 'user' ? users.get(name) : undefined;
    return {
      type,
      name,
      ...(group?.description === undefined ? {} : { description: group.description }),
      ...(group?.source === 'external' ? { external: true as const } : {}),
      ...(at === undefined ? {} : { at }),
      ...(type === 'group' ? sideMarksOf(input, groupKey(name)) : {}),
    };
  });
};

const policiesOf = (set: PermissionSet): readonly string[] => [
  ...set.managedPolicies.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)),
  ...set.customerManagedPolicies.map(({ name }) => name),
  ...(set.inlinePolicy === undefined ? [] : ['an inline policy']),
];

const setRow = (input: ReportInput, set: PermissionSet): ReportSet => ({
  name: set.name,
  ...(set.description === undefined ? {} : { description: set.description }),
  session: set.sessionDuration,
  policies: policiesOf(set),
  ...sideMarksOf(input, permissionSetKey(set.name)),
});

/** Said of it is what the first account has; the accounts have a list of their own. */
const enteredRow = (input: ReportInput, name: string, [role]: readonly Role[]): ReportSet => ({
  name,
  isRole: true,
  ...(role?.description === undefined ? {} : { description: role.description }),
  ...(role === undefined ? {} : { session: role.maxSessionDuration }),
  policies: role === undefined ? [] : rolePolicyNames(role),
  ...(role === undefined ? {} : sideMarksOf(input, keyOf(role))),
});

const setsOf = (input: ReportInput, { sets }: Lists): readonly ReportSet[] =>
  sets.map((thing: GivenThing) =>
    thing.kind === 'role' ? enteredRow(input, thing.name, thing.roles) : setRow(input, thing.set),
  );

export const reportOf = (input: ReportInput): Report => {
  const lists = listsOf(input);
  const { plan, repository, folder } = input;
  return {
    version: 1,
    subject: input.subject,
    organization: input.organization,
    generatedAt: input.now,
    ...(repository === undefined ? {} : { repository }),
    ...(folder === undefined ? {} : { folder }),
    notes: input.notes,
    accounts: accountsOf(input, lists),
    ous: ofBoth(input, 'ou').map((ou) => ({ path: pathText(ou.path), ...sideMarksOf(input, keyOf(ou)) })),
    principals: principalsOf(input, lists),
    members: groupMembersOf(input, lists),
    sets: setsOf(input, lists),
    grants: reportGrants(input, lists),
    ...reachRowsOf(input, lists),
    rails: railsOf(input),
    settings: settingsOf(input, lists),
    roles: reportRolesOf(input, lists),
    tests: input.tests,
    changes: plan === undefined ? [] : changesOf(plan, input.subject),
    access: plan === undefined ? [] : accessRowsOf(plan),
  };
};
