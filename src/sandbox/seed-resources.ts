/** What people left open in an account: a bucket for everybody, a topic for somebody else, a key for any customer, a queue for nobody. */
import type { IdCounter } from './core.ts';
import { nextUuid } from './core.ts';
import { uniqueId } from './iam/state.ts';
import type { HeldResource, StoredResourcePolicy } from './resources/state.ts';
import { hold } from './resources/state.ts';
import type { SandboxWorld } from './world.ts';

type OpenedSeed = { readonly world: SandboxWorld; readonly ids: IdCounter; readonly now: number };

/** An account that the organization has nothing to do with. */
const somebodyElse = '123412341234';

const documentOf = (...Statement: readonly object[]): StoredResourcePolicy => ({
  text: JSON.stringify({ Version: '2012-10-17', Statement }),
  principals: {},
});

const account = (id: string): object => ({ AWS: `arn:aws:iam::${id}:root` });

const opened = (
  { ids }: OpenedSeed,
  region: string,
  id: string,
): readonly Omit<HeldResource, 'createdAt' | 'attributes'>[] => {
  const bucket = `arn:aws:s3:::old-website-${id}`;
  const topic = `arn:aws:sns:${region}:${id}:orders`;
  const [key, queue] = [nextUuid(ids), `arn:aws:sqs:${region}:${id}:exports`];
  const owner = { Sid: 'Owner', Effect: 'Allow', Principal: account(id), Action: 'kms:*', Resource: '*' };
  return [
    {
      ...{ service: 's3', region, name: `old-website-${id}`, arn: bucket },
      policy: documentOf({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${bucket}/*` }),
    },
    {
      ...{ service: 'sns', region, name: 'orders', arn: topic },
      policy: documentOf({
        Effect: 'Allow',
        Principal: account(somebodyElse),
        Action: 'sns:Subscribe',
        Resource: topic,
      }),
    },
    {
      ...{ service: 'kms', region, name: key, arn: `arn:aws:kms:${region}:${id}:key/${key}` },
      policy: documentOf(owner, {
        ...{ Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' } },
        ...{ Action: ['kms:Encrypt*', 'kms:Decrypt*'], Resource: '*' },
      }),
    },
    {
      ...{ service: 'sqs', region, name: 'exports', arn: queue },
      policy: documentOf({
        ...{ Effect: 'Allow', Principal: { AWS: uniqueId(ids, 'AROA') } },
        ...{ Action: 'sqs:SendMessage', Resource: queue },
      }),
    },
  ];
};

export const leaveOpen = (seed: OpenedSeed, id: string): void => {
  const { world, now } = seed;
  for (const one of opened(seed, world.sso.region, id)) hold(world, id, { ...one, createdAt: now, attributes: {} });
};
