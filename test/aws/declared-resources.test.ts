import { describe, expect, it } from 'vitest';
import type { Cloud, Live } from '../../src/model/cloud.ts';
import type { ResourceAddress } from '../../src/model/desired.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { ResourcePolicy } from '../../src/model/resource.ts';
import { canonical } from '../../src/kinds/equal.ts';
import { keyOf, resourcesOf } from '../../src/model/resource.ts';
import { putRole } from '../../src/sandbox/iam/state.ts';
import type { HeldResource, PolicyService } from '../../src/sandbox/resources/state.ts';
import { hold } from '../../src/sandbox/resources/state.ts';
import { create, remove, update } from '../contract/changes.ts';
import { accounts, bench } from './bench.ts';
import type { Bench } from './bench.ts';

// The matchers are of type any.
const containing = (text: string): unknown => expect.stringContaining(text);

const production = accounts[0]?.id ?? '';
const region = 'eu-central-1';
const role = { name: 'OrganizationAccountAccessRole' };

const arns: Readonly<Record<PolicyService, string>> = {
  s3: 'arn:aws:s3:::pictures',
  sns: `arn:aws:sns:${region}:${production}:orders`,
  kms: `arn:aws:kms:${region}:${production}:key/1234abcd`,
  secretsmanager: `arn:aws:secretsmanager:${region}:${production}:secret:payments/stripe-AbCdEf`,
  sqs: `arn:aws:sqs:${region}:${production}:jobs`,
  lambda: `arn:aws:lambda:${region}:${production}:function:pay`,
  ecr: `arn:aws:ecr:${region}:${production}:repository/shop`,
};
type Written = 's3' | 'sns' | 'kms' | 'secretsmanager';
const actions: Readonly<Record<PolicyService, string>> = {
  s3: 's3:GetObject',
  sns: 'sns:Publish',
  kms: 'kms:*',
  secretsmanager: 'secretsmanager:GetSecretValue',
  sqs: 'sqs:SendMessage',
  lambda: 'lambda:InvokeFunction',
  ecr: 'ecr:BatchGetImage',
};

const denied: Readonly<Record<Written, string>> = {
  s3: 's3:ListBucket',
  sns: 'sns:Subscribe',
  kms: 'kms:Decrypt',
  secretsmanager: 'secretsmanager:DescribeSecret',
};

const documentOf = (service: PolicyService, ...more: readonly Statement[]): PolicyDocument => {
  const Resource = service === 's3' ? `${arns.s3}/*` : arns[service];
  const own: Statement = { Effect: 'Allow', Principal: { AWS: production }, Action: actions[service] };
  return { Version: '2012-10-17', Statement: [service === 'ecr' ? own : { ...own, Resource }, ...more] };
};

const policyOf = (service: PolicyService, document = documentOf(service)): ResourcePolicy => ({
  kind: 'resource-policy',
  resource: arns[service],
  account: 'Production',
  region,
  document,
});

