/** The plan as data, version 1 of its JSON. */
import type { Reads, Unread } from './reads.ts';
import type { Risk } from './desired.ts';
import type { Place } from './problem.ts';
import type { Key, Kind, PrincipalType, Resource, SettingsKind } from './resource.ts';
import type { SettingsValue } from './settings-document.ts';

export const phases = ['prepare', 'restrict', 'grant', 'revoke', 'relax', 'remove'] as const;
export type Phase = (typeof phases)[number];

type ChangeBase = {
  /** sha256 of kind, key, action, before and after. */
  readonly id: string;
  readonly kind: Kind;
  readonly key: Key;
  readonly phase: Phase;
  /** Digests of the states that this change passes through between before and after. */
  readonly steps?: readonly string[];
  readonly origin?: Place;
  readonly risk: Risk;
  /** Why the risk is what it is: each begins with the id of its rule. */
  readonly riskReasons?: readonly string[];
  readonly dependsOn: readonly string[];
  /** Names of the accounts whose access or guard rails it touches, sorted; ['*']: all. Absent: none. */
  readonly reaches?: readonly string[];
  /** Hung up and taken down again within one apply. */
  readonly temporary?: true;
  /** Takes what was not ours into ownership and changes nothing else. */
  readonly adopts?: true;
  /** The last day (YYYY-MM-DD, UTC) of the entry that gave this, and AWS has it as the entry said: nothing keeps it. */
  readonly ended?: string;
};

export type Change =
  | (ChangeBase & { readonly action: 'create'; readonly after: Resource })
  | (ChangeBase & { readonly action: 'update'; readonly before: Resource; readonly after: Resource })
  | (ChangeBase & { readonly action: 'delete'; readonly before: Resource });
export type ChangeAction = Change['action'];

export type AccessItem = {
  readonly service: string;
  readonly level: string;
  /** `service:Name`; a whole service is `service:*`, everything `*`. */
  readonly actions: readonly string[];
  /** What the pattern in `actions` does not mean, written the same way. */
  readonly except?: readonly string[];
  readonly bound: 'certain' | 'possible';
  /** Of what changed: nothing was opened, so that no request is allowed that was not before. */
  readonly narrower?: true;
};

/** Sensitive actions that a permission set newly gives, or the assuming of a role by whom it trusts, and that guard rails, by name, take back. */
export type Blocked = { readonly actions: readonly string[]; readonly by: string };
/** What a change does to people: per principal and the accounts that say the same. */
export type AccessChange = {
  readonly principal: string;
  readonly people: number;
  readonly accounts: readonly string[];
  readonly gained: readonly AccessItem[];
  readonly lost: readonly AccessItem[];
  readonly changed: readonly AccessItem[];
  readonly risk: Risk;
  readonly riskReasons?: readonly string[];
  readonly blocked?: readonly Blocked[];
};

/** One setting of an effective policy, by its path; without a value it is not set. */
export type SettingChange = { readonly path: string; readonly before?: SettingsValue; readonly after?: SettingsValue };
/** What the policies of one type come to otherwise, for all accounts of which the same is to be said. */
export type EffectiveChange = {
  readonly kind: SettingsKind;
  readonly accounts: readonly string[];
  readonly changes: readonly SettingChange[];
  /** Settings to which two policies of one target assign different values: AWS takes that of the one attached first. */
  readonly clashes?: readonly string[];
  readonly risk: Risk;
  readonly riskReasons?: readonly string[];
};

/** Who gets or loses what where: one line of it for all accounts of which the rest is the same. */
export type GrantRow = {
  readonly change: 'gets' | 'loses';
  /** Name of a group, or of a user. */
  readonly who: string;
  readonly type: PrincipalType;
  /** Absent of a group whose members only the corporate directory knows. */
  readonly people?: number;
  /** A permission set, or a role; absent where somebody joins or leaves a group and nothing else is to be said of it. */
  readonly what?: string;
  /** Whether `what` is a role, with its path. */
  readonly isRole?: true;
  /** Names of accounts, sorted. */
  readonly where: readonly string[];
  /** The group that somebody joins or leaves. */
  readonly through?: string;
  /** First and last valid day (YYYY-MM-DD, UTC) and reason, as the entry says them. */
  readonly from?: string;
  readonly until?: string;
  readonly reason?: string;
  readonly file?: string;
  readonly line?: number;
  readonly risk: Risk;
  readonly riskReasons?: readonly string[];
};

