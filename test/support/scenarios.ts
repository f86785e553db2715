/** Where a simulation starts, by its seed. */
import { join } from 'node:path';
import fc from 'fast-check';
import { freshWorld } from '../../src/commands/run/open-sandbox.ts';
import { load } from '../../src/desired/load.ts';
import { resolve } from './understood.ts';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Desired } from '../../src/model/desired.ts';
import { randomOf, scheduleOf } from './faults.ts';
import type { RandomBelow } from './faults.ts';
import type { SandboxSettings } from '../../src/sandbox/world.ts';
import { defaultSettings } from '../../src/sandbox/world.ts';
import { brownfieldPairs, ownedPairs, renamedPairs } from './arbitraries.ts';
import { smallKnowledge } from './powers.ts';
import type { Scenario } from './simulation.ts';
import { worldOf } from './world-of.ts';

const start = Date.UTC(2026, 10, 23);

const settingsOf = (random: RandomBelow): SandboxSettings => ({
  ...defaultSettings(),
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

const companyOf = (random: RandomBelow): { readonly twice: boolean; readonly approved: boolean } => ({
  twice: random(4) === 0,
  approved: random(4) === 0,
});

const smallScenario = (seed: number): Scenario => {
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
    knowledge: smallKnowledge,
    ...companyOf(random),
  };
};

const root = join(import.meta.dirname, '../..');
const catalogue = loadCatalogue();
const actions = loadActionCatalogue();
/** One action in forty is enough to see a gap open. */
const knowledge = {
  actions: { ...actions, actions: actions.actions.filter((_, at) => at % 40 === 0) },
  policies: catalogue,
};

/** Nobody changes it, so that every scenario begins with the same one. */
let secureCart: Promise<Desired> | undefined;
const loadSecureCart = async (): Promise<Desired> =>
  everythingMayGo(resolve(await load(root), { catalogue, now: new Date(start).toISOString() }));

/** SecureCart's first apply, on the brownfield. */
const secureCartScenario = async (seed: number): Promise<Scenario> => {
  const random = randomOf(seed);
  const desired = await (secureCart ??= loadSecureCart());
  return {
    desired,
    world: freshWorld(desired, start),
    settings: settingsOf(random),
    schedule: scheduleOf(seed, { faults: 6, calls: 900, writes: 200 }),
    now: start,
    knowledge,
    ...companyOf(random),
  };
};

export type Family = 'small' | 'securecart';

/** The same seed gives the same schedule on the same organization. */
export const scenarioOf = async (family: Family, seed: number): Promise<Scenario> =>
  family === 'small' ? smallScenario(seed) : secureCartScenario(seed);

export const replayCommand = (family: Family, seed: number): string =>
  `npm run soak -- --seed ${seed}${family === 'small' ? '' : ` --family ${family}`}`;
