import { describe, expect, it } from 'vitest';
import { smallScenario } from '../support/scenarios.ts';
import { simulate } from '../support/simulation.ts';

const seeds = Array.from(
  { length: Number(process.env['SCHEDULES'] ?? 20) },
  (_, at) => at + Number(process.env['SEED'] ?? 1),
);

describe('an apply on a small organization where things go wrong', () => {
  it.each(seeds)('keeps every law and settles (seed %i)', async (seed) => {
    const report = await simulate(smallScenario(seed));
    if (process.env['VERBOSE'])
      process.stderr.write(`${seed} ${JSON.stringify(report)}
`);
    expect(report.violations).toEqual([]);
  });
});
