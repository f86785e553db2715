/** Carries a plan out: starts every change that may start, waits for outcomes, and repeats until none is left. */
import type { Cloud, Outcome } from '../../model/cloud.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { nextChanges } from '../../plan/carry/next.ts';

export type WalkEvents = {
  readonly started: (change: Change) => void;
  readonly settled: (change: Change, outcome: Outcome) => void;
};

type RunningWalk = {
  readonly outcomes: Map<string, Outcome>;
  readonly started: Set<string>;
  readonly running: Map<string, Promise<void>>;
};

const settle = (walk: RunningWalk, events: WalkEvents, [change, outcome]: readonly [Change, Outcome]): void => {
  walk.outcomes.set(change.id, outcome);
  walk.running.delete(change.id);
  events.settled(change, outcome);
};

const start = (walk: RunningWalk, { cloud, events }: WalkCrew, change: Change): void => {
  walk.started.add(change.id);
  events.started(change);
  const done = cloud.apply(change).then((outcome) => settle(walk, events, [change, outcome]));
  walk.running.set(change.id, done);
};

/** `interrupt`: start nothing more; what is in flight is finished. */
type WalkCrew = { readonly cloud: Cloud; readonly events: WalkEvents; readonly interrupt?: AbortSignal };

/**
 * One outcome for each change that was started or held; a change without an outcome was left when the walk was
 * interrupted. Throws only what `apply` throws: a bug.
 */
export const walkPlan = async (plan: Plan, crew: WalkCrew): Promise<ReadonlyMap<string, Outcome>> => {
  const walk: RunningWalk = { outcomes: new Map(), started: new Set(), running: new Map() };
  const byId = new Map(plan.changes.map((change) => [change.id, change]));
  for (;;) {
    const next = nextChanges(plan, walk.outcomes, walk.started);
    for (const outcome of next.held) {
      const change = byId.get(outcome.id);
      if (change !== undefined) settle(walk, crew.events, [change, outcome]);
    }
    const interrupted = crew.interrupt?.aborted === true;
    if (!interrupted) for (const change of next.ready) start(walk, crew, change);
    if (walk.running.size === 0 && (interrupted || next.held.length === 0)) return walk.outcomes;
    if (walk.running.size > 0) await Promise.race(walk.running.values());
  }
};
