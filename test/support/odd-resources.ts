/** Policies of resources as people write them by hand: of every service, right and wrong, open and shut. */
import fc from 'fast-check';
import { resourceOfArn, resourceServiceNames } from '../../src/kinds/resource-policies.ts';
import type { ResourceService } from '../../src/kinds/resource-policies.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { ConditionBlock, PrincipalElement, Statement } from '../../src/model/policy.ts';
import { resourcesOf, stateOf } from '../../src/model/resource.ts';
import type { Account, ResourcePolicy } from '../../src/model/resource.ts';

const arns: Readonly<Record<ResourceService, (id: string, name: string) => string>> = {
  s3: (id, name) => `arn:aws:s3:::${name}-${id}`,
  sns: (id, name) => `arn:aws:sns:eu-west-1:${id}:${name}`,
  kms: (id, name) => `arn:aws:kms:eu-west-1:${id}:key/${name}-0000`,
  secretsmanager: (id, name) => `arn:aws:secretsmanager:eu-west-1:${id}:secret:${name}/db-AbCdEf`,
  sqs: (id, name) => `arn:aws:sqs:us-east-1:${id}:${name}.fifo`,
  lambda: (id, name) => `arn:aws:lambda:eu-west-1:${id}:function:${name}`,
  ecr: (id, name) => `arn:aws:ecr:eu-west-1:${id}:repository/team/${name}`,
};

const actions: Readonly<Record<ResourceService, readonly string[]>> = {
  s3: ['s3:GetObject', 's3:*', 's3:PutBucketPolicy'],
  sns: ['SNS:Publish', 'sns:Subscribe'],
  kms: ['kms:*', 'kms:Decrypt'],
  secretsmanager: ['secretsmanager:GetSecretValue'],
  sqs: ['sqs:SendMessage', 'SQS:*'],
  lambda: ['lambda:InvokeFunction'],
  ecr: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
};

const principals: readonly PrincipalElement[] = [
  '*',
  { AWS: '*' },
  { AWS: ['111111111111', 'arn:aws:iam::222222222222:root'] },
  { AWS: 'arn:aws:iam::999999999999:role/vendor/Reader' },
  { AWS: 'AROAEXAMPLE0EXAMPLE00' },
  { Service: ['lambda.amazonaws.com', 's3.amazonaws.com'] },
];

const conditions: readonly (ConditionBlock | undefined)[] = [
  undefined,
  { StringEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } },
  { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::pictures*' }, StringEquals: { 'aws:SourceAccount': '222222222222' } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:db8::/32'] } },
];

const names = ['no', 'a-b', 'x'.repeat(40), 'Orders_2'];

const pick = <T>(items: readonly T[], number: number): T => items[number % items.length] as T;

const statementOf = (service: ResourceService, arn: string, number: number): Statement => {
  const condition = pick(conditions, number >> 8);
  // The validator refuses it: a bucket's policy that speaks of another bucket. Then it is left out.
  const stray = number % 11 === 10 ? 'arn:aws:s3:::another' : arn;
  const Resource = service === 's3' ? pick([stray, `${stray}/*`, [stray, `${stray}/*`]], number >> 3) : arn;
  return {
    ...(number % 3 === 0 ? { Sid: `S${number}` } : {}),
    Effect: number % 4 === 3 ? 'Deny' : 'Allow',
    Principal: pick(principals, number >> 5),
    Action: pick([pick(actions[service], number), actions[service]], number >> 2),
    ...(resourceOfArn(arn)?.names === 'no resources' ? {} : { Resource }),
    ...(condition === undefined ? {} : { Condition: condition }),
  };
};

type OddResource = {
  readonly service: ResourceService;
  readonly name: string;
  readonly place: number;
  readonly numbers: readonly number[];
};

const policyOf = (
  { service, name, place, numbers }: OddResource,
  accounts: readonly Account[],
): readonly ResourcePolicy[] => {
  const { id, name: account } = pick(accounts, place);
  const resource = arns[service](
    id,
    service === 's3' || service === 'ecr' ? name.toLowerCase().replace('_', '-') : name,
  );
  const region = resourceOfArn(resource)?.region === '' ? 'eu-central-1' : (resource.split(':')[3] ?? '');
  const Statement = numbers.map((number) => statementOf(service, resource, number));
  return [{ kind: 'resource-policy', resource, account, region, document: { Version: '2012-10-17', Statement } }];
};

const oddResource: fc.Arbitrary<OddResource> = fc.record({
  service: fc.constantFrom(...resourceServiceNames),
  name: fc.constantFrom(...names),
  place: fc.nat({ max: 40 }),
  numbers: fc.array(fc.nat({ max: 4095 }), { minLength: 1, maxLength: 4 }),
});

/** The same organizations, with policies of resources in their accounts. */
export const withOddResources = (organizations: fc.Arbitrary<Live>): fc.Arbitrary<Live> =>
  fc.tuple(organizations, fc.array(oddResource, { maxLength: 12 })).map(([live, odd]) => {
    const accounts = resourcesOf(live.state, 'account');
    const policies = stateOf(odd.flatMap((one) => policyOf(one, accounts)));
    return { ...live, state: { ...live.state, ...policies } };
  });
