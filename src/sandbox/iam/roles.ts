/** Roles of one account: made, read, changed and deleted. */
import type { CallInput, SandboxOperation } from '../core.ts';
import { checkSize } from './documents.ts';
import { alreadyExists, deleteConflict, noSuchIamEntity, iamListPage, iamTagsIn, unmodifiable } from './look.ts';
import { mustBeBoundary } from './policies.ts';
import { principalIds } from './principals.ts';
import { createdRole, listedRole, instanceProfilesOf, roleOutput } from './role-output.ts';
import type { IamRole } from './state.ts';
import { iamOf, putRole, removeRole, roleNamed } from './state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** The role that the input names; throws NoSuchEntity. */
export const iamRoleIn = (world: SandboxWorld, account: string, input: CallInput): IamRole => {
  const name = textMember(input, 'RoleName');
  const role = roleNamed(world, account, name);
  if (role) return role;
  throw noSuchIamEntity(`role with name ${name}`);
};

/** As `roleIn`, for a change. Roles under the reserved paths belong to AWS's services: nobody else changes them. */
export const roleToChange = (world: SandboxWorld, account: string, input: CallInput): IamRole => {
  const role = iamRoleIn(world, account, input);
  if (/^\/aws-(reserved|service-role)\//.test(role.Path))
    throw unmodifiable(
      `Cannot perform the operation on the protected role '${role.RoleName}' - this role is only modifiable by AWS`,
    );
  return role;
};

const optional = (input: CallInput) => {
  const words = optionalTextMember(input, 'Description');
  const boundary = optionalTextMember(input, 'PermissionsBoundary');
  return {
    ...(words === undefined ? {} : { description: words }),
    ...(boundary === undefined ? {} : { boundary }),
  };
};

/** "IAM and AWS STS quotas": the default length of a role trust policy. */
const trustQuota = 2048;

const createRole: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'RoleName');
  const tags = iamTagsIn(input, 'case-insensitive');
  const trust = textMember(input, 'AssumeRolePolicyDocument');
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
    path: optionalTextMember(input, 'Path') ?? '/',
    now: call.now,
    maxSessionSeconds: Number(textMember(input, 'MaxSessionDuration') || '3600'),
    tags,
    ...more,
  });
  return { Role: createdRole(role) };
};

const updateRole: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const role = roleToChange(world, call.account, input);
  role.MaxSessionDuration = Number(textMember(input, 'MaxSessionDuration') || role.MaxSessionDuration);
  const words = optionalTextMember(input, 'Description');
  if (words !== undefined) role.Description = words;
  return {};
};

const updateTrust: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const role = roleToChange(world, call.account, input);
  const trust = textMember(input, 'PolicyDocument');
  const principals = principalIds(world, trust, call);
  checkSize(trust, 'ACLSizePerRole', trustQuota);
  role.AssumeRolePolicyDocument = trust;
  role.principals = principals;
  return {};
};

const deleteRole: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const role = roleToChange(world, call.account, input);
  if (instanceProfilesOf(world, call.account, role).length > 0)
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
  if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  removeRole(world, call.account, role.RoleName);
  return {};
};

const underPrefix = (world: SandboxWorld, account: string, input: CallInput): readonly IamRole[] =>
  Object.values(iamOf(world, account).roles)
    .filter(({ Path }) => Path.startsWith(optionalTextMember(input, 'PathPrefix') ?? '/'))
    .sort((a, b) => (a.RoleName < b.RoleName ? -1 : 1));

export const roleOperations: WorldOperations = {
  CreateRole: createRole,
  UpdateRole: updateRole,
  UpdateRoleDescription: (world, input, call) => {
    const role = roleToChange(world, call.account, input);
    role.Description = textMember(input, 'Description');
    const { MaxSessionDuration: _left, ...Role } = listedRole(world, role);
    return { Role };
  },
  UpdateAssumeRolePolicy: updateTrust,
  DeleteRole: deleteRole,
  GetRole: (world, input, call) => ({ Role: roleOutput(world, iamRoleIn(world, call.account, input)) }),
  ListRoles: (world, input, call) => {
    const page = iamListPage('Roles', underPrefix(world, call.account, input), input);
    return { ...page, Roles: (page['Roles'] as readonly IamRole[]).map((role) => listedRole(world, role)) };
  },
};
