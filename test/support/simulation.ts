/** Runs of the reconciler on a sandbox where things go wrong, in simulated time, and the laws that must hold all the while. */
import { coveredPart } from '../../src/commands/apply.ts';
import { journalTo } from '../../src/commands/run/journal.ts';
import { cloudOf, guardRefusal } from '../../src/commands/run/live-plan.ts';
import { walkPlan } from '../../src/commands/run/walk.ts';
import type { Live, Outcome } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { Knowledge } from '../../src/plan/access/side.ts';
import { parsePlan } from '../../src/plan/carry/parse-plan.ts';
import { plan as planOf } from '../../src/plan/plan.ts';
import { createFaults } from './faults-handler.ts';
import { randomOf } from './faults.ts';
import type { FaultKind, FaultSchedule } from './faults.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequestHandler } from '../../src/sandbox/request-handler.ts';
import type { SandboxSettings, SandboxWorld } from '../../src/sandbox/world.ts';
import { catalogue } from '../aws/bench.ts';
import { simulatedClock } from '../aws/simulated-clock.ts';
import type { SimulatedClock } from '../aws/simulated-clock.ts';
import { answerWith, clients } from './answered-clients.ts';
import { journalOf } from './journal-law.ts';
import { lawsOf } from './laws.ts';
import type { Laws } from './laws.ts';
import { meddle } from './meddling.ts';
import { mortalClock, mortalHandler, never, newLife } from './mortal.ts';
import type { Life } from './mortal.ts';
import { withProof } from './stages.ts';

