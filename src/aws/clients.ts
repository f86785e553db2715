/** The SDK clients, each loaded when it is first asked for, so that offline commands never load one. */
import type { AccessAnalyzer } from '@aws-sdk/client-accessanalyzer';
import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { IAM } from '@aws-sdk/client-iam';
import type { Identitystore } from '@aws-sdk/client-identitystore';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Organizations } from '@aws-sdk/client-organizations';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSOAdmin } from '@aws-sdk/client-sso-admin';
import type { STS } from '@aws-sdk/client-sts';
import type { ResourceService } from '../kinds/resource-policies.ts';
import { once, remembered } from '../model/lists.ts';
import type { AccountId } from '../model/resource.ts';
import { logCalls } from './call-log.ts';
import type { AccountAccess } from './account-access-client.ts';
import type { LogsClient } from './logs-client.ts';
import type { CallLog } from './call-log.ts';

export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** `region` is Identity Center's. Without `endpoint` and `credentials` the SDK's ordinary chains apply. */
export type ClientOptions = {
  readonly region: string;
  readonly requestHandler?: unknown;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials;
  readonly maxAttempts?: number;
  /** Told of every call; `account` is whose the credentials are. */
  readonly log?: CallLog;
  readonly account?: AccountId;
};

/** Of the services whose resources have policies. */
export type ResourceClients = {
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly kms: KMSClient;
  readonly secretsmanager: SecretsManagerClient;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly ecr: ECRClient;
};

/** Every call gives the same client, but for `withCredentials`. */
export type AwsClients = {
  readonly organizations: () => Promise<Organizations>;
  readonly ssoAdmin: () => Promise<SSOAdmin>;
  readonly identityStore: () => Promise<Identitystore>;
  readonly iam: () => Promise<IAM>;
  readonly sts: () => Promise<STS>;
  readonly cloudTrail: (region: string) => Promise<CloudTrail>;
  readonly accessAnalyzer: (region: string) => Promise<AccessAnalyzer>;
  readonly resourceClient: <S extends ResourceService>(service: S, region: string) => Promise<ResourceClients[S]>;
  readonly accountAccess: () => Promise<AccountAccess>;
  readonly logs: (region: string) => Promise<LogsClient>;
  /** Clients of another account, by the credentials of a role in it; they share the connections of these. */
  readonly withCredentials: (credentials: AwsCredentials, account?: AccountId) => Promise<AwsClients>;
};

/** Organizations and IAM are global: their one endpoint signs for us-east-1. */
const globalRegion = 'us-east-1';

type ClientConfiguration = Omit<ClientOptions, 'requestHandler' | 'log' | 'account'> & {
  readonly requestHandler?: never;
  maxAttempts: number;
};

/** An account whose endpoint does not answer must not hold a run for ever; then retry.ts asks again. */
const patience = { connectionTimeout: 10_000, requestTimeout: 60_000, throwOnRequestTimeout: true };

/**
 * One attempt: the SDK retries a quota error of IAM as throttling, and a lost answer to a create as if nothing had been
 * created. retry.ts repeats calls instead, and knows better.
 */
const configuration = (options: ClientOptions, region: string): ClientConfiguration =>
  ({ maxAttempts: 1, requestHandler: patience, ...options, region }) as ClientConfiguration;

type ClientOpenings = {
  readonly [S in ResourceService]: () => Promise<(config: ClientConfiguration) => ResourceClients[S]>;
};

/** Each with the few commands that are sent. */
const openings: ClientOpenings = {
  s3: async () => (await import('./resources/s3.ts')).openS3,
  sns: async () => (await import('./resources/sns.ts')).openSns,
  kms: async () => (await import('./resources/kms.ts')).openKms,
  secretsmanager: async () => (await import('./resources/secrets-manager.ts')).openSecretsManager,
  sqs: async () => (await import('./resources/sqs.ts')).openSqs,
  lambda: async () => (await import('./resources/lambda.ts')).openLambda,
  ecr: async () => (await import('./resources/ecr.ts')).openEcr,
};

type ClientTeller = <C extends { readonly middlewareStack: unknown }>(service: string, client: C) => C;

const resourceOpener = (options: ClientOptions, told: ClientTeller): AwsClients['resourceClient'] => {
  const opened = remembered(async (key: string) => {
    const [service, region = ''] = key.split(' ') as [ResourceService, string];
    return told(service, (await openings[service]())(configuration(options, region)));
  });
  return <S extends ResourceService>(service: S, region: string) =>
    opened(`${service} ${region}`) as Promise<unknown> as Promise<ResourceClients[S]>;
};

const openAccountAccess = async (regional: ClientConfiguration): Promise<AccountAccess> =>
  (await import('./account-access-client.ts')).createAccountAccess(regional);

const openLogs = async (config: ClientConfiguration): Promise<LogsClient> =>
  (await import('./logs-client.ts')).createLogs(config);

export const createClients = ({ log, account, ...options }: ClientOptions): AwsClients => {
  const told: ClientTeller = (service, client) =>
    log === undefined ? client : logCalls(client, { service, log, ...(account === undefined ? {} : { account }) });
  const global = configuration(options, globalRegion);
  const regional = configuration(options, options.region);
  const sts = once(async () => told('sts', new (await import('@aws-sdk/client-sts')).STS(regional)));
  return {
    organizations: once(async () =>
      told('organizations', new (await import('@aws-sdk/client-organizations')).Organizations(global)),
    ),
    ssoAdmin: once(async () => told('sso-admin', new (await import('@aws-sdk/client-sso-admin')).SSOAdmin(regional))),
    identityStore: once(async () =>
      told('identitystore', new (await import('@aws-sdk/client-identitystore')).Identitystore(regional)),
    ),
    iam: once(async () => told('iam', new (await import('@aws-sdk/client-iam')).IAM(global))),
    sts,
    cloudTrail: remembered(async (region) =>
      told('cloudtrail', new (await import('@aws-sdk/client-cloudtrail')).CloudTrail(configuration(options, region))),
    ),
    accessAnalyzer: remembered(async (region) =>
      told(
        'accessanalyzer',
        new (await import('@aws-sdk/client-accessanalyzer')).AccessAnalyzer(configuration(options, region)),
      ),
    ),
    resourceClient: resourceOpener(options, told),
    accountAccess: once(async () => told('account-access', await openAccountAccess(regional))),
    logs: remembered(async (region) => told('logs', await openLogs(configuration(options, region)))),
    withCredentials: async (credentials, whose) => {
      const { requestHandler } = (await sts()).config;
      return createClients({
        ...options,
        requestHandler,
        credentials,
        ...(log === undefined ? {} : { log }),
        ...(whose === undefined ? {} : { account: whose }),
      });
    },
  };
};
