/** Runs of the reconciler on a sandbox where things go wrong, in simulated time, and the laws that must hold all the while. */
import { createClients } from '../../src/aws/clients.ts';
import { cloudOf, refused } from '../../src/commands/live-plan.ts';
import { walkPlan } from '../../src/commands/walk.ts';
import type { Outcome } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { plan as planOf } from '../../src/plan/plan.ts';
import { createFaults } from '../../src/sandbox/faults-handler.ts';
import { randomOf } from '../../src/sandbox/faults.ts';
import type { FaultKind, Schedule } from '../../src/sandbox/faults.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequestHandler } from '../../src/sandbox/request-handler.ts';
import type { Settings, World } from '../../src/sandbox/world.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { catalogue, seed } from '../aws/bench.ts';
import { simulatedClock } from '../aws/simulated-clock.ts';
import type { SimulatedClock } from '../aws/simulated-clock.ts';
import { lawsOf } from './laws.ts';
import type { Laws } from './laws.ts';
import { meddle } from './meddling.ts';

export type Scenario = {
  readonly desired: Desired;
  readonly world: World;
  readonly settings: Settings;
  readonly schedule: Schedule;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

export type Report = {
  readonly runs: number;
  readonly calls: number;
  readonly struck: readonly FaultKind[];
  /** A guard refused the plan, so nothing was to be done. */
  readonly refused: boolean;
  /** What failed or was held on the way, in AWS's words. */
  readonly troubles: readonly string[];
  readonly violations: readonly string[];
};

const region = 'eu-west-1';

/** The clients are made once: what answers them is changed instead. */
let answering: SdkRequestHandler | undefined;
const clients = createClients({
  region,
  credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' },
  requestHandler: {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request: Parameters<SdkRequestHandler['handle']>[0]) => answering?.handle(request),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  },
  // Nobody checks signatures here, and they would be half of the work.
  ...({ signer: { sign: async (request: unknown) => request } } as object),
});

/**
 * A client's first call loads code and reads files in turns of the event loop that no request accounts for: time must
 * not pass meanwhile.
 */
const warmUp = async (): Promise<void> => {
  const sandbox = createSandbox(brownfield(seed, 0), { catalogue });
  answering = requestHandler(sandbox, () => 0);
  const IdentityStoreId = sandbox.world().identityStore.identityStoreId;
  const [organizations, ssoAdmin, identityStore, sts] = await Promise.all([
    clients.organizations(),
    clients.ssoAdmin(),
    clients.identityStore(),
    clients.sts(),
  ]);
  await organizations.describeOrganization({});
  await ssoAdmin.listInstances({});
  await identityStore.listGroups({ IdentityStoreId });
  await sts.getCallerIdentity({});
};
await warmUp();

type Life = { readonly alive: () => boolean; readonly kill: () => void; readonly killed: Promise<'killed'> };

const newLife = (): Life => {
  let alive = true;
  let end: (how: 'killed') => void = () => undefined;
  const killed = new Promise<'killed'>((resolve) => (end = resolve));
  return {
    alive: () => alive,
    kill: () => {
      alive = false;
      end('killed');
    },
    killed,
  };
};

const never = <T>(): Promise<T> => new Promise(() => undefined);

/** What a dead process waits for never comes. */
const mortalHandler = (handler: SdkRequestHandler, { alive }: Life): SdkRequestHandler => ({
  ...handler,
  handle: async (request) => {
    if (!alive()) return never();
    const answer = await handler.handle(request).catch((thrown: unknown) => {
      if (alive()) throw thrown;
      return never<{ response: never }>();
    });
    return alive() ? answer : never();
  },
});

const mortalClock = (clock: SimulatedClock, { alive }: Life) => ({
  now: clock.now,
  sleep: async (milliseconds: number): Promise<void> => {
    await clock.sleep(milliseconds);
    if (!alive()) await never();
  },
});

type Stage = Scenario & {
  readonly sandbox: Sandbox;
  readonly clock: SimulatedClock;
  readonly laws: Laws;
  readonly run: { life: Life; walked: boolean };
};

type Ended =
  | { readonly how: 'killed' | 'hung' }
  | { readonly how: 'unread'; readonly why: string }
  | { readonly how: 'refused'; readonly plan: Plan }
  | { readonly how: 'walked'; readonly plan: Plan; readonly outcomes: ReadonlyMap<string, Outcome> };

const watching = ({ laws }: Stage, { alive }: Life) => ({
  started: (change: Change) => laws.started(change),
  settled: (change: Change, outcome: Outcome) => {
    if (alive()) laws.settled(change, outcome);
  },
});

