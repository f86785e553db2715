/** Random histories of pull requests, reviews, merges, hand-made changes and applies break no law; the soak tells thousands. */
import { expect, test } from 'vitest';
import { history } from '../support/histories/history.ts';

const seeds = [1, 2, 3, 4, 5];

test('nothing is written that nobody approved, nothing approved is lost, nobody gets more on the way', async () => {
  const tally = new Map<string, number>();
  for (const seed of seeds) {
    const told = await history(seed);
    expect(told.violations, `npm run soak -- --history-seed ${seed}`).toEqual([]);
    for (const [what, count] of told.tally) tally.set(what, (tally.get(what) ?? 0) + count);
  }
  for (const what of ['keys written', 'approved', 'merged (squash)', 'apply ended 3', 'faults struck'])
    expect(tally.get(what), what).toBeGreaterThan(0);
}, 120_000);
