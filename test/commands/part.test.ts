import { expect, it } from 'vitest';
import { partOf, shareOf } from '../../src/commands/run/part.ts';
import { account, desired } from '../support/build.ts';

it('one of five runs uses a fifth of the rates, and the one that goes alone all of them', () => {
  const shard = (index: number) => shareOf({ shard: { index, of: 5 } });
  expect([shard(1), shard(5), shard(0), shareOf({}), shareOf({ accounts: ['A'] })]).toEqual([0.2, 0.2, 1, 1, 1]);
});

it('no more runs than there are accounts, as one without any would only take from the rates of the others', () => {
  const files = desired([account('One', '222222222222'), account('Two', '333333333333')]);
  const names = (index: number, of: number) => partOf(files, { shard: { index, of } }).part;
  const [one, other] = [names(1, 2), names(2, 2)];
  expect([...(one ?? []), ...(other ?? [])].toSorted()).toEqual(Object.values(files.accounts).toSorted());
  const most = Object.keys(files.accounts).length;
  expect(() => names(1, most + 1)).toThrow(`so ${most} shards at most`);
});