export type GuardResult = { readonly id: string; readonly ok: boolean; readonly message: string };
/**
 * `message`: of a failing one, what failed first, by which statement, and whether this change broke it. `ended`: the keys
 * whose last day has passed and with which it would hold; such a test refuses nothing.
 */
export type TestResult = {
  readonly name: string;
  readonly ok: boolean;
  readonly message?: string;
  readonly ended?: readonly Key[];
};

export type Interruption = { readonly principal: string; readonly account: string; readonly message: string };
export type Expiring = { readonly key: Key; readonly until: string };
/** How many of the things of a kind that AWS has are declared or ours. */
export type Coverage = { readonly kind: Kind; readonly managed: number; readonly total: number };
/**
 * Other days of something that is given: YYYY-MM-DD, `today` for one that has begun, null for no end (or, of what begins, for
 * never). `risk`: of what is given.
 */
export type DateChange = {
  readonly key: Key;
  readonly what: 'ends-later' | 'ends-earlier' | 'begins';
  readonly before: string | null;
  readonly after: string | null;
  readonly risk: Risk;
  readonly riskReasons?: readonly string[];
  readonly origin?: Place;
};

export type KeyedThing = { readonly kind: Kind; readonly key: Key };
/** `keptBy`: the declared set or policy whose scope keeps us from taking the thing away; named in `adopt`, it would go. */
export type Unmanaged = KeyedThing & { readonly keptBy?: Key };
/** A user or external group that the identity store does not have; `leftOut`: what is not planned because of that. */
export type Unresolved = {
  readonly name: string;
  readonly message: string;
  readonly leftOut?: readonly Key[];
  readonly origin?: Place;
};

export type HeldChange = { readonly id: string; readonly key: Key; readonly reason: string };
export type Lane = { readonly credential: 'management' | 'delegated'; readonly changes: readonly string[] };
export type Note = { readonly message: string; readonly origin?: Place };

export type Plan = {
  readonly version: 1;
  readonly organization: string;
  /** Names of the declared accounts whose roles, policies and providers it is about; absent: all. */
  readonly part?: readonly string[];
  /** ISO 8601. */
  readonly generatedAt: string;
  /** sha256 of the organization id and the sorted ids of the changes. */
  readonly fingerprint: string;
  readonly summary: { readonly create: number; readonly update: number; readonly delete: number };
  /** In the order of apply: by phase, then by dependency, then by key. */
  readonly changes: readonly Change[];
  readonly access: readonly AccessChange[];
  readonly effective?: readonly EffectiveChange[];
  readonly grants?: readonly GrantRow[];
  readonly guards: readonly GuardResult[];
  readonly tests: readonly TestResult[];
  readonly interruptions: readonly Interruption[];
  readonly expiring: readonly Expiring[];
  /** Of a pull request: what ends or begins on another day than its base says. */
  readonly dates?: readonly DateChange[];
  readonly unmanaged: readonly Unmanaged[];
  /** By kind, of what AWS has before the plan. */
  readonly coverage: readonly Coverage[];
  readonly unresolved: readonly Unresolved[];
  readonly unread: readonly Unread[];
  /** Changes that are wanted and are not made, by name: foreign owner, inside an unread scope, external group. */
  readonly held: readonly HeldChange[];
  readonly notes: readonly Note[];
  readonly lanes: readonly Lane[];
  readonly reads: Reads;
  readonly estimate: { readonly calls: number; readonly seconds: number };
};

/** Fails, and not only because something has ended on its day. */
export const isRefusing = ({ ok, ended }: TestResult): boolean => !ok && ended === undefined;

/** Nothing to do, and nothing left out that Git asks for. */
export const isComplete = (plan: Plan): boolean =>
  isEmpty(plan) && plan.unresolved.every(({ leftOut = [] }) => leftOut.length === 0);
export const isEmpty = (plan: Plan): boolean => plan.changes.length === 0 && plan.held.length === 0;
export const beforeOf = (change: Change): Resource | undefined =>
  change.action === 'create' ? undefined : change.before;
export const afterOf = (change: Change): Resource | undefined =>
  change.action === 'delete' ? undefined : change.after;
/** The resource a change is about: what it will be, or what it was. */
export const subjectOf = (change: Change): Resource => (change.action === 'delete' ? change.before : change.after);
