import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../src/evaluate/request.ts';
import { askedOf } from '../../src/evaluate/request.ts';
import type { ContextValues } from '../../src/evaluate/variables.ts';

const account = '111122223333';
const iam = `arn:aws:iam::${account}`;
const request = { action: 'S3:GetObject', resource: 'arn:aws:s3:::b/k', principal: `${iam}:role/path/R` };

const valueOf = (key: string, given: Partial<AccessRequest> = {}): ContextValues =>
  askedOf({ ...request, ...given }).lookup(key);

describe('a request', () => {
  it('has an action without case', () => {
    expect(askedOf(request).action).toEqual({ service: 's3', name: 'getobject' });
  });

  const resources = [
    ['arn:aws:s3:::b/k', account],
    ['arn:aws:sqs:eu-west-1:444455556666:q', '444455556666'],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', account],
    ['arn:aws:sqs:eu-west-1:44445555666:q', account],
    ['arn:aws:sqs:eu-west-1:4444555566667:q', account],
    ['*', account],
  ] as const;
  for (const [resource, owner] of resources) {
    it(`about ${resource} is about the account ${owner}`, () => {
      expect(askedOf({ ...request, resource }).resourceAccount).toBe(owner);
      expect(askedOf({ ...request, resource, resourceAccount: '999988887777' }).resourceAccount).toBe('999988887777');
    });
  }
});

/** One column per key: PrincipalArn, PrincipalAccount, PrincipalType, username, PrincipalIsAWSService, PrincipalServiceName, userid. */
const derived: readonly (readonly [string, ...(string | undefined)[]])[] = [
  ['*', undefined, 'anonymous', 'Anonymous', undefined, undefined, undefined, 'anonymous'],
  ['sns.amazonaws.com', undefined, undefined, undefined, undefined, 'true', 'sns.amazonaws.com', undefined],
  ['www.amazon.com', undefined, undefined, undefined, undefined, 'false', undefined, undefined],
  [`${iam}:root`, `${iam}:root`, account, 'Account', undefined, 'false', undefined, account],
  [`${iam}:user/staff/ada`, `${iam}:user/staff/ada`, account, 'User', 'ada', 'false', undefined, undefined],
  [`${iam}:role/path/R`, `${iam}:role/path/R`, account, 'AssumedRole', undefined, 'false', undefined, undefined],
  [
    ...([`arn:aws:sts::${account}:assumed-role/R/s`, `${iam}:role/R`, account, 'AssumedRole'] as const),
    ...[undefined, 'false', undefined, undefined],
  ],
  [
    ...([`arn:aws:sts::${account}:federated-user/bob`, `arn:aws:sts::${account}:federated-user/bob`, account] as const),
    ...['FederatedUser', undefined, 'false', undefined, undefined],
  ],
];
const keys = ['arn', 'account', 'type', '', 'isawsservice', 'servicename', ''].map((name) => `aws:principal${name}`);
keys[3] = 'aws:username';
keys[6] = 'aws:userid';

describe('the keys that a principal brings', () => {
  for (const [principal, ...values] of derived) {
    it(`are known for ${principal}`, () => {
      const found = keys.map((key) => valueOf(key, { principal }));
      expect(found).toEqual(values.map((value) => (value === undefined ? undefined : [value])));
    });
  }

  it('count as known where they are absent, except the unique id that nobody knows', () => {
    const all = { unknown: ['*'] };
    expect(valueOf('aws:username', all)).toBeUndefined();
    expect(valueOf('aws:userid', all)).toEqual({ keys: ['aws:userid'] });
    expect(valueOf('aws:userid', { ...all, principal: `${iam}:root` })).toEqual([account]);
  });

  it('include the account of the resource', () => {
    expect(valueOf('aws:resourceaccount', { resourceAccount: '444455556666' })).toEqual(['444455556666']);
  });
});

describe('the context of a request', () => {
  it('has keys without case and values as texts', () => {
    const context = { 'aws:SourceIp': '::1', 's3:max-keys': 10, 'aws:SecureTransport': false, 'aws:TagKeys': ['a', 1] };
    const found = ['aws:sourceip', 's3:max-keys', 'aws:securetransport', 'aws:tagkeys', 'aws:other'];
    expect(found.map((key) => valueOf(key, { context }))).toEqual([['::1'], ['10'], ['false'], ['a', '1'], undefined]);
  });

  it('outranks what the principal brings, and what is said to be unknown by name outranks both', () => {
    const context = { 'aws:PrincipalType': 'User' };
    expect(valueOf('aws:principaltype', { context })).toEqual(['User']);
    expect(valueOf('aws:principaltype', { context, unknown: ['aws:PrincipalType'] })).toEqual({
      keys: ['aws:PrincipalType'],
    });
    expect(valueOf('aws:principaltype', { context, unknown: ['aws:*'] })).toEqual(['User']);
  });

  it('leaves unknown what a pattern covers and nothing else', () => {
    const given = { unknown: ['aws:RequestTag/*'] };
    expect(valueOf('aws:requesttag/team', given)).toEqual({ keys: ['aws:requesttag/team'] });
    expect(valueOf('aws:resourcetag/team', given)).toBeUndefined();
    expect(valueOf('aws:requesttag/team', { unknown: ['aws:RequestTag/?eam'] })).toBeUndefined();
  });
});
