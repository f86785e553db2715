/**
 * `nextChanges` through a whole walk. As long as all goes well only what waited for the last outcomes is looked at again; what
 * was not done may hold anything, so that everything is.
 */
import { grouped } from '../../model/lists.ts';
import type { Outcome } from '../../model/cloud.ts';
import type { Change, Phase, Plan } from '../../model/plan.ts';
import { phases } from '../../model/plan.ts';
import { isReady, nextChanges } from './next.ts';
import type { NextChanges, WalkState } from './next.ts';

type PlacedChange = { readonly change: Change; readonly place: number };

type OpenPhases = Map<Phase, number>;

const openIn = (changes: readonly Change[], outcomes: WalkState['outcomes'], { held }: NextChanges): OpenPhases => {
  const gone = new Set(held.map(({ id }) => id));
  const open: OpenPhases = new Map();
  for (const { id, phase } of changes)
    if (!outcomes.has(id) && !gone.has(id)) open.set(phase, (open.get(phase) ?? 0) + 1);
  return open;
};

const currentOf = (open: OpenPhases): Phase | undefined => phases.find((phase) => (open.get(phase) ?? 0) > 0);

/** `fresh`: the outcomes since the last question, which are among those of the state by now. */
export type Progress = (state: WalkState, fresh: readonly Outcome[]) => NextChanges;

export const progressOf = (plan: Pick<Plan, 'changes'>): Progress => {
  const placed = plan.changes.map((change, place): PlacedChange => ({ change, place }));
  const byId = new Map(placed.map((one) => [one.change.id, one]));
  const byPhase = grouped(placed, ({ change }) => change.phase);
  const waits = placed.flatMap((one) => one.change.dependsOn.map((id) => ({ id, one })));
  const waiting = grouped(waits, ({ id }) => id);
  const known = new Set(byId.keys());
  let open: OpenPhases | undefined;
  const anew = (state: WalkState): NextChanges => {
    const next = nextChanges(plan, state.outcomes, state.started);
    open = openIn(plan.changes, state.outcomes, next);
    return next;
  };
  return (state, fresh) => {
    if (open === undefined || fresh.some(({ status }) => status !== 'done')) return anew(state);
    const before = currentOf(open);
    for (const { id } of fresh) {
      const phase = byId.get(id)?.change.phase;
      if (phase !== undefined) open.set(phase, (open.get(phase) ?? 1) - 1);
    }
    const phase = currentOf(open);
    const touched =
      phase === before
        ? fresh.flatMap(({ id }) => (waiting.get(id) ?? []).map(({ one }) => one))
        : phase === undefined
          ? []
          : (byPhase.get(phase) ?? []);
    const ready = [...new Set(touched)]
      .filter(({ change }) => change.phase === phase && isReady(change, { ...state, known }))
      .sort((one, other) => one.place - other.place)
      .map(({ change }) => change);
    return { ready, held: [], finished: phase === undefined };
  };
};
