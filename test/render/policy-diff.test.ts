import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalPolicy } from '../../src/model/policy.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import { foldedLines, policyDiff } from '../../src/render/policy-diff.ts';
import { regions } from './plans.ts';

const changes = (before: PolicyDocument, after: PolicyDocument): readonly string[] =>
  policyDiff(before, after)
    .filter((line) => line.sign !== ' ')
    .map((line) => `${line.sign} ${line.text.trim()}`);

const statement = (sid: string, ...actions: readonly string[]): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Action: actions,
  Resource: '*',
});

test('a second Region is one line more', () => {
  expect(changes(regions('eu-west-1'), regions('eu-west-1', 'us-east-1'))).toEqual(['+ "us-east-1"']);
});

test('another order, a list of one and the case of actions do not show', () => {
  const before: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [statement('A', 's3:GetObject', 's3:PutObject'), { ...statement('B'), Action: 'iam:PassRole' }],
  };
  const after: PolicyDocument = {
    Statement: [statement('B', 'iam:passrole'), statement('A', 'S3:putobject', 's3:getObject')],
    Version: '2012-10-17',
  };
  expect(changes(before, after)).toEqual([]);
});

test('an account id and its root ARN are the same principal, and condition keys have no case', () => {
  const trust = (principal: string, key: string): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: principal },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { [key]: 'x' } },
    },
  });
  expect(
    changes(trust('222222222222', 'sts:ExternalId'), trust('arn:aws:iam::222222222222:root', 'STS:externalid')),
  ).toEqual([]);
});

test('a statement that moves and changes is compared with the one of its Sid', () => {
  const before: PolicyDocument = { Statement: [statement('A', 'a:a'), statement('B', 'b:b')] };
  const after: PolicyDocument = { Statement: [statement('B', 'b:b', 'b:c'), statement('A', 'a:a')] };
  expect(changes(before, after)).toEqual(['+ "b:c"']);
});

test('documents too different to align are shown whole', () => {
  const many = (prefix: string): PolicyDocument => ({
    Statement: [statement('A', ...[...Array(2_000).keys()].map((index) => `${prefix}:Action${String(index)}`))],
  });
  const signs = policyDiff(many('a'), many('b')).map((line) => line.sign);
  expect(signs.filter((sign) => sign === ' ')).toEqual([]);
  expect(signs.lastIndexOf('-')).toBeLessThan(signs.indexOf('+'));
});

test('a folded diff names the statement it lies in', () => {
  const long = (...actions: readonly string[]) => ({
    Statement: [
      statement('First', 'a:a'),
      statement('Second', ...'bcdefghij'.split('').map((x) => `b:${x}`), ...actions),
    ],
  });
  const texts = foldedLines(policyDiff(long(), long('z:z')), 2).map((line) => line.text.trim());
  expect(texts).toContain('"Sid": "Second",');
  expect(texts).not.toContain('"Sid": "First",');
});

const anyStatement = fc.record<Statement>({
  Sid: fc.constantFrom('', 'A', 'B'),
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.array(fc.constantFrom('s3:Get', 's3:put', 'iam:*'), { minLength: 1 }),
  Resource: fc.constantFrom('*', ['a', 'b']),
});

test('what is not taken away is the document after', () => {
  const documents = fc.array(anyStatement, { maxLength: 4 }).map((Statement): PolicyDocument => ({ Statement }));
  fc.assert(
    fc.property(documents, documents, (before, after) => {
      const kept = policyDiff(before, after).filter((line) => line.sign !== '-');
      const read = JSON.parse(kept.map((line) => line.text).join('\n')) as PolicyDocument;
      expect(canonicalPolicy(read)).toBe(canonicalPolicy(after));
    }),
  );
});
