/** Who acts in an account: whoever holds a permission set, a role, the root user, and strangers. */
import { permissionSetKey } from '../model/resource.ts';
import { fullAccessDocument } from '../model/policy.ts';
import type { Account, Role } from '../model/resource.ts';
import type { PolicyLayers } from './layers.ts';
import { policiesOfRole, policiesOfUser } from './policies-of.ts';
import type { PlacedRole, PlacedUser, AccessWorld } from './policies-of.ts';

/** Somebody who acts in one account, and what binds them there. `name` is as a command takes it: `permission-set:X`, `role:ACCOUNT:X`, `user:ACCOUNT:X` (IAM), `root`. */
export type Actor = {
  readonly name: string;
  readonly arn: string;
  readonly kind: 'root' | 'user' | 'role';
  readonly account: Account;
  readonly policies: PolicyLayers;
  readonly permissionSet?: string;
};

/** The sixteen hexadecimal digits that Identity Center appends; any will do, they are matched by question marks. */
const suffix = '0123456789abcdef';

/** The role that Identity Center makes of a set; us-east-1 has no segment of its own (IAM Identity Center User Guide). */
const roleArnOf = (permissionSet: string, account: Account, region: string): string => {
  const folder = region === 'us-east-1' ? '' : `${region}/`;
  return `arn:aws:iam::${account.id}:role/aws-reserved/sso.amazonaws.com/${folder}AWSReservedSSO_${permissionSet}_${suffix}`;
};

const bound = (world: AccessWorld, account: Account, policies: PolicyLayers): PolicyLayers => ({
  ...policies,
  scps: world.levels('scp', account),
});

/** Whoever holds the set in the account; nothing where no such set exists. */
export const setActor = (world: AccessWorld, permissionSet: string, account: Account): Actor | undefined => {
  const set = world.state[permissionSetKey(permissionSet)];
  if (set?.kind !== 'permission-set') return undefined;
  return {
    name: `permission-set:${permissionSet}`,
    arn: roleArnOf(permissionSet, account, world.region),
    kind: 'role',
    account,
    policies: bound(world, account, world.setPolicies(set, account)),
    permissionSet,
  };
};

const roleActor = (world: AccessWorld, { role, account, arn }: PlacedRole): Actor => ({
  name: `role:${account.name}:${role.name}`,
  arn,
  kind: 'role',
  account,
  policies: bound(world, account, policiesOfRole(role, world)),
});

/** Every role of the account, or those that `wanted` picks. */
export const roleActors = (
  world: AccessWorld,
  account: Account,
  wanted: (role: Role) => boolean = () => true,
): readonly Actor[] =>
  world
    .rolesIn(account.name)
    .filter(({ role }) => wanted(role))
    .map((placed) => roleActor(world, placed));

/** An IAM user, who acts in its own account. */
export const iamUserActor = (world: AccessWorld, { user, account, arn }: PlacedUser): Actor => ({
  name: `user:${account.name}:${user.name}`,
  arn,
  kind: 'user',
  account,
  policies: bound(world, account, policiesOfUser(user, world)),
});

export const rootActor = (world: AccessWorld, account: Account): Actor => ({
  name: 'root',
  arn: `arn:aws:iam::${account.id}:root`,
  kind: 'root',
  account,
  policies: bound(world, account, {}),
});

const administrator: PolicyLayers = {
  identityPolicies: [{ name: 'AdministratorAccess', policy: fullAccessDocument, assumed: true }],
};

/** An IAM user and a role with AdministratorAccess that nobody declared, outside every path that a guard rail excepts. */
export const strayActors = (world: AccessWorld, account: Account): readonly Actor[] =>
  (['user', 'role'] as const).map((kind) => ({
    name: `any ${kind === 'user' ? 'IAM user' : 'role'} with AdministratorAccess`,
    arn: `arn:aws:iam::${account.id}:${kind}/gatehouse-anyone`,
    kind,
    account,
    policies: bound(world, account, administrator),
  }));
