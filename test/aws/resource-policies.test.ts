import { describe, expect, it } from 'vitest';
import { connectAws } from '../../src/aws/connection.ts';
import { createAccounts } from '../../src/aws/accounts.ts';
import { readerPermissions } from '../../src/doctor/permissions.ts';
import { readPoliciesOfResources } from '../../src/aws/resources/read.ts';
import type { ResourcesMeant } from '../../src/aws/resources/read.ts';
import type { AccountPolicies } from '../../src/model/resource-reading.ts';
import { roleNamed } from '../../src/sandbox/iam/state.ts';
import type { HeldResource, PolicyService } from '../../src/sandbox/resources/state.ts';
import { hold, holderToChange } from '../../src/sandbox/resources/state.ts';
import { accounts, bench, management, region } from './bench.ts';
import type { Bench } from './bench.ts';

const [production = { name: '', id: '' }] = accounts;
const role = { name: 'GatehouseMember', path: '/gatehouse/' };

const document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};
const text = JSON.stringify(document);

const resources: Readonly<Record<PolicyService, (name: string, at: string) => string>> = {
  s3: (name) => `arn:aws:s3:::${name}`,
  sns: (name, at) => `arn:aws:sns:${at}:${production.id}:${name}`,
  kms: (name, at) => `arn:aws:kms:${at}:${production.id}:key/${name}`,
  secretsmanager: (name, at) => `arn:aws:secretsmanager:${at}:${production.id}:secret:${name}-AbCdEf`,
  sqs: (name, at) => `arn:aws:sqs:${at}:${production.id}:${name}`,
  lambda: (name, at) => `arn:aws:lambda:${at}:${production.id}:function:${name}`,
  ecr: (name, at) => `arn:aws:ecr:${at}:${production.id}:repository/${name}`,
};
const services = Object.keys(resources) as readonly PolicyService[];

type Made = Partial<Pick<HeldResource, 'policy' | 'publicAccessBlock' | 'attributes'>> & { readonly at?: string };

const make = ({ sandbox }: Bench, service: PolicyService, name: string, { at = region, ...more }: Made = {}): void => {
  const arn = resources[service](name, at);
  const policy = { text, principals: {} };
  hold(sandbox.world(), production.id, {
    ...{ service, region: at, name, arn, createdAt: 0, policy, attributes: {} },
    ...more,
  });
};

const read = async (
  { clients, clock, calls }: Bench,
  reading: Partial<ResourcesMeant> = {},
): Promise<AccountPolicies> => {
  const onCall = (operation: string): void => void calls.set(operation, (calls.get(operation) ?? 0) + 1);
  const connection = await connectAws(clients, { clock, onCall });
  const caller = { account: management.id, arn: `arn:aws:iam::${management.id}:role/Admin` };
  const entered = createAccounts(connection, { caller, managementAccountId: management.id, role });
  const places = [{ label: production.name, id: production.id }];
  const [found] = await readPoliciesOfResources({ connection, accounts: entered }, places, {
    regions: [region],
    ...reading,
  });
  if (found === undefined) throw new Error('nothing was read');
  return found;
};

const arns = ({ policies }: AccountPolicies): readonly string[] => policies.map(({ resource }) => resource).sort();

