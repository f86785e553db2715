/** One random history: people change files, review, merge, go around all of it, and the reconciler applies what came of it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudOf } from '../../../src/commands/run/live-plan.ts';
import { freshWorld, sandboxOf } from '../../../src/commands/run/open-sandbox.ts';
import { walkPlan } from '../../../src/commands/run/walk.ts';
import type { Live } from '../../../src/model/cloud.ts';
import type { State } from '../../../src/model/resource.ts';
import { stateOf } from '../../../src/model/resource.ts';
import { plan } from '../../../src/plan/plan.ts';
import { scheduleOf } from '../faults.ts';
import type { FaultSchedule } from '../faults.ts';
import { requestHandler } from '../../../src/sandbox/request-handler.ts';
import type { SandboxWorld } from '../../../src/sandbox/world.ts';
import { simulatedClock } from '../../aws/simulated-clock.ts';
import { answerWith, clients } from '../answered-clients.ts';
import { makeBuckets } from './buckets.ts';
import { byHand } from './by-hand.ts';
import { chanceOf } from './chance.ts';
import { agreement, asked } from './chronicle.ts';
import { judge, judgeRest } from './judge.ts';
import { memoryGit } from './memory-git.ts';
import { memoryGitHub } from './memory-github.ts';
import { members, organizationFiles, staff, variants } from './organization.ts';
import { changeBase, dismiss, merge, open, pushMain, pushMore, revert, review } from './people.ts';
import { anyPlot } from './plots.ts';
import type { Acts } from './plots.ts';
import { applyOnce } from './reconciler.ts';
import type { Ended } from './reconciler.ts';
import { count, labelsOf, note, nowOf, tell, today } from './tale.ts';
import type { Tale } from './tale.ts';
import { stateNow, watchOf } from './watch.ts';

export type Told = {
  readonly violations: readonly string[];
  /** How often each thing happened. */
  readonly tally: ReadonlyMap<string, number>;
  /** Step by step, for people. */
  readonly story: readonly string[];
};

const start = Date.UTC(2026, 10, 23);
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

const users = (world: SandboxWorld): readonly string[] =>
  Object.values(world.identityStore.users).flatMap(({ userName }) => userName ?? []);

const settled = new Map<number, Promise<SandboxWorld>>();

/** Everybody is in the directory before somebody is given anything. */
const joined = stateOf(staff.map((user) => ({ kind: 'membership', group: '', user })));

const settle = async (variant: number): Promise<SandboxWorld> => {
  const now = new Date(start).toISOString();
  const desired = asked(organizationFiles(variant), now);
  if (desired === undefined) throw new Error(`organization ${variant} has errors`);
  const world = freshWorld({ ...desired, state: { ...desired.state, ...joined } }, start);
  makeBuckets(world, start);
  const clock = simulatedClock(start);
  answerWith(clock.watching(requestHandler(sandboxOf(world, 1), clock.now)));
  const cloud = cloudOf({ clients, clock, place: '', save: async () => undefined }, desired);
  const outcomes = await walkPlan(plan(desired, await cloud.read(), now), {
    cloud,
    events: { started: () => undefined, settled: () => undefined },
  });
  const open = [...outcomes.values()].find(({ status }) => status !== 'done');
  if (open !== undefined) throw new Error(`organization ${variant}: ${open.key} ${open.reason ?? ''}`);
  return world;
};

const meddleWith = (tale: Tale): void => {
  byHand(tale.sandbox, tale.chance, tale.clock.now());
  tale.touched.aws = true;
  tale.touched.times += 1;
  note(tale, 'changed AWS by hand');
};

const jump = async (tale: Tale, days: number = tale.chance.of(1, 3, 10, 30)): Promise<void> => {
  await tale.clock.sleep(days * DAY);
  note(tale, 'time passed', `${days} days`);
};

const loseRecord = (tale: Tale): void => {
  const { deployments } = tale.github;
  if (deployments.length === 0) return;
  deployments.splice(tale.chance.below(deployments.length), 1);
  tale.touched.record = true;
  note(tale, 'record deleted');
};

const liveOf = (tale: Tale): Live => {
  const world = tale.sandbox.world();
  return {
    organization: 'o-securecart0',
    managementAccountId: world.organizations.management,
    callerAccountId: world.organizations.management,
    state: stateNow(tale.sandbox, {
      labels: labelsOf(tale),
      now: tale.clock.now,
    }),
    users: users(world),
    suspended: [],
    unread: [],
    notes: [],
    reads: { route: 'none', calls: {} },
  };
};

