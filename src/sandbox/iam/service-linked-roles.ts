/** Roles that belong to a service: made for it and deleted by a task. */
import type { SandboxOperation, CallOutput } from '../core.ts';
import { nextUuid } from '../core.ts';
import { invalidIamInput, missingIamEntity } from './look.ts';
import { createdRole } from './role-output.ts';
import { iamRoleIn } from './roles.ts';
import { serviceLinkedRoles, withSuffix } from './service-linked-names.ts';
import { iamOf, putRole, removeRole, roleNamed } from './state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

type LinkedService = { readonly name: string; readonly policy?: string };

/** A service that is not in the table gets the name that most follow, and no policy. */
const linkedOf = (service: string): LinkedService => {
  const [, role, policy] = serviceLinkedRoles.find(([known]) => known === service) ?? [];
  if (role !== undefined && policy !== undefined) return { name: `AWSServiceRoleFor${role}`, policy };
  const words = service.split(/[.-]/).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return { name: `AWSServiceRoleFor${words.reverse().join('')}` };
};

const trustOf = (principal: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' }],
  });

const attachedOf = (policy: string | undefined) =>
  policy === undefined ? [] : [{ PolicyName: policy, PolicyArn: `arn:aws:iam::aws:policy/aws-service-role/${policy}` }];

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const principal = textMember(input, 'AWSServiceName');
  const suffix = optionalTextMember(input, 'CustomSuffix');
  const [, service] = /^([a-z0-9.-]+)\.amazonaws\.com$/.exec(principal) ?? [];
  if (service === undefined) throw invalidIamInput(`${principal} is not a valid AWS service name.`);
  const { name, policy } = linkedOf(service);
  const isListed = policy !== undefined;
  if (suffix !== undefined && isListed && !withSuffix.includes(service))
    throw invalidIamInput(`Custom suffix is not allowed for ${principal}`);
  const role = suffix === undefined ? name : `${name}_${suffix}`;
  if (roleNamed(world, call.account, role))
    throw invalidIamInput(`Service role name ${role} has been taken in this account, please try a different suffix.`);
  const description = optionalTextMember(input, 'Description');
  const made = putRole(world, {
    account: call.account,
    name: role,
    path: `/aws-service-role/${principal}/`,
    trust: trustOf(principal),
    now: call.now,
    attached: attachedOf(policy),
    ...(description === undefined ? {} : { description }),
  });
  return { Role: createdRole(made) };
};

/** The sandbox has no services that could still use the role, so that every task succeeds at once. */
const remove: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const role = iamRoleIn(world, call.account, input);
  if (!role.Path.startsWith('/aws-service-role/'))
    throw invalidIamInput(`The role ${role.RoleName} is not a service-linked role.`);
  removeRole(world, call.account, role.RoleName);
  const DeletionTaskId = `task${role.Path}${role.RoleName}/${nextUuid(world.ids)}`;
  const iam = iamOf(world, call.account);
  iam.deletions = [...(iam.deletions ?? []), DeletionTaskId];
  return { DeletionTaskId };
};

const status: SandboxOperation<SandboxWorld> = (world, input, call): CallOutput => {
  const id = textMember(input, 'DeletionTaskId');
  if (iamOf(world, call.account).deletions?.includes(id)) return { Status: 'SUCCEEDED' };
  throw missingIamEntity(`Deletion task ${id} cannot be found.`);
};

export const serviceLinkedRoleOperations: WorldOperations = {
  CreateServiceLinkedRole: create,
  DeleteServiceLinkedRole: remove,
  GetServiceLinkedRoleDeletionStatus: status,
};
