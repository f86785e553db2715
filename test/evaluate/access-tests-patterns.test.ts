import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globOf, liesWithin, meet, resourceGlob } from '../../src/evaluate/ask/patterns.ts';
import { glob, matchesResource, parsePattern } from '../../src/evaluate/match.ts';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 6 });
/** Every text of up to five characters that patterns of these letters can tell apart. */
const texts = ((): readonly string[] => {
  const all = [''];
  for (let from = 0; all.length < 1300; from += 1) for (const char of 'ab:c') all.push(`${all[from] ?? ''}${char}`);
  return all;
})();
const arnPattern = fc
  .tuple(...Array.from({ length: 6 }, () => fc.constantFrom('', 'a', '*', 'a*', '*a', '?', 'b')))
  .map((parts) => parts.join(':'));
const arn = fc
  .array(fc.constantFrom('', 'a', 'ab', 'b', 'ba'), { minLength: 5, maxLength: 8 })
  .map((parts) => parts.join(':'));

describe('patterns as sets', () => {
  it('meet when one text matches both', () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const shared = texts.some((text) => glob(globOf(one), text) && glob(globOf(other), text));
        if (shared) expect(meet(globOf(one), globOf(other))).toBe(true);
        expect(meet(globOf(one), globOf(other))).toBe(meet(globOf(other), globOf(one)));
      }),
      { numRuns: 2000 },
    );
  });

  it('do not meet when no text matches both', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 3 });
    fc.assert(
      fc.property(short, short, (one, other) => {
        const shared = texts.some((text) => glob(globOf(one), text) && glob(globOf(other), text));
        expect(meet(globOf(one), globOf(other))).toBe(shared);
      }),
      { numRuns: 1000 },
    );
  });

  it('lie within another when every text of theirs matches it', () => {
    fc.assert(
      fc.property(pattern, pattern, (inner, outer) => {
        const escaped = texts.some((text) => glob(globOf(inner), text) && !glob(globOf(outer), text));
        if (escaped) expect(liesWithin(globOf(inner), globOf(outer))).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['orders*', '*', true],
    ['orders-1', 'orders*', true],
    ['orders-*', 'orders*', true],
    ['a*b*c', 'a*c', true],
    ['a?b', 'a*b', true],
    ['a*b', 'a?b', false],
    ['*', 'orders*', false],
    ['*a', 'a*', false],
    ['??*', '?*?', true],
    ['', '*', true],
  ])('%s within %s: %s', (inner, outer, expected) => {
    expect(liesWithin(globOf(inner), globOf(outer))).toBe(expected);
  });

  it('read a Resource element as the matcher does', () => {
    fc.assert(
      fc.property(arnPattern, arn, (wild, text) => {
        const codes = resourceGlob(parsePattern(wild), 'whole');
        expect(
          meet(
            codes,
            [...text].map((char) => char.charCodeAt(0)),
          ),
        ).toBe(matchesResource(parsePattern(wild), text));
      }),
      { numRuns: 5000 },
    );
  });

  it('give up on a hostile pair and say no', () => {
    const hostile = globOf('*a'.repeat(40));
    const started = performance.now();
    expect(liesWithin(globOf('*?'.repeat(60)), [...hostile, 0x62])).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
