/** Which policies bind a principal in an account, read from a state, each statement with the place where it is written. */

import { isEntitling } from '../model/entitled-role.ts';
import type { IamGroup, IamUser } from '../model/iam-user.ts';
import { grouped, remembered } from '../model/lists.ts';
import type { Place } from '../model/problem.ts';
import {
  accountKey,
  customerPolicyKey,
  entitledRoleKey,
  permissionSetKey,
  resourcesOf,
  roleKey,
} from '../model/resource.ts';
import type {
  Account,
  Assignment,
  CustomerManagedPolicy,
  Entitlement,
  GuardRailKind,
  Key,
  PermissionSet,
  Role,
} from '../model/resource.ts';
import type { PolicyDocument } from '../model/policy.ts';
import { statements } from '../model/policy.ts';
import { hangerOf, levelsFor } from './control-levels.ts';
import type { PolicyLevel, NamedPolicy, PolicyLayers } from './layers.ts';
import { placedResources } from './placed-resources.ts';
import type { PlacedResource } from './placed-resources.ts';
import type { WorldInput } from './world-input.ts';

/** A role in its account; `trust` is its trust policy. */
export type PlacedRole = {
  readonly role: Role;
  readonly account: Account;
  readonly arn: string;
  readonly trust: NamedPolicy;
};

export type PlacedUser = { readonly user: IamUser; readonly account: Account; readonly arn: string };

export type AccessWorld = WorldInput & {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly accountWithId: (id: string) => Account | undefined;
  readonly assignments: readonly Assignment[];
  /** By the account's name. */
  readonly assignmentsIn: (account: string) => readonly Assignment[];
  /** Of roles that let account access manager in. */
  readonly entitlements: readonly Entitlement[];
  readonly entitlementsIn: (account: string) => readonly Entitlement[];
  /** The groups that are known to have the user. */
  readonly groupsOf: (user: string) => ReadonlySet<string>;
  /** By ARN. */
  readonly roles: ReadonlyMap<string, PlacedRole>;
  /** By the account's name. */
  readonly rolesIn: (account: string) => readonly PlacedRole[];
  /** IAM users by ARN. */
  readonly users: ReadonlyMap<string, PlacedUser>;
  /** By the account's name. */
  readonly usersIn: (account: string) => readonly PlacedUser[];
  /** Of which the state has the policy. */
  readonly resources: readonly PlacedResource[];
  /** Policy lists are made once, so that what is known of a document is used again. */
  readonly setPolicies: (set: PermissionSet, account: Account) => PolicyLayers;
  readonly levels: (kind: GuardRailKind, account: Account) => readonly PolicyLevel[];
};

export const createWorld = (input: WorldInput): AccessWorld => {
  const accounts = new Map(resourcesOf(input.state, 'account').map((account) => [account.name, account]));
  const attachments = grouped(resourcesOf(input.state, 'attachment'), ({ policy, target }) =>
    hangerOf(policy.kind, target),
  );
  const levelsOf = remembered((name: string) => {
    const [kind, account] = name.split('\n') as [GuardRailKind, string];
    const found = accounts.get(account);
    return found === undefined ? [] : levelsFor({ kind, account: found, attachments }, input);
  });
  const roles = rolesByArn(accounts, input);
  const users = usersByArn(accounts, input);
  const rolesByAccount = grouped(roles.values(), ({ account }) => account.name);
  const usersByAccount = grouped(users.values(), ({ account }) => account.name);
  const assignments = resourcesOf(input.state, 'assignment');
  const byAccount = grouped(assignments, ({ account }) => account);
  const byUser = grouped(resourcesOf(input.state, 'membership'), ({ user }) => user);
  return {
    ...input,
    accounts,
    accountWithId: withId(accounts),
    assignments,
    assignmentsIn: (account) => byAccount.get(account) ?? [],
    ...openEntitlements(input),
    groupsOf: remembered((user) => new Set((byUser.get(user) ?? []).map(({ group }) => group))),
    roles,
    rolesIn: (account) => rolesByAccount.get(account) ?? [],
    resources: placedResources(accounts, input),
    users,
    usersIn: (account) => usersByAccount.get(account) ?? [],
    setPolicies: setPoliciesIn(input),
    levels: (kind, account) => levelsOf(`${kind}\n${account.name}`),
  };
};

