/** The services whose resources have policies that files declare, a row each. */
import type { QuotaName } from '../model/quotas.ts';

type ServiceRow = {
  readonly word: string;
  /** Its ARN, as the Service Authorization Reference has it. */
  readonly arn: RegExp;
  readonly example: string;
  /** Gatehouse writes the policy, or only reads and judges it. */
  readonly written: boolean;
  readonly size: QuotaName;
  /** What stands for "no policy": nothing, a policy that AWS puts there, or none of the two, for it cannot be. */
  readonly without: 'nothing' | 'default' | 'impossible';
  /** Whether its statements name the resource; a repository of ECR has none in them (ECR User Guide, "Private repository policies"). */
  readonly names: 'resources' | 'no resources';
};

const region = '[a-z]{2}(?:-[a-z]+)+-[0-9]';
const inRegion = (service: string, name: string): RegExp =>
  new RegExp(`^arn:aws:${service}:${region}:[0-9]{12}:${name}$`);

const resourceServices = {
  s3: {
    word: 'bucket',
    arn: /^arn:aws:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    example: 'arn:aws:s3:::pictures',
    written: true,
    size: 'bucketPolicySize',
    without: 'nothing',
    names: 'resources',
  },
  sns: {
    word: 'topic',
    arn: inRegion('sns', '[A-Za-z0-9_-]{1,256}(?:\\.fifo)?'),
    example: 'arn:aws:sns:eu-west-1:111111111111:news',
    written: true,
    size: 'topicPolicySize',
    without: 'default',
    names: 'resources',
  },
  kms: {
    word: 'key',
    arn: inRegion('kms', 'key/[A-Za-z0-9-]{1,128}'),
    example: 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    written: true,
    size: 'keyPolicySize',
    without: 'impossible',
    names: 'resources',
  },
  secretsmanager: {
    word: 'secret',
    // Six characters that AWS appends are part of the ARN.
    arn: inRegion('secretsmanager', 'secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}'),
    example: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:payments/stripe-AbCdEf',
    written: true,
    size: 'secretPolicySize',
    without: 'nothing',
    names: 'resources',
  },
  sqs: {
    word: 'queue',
    arn: inRegion('sqs', '[A-Za-z0-9_-]{1,80}(?:\\.fifo)?'),
    example: 'arn:aws:sqs:eu-west-1:111111111111:orders',
    written: false,
    size: 'queuePolicySize',
    without: 'nothing',
    names: 'resources',
  },
  lambda: {
    word: 'function',
    arn: inRegion('lambda', 'function:[A-Za-z0-9_-]{1,64}'),
    example: 'arn:aws:lambda:eu-west-1:111111111111:function:pay',
    written: false,
    size: 'functionPolicySize',
    without: 'nothing',
    names: 'resources',
  },
  ecr: {
    word: 'repository',
    arn: inRegion('ecr', 'repository/[a-z0-9][a-z0-9._/-]{1,255}'),
    example: 'arn:aws:ecr:eu-west-1:111111111111:repository/shop',
    written: false,
    size: 'repositoryPolicySize',
    without: 'nothing',
    names: 'no resources',
  },
} as const satisfies Readonly<Record<string, ServiceRow>>;

export type ResourceService = keyof typeof resourceServices;
export const resourceServiceNames = Object.keys(resourceServices) as readonly ResourceService[];

/** `accountId` and `region` are empty where the ARN does not say them. */
export type PolicyBearingResource = ServiceRow & {
  readonly service: ResourceService;
  readonly accountId: string;
  readonly region: string;
};

/** Nothing for what is no resource of these services, and for what lies inside one, as an object lies in its bucket. */
export const resourceOfArn = (arn: string): PolicyBearingResource | undefined => {
  const service = resourceServiceNames.find((name) => resourceServices[name].arn.test(arn));
  if (service === undefined) return undefined;
  const [, , , region = '', accountId = ''] = arn.split(':');
  return { ...resourceServices[service], service, region, accountId };
};

/** Patterns of all that the policy of the resource speaks of: a bucket's speaks of its objects, too. */
export const coveredBy = (arn: string): readonly string[] =>
  resourceOfArn(arn)?.service === 's3' ? [arn, `${arn}/*`] : [arn];

/** All rows, for those who list them. */
export const resourceExamples: readonly string[] = Object.values(resourceServices).map(({ example }) => example);
