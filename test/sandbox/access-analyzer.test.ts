import { AccessAnalyzer } from '@aws-sdk/client-accessanalyzer';
import { describe, expect, it } from 'vitest';
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import { callSandbox } from '../../src/sandbox/call.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import { serve } from '../../src/sandbox/server.ts';
import { freshSandbox, management, production, start } from '../support/sandbox.ts';

const client = (sandbox: Sandbox, account = management, region = 'eu-west-1') =>
  new AccessAnalyzer({
    region,
    maxAttempts: 1,
    requestHandler: requestHandler(sandbox, () => start),
    credentials: { accessKeyId: accessKeyOf(account), secretAccessKey: 'x' },
  });

const finding = (id: string, analyzerArn: string, status: 'ACTIVE' | 'ARCHIVED') => ({
  id,
  analyzerArn,
  findingType: 'ExternalAccess' as const,
  resource: `arn:aws:iam::${production}:role/${id}`,
  resourceType: 'AWS::IAM::Role',
  resourceOwnerAccount: production,
  createdAt: '2026-11-01T00:00:00.000Z',
  status,
  details: { externalAccessDetails: { isPublic: true, condition: {} } },
});

const furnished = () => {
  const sandbox = freshSandbox();
  const state = sandbox.world().accessAnalyzer[management];
  const analyzerArn = state?.analyzers[0]?.arn ?? '';
  state?.findings.push(
    ...Array.from({ length: 5 }, (_, at) => finding(`f${at}`, analyzerArn, at < 4 ? 'ACTIVE' : 'ARCHIVED')),
  );
  return { sandbox, analyzerArn, analyzer: client(sandbox) };
};

describe('Access Analyzer', () => {
  it('has the organization’s analyzers in the management account, in one Region', async () => {
    const { sandbox, analyzer } = furnished();
    const { analyzers = [] } = await analyzer.listAnalyzers({});
    expect(analyzers.map(({ type, status }) => [type, status])).toEqual([
      ['ORGANIZATION', 'ACTIVE'],
      ['ORGANIZATION_UNUSED_ACCESS', 'ACTIVE'],
    ]);
    expect((await analyzer.listAnalyzers({ type: 'ORGANIZATION' })).analyzers).toHaveLength(1);
    expect((await client(sandbox, production).listAnalyzers({})).analyzers).toEqual([]);
    expect((await client(sandbox, management, 'us-east-1').listAnalyzers({})).analyzers).toEqual([]);
  });

  it('lists findings by status, in pages, and shows one with its details', async () => {
    const { analyzer, analyzerArn } = furnished();
    const filter = { status: { eq: ['ACTIVE'] } };
    const first = await analyzer.listFindingsV2({ analyzerArn, filter, maxResults: 3 });
    const second = await analyzer.listFindingsV2({ analyzerArn, filter, maxResults: 3, nextToken: first.nextToken });
    expect([first, second].map(({ findings }) => findings?.map(({ id }) => id))).toEqual([['f0', 'f1', 'f2'], ['f3']]);
    const { findingDetails } = await analyzer.getFindingV2({ analyzerArn, id: 'f0' });
    expect(findingDetails?.[0]?.externalAccessDetails?.isPublic).toBe(true);
    await analyzer.updateFindings({ analyzerArn, ids: ['f0'], status: 'ARCHIVED' });
    expect((await analyzer.listFindingsV2({ analyzerArn, filter })).findings).toHaveLength(3);
  });

  it('makes one analyzer of a type in an account and Region', async () => {
    const { sandbox } = furnished();
    const own = client(sandbox, production);
    const { arn } = await own.createAnalyzer({ analyzerName: 'mine', type: 'ACCOUNT' });
    expect((await own.listAnalyzers({})).analyzers?.map((one) => one.arn)).toEqual([arn]);
    const again = own.createAnalyzer({ analyzerName: 'other', type: 'ACCOUNT' });
    await expect(again).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
    await own.deleteAnalyzer({ analyzerName: 'mine' });
    expect((await own.listAnalyzers({})).analyzers).toEqual([]);
  });

  it('answers with errors by name over a socket too', async () => {
    const served = await serve(furnished().sandbox, { port: 0 });
    const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'x' };
    const analyzer = new AccessAnalyzer({ region: 'eu-west-1', endpoint: served.url, credentials, maxAttempts: 1 });
    const arn = `arn:aws:access-analyzer:eu-west-1:${management}:analyzer/none`;
    await expect(analyzer.listFindingsV2({ analyzerArn: arn })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(analyzer.listFindingsV2({ analyzerArn: 'x' })).rejects.toMatchObject({ name: 'ValidationException' });
    await served.close();
  });

  it('is called by hand like every other service', () => {
    const { sandbox, analyzerArn } = furnished();
    const call = (operation: string, input: object) =>
      callSandbox(sandbox, { service: 'accessanalyzer', operation, input: { ...input } }, () => start);
    expect(call('ListAnalyzers', {})).toMatchObject({ ok: true, output: { analyzers: [{}, {}] } });
    expect(call('GetFindingV2', { analyzerArn, id: 'f1' })).toMatchObject({ ok: true, output: { id: 'f1' } });
    expect(call('NoSuchThing', {}).ok).toBe(false);
  });
});

