/** What the imitated Identity Center remembers. Times are milliseconds since the epoch. */

export type SsoPrincipalType = 'GROUP' | 'USER';

export type PolicyReference = { readonly Name: string; readonly Path: string };

/** Exactly one of the two members, as in AWS's PermissionsBoundary. */
export type SsoBoundary =
  { readonly ManagedPolicyArn: string } | { readonly CustomerManagedPolicyReference: PolicyReference };

/** What ProvisionPermissionSet carries into an account. */
export type SetDefinition = {
  readonly description: string | null;
  readonly sessionDuration: string;
  readonly relayState: string | null;
  readonly managedPolicies: readonly string[];
  readonly customerManagedPolicies: readonly PolicyReference[];
  readonly inlinePolicy: string | null;
  readonly boundary: SsoBoundary | null;
};

export type SsoPermissionSet = {
  readonly arn: string;
  readonly name: string;
  readonly createdDate: number;
  /** Grows with every edit; an account whose role has an older one is LATEST_PERMISSION_SET_NOT_PROVISIONED. */
  revision: number;
  definition: SetDefinition;
  tags: Readonly<Record<string, string>>;
};

export type SsoAssignment = {
  readonly permissionSetArn: string;
  readonly accountId: string;
  readonly principalType: SsoPrincipalType;
  readonly principalId: string;
};

/** The role that a permission set has in an account, and the definition it was last given there. */
export type ProvisionedRole = {
  readonly permissionSetArn: string;
  readonly accountId: string;
  readonly roleName: string;
  readonly revision: number;
  readonly definition: SetDefinition;
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
  readonly assignment: SsoAssignment;
};

/** `accountIds` is what the request covers: one account, or every account that had the set when it was made. */
export type ProvisioningRequest = RequestBase & {
  readonly kind: 'provisioning';
  readonly target: string | null;
  readonly accountIds: readonly string[];
};

export type SsoRequest = AssignmentRequest | ProvisioningRequest;

export type AttributeSource = { readonly Key: string; readonly Value: { readonly Source: readonly string[] } };

export type SsoPrincipal = { readonly type: SsoPrincipalType; readonly id: string };

/** A customer managed application, and what its own operations set. */
export type Application = {
  readonly arn: string;
  readonly provider: string;
  readonly account: string;
  readonly createdDate: number;
  readonly createdFrom: string;
  name: string;
  description: string | null;
  status: string;
  portalOptions: Readonly<Record<string, unknown>>;
  tags: Readonly<Record<string, string>>;
  assignmentRequired: boolean;
  backgroundSessions: string;
  assignments: SsoPrincipal[];
  /** By scope, by method and by grant, as they were given. */
  scopes: Record<string, readonly string[]>;
  authenticationMethods: Record<string, unknown>;
  grants: Record<string, unknown>;
};

export type TokenIssuer = {
  readonly arn: string;
  readonly type: string;
  name: string;
  configuration: Readonly<Record<string, unknown>>;
  tags: Readonly<Record<string, string>>;
};

/** A Region besides the one that the instance is in. */
export type AddedRegion = { readonly name: string; readonly addedDate: number; settlesAt: number; isLeaving?: true };

export type SsoState = {
  /** Empty, as are the other two, while there is no instance. */
  instanceArn: string;
  identityStoreId: string;
  ownerAccountId: string;
  region: string;
  createdDate: number;
  name: string | null;
  instanceTags: Readonly<Record<string, string>>;
  accessControlAttributes: readonly AttributeSource[] | null;
  permissionSets: Record<string, SsoPermissionSet>;
  assignments: SsoAssignment[];
  provisioned: ProvisionedRole[];
  requests: SsoRequest[];
  // Sandboxes of older releases lack these.
  /** Made by CreateInstance. */
  isOwn?: true;
  encryption?: { readonly KeyType: string; readonly KmsKeyArn?: string };
  /** By ARN. */
  applications?: Record<string, Application>;
  tokenIssuers?: Record<string, TokenIssuer>;
  regions?: AddedRegion[];
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

/** What is there before CreateInstance. */
export const ssoWithoutInstance = (region: string): SsoState =>
  emptySso({ instanceArn: '', identityStoreId: '', ownerAccountId: '', region, createdDate: 0 });
