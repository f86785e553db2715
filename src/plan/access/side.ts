/** One state of the organization, before or after, as who holds which roles where. */
import { isEntitling } from '../../model/entitled-role.ts';
import { fixedPolicies, isFullAccessName } from '../../kinds/control-policies.ts';
import type { ActionCatalogue } from '../../evaluate/action-catalogue.ts';
import type { PolicyLevel, NamedPolicy } from '../../evaluate/layers.ts';
import type { Bundle, ReachEngine, ReachableActions } from '../../evaluate/reach/reach.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type {
  Account,
  Assignment,
  Grant,
  GuardRailKind,
  CustomerManagedPolicy,
  Entitlement,
  Key,
  Kind,
  PermissionSet,
  Resource,
  ResourceOf,
  Role as IamRole,
  State,
} from '../../model/resource.ts';
import {
  controlPolicyKey,
  customerPolicyKey,
  entitledRoleKey,
  guardRailKinds,
  isGuardRail,
  pathToRoot,
  policyTypeKey,
  policyTypes,
  principalText,
  roleKey,
  targetText,
} from '../../model/resource.ts';
import { fullAccessDocument } from '../../model/policy.ts';

import type { AccountSample } from '../situation/account-classes.ts';

/** What AWS says about actions and its own policies: the action catalogue and the managed policies. */
export type Knowledge = { readonly actions: ActionCatalogue; readonly policies: Catalogue };

export type OrganizationPlace = {
  readonly organization: string;
  readonly region: string;
  readonly managementAccount: string;
};

/** `group:NAME` or `user:NAME` -> account -> the names of what they hold. */
type Holdings = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

export type AccessSide = {
  readonly holdings: Holdings;
  /** Of the roles that they are put on themselves, the keys. */
  readonly entitled: Holdings;
  /** By principal text of the group, the principal texts of its users; and the reverse. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Undefined where the set or the account does not exist. */
  readonly role: (permissionSet: string, account: string) => ReachableActions | undefined;
  /** `role:PATH/NAME` -> account -> the role there. */
  readonly roles: ReadonlyMap<string, ReadonlyMap<string, ReachableActions>>;
  /** Of any role, compared or not. */
  readonly ofRole: (role: IamRole) => ReachableActions | undefined;
  /** By its key, as the state has it. */
  readonly roleOf: (key: Key) => ReachableActions | undefined;
};

export type SideContext = {
  readonly reach: ReachEngine;
  readonly policies: Catalogue;
  readonly place: OrganizationPlace;
};
/**
 * `tracks`: the keys of the IAM roles that are compared; nobody needs to be told of all the others. `sample`: the accounts in
 * which it is looked who holds what.
 */
type Tracking = SideContext & { readonly tracks: Tracks; readonly sample: AccountSample };

export const sideOf = (state: State, context: Tracking): AccessSide => {
  const chains = chainsOf(state, context);
  const sets = new Map(resourcesOf(state, 'permission-set').map((set) => [set.name, set] as const));
  const bundles = bundlesIn(state, context);
  const ofRole = roleBundles(state, context);
  const accounts = new Map(resourcesOf(state, 'account').map((account) => [account.name, account] as const));
  const reachedBy = (role: IamRole): ReachableActions | undefined => {
    const account = accounts.get(role.account);
    if (account === undefined) return undefined;
    const subject = { ...sessionIn(account, context), role: sessionRoleText(role) };
    return context.reach.role(ofRole(role), chains(account), subject);
  };
  const memberships = resourcesOf(state, 'membership').map(({ group, user }) => ({
    group: principalText({ type: 'group', name: group }),
    user: principalText({ type: 'user', name: user }),
  }));
  return {
    holdings: holdingsOf(resourcesOf(state, 'assignment'), context.sample, ({ permissionSet }) => permissionSet),
    entitled: holdingsOf(openIn(state), context.sample, entitledRoleKey),
    members: grouped(memberships, ({ group, user }) => [group, user]),
    groups: grouped(memberships, ({ group, user }) => [user, group]),
    role: remembered((permissionSet, name) => {
      const [set, account] = [sets.get(permissionSet), accounts.get(name)];
      if (set === undefined || account === undefined) return undefined;
      const subject = { ...sessionIn(account, context), permissionSet };
      return context.reach.role(bundles(set, name), chains(account), subject);
    }),
    roles: rolesIn(state, context, reachedBy),
    ofRole: reachedBy,
    roleOf: (key) => {
      const role = state[key];
      return role?.kind === 'role' ? reachedBy(role) : undefined;
    },
  };
};

