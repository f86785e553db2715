/** What an event of a service may have changed of the policies of its resources. */
import type { ResourceService } from '../../kinds/resource-policies.ts';
import { resourceServiceNames } from '../../kinds/resource-policies.ts';
import { textAt } from '../trace-events.ts';
import type { TrailRecord } from '../trace-events.ts';
import { policyOperation } from './kept.ts';
import type { StaleRule } from './stale-rules.ts';

export const resourceSource = (service: ResourceService): string => `${service}.amazonaws.com`;

const serviceOf: ReadonlyMap<string, ResourceService> = new Map(
  resourceServiceNames.map((service) => [resourceSource(service), service]),
);

/** Where its requests name the resource. */
const namingMembers: Readonly<Record<ResourceService, string>> = {
  s3: 'bucketName',
  sns: 'topicArn',
  kms: 'keyId',
  secretsmanager: 'secretId',
  sqs: 'queueUrl',
  lambda: 'functionName',
  ecr: 'repositoryName',
};

/** As its ARN has it: a queue by the end of its URL, a function without its version. */
const nameIn = (service: ResourceService, text: string): string => {
  if (service === 'sqs') return text.split('/').at(-1) ?? '';
  return service === 'lambda' ? (/(?:^|function:)([\w-]+)(?::[^:]+)?$/.exec(text)?.[1] ?? '') : text;
};

export const stalePolicies = (services: readonly ResourceService[]): StaleRule => ({
  operations: services.map(policyOperation),
});

/**
 * Every policy of the service in the account of the event, whatever was written there, so that no event has to be known; and the
 * resource that it names in whatever account, as whoever writes may be of another one.
 */
export const resourceMovedBy = (event: TrailRecord): readonly StaleRule[] => {
  const service = serviceOf.get(textAt(event.whole, 'eventSource'));
  if (service === undefined) return [];
  const account = textAt(event.whole, 'recipientAccountId');
  const name = nameIn(service, textAt(event.request, namingMembers[service]));
  const stale = stalePolicies([service]);
  if (account === '' || name === '') return [stale];
  return [
    { ...stale, account },
    { ...stale, naming: [name] },
  ];
};

/** They write no policy, and are made in numbers: names of the KMS and ECR API references. */
const aside = [
  ...['Encrypt', 'Decrypt', 'ReEncrypt', 'GenerateDataKey', 'GenerateMac', 'GenerateRandom', 'Sign', 'Verify'],
  ...['CreateGrant', 'RetireGrant', 'RevokeGrant', 'DeriveSharedSecret'],
  ...['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage', 'BatchCheckLayerAvailability'],
];

/** Each service's events but for what reads, or changes nothing that is read here. */
export const resourceEventsQuery = (services: readonly ResourceService[]): string =>
  [
    'fields @message',
    `filter eventSource in [${services.map((service) => `"${resourceSource(service)}"`).join(', ')}]`,
    `filter eventName not like /^(Get|List|Describe|Lookup|Head|BatchGet|${aside.join('|')})/`,
  ].join(' | ');
