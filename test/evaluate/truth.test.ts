import { describe, expect, it } from 'vitest';
import type { Truth } from '../../src/evaluate/truth.ts';
import { and, everyTruth, not, or, someTruth, unknown } from '../../src/evaluate/truth.ts';

const x = unknown('x');
const y = unknown('y');
const xy = unknown('x', 'y');

/** Left, right, both, either. */
const table: readonly (readonly [Truth, Truth, Truth, Truth])[] = [
  [true, true, true, true],
  [true, false, false, true],
  [false, true, false, true],
  [false, false, false, false],
  [true, x, x, true],
  [x, true, x, true],
  [false, x, false, x],
  [x, false, false, x],
  [x, y, xy, xy],
  [xy, y, xy, xy],
];

describe('three-valued logic', () => {
  for (const [left, right, both, either] of table) {
    it(`joins ${JSON.stringify(left)} and ${JSON.stringify(right)}`, () => {
      expect(and(left, right)).toEqual(both);
      expect(or(left, right)).toEqual(either);
    });
  }

  it('turns what is known and leaves what is not', () => {
    expect([not(true), not(false), not(x)]).toEqual([false, true, x]);
  });

  it('asks no further than the answer', () => {
    const asked: Truth[] = [];
    const ask = (truth: Truth): Truth => {
      asked.push(truth);
      return truth;
    };
    expect(everyTruth([x, true, false, y], ask)).toBe(false);
    expect(someTruth([y, false, true, x], ask)).toBe(true);
    expect(asked).toEqual([x, true, false, y, false, true]);
  });

  it('holds for every one of none and for none of none', () => {
    expect([everyTruth([], () => false), someTruth([], () => true)]).toEqual([true, false]);
  });
});
