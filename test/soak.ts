/**
 * Simulated applies for as long as is asked, then real processes killed: `npm run soak -- --minutes 10`, or one schedule
 * again: `npm run soak -- --seed 42`. Prints what it reached; exits 1 when a law was broken.
 */
import { parseArgs } from 'node:util';
import type { FaultKind } from '../src/sandbox/faults.ts';
import { randomOf } from '../src/sandbox/faults.ts';
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

if (values.seed !== undefined) {
  await one(Number(values.seed));
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
process.exitCode = tally.violations > 0 ? 1 : 0;
