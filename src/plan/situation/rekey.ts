/** Renames: a state seen under today's names. */
import type { ControlKind, Key, Resource, State, Target } from '../../model/resource.ts';
import {
  controlPolicyKey,
  decodeName,
  encodeName,
  groupKey,
  isControlKind,
  isGrant,
  keyOf,
  ouKey,
  parentPath,
} from '../../model/resource.ts';

type StateRename =
  | { readonly kind: 'ou'; readonly from: string; readonly to: string }
  | { readonly kind: 'group' | ControlKind; readonly from: string; readonly to: string };

const movedPath = (path: string, { from, to }: StateRename): string => {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : path;
};

const movedTarget = (target: Target, rename: StateRename): Target =>
  target.type === 'ou' ? { type: 'ou', path: movedPath(target.path, rename) } : target;

const underOu = (resource: Resource, rename: StateRename): Resource => {
  if (resource.kind === 'ou') return { ...resource, path: movedPath(resource.path, rename) };
  if (resource.kind === 'account') return { ...resource, parent: movedPath(resource.parent, rename) };
  return resource.kind === 'attachment' ? { ...resource, target: movedTarget(resource.target, rename) } : resource;
};

const inGroup = (resource: Resource, { from, to }: StateRename): Resource => {
  if (resource.kind === 'membership' && resource.group === from) return { ...resource, group: to };
  if (!isGrant(resource)) return resource;
  const { type, name, orphan } = resource.principal;
  return type === 'group' && name === from && !orphan ? { ...resource, principal: { type, name: to } } : resource;
};

const ofPolicy = (resource: Resource, { kind, from, to }: StateRename): Resource =>
  resource.kind === 'attachment' && resource.policy.kind === kind && resource.policy.name === from
    ? { ...resource, policy: { kind: resource.policy.kind, name: to } }
    : resource;

const renamed = (resource: Resource, rename: StateRename): Resource => {
  if (rename.kind === 'ou') return underOu(resource, rename);
  return rename.kind === 'group' ? inGroup(resource, rename) : ofPolicy(resource, rename);
};

const ownKeys = (rename: StateRename): readonly [Key, Key] => {
  if (rename.kind === 'ou') return [ouKey(rename.from), ouKey(rename.to)];
  if (rename.kind === 'group') return [groupKey(rename.from), groupKey(rename.to)];
  const { kind, from, to } = rename;
  return [controlPolicyKey({ kind, name: from }), controlPolicyKey({ kind, name: to })];
};

/** An entry whose key is not made of its own name was re-keyed before: it keeps the key. */
const nextKey = (key: Key, before: Resource, after: Resource): Key => (before === after ? key : keyOf(after));

const applied = (state: State, rename: StateRename): State => {
  const [oldKey, newKey] = ownKeys(rename);
  const entries = Object.entries(state).map(([key, resource]) => {
    const after = renamed(resource, rename);
    return [key === oldKey ? newKey : nextKey(key, resource, after), after] as const;
  });
  return Object.fromEntries(entries);
};

const nameIn = (key: Key): string => decodeName(key.slice(key.indexOf('/') + 1));

const renameTo = (key: Key, formerName: string): StateRename | undefined => {
  const kind = key.slice(0, key.indexOf('/'));
  if (kind === 'ou') {
    const to = key.slice('ou/'.length);
    const parent = parentPath(to);
    return { kind, from: parent === '' ? encodeName(formerName) : `${parent}/${encodeName(formerName)}`, to };
  }
  return kind === 'group' || isControlKind(kind) ? { kind, from: formerName, to: nameIn(key) } : undefined;
};

const depth = (key: Key): number => key.split('/').length;
const outermostFirst = (a: Key, b: Key): number => depth(a) - depth(b) || (a < b ? -1 : 1);

/** What a state has under one of the former names. */
export type FormerResource = {
  readonly key: Key;
  readonly resource: Resource;
  /** Among the keys of the state; no rename moves a key to another place. */
  readonly place: number;
};

/** Which of them, if any, bears the present name. */
type Choice = (formers: readonly FormerResource[]) => FormerResource | undefined;

/** In the order of the names. */
export const formersOf = (state: State, key: Key, formerNames: readonly string[]): readonly FormerResource[] => {
  const found = formerNames.flatMap((name) => {
    const rename = renameTo(key, name);
    const [was] = rename === undefined ? [] : ownKeys(rename);
    const resource = was === undefined ? undefined : state[was];
    return was === undefined || resource === undefined ? [] : [{ key: was, resource }];
  });
  const keys = found.length === 0 ? [] : Object.keys(state);
  return found.map((one) => ({ ...one, place: keys.indexOf(one.key) }));
};

type Rekeyed = { readonly key: Key; readonly formerNames: readonly string[]; readonly choose: Choice };

const renamedTo = (state: State, { key, formerNames, choose }: Rekeyed): State => {
  if (state[key] !== undefined) return state;
  const chosen = choose(formersOf(state, key, formerNames));
  const rename = formerNames
    .map((name) => renameTo(key, name))
    .find((one) => one !== undefined && ownKeys(one)[0] === chosen?.key);
  return rename === undefined ? state : applied(state, rename);
};

/**
 * The state under the names that `previously` leads to: present key -> former names (of an OU, its last segment). The
 * renamed resource keeps its old `name`, so that the difference shows; everything that names it names it anew. Where the
 * new name exists, nothing happens; of several former names that exist the first one is meant, unless `choose` says
 * otherwise. Permission sets cannot be renamed in AWS and stay as they are.
 */
export const rekey = (
  state: State,
  previously: Readonly<Record<Key, readonly string[]>>,
  choose: Choice = ([one]) => one,
): State =>
  Object.keys(previously)
    .sort(outermostFirst)
    .reduce((current, key) => renamedTo(current, { key, formerNames: previously[key] ?? [], choose }), state);
