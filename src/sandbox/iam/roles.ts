/** Roles of one account: made, read, changed and deleted. */
import type { Input, Operation } from '../core.ts';
import { checkSize } from './documents.ts';
import { alreadyExists, deleteConflict, noSuchEntity, pageOf, tagsIn, unmodifiable } from './look.ts';
import { mustBeBoundary } from './policies.ts';
import { principalIds } from './principals.ts';
import { createdRole, listedRole, profilesOf, roleOutput } from './role-output.ts';
import { iamOf, putRole, removeRole, roleNamed, type IamRole } from './state.ts';
import { optionalText, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

/** The role that the input names; throws NoSuchEntity. */
export const roleIn = (world: World, account: string, input: Input): IamRole => {
  const name = text(input, 'RoleName');
  const role = roleNamed(world, account, name);
  if (role) return role;
  throw noSuchEntity(`role with name ${name}`);
};

/** As `roleIn`, for a change. Roles under the reserved paths belong to AWS's services: nobody else changes them. */
export const roleToChange = (world: World, account: string, input: Input): IamRole => {
  const role = roleIn(world, account, input);
  if (/^\/aws-(reserved|service-role)\//.test(role.Path))
    throw unmodifiable(
      `Cannot perform the operation on the protected role '${role.RoleName}' - this role is only modifiable by AWS`,
    );
  return role;
};

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
  const name = text(input, 'RoleName');
  const tags = tagsIn(input, 'case-insensitive');
  const trust = text(input, 'AssumeRolePolicyDocument');
  const principals = principalIds(world, trust, call);
  checkSize(trust, 'ACLSizePerRole', trustQuota);
  if (roleNamed(world, call.account, name)) throw alreadyExists(`Role with name ${name}`);
  const more = optional(input);
  if (more.boundary !== undefined) mustBeBoundary(world, call, more.boundary);
  const role = putRole(world, {
    account: call.account,
    name,
    trust,
    principals,
    path: optionalText(input, 'Path') ?? '/',
    now: call.now,
    maxSessionSeconds: Number(text(input, 'MaxSessionDuration') || '3600'),
    tags,
    ...more,
  });
  return { Role: createdRole(role) };
};

const updateRole: Operation<World> = (world, input, call) => {
  const role = roleToChange(world, call.account, input);
  role.MaxSessionDuration = Number(text(input, 'MaxSessionDuration') || role.MaxSessionDuration);
  const words = optionalText(input, 'Description');
  if (words !== undefined) role.Description = words;
  return {};
};

const updateTrust: Operation<World> = (world, input, call) => {
  const role = roleToChange(world, call.account, input);
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
  UpdateRoleDescription: (world, input, call) => {
    const role = roleToChange(world, call.account, input);
    role.Description = text(input, 'Description');
    const { MaxSessionDuration: _left, ...Role } = listedRole(world, role);
    return { Role };
  },
  UpdateAssumeRolePolicy: updateTrust,
  DeleteRole: deleteRole,
  GetRole: (world, input, call) => ({ Role: roleOutput(world, roleIn(world, call.account, input)) }),
  ListRoles: (world, input, call) => {
    const page = pageOf('Roles', underPrefix(world, call.account, input), input);
    return { ...page, Roles: (page['Roles'] as readonly IamRole[]).map((role) => listedRole(world, role)) };
  },
};
