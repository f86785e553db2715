/**
 * A plan costs as much as there is, and no more: how often a resource is looked at, counted. Four times the organization may
 * cost four times as much, and a little for what is only counted once in a while.
 */
import { describe, expect, it } from 'vitest';
import { understand } from '../../src/desired/understand.ts';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Resource, State } from '../../src/model/resource.ts';
import { wholePlan } from '../../src/plan/plan.ts';
import { filesOf, liveOf } from '../bench/scale/organization.ts';
import type { Size } from '../bench/scale/organization.ts';

const now = '2026-11-23T12:00:00.000Z';
const catalogue = loadCatalogue();
const knowledge = { actions: loadActionCatalogue(), policies: catalogue };

const desiredOf = (size: Size): Desired => {
  const { desired } = understand(filesOf(size), { catalogue, now });
  if (desired === undefined) throw new Error('the files have errors');
  return desired;
};

/** The state, and how often a field of one of its resources was read. */
const watched = (state: State) => {
  let reads = 0;
  const watch = (resource: Resource): Resource =>
    new Proxy(resource, {
      get: (target, field) => {
        reads += 1;
        return Reflect.get(target, field) as unknown;
      },
    });
  return {
    state: Object.fromEntries(Object.entries(state).map(([key, resource]) => [key, watch(resource)])),
    reads: () => reads,
  };
};

type Changed = (live: Live) => Live;

const readsOf = (size: Size, has: 'all' | 'nothing', change: Changed): number => {
  const desired = desiredOf(size);
  const live = change(liveOf(desired, has));
  const [wanted, found] = [watched(desired.state), watched(live.state)];
  wholePlan({ desired: { ...desired, state: wanted.state }, live: { ...live, state: found.state }, now }, knowledge);
  return wanted.reads() + found.reads();
};

const asItIs: Changed = (live) => live;

/** Of every second account nobody has anything. */
const halfGone: Changed = (live) => ({
  ...live,
  state: Object.fromEntries(
    Object.entries(live.state).filter(([, one]) => one.kind !== 'assignment' || !/[02468]$/.test(one.account)),
  ),
});

const small: Size = { accounts: 120, groups: 8 };
const large: Size = { accounts: 240, groups: 16 };

describe('what a plan looks at', () => {
  it.each([
    ['where nothing is there yet', 'nothing', asItIs],
    ['where all is as it should be', 'all', asItIs],
    ['where half of it is missing', 'all', halfGone],
  ] as const)('grows with what there is, %s', (_, has, change) => {
    const [before, after] = [readsOf(small, has, change), readsOf(large, has, change)];
    expect(before).toBeGreaterThan(small.accounts * small.groups);
    expect(after / before).toBeLessThan(4.4);
  });
});
