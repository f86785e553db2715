/** What the imitated AWS Organizations remembers. */

export type Tag = { readonly Key: string; readonly Value: string };

export type PolicyTypeStatus = {
  readonly Type: string;
  /** When the status, a request that AWS carries out asynchronously, becomes `settled`: milliseconds since the epoch. */
  readonly settlesAt: number;
  readonly settled: 'ENABLED' | 'DISABLED';
};

export type OrganizationalUnit = { readonly Id: string; Name: string; readonly parent: string };

export type Account = {
  readonly Id: string;
  readonly Name: string;
  readonly Email: string;
  State: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';
  readonly JoinedMethod: 'INVITED' | 'CREATED';
  /** Seconds since the epoch, as awsJson writes timestamps. */
  readonly JoinedTimestamp: number;
  parent: string;
};

export type Policy = {
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
  readonly id: string;
  readonly management: string;
  readonly rootId: string;
  policyTypes: PolicyTypeStatus[];
  ous: Record<string, OrganizationalUnit>;
  accounts: Record<string, Account>;
  policies: Record<string, Policy>;
  /** Policy id to the ids of the roots, OUs and accounts it is attached to, in the order of attachment. */
  attachments: Record<string, string[]>;
  /** Id of a root, OU, account or policy to its tags. */
  tags: Record<string, Tag[]>;
  delegatedAdministrators: DelegatedAdministrator[];
  serviceAccess: { readonly ServicePrincipal: string; readonly DateEnabled: number }[];
};