export type Scenario = {
  readonly desired: Desired;
  readonly world: SandboxWorld;
  readonly settings: SandboxSettings;
  readonly schedule: FaultSchedule;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly knowledge: Knowledge;
  /** Each of the first runs is two processes at once. */
  readonly twice: boolean;
  /** The first runs carry out what was approved before somebody changed things by hand, and nothing else. */
  readonly approved: boolean;
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

type Process = { readonly life: Life; readonly approval: Plan | undefined };

const watching = ({ laws, clock }: Stage, { life: { alive } }: Process, { fingerprint, organization }: Plan) => {
  const { record, isOpen } = journalOf(laws.broken);
  const journal = journalTo(
    { append: async (text) => record(text), lost: (error) => laws.broken(String(error)), now: clock.now },
    { fingerprint, organization },
  );
  return {
    started: (change: Change) => {
      journal.started(change);
      laws.started(change);
    },
    settled: (change: Change, outcome: Outcome) => {
      if (!alive()) return;
      journal.settled(change, outcome);
      laws.settled(change, outcome);
    },
    ended: async () => {
      await journal.close();
      if (isOpen()) laws.broken('the journal of a whole run leaves something open');
    },
  };
};

const connected = ({ desired, clock }: Stage, life: Life) =>
  cloudOf({ clients, clock: mortalClock(clock, life), place: '', save: async () => undefined }, desired);

const planned = ({ desired, clock, knowledge }: Stage, live: Live): Plan =>
  withProof(planOf(desired, live, new Date(clock.now()).toISOString()), { desired, live, knowledge });

const apply = async (stage: Stage, process: Process): Promise<Ended> => {
  const { laws } = stage;
  const cloud = connected(stage, process.life);
  try {
    const live = await cloud.read();
    const whole = planned(stage, live);
    const plan = process.approval === undefined ? whole : coveredPart(whole, process.approval);
    if (guardRefusal(plan)) return { how: 'refused', plan };
    laws.planned(plan, live);
    stage.run.walked = true;
    const events = watching(stage, process, plan);
    const outcomes = await walkPlan(plan, { cloud, events });
    if (process.life.alive()) await events.ended();
    return { how: 'walked', plan, outcomes };
  } catch (thrown) {
    return { how: 'unread', why: thrown instanceof Error ? `${thrown.message} ${thrown.stack}` : String(thrown) };
  }
};

/** What was looked at, stored as text and approved, in a quiet hour. */
const approve = async (stage: Stage): Promise<Plan> => {
  const { clock, sandbox } = stage;
  answerWith(clock.watching(requestHandler(sandbox, clock.now)));
  const parsed = parsePlan(JSON.stringify(planned(stage, await connected(stage, newLife()).read())));
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.plan;
};

const day = 86_400_000;

const troublesOf = (ended: Ended): readonly string[] => {
  if (ended.how === 'unread') return [ended.why];
  if (ended.how !== 'walked') return [];
  return [...ended.outcomes.values()].flatMap(({ key, reason }) => (reason === undefined ? [] : [`${key}: ${reason}`]));
};

type Run = {
  readonly around: (handler: SdkRequestHandler) => SdkRequestHandler;
  readonly approval: Plan | undefined;
  /** How much later each process starts than the run does, in milliseconds. */
  readonly starts: readonly number[];
  readonly troubled: (troubles: readonly string[]) => void;
};

const runOnce = async (stage: Stage, { around, approval, starts, troubled }: Run): Promise<Ended> => {
  const life = newLife();
  stage.run.life = life;
  stage.laws.begins();
  const { clock, sandbox } = stage;
  const observed: Sandbox = { ...sandbox, handle: (request, now) => stage.laws.observe(sandbox, request, now) };
  answerWith(mortalHandler(clock.watching(around(requestHandler(observed, clock.now))), life));
  let waiting = true;
  const hung = clock.sleep(day).then(() => (waiting ? ({ how: 'hung' } as const) : never<Ended>()));
  const processes = starts.map(async (later) => {
    if (later > 0) await clock.sleep(later);
    const ended = await apply(stage, { life, approval });
    troubled(troublesOf(ended));
    return ended;
  });
  const last = Promise.all(processes).then((ends) => ends.at(-1) ?? never<Ended>());
  const ended = await Promise.race([last, life.killed.then(() => ({ how: 'killed' }) as const), hung]);
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

const approvedRuns = 2;
const doubleRuns = 3;

/** What each run is made of, by its number. */
const castOf = ({ twice, schedule }: Scenario, approval: Plan | undefined) => {
  const random = randomOf(schedule.seed + 3);
  return (run: number) => ({
    approval: run < approvedRuns ? approval : undefined,
    starts: twice && run < doubleRuns ? [0, random(5_000)] : [0],
  });
};

const strikes = (stage: Stage, struck: FaultKind[]): ReturnType<typeof createFaults> => {
  const { schedule, world, sandbox, clock, laws } = stage;
  const random = randomOf(schedule.seed + 1);
  return createFaults({
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
};

/** Between the approval and the apply. */
const somebodyComes = ({ sandbox, clock, laws, schedule }: Stage): void => {
  const random = randomOf(schedule.seed + 4);
  for (let deeds = random(4); deeds > 0; deeds -= 1) laws.meddled(() => meddle(sandbox, random, clock.now()));
};

const beginning = async (stage: Stage): Promise<Plan | undefined> => {
  if (!stage.approved) return undefined;
  const approval = await approve(stage);
  stage.laws.approved(approval);
  somebodyComes(stage);
  return approval;
};

const requireRest = ({ laws, run }: Stage, ended: Ended, struck: readonly FaultKind[]): void => {
  if (!isQuiet(ended)) laws.broken(`it does not settle: ${lastWords(ended)}`);
  if (ended.how === 'walked') laws.ended(ended.plan);
  const refusals = ended.how === 'refused' ? ended.plan.guards.filter(({ ok }) => !ok) : [];
  if (refusals.length > 0 && run.walked && !struck.includes('meddled') && !laws.isForeign())
    laws.broken(`refused on the way: ${refusals.map(({ message }) => message).join('; ')}`);
};

const settle = async (scenario: Scenario): Promise<Report> => {
  const { world, desired } = scenario;
  Object.assign(world.settings, scenario.settings);
  const clock = simulatedClock(scenario.now);
  const sandbox = createSandbox(world, { catalogue });
  const laws = lawsOf({ desired, world, now: clock.now });
  const stage: Stage = { ...scenario, sandbox, clock, laws, run: { life: newLife(), walked: false } };
  const struck: FaultKind[] = [];
  const approval = await beginning(stage);
  const cast = castOf(scenario, approval);
  const faults = strikes(stage, struck);
  const troubles: string[] = [];
  let runs = 0;
  let ended: Ended = { how: 'killed' };
  while (runs < maxRuns) {
    const before = struck.length;
    if (runs === maxFaultyRuns) {
      faults.cease();
      Object.assign(world.settings, { readAfterWriteDelayMs: 0 });
    }
    faults.renew();
    const part = cast(runs);
    ended = await runOnce(stage, { around: faults.around, troubled: (some) => troubles.push(...some), ...part });
    runs += 1;
    await clock.sleep(pause);
    if (ended.how === 'hung') break;
    const isWhole = part.approval === undefined && part.starts.length === 1;
    if (isWhole && isQuiet(ended) && struck.length === before) break;
    if (part.approval !== undefined && runs === approvedRuns) laws.approved(undefined);
  }
  requireRest(stage, ended, struck);
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
