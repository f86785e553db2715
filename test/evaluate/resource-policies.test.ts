import { describe, expect, it } from 'vitest';
import type { Statement } from '../../src/model/policy.ts';
import type { ResourcePolicy } from '../../src/model/resource.ts';
import { inline, roleWith, why } from '../support/asking.ts';
import { document } from '../support/build.ts';

const bucket = 'arn:aws:s3:::pictures';
const key = 'arn:aws:kms:eu-west-1:222222222222:key/1234abcd';
const trust = document({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const reader = roleWith('Reader', trust, inline({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/*` }));
const other = roleWith('Other', trust, inline({ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' }));
const nobody = roleWith('Nobody', trust);
const arnOf = (name: string): string => `arn:aws:iam::222222222222:role/${name}`;

const policyOf = (resource: string, ...list: readonly Statement[]): ResourcePolicy => ({
  kind: 'resource-policy',
  resource,
  account: 'Prod',
  region: 'eu-west-1',
  document: document(...list),
});
const allow = (name: string, action: string, resource: string): Statement => ({
  Effect: 'Allow',
  Principal: { AWS: arnOf(name) },
  Action: action,
  Resource: resource,
});

type Asked = { readonly as: string; readonly action?: string; readonly resource?: string };
const decided = async (policies: readonly ResourcePolicy[], { as, action = 's3:GetObject', resource }: Asked) => {
  const words = { principal: `role:Prod:${as}`, action, ...(resource === undefined ? {} : { resource }) };
  return why({ more: [reader, other, nobody, ...policies] }, words);
};

const onlyReader = policyOf(bucket, {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `${bucket}/*`,
  Condition: { ArnNotEquals: { 'aws:PrincipalArn': arnOf('Reader') } },
});

describe('the policy of a bucket', () => {
  it('lets in whom it names, without a statement of their own', async () => {
    const policies = [policyOf(bucket, allow('Nobody', 's3:GetObject', `${bucket}/*`))];
    expect((await decided([], { as: 'Nobody', resource: `${bucket}/a.png` })).decision).toBe('denied');
    expect((await decided(policies, { as: 'Nobody', resource: `${bucket}/a.png` })).decision).toBe('allowed');
    expect(
      (await decided(policies, { as: 'Nobody', action: 's3:PutObject', resource: `${bucket}/a.png` })).decision,
    ).toBe('denied');
    expect((await decided(policies, { as: 'Nobody', resource: 'arn:aws:s3:::elsewhere/a.png' })).decision).toBe(
      'denied',
    );
  });

  it('is found where nobody names it', async () => {
    const policies = [policyOf(bucket, allow('Nobody', 's3:GetObject', `${bucket}/*`))];
    expect((await decided(policies, { as: 'Nobody' })).decision).toBe('allowed');
    expect((await decided(policies, { as: 'Nobody', resource: 'arn:aws:s3:::*' })).decision).not.toBe('denied');
    expect((await decided(policies, { as: 'Nobody', action: 's3:PutObject' })).decision).toBe('denied');
  });

  it('takes away what their own statements give', async () => {
    expect((await decided([onlyReader], { as: 'Reader', resource: `${bucket}/a.png` })).decision).toBe('allowed');
    const denied = await decided([onlyReader], { as: 'Other', resource: `${bucket}/a.png` });
    expect(denied.decision).toBe('denied');
    expect(denied.chains[0]?.reasons).toMatchObject([
      { policy: `policy of ${bucket}`, type: 'resource', effect: 'Deny' },
    ]);
    expect((await decided([onlyReader], { as: 'Other', resource: 'arn:aws:s3:::elsewhere/a.png' })).decision).toBe(
      'allowed',
    );
  });

  it('lets an answer hang on the resource where only a part of them has a policy', async () => {
    const asked = await decided([onlyReader], { as: 'Other', resource: 'arn:aws:s3:::*' });
    expect(asked.decision).toBe('depends');
  });

  it('lets the roles of another account in when both sides agree', async () => {
    const abroad = roleWith('Abroad', trust, {
      account: 'Dev',
      ...inline({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/*` }),
    });
    const open = policyOf(bucket, {
      Effect: 'Allow',
      Principal: { AWS: '333333333333' },
      Action: 's3:GetObject',
      Resource: `${bucket}/*`,
    });
    const asked = async (policies: readonly ResourcePolicy[]) =>
      (
        await why(
          { more: [abroad, ...policies], at: 'Dev' },
          { principal: 'role:Dev:Abroad', action: 's3:GetObject', resource: `${bucket}/a.png` },
        )
      ).decision;
    expect(await asked([open])).toBe('allowed');
    expect(await asked([onlyReader])).toBe('denied');
  });
});

describe('the policy of a key', () => {
  it('has to agree, whatever the account says', async () => {
    const closed = policyOf(key, allow('Reader', 'kms:Decrypt', '*'));
    const delegated = policyOf(key, {
      Effect: 'Allow',
      Principal: { AWS: '222222222222' },
      Action: 'kms:*',
      Resource: '*',
    });
    const asked = async (policies: readonly ResourcePolicy[], as: string) =>
      (await decided(policies, { as, action: 'kms:Decrypt', resource: key })).decision;
    expect(await asked([closed], 'Other')).toBe('denied');
    expect(await asked([delegated], 'Other')).toBe('allowed');
    expect(await asked([closed], 'Reader')).toBe('allowed');
    expect(await asked([delegated], 'Reader')).toBe('denied');
  });
});
