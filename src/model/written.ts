/** A repository as `import` writes it: targets are folded and names are the files' own, but nothing is text yet. */
import type { Settings } from './desired.ts';
import type { OneOrMany, PolicyDocument } from './policy.ts';
import type {
  AccountId,
  ControlPolicy,
  CustomerPolicy,
  Group,
  Key,
  PermissionSet,
  ResourcePolicy,
  Role,
} from './resource.ts';

/** The targeting words of an assignment; `ous` and `except` are paths as people write them, `Root` for everything. */
export type WrittenTarget = {
  readonly accounts?: readonly string[];
  readonly ous?: readonly string[];
  readonly except?: readonly string[];
};
/** What an entry gives: a permission set, or a role itself by its name. */
export type WrittenGiven = { readonly permissionSet: string } | { readonly role: string };
export type WrittenAssignment = WrittenTarget & WrittenGiven;

export type WrittenOu = {
  readonly name: string;
  readonly accounts: readonly { readonly name: string; readonly id: AccountId }[];
  readonly ous: readonly WrittenOu[];
};
/** Without `members` the members are not managed. */
export type WrittenGroup = {
  readonly group: Group;
  readonly members?: readonly string[];
  /** Why members are not said: they may be the corporate directory's to keep, or one has no name that a file could say. */
  readonly unsaid?: 'doubtful' | 'nameless';
  readonly assignments: readonly WrittenAssignment[];
};
export type WrittenUser = { readonly user: string; readonly assignments: readonly WrittenAssignment[] };
/** What hangs on one target; `place` is an OU path as people write it, or an account. */
export type WrittenBinding = {
  readonly place: string;
  readonly policies: readonly string[];
  readonly fullAwsAccess: 'kept' | 'taken';
};
/** Texts by the name of a tag or claim; of several one is enough. */
export type TextsByName = Readonly<Record<string, OneOrMany<string>>>;
/** One way into a role, in the words of the files. */
export type WrittenTrust = {
  readonly account?: string;
  readonly accountId?: AccountId;
  readonly role?: string;
  readonly permissionSet?: string;
  readonly user?: string;
  readonly organization?: string;
  readonly organizationPath?: OneOrMany<string>;
  readonly service?: string;
  readonly github?: {
    readonly repository: string;
    readonly ref?: string;
    readonly environment?: string;
    readonly ownerId?: string;
    readonly repositoryId?: string;
  };
  readonly oidc?: {
    readonly provider: string;
    readonly audience?: OneOrMany<string>;
    readonly subject?: OneOrMany<string>;
    readonly claims?: TextsByName;
  };
  readonly saml?: {
    readonly provider: string;
    readonly audience?: OneOrMany<string>;
    readonly attributes?: TextsByName;
  };
  readonly externalId?: string;
  readonly mfa?: boolean;
  readonly principalArn?: OneOrMany<string>;
  readonly principalTags?: TextsByName;
  readonly sourceAccount?: OneOrMany<string>;
  readonly sourceArn?: OneOrMany<string>;
  readonly sourceOrganization?: string;
  readonly sourceOrganizationPath?: OneOrMany<string>;
  readonly sessionName?: OneOrMany<string>;
  readonly sourceIdentity?: OneOrMany<string>;
  readonly sessionTags?: TextsByName;
  readonly sessionTagKeys?: readonly string[];
  readonly transitiveTagKeys?: readonly string[];
  readonly tagSession?: boolean;
  readonly setSourceIdentity?: boolean;
  readonly setContext?: boolean;
  readonly assume?: boolean;
};
/** Who may assume a role: in the words of the files, or the document itself where they do not suffice. */
export type WrittenWaysIn = { readonly words: readonly WrittenTrust[] } | { readonly document: PolicyDocument };
/** The same in each of some accounts; `keys` and the resource are of those accounts, and of the first. */
export type WrittenRole = {
  readonly role: Role;
  readonly waysIn: WrittenWaysIn;
  readonly target: WrittenTarget;
  readonly keys: readonly Key[];
};
export type WrittenPolicy = {
  readonly policy: CustomerPolicy;
  readonly target: WrittenTarget;
  readonly keys: readonly Key[];
};
export type WrittenSettings = {
  readonly organization: string;
  readonly region: string;
  readonly owner: string;
  readonly breakGlass?: { readonly group: string; readonly permissionSet: string };
  /** By which the reconciler enters accounts. */
  readonly memberRole?: { readonly name: string; readonly path: string; readonly externalId?: string };
  readonly oidcProviders: 'manage' | 'require';
  /** Attributes for access control, where there are any. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly resourcePolicies?: NonNullable<Settings['resourcePolicies']>;
  /** Keys of sets and policies all of whose assignments or attachments the files say. */
  readonly adopt: readonly string[];
  readonly ignore: readonly string[];
  readonly quotas: Readonly<Record<string, number>>;
};
/** One access test; `accounts` are spelled out, folded when they are written. */
export type WrittenTest = {
  readonly test: string;
  readonly as: { readonly group: string } | { readonly user: string };
  readonly in: WrittenTarget;
  readonly verdict: 'allowed' | 'denied';
  readonly actions: readonly string[];
};
export type WrittenRepository = {
  readonly management: { readonly name: string; readonly id: AccountId };
  readonly root: WrittenOu;
  readonly groups: readonly WrittenGroup[];
  readonly users: readonly WrittenUser[];
  readonly permissionSets: readonly PermissionSet[];
  readonly controlPolicies: readonly ControlPolicy[];
  readonly roles: readonly WrittenRole[];
  readonly policies: readonly WrittenPolicy[];
  readonly bindings: { readonly ous: readonly WrittenBinding[]; readonly accounts: readonly WrittenBinding[] };
  readonly resources: readonly ResourcePolicy[];
  readonly settings: WrittenSettings;
  readonly tests: readonly WrittenTest[];
};

/** Something that AWS has and the files do not say, with the reason. */
export type LeftOut = { readonly key: Key; readonly reason: string };