describe('the policies of the resources of an account', () => {
  it('are read of all seven services, in each Region, with what block public access says', async () => {
    const scene = bench();
    for (const service of services) for (const at of [region, 'us-east-1']) make(scene, service, `in-${at}`, { at });
    make(scene, 's3', 'blocked', {
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    });
    holderToChange(scene.sandbox.world(), production.id).publicAccessBlock = {
      ...{ BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: true, RestrictPublicBuckets: false },
    };
    const found = await read(scene, { regions: [region, 'us-east-1'] });
    expect(found.unread).toEqual([]);
    expect(arns(found)).toEqual(
      [
        'arn:aws:s3:::blocked',
        ...services.flatMap((service) => [region, 'us-east-1'].map((at) => resources[service](`in-${at}`, at))),
      ].sort(),
    );
    expect(found.policies.find(({ resource }) => resource.includes(':sqs:us-east-1'))).toEqual({
      ...{ kind: 'resource-policy', account: 'Production', region: 'us-east-1', document },
      resource: `arn:aws:sqs:us-east-1:${production.id}:in-us-east-1`,
    });
    expect(found.accountBlock).toEqual({ blockPublicPolicy: true, restrictPublicBuckets: false });
    expect(found.bucketBlocks).toEqual({
      'arn:aws:s3:::blocked': { blockPublicPolicy: true, restrictPublicBuckets: true },
      [`arn:aws:s3:::in-${region}`]: { blockPublicPolicy: false, restrictPublicBuckets: false },
      'arn:aws:s3:::in-us-east-1': { blockPublicPolicy: false, restrictPublicBuckets: false },
    });
  });

  it('leave out what has none, and the keys of AWS', async () => {
    const scene = bench();
    for (const service of services) if (service !== 'kms') make(scene, service, 'bare', { policy: undefined as never });
    make(scene, 'kms', '0-ours');
    make(scene, 'kms', '1-of-aws', { attributes: { aliases: 'aws/s3', manager: 'AWS' } });
    expect(arns(await read(scene))).toEqual([resources.kms('0-ours', region)]);
    expect(scene.calls.get('kms:GetKeyPolicy')).toBe(1);
  });

  it('are read page after page', async () => {
    const scene = bench();
    for (let index = 0; index < 130; index += 1) {
      const name = String(index).padStart(4, '0');
      for (const service of ['sns', 'lambda', 'secretsmanager'] as const) make(scene, service, name);
      make(scene, 'kms', name, { attributes: { aliases: `key-${name} aws-${name}` } });
    }
    const found = await read(scene);
    expect(found.policies).toHaveLength(4 * 130);
    const pages = ['sns:ListTopics', 'lambda:ListFunctions', 'secretsmanager:ListSecrets', 'kms:ListAliases'];
    expect(pages.map((name) => scene.calls.get(name))).toEqual([2, 3, 2, 3]);
  });

  it('cost two calls, seven more for each Region, and one or two for each resource', async () => {
    const scene = bench();
    const costs = async (regions: readonly string[]): Promise<number> => {
      scene.calls.clear();
      await read(scene, { regions });
      return [...scene.calls].reduce((sum, [name, count]) => (name.startsWith('sts:') ? sum : sum + count), 0);
    };
    expect(await costs([region])).toBe(2 + 7);
    expect(await costs([region, 'us-east-1'])).toBe(2 + 2 * 7);
    for (const service of services) make(scene, service, 'one');
    expect(await costs([region])).toBe(2 + 7 + 7 + 1);
  });

  it('are asked of the services alone that are meant', async () => {
    const scene = bench();
    for (const service of services) make(scene, service, 'one');
    expect(arns(await read(scene, { services: ['sqs'] }))).toEqual([resources.sqs('one', region)]);
    expect([...scene.calls.keys()].filter((name) => !name.startsWith('sts:')).sort()).toEqual([
      'sqs:GetQueueAttributes',
      'sqs:ListQueues',
    ]);
  });

  it.each(services)('are asked of the one resource alone that is meant: %s', async (service) => {
    const scene = bench();
    for (const name of ['one', 'two']) make(scene, service, name);
    const only = resources[service]('one', region);
    expect(arns(await read(scene, { services: [service], only }))).toEqual([only]);
    expect([...scene.calls.values()].reduce((sum, count) => sum + count, 0)).toBe(service === 's3' ? 5 : 2);
  });

  it('keep below the rates of each service', async () => {
    const scene = bench();
    for (let index = 0; index < 60; index += 1) make(scene, 'lambda', `f${index}`);
    const before = scene.clock.now();
    await read(scene, { services: ['lambda'] });
    // 62 calls, 14 of them at once, and then 9.5 in a second.
    expect(scene.clock.now() - before).toBeGreaterThan(4500);
  });
});

describe('what the role may not read', () => {
  const may = (scene: Bench, ...Action: string[]): void => {
    const member = roleNamed(scene.sandbox.world(), production.id, role.name);
    if (member === undefined) throw new Error('there is no member role');
    member.attached = [];
    const Statement = [{ Effect: 'Allow', Action, Resource: '*' }];
    member.inline = { reads: JSON.stringify({ Version: '2012-10-17', Statement }) };
  };

  it('is named by service, Region and resource, and the rest is read', async () => {
    const scene = bench();
    const policy = { text: text.replace('"Action":"*"', '"Action":"a:b"'), principals: {} };
    for (const service of services) make(scene, service, 'one', { policy });
    may(scene, 'sqs:*', 'sns:ListTopics', 's3:ListAllMyBuckets', 's3:GetBucketPolicy');
    const { unread, policies } = await read(scene);
    expect(policies.map(({ resource }) => resource)).toEqual(['arn:aws:s3:::one', resources.sqs('one', region)]);
    expect(
      unread.map(({ service, region: at, resource, reason }) => [service, at, resource, reason.split(' failed')[0]]),
    ).toEqual([
      ['s3', region, undefined, 's3:GetPublicAccessBlock'],
      ['s3', region, 'arn:aws:s3:::one', 's3:GetPublicAccessBlock'],
      ['sns', region, resources.sns('one', region), 'sns:GetTopicAttributes'],
      ['kms', region, undefined, 'kms:ListKeys'],
      ['secretsmanager', region, undefined, 'secretsmanager:ListSecrets'],
      ['lambda', region, undefined, 'lambda:ListFunctions'],
      ['ecr', region, undefined, 'ecr:DescribeRepositories'],
    ]);
  });

  it('is nothing with what the shipped role may, and something without any one of it', async () => {
    const [statement] = readerPermissions.Statement;
    const granted = [statement?.Action ?? []].flat();
    const unreadWith = async (actions: readonly string[]): Promise<number> => {
      const scene = bench();
      const owner = { Effect: 'Allow', Principal: { AWS: production.id }, Action: '*', Resource: '*' };
      const policy = { text: JSON.stringify({ Version: '2012-10-17', Statement: [owner] }), principals: {} };
      for (const service of services) make(scene, service, 'one', { policy });
      may(scene, ...actions);
      return (await read(scene)).unread.length;
    };
    expect(await unreadWith(granted)).toBe(0);
    for (const action of granted)
      expect(await unreadWith(granted.filter((one) => one !== action)), action).toBeGreaterThan(0);
  });

  it('may be all, where the account cannot be entered', async () => {
    const scene = bench({ deny: 'AssumeRole' });
    const { unread } = await read(scene);
    expect(unread).toMatchObject([{ account: 'Production' }]);
    expect(unread[0]?.reason).toContain('sts:AssumeRole failed');
  });

  it('is what a policy says that is none', async () => {
    const scene = bench();
    make(scene, 'sqs', 'odd', { policy: { text: '{"Statement":[1]}', principals: {} } });
    expect((await read(scene, { services: ['sqs'] })).unread).toMatchObject([
      { resource: resources.sqs('odd', region) },
    ]);
  });
});