const apply = async (stage: Stage, life: Life): Promise<Ended> => {
  const { desired, clock, laws } = stage;
  const connection = { clients, clock: mortalClock(clock, life), place: '', save: async () => undefined };
  const cloud = cloudOf(connection, desired);
  try {
    const live = await cloud.read();
    const plan = planOf(desired, live, new Date(clock.now()).toISOString());
    if (refused(plan)) return { how: 'refused', plan };
    laws.planned(plan, live);
    stage.run.walked = true;
    return { how: 'walked', plan, outcomes: await walkPlan(plan, { cloud, events: watching(stage, life) }) };
  } catch (thrown) {
    return { how: 'unread', why: thrown instanceof Error ? `${thrown.message} ${thrown.stack}` : String(thrown) };
  }
};

const day = 86_400_000;

const runOnce = async (stage: Stage, around: (handler: SdkRequestHandler) => SdkRequestHandler): Promise<Ended> => {
  const life = newLife();
  stage.run.life = life;
  stage.laws.begins();
  const { clock, sandbox } = stage;
  const observed: Sandbox = { ...sandbox, handle: (request, now) => stage.laws.observe(sandbox, request, now) };
  answering = mortalHandler(clock.watching(around(requestHandler(observed, clock.now))), life);
  let waiting = true;
  const hung = clock.sleep(day).then(() => (waiting ? ({ how: 'hung' } as const) : never<Ended>()));
  const ended = await Promise.race([apply(stage, life), life.killed.then(() => ({ how: 'killed' }) as const), hung]);
  waiting = false;
  life.kill();
  return ended;
};

const maxFaultyRuns = 8;
const maxRuns = 14;
/** Longer than any delay or slow operation of the schedules. */
const pause = 200_000;

const isQuiet = (ended: Ended): boolean =>
  ended.how === 'refused' || (ended.how === 'walked' && ended.plan.changes.length === 0);

const troublesOf = (ended: Ended): readonly string[] => {
  if (ended.how === 'unread') return [ended.why];
  if (ended.how !== 'walked') return [];
  return [...ended.outcomes.values()].flatMap(({ key, reason }) => (reason === undefined ? [] : [`${key}: ${reason}`]));
};

const lastWords = (ended: Ended): string => {
  if (ended.how === 'unread') return ended.why;
  if (ended.how !== 'walked') return ended.how;
  const left = [...ended.outcomes.values()].filter(({ status }) => status !== 'done');
  return [
    ...left.map(({ key, reason }) => `${key}: ${reason}`),
    ...ended.plan.changes.map(({ action, key }) => `${action} ${key}`),
  ]
    .slice(0, 5)
    .join('; ');
};

const settle = async (scenario: Scenario): Promise<Report> => {
  const { world, schedule, desired } = scenario;
  Object.assign(world.settings, scenario.settings);
  const clock = simulatedClock(scenario.now);
  const sandbox = createSandbox(world, { catalogue });
  const laws = lawsOf({ desired, world, now: clock.now });
  const stage: Stage = { ...scenario, sandbox, clock, laws, run: { life: newLife(), walked: false } };
  const struck: FaultKind[] = [];
  const random = randomOf(schedule.seed + 1);
  const faults = createFaults({
    schedule,
    world,
    struck: (kind) => {
      struck.push(kind);
      if (kind === 'meddled') laws.meddled(() => meddle(sandbox, random, clock.now()));
      if (kind === 'killed-before') stage.run.life.kill();
      // The write is carried out first; nobody hears the answer.
      if (kind === 'killed-after') setImmediate(() => setImmediate(() => setImmediate(() => stage.run.life.kill())));
    },
  });
  const troubles: string[] = [];
  let runs = 0;
  let ended: Ended = { how: 'killed' };
  for (; runs < maxRuns;) {
    const before = struck.length;
    if (runs === maxFaultyRuns) {
      faults.cease();
      Object.assign(world.settings, { readAfterWriteDelayMs: 0 });
    }
    faults.renew();
    ended = await runOnce(stage, faults.around);
    runs += 1;
    troubles.push(...troublesOf(ended));
    await clock.sleep(pause);
    if (ended.how === 'hung') break;
    if (isQuiet(ended) && struck.length === before) break;
  }
  if (!isQuiet(ended)) laws.broken(`it does not settle: ${lastWords(ended)}`);
  if (ended.how === 'walked') laws.ended(ended.plan);
  if (ended.how === 'refused' && stage.run.walked && !struck.includes('meddled'))
    laws.broken(
      `refused on the way: ${ended.plan.guards
        .filter(({ ok }) => !ok)
        .map(({ message }) => message)
        .join('; ')}`,
    );
  const calls = Object.values(world.requestLog).reduce((sum, count) => sum + count, 0);
  return { runs, calls, struck, refused: ended.how === 'refused', troubles, violations: laws.violations() };
};

/** Applies again and again until nothing is left; faults cease after some runs. One at a time: chance is replaced meanwhile. */
export const simulate = async (scenario: Scenario): Promise<Report> => {
  const chance = Math.random;
  const random = randomOf(scenario.schedule.seed + 2);
  Math.random = () => random(1_000_000) / 1_000_000;
  try {
    return await settle(scenario);
  } finally {
    Math.random = chance;
  }
};
