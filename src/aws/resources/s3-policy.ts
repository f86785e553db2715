/** The policy of a bucket. */
import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { isNamed } from '../failures.ts';
import { NoResource } from './policy-calls.ts';
import type { PolicyCaller } from './policy-calls.ts';

const inBucket = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (thrown) {
    if (isNamed(thrown, 'NoSuchBucket')) throw new NoResource();
    throw thrown;
  }
};

/** Names of buckets are one namespace of all accounts: AWS refuses the call where the bucket is somebody else's. */
export const s3Policy: PolicyCaller<'s3'> = (client, { arn, account }) => {
  const bucket = { Bucket: arn.split(':').at(-1) ?? '', ExpectedBucketOwner: account };
  return {
    read: async () => {
      try {
        return (await inBucket(client.send(new GetBucketPolicyCommand(bucket)))).Policy;
      } catch (thrown) {
        if (isNamed(thrown, 'NoSuchBucketPolicy')) return undefined;
        throw thrown;
      }
    },
    put: (Policy) => inBucket(client.send(new PutBucketPolicyCommand({ ...bucket, Policy }))),
    remove: () => inBucket(client.send(new DeleteBucketPolicyCommand(bucket))),
  };
};
