/** What is read with the record of an earlier reading is what a whole reading would have found. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Live } from '../../src/model/cloud.ts';
import { courses, useOf, warmScene } from '../support/warm-courses.ts';

vi.setConfig({ testTimeout: 240_000 });

const withoutReads = ({ reads: _, ...live }: Live): Omit<Live, 'reads'> => live;

const sorted = (live: Live) => ({
  ...withoutReads(live),
  state: Object.fromEntries(Object.entries(live.state).sort(([a], [b]) => (a < b ? -1 : 1))),
});

describe('a reading with a record', () => {
  it('finds what a whole one finds, whatever was changed by hand and however late CloudTrail tells of it', async () => {
    let used = 0;
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        const { cloud, record } = await warmScene(course, 'told');
        const warm = await cloud().readSince(record, []);
        expect(sorted(warm)).toEqual(sorted(await cloud().read()));
        if (!('whole' in useOf(warm))) used += 1;
      }),
      { numRuns: 40 },
    );
    expect(used).toBeGreaterThan(20);
  });
});
