/** Where a simulation starts, by its seed. */
import fc from 'fast-check';
import type { Desired } from '../../src/model/desired.ts';
import { randomOf, scheduleOf } from '../../src/sandbox/faults.ts';
import type { Random } from '../../src/sandbox/faults.ts';
import type { Settings } from '../../src/sandbox/world.ts';
import { brownfieldPairs, ownedPairs, renamedPairs } from './arbitraries.ts';
import type { Scenario } from './simulation.ts';
import { worldOf } from './world-of.ts';

const start = Date.UTC(2026, 10, 23);

const settingsOf = (random: Random): Settings => ({
  latencyMs: {
    assignment: random(4) * 1500,
    provisioning: random(4) * 3000,
    policyType: random(3) * 2000,
  },
  throttling: random(2) === 0,
  readAfterWriteDelayMs: random(4) === 0 ? 1500 : 0,
  emptyPages: random(4) === 0,
});

/** Budgets and whole kinds that go are the plan's business; here they would only keep schedules from running. */
const everythingMayGo = (desired: Desired): Desired => ({
  ...desired,
  settings: {
    ...desired.settings,
    exceptions: [
      { guard: 'empty-desired', until: '2099-12-31', reason: 'a simulation' },
      { guard: 'delete-budget', until: '2099-12-31', reason: 'a simulation' },
    ],
  },
});

export const smallScenario = (seed: number): Scenario => {
  const random = randomOf(seed);
  const family = [ownedPairs, ownedPairs, brownfieldPairs, renamedPairs][random(4)] ?? ownedPairs;
  const [pair] = fc.sample(family, { seed, numRuns: 1 });
  if (pair === undefined) throw new Error('fast-check sampled nothing');
  return {
    desired: everythingMayGo(pair.desired),
    world: worldOf(pair.live, pair.desired.settings.region, start),
    settings: settingsOf(random),
    schedule: scheduleOf(seed, { faults: 8, calls: 200, writes: 15 }),
    now: start,
  };
};
