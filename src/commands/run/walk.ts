/** Carries a plan out: starts every change that may start, waits for outcomes, and repeats until none is left. */
import type { Cloud, Outcome } from '../../model/cloud.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { progressOf } from '../../plan/carry/progress.ts';

export type WalkEvents = {
  readonly started: (change: Change) => void;
  readonly settled: (change: Change, outcome: Outcome) => void;
};

type RunningWalk = {
  readonly outcomes: Map<string, Outcome>;
  readonly started: Set<string>;
  /** Outcomes that nothing has been decided by yet. */
  readonly fresh: Outcome[];
  running: number;
  /** Of whoever waits for the next outcome. */
  wake: { readonly resolve: () => void; readonly reject: (bug: Error) => void };
};

const settle = (walk: RunningWalk, events: WalkEvents, [change, outcome]: readonly [Change, Outcome]): void => {
  walk.outcomes.set(change.id, outcome);
  walk.fresh.push(outcome);
  events.settled(change, outcome);
};

const start = (walk: RunningWalk, { cloud, events }: WalkCrew, change: Change): void => {
  walk.started.add(change.id);
  walk.running += 1;
  events.started(change);
  void cloud
    .apply(change)
    .then((outcome) => {
      walk.running -= 1;
      settle(walk, events, [change, outcome]);
      walk.wake.resolve();
    })
    .catch((bug: unknown) => walk.wake.reject(bug as Error));
};

/** To wait for each of thousands that run, anew after each outcome, would take the square of them. */
const nextOutcome = (walk: RunningWalk): Promise<void> =>
  new Promise((resolve, reject) => {
    walk.wake = { resolve, reject };
  });

const nobody = { resolve: () => undefined, reject: () => undefined };

/** `interrupt`: start nothing more; what is in flight is finished. */
type WalkCrew = { readonly cloud: Cloud; readonly events: WalkEvents; readonly interrupt?: AbortSignal };

/**
 * One outcome for each change that was started or held; a change without an outcome was left when the walk was
 * interrupted. Throws only what `apply` throws: a bug.
 */
export const walkPlan = async (plan: Plan, crew: WalkCrew): Promise<ReadonlyMap<string, Outcome>> => {
  const walk: RunningWalk = { outcomes: new Map(), started: new Set(), fresh: [], running: 0, wake: nobody };
  const byId = new Map(plan.changes.map((change) => [change.id, change]));
  const progress = progressOf(plan);
  for (;;) {
    const next = progress(walk, walk.fresh.splice(0));
    for (const outcome of next.held) {
      const change = byId.get(outcome.id);
      if (change !== undefined) settle(walk, crew.events, [change, outcome]);
    }
    const interrupted = crew.interrupt?.aborted === true;
    if (!interrupted) for (const change of next.ready) start(walk, crew, change);
    if (walk.running === 0 && (interrupted || next.held.length === 0)) return walk.outcomes;
    if (walk.running > 0) await nextOutcome(walk);
  }
};