export const sessionIn = ({ id, parent }: Account, { place: { organization, region } }: SideContext) => ({
  accountId: id,
  ouPath: parent,
  organization,
  region,
});

/** What the statements that tell accounts apart say to the holders of sets there. */
export const askedTexts = (
  context: SideContext,
  assignments: () => readonly Assignment[],
): ((account: Account) => string) => {
  const { reach } = context;
  if (!reach.tellsAccountsApart()) return () => '';
  const sets = grouped(assignments(), ({ account, permissionSet }) => [account, permissionSet]);
  return (account) => {
    const session = sessionIn(account, context);
    const names = [...new Set(sets.get(account.name))].sort();
    return names.map((permissionSet) => `${permissionSet} ${reach.said({ ...session, permissionSet })}`).join('\n');
  };
};

/** The path without its first slash, and the name. */
export const sessionRoleText = ({ path, name }: IamRole): string => `${path.slice(1)}${name}`;
export const rolePrincipal = (role: IamRole): string => `role:${sessionRoleText(role)}`;

const rolesIn = (
  state: State,
  { tracks }: Tracking,
  made: (role: IamRole) => ReachableActions | undefined,
): AccessSide['roles'] => {
  const roles = new Map<string, Map<string, ReachableActions>>();
  for (const role of resourcesOf(state, 'role')) {
    const one = tracks(roleKey(role)) ? made(role) : undefined;
    if (one === undefined) continue;
    const accounts = roles.get(rolePrincipal(role)) ?? new Map<string, ReachableActions>();
    roles.set(rolePrincipal(role), accounts.set(role.account, one));
  }
  return roles;
};

type Tracks = (key: Key) => boolean;
const everyRole: Tracks = () => true;

/** Every document that this state can put into force, of roles only those that are tracked. */
export const documentsIn = (state: State, policies: Catalogue, tracks = everyRole): readonly PolicyDocument[] => {
  const sets = resourcesOf(state, 'permission-set');
  const entitled = new Set(resourcesOf(state, 'entitlement').map(entitledRoleKey));
  const roles = resourcesOf(state, 'role').filter((role) => tracks(roleKey(role)) || entitled.has(roleKey(role)));
  const bearers = [...sets, ...roles];
  const managedArns = new Set(bearers.flatMap(managedArnsOf));
  const customerNames = new Set(bearers.flatMap(customerOf).map(({ path, name }) => `${path}${name}`));
  return [
    ...sets.flatMap(({ inlinePolicy }) => inlinePolicy ?? []),
    ...roles.flatMap(({ inlinePolicies }) => Object.values(inlinePolicies)),
    ...[...managedArns].flatMap((arn) => policies.document(arn) ?? []),
    ...resourcesOf(state, 'policy').flatMap(({ path, name, document }) =>
      customerNames.has(`${path}${name}`) ? [document] : [],
    ),
    ...guardRailKinds.flatMap((kind) => resourcesOf(state, kind)).map(({ document }) => document),
    fullAccessDocument,
  ];
};

const shelves = new WeakMap<State, ReadonlyMap<Kind, readonly Resource[]>>();

/** `resourcesOf` for large states that are asked often: one pass, remembered. */
const resourcesOf = <K extends Kind>(state: State, kind: K): readonly ResourceOf<K>[] => {
  const known = shelves.get(state) ?? shelved(state);
  shelves.set(state, known);
  return (known.get(kind) ?? []) as readonly ResourceOf<K>[];
};

