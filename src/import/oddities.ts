/** What somebody who sees the whole for the first time wants to know about. */
import { comparableFields } from '../kinds/equal.ts';
import type { Oddities } from '../model/import-report.ts';
import type { PermissionSet, State } from '../model/resource.ts';
import { controlPoliciesOf, grantsOf, resourcesOf } from '../model/resource.ts';
import type { WrittenRepository, WrittenRole } from '../model/written.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const contentOf = (set: PermissionSet): string => {
  const { description: _, tags: __, owner: ___, scope: ____, outdatedIn: _____, ...fields } = comparableFields(set);
  return JSON.stringify(fields);
};

const twins = (sets: readonly PermissionSet[]): readonly (readonly string[])[] => {
  const same = new Map<string, string[]>();
  for (const set of sets) same.set(contentOf(set), [...(same.get(contentOf(set)) ?? []), set.name]);
  return [...same.values()].filter(({ length }) => length > 1).map((names) => names.sort(byText));
};

const countsOf = (names: readonly string[]): readonly { readonly name: string; readonly assignments: number }[] => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => byText(a, b)).map(([name, assignments]) => ({ name, assignments }));
};

const trustDocuments = (roles: readonly WrittenRole[]): readonly string[] =>
  roles
    .filter(({ waysIn }) => 'document' in waysIn)
    .flatMap(({ keys }) => keys)
    .sort(byText);

export const odditiesOf = (state: State, { roles }: Pick<WrittenRepository, 'roles'>): Oddities => {
  const sets = [...resourcesOf(state, 'permission-set')].sort((a, b) => byText(a.name, b.name));
  const assignments = grantsOf(state).filter(({ principal }) => !principal.orphan);
  const groups = resourcesOf(state, 'group');
  const held = new Set(resourcesOf(state, 'assignment').map(({ permissionSet }) => permissionSet));
  const peopled = new Set(resourcesOf(state, 'membership').map(({ group }) => group));
  const given = new Set(assignments.flatMap(({ principal }) => (principal.type === 'group' ? [principal.name] : [])));
  const bound = new Set(resourcesOf(state, 'attachment').map(({ policy }) => `${policy.kind} ${policy.name}`));
  const policies = controlPoliciesOf(state);
  const named = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name).sort(byText);
  return {
    idleSets: named(sets.filter(({ name }) => !held.has(name))),
    twinSets: twins(sets),
    outdatedSets: sets.flatMap(({ name, outdatedIn }) =>
      outdatedIn.length > 0 ? [{ name, accounts: outdatedIn }] : [],
    ),
    emptyGroups: named(groups.filter(({ name, source }) => source !== 'external' && !peopled.has(name))),
    idleGroups: named(groups.filter(({ name }) => !given.has(name))),
    directUsers: countsOf(assignments.flatMap(({ principal }) => (principal.type === 'user' ? [principal.name] : []))),
    unboundPolicies: named(policies.filter(({ kind, name }) => !bound.has(`${kind} ${name}`))),
    trustDocuments: trustDocuments(roles),
  };
};
