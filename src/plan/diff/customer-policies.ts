/** Where customer managed policies are used: by roles, and by permission sets in each account where they are assigned. */
import type { Key, PermissionSet, Role, State } from '../../model/resource.ts';
import { customerPolicyKey, keyOf, resourcesOf } from '../../model/resource.ts';
import { namedPolicies } from '../situation/mentions.ts';

export type SetOrRole = Role | PermissionSet;

export const attachedIn = ({ customerManagedPolicies }: SetOrRole, account: string): readonly Key[] =>
  customerManagedPolicies.map((policy) => customerPolicyKey({ ...policy, account }));

export const boundaryIn = (one: SetOrRole, account: string): readonly Key[] => {
  const { permissionsBoundary } = one;
  return permissionsBoundary === undefined || 'managedPolicy' in permissionsBoundary
    ? []
    : [customerPolicyKey({ ...permissionsBoundary.customerManagedPolicy, account })];
};

/** Everything that it names, attached or as its boundary. */
export const policiesIn = (one: SetOrRole, account: string): readonly Key[] => [
  ...attachedIn(one, account),
  ...boundaryIn(one, account),
];

const known = new WeakMap<State, AccountsOfSets>();

type AccountsOfSets = ReadonlyMap<string, ReadonlySet<string>>;

/** Accounts of each set, by its name. */
export const accountsOfSets = (state: State): AccountsOfSets => {
  const found = known.get(state) ?? indexed(state);
  known.set(state, found);
  return found;
};

const indexed = (state: State): AccountsOfSets => {
  const accounts = new Map<string, Set<string>>();
  for (const { permissionSet, account } of resourcesOf(state, 'assignment'))
    accounts.set(permissionSet, (accounts.get(permissionSet) ?? new Set<string>()).add(account));
  return accounts;
};

/** A role, or a set in one account where it is assigned. */
export type PolicyUser = { readonly key: Key; readonly account: string; readonly resource: SetOrRole };

export const policyUsers = (state: State): readonly PolicyUser[] => {
  const accounts = accountsOfSets(state);
  const sets = resourcesOf(state, 'permission-set').filter((set) => namedPolicies(set).length > 0);
  return [
    ...resourcesOf(state, 'role').map((resource) => ({ key: keyOf(resource), account: resource.account, resource })),
    ...sets.flatMap((resource) =>
      [...(accounts.get(resource.name) ?? [])].map((account) => ({ key: keyOf(resource), account, resource })),
    ),
  ];
};

type Uses = { readonly attached: ReadonlySet<Key>; readonly boundaries: ReadonlySet<Key> };

/** What is attached and what is a boundary in any of the states. */
export const usesIn = (states: readonly State[]): Uses => {
  const users = states.flatMap(policyUsers);
  return {
    attached: new Set(users.flatMap(({ resource, account }) => attachedIn(resource, account))),
    boundaries: new Set(users.flatMap(({ resource, account }) => boundaryIn(resource, account))),
  };
};

export type PolicyUses = { readonly now: Uses; readonly ever: Uses };
