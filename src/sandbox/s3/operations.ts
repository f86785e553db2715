/** The imitated S3, as far as policies of buckets go. */
import type { CallInput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { textMember } from '../members.ts';
import { authorize } from '../resources/authorize.ts';
import { checkedPolicy, shownPolicy, speaksOfArn } from '../resources/document.ts';
import type { PolicyRules } from '../resources/document.ts';
import { resourcePage } from '../resources/look.ts';
import type { TokenNames } from '../resources/look.ts';
import { isPublicPolicy } from '../resources/public.ts';
import { hold, holderOf, letGo } from '../resources/state.ts';
import type { HeldResource } from '../resources/state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { bucketFor, bucketNamed, s3Denied } from './look.ts';
import { bucketBlockOperations, everythingBlocked, isBlocked } from './public-access.ts';

const malformed = (message: string): AwsError => new AwsError('MalformedPolicy', message);

const sentences: Readonly<Record<string, string>> = {
  size: 'Policy exceeds the maximum allowed document size.',
  syntax: "Policies must be valid JSON and the first byte must be '{'",
  'principal-missing': 'Missing required field Principal',
  principal: 'Invalid principal in policy',
  action: 'Policy has invalid action',
  resource: 'Policy has invalid resource',
};

/** "Bucket policies are limited to 20 KB in size" (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html). */
const policyRules = (arn: string): PolicyRules => ({
  size: 20_480,
  whitespace: 'free',
  vendor: 's3',
  resource: (resource) => speaksOfArn(resource, arn),
  refusal: (fault) => malformed(sentences[fault] ?? 'Malformed'),
});

const regionIn = (input: CallInput, call: SandboxCall): string => {
  const { LocationConstraint: constraint } = (input['CreateBucketConfiguration'] ?? {}) as {
    LocationConstraint?: unknown;
  };
  const asked = typeof constraint === 'string' && constraint !== '' ? constraint : 'us-east-1';
  if (asked === call.region || call.region === 'us-east-1') return asked;
  const message = `The ${constraint === undefined ? 'unspecified' : asked} location constraint is incompatible for the region specific endpoint this request was sent to.`;
  throw new AwsError('IllegalLocationConstraintException', message);
};

const isName = (name: string): boolean => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');

/** "All new buckets have block public access on" since April 2023. */
const createBucket: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'Bucket');
  const arn = `arn:aws:s3:::${name}`;
  authorize(world, call, { action: 's3:CreateBucket', arn, refuse: s3Denied });
  if (!isName(name))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', { fields: { BucketName: name } });
  const region = regionIn(input, call);
  const known = bucketNamed(world, name);
  if (known?.account === call.account)
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { status: 409, fields: { BucketName: name } },
    );
  if (known)
    throw new AwsError(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      { status: 409, fields: { BucketName: name } },
    );
  const made = { service: 's3', region, name, arn, createdAt: call.now, attributes: {} } as const;
  hold(world, call.account, { ...made, publicAccessBlock: everythingBlocked });
  return { headers: { location: `/${name}`, 'x-amz-bucket-arn': arn } };
};

const deleteBucket: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { account, bucket } = bucketFor(world, input, call);
  letGo(world, account, bucket);
  return {};
};

const names: TokenNames = {
  size: 'MaxBuckets',
  cap: 10_000,
  token: 'ContinuationToken',
  next: 'ContinuationToken',
  invalid: () => new AwsError('InvalidArgument', 'The continuation token provided is incorrect'),
};

/** "If the request contains at least one valid parameter, BucketRegion is included in the response" (Bucket data type). */
const listBuckets: SandboxOperation<SandboxWorld> = (world, input, call) => {
  authorize(world, call, { action: 's3:ListAllMyBuckets', arn: '*', refuse: s3Denied });
  const { Prefix: prefix = '', BucketRegion: region } = input;
  const wanted = ({ service, name, region: at }: HeldResource): boolean =>
    service === 's3' && name.startsWith(String(prefix)) && (region === undefined || region === at);
  const isAsked = Object.keys(input).length > 0;
  const all = Object.values(holderOf(world, call.account).held)
    .filter(wanted)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, region: at, createdAt, arn }) => ({
      Name: name,
      CreationDate: new Date(createdAt).toISOString(),
      ...(isAsked ? { BucketRegion: at } : {}),
      BucketArn: arn,
    }));
  const { Buckets, ...rest } = resourcePage('Buckets', all, { input, names });
  return { Owner: { ID: call.account.padStart(64, '0') }, Buckets: { Bucket: Buckets }, ...rest };
};

/** Empty for us-east-1 (GetBucketLocation). */
const getBucketLocation: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { region } = bucketFor(world, input, call).bucket;
  return { LocationConstraint: region === 'us-east-1' ? '' : region };
};

const headBucket: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { region } = bucketFor(world, input, call).bucket;
  return { headers: { 'x-amz-bucket-region': region } };
};

const noPolicy = ({ name }: HeldResource): AwsError =>
  new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
    status: 404,
    fields: { BucketName: name },
  });

const getBucketPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { bucket } = bucketFor(world, input, call);
  if (bucket.policy === undefined) throw noPolicy(bucket);
  return { Policy: shownPolicy(world, bucket.policy) };
};

/** A document that would leave the caller without PutBucketPolicy must be meant ("ConfirmRemoveSelfBucketAccess"). */
const putBucketPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { account, bucket } = bucketFor(world, input, call);
  const policy = checkedPolicy(world, textMember(input, 'Policy'), { rules: policyRules(bucket.arn), now: call.now });
  const blocks = isBlocked(world, { account, bucket, now: call.now }, 'BlockPublicPolicy');
  if (blocks && isPublicPolicy(policy.text))
    throw s3Denied(
      `User: ${call.principalArn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    );
  bucket.policy = policy;
  return {};
};

const deleteBucketPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  Reflect.deleteProperty(bucketFor(world, input, call).bucket, 'policy');
  return {};
};

const getBucketPolicyStatus: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { bucket } = bucketFor(world, input, call);
  if (bucket.policy === undefined) throw noPolicy(bucket);
  return { PolicyStatus: { IsPublic: isPublicPolicy(bucket.policy.text) } };
};

export const s3Operations: WorldOperations = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  HeadBucket: headBucket,
  ListBuckets: listBuckets,
  GetBucketLocation: getBucketLocation,
  GetBucketPolicy: getBucketPolicy,
  PutBucketPolicy: putBucketPolicy,
  DeleteBucketPolicy: deleteBucketPolicy,
  GetBucketPolicyStatus: getBucketPolicyStatus,
  ...bucketBlockOperations,
};
