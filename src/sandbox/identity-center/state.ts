/** What the imitated Identity Center remembers. Times are milliseconds since the epoch. */

export type PrincipalType = 'GROUP' | 'USER';

export type PolicyReference = { readonly Name: string; readonly Path: string };

/** Exactly one of the two members, as in AWS's PermissionsBoundary. */
export type Boundary =
  { readonly ManagedPolicyArn: string } | { readonly CustomerManagedPolicyReference: PolicyReference };

/** What ProvisionPermissionSet carries into an account. */
export type Definition = {
  readonly description: string | null;
  readonly sessionDuration: string;
  readonly relayState: string | null;
  readonly managedPolicies: readonly string[];
  readonly customerManagedPolicies: readonly PolicyReference[];
  readonly inlinePolicy: string | null;
  readonly boundary: Boundary | null;
};

export type PermissionSet = {
  readonly arn: string;
  readonly name: string;
  readonly createdDate: number;
  /** Grows with every edit; an account whose role has an older one is LATEST_PERMISSION_SET_NOT_PROVISIONED. */
  revision: number;
  definition: Definition;
  tags: Readonly<Record<string, string>>;
};

export type Assignment = {
  readonly permissionSetArn: string;
  readonly accountId: string;
  readonly principalType: PrincipalType;
  readonly principalId: string;
};

/** The role that a permission set has in an account, and the definition it was last given there. */
export type ProvisionedRole = {
  readonly permissionSetArn: string;
  readonly accountId: string;
  readonly roleName: string;
  readonly revision: number;
  readonly definition: Definition;
};

type RequestBase = {
  readonly requestId: string;
  readonly permissionSetArn: string;
  readonly createdDate: number;
  /** When it stops being IN_PROGRESS. */
  readonly dueAt: number;
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  failureReason: string | null;
};

export type AssignmentRequest = RequestBase & {
  readonly kind: 'creation' | 'deletion';
  readonly assignment: Assignment;
};

/** `accountIds` is what the request covers: one account, or every account that had the set when it was made. */
export type ProvisioningRequest = RequestBase & {
  readonly kind: 'provisioning';
  readonly target: string | null;
  readonly accountIds: readonly string[];
};

export type SsoRequest = AssignmentRequest | ProvisioningRequest;

export type AttributeSource = { readonly Key: string; readonly Value: { readonly Source: readonly string[] } };

export type SsoState = {
  readonly instanceArn: string;
  readonly identityStoreId: string;
  readonly ownerAccountId: string;
  readonly region: string;
  readonly createdDate: number;
  name: string | null;
  instanceTags: Readonly<Record<string, string>>;
  accessControlAttributes: readonly AttributeSource[] | null;
  permissionSets: Record<string, PermissionSet>;
  assignments: Assignment[];
  provisioned: ProvisionedRole[];
  requests: SsoRequest[];
};

type SsoInstance = Pick<SsoState, 'instanceArn' | 'identityStoreId' | 'ownerAccountId' | 'region' | 'createdDate'>;

/** An instance that nobody has used yet. */
export const emptySso = (instance: SsoInstance): SsoState => ({
  ...instance,
  name: null,
  instanceTags: {},
  accessControlAttributes: null,
  permissionSets: {},
  assignments: [],
  provisioned: [],
  requests: [],
});
