/** What is said of every request is what the evaluator decides of each. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compileConditions } from '../../src/evaluate/conditions.ts';
import { answerOfAll } from '../../src/evaluate/same-for-all.ts';

const some = ['aws:PrincipalArn', 'aws:CurrentTime', 'aws:SecureTransport', 'aws:userid'];
const sometimes = ['aws:PrincipalTag/team', 'aws:SourceIp', 's3:prefix', 'constructor'];

const base = fc.constantFrom(
  ...['StringLike', 'StringNotLike', 'StringEquals', 'StringNotEquals', 'ArnLike', 'ArnNotLike', 'ArnEquals'],
  ...['ArnNotEquals', 'Bool', 'Null', 'IpAddress', 'NotIpAddress'],
);
const operator = fc
  .tuple(fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'), base, fc.constantFrom('', '', '', 'IfExists'))
  .map(([set, name, end]) => (name === 'Null' ? name : `${set}${name}${end}`));
const value = fc.constantFrom('*', '**', 'true', 'false', 'x', 'arn:aws:iam::*:role/*', '0.0.0.0/0', '');
const one = fc.record({
  operator,
  key: fc.constantFrom(...some, ...sometimes),
  values: fc.array(value, { maxLength: 3 }),
});

const sent: Readonly<Record<string, readonly string[]>> = {
  'aws:principalarn': ['arn:aws:iam::111111111111:role/a', 'arn:aws:iam::222222222222:user/b'],
  'aws:currenttime': ['2026-11-29T00:00:00Z'],
  'aws:securetransport': ['true', 'false'],
  'aws:userid': ['AROAEXAMPLE:x', 'AIDAEXAMPLE'],
};
const other: readonly (readonly string[] | undefined)[] = [undefined, [], ['x'], ['true'], ['a', 'b'], ['10.0.0.1']];

const requests = (key: string): readonly (readonly string[] | undefined)[] =>
  Object.hasOwn(sent, key) ? (sent[key] ?? []).map((text) => [text]) : other;

const seen = { true: 0, false: 0 };

test('an answer for all requests is the answer for each', () => {
  fc.assert(
    fc.property(one, (each) => {
      const said = answerOfAll(each);
      if (said === undefined) return;
      seen[String(said) as 'true' | 'false'] += 1;
      const [holds] = compileConditions({ [each.operator]: { [each.key]: each.values } }, 'read');
      for (const values of requests(each.key.toLowerCase()))
        expect(holds?.((key) => (key === each.key.toLowerCase() ? values : undefined))).toBe(said);
    }),
    { numRuns: 5_000, seed: 20261129 },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(50);
});

const rows: readonly (readonly [
  operator: string,
  key: string,
  values: readonly string[],
  answer: boolean | undefined,
])[] = [
  ['Null', 'aws:CurrentTime', ['false'], true],
  ['Null', 'aws:CurrentTime', ['FALSE'], true],
  ['Null', 'aws:CurrentTime', ['true'], false],
  ['Null', 'aws:CurrentTime', ['neither'], false],
  ['Null', 'aws:SourceVpc', ['false'], undefined],
  ['Null', 'aws:SourceVpc', ['true', 'False'], true],
  ['StringEquals', 'aws:PrincipalTag/team', [], false],
  ['StringNotEquals', 'aws:PrincipalTag/team', [], true],
  ['StringEqualsIfExists', 'aws:PrincipalTag/team', [], undefined],
  ['ForAnyValue:StringEquals', 'aws:TagKeys', [], undefined],
  ['StringLike', 'aws:userid', ['x', '*'], true],
  ['StringLike', 'aws:userid', ['**'], true],
  ['StringLike', 'aws:userid', ['x*', '*x'], undefined],
  ['StringEquals', 'aws:userid', ['*'], undefined],
  ['StringLike', 'aws:PrincipalTag/team', ['*'], undefined],
  ['StringNotLike', 'aws:userid', ['*'], false],
  ['StringNotLike', 'aws:PrincipalTag/team', ['*'], undefined],
  ['StringNotLikeIfExists', 'aws:userid', ['*'], false],
  ['StringLikeIfExists', 'aws:PrincipalTag/team', ['*'], true],
  ['ForAllValues:StringLike', 'aws:TagKeys', ['*'], true],
  ['ForAnyValue:StringLike', 'aws:TagKeys', ['*'], undefined],
  ['ForAllValues:StringNotLike', 'aws:TagKeys', ['*'], undefined],
  ['ArnLike', 'aws:PrincipalArn', ['*'], true],
  ['ArnNotEquals', 'aws:PrincipalArn', ['*'], false],
  ['ArnEquals', 'aws:PrincipalArn', ['**'], undefined],
  ['ArnLike', 'aws:SourceArn', ['*'], undefined],
  ['ArnLikeIfExists', 'aws:SourceArn', ['*'], undefined],
  ['Bool', 'aws:SecureTransport', ['true', 'false'], true],
  ['Bool', 'aws:SecureTransport', ['true'], undefined],
  ['Bool', 'aws:ViaAWSService', ['false', 'true'], true],
  ['Bool', 'aws:MultiFactorAuthPresent', ['true', 'false'], undefined],
  ['BoolIfExists', 'aws:MultiFactorAuthPresent', ['true', 'false'], true],
  ['BoolIfExists', 'aws:PrincipalIsAWSService', ['true', 'false'], true],
  ['BoolIfExists', 's3:x', ['true', 'false'], undefined],
  ['DateGreaterThan', 'aws:CurrentTime', ['2020-01-01'], undefined],
];
const always = [
  ...['aws:CurrentTime', 'aws:EpochTime', 'aws:RequestedRegion', 'aws:SecureTransport', 'aws:ViaAWSService'],
  ...['aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:PrincipalType', 'aws:userid'],
];

describe('the answer for all requests', () => {
  it.each(rows)('%s %s %j: %s', (operator, key, values, answer) => {
    expect(answerOfAll({ operator, key, values })).toBe(answer);
  });

  it.each(always)('knows that %s is in each', (key) => {
    expect(answerOfAll({ operator: 'Null', key, values: ['false'] })).toBe(true);
  });
});