const shelved = (state: State): ReadonlyMap<Kind, readonly Resource[]> => {
  const kinds = new Map<Kind, Resource[]>();
  for (const resource of Object.values(state)) {
    const shelf = kinds.get(resource.kind);
    if (shelf === undefined) kinds.set(resource.kind, [resource]);
    else shelf.push(resource);
  }
  return kinds;
};

const remembered = <T>(make: (one: string, other: string) => T): ((one: string, other: string) => T) => {
  const known = new Map<string, Map<string, { readonly made: T }>>();
  return (one, other) => {
    const inner = known.get(one) ?? new Map<string, { readonly made: T }>();
    known.set(one, inner);
    const found = inner.get(other) ?? { made: make(one, other) };
    inner.set(other, found);
    return found.made;
  };
};

const grouped = <T>(
  items: readonly T[],
  entry: (item: T) => readonly [string, string],
): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const [key, value] = entry(item);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [value]);
    else list.push(value);
  }
  return groups;
};

/** A role whose trust does not let account access manager in gives nobody anything. */
const openIn = (state: State): readonly Entitlement[] =>
  resourcesOf(state, 'entitlement').filter((one) => {
    const role = state[entitledRoleKey(one)];
    return role?.kind === 'role' && isEntitling(role.trust);
  });

const holdingsOf = <G extends Grant>(
  grants: readonly G[],
  sample: AccountSample,
  nameOf: (grant: G) => string,
): Holdings => {
  const holdings = new Map<string, Map<string, string[]>>();
  for (const grant of grants) {
    const { principal, account } = grant;
    if (principal.orphan || sample(account).length === 0) continue;
    const who = principalText(principal);
    const accounts = holdings.get(who) ?? new Map<string, string[]>();
    holdings.set(who, accounts);
    const names = accounts.get(account);
    if (names === undefined) accounts.set(account, [nameOf(grant)]);
    else names.push(nameOf(grant));
  }
  return holdings;
};

const managed = (arn: string, policies: Catalogue): NamedPolicy => ({
  name: arn.slice(arn.lastIndexOf('/') + 1),
  policy: policies.document(arn) ?? null,
});

/** The document of a customer managed policy where somebody acts; nobody knows it where the state does not have it. */
export type CustomerDocument = (policy: CustomerManagedPolicy) => PolicyDocument | null;
const unread: CustomerDocument = () => null;

const customerIn =
  (state: State, account: string): CustomerDocument =>
  (policy) => {
    const found = state[customerPolicyKey({ ...policy, account })];
    return found?.kind === 'policy' ? found.document : null;
  };

type SetPolicyBearer = Pick<PermissionSet, 'managedPolicies' | 'customerManagedPolicies' | 'permissionsBoundary'>;

const customerManaged = (policy: CustomerManagedPolicy, customer: CustomerDocument): NamedPolicy => ({
  name: `${policy.path}${policy.name}`,
  policy: customer(policy),
});

const managedIn = (bearer: SetPolicyBearer, policies: Catalogue, customer = unread): readonly NamedPolicy[] => [
  ...bearer.managedPolicies.map((arn) => managed(arn, policies)),
  ...bearer.customerManagedPolicies.map((policy) => customerManaged(policy, customer)),
];

const identityOf = (set: PermissionSet, policies: Catalogue, customer = unread): readonly NamedPolicy[] => [
  ...managedIn(set, policies, customer),
  ...(set.inlinePolicy === undefined ? [] : [{ name: 'inline policy', policy: set.inlinePolicy }]),
];

const boundaryOf = (
  { permissionsBoundary: boundary }: SetPolicyBearer,
  policies: Catalogue,
  customer = unread,
): readonly NamedPolicy[] => {
  if (boundary === undefined) return [];
  return 'managedPolicy' in boundary
    ? [managed(boundary.managedPolicy, policies)]
    : [customerManaged(boundary.customerManagedPolicy, customer)];
};

/** Without `customer`, customer managed policies may allow or deny anything. */
export const bundleOf = (
  set: PermissionSet,
  { reach, policies }: SideContext,
  customer: CustomerDocument = unread,
): Bundle => reach.identity(identityOf(set, policies, customer), boundaryOf(set, policies, customer));

