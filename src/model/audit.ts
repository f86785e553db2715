/** Account security that is read and never written: what was read, and what is found in it. */
import type { Live } from './cloud.ts';
import type { Unread } from './reads.ts';
import type { Risk, Waiver } from './desired.ts';
import type { IamUser } from './iam-user.ts';
import type { PolicyDocument } from './policy.ts';
import type { AccountPolicies } from './resource-reading.ts';
import type { AccountId, Key, Role } from './resource.ts';

/** Dates are ISO 8601. */
export type AuditKey = {
  readonly number: 1 | 2;
  readonly active: boolean;
  readonly rotated?: string;
  readonly lastUsed?: string;
};

/** A row of the credential report. */
export type AuditUser = {
  readonly name: string;
  readonly created: string;
  /** Absent: no console password. */
  readonly password?: { readonly changed?: string; readonly lastUsed?: string };
  readonly mfa: boolean;
  readonly keys: readonly AuditKey[];
};

export type RootUser = { readonly accessKeys: boolean; readonly password: boolean; readonly mfa: boolean };

export type PasswordPolicy = {
  readonly minimumLength: number;
  /** How many earlier passwords may not be used again. */
  readonly reusePrevention: number;
};

export type AuditTrail = {
  readonly name: string;
  readonly logging: boolean;
  readonly multiRegion: boolean;
  readonly validation: boolean;
};

export type AuditAnalyzer = {
  readonly name: string;
  readonly access: 'external' | 'unused' | 'other';
  /** What it watches: its own account, or every account of the organization. */
  readonly of: 'account' | 'organization';
};

/** Not archived and not resolved. */
export type AnalyzerFinding = {
  readonly access: AuditAnalyzer['access'];
  readonly type: string;
  readonly resource: string;
  readonly ownerAccount: AccountId;
};

export type AuditRole = {
  readonly name: string;
  readonly path: string;
  readonly created: string;
  readonly lastUsed?: string;
  readonly trust: PolicyDocument;
  /** With what it holds; absent where a document of it could not be understood. */
  readonly role?: Role;
};

export type AuditPolicy = { readonly name: string; readonly path: string; readonly document: PolicyDocument };

/** A part that is absent could not be read: `unread` says why, and no rule says anything of it. */
export type AccountFacts = {
  /** Label. */
  readonly account: string;
  readonly id: AccountId;
  readonly root?: RootUser;
  readonly users?: readonly AuditUser[];
  /** `none`: the account has no policy of its own. */
  readonly passwordPolicy?: PasswordPolicy | 'none';
  readonly trails?: readonly AuditTrail[];
  readonly analyzers?: readonly AuditAnalyzer[];
  readonly analyzerFindings?: readonly AnalyzerFinding[];
  readonly roles?: readonly AuditRole[];
  readonly policies?: readonly AuditPolicy[];
  /** With what they hold; their credentials are in `users`. */
  readonly iamUsers?: readonly IamUser[];
  /** Absent where access/settings.yaml asks for none, too. */
  readonly resources?: AccountPolicies;
  readonly unread: readonly Unread[];
};

export type AuditFacts = {
  /** Where trails and analyzers were looked for. */
  readonly region: string;
  /** Where resources were looked for, buckets aside; absent: nowhere. */
  readonly resourceRegions?: readonly string[];
  readonly accounts: readonly AccountFacts[];
  readonly live: Live;
  /** Labels of the accounts that administer Identity Center for the management account. */
  readonly delegates: readonly string[];
  readonly unread: readonly Unread[];
};

/** What the repository says that an audit must know. */
export type AuditContext = {
  /** ISO 8601. */
  readonly now: string;
  readonly managementAccount: string;
  readonly waivers: readonly Waiver[];
  /** Roles and policies that the repository declares: reviewed there, and not found again here. */
  readonly declared: ReadonlySet<Key>;
  /** The role that the reconciler enters accounts by. */
  readonly memberRole: string;
  readonly administrators: readonly Administrator[];
  /** What the policies of resources open to others. */
  readonly openings: readonly ResourceOpening[];
  /** As in settings: the repository, whose first part is whom we are on GitHub. */
  readonly owner: string;
};

/** An IAM user, or a role, that may give itself everything in its account. */
export type Administrator = {
  readonly kind: 'user' | 'role';
  readonly account: string;
  readonly name: string;
  /** The policies that allow it. */
  readonly by: readonly string[];
};

/** Whom a statement of a resource's policy lets in, or names in vain. */
export type ResourceOpening = {
  /** Label. */
  readonly account: string;
  /** ARN. */
  readonly resource: string;
  readonly kind: 'public' | 'outside' | 'confused-deputy' | 'dead';
  readonly who: readonly string[];
  /** As the statement writes them. */
  readonly actions: readonly string[];
};

export type AuditFinding = {
  readonly rule: string;
  readonly severity: Risk;
  /** Absent: of the organization as a whole. */
  readonly account?: string;
  /** What it is about: a user, role, policy, trail, permission set. */
  readonly subject: string;
  /** What was read. */
  readonly read: string;
  readonly todo: string;
  readonly link: string;
};

export type WaivedFinding = AuditFinding & { readonly until: string; readonly reason: string };

/** A waiver that waives nothing: its last day has passed, or nothing of the kind was found. */
export type IdleWaiver = Waiver & { readonly why: 'ended' | 'unused' };

export type AuditReport = {
  readonly generatedAt: string;
  /** Where trails and analyzers were looked for. */
  readonly region: string;
  /** Where resources were looked for, buckets aside; absent: nowhere. */
  readonly resourceRegions?: readonly string[];
  readonly accounts: readonly string[];
  /** Worst first. */
  readonly findings: readonly AuditFinding[];
  readonly waived: readonly WaivedFinding[];
  readonly idleWaivers: readonly IdleWaiver[];
  /** What could not be read: it is not clean, it is unknown. */
  readonly unread: readonly Unread[];
};
