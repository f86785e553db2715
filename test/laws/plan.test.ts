import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { phases } from '../../src/model/plan.ts';
import type { State } from '../../src/model/resource.ts';
import { cover } from '../../src/plan/carry/cover.ts';
import { fingerprintOf, recomputedId } from '../../src/plan/digest.ts';
import { plan } from '../../src/plan/plan.ts';
import { brownfieldPairs, ownedPairs, renamedPairs, settledPairs } from '../support/arbitraries.ts';
import type { Pair } from '../support/arbitraries.ts';
import { NOW } from '../support/build.ts';
import { carryOut } from '../support/carry-out.ts';
import { fakeCloud } from '../support/fake-cloud.ts';

const planOf = ({ desired, live }: Pair): Plan => plan(desired, live, NOW);
const runs = { numRuns: 60 };

const families = [
  ['everything is ours', ownedPairs],
  ['much is not ours', brownfieldPairs],
  ['things are renamed', renamedPairs],
] as const;

const shuffled = (state: State, seed: number): State => {
  const entries = Object.entries(state);
  return Object.fromEntries(
    entries
      .map((entry, at) => ({ entry, place: ((at + 1) * (seed * 2 + 7919)) % 104_729 }))
      .sort((a, b) => a.place - b.place)
      .map(({ entry }) => entry),
  );
};

describe('every plan', () => {
  it('is empty when live is what Git says', () => {
    fc.assert(
      fc.property(settledPairs, (pair) => {
        const { changes, held } = planOf(pair);
        expect({ changes, held }).toEqual({ changes: [], held: [] });
      }),
      runs,
    );
  });

  describe.each(families)('where %s', (_, pairs) => {
    it('leads to a state whose plan is empty', async () => {
      await fc.assert(
        fc.asyncProperty(pairs, async (pair) => {
          const cloud = fakeCloud(pair.live);
          const outcomes = await carryOut(cloud, planOf(pair));
          expect([...outcomes.values()].filter(({ status }) => status !== 'done')).toEqual([]);
          expect(planOf({ ...pair, live: await cloud.read() }).changes).toEqual([]);
        }),
        runs,
      );
    });

    it('is the same whatever the order of what it was made from', () => {
      fc.assert(
        fc.property(pairs, fc.nat({ max: 9999 }), ({ desired, live }, seed) => {
          const other: Pair = {
            desired: { ...desired, state: shuffled(desired.state, seed) },
            live: { ...live, state: shuffled(live.state, seed + 1) },
          };
          expect(JSON.stringify(planOf(other))).toBe(JSON.stringify(planOf({ desired, live })));
        }),
        runs,
      );
    });

    it('survives JSON, and its ids and fingerprint can be computed from it again', () => {
      fc.assert(
        fc.property(pairs, (pair) => {
          const planned = planOf(pair);
          const read = JSON.parse(JSON.stringify(planned)) as Plan;
          expect(read).toEqual(planned);
          const ids = read.changes.map(recomputedId);
          expect(ids).toEqual(planned.changes.map(({ id }) => id));
          expect(fingerprintOf(read, ids)).toBe(planned.fingerprint);
        }),
        runs,
      );
    });

    it('lists what a change depends on before it, and phases in their order', () => {
      fc.assert(
        fc.property(pairs, (pair) => {
          const seen = new Set<string>();
          let phase = 0;
          for (const change of planOf(pair).changes) {
            expect(change.dependsOn.filter((id) => !seen.has(id))).toEqual([]);
            expect(phases.indexOf(change.phase)).toBeGreaterThanOrEqual(phase);
            phase = phases.indexOf(change.phase);
            expect(seen.has(change.id)).toBe(false);
            seen.add(change.id);
          }
        }),
        runs,
      );
    });

    it('touches nothing that is unmanaged', async () => {
      await fc.assert(
        fc.asyncProperty(pairs, async (pair) => {
          const planned = planOf(pair);
          const cloud = fakeCloud(pair.live);
          await carryOut(cloud, planned);
          const { state } = await cloud.read();
          const keys = new Set(planned.changes.filter(({ temporary }) => !temporary).map(({ key }) => key));
          for (const { key } of planned.unmanaged) {
            expect(keys.has(key)).toBe(false);
            if (pair.live.state[key] !== undefined && Object.keys(pair.desired.previously).length === 0)
              expect(state[key]).toEqual(pair.live.state[key]);
          }
        }),
        runs,
      );
    });

    it('goes on after it was killed anywhere, covered by the same approval', async () => {
      await fc.assert(
        fc.asyncProperty(pairs, fc.nat({ max: 40 }), async (pair, prefix) => {
          const approved = planOf(pair);
          const whole = fakeCloud(pair.live);
          await carryOut(whole, approved);
          const cloud = fakeCloud(pair.live);
          await carryOut(cloud, approved, prefix);
          const live = await cloud.read();
          const rest = planOf({ ...pair, live });
          expect(cover(rest, approved).held).toEqual([]);
          await carryOut(cloud, rest);
          const after = await cloud.read();
          expect(planOf({ ...pair, live: after }).changes).toEqual([]);
        }),
        runs,
      );
    });
  });
});
