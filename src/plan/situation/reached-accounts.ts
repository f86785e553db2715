/** Which accounts a change reaches, in the trees before and after. */
import { rememberedOf } from '../../model/lists.ts';
import type { Change } from '../../model/plan.ts';
import type { Key, Kind, Resource, State, Target } from '../../model/resource.ts';
import { controlPolicyKey, groupKey, isControlPolicy, keyOf, pathToRoot, resourcesOf } from '../../model/resource.ts';
import { mentions } from './mentions.ts';

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

const resourcesNaming = (states: readonly State[]): ReadonlyMap<Key, ReadonlySet<Resource>> => {
  const index = new Map<Key, Set<Resource>>();
  for (const state of states)
    for (const resource of Object.values(state)) for (const key of mentions(resource)) add(index, key, resource);
  return index;
};

const tidy = (names: Iterable<string>): readonly string[] => {
  const all = new Set(names);
  return all.has(EVERYWHERE) ? [EVERYWHERE] : [...all].sort();
};

/** `states`: live and what it will be; an account that moves is below both its parents. */
export const reachesOf = (states: readonly State[]): Reaches => {
  const below = accountsByPath(states);
  const naming = resourcesNaming(states);
  const target = (on: Target): readonly string[] => {
    if (on.type === 'root') return [EVERYWHERE];
    return on.type === 'ou' ? [...(below.get(on.path) ?? [])] : [on.name];
  };
  const through = (key: Key): readonly string[] =>
    [...(naming.get(key) ?? [])].flatMap((resource) => {
      if (resource.kind === 'attachment') return target(resource.target);
      return resource.kind === 'assignment' ? [resource.account] : [];
    });
  const of = (resource: Resource): readonly string[] => {
    if (isControlPolicy(resource)) return through(controlPolicyKey(resource));
    switch (resource.kind) {
      case 'policy-type':
        return [EVERYWHERE];
      case 'ou':
        return [];
      case 'account':
        return [resource.name];
      case 'attachment':
        return target(resource.target);
      case 'assignment':
      case 'role':
      case 'policy':
      case 'oidc-provider':
        return [resource.account];
      case 'membership':
        return through(groupKey(resource.group));
      case 'group':
      case 'user':
      case 'permission-set':
        return through(keyOf(resource));
    }
  };
  return { of: (resource) => tidy(of(resource)) };
};
