import { describe, expect, it } from 'vitest';
import { replayCommand, scenarioOf } from '../support/scenarios.ts';
import { simulate } from '../support/simulation.ts';

const seeds = Array.from({ length: 10 }, (_, at) => at + 1);

describe("SecureCart's first apply where things go wrong", () => {
  it.each(seeds)('keeps every law and settles (seed %i)', async (seed) => {
    const { violations } = await simulate(await scenarioOf('securecart', seed));
    expect(violations, replayCommand('securecart', seed)).toEqual([]);
  });
});
