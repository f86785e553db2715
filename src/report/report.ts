/**
 * What the page shows, as data. Accounts, principals, sets and roles are named by their place in their list: with ten thousand
 * accounts their names would be most of the file.
 */
import type { Risk } from '../model/desired.ts';
import type { AccessChange, AccessItem, Blocked, Change, TestResult } from '../model/plan.ts';

export type Subject = 'desired' | 'live' | 'plan';

/** Of a plan: what only one of its two sides has, or both in different forms. Absent: the same on both. */
export type Standing = 'added' | 'removed' | 'changed';

/** `file:line`, relative to the repository. */
export type SourcePlace = string;

/** First and last place, pair after pair: [0, 4, 9, 9] is 0 to 4 and 9. */
export type Ranges = readonly number[];

type Placed = { readonly at?: SourcePlace; readonly standing?: Standing };
type Dated = {
  readonly from?: string;
  /** The last valid day. */
  readonly until?: string;
  readonly reason?: string;
  /** Only a later day asks for it. */
  readonly later?: true;
};

export type ReportAccount = Placed & {
  readonly name: string;
  readonly id: string;
  /** Path of its OU, '' under the root. */
  readonly ou: string;
  readonly tags: readonly string[];
  readonly kind: 'management' | 'production' | 'elsewhere';
};
export type ReportOu = Placed & { readonly path: string };
export type ReportPrincipal = Placed & {
  readonly type: 'group' | 'user';
  readonly name: string;
  readonly description?: string;
  /** Its members are kept elsewhere, and not known here. */
  readonly external?: true;
};
export type ReportMember = Placed & Dated & { readonly group: number; readonly user: number };
/** What can be given: a permission set, or a role that somebody enters by itself. */
export type ReportSet = Placed & {
  /** Of a role, its path and name: `gatehouse/Reader`. */
  readonly name: string;
  readonly isRole?: true;
  readonly description?: string;
  /** Seconds; unknown of a role that could not be read. */
  readonly session?: number;
  readonly policies: readonly string[];
};

/** One entry of a file with all the accounts that it reaches; of AWS, one assignment or entitlement that no file asks for. */
export type ReportGrant = Placed &
  Dated & {
    readonly who: number;
    readonly set: number;
    readonly accounts: Ranges;
    /** AWS has it and no file asks for it. */
    readonly undeclared?: true;
  };

export type Given = Pick<AccessItem, 'service' | 'level' | 'actions' | 'except' | 'bound'> & {
  /** How many more are not named. */
  readonly more: number;
};
/** What a set or role comes to in accounts that are alike. */
export type ReportReach = {
  readonly set: number;
  readonly accounts: Ranges;
  readonly risk: Risk;
  readonly because: readonly string[];
  /** In `given`: many sets give the same in many places. */
  readonly gives: number;
  /** Sensitive actions that the set gives and guard rails, by name, take back. */
  readonly blocked: readonly Blocked[];
  /** Of the side that a plan leaves. */
  readonly before?: true;
};

export type RailStatement = {
  readonly effect: 'Allow' | 'Deny';
  readonly sid?: string;
  /** `actions` are those it does not speak of. */
  readonly allBut?: true;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  readonly at?: SourcePlace;
};
export type RailTarget = Placed & { readonly type: 'root' | 'ou' | 'account'; readonly name: string };
export type ReportRail = Placed & {
  readonly kind: 'scp' | 'rcp';
  readonly name: string;
  readonly description: string;
  readonly statements: readonly RailStatement[];
  readonly on: readonly RailTarget[];
};

export type SettingLine = {
  readonly path: string;
  /** '' where a plan takes it away. */
  readonly value: string;
  /** Of a plan that changes it; '' where it was not set. */
  readonly before?: string;
};
/** What the policies of one type come to, in accounts that have the same of them. */
export type ReportSettings = {
  readonly type: string;
  readonly accounts: Ranges;
  readonly lines: readonly SettingLine[];
};

export type Trust = {
  /** In words. */
  readonly who: string;
  readonly kind: 'account' | 'service' | 'provider' | 'outsider' | 'everybody';
  /** The account it comes from, where that is one of the organization. */
  readonly from?: number;
  /** The role that is named. */
  readonly role?: number;
  readonly conditions: readonly string[];
  readonly at?: SourcePlace;
};
export type ReportRole = Placed &
  Dated & {
    readonly account: number;
    readonly name: string;
    readonly path: string;
    readonly policies: readonly string[];
    readonly trusts: readonly Trust[];
    readonly undeclared?: true;
  };

export type ReportTest = Omit<TestResult, 'ended'> & {
  readonly at?: SourcePlace;
  /** The day that it is asked of. */
  readonly day?: string;
};

/** A difference between the two sides: of a plan what it does, of AWS how it differs from the files. */
export type ReportChange = Pick<Change, 'action' | 'key' | 'risk'> & {
  /** The plan's own sentence. */
  readonly words: string;
  readonly because: readonly string[];
  readonly at?: SourcePlace;
};
/** Who gains or loses by a plan, in accounts that are alike. */
export type ReportAccess = Pick<AccessChange, 'people' | 'accounts' | 'risk'> & {
  readonly who: string;
  readonly gained: readonly Given[];
  readonly lost: readonly Given[];
  readonly because: readonly string[];
};

export type Report = {
  readonly version: 1;
  readonly subject: Subject;
  readonly organization: string;
  /** ISO 8601. */
  readonly generatedAt: string;
  /** What a file's path is appended to, with `#L` and the line. */
  readonly repository?: string;
  /** The folder of the files, as the page reaches it; without lines. */
  readonly folder?: string;
  readonly notes: readonly string[];
  readonly accounts: readonly ReportAccount[];
  readonly ous: readonly ReportOu[];
  readonly principals: readonly ReportPrincipal[];
  readonly members: readonly ReportMember[];
  readonly sets: readonly ReportSet[];
  readonly grants: readonly ReportGrant[];
  readonly reaches: readonly ReportReach[];
  readonly given: readonly (readonly Given[])[];
  readonly rails: readonly ReportRail[];
  readonly settings: readonly ReportSettings[];
  readonly roles: readonly ReportRole[];
  readonly tests: readonly ReportTest[];
  readonly changes: readonly ReportChange[];
  readonly access: readonly ReportAccess[];
};
