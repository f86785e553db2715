import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches } from '../../src/model/glob.ts';

/** The same by definition: every way to split is tried. */
const naive = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === '';
  const [first, rest] = [pattern[0], pattern.slice(1)];
  if (first === '*') return naive(rest, text) || (text !== '' && naive(pattern, text.slice(1)));
  return text !== '' && (first === '?' || first === text[0]) && naive(rest, text.slice(1));
};

describe('a glob', () => {
  it.each([
    ['aws-guardrails-*', 'aws-guardrails-x', true],
    ['assignment/*:JIT-*@*', 'assignment/group:G:JIT-Admin@Dev', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['', '', true],
    ['*', '', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected);
  });

  it('agrees with its definition', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (one, other) => globMatches(one, other) === naive(one, other)),
      { numRuns: 2000 },
    );
  });

  it('ends on a pattern made to be slow', () => {
    expect(globMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
  });
});
