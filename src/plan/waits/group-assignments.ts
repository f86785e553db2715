/** What the groups of a state are given, found once per state. */
import { grouped, remembered, rememberedOf } from '../../model/lists.ts';
import type { Assignment, Entitlement, Grant, State } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';

const byGroup = rememberedOf((state: State) =>
  grouped(resourcesOf(state, 'assignment'), ({ principal: { type, name } }) => (type === 'group' ? name : undefined)),
);

export const assignmentsOfGroup = (state: State, group: string): readonly Assignment[] =>
  byGroup(state).get(group) ?? [];

const entitlementsByGroup = rememberedOf((state: State) =>
  grouped(resourcesOf(state, 'entitlement'), ({ principal: { type, name } }) => (type === 'group' ? name : undefined)),
);

export const entitlementsOfGroup = (state: State, group: string): readonly Entitlement[] =>
  entitlementsByGroup(state).get(group) ?? [];

export const grantsOfGroup = (state: State, group: string): readonly Grant[] => [
  ...assignmentsOfGroup(state, group),
  ...entitlementsOfGroup(state, group),
];

const setsByGroup = rememberedOf((state: State) =>
  remembered((group: string) => [
    ...new Set(assignmentsOfGroup(state, group).map(({ permissionSet }) => permissionSet)),
  ]),
);

export const setsOfGroup = (state: State, group: string): readonly string[] => setsByGroup(state)(group);
