/** The policies of an account's resources as they were read, and what was not. */
import type { PublicAccessBlock } from './public-access.ts';
import type { ResourcePolicy } from './resource.ts';

/** What is absent was refused as a whole: an account, a service, a Region of it. */
export type UnreadPolicies = {
  /** Label. */
  readonly account: string;
  /** As ARNs name it, `s3`. */
  readonly service?: string;
  readonly region?: string;
  /** ARN. */
  readonly resource?: string;
  readonly reason: string;
};

export type AccountPolicies = {
  /** Label. */
  readonly account: string;
  readonly policies: readonly ResourcePolicy[];
  /** Of S3; absent where it could not be read. */
  readonly accountBlock?: PublicAccessBlock;
  /** By the ARN of each bucket that has a policy, but for those that could not be read. */
  readonly bucketBlocks: Readonly<Record<string, PublicAccessBlock>>;
  readonly unread: readonly UnreadPolicies[];
};
