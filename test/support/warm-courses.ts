/** Courses of an organization between a whole reading and one with its record: what was changed by hand, and when CloudTrail tells. */
import fc from 'fast-check';
import type { CloudContext } from '../../src/aws/cloud.ts';
import type { AwsCloud } from '../../src/aws/cloud.ts';
import type { Live } from '../../src/model/cloud.ts';
import { recordIn, trailLateness as overlap } from '../../src/model/record.ts';
import type { RecordOffer, RecordUse } from '../../src/model/record.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { bench, catalogue, seed } from '../aws/bench.ts';
import type { Bench } from '../aws/bench.ts';
import type { RandomBelow } from './faults.ts';
import { randomOf } from './faults.ts';
import { changeByHand, furnish, plantResources, slowTrail, startTrail } from './hand-changes.ts';

const minute = 60_000;
const iam = { accounts: 'all', policies: [] } as const;

export type Course = {
  readonly seed: number;
  /** Changes before the record, and after. */
  readonly before: number;
  readonly after: number;
  readonly directory: boolean;
  readonly furnished: boolean;
  /** An organization trail tells of all accounts. */
  readonly trail: boolean;
  /** Minutes that Identity Center takes for what it does asynchronously. */
  readonly slow: number;
};

export const courses = fc.record({
  seed: fc.nat(),
  before: fc.nat(12),
  after: fc.nat(24),
  directory: fc.boolean(),
  furnished: fc.boolean(),
  trail: fc.boolean(),
  slow: fc.nat(40),
});

/** When events come that are not there yet: by the time that AWS may take, or not at all. */
export type CourseEnd = 'told' | 'untold';

export type WarmScene = {
  readonly random: RandomBelow;
  readonly record: RecordOffer;
  /** Of the reading that was kept. */
  readonly first: Live;
  readonly cloud: () => AwsCloud;
};

const room = (course: Course): Bench => {
  const start = Date.UTC(2026, 10, 23);
  const input = course.directory ? seed : { ...seed, externalGroups: [] };
  return bench({ sandbox: createSandbox(brownfield(input, start), { catalogue }) });
};

/** The record is kept as text between, and 40 minutes pass between two changes at most. */
export const warmScene = async (course: Course, end: CourseEnd): Promise<WarmScene> => {
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
  const asked: Partial<CloudContext> = { iam, resources: plantResources(scene) };
  if (course.trail) startTrail(scene);
  if (course.furnished) furnish(scene);
  await clock.sleep(3 * overlap);
  settings.latencyMs.assignment = course.slow * minute;
  settings.latencyMs.provisioning = course.slow * minute;
  for (let done = 0; done < course.before; done += 1) await change();
  const kept = cloudOf({ ...asked, keeps: 'a record' });
  const first = await kept.read();
  const record = recordIn(JSON.stringify(kept.record()));
  for (let done = 0; done < course.after; done += 1) await change();
  if (end === 'told') {
    await clock.sleep(overlap);
    trail.deliver();
  }
  return { random, record: record ?? { whole: 'there is none' }, first, cloud: () => cloudOf(asked) };
};

export const useOf = ({ reads }: Live): RecordUse => reads.record ?? { whole: 'not asked' };
