/** What the imitated IAM of one account remembers, and the few verbs that other services need of it. */
import { nextId, type Ids } from '../core.ts';
import type { Tag } from '../organizations/state.ts';

export type AttachedPolicy = { readonly PolicyName: string; readonly PolicyArn: string };

export type IamRole = {
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
  PermissionsBoundary?: string;
  Tags: Tag[];
  /** Inline policy name to its document. */
  inline: Record<string, string>;
  attached: AttachedPolicy[];
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
  versions: IamPolicyVersion[];
  Tags: Tag[];
};

export type IamAccount = {
  alias?: string;
  /** By `role/` and the name in lower case: role names are unique without regard to case (IAM quotas page). */
  roles: Record<string, IamRole>;
  /** Customer managed policies by ARN. */
  policies: Record<string, IamPolicy>;
};

type Iam = { iam: Record<string, IamAccount>; readonly ids: Ids };

/** The account's own IAM, created empty on first use. */
export const iamOf = (world: Iam, account: string): IamAccount => {
  const known = world.iam[account];
  if (known) return known;
  const fresh: IamAccount = { roles: {}, policies: {} };
  world.iam[account] = fresh;
  return fresh;
};

// The prefix keeps a role called `__proto__` an ordinary key.
const keyOf = (name: string): string => `role/${name.toLowerCase()}`;

/** The account's role of this name, whatever its path. */
export const roleNamed = (world: Iam, account: string, name: string): IamRole | undefined =>
  iamOf(world, account).roles[keyOf(name)];

type NewRole = {
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly trust: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly description?: string;
  readonly maxSessionSeconds?: number;
  readonly boundary?: string;
  readonly tags?: readonly Tag[];
  readonly inline?: Readonly<Record<string, string>>;
  readonly attached?: readonly AttachedPolicy[];
};

/** Puts a role into an account's IAM, replacing one of the same name but keeping its id and creation date. */
export const putRole = (world: Iam, role: NewRole): IamRole => {
  const { roles } = iamOf(world, role.account);
  const old = roles[keyOf(role.name)];
  const made: IamRole = {
    Path: role.path,
    RoleName: role.name,
    RoleId: old?.RoleId ?? `AROA${nextId(world.ids, 17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    Arn: `arn:aws:iam::${role.account}:role${role.path}${role.name}`,
    CreateDate: old?.CreateDate ?? new Date(role.now).toISOString(),
    AssumeRolePolicyDocument: role.trust,
    MaxSessionDuration: role.maxSessionSeconds ?? 3600,
    Tags: [...(role.tags ?? [])],
    inline: { ...role.inline },
    attached: [...(role.attached ?? [])],
    ...(role.description === undefined ? {} : { Description: role.description }),
    ...(role.boundary === undefined ? {} : { PermissionsBoundary: role.boundary }),
  };
  roles[keyOf(role.name)] = made;
  return made;
};

/** Takes a role out of an account's IAM, whatever hangs on it; no error when there is none. */
export const removeRole = (world: Iam, account: string, name: string): void => {
  Reflect.deleteProperty(iamOf(world, account).roles, keyOf(name));
};

/** Whether a customer managed policy of this name and path exists in the account. */
export const hasCustomerPolicy = (world: Iam, account: string, policy: { name: string; path: string }): boolean =>
  `arn:aws:iam::${account}:policy${policy.path}${policy.name}` in iamOf(world, account).policies;
