/** Roles, their policies, their boundaries and who becomes them: what a crude account of access says of every moment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cloud, Outcome } from '../../src/model/cloud.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { Resource, State } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { project } from '../../src/plan/situation/project.ts';
import { NOW, desired, live, owned } from '../support/build.ts';
import { carryOut } from '../support/carry-out.ts';
import { accessIn, base, stripped, together, worlds } from '../support/role-worlds.ts';

type Moments = Cloud & { readonly states: readonly State[] };

/** Every change is one moment; of a batch that may go at once the order is shuffled. */
const cloudOf = (start: State, refuses: (change: Change) => boolean): Moments => {
  const states: State[] = [start];
  return {
    states,
    read: () => Promise.reject(new Error('is not read')),
    apply: (change): Promise<Outcome> => {
      const { id: changeId, key } = change;
      if (refuses(change)) return Promise.resolve({ id: changeId, key, status: 'failed', reason: 'refused' });
      states.push(project(states.at(-1) ?? start, [change]));
      return Promise.resolve({ id: changeId, key, status: 'done' });
    },
  };
};

const planned = (before: readonly Resource[], after: readonly Resource[]): Plan =>
  plan(
    desired([...base, ...after], { memberGroups: ['Team'] }),
    live([...base, ...before.map((one) => owned(one))]),
    NOW,
  );

const shuffled = ({ changes, ...rest }: Plan, seed: number): Plan => {
  const rank = ({ id: changeId }: Change): number =>
    (Number.parseInt(changeId.slice(0, 8), 16) ^ (seed * 2_654_435)) >>> 0;
  const byPhase = [...changes].sort((a, b) => (a.phase === b.phase ? rank(a) - rank(b) : 0));
  return { ...rest, changes: byPhase };
};

describe('while roles and what they are made of change, whichever calls fail', () => {
  it('nobody gets what neither the old nor the new state gives', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, worlds, fc.nat(99), fc.nat(6), async (one, other, seed, everyNth) => {
        const [before, after] = [stripped(one), stripped(other)];
        const result = planned(before, after);
        fc.pre(result.guards.every(({ id: guard, ok }) => ok || guard !== 'policy-order'));
        const start = live([...base, ...before.map((resource) => owned(resource))]).state;
        const refuses = ({ id: changeId }: Change): boolean =>
          everyNth > 0 && (Number.parseInt(changeId.slice(0, 8), 16) + seed) % (everyNth + 1) === 0;
        const final = project(start, result.changes);
        const given = new Set([...accessIn(start, together), ...accessIn(final, together)]);
        const cloud = cloudOf(start, refuses);
        await carryOut(cloud, shuffled(result, seed));
        const extra = cloud.states.flatMap((state) =>
          [...accessIn(state, together)].filter((access) => !given.has(access)),
        );
        expect(extra).toEqual([]);
      }),
      { numRuns: 800 },
    );
  }, 120_000);

  it('what was carried out whole is wanted no more, and comes in one order however it is listed', () => {
    fc.assert(
      fc.property(worlds, worlds, (one, other) => {
        const [before, after] = [stripped(one), stripped(other)];
        const result = planned(before, after);
        fc.pre(result.held.length === 0 && result.guards.every(({ ok }) => ok));
        expect(planned([...before].reverse(), [...after].reverse()).changes).toEqual(result.changes);
        const start = live([...base, ...before.map((resource) => owned(resource))]);
        const done = { ...start, state: project(start.state, result.changes) };
        const again = plan(desired([...base, ...after], { memberGroups: ['Team'] }), done, NOW);
        expect(again.changes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
