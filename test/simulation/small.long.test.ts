import { describe, expect, it } from 'vitest';
import { replayCommand, scenarioOf } from '../support/scenarios.ts';
import { simulate } from '../support/simulation.ts';

const lists = Array.from({ length: 8 }, (_, list) => Array.from({ length: 20 }, (_, at) => list * 20 + at + 1));

describe('an apply on a small organization where things go wrong', () => {
  it.each(lists.map((seeds) => ({ first: seeds[0], last: seeds.at(-1), seeds })))(
    'keeps every law and settles (seeds $first to $last)',
    async ({ seeds }) => {
      for (const seed of seeds) {
        const { violations } = await simulate(await scenarioOf('small', seed));
        expect(violations, replayCommand('small', seed)).toEqual([]);
      }
    },
  );

  // Two runs at once, of which one read while the other wrote; things moved between the approval and the apply.
  it.each([438473582, 438473954, 438476664])('keeps every law where one was once broken (seed %i)', async (seed) => {
    const { violations } = await simulate(await scenarioOf('small', seed));
    expect(violations, replayCommand('small', seed)).toEqual([]);
  });

  it.each([
    ['somebody else was there a moment before, and AWS did not show it yet', [439_252_367, 439_253_606]],
    ['somebody deletes the group of assignments that are on their way', [439_254_278]],
  ])('keeps every law where %s', async (_, seeds) => {
    for (const seed of seeds) {
      const { violations } = await simulate(await scenarioOf('small', seed));
      expect(violations, replayCommand('small', seed)).toEqual([]);
    }
  });
});
