/** What the imitated AWS Organizations remembers. */

export type Tag = { readonly Key: string; readonly Value: string };

export type PolicyTypeStatus = {
  readonly Type: string;
  /** When the status, a request that AWS carries out asynchronously, becomes `settled`: milliseconds since the epoch. */
  readonly settlesAt: number;
  readonly settled: 'ENABLED' | 'DISABLED';
};

export type OrganizationalUnit = { readonly Id: string; Name: string; readonly parent: string };

export type OrganizationAccount = {
  readonly Id: string;
  readonly Name: string;
  readonly Email: string;
  State: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';
  readonly JoinedMethod: 'INVITED' | 'CREATED';
  /** Seconds since the epoch, as awsJson writes timestamps. */
  readonly JoinedTimestamp: number;
  parent: string;
  /** Milliseconds since the epoch; absent: nobody has asked for it. */
  closing?: { readonly askedAt: number; readonly doneAt: number };
};

/** A request of CreateAccount. Times are milliseconds since the epoch. */
export type AccountRequest = {
  readonly Id: string;
  readonly name: string;
  readonly email: string;
  readonly roleName: string;
  readonly tags: readonly Tag[];
  readonly askedAt: number;
  readonly doneAt: number;
  /** Absent while it is in progress. */
  outcome?: { readonly accountId: string } | { readonly failure: 'EMAIL_ALREADY_EXISTS' };
};

export type HandshakeState = 'REQUESTED' | 'OPEN' | 'CANCELED' | 'ACCEPTED' | 'DECLINED' | 'EXPIRED';

/** An invitation, or the step to all features. */
export type Handshake = {
  readonly Id: string;
  readonly action: 'INVITE' | 'ENABLE_ALL_FEATURES';
  State: HandshakeState;
  /** Whom it invites, as it was given. */
  readonly target?: { readonly Id: string; readonly Type: string };
  readonly notes?: string;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
};

export type OrganizationPolicy = {
  readonly Id: string;
  Name: string;
  Description: string;
  readonly Type: string;
  readonly AwsManaged: boolean;
  Content: string;
};

export type DelegatedAdministrator = {
  readonly account: string;
  readonly services: readonly string[];
  readonly since: number;
};

export type OrganizationsState = {
  /** Empty while the account belongs to no organization; the accounts are then that one, and there is no root. */
  id: string;
  management: string;
  rootId: string;
  /** Absent: ALL. */
  featureSet?: 'ALL' | 'CONSOLIDATED_BILLING';
  policyTypes: PolicyTypeStatus[];
  ous: Record<string, OrganizationalUnit>;
  accounts: Record<string, OrganizationAccount>;
  policies: Record<string, OrganizationPolicy>;
  /** Policy id to the ids of the roots, OUs and accounts it is attached to, in the order of attachment. */
  attachments: Record<string, string[]>;
  /** Policy id and target of each attachment, the first one first; absent in the state of an older version. */
  attachmentOrder?: string[];
  /** Id of a root, OU, account or policy to its tags. */
  tags: Record<string, Tag[]>;
  delegatedAdministrators: DelegatedAdministrator[];
  /** What there was none of yet is absent, as in the state of an older version. */
  accountRequests?: AccountRequest[];
  handshakes?: Handshake[];
  resourcePolicy?: { readonly Id: string; readonly Content: string };
  serviceAccess: { readonly ServicePrincipal: string; readonly DateEnabled: number }[];
};