const customerOf = ({ customerManagedPolicies, permissionsBoundary: boundary }: SetPolicyBearer) => [
  ...customerManagedPolicies,
  ...(boundary !== undefined && 'customerManagedPolicy' in boundary ? [boundary.customerManagedPolicy] : []),
];

const managedArnsOf = ({ managedPolicies, permissionsBoundary: boundary }: SetPolicyBearer): readonly string[] => [
  ...managedPolicies,
  ...(boundary !== undefined && 'managedPolicy' in boundary ? [boundary.managedPolicy] : []),
];

/** A set means the same in every account, unless it names policies that each account has for itself. */
const bundlesIn = (state: State, context: SideContext): ((set: PermissionSet, account: string) => Bundle) => {
  const known = new Map<string, Bundle>();
  return (set, account) => {
    const varies = customerOf(set).length > 0;
    const name = varies ? `${set.name} ${account}` : set.name;
    const made = known.get(name) ?? bundleOf(set, context, varies ? customerIn(state, account) : unread);
    known.set(name, made);
    return made;
  };
};

/** Of a role. */
export const bundleOfRole = (role: IamRole, { reach, policies }: SideContext, customer: CustomerDocument): Bundle =>
  reach.identity(identityOfRole(role, policies, customer), boundaryOf(role, policies, customer));

/** One role in many accounts means the same in each, if its policies do. */
const roleBundles = (state: State, context: SideContext): ((role: IamRole) => Bundle) => {
  const known = new Map<string, Bundle>();
  return (role) => {
    const { managedPolicies, inlinePolicies, permissionsBoundary } = role;
    const customer = customerIn(state, role.account);
    const own = customerOf(role).map((policy) => [policy, customer(policy)]);
    const name = JSON.stringify([managedPolicies, inlinePolicies, permissionsBoundary ?? null, own]);
    const made = known.get(name) ?? bundleOfRole(role, context, customer);
    known.set(name, made);
    return made;
  };
};

const identityOfRole = (role: IamRole, policies: Catalogue, customer: CustomerDocument): readonly NamedPolicy[] => [
  ...managedIn(role, policies, customer),
  ...Object.entries(role.inlinePolicies).map(([name, policy]) => ({ name: `inline policy ${name}`, policy })),
];

const documentOf = (state: State, kind: GuardRailKind, name: string): PolicyDocument | null => {
  const policy = state[controlPolicyKey({ kind, name })];
  if (isGuardRail(policy)) return policy.document;
  return isFullAccessName(name) ? fullAccessDocument : null;
};

const implied = (kind: GuardRailKind): readonly NamedPolicy[] =>
  fixedPolicies(kind).map((name) => ({ name, policy: fullAccessDocument }));

/** The levels from root to account; none where the policy type is not enabled or the account is exempt. */
export const chainsOf = (state: State, { reach, place }: SideContext): ((account: Account) => Bundle) => {
  const attached = grouped(resourcesOf(state, 'attachment'), ({ policy, target }) => [
    `${policy.kind}@${targetText(target)}`,
    policy.name,
  ]);
  const levelOf = (kind: GuardRailKind, level: string): PolicyLevel => {
    const names = attached.get(`${kind}@${level}`) ?? [];
    const policies = names.map((name) => ({ name, policy: documentOf(state, kind, name) }));
    const fixed = fixedPolicies(kind);
    return { level, policies: [...policies.filter(({ name }) => !fixed.includes(name)), ...implied(kind)] };
  };
  const levels = (kind: GuardRailKind, account: Account): readonly PolicyLevel[] => {
    if (state[policyTypeKey(policyTypes[kind])] === undefined || account.name === place.managementAccount) return [];
    const above = pathToRoot(account.parent).map((path) => (path === '' ? 'root' : `ou:${path}`));
    const own = targetText({ type: 'account', name: account.name });
    return [...[...above].reverse(), own].map((level) => levelOf(kind, level));
  };
  const known = new Map<string, Bundle>();
  return (account) => {
    const made = known.get(account.name) ?? reach.chain(levels('scp', account), levels('rcp', account));
    known.set(account.name, made);
    return made;
  };
};
