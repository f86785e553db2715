/**
 * Block public access of buckets, of accounts, and of the organization, of which the strictest counts
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
 */
import type { CallInput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { effectiveContent } from '../organizations/effective.ts';
import { typesNow } from '../organizations/look.ts';
import { textMember } from '../members.ts';
import { authorize } from '../resources/authorize.ts';
import type { HeldResource, SandboxAccessBlock } from '../resources/state.ts';
import { holderOf, holderToChange } from '../resources/state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { bucketFor, s3Denied } from './look.ts';

export const everythingBlocked: SandboxAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** What is not said is off. */
const blockIn = (input: CallInput): SandboxAccessBlock => {
  const given = (input['PublicAccessBlockConfiguration'] ?? {}) as Partial<SandboxAccessBlock>;
  const { BlockPublicAcls = false, IgnorePublicAcls = false, BlockPublicPolicy = false } = given;
  return {
    BlockPublicAcls,
    IgnorePublicAcls,
    BlockPublicPolicy,
    RestrictPublicBuckets: given.RestrictPublicBuckets ?? false,
  };
};

/** An S3 policy has one setting for all four ("S3 policies", AWS Organizations User Guide). */
const ofOrganization = (
  { organizations }: SandboxWorld,
  account: string,
  now: number,
): SandboxAccessBlock | undefined => {
  if (!typesNow(organizations, now).some(({ Type, Status }) => Type === 'S3_POLICY' && Status === 'ENABLED'))
    return undefined;
  const content = effectiveContent(organizations, account, 'S3_POLICY');
  const said = /"public_access_block_configuration":"(\w+)"/.exec(content ?? '')?.[1];
  return said === 'all' ? everythingBlocked : undefined;
};

type BlockedAccount = { readonly account: string; readonly now: number };

const ofAccount = (world: SandboxWorld, { account, now }: BlockedAccount): SandboxAccessBlock | undefined =>
  ofOrganization(world, account, now) ?? holderOf(world, account).publicAccessBlock;

/** Whether the bucket, its account or the organization has a setting on. */
export const isBlocked = (
  world: SandboxWorld,
  { account, bucket, now }: BlockedAccount & { readonly bucket: HeldResource },
  setting: keyof SandboxAccessBlock,
): boolean => [bucket.publicAccessBlock, ofAccount(world, { account, now })].some((block) => block?.[setting] === true);

const missing = (fields: CallInput): AwsError =>
  new AwsError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', {
    status: 404,
    fields,
  });

const getOfBucket: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { bucket } = bucketFor(world, input, call);
  if (bucket.publicAccessBlock === undefined) throw missing({ BucketName: bucket.name });
  return { PublicAccessBlockConfiguration: bucket.publicAccessBlock };
};

const putOfBucket: SandboxOperation<SandboxWorld> = (world, input, call) => {
  bucketFor(world, input, call).bucket.publicAccessBlock = blockIn(input);
  return {};
};

const deleteOfBucket: SandboxOperation<SandboxWorld> = (world, input, call) => {
  Reflect.deleteProperty(bucketFor(world, input, call).bucket, 'publicAccessBlock');
  return {};
};

export const bucketBlockOperations: WorldOperations = {
  GetPublicAccessBlock: getOfBucket,
  PutPublicAccessBlock: putOfBucket,
  DeletePublicAccessBlock: deleteOfBucket,
};

/** The caller's own account: the header must name it. */
const accountFor = (world: SandboxWorld, input: CallInput, call: SandboxCall): string => {
  const account = textMember(input, 'AccountId');
  const verb = call.operation.startsWith('Get') ? 'Get' : 'Put';
  if (account !== call.account) throw s3Denied('Access Denied');
  authorize(world, call, { action: `s3:${verb}AccountPublicAccessBlock`, arn: '*', refuse: s3Denied });
  return account;
};

const getOfAccount: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const account = accountFor(world, input, call);
  const block = ofAccount(world, { account, now: call.now });
  if (block === undefined) throw missing({ AccountId: account });
  return { PublicAccessBlockConfiguration: block };
};

/** What the organization says, no account may change. */
const accountToChange = (world: SandboxWorld, input: CallInput, call: SandboxCall): string => {
  const account = accountFor(world, input, call);
  if (ofOrganization(world, account, call.now) === undefined) return account;
  throw s3Denied('This account is under an S3 policy of its organization, which manages block public access.');
};

const putOfAccount: SandboxOperation<SandboxWorld> = (world, input, call) => {
  holderToChange(world, accountToChange(world, input, call)).publicAccessBlock = blockIn(input);
  return {};
};

const deleteOfAccount: SandboxOperation<SandboxWorld> = (world, input, call) => {
  Reflect.deleteProperty(holderToChange(world, accountToChange(world, input, call)), 'publicAccessBlock');
  return {};
};

export const s3ControlOperations: WorldOperations = {
  GetPublicAccessBlock: getOfAccount,
  PutPublicAccessBlock: putOfAccount,
  DeletePublicAccessBlock: deleteOfAccount,
};
