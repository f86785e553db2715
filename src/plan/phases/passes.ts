/**
 * In which phase each change is made: first by its kind and direction (drafts.ts), then by these passes in their order, and
 * at last by what it depends on (order.ts). A pass moves changes to later phases only, but for `withSlots`.
 */
import { phases } from '../../model/plan.ts';
import type { Key, State } from '../../model/resource.ts';
import { groupKey, permissionSetKey, resourcesOf } from '../../model/resource.ts';
import { principalKey } from '../situation/mentions.ts';
import type { RoleWaits } from '../waits/role-waits.ts';
import type { Draft } from './draft.ts';
import { grantsAfterPartings } from './together.ts';
import type { PlanTrees } from './trees.ts';

export type PassContext = { readonly trees: PlanTrees; readonly waits: RoleWaits };
type PhasePass = (drafts: readonly Draft[], context: PassContext) => readonly Draft[];

/** What has no safe order is not made. */
const withoutCircles: PhasePass = (drafts, { waits: { circles } }) =>
  drafts.map((draft) => {
    const other = circles.get(draft.id);
    if (other === undefined || draft.held !== undefined) return draft;
    return { ...draft, held: { is: 'circle', other: other.key } };
  });

/** What waits for a change of a later phase joins it. */
const afterWhatTheyAwait: PhasePass = (drafts, { waits }) => {
  const phaseOf = new Map(drafts.map(({ id, phase }) => [id, phases.indexOf(phase)]));
  return drafts.map((draft) => {
    const awaited = waits.of(draft).map(({ id }) => phaseOf.get(id) ?? 0);
    const latest = phases[Math.max(phases.indexOf(draft.phase), ...awaited)];
    return latest === undefined || latest === draft.phase ? draft : { ...draft, phase: latest };
  });
};

/** Keys of the sets that each leaving principal or member still has. */
const setsLosingHolders = (current: State, drafts: readonly Draft[]): ReadonlySet<Key> => {
  const leaving = drafts.filter(({ action }) => action === 'delete').map(({ before }) => before);
  const groups = new Set(leaving.flatMap((one) => (one?.kind === 'membership' ? [one.group] : [])));
  const theirs = resourcesOf(current, 'assignment').filter(
    ({ principal }) => principal.type === 'group' && groups.has(principal.name),
  );
  const direct = leaving.flatMap((one) => (one?.kind === 'assignment' ? [one] : []));
  return new Set([...direct, ...theirs].map(({ permissionSet }) => permissionSetKey(permissionSet)));
};

const isSetUpdate = ({ kind, action }: Draft): boolean => kind === 'permission-set' && action === 'update';

/** Who leaves a set must not see it widened first: the edit joins the revocations and waits for them. */
const editsAfterLeaving: PhasePass = (drafts, { trees }) => {
  if (!drafts.some(isSetUpdate)) return drafts;
  const losing = setsLosingHolders(trees.current, drafts);
  return drafts.map((draft) =>
    isSetUpdate(draft) && !draft.adopts && losing.has(draft.key) ? { ...draft, phase: 'revoke' } : draft,
  );
};

/**
 * A new holder must not meet the old definition: assignments of a set whose edit is among the revocations, and new members
 * of a group that holds one, come after it.
 */
const grantsAfterEdits: PhasePass = (drafts, { trees }) => {
  const edited = new Set(drafts.filter((one) => isSetUpdate(one) && one.phase === 'revoke').map(({ key }) => key));
  if (edited.size === 0) return drafts;
  const holders = new Set(
    resourcesOf(trees.final, 'assignment')
      .filter(({ permissionSet }) => edited.has(permissionSetKey(permissionSet)))
      .map(({ principal }) => principalKey(principal)),
  );
  const mustWait = ({ after }: Draft): boolean =>
    (after?.kind === 'assignment' && edited.has(permissionSetKey(after.permissionSet))) ||
    (after?.kind === 'membership' && holders.has(groupKey(after.group)));
  return drafts.map((draft) => (draft.phase === 'grant' && mustWait(draft) ? { ...draft, phase: 'revoke' } : draft));
};

const inTurn =
  (passes: readonly PhasePass[]): PhasePass =>
  (drafts, context) =>
    passes.reduce((moved, pass) => pass(moved, context), drafts);

const phasesOf = (drafts: readonly Draft[]): string => drafts.map(({ phase }) => phase).join();

/** Until no phase changes any more: each pass may move what another one looks at. */
const repeated =
  (...passes: readonly PhasePass[]): PhasePass =>
  (drafts, context) => {
    const moved = inTurn(passes)(drafts, context);
    return phasesOf(moved) === phasesOf(drafts) ? moved : repeated(...passes)(moved, context);
  };

const passes: readonly PhasePass[] = [
  // First, because what is not made moves nobody.
  withoutCircles,
  repeated(
    // Roles and policies wait for one another across phases.
    afterWhatTheyAwait,
    // Whoever leaves a set must not have it widened for them.
    editsAfterLeaving,
    // What such an edit still takes away must not be given on the way.
    grantsAfterEdits,
  ),
  // Last, and once: what it moves is only looked at by itself.
  grantsAfterPartings,
];

export const inPhases: PhasePass = inTurn(passes);
