/** Nobody is said to gain access by a set that denies whatever it allows. */
import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { ConditionBlock, Statement } from '../../src/model/policy.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, account, assignment, desired, document, group, live, owned, set } from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };

const gains = (statements: readonly Statement[]): number => {
  const base = [account('Dev', '222222222222'), group('G'), owned(set('S', { inlinePolicy: document(...statements) }))];
  const want = desired([...base, assignment('group:G', 'S', 'Dev')]);
  const have = live(base);
  return withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge }).access.length;
};

const s3: Statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const denied = (Condition: ConditionBlock): readonly Statement[] => [
  s3,
  { Effect: 'Deny', Action: '*', Resource: '*', Condition },
];

const always: readonly (readonly [string, ConditionBlock])[] = [
  ['any ARN', { StringLike: { 'aws:PrincipalArn': '*' } }],
  ['a key that is always there', { Null: { 'aws:CurrentTime': 'false' } }],
  ['a key that is there or not', { Null: { 'aws:SourceVpc': ['true', 'false'] } }],
  ['both of a yes and a no', { Bool: { 'aws:SecureTransport': ['true', 'false'] } }],
  ['any Region', { StringLike: { 'aws:RequestedRegion': '*' } }],
  ['a tag, or none', { StringLikeIfExists: { 'aws:PrincipalTag/team': '*' } }],
  ['another organization', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-elsewhere00' } }],
];

const never: readonly (readonly [string, ConditionBlock])[] = [
  ['no value', { StringEquals: { 'aws:PrincipalTag/team': [] } }],
  ['a key that is always there, absent', { Null: { 'aws:userid': 'true' } }],
  ['no ARN', { StringNotLike: { 'aws:PrincipalArn': '*' } }],
];

describe('a set gives nothing', () => {
  it.each(always)('that denies everything for %s', (_, block) => {
    expect(gains(denied(block))).toBe(0);
  });

  it.each(never)('that allows for %s', (_, Condition) => {
    expect(gains([{ ...s3, Condition }])).toBe(0);
  });

  it('but what a condition may leave', () => {
    expect(gains(denied({ StringLike: { 'aws:PrincipalTag/team': '*' } }))).toBe(1);
    expect(gains([{ ...s3, Condition: { StringLike: { constructor: '*' } } }])).toBe(1);
  });
});
