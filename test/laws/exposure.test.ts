import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/plan.ts';
import type { State } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { accessIn } from '../support/access.ts';
import { ownedPairs } from '../support/arbitraries.ts';
import type { Pair } from '../support/arbitraries.ts';
import { NOW } from '../support/build.ts';
import { carryOut } from '../support/carry-out.ts';
import { fakeCloud } from '../support/fake-cloud.ts';

const failing =
  (seed: number, everyNth: number) =>
  ({ id }: Change): boolean =>
    everyNth > 0 && (Number.parseInt(id.slice(0, 8), 16) + seed) % everyNth === 0;

const finalOf = async (pair: Pair): Promise<State> => {
  const cloud = fakeCloud(pair.live);
  await carryOut(cloud, plan(pair.desired, pair.live, NOW));
  return (await cloud.read()).state;
};

const isSafe = (pair: Pair): boolean =>
  plan(pair.desired, pair.live, NOW).guards.every(
    ({ id, ok }) => ok || !['policy-order', 'policy-slots', 'account-move'].includes(id),
  );

describe('while a plan is carried out, whichever calls fail', () => {
  it('nobody gets what neither the old nor the new state gives', async () => {
    await fc.assert(
      fc.asyncProperty(ownedPairs, fc.nat(99), fc.nat(9), async (pair, seed, everyNth) => {
        fc.pre(isSafe(pair));
        const given = new Set([...accessIn(pair.live.state), ...accessIn(await finalOf(pair))]);
        const cloud = fakeCloud(pair.live, { refuses: failing(seed, everyNth) });
        await carryOut(cloud, plan(pair.desired, pair.live, NOW));
        const extra = cloud.states.flatMap((state) => [...accessIn(state)].filter((one) => !given.has(one)));
        expect(extra).toEqual([]);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('nobody loses, when nothing fails, what both states give, unless the plan says so', async () => {
    await fc.assert(
      fc.asyncProperty(ownedPairs, async (pair) => {
        fc.pre(isSafe(pair) && plan(pair.desired, pair.live, NOW).interruptions.length === 0);
        const before = accessIn(pair.live.state);
        const kept = [...accessIn(await finalOf(pair))].filter((one) => before.has(one));
        const cloud = fakeCloud(pair.live);
        await carryOut(cloud, plan(pair.desired, pair.live, NOW));
        const lost = cloud.states.flatMap((state) => {
          const now = accessIn(state);
          return kept.filter((one) => !now.has(one));
        });
        expect(lost).toEqual([]);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
