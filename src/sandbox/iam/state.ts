/** What the imitated IAM of one account remembers, and the few verbs that other services need of it. */
import type { IdCounter } from '../core.ts';
import { nextId, secondsIso } from '../core.ts';
import type { Tag } from '../organizations/state.ts';

export type AttachedPolicy = { readonly PolicyName: string; readonly PolicyArn: string };

/** What users and roles have in common: the policies that hang on them. */
export type IamIdentity = {
  PermissionsBoundary?: string;
  Tags: Tag[];
  /** Inline policy name to its document. */
  inline: Record<string, string>;
  attached: AttachedPolicy[];
};

export type IamRole = IamIdentity & {
  readonly Path: string;
  readonly RoleName: string;
  readonly RoleId: string;
  readonly Arn: string;
  /** ISO 8601, UTC. */
  readonly CreateDate: string;
  /** The document as it was given: JSON text, not URL-encoded. */
  AssumeRolePolicyDocument: string;
  Description?: string;
  /** Seconds. */
  MaxSessionDuration: number;
  /** ARN of each user and role that the trust policy names, to the unique id that it had when the policy was saved. */
  principals: Record<string, string>;
  /** Absent: never, as far as IAM's 400 days of tracking go. */
  lastUsed?: { readonly date: string; readonly region: string };
};

export type LastUse = { readonly date: string; readonly region: string; readonly service: string };

export type AccessKey = {
  readonly id: string;
  readonly CreateDate: string;
  status: 'Active' | 'Inactive';
  lastUsed?: LastUse;
};

export type MfaDevice = { readonly SerialNumber: string; readonly EnableDate: string };

/** What a user uploads or is given besides access keys. */
export type UserCredential = {
  readonly id: string;
  readonly uploaded: string;
  /** An SSH key's or certificate's text; a service-specific credential's service. */
  readonly body: string;
  status: string;
  password?: string;
};

export type SandboxIamUser = IamIdentity & {
  Path: string;
  UserName: string;
  readonly UserId: string;
  Arn: string;
  /** ISO 8601, UTC; so are all dates here. */
  readonly CreateDate: string;
  login?: { readonly CreateDate: string; changed: string; lastUsed?: string; resetRequired?: boolean };
  keys: AccessKey[];
  mfa: MfaDevice[];
  // Sandboxes of older releases lack these.
  sshKeys?: UserCredential[];
  certificates?: UserCredential[];
  serviceCredentials?: UserCredential[];
};

export type SandboxIamGroup = IamIdentity & {
  Path: string;
  GroupName: string;
  readonly GroupId: string;
  Arn: string;
  readonly CreateDate: string;
  /** Unique ids of users, who keep them when they are renamed. */
  members: string[];
};

export type SamlProvider = {
  readonly Arn: string;
  readonly CreateDate: string;
  readonly id: string;
  metadata: string;
  encryption: string;
  Tags: Tag[];
};

export type VirtualMfaDevice = {
  readonly SerialNumber: string;
  readonly seed: string;
  readonly CreateDate: string;
  Tags: Tag[];
};

export type ServerCertificate = {
  ServerCertificateName: string;
  Path: string;
  Arn: string;
  readonly ServerCertificateId: string;
  readonly UploadDate: string;
  readonly body: string;
  readonly chain?: string;
  Tags: Tag[];
};

export type IamPolicyVersion = { readonly VersionId: string; readonly Document: string; readonly CreateDate: string };

export type IamPolicy = {
  readonly PolicyName: string;
  readonly PolicyId: string;
  readonly Arn: string;
  readonly Path: string;
  readonly Description?: string;
  DefaultVersionId: string;
  readonly CreateDate: string;
  UpdateDate: string;
  /** Newest first. */
  versions: IamPolicyVersion[];
  /** Numbers are never used again, deleted or not. */
  nextVersion: number;
  Tags: Tag[];
};

export type SandboxOidcProvider = {
  readonly Arn: string;
  /** Without its scheme, as GetOpenIDConnectProvider shows it. */
  readonly Url: string;
  readonly CreateDate: string;
  clientIds: string[];
  thumbprints: string[];
  Tags: Tag[];
};

export type InstanceProfile = {
  readonly InstanceProfileName: string;
  readonly InstanceProfileId: string;
  readonly Arn: string;
  readonly Path: string;
  readonly CreateDate: string;
  role?: string;
  Tags: Tag[];
};

/** The account's root user, which is no IAM user. */
export type SandboxRootUser = {
  readonly created: string;
  password?: { lastUsed?: string; changed: string };
  mfa: boolean;
  keys: AccessKey[];
};

export type IamAccount = {
  alias?: string;
  /** By `role/` and the name in lower case: role names are unique without regard to case (IAM quotas page). */
  roles: Record<string, IamRole>;
  /** Customer managed policies by ARN. */
  policies: Record<string, IamPolicy>;
  /** By `user/` and the name in lower case. */
  users: Record<string, SandboxIamUser>;
  /** By ARN. */
  oidcProviders: Record<string, SandboxOidcProvider>;
  /** By `profile/` and the name in lower case. */
  instanceProfiles: Record<string, InstanceProfile>;
  /** Absent: the account has none of its own. */
  passwordPolicy?: Readonly<Record<string, number | boolean>>;
  root: SandboxRootUser;
  // Sandboxes of older releases lack these.
  /** By `group/` and the name in lower case. */
  groups?: Record<string, SandboxIamGroup>;
  /** By ARN. */
  samlProviders?: Record<string, SamlProvider>;
  /** By serial number. */
  virtualMfa?: Record<string, VirtualMfaDevice>;
  /** By `certificate/` and the name. */
  serverCertificates?: Record<string, ServerCertificate>;
  /** Ids of deletions of service-linked roles, all of them done. */
  deletions?: string[];
  /** Job id to the ARN whose use of services was asked for. */
  accessJobs?: Record<string, { readonly arn: string; readonly startedAt: number }>;
  tokenVersion?: '1' | '2';
  /** Central root access: only in the management account. */
  organizationsFeatures?: string[];
  /** Milliseconds since the epoch. */
  report?: { readonly startedAt: number; content?: string; generatedAt?: number };
};

