/** Carries a plan out on a cloud, as apply does, and can be killed on the way. */
import type { Cloud, Outcome } from '../../src/model/cloud.ts';
import type { Plan } from '../../src/model/plan.ts';
import { nextChanges } from '../../src/plan/carry/next.ts';

/** `killedAfter` calls nothing is started any more; the outcomes are those known by then. */
export const carryOut = async (
  cloud: Cloud,
  plan: Plan,
  killedAfter = Number.POSITIVE_INFINITY,
): Promise<ReadonlyMap<string, Outcome>> => {
  const outcomes = new Map<string, Outcome>();
  const started = new Set<string>();
  for (;;) {
    const { ready, held, finished } = nextChanges(plan, outcomes, started);
    for (const outcome of held) outcomes.set(outcome.id, outcome);
    const batch = ready.slice(0, Math.max(0, killedAfter - started.size));
    if (finished || batch.length === 0) return outcomes;
    for (const { id } of batch) started.add(id);
    for (const outcome of await Promise.all(batch.map(cloud.apply))) outcomes.set(outcome.id, outcome);
  }
};
