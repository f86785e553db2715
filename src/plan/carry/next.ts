/** What may happen next while a plan is carried out, and what may not happen any more. Decides; does nothing. */
import { heldText } from '../../model/held-text.ts';
import type { ConsequenceReason } from '../../model/held.ts';
import type { Outcome } from '../../model/cloud.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { phases } from '../../model/plan.ts';
import { isLooser } from '../../change/effect.ts';
import { effectOf } from '../edit/edit-effect.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';

/** What went wrong so far, as far as it holds others. */
type Trouble = {
  /** Not done, or not to be done: by id, the key. */
  readonly stopped: Map<string, string>;
  /** Ids of all changes of the plan: what is not even in it will not be done. */
  readonly known: ReadonlySet<string>;
  readonly restricts: Change[];
  readonly revokes: Change[];
};

const overlaps = (one: Change, other: Change): boolean => {
  const [a, b] = [one.reaches ?? [], other.reaches ?? []];
  if (a.length === 0 || b.length === 0) return false;
  return a.includes(EVERYWHERE) || b.includes(EVERYWHERE) || a.some((account) => b.includes(account));
};

const mayWiden = (change: Change): boolean => change.action === 'update' && isLooser(effectOf(change));
const givingKinds: readonly Change['kind'][] = ['assignment', 'entitlement', 'membership', 'role'];

/** Somebody gets something: also a grant or an edit that had to wait for a revocation. */
const gives = (change: Change): boolean =>
  change.phase === 'grant' || mayWiden(change) || (change.action === 'create' && givingKinds.includes(change.kind));

const needsRails = (change: Change): boolean => gives(change) || change.phase === 'relax' || change.kind === 'account';

/** The failure table between two changes, of which `earlier` was not made; what `dependsOn` says comes on top. */
export const isHeldBy = (change: Change, earlier: Change): boolean =>
  overlaps(earlier, change) &&
  ((earlier.phase === 'restrict' && needsRails(change)) || (earlier.phase === 'revoke' && change.phase === 'relax'));

/** What was to replace it comes first; if it does not come, what a date has ended goes all the same. */
const goesAnyway = ({ ended, kind }: Change): boolean => ended !== undefined && givingKinds.includes(kind);

const holdingDependency = ({ stopped, known }: Trouble, change: Change): string | undefined =>
  goesAnyway(change) ? undefined : change.dependsOn.find((id) => stopped.has(id) || !known.has(id));

/** Why the change must not be made, by the failure table; undefined: nothing is against it so far. */
const obstacle = (trouble: Trouble, change: Change): ConsequenceReason | undefined => {
  const dependency = holdingDependency(trouble, change);
  if (dependency !== undefined) {
    const key = trouble.stopped.get(dependency);
    return { is: 'dependency', ...(key === undefined ? {} : { key }) };
  }
  const rail = trouble.restricts.find((one) => isHeldBy(change, one));
  if (rail !== undefined) return { is: 'rail', key: rail.key };
  const revoke = trouble.revokes.find((one) => isHeldBy(change, one));
  return revoke === undefined ? undefined : { is: 'revocation', key: revoke.key };
};

const addTo = (trouble: Trouble, change: Change): void => {
  trouble.stopped.set(change.id, change.key);
  if (change.phase === 'restrict') trouble.restricts.push(change);
  if (change.phase === 'revoke') trouble.revokes.push(change);
};

/**
 * Which of the changes, in their order, cannot be made when some are stopped for a reason of their own: id -> reason, of
 * the ones that follow. Held, uncovered and unread count as failed.
 */
export const consequences = (
  changes: readonly Change[],
  isStopped: (change: Change) => unknown,
): ReadonlyMap<string, ConsequenceReason> => {
  const held = new Map<string, ConsequenceReason>();
  const known = new Set(changes.map(({ id }) => id));
  const trouble: Trouble = { stopped: new Map(), known, restricts: [], revokes: [] };
  for (const change of changes) {
    const reason = isStopped(change) ? undefined : obstacle(trouble, change);
    if (reason !== undefined) held.set(change.id, reason);
    if (reason !== undefined || isStopped(change)) addTo(trouble, change);
  }
  return held;
};

export type NextChanges = {
  /** Not started, and nothing stands in their way: all at once, if one likes. */
  readonly ready: readonly Change[];
  /** Held from now on, each with its reason; the caller adds them to the outcomes. */
  readonly held: readonly Outcome[];
  /** Every change has an outcome, counting those in `held`. */
  readonly finished: boolean;
};

/** By id; what was started and has no outcome yet is waited for. */
export type WalkState = { readonly outcomes: ReadonlyMap<string, Outcome>; readonly started: ReadonlySet<string> };

type KnownState = WalkState & { readonly known: ReadonlySet<string> };

/** Neither begun nor waiting for anything, in the phase whose turn it is. */
export const isReady = (change: Change, { outcomes, started, known }: KnownState): boolean => {
  const isOver = (id: string): boolean =>
    outcomes.get(id)?.status === 'done' || (goesAnyway(change) && (outcomes.has(id) || !known.has(id)));
  return !outcomes.has(change.id) && !started.has(change.id) && change.dependsOn.every(isOver);
};

/**
 * One phase at a time: a phase begins when every change before it has an outcome. `outcomes` and `started` are by id;
 * what was started and has no outcome yet is waited for.
 */
export const nextChanges = (
  plan: Pick<Plan, 'changes'>,
  outcomes: ReadonlyMap<string, Outcome>,
  started: ReadonlySet<string>,
): NextChanges => {
  const { changes } = plan;
  const isStopped = ({ id }: Change): boolean => outcomes.has(id) && outcomes.get(id)?.status !== 'done';
  const reasons = consequences(changes, isStopped);
  const held = changes.flatMap(({ id, key }): readonly Outcome[] => {
    const reason = outcomes.has(id) || started.has(id) ? undefined : reasons.get(id);
    return reason === undefined ? [] : [{ id, key, status: 'held', reason: heldText(reason) }];
  });
  const heldIds = new Set(held.map(({ id }) => id));
  const open = changes.filter(({ id }) => !outcomes.has(id) && !heldIds.has(id));
  const phase = phases.find((one) => open.some((change) => change.phase === one));
  const known = new Set(changes.map(({ id }) => id));
  const ready = open.filter((change) => change.phase === phase && isReady(change, { outcomes, started, known }));
  return { ready, held, finished: open.length === 0 };
};
