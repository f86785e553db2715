/** What is read with the record of an earlier reading is what a whole reading would have found. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Live } from '../../src/model/cloud.ts';
import { recordIn, trailLateness as overlap } from '../../src/model/record.ts';
import type { RecordUse } from '../../src/model/record.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { bench, catalogue, seed } from '../aws/bench.ts';
import type { Bench } from '../aws/bench.ts';
import { randomOf } from '../support/faults.ts';
import { changeByHand, furnish, plantResources, slowTrail, startTrail } from '../support/hand-changes.ts';

vi.setConfig({ testTimeout: 240_000 });

const minute = 60_000;
const iam = { accounts: 'all', policies: [] } as const;

type Course = {
  readonly seed: number;
  /** Changes before the record, while it is kept, and after. */
  readonly before: number;
  readonly after: number;
  readonly directory: boolean;
  readonly furnished: boolean;
  /** An organization trail tells of all accounts. */
  readonly trail: boolean;
  /** Minutes that Identity Center takes for what it does asynchronously. */
  readonly slow: number;
};

const courses = fc.record({
  seed: fc.nat(),
  before: fc.nat(12),
  after: fc.nat(8),
  directory: fc.boolean(),
  furnished: fc.boolean(),
  trail: fc.boolean(),
  slow: fc.nat(40),
});

const withoutReads = ({ reads: _, ...live }: Live): Omit<Live, 'reads'> => live;

const sorted = (live: Live) => ({
  ...withoutReads(live),
  state: Object.fromEntries(Object.entries(live.state).sort(([a], [b]) => (a < b ? -1 : 1))),
});

const room = (course: Course): Bench => {
  const start = Date.UTC(2026, 10, 23);
  const input = course.directory ? seed : { ...seed, externalGroups: [] };
  return bench({ sandbox: createSandbox(brownfield(input, start), { catalogue }) });
};

/** The record is kept as text between, and 40 minutes pass between two changes at most. */
const told = async (course: Course): Promise<{ readonly warm: Live; readonly cold: Live }> => {
  const { sandbox, clock, cloudOf } = room(course);
  const random = randomOf(course.seed);
  const scene = { sandbox, random, now: clock.now };
  const trail = slowTrail(scene, overlap);
  const settings = sandbox.world().settings;
  const change = async (): Promise<void> => {
    changeByHand(scene);
    trail.hold();
    await clock.sleep(random(40 * minute));
    trail.deliver();
  };
  const asked = { iam, resources: plantResources(scene) };
  if (course.trail) startTrail(scene);
  if (course.furnished) furnish(scene);
  await clock.sleep(3 * overlap);
  settings.latencyMs.assignment = course.slow * minute;
  settings.latencyMs.provisioning = course.slow * minute;
  for (let done = 0; done < course.before; done += 1) await change();
  const first = cloudOf({ ...asked, keeps: 'a record' });
  await first.read();
  const record = recordIn(JSON.stringify(first.record()));
  for (let done = 0; done < course.after; done += 1) await change();
  await clock.sleep(overlap);
  trail.deliver();
  const warm = await cloudOf(asked).readSince(record ?? { whole: 'there is none' }, []);
  return { warm, cold: await cloudOf(asked).read() };
};

const useOf = ({ reads }: Live): RecordUse => reads.record ?? { whole: 'not asked' };

describe('a reading with a record', () => {
  it('finds what a whole one finds, whatever was changed by hand and however late CloudTrail tells of it', async () => {
    let used = 0;
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        const { warm, cold } = await told(course);
        expect(sorted(warm)).toEqual(sorted(cold));
        if (!('whole' in useOf(warm))) used += 1;
      }),
      { numRuns: 60 },
    );
    expect(used).toBeGreaterThan(30);
  });
});