const groupsOf = ({ sandbox }: Pick<Tale, 'sandbox'>) => Object.values(sandbox.world().identityStore.groups);

/** Whatever no apply has made. */
const foreignIn = (tale: Tale): ReadonlySet<string> =>
  new Set(groupsOf(tale).flatMap(({ groupId, displayName }) => (tale.own.has(groupId) ? [] : [displayName ?? ''])));

const noFaults: FaultSchedule = { seed: 1, faults: [] };

const schedule = ({ chance, seed, runs }: Tale): FaultSchedule =>
  chance.percent(60) ? noFaults : scheduleOf(seed * 31 + runs, { faults: 4, calls: 90, writes: 4 });

/** Longer than any slow operation of a schedule. */
const PAUSE = 200_000;

type How = {
  readonly faults: FaultSchedule;
  readonly by?: string;
  readonly plan?: { readonly fingerprint: string };
};

const heldFile = ({ folder }: Tale): string => join(folder, 'held.json');

const countKeys = (tale: Tale, { said, how, struck }: Ended): void => {
  count(tale, `apply ended ${how}`);
  count(tale, 'faults struck', struck.length);
  if (/Refused/.test(said)) count(tale, 'refused by a guard');
  for (const [, why = ''] of said.matchAll(/^- `[^`]+`(?: \(\w+\))?: ([^;:]*)/gm))
    count(tale, `held: ${why.replace(/#\S+|commit \w+|\w+\/\S+|[0-9a-f]{7}/g, '…').slice(0, 70)}`);
};

const apply = async (tale: Tale, { faults, by, plan: approved }: How): Promise<Ended> => {
  const { sandbox, clock, github, git } = tale;
  const labels = labelsOf(tale);
  const watch = watchOf(sandbox, {
    labels,
    glass: { group: 'BreakGlass', permissionSet: 'BreakGlass' },
    member: asked(git.filesOf(github.main()), nowOf(tale))?.settings.memberRole,
    now: clock.now,
  });
  const [live, now, there] = [liveOf(tale), nowOf(tale), groupsOf(tale)];
  const foreign = foreignIn(tale);
  const run = by === undefined ? github.startRun('push', 'ada') : github.startRun('workflow_dispatch', by);
  const out = heldFile(tale);
  const options = approved === undefined ? { out } : { out, plan: out, ...approved };
  tale.runs += 1;
  const ended = await applyOnce(tale, {
    watched: watch.watched,
    schedule: faults,
    options,
    run,
  });
  note(
    tale,
    by === undefined ? 'apply' : 'apply by hand',
    `${ended.how}; wrote ${watch.writes.map(({ key }) => key).join(', ')}`,
  );
  countKeys(tale, ended);
  const keys = [...new Set(watch.writes.map(({ key }) => key))];
  count(tale, 'keys written', keys.length);
  count(tale, 'policies of buckets written', keys.filter((key) => key.startsWith('resource-policy/')).length);
  for (const line of ended.said.split('\n')) tell(tale, `    | ${line}`);
  const judged = {
    live,
    now,
    watch,
    entries: tale.entries,
    agreed: tale.agreed,
    foreign,
    starters: by === undefined ? [] : [by],
  };
  tale.violations.push(...judge(git, judged));
  for (const { groupId } of groupsOf(tale)) if (!there.some((one) => one.groupId === groupId)) tale.own.add(groupId);
  // Whoever may not start it by hand is told so by an error.
  const isTold = by !== undefined || ended.struck.length > 0;
  if (ended.how === 'hung' || (ended.how === 'threw' && !isTold))
    tale.violations.push(`the apply ${ended.how}: ${ended.said.slice(-600)}`);
  const isCalm = by === undefined && watch.moments.length === 0 && ended.struck.length === 0;
  tale.calm = isCalm ? { state: stateOfAll(tale), ended } : undefined;
  await clock.sleep(PAUSE);
  const main = asked(git.filesOf(github.main()), nowOf(tale));
  if (main !== undefined)
    tale.agreed = agreement(tale.agreed, {
      main,
      live: found(tale),
      entries: tale.entries.length,
    });
  return ended;
};

/** Somebody who is listed, or who is not, starts the apply with the fingerprint of all that the last one held. */
const applyByHand = async (tale: Tale): Promise<void> => {
  if (!existsSync(heldFile(tale))) return;
  const { fingerprint } = JSON.parse(readFileSync(heldFile(tale), 'utf8')) as {
    readonly fingerprint: string;
  };
  await apply(tale, {
    faults: noFaults,
    by: tale.chance.of('ada', 'grace', 'linus', 'rita'),
    plan: { fingerprint },
  });
};

const stateOfAll = (tale: Tale): string => {
  const { github, touched } = tale;
  const reviews = [...github.pulls.values()].map((pull) => pull.reviews);
  return JSON.stringify([github.main(), today(tale), touched.times, reviews]);
};

/** An apply of what was applied already says nothing new. */
const applyIfNew = async (tale: Tale): Promise<void> => {
  const state = stateOfAll(tale);
  if (state === tale.touched.applied) return;
  tale.touched.applied = state;
  await apply(tale, { faults: schedule(tale) });
};

const found = (tale: Tale): State => stateNow(tale.sandbox, { labels: labelsOf(tale), now: tale.clock.now });

const acts: Acts = {
  meddle: meddleWith,
  jump,
  apply: applyIfNew,
};

const steps: readonly (readonly [weight: number, step: (tale: Tale) => unknown])[] = [
  [14, (tale) => anyPlot(tale, acts)],
  [26, open],
  [7, review],
  [3, dismiss],
  [3, pushMore],
  [3, changeBase],
  [8, merge],
  [4, revert],
  [2, pushMain],
  [5, meddleWith],
  [7, jump],
  [1, loseRecord],
  [14, (tale) => applyIfNew(tale)],
  [3, applyByHand],
];

const step = async (tale: Tale): Promise<void> => {
  let left = tale.chance.below(100);
  for (const [weight, act] of steps) {
    left -= weight;
    if (left >= 0) continue;
    await act(tale);
    break;
  }
  await tale.clock.sleep(MINUTE);
};

type Place = Pick<Tale, 'folder' | 'say'>;

const opening = async (seed: number, { folder, say }: Place): Promise<Tale> => {
  const chance = chanceOf(seed);
  const variant = chance.below(variants);
  const world = settled.get(variant) ?? settle(variant);
  settled.set(variant, world);
  const own = structuredClone(await world);
  const clock = simulatedClock(start + DAY);
  const git = memoryGit();
  const files = organizationFiles(variant);
  const github = memoryGitHub({
    git,
    members,
    files,
    now: () => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
  });
  return {
    ...{ git, github, clock, chance, seed, folder, say },
    sandbox: sandboxOf(own, 1),
    entries: [],
    agreed: new Map(),
    own: new Set(Object.keys(own.identityStore.groups)),
    violations: [],
    tally: new Map(),
    story: [`organization ${variant}`],
    touched: { aws: false, record: false, times: 0, applied: '' },
    runs: 0,
    calm: undefined,
  };
};

const STEPS = 9;

/** What an apply left because something failed, the next one does. */
const rested = async (tale: Tale): Promise<Ended> => {
  if (tale.calm?.state === stateOfAll(tale)) return tale.calm.ended;
  const ended = await apply(tale, { faults: noFaults });
  return ended.how === 1 ? apply(tale, { faults: noFaults }) : ended;
};

const told = async (seed: number, place: Place): Promise<Told> => {
  const tale = await opening(seed, place);
  for (let left = tale.chance.percent(40) ? 2 : 0; left > 0; left -= 1) meddleWith(tale);
  for (let left = STEPS + tale.chance.below(8); left > 0; left -= 1) await step(tale);
  const last = await rested(tale);
  const { git, entries, agreed, touched } = tale;
  const isWhole = last.how === 0 || last.how === 3 || last.said.includes('Main is');
  const rest = {
    live: liveOf(tale),
    now: nowOf(tale),
    entries,
    agreed,
    foreign: foreignIn(tale),
    said: last.said,
    clean: !touched.aws && !touched.record,
  };
  if (entries.length > 0 && isWhole) tale.violations.push(...judgeRest(git, rest));
  const { violations, tally, story } = tale;
  return { violations: [...new Set(violations)], tally, story };
};

/** The same seed tells the same history. One at a time: chance is replaced meanwhile. */
export const history = async (seed: number, say: (line: string) => void = () => undefined): Promise<Told> => {
  const [random, folder] = [Math.random, mkdtempSync(join(tmpdir(), 'history-'))];
  const chance = chanceOf(seed + 1);
  Math.random = () => chance.below(1_000_000) / 1_000_000;
  try {
    return await told(seed, { folder, say });
  } finally {
    Math.random = random;
    rmSync(folder, { recursive: true, force: true });
  }
};
