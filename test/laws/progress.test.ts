/** What a walk looks at again after an outcome is enough: it starts and holds what it would if it looked at everything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome, OutcomeStatus } from '../../src/model/cloud.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { nextChanges } from '../../src/plan/carry/next.ts';
import { progressOf } from '../../src/plan/carry/progress.ts';
import { plan } from '../../src/plan/plan.ts';
import { brownfieldPairs, decider } from '../support/arbitraries.ts';
import { NOW } from '../support/build.ts';

/** Mostly all goes well. */
const endings: readonly OutcomeStatus[] = ['done', 'done', 'done', 'done', 'done', 'failed'];

const outcomeOf = ({ id, key }: Change, ending: number): Outcome => {
  const status = endings[ending] ?? 'done';
  return { id, key, status, ...(status === 'done' ? {} : { reason: 'AWS said no' }) };
};

const walked = (made: Plan, numbers: readonly number[]): void => {
  const decide = decider(numbers);
  const progress = progressOf(made);
  const [outcomes, started] = [new Map<string, Outcome>(), new Set<string>()];
  const running: Change[] = [];
  let fresh: Outcome[] = [];
  for (;;) {
    const next = progress({ outcomes, started }, fresh);
    expect(next).toEqual(nextChanges(made, outcomes, started));
    fresh = [...next.held];
    for (const outcome of next.held) outcomes.set(outcome.id, outcome);
    for (const change of next.ready) started.add(change.id);
    running.push(...next.ready);
    if (running.length === 0 && next.held.length === 0) return;
    for (let count = Math.min(running.length, 1 + decide(3)); count > 0; count -= 1) {
      const [change] = running.splice(decide(running.length), 1);
      if (change === undefined) continue;
      const outcome = outcomeOf(change, decide(endings.length));
      outcomes.set(change.id, outcome);
      fresh.push(outcome);
    }
  }
};

describe('a walk', () => {
  it('goes on after each outcome as if it looked at everything', () => {
    fc.assert(
      fc.property(brownfieldPairs, fc.array(fc.nat({ max: 60 }), { minLength: 60, maxLength: 60 }), (pair, numbers) => {
        walked(plan(pair.desired, pair.live, NOW), numbers);
      }),
    );
  });
});
