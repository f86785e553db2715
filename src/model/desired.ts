/** What Git asks for, resolved for one day. */
import type { Place, Problem } from './problem.ts';
import type { AccountId, ControlKind, Key, Resource, State, Target } from './resource.ts';

export type Risk = 'low' | 'medium' | 'high' | 'critical';

export type Approval = {
  readonly when: { readonly risk?: Risk; readonly path?: string; readonly account?: string; readonly ou?: string };
  readonly users?: readonly string[];
  readonly teams?: readonly string[];
  readonly count?: number;
};
export type GuardException = {
  readonly guard: string;
  readonly kind?: string;
  readonly count?: number;
  readonly key?: string;
  readonly until: string;
  readonly reason: string;
};
export type Waiver = {
  readonly finding: string;
  readonly account?: string;
  readonly until: string;
  readonly reason: string;
};

/** access/settings.yaml with its defaults filled in. */
/** A role of the same name in every account. */
export type EnteringRole = {
  readonly name: string;
  readonly path?: string;
  readonly externalId?: string;
  readonly sessionTags?: Readonly<Record<string, string>>;
};

export type Settings = {
  readonly organization: string;
  readonly endpoints: readonly string[];
  readonly region: string;
  readonly owner: string;
  readonly ownership: Readonly<Record<string, 'managed' | 'exclusive'>>;
  readonly adopt: readonly Key[];
  readonly breakGlass?: { readonly group: string; readonly permissionSet: string };
  readonly reconciler?: { readonly plan: string; readonly apply: string };
  readonly delegatedAdministrator: string | null;
  readonly memberRole?: EnteringRole;
  /** Absent: the policies of resources are not read. Without a role the member role reads them. */
  readonly resourcePolicies?: { readonly regions: readonly string[]; readonly role?: EnteringRole };
  readonly oidcProviders: 'manage' | 'require';
  /** Attributes for access control; absent: whatever AWS has is left alone. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly budgets: { readonly delete: Readonly<Record<string, number>> };
  readonly approvals: readonly Approval[];
  readonly ignore: readonly string[];
  readonly quotas: Readonly<Record<string, number>>;
  readonly exceptions: readonly GuardException[];
  readonly waivers: readonly Waiver[];
};

/** An entry with an end: `until` is its last valid day (YYYY-MM-DD, UTC). */
export type Ending = { readonly key: Key; readonly until: string; readonly place: Place };

/** What an entry says beside what it gives: its first and last valid day (YYYY-MM-DD, UTC), and why. */
export type GrantTerms = { readonly from?: string; readonly until?: string; readonly reason?: string };

/** What an entry gives from its first to its last valid day (YYYY-MM-DD, UTC). */
export type DatedGrant = {
  readonly key: Key;
  readonly resource: Resource;
  readonly from?: string;
  readonly until?: string;
  readonly reason?: string;
  readonly place: Place;
};

/**
 * Where a guard rail hangs from a day (YYYY-MM-DD, UTC). Without `from` it hangs nowhere there: `after`, the days after the
 * stage before, says when a pull request proposes a day.
 */
export type RolloutStage = {
  readonly target: Target;
  /** The target as it is written. */
  readonly ou: string;
  readonly from?: string;
  readonly after?: number;
  readonly place: Place;
};
/** The stages of an SCP or RCP in their order, all that have a day first. */
export type Rollout = {
  readonly policy: { readonly kind: ControlKind; readonly name: string };
  readonly stages: readonly RolloutStage[];
  readonly place: Place;
};

/** Where a declared resource is. */
export type ResourceAddress = { readonly resource: string; readonly account: string; readonly region: string };

export type Desired = {
  readonly settings: Settings;
  /** Without `owner` and `scope`: whose a thing becomes is decided against live, by the plan. */
  readonly state: State;
  /** Declared not to exist: groups and policies of resources with `state: absent`, FullAWSAccess where `fullAwsAccess: false`. */
  readonly absent: readonly Key[];
  /** Resources whose policies are declared, present or absent. */
  readonly resources?: readonly ResourceAddress[];
  /** Names of the groups whose members are managed (the `members` key is there). */
  readonly memberGroups: readonly string[];
  /** Former names by present key: groups, OUs (last segment), SCPs, RCPs, permission sets. */
  readonly previously: Readonly<Record<Key, readonly string[]>>;
  /** Declared accounts, the management account included: id -> name. */
  readonly accounts: Readonly<Record<AccountId, string>>;
  readonly managementAccount: string;
  /** Names of the accounts whose roles, policies and providers this run is about; absent: all. */
  readonly part?: readonly string[];
  /** Selection tags by account name. */
  readonly accountTags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where a key was declared; also `KEY#/inlinePolicy/Statement/0` and the like for what lies inside it. */
  readonly origins: Readonly<Record<string, Place>>;
  /** In desired today, with an end. */
  readonly ending: readonly Ending[];
  /** Not in desired because the end has passed. */
  readonly ended: readonly Ending[];
  /** Not in desired because only a later day asks for it. */
  readonly notBegun: readonly Key[];
  /** Of keys in desired today whose entry says days or a reason. */
  readonly terms: Readonly<Record<Key, GrantTerms>>;
  /** All that is given for keys of which some entry begins or ends, on any day. */
  readonly dated: readonly DatedGrant[];
  readonly rollouts: readonly Rollout[];
  readonly notes: readonly Problem[];
};
/** The folders that people edit; nothing else of a tree is read. */

export const folders = ['access', 'permission-sets', 'scps'] as const;
