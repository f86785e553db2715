/** An end that was approved ends, whatever was merged or pushed about it since without approval: nothing keeps the access. */
import type { Settings } from '../../../src/model/desired.ts';
import type { Assignment, Key, Membership } from '../../../src/model/resource.ts';
import { keyOf, resourcesOf } from '../../../src/model/resource.ts';
import { idKey } from './chronicle.ts';
import { isMetWhole, isSound, nameOf, touches } from './words.ts';
import type { Run, Trees } from './words.ts';

/** Whose word it was that ended it; nothing where it goes on, or where it is not clear to everybody whether a word counts. */
const endedBy = (run: Run, trees: Trees, key: Key): string | undefined => {
  for (const entry of run.entries.toReversed()) {
    if (!touches(trees, entry, key, 'ever')) continue;
    const [base, end] = [trees.wishes(entry.base), trees.wishes(entry.end)];
    if (base === undefined || end === undefined) return undefined;
    if (!isSound(trees, entry)) continue;
    if (!isMetWhole(trees, entry)) return undefined;
    return end.over(key) || (base.over(key) && end.state[key] === undefined) ? nameOf(entry) : undefined;
  }
  return trees.wishes(run.entries[0]?.base ?? '')?.over(key) === true ? 'the first commit of main' : undefined;
};

/** Whoever may have to come in on any day has no last day. */
const isWayIn = (one: Assignment | Membership, { breakGlass }: Settings): boolean =>
  one.kind === 'membership'
    ? one.group === breakGlass?.group
    : one.permissionSet === breakGlass?.permissionSet || one.principal.name === breakGlass?.group;

/** After an apply that nothing disturbed. */
export const keptAccess = (run: Run, trees: Trees): readonly string[] => {
  const { main } = trees;
  const given = [...resourcesOf(run.live.state, 'membership'), ...resourcesOf(run.live.state, 'assignment')];
  return given.flatMap((one) => {
    if (isWayIn(one, main.settings)) return [];
    const who = endedBy(run, trees, idKey(one, main));
    return who === undefined ? [] : [`${keyOf(one)} is there, which ${who} let end`];
  });
};
