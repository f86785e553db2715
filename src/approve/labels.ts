/** An older tree under today's names: accounts by their ids, the rest through `previously`. */
import type { Desired } from '../model/desired.ts';
import type { Resource, State } from '../model/resource.ts';
import { accountLabelOfId, decodeName, stateOf } from '../model/resource.ts';
import { rekey } from '../plan/situation/rekey.ts';

type Label = (name: string) => string;

const relabeled = (resource: Resource, label: Label): Resource => {
  switch (resource.kind) {
    case 'account':
      return { ...resource, name: label(resource.name) };
    case 'assignment':
    case 'entitlement':
    case 'role':
    case 'policy':
    case 'oidc-provider':
    case 'resource-policy':
      return { ...resource, account: label(resource.account) };
    case 'attachment':
      return resource.target.type === 'account'
        ? { ...resource, target: { type: 'account', name: label(resource.target.name) } }
        : resource;
    default:
      return resource;
  }
};

/** An account that is not declared any more gives its name up to one that has it now. */
const renamedAccounts = (older: Desired, newer: Desired): ReadonlyMap<string, string> => {
  const taken = new Set(Object.values(newer.accounts));
  return new Map(
    Object.entries(older.accounts).flatMap(([id, name]) => {
      const today = newer.accounts[id] ?? (taken.has(name) ? accountLabelOfId(id) : name);
      return today === name ? [] : [[name, today] as const];
    }),
  );
};

/** What names of accounts in `older` are called in `newer`. */
export const renamedAccountLabels = (older: Desired, newer: Desired): Label => {
  const renamed = renamedAccounts(older, newer);
  return (name) => renamed.get(name) ?? name;
};

const relabeledState = (state: State, label: Label): State =>
  stateOf(Object.values(state).map((resource) => relabeled(resource, label)));

const nameIn = (key: string): string => decodeName(key.slice(key.indexOf('/') + 1));

/** What a group, a permission set or the like of an older tree is called today, by `previously`. */
export const presentName = (kind: 'group' | 'permission-set', { previously }: Desired): Label => {
  const renamed = new Map(
    Object.entries(previously)
      .filter(([key]) => key.startsWith(`${kind}/`))
      .flatMap(([key, former]) => former.map((name) => [name, nameIn(key)] as const)),
  );
  return (name) => renamed.get(name) ?? name;
};

/** `older`, as of today, under the names of `newer`: a rename is then one change of the new key. */
export const underPresentNames = (older: Desired, newer: Desired): Desired => {
  const label = renamedAccountLabels(older, newer);
  const group = presentName('group', newer);
  const isSame = renamedAccounts(older, newer).size === 0;
  return {
    ...older,
    state: rekey(isSame ? older.state : relabeledState(older.state, label), newer.previously),
    memberGroups: older.memberGroups.map((name) => (newer.memberGroups.includes(name) ? name : group(name))),
    accounts: Object.fromEntries(Object.entries(older.accounts).map(([id, name]) => [id, label(name)])),
    managementAccount: label(older.managementAccount),
    accountTags: Object.fromEntries(Object.entries(older.accountTags).map(([name, tags]) => [label(name), tags])),
    previously: { ...older.previously, ...newer.previously },
  };
};
