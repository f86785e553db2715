import { expect, it } from 'vitest';
import { shareOf } from '../../src/commands/run/part.ts';

it('one of five runs uses a fifth of the rates, and the one that goes alone all of them', () => {
  const shard = (index: number) => shareOf({ shard: { index, of: 5 } });
  expect([shard(1), shard(5), shard(0), shareOf({}), shareOf({ accounts: ['A'] })]).toEqual([0.2, 0.2, 1, 1, 1]);
});
