/** Roles of one account: made, read, changed and deleted. */
import { AwsError, type Input, type Operation } from '../core.ts';
import { checkSize } from './documents.ts';
import {
  alreadyExists,
  check,
  deleteConflict,
  document,
  noSuchEntity,
  pageOf,
  path,
  roleName,
  tagsIn,
  unmodifiable,
} from './look.ts';
import { mustBeAttachable } from './policies.ts';
import { principalIds } from './principals.ts';
import { listedRole, profilesOf, roleOutput } from './role-output.ts';
import { iamOf, putRole, removeRole, roleNamed, type IamRole } from './state.ts';
import type { Member } from '../members.ts';
import { optionalText, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

/** The role that the input names; throws NoSuchEntity. */
export const roleIn = (world: World, account: string, input: Input): IamRole => {
  check(input, { RoleName: roleName });
  const name = text(input, 'RoleName');
  const role = roleNamed(world, account, name);
  if (role) return role;
  throw noSuchEntity(`role with name ${name}`);
};

/** As `roleIn`, for a change. Roles under the reserved path belong to Identity Center: nobody else changes them. */
export const roleToChange = (world: World, account: string, input: Input): IamRole => {
  const role = roleIn(world, account, input);
  if (role.Path.startsWith('/aws-reserved/'))
    throw unmodifiable(`Cannot perform the operation on the protected role '${role.RoleName}'.`);
  return role;
};

const secondsIn = (input: Input, otherwise: number): number => {
  const value = Number(text(input, 'MaxSessionDuration') || otherwise);
  if (Number.isInteger(value) && value >= 3600 && value <= 43_200) return value;
  throw new AwsError('ValidationError', 'MaxSessionDuration must be between 3600 and 43200.');
};

const description: Member = { kind: 'string', max: 1000 };

const optional = (input: Input) => {
  const words = optionalText(input, 'Description');
  const boundary = optionalText(input, 'PermissionsBoundary');
  return {
    ...(words === undefined ? {} : { description: words }),
    ...(boundary === undefined ? {} : { boundary }),
  };
};

/** "IAM and AWS STS quotas": the default length of a role trust policy. */
const trustQuota = 2048;

const createRole: Operation<World> = (world, input, call) => {
  check(input, {
    RoleName: roleName,
    AssumeRolePolicyDocument: document,
    Path: path,
    Description: description,
    PermissionsBoundary: { kind: 'string', min: 20, max: 2048 },
  });
  const name = text(input, 'RoleName');
  const trust = text(input, 'AssumeRolePolicyDocument');
  const principals = principalIds(world, trust, call);
  checkSize(trust, 'ACLSizePerRole', trustQuota);
  if (roleNamed(world, call.account, name)) throw alreadyExists(`Role with name ${name}`);
  const more = optional(input);
  if (more.boundary !== undefined) mustBeAttachable(world, call, more.boundary);
  const role = putRole(world, {
    account: call.account,
    name,
    trust,
    principals,
    path: optionalText(input, 'Path') ?? '/',
    now: call.now,
    maxSessionSeconds: secondsIn(input, 3600),
    tags: tagsIn(input),
    ...more,
  });
  return { Role: roleOutput(world, role) };
};

const updateRole: Operation<World> = (world, input, call) => {
  const role = roleToChange(world, call.account, input);
  check(input, { Description: description });
  role.MaxSessionDuration = secondsIn(input, role.MaxSessionDuration);
  const words = optionalText(input, 'Description');
  if (words !== undefined) role.Description = words;
  return {};
};

const updateTrust: Operation<World> = (world, input, call) => {
  const role = roleToChange(world, call.account, input);
  check(input, { PolicyDocument: document });
  const trust = text(input, 'PolicyDocument');
  const principals = principalIds(world, trust, call);
  checkSize(trust, 'ACLSizePerRole', trustQuota);
  role.AssumeRolePolicyDocument = trust;
  role.principals = principals;
  return {};
};

const deleteRole: Operation<World> = (world, input, call) => {
  const role = roleToChange(world, call.account, input);
  if (profilesOf(world, call.account, role).length > 0)
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
  if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  removeRole(world, call.account, role.RoleName);
  return {};
};

const underPrefix = (world: World, account: string, input: Input): readonly IamRole[] =>
  Object.values(iamOf(world, account).roles)
    .filter(({ Path }) => Path.startsWith(optionalText(input, 'PathPrefix') ?? '/'))
    .sort((a, b) => (a.RoleName < b.RoleName ? -1 : 1));

export const roleOperations: Ops = {
  CreateRole: createRole,
  UpdateRole: updateRole,
  UpdateAssumeRolePolicy: updateTrust,
  DeleteRole: deleteRole,
  GetRole: (world, input, call) => ({ Role: roleOutput(world, roleIn(world, call.account, input)) }),
  ListRoles: (world, input, call) => {
    check(input, { PathPrefix: { kind: 'string', min: 1, max: 512 } });
    const page = pageOf('Roles', underPrefix(world, call.account, input), input);
    return { ...page, Roles: (page['Roles'] as readonly IamRole[]).map((role) => listedRole(world, role)) };
  },
};
