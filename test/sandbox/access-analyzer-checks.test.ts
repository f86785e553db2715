import {
  AccessAnalyzerClient,
  ApplyArchiveRuleCommand,
  CheckAccessNotGrantedCommand,
  CheckNoNewAccessCommand,
  CheckNoPublicAccessCommand,
  CreateAnalyzerCommand,
  CreateArchiveRuleCommand,
  DeleteArchiveRuleCommand,
  GetAnalyzerCommand,
  GetArchiveRuleCommand,
  GetFindingsStatisticsCommand,
  ListArchiveRulesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateArchiveRuleCommand,
} from '@aws-sdk/client-accessanalyzer';
import { afterAll, describe, expect, it } from 'vitest';
import { serve } from '../../src/sandbox/server.ts';
import { freshSandbox } from '../support/sandbox.ts';

// Over a socket: a list in the query is a member that is named several times.
const served = await serve(freshSandbox(), { port: 0 });
afterAll(() => served.close());

const client = new AccessAnalyzerClient({
  region: 'eu-west-1',
  endpoint: served.url,
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'x' },
});

const policy = (...statements: readonly object[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })),
  });

describe('the checks of policies', () => {
  it.each([
    [policy({ Action: 's3:*' }), 's3:GetObject', 'FAIL'],
    [policy({ Action: 's3:Get*' }), 's3:PutObject', 'PASS'],
    [policy({ Action: '*' }, { Effect: 'Deny', Action: 's3:*' }), 's3:GetObject', 'PASS'],
    [
      policy(
        { Action: '*' },
        { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ),
      's3:GetObject',
      'FAIL',
    ],
    [policy({ NotAction: 'iam:*' }), 's3:GetObject', 'FAIL'],
  ])('say of %s whether it grants %s: %s', async (policyDocument, action, result) => {
    const access = [{ actions: [action] }];
    const input = { policyDocument, access, policyType: 'IDENTITY_POLICY' as const };
    expect((await client.send(new CheckAccessNotGrantedCommand(input))).result).toBe(result);
  });

  it.each([
    [policy({ Action: 's3:Get*' }), policy({ Action: 's3:*' }), 'PASS'],
    [policy({ Action: 's3:*' }), policy({ Action: 's3:Get*' }), 'FAIL'],
    [
      policy({ Action: 's3:*', Resource: 'arn:aws:s3:::a/*' }),
      policy({ Action: 's3:*', Resource: 'arn:aws:s3:::a/*' }),
      'PASS',
    ],
    [policy({ Action: 's3:*', Resource: '*' }), policy({ Action: 's3:*', Resource: 'arn:aws:s3:::a/*' }), 'FAIL'],
    [policy({ Action: 's3:*' }), policy({ Action: 's3:*' }, { Effect: 'Deny', Action: 's3:Put*' }), 'FAIL'],
    [
      policy({ Action: 's3:*' }),
      policy({ Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      'FAIL',
    ],
  ])('say of %s whether it grants more than %s: %s', async (newPolicyDocument, existingPolicyDocument, result) => {
    const input = { newPolicyDocument, existingPolicyDocument, policyType: 'IDENTITY_POLICY' as const };
    expect((await client.send(new CheckNoNewAccessCommand(input))).result).toBe(result);
  });

  it.each([
    [policy({ Action: 's3:*', Principal: '*' }), 'FAIL'],
    [policy({ Action: 's3:*', Principal: { AWS: '111111111111' } }), 'PASS'],
    [
      policy({ Action: 's3:*', Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a' } } }),
      'PASS',
    ],
    [
      policy({ Action: 's3:*', Principal: { AWS: '*' }, Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }),
      'FAIL',
    ],
  ])('say of %s whether it is public: %s', async (policyDocument, result) => {
    const input = { policyDocument, resourceType: 'AWS::S3::Bucket' as const };
    expect((await client.send(new CheckNoPublicAccessCommand(input))).result).toBe(result);
  });

  it('name the statement', async () => {
    const policyDocument = policy({ Action: 'iam:*' }, { Sid: 'Read', Action: 's3:*' });
    const input = { policyDocument, access: [{ actions: ['s3:GetObject'] }], policyType: 'IDENTITY_POLICY' as const };
    const { reasons } = await client.send(new CheckAccessNotGrantedCommand(input));
    expect(reasons).toMatchObject([{ statementIndex: 1, statementId: 'Read' }]);
    await expect(client.send(new CheckAccessNotGrantedCommand({ ...input, policyDocument: '{}' }))).rejects.toThrow(
      'not a valid policy document',
    );
  });
});

it('an analyzer has archive rules and tags', async () => {
  const analyzerName = 'mine';
  const { arn = '' } = await client.send(
    new CreateAnalyzerCommand({ analyzerName, type: 'ACCOUNT', tags: { a: '1', b: '2', c: '3' } }),
  );
  await client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['a', 'b'] }));
  await client.send(new TagResourceCommand({ resourceArn: arn, tags: { d: '4' } }));
  const tags = { c: '3', d: '4' };
  expect((await client.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags).toEqual(tags);
  expect((await client.send(new GetAnalyzerCommand({ analyzerName }))).analyzer).toMatchObject({
    arn,
    tags,
    status: 'ACTIVE',
  });
  const rule = { analyzerName, ruleName: 'ours' };
  await client.send(new CreateArchiveRuleCommand({ ...rule, filter: { resource: { eq: ['x'] } } }));
  await client.send(new UpdateArchiveRuleCommand({ ...rule, filter: { resource: { exists: true } } }));
  await client.send(new ApplyArchiveRuleCommand({ analyzerArn: arn, ruleName: 'ours' }));
  const { archiveRule } = await client.send(new GetArchiveRuleCommand(rule));
  expect(archiveRule?.filter).toEqual({ resource: { exists: true } });
  await client.send(new DeleteArchiveRuleCommand(rule));
  expect((await client.send(new ListArchiveRulesCommand({ analyzerName }))).archiveRules).toEqual([]);
  const { findingsStatistics } = await client.send(new GetFindingsStatisticsCommand({ analyzerArn: arn }));
  expect(findingsStatistics).toMatchObject([{ externalAccessFindingsStatistics: { totalActiveFindings: 0 } }]);
});
