/** Whatever is approved, held or refused by AWS: who came in and repaired before, still can, at every moment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { survivalLaw, survivalVariants } from '../support/survival-scenes.ts';

/** survival.long.test.ts tries many more. */
const numRuns = 15;

describe('break-glass and the way in', () => {
  it.each(Object.entries(survivalVariants))('stand %s', (_what, variant) => {
    const tally = { carried: 0 };
    fc.assert(survivalLaw(variant, tally), { numRuns });
    expect(tally.carried).toBeGreaterThan(2);
  });

  it.each([
    ['what is approved is some of it', { ordered: true, approved: 'some' } as const],
    ['nothing waits', { ordered: false, approved: 'all' } as const],
  ])('do not stand when no guard asks and %s', (_what, how) => {
    const law = survivalLaw({ moments: false, part: false, edited: true, ...how });
    expect(fc.check(law, { numRuns: 300, endOnFailure: true }).failed).toBe(true);
  });
});
