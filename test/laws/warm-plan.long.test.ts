/** The plan of a pull request that is read with a record is the plan that is read without one. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { plannedFor } from '../../src/commands/run/live-plan.ts';
import { touchedBetween } from '../../src/commands/github/touched.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { planJson } from '../../src/render/plan-json.ts';
import { labels } from '../aws/bench.ts';
import { desired } from '../support/build.ts';
import type { RandomBelow } from '../support/faults.ts';
import { courses, useOf, warmScene } from '../support/warm-courses.ts';
import type { WarmScene } from '../support/warm-courses.ts';

vi.setConfig({ testTimeout: 1_200_000 });

const now = '2026-11-24T12:00:00.000Z';

/** `GATEHOUSE_RUNS=300` for the long run. */
const numRuns = Number(process.env['GATEHOUSE_RUNS'] ?? 24);

/** Files that ask for what AWS had when the record was kept. */
const filesOf = ({ state, organization }: Live): Desired => ({
  ...desired([], { settings: { organization, budgets: { delete: {} } } }),
  state,
  accounts: labels,
});

const edited = (resource: Resource, random: RandomBelow): Resource => {
  if (resource.kind === 'permission-set' || resource.kind === 'role' || resource.kind === 'group')
    return { ...resource, description: `Edited ${random(9)}` };
  return resource;
};

/** Takes out and edits some of what there is, and gives somebody a set somewhere. */
const proposed = (base: Desired, random: RandomBelow): Desired => {
  const all = Object.values(base.state).filter(({ kind }) => kind !== 'account');
  const some = <T>(items: readonly T[]): T | undefined => items[random(Math.max(1, items.length))];
  const out = new Set([some(all), some(all)].flatMap((one) => (one === undefined ? [] : [keyOf(one)])));
  const kept = Object.values(base.state).filter((one) => !out.has(keyOf(one)));
  const changed = some(kept);
  const [set, group] = [
    some(kept.filter(({ kind }) => kind === 'permission-set')),
    some(kept.filter(({ kind }) => kind === 'group')),
  ];
  const given: readonly Resource[] =
    set?.kind === 'permission-set' && group?.kind === 'group'
      ? [
          {
            ...{ kind: 'assignment', principal: { type: 'group', name: group.name } },
            ...{ permissionSet: set.name, account: some(Object.values(labels)) ?? '' },
          } as const,
        ]
      : [];
  const next = kept.map((one) => (one === changed ? edited(one, random) : one));
  return { ...base, state: Object.fromEntries([...next, ...given].map((one) => [keyOf(one), one])) };
};

const inOrder = (live: Live): Live => ({
  ...live,
  state: Object.fromEntries(Object.entries(live.state).sort(([a], [b]) => (a < b ? -1 : 1))),
});

const planOf = (head: Desired, live: Live): Plan => plannedFor(head, inOrder(live), now);
const jsonOf = (plan: Plan): string => planJson({ ...plan, reads: { route: 'none', calls: {} } });

const bothPlans = async ({ cloud, record, first, random }: WarmScene) => {
  const base = filesOf(first);
  const head = proposed(base, random);
  const touched = touchedBetween(base, head);
  const live = await cloud().readSince(record, touched);
  const [warm, cold] = [planOf(head, live), planOf(head, await cloud().read())];
  return { warm, cold, use: useOf(live), touched: new Set(touched.map(keyOf)) };
};

const idsOf = ({ changes, held }: Plan, keys: ReadonlySet<string>): readonly string[] =>
  [...changes, ...held].flatMap(({ id, key }) => (keys.has(key) ? [id] : [])).toSorted();

describe('the plan of a pull request with a record', () => {
  it('is word for word the plan without one, once CloudTrail has told', async () => {
    let [used, changing] = [0, 0];
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        const { warm, cold, use } = await bothPlans(await warmScene(course, 'told'));
        expect(jsonOf(warm)).toBe(jsonOf(cold));
        if (!('whole' in use)) used += 1;
        if (warm.changes.length > 0) changing += 1;
      }),
      { numRuns },
    );
    expect(Math.min(used, changing)).toBeGreaterThan(numRuns / 2);
  });

  it('has the changes of what the pull request touches, whatever CloudTrail has still to tell, and says since when it may not', async () => {
    let other = 0;
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        const scene = await warmScene(course, 'untold');
        const { warm, cold, use, touched } = await bothPlans(scene);
        expect(idsOf(warm, touched)).toEqual(idsOf(cold, touched));
        if (jsonOf(warm) === jsonOf(cold)) return;
        other += 1;
        expect(use).toHaveProperty('certain');
      }),
      { numRuns },
    );
    // Otherwise nothing was late enough for the law to say anything.
    expect(other).toBeGreaterThan(numRuns / 12);
  });
});
