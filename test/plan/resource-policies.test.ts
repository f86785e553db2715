import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/kinds/equal.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { ResourcePolicy } from '../../src/model/resource.ts';

const arn = 'arn:aws:s3:::pictures';
const read: Statement = {
  Sid: 'Read',
  Effect: 'Allow',
  Principal: { AWS: ['111111111111', 'arn:aws:iam::222222222222:role/Reader'] },
  Action: ['s3:GetObject', 's3:GetObjectVersion'],
  Resource: `${arn}/*`,
};
const { Resource: _, ...rest } = read;
const elsewhere: Statement = { ...rest, NotResource: `${arn}/*` };
const of = (...list: readonly Statement[]): ResourcePolicy => ({
  kind: 'resource-policy',
  resource: arn,
  account: 'Dev',
  region: 'eu-west-1',
  document: { Version: '2012-10-17', Statement: list },
});
const same = (one: ResourcePolicy, document: PolicyDocument): boolean =>
  canonical(one) === canonical({ ...one, document });

describe('a policy of a resource', () => {
  it('has the ARN of the resource as its key, as AWS writes it', () => {
    expect(keyOf(of(read))).toBe('resource-policy/arn:aws:s3:::pictures');
  });

  it.each<[string, Statement | readonly Statement[]]>([
    [
      'an account as its root',
      { ...read, Principal: { AWS: ['arn:aws:iam::222222222222:role/Reader', 'arn:aws:iam::111111111111:root'] } },
    ],
    ['another Sid', { ...read, Sid: 'Other' }],
    ['a list of one', { ...read, Resource: [`${arn}/*`] }],
    [
      'a statement for each action',
      [
        { ...read, Action: 's3:GetObjectVersion' },
        { ...read, Sid: 'More', Action: 'S3:GetObject' },
      ],
    ],
  ])('is the same with %s', (_, other) => {
    expect(same(of(read), { Version: '2008-10-17', Id: 'Policy1', Statement: other })).toBe(true);
  });

  it.each<[string, Statement]>([
    ['other resources', { ...read, Resource: arn }],
    ['all but those resources', elsewhere],
    ['somebody else', { ...read, Principal: '*' }],
    ['a condition', { ...read, Condition: { Bool: { 'aws:SecureTransport': true } } }],
    ['another effect', { ...read, Effect: 'Deny' }],
  ])('is another with %s', (_, other) => {
    expect(same(of(read), { Version: '2012-10-17', Statement: [other] })).toBe(false);
  });
});
