import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glob, matchesArn, matchesResource, parsePattern, wildcardCodes } from '../../src/evaluate/match.ts';

/** Mutation testing, which repeats these for every mutant, asks for fewer. */
const runs = (many: number): number => Number(process.env['GATEHOUSE_RUNS'] ?? many);

/** Written apart from the matcher, by the definition: a star is any run, a question mark any one character. */
function byRegularExpression(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^]*')
    .replace(/\?/g, '[^]');
  return new RegExp(`^${escaped}$`).test(text);
}

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?', '.', '$'), maxLength: 10 });
const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '$', '*'), maxLength: 12 });

describe('wildcards', () => {
  it('match what a regular expression matches', () => {
    fc.assert(
      fc.property(pattern, text, (wild, plain) => {
        expect(glob(wildcardCodes(wild), plain)).toBe(byRegularExpression(wild, plain));
      }),
      { numRuns: runs(5000) },
    );
  });

  it('match a text that was made from the pattern', () => {
    fc.assert(
      fc.property(pattern, text, (wild, run) => {
        const made = [...wild].map((char) => (char === '*' ? run : char === '?' ? 'b' : char)).join('');
        expect(glob(wildcardCodes(wild), made)).toBe(true);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('take at most one step per pair of characters, however hostile the pattern', () => {
    const hostile = [
      'a*'.repeat(200) + 'b',
      '*a'.repeat(200) + '*b',
      '*' + 'a'.repeat(300) + 'b',
      '*?'.repeat(150),
      '?*'.repeat(150) + 'c',
    ];
    const long = 'a'.repeat(2000);
    for (const wild of hostile) {
      let steps = 0;
      glob(wildcardCodes(wild), long, () => (steps += 1));
      expect(steps).toBeLessThanOrEqual((wild.length + 1) * (long.length + 1));
    }
  });

  it('take as many steps as the text is long when the stars are many', () => {
    let steps = 0;
    glob(wildcardCodes('a*'.repeat(200) + 'b'), 'a'.repeat(2000), () => (steps += 1));
    expect(steps).toBeLessThanOrEqual(3 * 2000);
  });
});

describe('a pattern of an ARN', () => {
  const table: readonly [string, string, 'matches' | 'does not'][] = [
    ['arn:aws:iam::*:role/x', 'arn:aws:iam::111122223333:role/x', 'matches'],
    ['arn:aws:iam::*:role/x', 'arn:aws:iam::1:y:role/x', 'does not'],
    ['arn:aws:iam::1*1:role/x', 'arn:aws:iam::121:role/x', 'matches'],
    ['arn:aws:logs:*:*:log-group:*:x', 'arn:aws:logs:eu-west-1:1:log-group:a:b:x', 'matches'],
    ['arn:aws:iam::1:role', 'arn:aws:iam::1:role/x', 'does not'],
    ['*', 'arn:aws:iam::1:role/x', 'matches'],
    ['arn:aws:iam:*', 'arn:aws:iam::1:role/x', 'does not'],
    [':*::::x', ':a::::x', 'matches'],
  ];
  for (const [wild, arn, verdict] of table) {
    it(`${wild} ${verdict} ${arn} part by part`, () => {
      expect(matchesArn(parsePattern(wild), arn)).toBe(verdict === 'matches');
    });
  }

  it('runs over colons in a resource where a star ends a segment, and only there', () => {
    expect(matchesResource(parsePattern('arn:aws:iam:*'), 'arn:aws:iam::1:role/x')).toBe(true);
    expect(matchesResource(parsePattern('arn:aws:i*m::1:role/x'), 'arn:aws:i:m::1:role/x')).toBe(false);
    expect(matchesResource(parsePattern('arn:aws:i*m::1:role/*'), 'arn:aws:i:m::1:role/x')).toBe(false);
    expect(matchesResource(parsePattern('arn:aws:i*m'), 'arn:aws:i:m')).toBe(true);
    expect(matchesResource(parsePattern('arn:aws:s3:::b/a*z'), 'arn:aws:s3:::b/a:b:z')).toBe(true);
  });
});
