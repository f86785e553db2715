/** Where a bucket is, and how S3 answers what is not there. */
import type { CallInput, SandboxCall } from '../core.ts';
import { AwsError } from '../core.ts';
import { optionalTextMember, textMember } from '../members.ts';
import { accessTo, authorize } from '../resources/authorize.ts';
import type { HeldResource } from '../resources/state.ts';
import type { SandboxWorld } from '../world.ts';

export const s3Denied = (message: string): AwsError => new AwsError('AccessDenied', message, { status: 403 });

/** Names of buckets are unique among all accounts. */
export const bucketNamed = (world: SandboxWorld, name: string): FoundBucket | undefined => {
  for (const [account, { held }] of Object.entries(world.resources)) {
    const bucket = Object.values(held).find((one) => one.service === 's3' && one.name === name);
    if (bucket) return { account, bucket };
  }
  return undefined;
};

export type FoundBucket = { readonly account: string; readonly bucket: HeldResource };

const elsewhere = ({ name, region }: HeldResource): AwsError =>
  new AwsError(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    {
      status: 301,
      fields: {
        Bucket: name,
        Endpoint: `${name}.s3.${region}.amazonaws.com`,
        headers: { 'x-amz-bucket-region': region },
      },
    },
  );

/** The bucket of the call, by one who may do this with it. Throws what S3 answers otherwise. */
export const bucketFor = (world: SandboxWorld, input: CallInput, call: SandboxCall): FoundBucket => {
  const name = textMember(input, 'Bucket');
  const found = bucketNamed(world, name);
  if (found === undefined)
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
      status: 404,
      fields: { BucketName: name },
    });
  const { account, bucket } = found;
  const owner = optionalTextMember(input, 'ExpectedBucketOwner');
  if (owner !== undefined && owner !== account) throw s3Denied('Access Denied');
  if (bucket.region !== call.region && call.operation !== 'GetBucketLocation') throw elsewhere(bucket);
  // Who is of another account needs the bucket's leave, too; the calls that are here are the owner's alone ("405 MethodNotAllowed").
  if (account !== call.account) throw s3Denied('Access Denied');
  authorize(world, call, { ...accessTo(actionOf(call.operation), bucket), refuse: s3Denied });
  return found;
};

/** Actions that are not named as their operations are ("Actions for Amazon S3", Service Authorization Reference). */
const actions: Readonly<Record<string, string>> = {
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  HeadBucket: 'ListBucket',
};

const actionOf = (operation: string): string =>
  `s3:${Object.hasOwn(actions, operation) ? (actions[operation] ?? operation) : operation}`;
