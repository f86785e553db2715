/** What the groups of a state are given, found once per state. */
import type { Assignment, State } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';

type ByGroup = ReadonlyMap<string, readonly Assignment[]>;

const known = new WeakMap<State, ByGroup>();

const byGroup = (state: State): ByGroup => {
  const index = new Map<string, Assignment[]>();
  for (const assignment of resourcesOf(state, 'assignment')) {
    const { type, name } = assignment.principal;
    if (type !== 'group') continue;
    const list = index.get(name);
    if (list === undefined) index.set(name, [assignment]);
    else list.push(assignment);
  }
  return index;
};

export const assignmentsOfGroup = (state: State, group: string): readonly Assignment[] => {
  const index = known.get(state) ?? byGroup(state);
  known.set(state, index);
  return index.get(group) ?? [];
};