const setPoliciesIn = (input: WorldInput): AccessWorld['setPolicies'] => {
  const byName = new Map<string, PolicyLayers>();
  return (set, { name }) => {
    const key = variesByAccount(set) ? `${set.name}\n${name}` : set.name;
    const known = byName.get(key) ?? policiesOfSet(set, name, input);
    byName.set(key, known);
    return known;
  };
};

const withId = (accounts: ReadonlyMap<string, Account>): AccessWorld['accountWithId'] => {
  const byId = new Map([...accounts.values()].map((account) => [account.id, account]));
  return (id) => byId.get(id);
};

/** A role whose trust does not let account access manager in gives nobody anything. */
const openEntitlements = ({ state }: WorldInput): Pick<AccessWorld, 'entitlements' | 'entitlementsIn'> => {
  const entitlements = resourcesOf(state, 'entitlement').filter((one) => {
    const role = state[entitledRoleKey(one)];
    return role?.kind === 'role' && isEntitling(role.trust);
  });
  const byAccount = grouped(entitlements, ({ account }) => account);
  return { entitlements, entitlementsIn: (account) => byAccount.get(account) ?? [] };
};

const managed = (arn: string, place: Place | undefined, { catalogue }: WorldInput): NamedPolicy => {
  const policy = catalogue.document(arn) ?? null;
  const places = policy === null ? [] : statements(policy).map(() => place);
  return { name: arn.slice(arn.lastIndexOf('/') + 1), policy, places, byAws: true };
};

const nothing: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/**
 * Of this account. Where the state does not have it, nobody knows what it says, and a decision depends on it; unless it is
 * known not to be there: then it gives nothing.
 */
const customer = (
  policy: CustomerManagedPolicy,
  account: string,
  { state, origins, gone }: WorldInput,
): NamedPolicy => {
  const key = customerPolicyKey({ ...policy, account });
  const found = state[key];
  if (found?.kind !== 'policy') return { name: policy.name, policy: gone?.(key) === true ? nothing : null };
  const places = statements(found.document).map((_, index) => origins[`${key}#/document/Statement/${index}`]);
  return { name: policy.name, policy: found.document, places };
};

type Inline = { readonly name: string; readonly policy: PolicyDocument | null; readonly at: string };

const inline = ({ name, policy, at }: Inline, { origins }: WorldInput): NamedPolicy => ({
  name,
  policy,
  places: policy === null ? [] : statements(policy).map((_, index) => origins[`${at}/Statement/${index}`]),
});

/** What a permission set and a role have in common; `key` is its own, `account` where it acts. */
type PolicyBearer = Pick<Role, 'managedPolicies' | 'customerManagedPolicies' | 'permissionsBoundary'> & {
  readonly key: Key;
  readonly account: string;
  readonly inline: readonly Inline[];
};

const variesByAccount = ({ customerManagedPolicies, permissionsBoundary: boundary }: PermissionSet): boolean =>
  customerManagedPolicies.length > 0 || (boundary !== undefined && 'customerManagedPolicy' in boundary);

const boundaryOf = ({ key, account, permissionsBoundary: boundary }: PolicyBearer, input: WorldInput) => {
  if (boundary === undefined) return [];
  const place = input.origins[`${key}#/permissionsBoundary`];
  return 'managedPolicy' in boundary
    ? [managed(boundary.managedPolicy, place, input)]
    : [customer(boundary.customerManagedPolicy, account, input)];
};

const policiesOf = (bearer: PolicyBearer, input: WorldInput): PolicyLayers => ({
  identityPolicies: [
    ...bearer.inline.map((one) => inline(one, input)),
    ...bearer.managedPolicies.map((arn, index) =>
      managed(arn, input.origins[`${bearer.key}#/managedPolicies/${index}`], input),
    ),
    ...bearer.customerManagedPolicies.map((policy) => customer(policy, bearer.account, input)),
  ],
  boundary: boundaryOf(bearer, input),
});

const policiesOfSet = (set: PermissionSet, account: string, input: WorldInput): PolicyLayers => {
  const key = permissionSetKey(set.name);
  const { inlinePolicy: policy } = set;
  const own = policy === undefined ? [] : [{ name: `${set.name} (inline)`, policy, at: `${key}#/inlinePolicy` }];
  return policiesOf({ ...set, key, account, inline: own }, input);
};

