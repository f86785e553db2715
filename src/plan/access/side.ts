/** One state of the organization, before or after, as who holds which roles where. */
import type { ActionCatalogue } from '../../evaluate/action-catalogue.ts';
import type { Level, NamedPolicy } from '../../evaluate/layers.ts';
import type { Bundle, Reach, Role } from '../../evaluate/reach/reach.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type {
  Account,
  CustomerManagedPolicy,
  Kind,
  PermissionSet,
  PolicyTypeName,
  Resource,
  ResourceOf,
  State,
} from '../../model/resource.ts';
import {
  FULL_AWS_ACCESS,
  RCP_FULL_AWS_ACCESS,
  controlPolicyKey,
  fullAccessDocument,
  pathToRoot,
  policyTypeKey,
  principalText,
  targetText,
} from '../../model/resource.ts';

/** What AWS says about actions and its own policies: the action catalogue and the managed policies. */
export type Knowledge = { readonly actions: ActionCatalogue; readonly policies: Catalogue };

export type Place = { readonly organization: string; readonly region: string; readonly managementAccount: string };

/** `group:NAME` or `user:NAME` -> account -> the names of the permission sets. */
type Holdings = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

export type Side = {
  readonly holdings: Holdings;
  /** By principal text of the group, the principal texts of its users; and the reverse. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Undefined where the set or the account does not exist. */
  readonly role: (permissionSet: string, account: string) => Role | undefined;
};

export type SideContext = { readonly reach: Reach; readonly policies: Catalogue; readonly place: Place };

export const sideOf = (state: State, context: SideContext): Side => {
  const chains = chainsOf(state, context);
  const sets = new Map(resourcesOf(state, 'permission-set').map((set) => [set.name, bundleOf(set, context)] as const));
  const accounts = new Map(resourcesOf(state, 'account').map((account) => [account.name, account] as const));
  const memberships = resourcesOf(state, 'membership').map(({ group, user }) => ({
    group: principalText({ type: 'group', name: group }),
    user: principalText({ type: 'user', name: user }),
  }));
  return {
    holdings: holdingsOf(state),
    members: grouped(memberships, ({ group, user }) => [group, user]),
    groups: grouped(memberships, ({ group, user }) => [user, group]),
    role: remembered((permissionSet, name) => {
      const [bundle, account] = [sets.get(permissionSet), accounts.get(name)];
      if (bundle === undefined || account === undefined) return undefined;
      const { organization, region } = context.place;
      const subject = { permissionSet, accountId: account.id, ouPath: account.parent, organization, region };
      return context.reach.role(bundle, chains(account), subject);
    }),
  };
};

/** Every document that this state can put into force. */
export const documentsIn = (state: State, policies: Catalogue): readonly PolicyDocument[] => {
  const sets = resourcesOf(state, 'permission-set').flatMap((set) => [
    ...identityOf(set, policies),
    ...boundaryOf(set, policies),
  ]);
  const control = [...resourcesOf(state, 'scp'), ...resourcesOf(state, 'rcp')].map(({ document }) => document);
  return [...sets.flatMap(({ policy }) => (policy === null ? [] : [policy])), ...control, fullAccessDocument];
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

const holdingsOf = (state: State): Holdings => {
  const holdings = new Map<string, Map<string, string[]>>();
  for (const { principal, permissionSet, account } of resourcesOf(state, 'assignment')) {
    if (principal.orphan) continue;
    const who = principalText(principal);
    const accounts = holdings.get(who) ?? new Map<string, string[]>();
    holdings.set(who, accounts);
    const sets = accounts.get(account);
    if (sets === undefined) accounts.set(account, [permissionSet]);
    else sets.push(permissionSet);
  }
  return holdings;
};

const managed = (arn: string, policies: Catalogue): NamedPolicy => ({
  name: arn.slice(arn.lastIndexOf('/') + 1),
  policy: policies.document(arn) ?? null,
});

/** Its document lies in each account and is not part of the plan. */
const customerManaged = ({ path, name }: CustomerManagedPolicy): NamedPolicy => ({
  name: `${path}${name}`,
  policy: null,
});

const identityOf = (set: PermissionSet, policies: Catalogue): readonly NamedPolicy[] => [
  ...set.managedPolicies.map((arn) => managed(arn, policies)),
  ...set.customerManagedPolicies.map(customerManaged),
  ...(set.inlinePolicy === undefined ? [] : [{ name: 'inline policy', policy: set.inlinePolicy }]),
];

const boundaryOf = ({ permissionsBoundary: boundary }: PermissionSet, policies: Catalogue): readonly NamedPolicy[] => {
  if (boundary === undefined) return [];
  return 'managedPolicy' in boundary
    ? [managed(boundary.managedPolicy, policies)]
    : [customerManaged(boundary.customerManagedPolicy)];
};

export const bundleOf = (set: PermissionSet, { reach, policies }: SideContext): Bundle =>
  reach.identity(identityOf(set, policies), boundaryOf(set, policies));

const policyTypes: Readonly<Record<'scp' | 'rcp', PolicyTypeName>> = {
  scp: 'SERVICE_CONTROL_POLICY',
  rcp: 'RESOURCE_CONTROL_POLICY',
};

const documentOf = (state: State, kind: 'scp' | 'rcp', name: string): PolicyDocument | null => {
  const policy = state[controlPolicyKey({ kind, name })];
  if (policy?.kind === kind) return policy.document;
  return name === FULL_AWS_ACCESS || name === RCP_FULL_AWS_ACCESS ? fullAccessDocument : null;
};

/** RCPFullAWSAccess is on every target while RCPs are enabled and cannot be detached. */
const implied = (kind: 'scp' | 'rcp'): readonly NamedPolicy[] =>
  kind === 'rcp' ? [{ name: RCP_FULL_AWS_ACCESS, policy: fullAccessDocument }] : [];

/** The levels from root to account; none where the policy type is not enabled or the account is exempt. */
export const chainsOf = (state: State, { reach, place }: SideContext): ((account: Account) => Bundle) => {
  const attached = grouped(resourcesOf(state, 'attachment'), ({ policy, target }) => [
    `${policy.kind}@${targetText(target)}`,
    policy.name,
  ]);
  const levelOf = (kind: 'scp' | 'rcp', level: string): Level => {
    const names = attached.get(`${kind}@${level}`) ?? [];
    const policies = names.map((name) => ({ name, policy: documentOf(state, kind, name) }));
    return { level, policies: [...policies.filter(({ name }) => name !== RCP_FULL_AWS_ACCESS), ...implied(kind)] };
  };
  const levels = (kind: 'scp' | 'rcp', account: Account): readonly Level[] => {
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
