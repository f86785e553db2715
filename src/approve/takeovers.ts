/** What a change would take over that was never ours: under the name it had before, and through what it names (design, section 1.7). */
import type { Desired } from '../model/desired.ts';
import type { Change } from '../model/plan.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import type { Grant, Key, Resource, State } from '../model/resource.ts';
import { controlKinds, grantsOf, keyOf, resourcesOf } from '../model/resource.ts';
import { mentions } from '../plan/situation/mentions.ts';
import { isOwn } from '../plan/situation/situation.ts';

export const FIRST_ADOPTION = 'first adoption: AWS had it before a pull request asked for it';

/** `current`: live under today's names. */
type TakeoverInput = { readonly desired: Desired; readonly current: State };

const grantsOfGroup = ({ current }: TakeoverInput, group: string): readonly Grant[] =>
  grantsOf(current).filter(
    ({ principal }) => principal.type === 'group' && principal.orphan !== true && principal.name === group,
  );

const undeclared = ({ desired }: TakeoverInput, resources: readonly Resource[]): readonly Key[] =>
  resources.map(keyOf).filter((key) => desired.state[key] === undefined);

/**
 * Groups carry no tag. One that has nothing but what main gives it may be the work of an apply that was killed; there is
 * nothing in it to take over.
 */
const hasItsOwn = (ground: TakeoverInput, group: string): boolean => {
  const members = resourcesOf(ground.current, 'membership').filter((one) => one.group === group);
  return undeclared(ground, [...members, ...grantsOfGroup(ground, group)]).length > 0;
};

const taggable: readonly Resource['kind'][] = ['ou', 'permission-set', ...controlKinds];

/** Whether AWS had it, without us, when the older tree did not ask for it. */
const isForeign = (ground: TakeoverInput, wanted: State, key: Key): boolean => {
  const found = ground.current[key];
  const declared = ground.desired.state[key];
  if (found === undefined || declared === undefined || wanted[key] !== undefined) return false;
  // A synced group is never written: who gives it access is asked for the approvals of that access.
  if (found.kind === 'group')
    return (
      found.source !== 'external' &&
      !(declared.kind === 'group' && declared.source === 'external') &&
      hasItsOwn(ground, 'name' in declared ? declared.name : '')
    );
  return taggable.includes(found.kind) && !isOwn(found, ground.desired.settings.owner);
};

/** A rename of what the older tree did not ask for under its name before. */
const takesName = ({ desired }: TakeoverInput, wanted: State, change: Change): boolean => {
  const [before, after] = [beforeOf(change), afterOf(change)];
  if (before === undefined || after === undefined || wanted[change.key] !== undefined) return false;
  if (before.kind === 'group' && after.kind === 'group') return before.name !== after.name;
  return taggable.includes(before.kind) && !isOwn(before, desired.settings.owner);
};

/** Why the changes of a key are an adoption, seen from an older tree under today's names; nothing when they are none. */
export const takesOver = (ground: TakeoverInput, wanted: State, changes: readonly Change[]): string | undefined => {
  const [first] = changes;
  if (first !== undefined && takesName(ground, wanted, first)) return FIRST_ADOPTION;
  const named = changes.flatMap((change) =>
    [beforeOf(change), afterOf(change)].flatMap((one) => (one === undefined ? [] : mentions(one))),
  );
  const foreign = named.find((key) => isForeign(ground, wanted, key));
  return foreign === undefined ? undefined : `first adoption: AWS had ${foreign} before a pull request asked for it`;
};
