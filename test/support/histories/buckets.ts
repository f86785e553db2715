/** Buckets with policies in a history: what files say of them, what people do to them by hand, and whom they let in. */
import { decide } from '../../../src/evaluate/decide.ts';
import { allowingAll } from '../../../src/evaluate/layers.ts';
import { createWorld } from '../../../src/evaluate/policies-of.ts';
import type { State } from '../../../src/model/resource.ts';
import { resourcesOf } from '../../../src/model/resource.ts';
import { callSandbox } from '../../../src/sandbox/call.ts';
import type { Sandbox } from '../../../src/sandbox/handle.ts';
import { accessKeyOf } from '../../../src/sandbox/caller.ts';
import { hold } from '../../../src/sandbox/resources/state.ts';
import type { SandboxWorld } from '../../../src/sandbox/world.ts';
import { smallKnowledge } from '../powers.ts';
import type { Chance } from './chance.ts';
import { MANAGEMENT, document, yaml } from './organization.ts';

const region = 'eu-west-1';
const arnOf = (id: string): string => `arn:aws:s3:::shop-${id}`;

/** One in each account. */
export const makeBuckets = (world: SandboxWorld, now: number): void => {
  for (const id of Object.keys(world.organizations.accounts))
    hold(world, id, {
      ...{ service: 's3', region, name: `shop-${id}`, arn: arnOf(id), createdAt: now, attributes: {} },
    });
};

const vendors = ['101010101010', '202020202020'] as const;

const statementFor = (id: string, chance: Chance) => ({
  Effect: chance.percent(85) ? 'Allow' : 'Deny',
  Principal: chance.percent(10) ? { Service: 'cloudtrail.amazonaws.com' } : { AWS: [chance.of(...vendors)] },
  Action: chance.of('s3:GetObject', 's3:PutObject', 's3:*'),
  Resource: [`${arnOf(id)}/*`],
  ...(chance.percent(15) ? { Condition: { Bool: { 'aws:SecureTransport': 'true' } } } : {}),
});

export const bucketDocument = (id: string, chance: Chance) =>
  document(...Array.from({ length: 1 + chance.below(2) }, () => statementFor(id, chance)));

/** A file of access/resources/ for the bucket of an account. */
export const bucketFile = (account: string, id: string, said: Readonly<Record<string, unknown>>) => ({
  [`access/resources/shop-${id}.yaml`]: yaml({ resources: [{ resource: arnOf(id), account, region, ...said }] }),
});

/** Somebody in the account writes the policy, or takes it away. */
export const changeBucket = (sandbox: Sandbox, chance: Chance, now: number): void => {
  const { organizations } = sandbox.world();
  const id = chance.one(Object.keys(organizations.accounts)) ?? '';
  const accessKeyId = accessKeyOf(id);
  const Bucket = `shop-${id}`;
  const call = chance.percent(70)
    ? { operation: 'PutBucketPolicy', input: { Bucket, Policy: JSON.stringify(bucketDocument(id, chance)) } }
    : { operation: 'DeleteBucketPolicy', input: { Bucket } };
  callSandbox(sandbox, { service: 's3', accessKeyId, ...call }, () => now);
};

/** `vendor bucket action`: whom a bucket lets in, past the RCPs above it, by decision. */
export const bucketAccess = (state: State): ReadonlySet<string> => {
  const world = createWorld({
    ...{ state, catalogue: smallKnowledge.policies, origins: {}, region, organization: 'o-securecart0' },
    managementAccount: MANAGEMENT,
  });
  const all = resourcesOf(state, 'resource-policy').flatMap(({ resource, account: name, document: policy }) => {
    const account = world.accounts.get(name);
    if (account === undefined) return [];
    const layers = {
      identityPolicies: [allowingAll],
      resourcePolicy: { name: resource, policy },
      rcps: world.levels('rcp', account),
    };
    return vendors.flatMap((vendor) =>
      ['s3:GetObject', 's3:PutObject']
        .filter((action) => {
          const principal = `arn:aws:iam::${vendor}:role/vendor`;
          const context = { 'aws:PrincipalOrgID': 'o-vendor0000', 'aws:SecureTransport': true };
          const asked = { action, principal, context, resource: `${resource}/a`, resourceAccount: account.id };
          return decide(asked, layers).decision === 'allowed';
        })
        .map((action) => `${vendor} ${resource} ${action}`),
    );
  });
  return new Set(all);
};
