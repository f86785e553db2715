/** Roles of one account: made, read and deleted. */
import { AwsError, type Input, type Operation } from '../core.ts';
import {
  alreadyExists,
  check,
  checkDocument,
  deleteConflict,
  document,
  encoded,
  listedRole,
  noSuchEntity,
  pageOf,
  path,
  policyName,
  roleName,
  roleOutput,
  tagsIn,
} from './look.ts';
import { iamOf, putRole, removeRole, roleNamed, type IamRole } from './state.ts';
import { optionalText, own, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const roleIn = (world: World, account: string, input: Input): IamRole => {
  const name = text(input, 'RoleName');
  const role = roleNamed(world, account, name);
  if (role) return role;
  throw noSuchEntity(`role with name ${name}`);
};

const secondsIn = (input: Input): number => {
  const value = Number(text(input, 'MaxSessionDuration') || '3600');
  if (Number.isInteger(value) && value >= 3600 && value <= 43_200) return value;
  throw new AwsError('ValidationError', 'MaxSessionDuration must be between 3600 and 43200.');
};

const optional = (input: Input) => {
  const description = optionalText(input, 'Description');
  const boundary = optionalText(input, 'PermissionsBoundary');
  return {
    ...(description === undefined ? {} : { description }),
    ...(boundary === undefined ? {} : { boundary }),
  };
};

const createRole: Operation<World> = (world, input, call) => {
  check(input, {
    RoleName: roleName,
    AssumeRolePolicyDocument: document,
    Path: path,
    Description: { kind: 'string', max: 1000 },
    PermissionsBoundary: { kind: 'string', min: 20, max: 2048 },
  });
  const name = text(input, 'RoleName');
  const trust = text(input, 'AssumeRolePolicyDocument');
  checkDocument(trust);
  if (roleNamed(world, call.account, name)) throw alreadyExists(`Role with name ${name}`);
  const role = putRole(world, {
    account: call.account,
    name,
    trust,
    path: optionalText(input, 'Path') ?? '/',
    now: call.now,
    maxSessionSeconds: secondsIn(input),
    tags: tagsIn(input),
    ...optional(input),
  });
  return { Role: roleOutput(role) };
};

// Roles under this path belong to Identity Center: IAM lets nobody else change them.
const refuseReserved = (role: IamRole): void => {
  if (role.Path.startsWith('/aws-reserved/'))
    throw new AwsError('UnmodifiableEntity', 'Cannot perform the operation on the protected role.');
};

const deleteRole: Operation<World> = (world, input, call) => {
  check(input, { RoleName: roleName });
  const role = roleIn(world, call.account, input);
  refuseReserved(role);
  if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  removeRole(world, call.account, role.RoleName);
  return {};
};

const underPrefix = (world: World, account: string, input: Input): readonly IamRole[] =>
  Object.values(iamOf(world, account).roles)
    .filter(({ Path }) => Path.startsWith(optionalText(input, 'PathPrefix') ?? '/'))
    .sort((a, b) => (a.RoleName < b.RoleName ? -1 : 1));

const getRolePolicy: Operation<World> = (world, input, call) => {
  check(input, { RoleName: roleName, PolicyName: policyName });
  const { RoleName, inline } = roleIn(world, call.account, input);
  const PolicyName = text(input, 'PolicyName');
  const found = own(inline, PolicyName);
  if (found === undefined) throw noSuchEntity(`role policy with name ${PolicyName}`);
  return { RoleName, PolicyName, PolicyDocument: encoded(found) };
};

const listOfRole =
  (name: string, listed: (role: IamRole) => readonly unknown[]): Operation<World> =>
  (world, input, call) => {
    check(input, { RoleName: roleName });
    return pageOf(name, listed(roleIn(world, call.account, input)), input);
  };

export const roleOperations: Ops = {
  CreateRole: createRole,
  DeleteRole: deleteRole,
  GetRole: (world, input, call) => {
    check(input, { RoleName: roleName });
    return { Role: roleOutput(roleIn(world, call.account, input)) };
  },
  ListRoles: (world, input, call) => {
    check(input, { PathPrefix: { kind: 'string', min: 1, max: 512 } });
    return pageOf('Roles', underPrefix(world, call.account, input).map(listedRole), input);
  },
  GetRolePolicy: getRolePolicy,
  ListRolePolicies: listOfRole('PolicyNames', (role) => Object.keys(role.inline).sort()),
  ListAttachedRolePolicies: listOfRole('AttachedPolicies', (role) => role.attached),
  ListRoleTags: listOfRole('Tags', (role) => role.Tags),
  ListInstanceProfilesForRole: listOfRole('InstanceProfiles', () => []),
};
