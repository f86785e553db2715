/** What doctor reads of AWS: the organization, the instance of Identity Center, and the roles of the reconciler. */

/** What was asked of a server, or why it did not answer. */
export type Fact<T> = { readonly value: T } | { readonly unreadable: string };

/** Documents as AWS gives them, parsed; whatever is not a statement is passed over. */
export type LiveRole = { readonly trust: unknown; readonly policies: readonly unknown[]; readonly maxSession: number };

export type QuotaCount = { readonly what: string; readonly count: number; readonly most: number };

export type AwsFacts = {
  readonly account: string;
  readonly organization: string;
  readonly managementAccount: string;
  /** `ALL`, or `CONSOLIDATED_BILLING`, which has no policies. */
  readonly featureSet: string;
  /** Delegated administrators of Identity Center. */
  readonly delegated: Fact<readonly string[]>;
  /** Service principals that may act in the organization. */
  readonly trusted: Fact<readonly string[]>;
  readonly policyTypes: Fact<readonly string[]>;
  readonly instance: Fact<{ readonly owner: string; readonly status: string } | 'absent'>;
  /** Audiences of GitHub's OIDC provider in the reconciler's account. */
  readonly provider: Fact<readonly string[] | 'absent'>;
  readonly roles: Readonly<Record<'plan' | 'apply', Fact<LiveRole | 'absent'>>>;
  readonly counts: Fact<readonly QuotaCount[]>;
  /** Where a plan would learn what moved: of an organization trail, or of each account's event history. */
  readonly events: Fact<'organization trail' | 'event histories'>;
};