describe('ValidatePolicy', () => {
  const words = 'abcdefghijklmnopqrstuvwxyz'.split('').flatMap((a) => ['a', 'b', 'c', 'd'].map((b) => `svc${a}${b}`));
  const document = JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: ['sts', ...words].map((word) => `${word}:Get*`) }],
  });
  const catalogue = {
    has: () => true,
    arns: () => ['arn:aws:iam::aws:policy/All'],
    arnOf: () => undefined,
    document: () => document,
  };
  const codes = async (policy: unknown) => {
    const sandbox = createSandbox(freshSandbox().world(), { catalogue });
    const policyDocument = typeof policy === 'string' ? policy : JSON.stringify(policy);
    const { findings = [] } = await client(sandbox).validatePolicy({ policyDocument, policyType: 'IDENTITY_POLICY' });
    return findings.map(({ issueCode }) => issueCode);
  };
  const statement = (more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Resource: 'arn:aws:iam::1:role/x', ...more }],
  });

  it.each<[unknown, string[]]>([
    ['{', ['JSON_SYNTAX_ERROR']],
    ['[]', ['DATA_TYPE_MISMATCH']],
    [{ Version: '2012-10-17' }, ['MISSING_STATEMENT']],
    [statement({ Action: 'sts:AssumeRole' }), []],
    [statement({ Action: ['svcaa:Anything', '*'] }), []],
    [statement({ Action: ['sts:AssumeRoll'] }), ['INVALID_ACTION']],
    [statement({ NotAction: 'nosuch:Thing' }), ['INVALID_SERVICE_IN_ACTION']],
    [statement({ Action: 'everything' }), ['MISSING_SERVICE_PREFIX']],
    [statement({ Effect: 'Perhaps', Action: 'svcaa:*' }), ['INVALID_EFFECT']],
    [{ Statement: { Effect: 'Deny', Action: '*' } }, ['MISSING_VERSION']],
  ])('says of %j %j', async (policy, expected) => {
    expect(await codes(policy)).toEqual(expected);
  });

  it('points at the place by path and by line', async () => {
    const policyDocument = JSON.stringify(statement({ Action: ['svcaa:Get', 'sts:Nothing'] }), null, 2);
    const { findings = [] } = await client(freshSandbox()).validatePolicy({
      policyDocument,
      policyType: 'IDENTITY_POLICY',
    });
    const [location] = findings[0]?.locations ?? [];
    expect(location?.path).toEqual([{ value: 'Statement' }, { index: 0 }, { value: 'Action' }, { index: 1 }]);
    const line = policyDocument.split('\n')[(location?.span?.start?.line ?? 0) - 1];
    expect(line).toContain('sts:Nothing');
  });

  it('warns of passing every role', async () => {
    const policyDocument = JSON.stringify(statement({ Action: 'iam:PassRole', Resource: '*' }));
    const { findings = [] } = await client(freshSandbox()).validatePolicy({
      policyDocument,
      policyType: 'IDENTITY_POLICY',
    });
    expect(findings.map(({ findingType }) => findingType)).toEqual(['SECURITY_WARNING']);
  });
});
