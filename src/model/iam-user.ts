/** IAM users and their groups: read, never written, and so in no state. */
import type { PolicyDocument } from './policy.ts';
import type { CustomerManagedPolicy, PermissionsBoundary } from './resource.ts';

/** What hangs on a user or a group. */
type Granted = {
  readonly name: string;
  /** ARNs, sorted. */
  readonly managedPolicies: readonly string[];
  /** Sorted by path and name. */
  readonly customerManagedPolicies: readonly CustomerManagedPolicy[];
  /** `null`: a document that could not be understood. */
  readonly inlinePolicies: Readonly<Record<string, PolicyDocument | null>>;
};

export type IamGroup = Granted;

export type IamUser = Granted & {
  /** The account's label. */
  readonly account: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** Those that it is a member of, by name. */
  readonly groups: readonly IamGroup[];
  /** A group has none, and a user's limits what its groups give it, too. */
  readonly permissionsBoundary?: PermissionsBoundary;
};
