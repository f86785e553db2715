/** Roles and customer policies: one entry for what is the same in several accounts. */
import { comparableFields } from '../kinds/equal.ts';
import { keyOf, resourcesOf } from '../model/resource.ts';
import type { CustomerPolicy, Key, Resource, Role, State } from '../model/resource.ts';
import { canonicalTrust } from '../model/policy.ts';
import type {
  WrittenPolicy,
  WrittenRole,
  WrittenSettings,
  WrittenTarget,
  WrittenTrust,
  WrittenWaysIn,
} from '../model/written.ts';

/** How each role says who may assume it, by its key. */
export type RoleTrusts = ReadonlyMap<Key, WrittenWaysIn>;
export type TargetOf = (accounts: readonly string[]) => WrittenTarget;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byKey = (a: Resource, b: Resource): number => byText(keyOf(a), keyOf(b));

/** Sorted by key, so that the first of each stands for all. */
const alike = <R extends Role | CustomerPolicy>(
  resources: readonly R[],
  more: (resource: R) => unknown,
): readonly (readonly [R, ...R[]])[] => {
  const groups = new Map<string, [R, ...R[]]>();
  for (const one of [...resources].sort(byKey)) {
    const { owner: _, trust: __, ...fields } = comparableFields(one);
    const identity = JSON.stringify([one.name, one.path, one.description ?? null, fields, more(one)]);
    const group = groups.get(identity);
    if (group === undefined) groups.set(identity, [one]);
    else group.push(one);
  }
  return [...groups.values()].sort(([a], [b]) => byText(a.name, b.name) || byKey(a, b));
};

const trustText = (waysIn: WrittenWaysIn): string =>
  'words' in waysIn
    ? JSON.stringify(waysIn.words.map((entry) => JSON.stringify(entry)).sort())
    : canonicalTrust(waysIn.document);

/** A role, user or set of the own account, with that account's name. */
const withAccount = (entry: WrittenTrust, account: string): WrittenTrust =>
  (entry.account ?? entry.accountId) === undefined && (entry.role ?? entry.user ?? entry.permissionSet) !== undefined
    ? { account, ...entry }
    : entry;

const timesOf = (texts: readonly string[]): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  return times;
};

/**
 * Who is trusted in the own account may be said with its name or without. Each is the same in other accounts where the other
 * is not, so that is taken which more roles of the name share.
 */
const spelledTrusts = (roles: readonly Role[], trusts: RoleTrusts): ((role: Role) => WrittenWaysIn) => {
  const bare = (role: Role): WrittenWaysIn => trusts.get(keyOf(role)) ?? { document: role.trust };
  const full = (role: Role): WrittenWaysIn => {
    const one = bare(role);
    return 'words' in one ? { words: one.words.map((entry) => withAccount(entry, role.account)) } : one;
  };
  const identity = (role: Role, waysIn: WrittenWaysIn) => `${role.path}${role.name} ${trustText(waysIn)}`;
  const times = {
    bare: timesOf(roles.map((role) => identity(role, bare(role)))),
    full: timesOf(roles.map((role) => identity(role, full(role)))),
  };
  return (role) => {
    const [one, other] = [bare(role), full(role)];
    const [few, many] = [times.bare.get(identity(role, one)) ?? 0, times.full.get(identity(role, other)) ?? 0];
    return many > few ? other : one;
  };
};

export const writtenRoles = (
  state: State,
  { trusts, target }: { readonly trusts: RoleTrusts; readonly target: TargetOf },
): readonly WrittenRole[] => {
  const waysInOf = spelledTrusts(resourcesOf(state, 'role'), trusts);
  return alike(resourcesOf(state, 'role'), (role) => trustText(waysInOf(role))).map((same) => ({
    role: same[0],
    waysIn: waysInOf(same[0]),
    target: target(same.map(({ account }) => account)),
    keys: same.map(keyOf),
  }));
};

export const writtenPolicies = (state: State, target: TargetOf): readonly WrittenPolicy[] =>
  alike(resourcesOf(state, 'policy'), () => null).map((same) => ({
    policy: same[0],
    target: target(same.map(({ account }) => account)),
    keys: same.map(keyOf),
  }));

/** The names of the setup: by these the reconciler reads, writes and enters accounts. */
const ways = ['GatehousePlan', 'GatehouseApply', 'GatehouseMember'];

/** It is never declared: a change to it would be made through itself. */
export const isEntryRole = ({ kind, name }: Resource & { readonly name?: string }): boolean =>
  kind === 'role' && ways.includes(name ?? '');

const externalIdOf = ({ trust }: Role): string | undefined => {
  const [, externalId] = /"sts:ExternalId":(?:\[)?"([^"]+)"/i.exec(JSON.stringify(trust)) ?? [];
  return externalId;
};

/** The role by which accounts are entered, where one is found. */
export const guessedMemberRole = (state: State): WrittenSettings['memberRole'] => {
  const role = [...resourcesOf(state, 'role')].sort(byKey).find(({ name }) => name === 'GatehouseMember');
  if (role === undefined) return undefined;
  const externalId = externalIdOf(role);
  return { name: role.name, path: role.path, ...(externalId === undefined ? {} : { externalId }) };
};

/** Providers that carry an owner's tag are managed, and have to be declared so that they stay. */
export const oidcProvidersOf = (state: State): WrittenSettings['oidcProviders'] =>
  resourcesOf(state, 'oidc-provider').some(({ owner }) => owner !== undefined) ? 'manage' : 'require';
