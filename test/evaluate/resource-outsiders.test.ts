/** `who-can` names whom the policies of resources let in from outside, past the RCPs above the account; `why` answers alike. */
import { describe, expect, it } from 'vitest';
import type { PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { Resource, ResourcePolicy } from '../../src/model/resource.ts';
import { who, why } from '../support/asking.ts';
import { document, rcpType } from '../support/build.ts';
import { hungRcp, rcp } from '../support/guard-scenes.ts';

const bucket = 'arn:aws:s3:::pictures';
const topic = 'arn:aws:sns:eu-west-1:222222222222:orders';
const vendor = '101010101010';

const on = (resource: string, ...list: readonly Statement[]): ResourcePolicy => ({
  kind: 'resource-policy',
  resource,
  account: 'Prod',
  region: 'eu-west-1',
  document: document(...list),
});
const lets = (Principal: PrincipalElement, more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Principal,
  Action: 's3:GetObject',
  Resource: `${bucket}/*`,
  ...more,
});

const asked = async (more: readonly Resource[], action = 's3:GetObject', resource?: string) => {
  const { can, depends } = await who({ more }, { action, ...(resource === undefined ? {} : { resource }) });
  const isOfPolicy = ({ chain }: (typeof can)[number]): boolean =>
    chain.through[0]?.text.startsWith('the policy') === true;
  return [can, depends].map((lines) =>
    lines
      .filter(isOfPolicy)
      .map(({ principal, chain }) => `${principal}${chain.on === undefined ? '' : ` on ${chain.on}`}`),
  );
};

const perimeter = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: '*',
  Condition: {
    StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-securecart0' },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
} as const;

describe('who can, of what a policy of a resource opens', () => {
  it('names accounts outside, their roles, roles of other accounts, services and anybody', async () => {
    const policy = on(
      bucket,
      lets({ AWS: [vendor, `arn:aws:iam::${vendor}:role/Export`, 'arn:aws:iam::333333333333:role/Unknown'] }),
      lets({ Service: 'cloudtrail.amazonaws.com' }),
      lets('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-partner000' } } }),
    );
    expect(await asked([policy])).toEqual([
      [
        `account ${vendor} on ${bucket}/*`,
        `arn:aws:iam::${vendor}:role/Export on ${bucket}/*`,
        `service cloudtrail.amazonaws.com on ${bucket}/*`,
        `any account of organization o-partner000 on ${bucket}/*`,
      ],
      [`arn:aws:iam::333333333333:role/Unknown on ${bucket}/*`],
    ]);
    expect(await asked([policy], 's3:PutObject')).toEqual([[], []]);
    expect(await asked([policy], 's3:GetObject', 'arn:aws:s3:::elsewhere/*')).toEqual([[], []]);
  });

  it('answers of the resource that is asked for, and of part of what is asked', async () => {
    const policy = on(bucket, lets({ AWS: vendor }, { Resource: `${bucket}/shared/*`, Action: 's3:Get*' }));
    expect(await asked([policy], 's3:GetObject', `${bucket}/shared/a.png`)).toEqual([[`account ${vendor}`], []]);
    expect(await asked([policy], 's3:GetObject', `${bucket}/*`)).toEqual([
      [`account ${vendor} on ${bucket}/shared/*`],
      [],
    ]);
    expect(await asked([policy], 's3:GetObject', `${bucket}/private/a.png`)).toEqual([[], []]);
  });

  it('keeps out whom a denial or an RCP shuts out, and says on what the rest hangs', async () => {
    const denial = lets({ AWS: vendor }, { Effect: 'Deny' });
    expect(await asked([on(bucket, lets({ AWS: vendor }), denial)])).toEqual([[], []]);
    const rails = [rcpType, rcp('Perimeter', perimeter), hungRcp('Perimeter', 'root')];
    const both = on(bucket, lets({ AWS: vendor }), lets({ Service: 'cloudtrail.amazonaws.com' }));
    expect(await asked([both, ...rails])).toEqual([[`service cloudtrail.amazonaws.com on ${bucket}/*`], []]);
    const office = { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } };
    expect(await asked([on(bucket, lets({ AWS: vendor }, office))])).toEqual([
      [],
      [`account ${vendor} on ${bucket}/*`],
    ]);
  });

  it('leaves out the account itself, and the policy that AWS gives a topic', async () => {
    const own = lets({ AWS: ['222222222222', 'arn:aws:iam::222222222222:role/Reader'] });
    const byAws = {
      ...lets({ AWS: '*' }, { Action: ['SNS:Publish', 'SNS:Subscribe'], Resource: topic }),
      Condition: { StringEquals: { 'AWS:SourceOwner': '222222222222' } },
    };
    expect(await asked([on(bucket, own)])).toEqual([[], []]);
    expect(await asked([on(topic, byAws)], 'sns:Publish')).toEqual([[], []]);
    expect(await asked([on(topic, lets('*', { Action: 'SNS:Publish', Resource: topic }))], 'sns:Publish')).toEqual([
      [`anyone on ${topic}`],
      [],
    ]);
  });
});

describe('why, of somebody from outside and the policy of a resource', () => {
  const answer = async (policy: ResourcePolicy, principal: string, words: { action: string; resource?: string }) => {
    const { decision, chains } = await why({ more: [policy] }, { principal, ...words });
    return [decision, chains.map(({ through }) => through.map(({ text }) => text).join(', '))];
  };
  const get = { action: 's3:GetObject', resource: `${bucket}/a` };
  const way = `the policy of ${bucket}`;

  it('says that they are let in, by which policy, and as whom', async () => {
    const policy = on(bucket, lets({ AWS: [vendor, `arn:aws:iam::${vendor}:role/Export`] }));
    expect(await answer(policy, `account ${vendor}`, get)).toEqual([
      'allowed',
      [way, `arn:aws:iam::${vendor}:role/Export, ${way}`],
    ]);
    expect(await answer(policy, `arn:aws:iam::${vendor}:role/Export`, get)).toEqual(['allowed', [way]]);
    expect(await answer(policy, 'account 999999999999', get)).toEqual(['denied', []]);
    expect(await answer(policy, `account ${vendor}`, { action: 's3:*' })).toEqual([
      'allowed',
      [way, expect.anything()],
    ]);
    expect(await answer(policy, `account ${vendor}`, { action: 's3:PutObject' })).toEqual(['denied', []]);
  });

  it('says it of a policy that names everybody or a service, and never of a provider, whose tokens ask for roles', async () => {
    const open = on(bucket, lets('*'));
    for (const anybody of ['anyone', 'account 999999999999', 'service lambda.amazonaws.com'])
      expect(await answer(open, anybody, get)).toEqual(['allowed', [way]]);
    expect(await answer(open, 'provider token.actions.githubusercontent.com', get)).toEqual(['denied', []]);
    const service = on(bucket, lets({ Service: 's3.amazonaws.com' }));
    expect(await answer(service, 'service s3.amazonaws.com', get)).toEqual(['allowed', [way]]);
    expect(await answer(service, 'anyone', get)).toEqual(['denied', []]);
  });

  it('needs both policies for a role of another account of ours', async () => {
    const policy = on(bucket, lets({ AWS: 'arn:aws:iam::333333333333:role/Unknown' }));
    expect((await answer(policy, 'arn:aws:iam::333333333333:role/Unknown', get))[0]).not.toBe('allowed');
  });
});
