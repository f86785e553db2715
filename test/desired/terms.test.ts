import { describe, expect, it } from 'vitest';
import { commonTerm, outlivedEnd, overSince, termOf } from '../../src/desired/terms.ts';
import type { Term } from '../../src/desired/terms.ts';

/** "2..5 9.." stands for days of January 2027. */
const term = (text: string): Term =>
  termOf(
    text.split(' ').flatMap((span) => {
      if (span === '') return [];
      const [from = '', until = ''] = span
        .split('..')
        .map((day) => (day === '' ? '' : `2027-01-${day.padStart(2, '0')}`));
      return [{ ...(from === '' ? {} : { from }), ...(until === '' ? {} : { until }) }];
    }),
  );
const day = (one: number): string => `2027-01-${String(one).padStart(2, '0')}`;

describe('a term', () => {
  it('joins what overlaps or touches', () => {
    expect(term('7..9 2..4 4..6 12..')).toEqual(term('2..9 12..'));
    expect(term('2..4 6..8')).toHaveLength(2);
    expect(term('.. 3..4')).toEqual([{}]);
  });

  it('has days in common with another', () => {
    expect(commonTerm(term('..5 9..'), term('3..10'))).toEqual(term('3..5 9..10'));
    expect(commonTerm(term('..5'), term('6..'))).toEqual([]);
  });

  it('is over since its last day, unless it has begun again', () => {
    expect(overSince(term('..5'), day(6))).toBe(day(5));
    expect(overSince(term('..5'), day(5))).toBeUndefined();
    expect(overSince(term('..5 8..'), day(7))).toBe(day(5));
    expect(overSince(term('..5 8..'), day(9))).toBeUndefined();
  });
});

describe('an end is outlived', () => {
  it.each([
    ['..5', '..', 3, 5],
    ['..5', '..6', 3, 5],
    ['..5', '..6', 6, 5],
    ['..5', '6..', 3, 5],
    ['..5 9..12', '..20', 3, 5],
    ['..5 9..12', '..20', 10, 12],
  ])('%s by %s on day %i', (one, other, today, end) => {
    expect(outlivedEnd(term(one), term(other), day(today))).toBe(day(end));
  });

  it.each([
    ['..5', '..4', 3],
    ['..5', '..6', 7],
    ['..5', '7..', 3],
    ['..', '..', 3],
    ['', '..', 3],
    ['..5 9..12', '..8', 10],
  ])('%s not by %s on day %i', (one, other, today) => {
    expect(outlivedEnd(term(one), term(other), day(today))).toBeUndefined();
  });

  it('never where it is the last day of the calendar', () => {
    expect(outlivedEnd([{ until: '9999-12-31' }], [{}], day(1))).toBeUndefined();
  });
});