export const policiesOfRole = (role: Role, input: WorldInput): PolicyLayers => {
  const key = roleKey(role);
  const own = Object.entries(role.inlinePolicies).map(([name, policy]) => ({
    name: `${role.name} (inline ${name})`,
    policy,
    at: `${key}#/inlinePolicies/${name}`,
  }));
  return policiesOf({ ...role, key, inline: own }, input);
};

/** What a user or a group grants; nothing of it has a line in a file. */
const grantedBy = (account: string, one: IamGroup, input: WorldInput): readonly NamedPolicy[] => {
  const own = Object.entries(one.inlinePolicies).map(([name, policy]) => ({
    name: `${one.name} (inline ${name})`,
    policy,
    at: '',
  }));
  const { identityPolicies = [] } = policiesOf({ ...one, key: '', account, inline: own }, input);
  return identityPolicies;
};

/** Their own policies and those of their groups; a boundary limits both (IAM User Guide, "Permissions boundaries"). */
export const policiesOfUser = (user: IamUser, input: WorldInput): PolicyLayers => ({
  identityPolicies: [
    ...grantedBy(user.account, user, input),
    ...user.groups.flatMap((group) =>
      grantedBy(user.account, group, input).map((policy) => ({
        ...policy,
        name: `${policy.name} of group ${group.name}`,
      })),
    ),
  ],
  boundary: boundaryOf({ ...user, key: '', inline: [] }, input),
});

const usersByArn = (
  accounts: ReadonlyMap<string, Account>,
  { iamUsers = [] }: WorldInput,
): ReadonlyMap<string, PlacedUser> =>
  new Map(
    iamUsers.flatMap((user) => {
      const account = accounts.get(user.account);
      if (account === undefined) return [];
      const arn = `arn:aws:iam::${account.id}:user${user.path}${user.name}`;
      return [[arn, { user, account, arn }]];
    }),
  );

const rolesByArn = (
  accounts: ReadonlyMap<string, Account>,
  { state, origins }: WorldInput,
): ReadonlyMap<string, PlacedRole> =>
  new Map(
    resourcesOf(state, 'role').flatMap((role) => {
      const account = accounts.get(role.account);
      if (account === undefined) return [];
      const arn = `arn:aws:iam::${account.id}:role${role.path}${role.name}`;
      const places = statements(role.trust).map((_, index) => origins[`${roleKey(role)}#/trust/${index}`]);
      return [[arn, { role, account, arn, trust: { name: `trust of ${role.name}`, policy: role.trust, places } }]];
    }),
  );

const roleArn = /^arn:aws:iam::(\d{12}):role\/(?:.+\/)?([^/*?]+)$/;
const madeByAWS = /:role\/(aws-reserved|aws-service-role)\//;

/** Whether there is surely no role of this ARN; a name is one role's in an account, whatever its path. */
export const isNoRole = ({ accountWithId, roles, state, gone }: AccessWorld, arn: string): boolean => {
  const [, id = '', name = ''] = roleArn.exec(arn) ?? [];
  const account = accountWithId(id);
  if (account === undefined || roles.has(arn) || madeByAWS.test(arn)) return false;
  const key = roleKey({ account: account.name, name });
  return state[key] !== undefined || gone?.(key) === true;
};

export const accountOf = (world: AccessWorld, name: string): Account | undefined => {
  const found = world.state[accountKey(name)];
  return found?.kind === 'account' ? found : undefined;
};

/** Names of the sets assigned in the account, each once: to anybody, or only to those whom `holds` picks. */
export const assignedSets = (
  world: AccessWorld,
  account: Account,
  holds: (assignment: Assignment) => boolean = () => true,
): readonly string[] => [
  ...new Set(
    world
      .assignmentsIn(account.name)
      .filter(holds)
      .map(({ permissionSet }) => permissionSet),
  ),
];

/** The roles of the account on which somebody is put themselves, each once: anybody, or only those whom `holds` picks. */
export const entitledRoles = (
  world: AccessWorld,
  account: Account,
  holds: (entitlement: Entitlement) => boolean = () => true,
): readonly Role[] => {
  const keys = new Set(world.entitlementsIn(account.name).filter(holds).map(entitledRoleKey));
  return [...keys].flatMap((key) => {
    const role = world.state[key];
    return role?.kind === 'role' ? [role] : [];
  });
};
