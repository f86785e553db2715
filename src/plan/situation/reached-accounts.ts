/** Which accounts a change reaches, in the trees before and after. */
import { grouped, once, remembered, rememberedOf } from '../../model/lists.ts';
import type { Change } from '../../model/plan.ts';
import type { Assignment, Grant, Key, Kind, Resource, State, Target } from '../../model/resource.ts';
import {
  controlPolicyKey,
  groupKey,
  isControlPolicy,
  keyOf,
  grantsOf,
  pathToRoot,
  permissionSetKey,
  resourcesOf,
} from '../../model/resource.ts';
import { principalKey } from './mentions.ts';

/** Every account of the organization, whatever their names. */
export const EVERYWHERE = '*';

export type Reaches = {
  /** Sorted account names, or only EVERYWHERE. */
  readonly of: (resource: Resource) => readonly string[];
};

/** Whether one of the changes of these kinds reaches the account, or all of them; each list is looked through once. */
export const reachedThrough = (kinds: readonly Kind[]): ((changes: readonly Change[], account: string) => boolean) => {
  const accountsOf = rememberedOf(
    (changes: readonly Change[]) =>
      new Set(changes.flatMap(({ kind, reaches = [EVERYWHERE] }) => (kinds.includes(kind) ? reaches : []))),
  );
  return (changes, account) => {
    const accounts = accountsOf(changes);
    return accounts.has(account) || accounts.has(EVERYWHERE);
  };
};

const add = <T>(index: Map<string, Set<T>>, key: string, value: T): void => {
  const set = index.get(key);
  if (set === undefined) index.set(key, new Set([value]));
  else set.add(value);
};

const accountsByPath = (states: readonly State[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const index = new Map<string, Set<string>>();
  for (const state of states)
    for (const { name, parent } of resourcesOf(state, 'account'))
      for (const path of pathToRoot(parent)) add(index, path, name);
  return index;
};

/** By key, the guard rails' targets and the accounts of grants that name it: what else names it reaches nothing by it. */
const targetsByPolicy = (states: readonly State[]): ReadonlyMap<Key, readonly Target[]> => {
  const all = states.flatMap((state) => resourcesOf(state, 'attachment'));
  const groups = grouped(all, ({ policy }) => controlPolicyKey(policy));
  return new Map([...groups].map(([key, list]) => [key, list.map(({ target }) => target)]));
};

type AccountsByKey = ReadonlyMap<Key, ReadonlySet<string>>;

const accountsBy = <G extends Grant>(grants: readonly G[], keyOfGrant: (grant: G) => Key): AccountsByKey => {
  const index = new Map<string, Set<string>>();
  for (const one of grants) add(index, keyOfGrant(one), one.account);
  return index;
};

const assignmentsIn = (state: State): readonly Assignment[] => resourcesOf(state, 'assignment');

const tidy = (names: Iterable<string>): readonly string[] => {
  const all = new Set(names);
  return all.has(EVERYWHERE) ? [EVERYWHERE] : [...all].sort();
};

/** `states`: live and what it will be; an account that moves is below both its parents. */
export const reachesOf = (states: readonly State[]): Reaches => {
  const below = accountsByPath(states);
  const targets = once(() => targetsByPolicy(states));
  const byHolder = once(() => accountsBy(states.flatMap(grantsOf), (one) => principalKey(one.principal)));
  const bySet = once(() => accountsBy(states.flatMap(assignmentsIn), (one) => permissionSetKey(one.permissionSet)));
  const target = (on: Target): readonly string[] => {
    if (on.type === 'root') return [EVERYWHERE];
    return on.type === 'ou' ? [...(below.get(on.path) ?? [])] : [on.name];
  };
  // The list of a group is the same for each of its members.
  const throughHolder = remembered((key: Key) => tidy(byHolder().get(key) ?? []));
  const inAccount = remembered((account: string): readonly string[] => [account]);
  const of = (resource: Resource): readonly string[] => {
    if (isControlPolicy(resource)) return tidy((targets().get(controlPolicyKey(resource)) ?? []).flatMap(target));
    switch (resource.kind) {
      case 'policy-type':
      case 'access-attributes':
        return [EVERYWHERE];
      case 'ou':
        return [];
      case 'account':
        return inAccount(resource.name);
      case 'attachment':
        return tidy(target(resource.target));
      case 'assignment':
      case 'entitlement':
      case 'role':
      case 'policy':
      case 'oidc-provider':
      case 'resource-policy':
        return inAccount(resource.account);
      case 'membership':
      case 'group':
      case 'user':
        return throughHolder(resource.kind === 'membership' ? groupKey(resource.group) : keyOf(resource));
      case 'permission-set':
        return tidy(bySet().get(keyOf(resource)) ?? []);
    }
  };
  return { of };
};
