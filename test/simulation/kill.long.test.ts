import { expect, it } from 'vitest';
import { randomOf } from '../support/faults.ts';
import { killAndRunAgain } from '../support/killed-processes.ts';

it(
  'leaves nothing to do when a real apply is killed five times and then run once more',
  { timeout: 240_000 },
  async () => {
    const report = await killAndRunAgain(5, randomOf(Date.now()));
    if (process.env['VERBOSE']) process.stderr.write(`${JSON.stringify(report)}\n`);
    expect(report.lastSaid).not.toMatch(/failed|held/);
    expect(report).toMatchObject({ lastExit: 0, left: 0 });
    expect(report.killedAt.some((changes) => changes > 0)).toBe(true);
  },
);
