/** Bucket policies, and what block public access leaves of them. */
import { GetBucketPolicyCommand, GetPublicAccessBlockCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import type { PublicAccessBlockConfiguration, S3ClientConfig } from '@aws-sdk/client-s3';
import type { PublicAccessBlock } from '../../model/public-access.ts';
import type { AccountId } from '../../model/resource.ts';
import { isNamed } from '../failures.ts';
import { everyRow } from './reader.ts';
import type { ListedResource, ReaderPlace } from './reader.ts';

export const openS3 = (config: S3ClientConfig): S3Client => new S3Client(config);

/** With a parameter the answer says the Region of each (Bucket data type, S3 API reference). */
export const listBuckets = async (client: S3Client, { region }: ReaderPlace): Promise<readonly ListedResource[]> => {
  const buckets = await everyRow(async (token) => {
    const { Buckets, ContinuationToken } = await client.send(
      new ListBucketsCommand({ MaxBuckets: 1000, ...(token === undefined ? {} : { ContinuationToken: token }) }),
    );
    return { rows: Buckets, next: ContinuationToken };
  });
  return buckets.map(({ Name = '', BucketRegion = region }) => ({
    arn: `arn:aws:s3:::${Name}`,
    id: Name,
    region: BucketRegion,
  }));
};

export const bucketPolicy = async (client: S3Client, { id }: ListedResource): Promise<string | undefined> => {
  try {
    return (await client.send(new GetBucketPolicyCommand({ Bucket: id }))).Policy;
  } catch (thrown) {
    if (isNamed(thrown, 'NoSuchBucketPolicy', 'NoSuchBucket')) return undefined;
    throw thrown;
  }
};

const noBlock: PublicAccessBlock = { blockPublicPolicy: false, restrictPublicBuckets: false };

const blockOf = (given: PublicAccessBlockConfiguration | undefined): PublicAccessBlock => ({
  blockPublicPolicy: given?.BlockPublicPolicy === true,
  restrictPublicBuckets: given?.RestrictPublicBuckets === true,
});

const unlessNone = async (asked: Promise<PublicAccessBlock>): Promise<PublicAccessBlock> => {
  try {
    return await asked;
  } catch (thrown) {
    if (isNamed(thrown, 'NoSuchPublicAccessBlockConfiguration', 'NoSuchBucket')) return noBlock;
    throw thrown;
  }
};

const blockThat = async (client: S3Client, command: GetPublicAccessBlockCommand): Promise<PublicAccessBlock> =>
  blockOf((await client.send(command)).PublicAccessBlockConfiguration);

export const bucketBlock = (client: S3Client, bucket: string): Promise<PublicAccessBlock> =>
  unlessNone(blockThat(client, new GetPublicAccessBlockCommand({ Bucket: bucket })));

type ControlRequest = {
  hostname: string;
  path: string;
  query: Record<string, unknown>;
  readonly headers: Record<string, string>;
};

/**
 * The same question of an account is S3 Control's, whose client is as large as S3's: the answer has the same form, and the
 * request differs in host, path and one header (GetPublicAccessBlock, S3 Control API reference). It goes where the client's
 * other calls go if that is not AWS.
 */
const asControl = (command: GetPublicAccessBlockCommand, account: AccountId): GetPublicAccessBlockCommand => {
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as ControlRequest;
      const [, region, domain] = /(?:^|\.)s3[.-]([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)$/.exec(request.hostname) ?? [];
      if (region !== undefined) request.hostname = `${account}.s3-control.${region}.${domain ?? ''}`;
      request.path = '/v20180820/configuration/publicAccessBlock';
      request.query = {};
      request.headers['x-amz-account-id'] = account;
      return next(args);
    },
    { step: 'build', name: 'gatehouseS3Control', priority: 'high' },
  );
  return command;
};

/** What the organization's S3 policy says counts in the answer (S3 User Guide, "Blocking public access"). */
export const accountBlock = (client: S3Client, account: AccountId): Promise<PublicAccessBlock> =>
  unlessNone(blockThat(client, asControl(new GetPublicAccessBlockCommand({ Bucket: 'of-the-account' }), account)));
