/**
 * What is too long for a test. Prints what it reached; exits 1 when a law was broken.
 *
 * - Simulated applies for as long as is asked, then real processes killed: `npm run soak -- --minutes 10`; one schedule again:
 *   `npm run soak -- --seed 42`.
 * - Random histories of pull requests, reviews, merges and applies: `npm run soak -- --histories 10000 --seed 1`; one of them
 *   again, told step by step: `npm run soak -- --history-seed 42`.
 * - The evaluator against the slow one: `npm run soak -- --evaluator 100000`.
 */
import { parseArgs } from 'node:util';
import type { FaultKind } from './support/faults.ts';
import { randomOf } from './support/faults.ts';
import { agreementOn } from './evaluate/slow-cases.ts';
import { soakHistories, tellHistory } from './support/histories/soak.ts';
import { killAndRunAgain } from './support/killed-processes.ts';
import { replayCommand, scenarioOf } from './support/scenarios.ts';
import type { Family } from './support/scenarios.ts';
import { simulate } from './support/simulation.ts';
import type { Report } from './support/simulation.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    family: { type: 'string', default: 'small' },
    kills: { type: 'string', default: '50' },
    histories: { type: 'string' },
    'history-seed': { type: 'string' },
    evaluator: { type: 'string' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const family: Family = values.family === 'securecart' ? 'securecart' : 'small';

type Tally = { schedules: number; runs: number; calls: number; refused: number; violations: number };
const tally: Tally = { schedules: 0, runs: 0, calls: 0, refused: 0, violations: 0 };
const struck = new Map<FaultKind, number>();

const add = (report: Report): void => {
  tally.schedules += 1;
  tally.runs += report.runs;
  tally.calls += report.calls;
  tally.refused += Number(report.refused);
  tally.violations += report.violations.length;
  for (const kind of report.struck) struck.set(kind, (struck.get(kind) ?? 0) + 1);
};

const one = async (seed: number): Promise<void> => {
  const report = await simulate(await scenarioOf(family, seed));
  add(report);
  for (const violation of report.violations) say(`seed ${seed}: ${violation}`);
  if (report.violations.length > 0) say(`  again: ${replayCommand(family, seed)}`);
};

const schedules = async (milliseconds: number): Promise<void> => {
  const first = Date.now() % 1_000_000_000;
  const end = Date.now() + milliseconds;
  for (let seed = first; Date.now() < end; seed += 1) await one(seed);
};

const killed = async (kills: number): Promise<void> => {
  for (let left = kills; left > 0; left -= 5) {
    const report = await killAndRunAgain(Math.min(5, left), randomOf(Date.now()));
    say(`killed after ${report.killedAt.join(', ')} changes (-1: it had ended); nothing left: ${report.left === 0}`);
    if (report.lastExit === 0 && report.left === 0) continue;
    tally.violations += 1;
    say(report.lastSaid);
  }
};

const schedulesAndKills = async (seed: string | undefined): Promise<boolean> => {
  if (seed !== undefined) {
    await one(Number(seed));
  } else {
    await schedules(Number(values.minutes) * 60_000);
    await killed(Number(values.kills));
  }
  const faults = [...struck].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${kind} ${count}`);
  say(
    `${tally.schedules} schedules (${tally.refused} refused by a guard), ${tally.runs} runs, ${tally.calls} calls, ` +
      `${[...struck.values()].reduce((sum, count) => sum + count, 0)} faults: ${faults.join(', ')}; ` +
      `${tally.violations} violations`,
  );
  return tally.violations === 0;
};

const evaluators = (cases: number, seed: number): boolean => {
  try {
    const { allowed, denied } = agreementOn(cases, seed);
    say(`${cases} cases decided alike (${allowed} allowed, ${denied} denied), seed ${seed}`);
    return true;
  } catch (thrown) {
    say(thrown instanceof Error ? thrown.message : String(thrown));
    return false;
  }
};

const someSeed = Number(values.seed ?? Date.now() % 1_000_000_000);

const soaked = async (): Promise<boolean> => {
  const again = values['history-seed'];
  if (again !== undefined) return tellHistory(Number(again), say);
  if (values.histories !== undefined) return soakHistories(Number(values.histories), { first: someSeed, say });
  if (values.evaluator !== undefined) return evaluators(Number(values.evaluator), someSeed);
  return schedulesAndKills(values.seed);
};

process.exitCode = (await soaked()) ? 0 : 1;