type IamState = { iam: Record<string, IamAccount>; readonly ids: IdCounter };

/** The account's own IAM, created empty on first use. */
export const iamOf = (world: IamState, account: string): IamAccount => {
  const known = world.iam[account];
  if (known) return known;
  const fresh: IamAccount = {
    roles: {},
    policies: {},
    users: {},
    oidcProviders: {},
    instanceProfiles: {},
    root: { created: '2020-01-01T00:00:00.000Z', mfa: false, keys: [] },
  };
  world.iam[account] = fresh;
  return fresh;
};

// The prefix keeps a role called `__proto__` an ordinary key.
const keyOf = (name: string): string => `role/${name.toLowerCase()}`;

/** The account's role of this name, whatever its path. */
export const roleNamed = (world: IamState, account: string, name: string): IamRole | undefined =>
  iamOf(world, account).roles[keyOf(name)];

export const userNamed = (world: IamState, account: string, name: string): SandboxIamUser | undefined =>
  iamOf(world, account).users[`user/${name.toLowerCase()}`];

/** Puts a user into an account's IAM, replacing one of the same name. */
export const putUser = (world: IamState, account: string, user: SandboxIamUser): void => {
  iamOf(world, account).users[`user/${user.UserName.toLowerCase()}`] = user;
};

/** Made on first use: sandboxes of older releases have none. */
export const groupsOf = (world: IamState, account: string): Record<string, SandboxIamGroup> => {
  const iam = iamOf(world, account);
  iam.groups ??= {};
  return iam.groups;
};

export const groupNamed = (world: IamState, account: string, name: string): SandboxIamGroup | undefined =>
  groupsOf(world, account)[`group/${name.toLowerCase()}`];

export const groupsWith = (world: IamState, account: string, { UserId }: SandboxIamUser): readonly SandboxIamGroup[] =>
  Object.values(groupsOf(world, account)).filter(({ members }) => members.includes(UserId));

export const removeUser = (world: IamState, account: string, name: string): void => {
  Reflect.deleteProperty(iamOf(world, account).users, `user/${name.toLowerCase()}`);
};

const uniqueIdAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A unique id with IAM's prefix for its kind: AROA, AIDA, ANPA, AIPA, AKIA, ASIA. */
export const uniqueId = (ids: IdCounter, prefix: string): string =>
  `${prefix}${nextId(ids, prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17, uniqueIdAlphabet)}`;

type NewIamRole = {
  readonly account: string;
  /** The unique id; absent: the next one. */
  readonly id?: string;
  readonly name: string;
  readonly path: string;
  readonly trust: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly description?: string;
  readonly maxSessionSeconds?: number;
  readonly principals?: Readonly<Record<string, string>>;
  readonly boundary?: string;
  readonly tags?: readonly Tag[];
  readonly inline?: Readonly<Record<string, string>>;
  readonly attached?: readonly AttachedPolicy[];
};

/** Puts a role into an account's IAM, replacing one of the same name but keeping its id and creation date. */
export const putRole = (world: IamState, role: NewIamRole): IamRole => {
  const { roles } = iamOf(world, role.account);
  const old = roles[keyOf(role.name)];
  const made: IamRole = {
    Path: role.path,
    RoleName: role.name,
    RoleId: old?.RoleId ?? role.id ?? uniqueId(world.ids, 'AROA'),
    Arn: `arn:aws:iam::${role.account}:role${role.path}${role.name}`,
    CreateDate: old?.CreateDate ?? secondsIso(role.now),
    AssumeRolePolicyDocument: role.trust,
    MaxSessionDuration: role.maxSessionSeconds ?? 3600,
    principals: { ...role.principals },
    Tags: [...(role.tags ?? [])],
    inline: { ...role.inline },
    attached: [...(role.attached ?? [])],
    ...(role.description === undefined ? {} : { Description: role.description }),
    ...(role.boundary === undefined ? {} : { PermissionsBoundary: role.boundary }),
    ...(old?.lastUsed === undefined ? {} : { lastUsed: old.lastUsed }),
  };
  roles[keyOf(role.name)] = made;
  return made;
};

/** Takes a role out of an account's IAM, whatever hangs on it; no error when there is none. */
export const removeRole = (world: IamState, account: string, name: string): void => {
  Reflect.deleteProperty(iamOf(world, account).roles, keyOf(name));
};

/** Whether a customer managed policy of this name and path exists in the account. */
export const hasCustomerPolicy = (world: IamState, account: string, policy: { name: string; path: string }): boolean =>
  `arn:aws:iam::${account}:policy${policy.path}${policy.name}` in iamOf(world, account).policies;
