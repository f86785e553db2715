/** What somebody made by hand is taken over by nobody but whoever starts the apply for it. */
import type { Change } from '../../../src/model/plan.ts';
import { afterOf, beforeOf } from '../../../src/model/plan.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { groupKey, keyOf, permissionSetKey, resourcesOf } from '../../../src/model/resource.ts';
import type { Entry } from './chronicle.ts';
import type { Run, Trees } from './words.ts';

const groupsIn = (resource: Resource): readonly string[] => {
  if (resource.kind === 'group') return [resource.name];
  if (resource.kind === 'membership') return [resource.group];
  return resource.kind === 'assignment' && resource.principal.type === 'group' ? [resource.principal.name] : [];
};

const setsIn = (resource: Resource): readonly string[] => {
  if (resource.kind === 'permission-set') return [resource.name];
  return resource.kind === 'assignment' ? [resource.permissionSet] : [];
};

/** A group in which there is nothing but what main gives it may be the work of an apply: nothing in it is taken over. */
const hasItsOwn = ({ live, foreign }: Run, { main }: Trees, group: string): boolean => {
  const given = [...resourcesOf(live.state, 'membership'), ...resourcesOf(live.state, 'assignment')];
  return (
    foreign.has(group) && given.some((one) => groupsIn(one).includes(group) && main.state[keyOf(one)] === undefined)
  );
};

const isUntagged = ({ live }: Run, { main }: Trees, set: string): boolean => {
  const found = live.state[permissionSetKey(set)];
  return found?.kind === 'permission-set' && found.owner !== main.settings.owner;
};

/** The changes of one key, and the pull requests behind them; nothing when they take over nothing. */
export const takeover = (
  run: Run,
  trees: Trees,
  changes: readonly Change[],
  behind: readonly Entry[],
): string | undefined => {
  if (run.starters.length > 0 || behind.length === 0) return undefined;
  const isNew = (key: string): boolean =>
    trees.main.state[key] !== undefined && behind.every(({ base }) => trees.wishes(base)?.state[key] === undefined);
  const named = changes.flatMap((change) => [beforeOf(change) ?? [], afterOf(change) ?? []].flat());
  const after = changes.flatMap((change) => afterOf(change) ?? []).flatMap(groupsIn);
  const external = (name: string): boolean => {
    const declared = trees.main.state[groupKey(name)];
    return declared?.kind === 'group' && declared.source === 'external';
  };
  const group = named
    .flatMap(groupsIn)
    .find(
      (name) => hasItsOwn(run, trees, name) && [name, ...after].some((one) => isNew(groupKey(one)) && !external(one)),
    );
  if (group !== undefined) return `it takes over the group ${group}, which somebody made by hand`;
  const set = named.flatMap(setsIn).find((name) => isUntagged(run, trees, name) && isNew(permissionSetKey(name)));
  return set === undefined ? undefined : `it takes over the permission set ${set}, which somebody made by hand`;
};