const names: Readonly<Record<PolicyService, string>> = {
  s3: 'pictures',
  sns: 'orders',
  kms: '1234abcd',
  secretsmanager: 'payments/stripe',
  sqs: 'jobs',
  lambda: 'pay',
  ecr: 'shop',
};
const owned = JSON.stringify({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['SNS:Publish', 'SNS:Receive'],
      Resource: arns.sns,
      Condition: { StringEquals: { 'AWS:SourceOwner': production } },
    },
  ],
});
const delegating = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${production}:root` }, Action: 'kms:*', Resource: '*' },
  ],
});
const first: Partial<Record<PolicyService, string>> = { sns: owned, kms: delegating };

const make = ({ sandbox }: Bench, service: PolicyService, text = first[service]): HeldResource =>
  hold(sandbox.world(), production, {
    ...{ service, region, name: names[service], arn: arns[service], createdAt: 0, attributes: {} },
    ...(text === undefined ? {} : { policy: { text, principals: {} } }),
  });

const addressOf = (service: PolicyService): ResourceAddress => ({
  resource: arns[service],
  account: 'Production',
  region,
});
const iam = { accounts: ['Production'], policies: [], memberRole: role } as const;
const cloudIn = (scene: Bench, ...services: readonly PolicyService[]): Cloud =>
  scene.cloudOf({ iam, resources: services.map(addressOf) });

const documentsIn = ({ state }: Live): readonly PolicyDocument[] =>
  resourcesOf(state, 'resource-policy').map(({ document }) => document);

const meddled: Statement = { Effect: 'Allow', Principal: { AWS: '444444444444' }, Action: '*', Resource: '*' };

describe('the policy of a declared resource', () => {
  it.each<Written>(['s3', 'sns', 'secretsmanager'])(
    'of %s is read, written, replaced and taken away',
    async (service) => {
      const scene = bench();
      const held = make(scene, service);
      const cloud = cloudIn(scene, service);
      expect(documentsIn(await cloud.read())).toEqual([]);
      const policy = policyOf(service);
      expect(await cloud.apply(create(policy))).toMatchObject({ status: 'done' });
      expect(documentsIn(await cloud.read())).toMatchObject([{ Statement: [{ Action: actions[service] }] }]);
      // Done once where it is done already.
      expect(await cloud.apply(create(policy))).toMatchObject({ status: 'done' });
      const Resource = service === 's3' ? arns.s3 : arns[service];
      const denial: Statement = {
        Effect: 'Deny',
        Principal: { AWS: '333333333333' },
        Action: denied[service],
        Resource,
      };
      const next = policyOf(service, documentOf(service, denial));
      expect(await cloud.apply(update(policy, next))).toMatchObject({ status: 'done' });
      expect(held.policy?.text).toContain('333333333333');
      await cloud.read();
      expect(await cloud.apply(remove(next))).toMatchObject({ status: 'done' });
      expect(documentsIn(await cloud.read())).toEqual([]);
    },
  );

  it('of a key is replaced, and never taken away', async () => {
    const scene = bench();
    make(scene, 'kms');
    const cloud = cloudIn(scene, 'kms');
    const [before] = resourcesOf((await cloud.read()).state, 'resource-policy');
    expect(before?.document).toMatchObject({ Statement: [{ Action: 'kms:*' }] });
    const after = policyOf(
      'kms',
      documentOf('kms', { Effect: 'Allow', Principal: { AWS: '333333333333' }, Action: 'kms:Decrypt', Resource: '*' }),
    );
    expect(await cloud.apply(update(before ?? after, after))).toMatchObject({ status: 'done' });
    await cloud.read();
    expect(await cloud.apply(remove(after))).toMatchObject({ status: 'failed', reason: containing('not taken away') });
  });

  it.each<PolicyService>(['sqs', 'lambda', 'ecr'])('of %s is read', async (service) => {
    const scene = bench();
    make(scene, service, JSON.stringify(documentOf(service)));
    const [found] = resourcesOf((await cloudIn(scene, service).read()).state, 'resource-policy');
    expect(found && canonical(found)).toBe(canonical(policyOf(service)));
  });

  it('is held where somebody changed it since the plan', async () => {
    const scene = bench();
    const held = make(scene, 's3', JSON.stringify(documentOf('s3')));
    const cloud = cloudIn(scene, 's3');
    await cloud.read();
    held.policy = { text: JSON.stringify({ Version: '2012-10-17', Statement: [meddled] }), principals: {} };
    const after = policyOf('s3', documentOf('s3', { ...meddled, Effect: 'Deny' }));
    expect(await cloud.apply(update(policyOf('s3'), after))).toMatchObject({
      status: 'held',
      reason: 'live moved: document',
    });
  });

  it('is no policy where the resource is not there, and is said so', async () => {
    const scene = bench();
    const live = await cloudIn(scene, 's3', 'sns', 'kms', 'secretsmanager').read();
    expect([...(live.noResource ?? [])].sort()).toEqual(
      (['kms', 's3', 'secretsmanager', 'sns'] as const).map((one) => keyOf(policyOf(one))).sort(),
    );
    expect(live.unread).toEqual([]);
    const cloud = cloudIn(scene, 's3');
    await cloud.read();
    expect(await cloud.apply(create(policyOf('s3')))).toMatchObject({
      status: 'failed',
      reason: containing('there is no such bucket any more'),
    });
  });

  it("is refused where the bucket is another account's, and named with the reason", async () => {
    const scene = bench();
    hold(scene.sandbox.world(), accounts[1]?.id ?? '', {
      ...{ service: 's3', region, name: 'pictures', arn: arns.s3, createdAt: 0, attributes: {} },
    });
    const live = await cloudIn(scene, 's3').read();
    expect(live.unread).toEqual([{ scope: keyOf(policyOf('s3')), reason: containing('AccessDenied') }]);
  });

  it('costs nothing where none is declared', async () => {
    const scene = bench();
    make(scene, 's3', JSON.stringify(documentOf('s3')));
    const live = await cloudIn(scene).read();
    expect(documentsIn(live)).toEqual([]);
    expect(Object.keys(live.reads.calls).filter((name) => name.startsWith('s3:'))).toEqual([]);
  });

  it('waits for a principal that was made a moment ago', async () => {
    let tries = 0;
    const scene: Bench = bench({
      answered: (operation) => {
        if (operation !== 'SetTopicAttributes') return;
        tries += 1;
        const late = { account: production, name: 'Late', path: '/', trust: '{}', now: 0 };
        if (tries === 3) putRole(scene.sandbox.world(), late);
      },
    });
    make(scene, 'sns');
    const cloud = cloudIn(scene, 'sns');
    await cloud.read();
    const late: Statement = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${production}:role/Late` } };
    const document = documentOf('sns', { ...late, Action: 'sns:Subscribe', Resource: arns.sns });
    expect(await cloud.apply(create(policyOf('sns', document)))).toMatchObject({ status: 'done' });
    expect(tries).toBe(4);
  });
});
