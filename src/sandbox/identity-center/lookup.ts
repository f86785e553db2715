/** Finding what a request of sso-admin names, and who may ask. */
import type { SandboxCall, CallInput } from '../core.ts';
import { AwsError } from '../core.ts';
import { requiredInput } from './input.ts';
import type { SsoPermissionSet, SsoState } from './state.ts';
import type { SandboxWorld } from '../world.ts';

export const ssoNotFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);
export const ssoConflict = (message: string): AwsError => new AwsError('ConflictException', message);
export const ssoOverQuota = (message: string): AwsError => new AwsError('ServiceQuotaExceededException', message);

const instanceArn = { min: 10, max: 1224, pattern: /^arn:aws:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/ };
const permissionSetArn = {
  min: 10,
  max: 1224,
  pattern: /^arn:aws:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}$/,
};
export const accountIdRule = { min: 12, max: 12, pattern: /^\d{12}$/ };
export const principalIdRule = {
  min: 1,
  max: 47,
  pattern: /^([0-9a-f]{10}-|)[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$/,
};
export const uuidRule = { min: 36, max: 36, pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ };

/** The instance that the request names. */
export const instanceOf = (world: SandboxWorld, input: CallInput): SsoState => {
  const arn = requiredInput(input, 'InstanceArn', instanceArn);
  if (arn !== world.sso.instanceArn) throw ssoNotFound(`Could not find Instance with ARN ${arn}`);
  return world.sso;
};

/** The permission set of that ARN. */
export const permissionSetByArn = (world: SandboxWorld, arn: string): SsoPermissionSet => {
  const found = Object.hasOwn(world.sso.permissionSets, arn) ? world.sso.permissionSets[arn] : undefined;
  if (!found) throw ssoNotFound(`Could not find PermissionSet with id ${arn.slice(arn.lastIndexOf('/') + 1)}`);
  return found;
};

/** The permission set that the request names, in the instance that it names. */
export const permissionSetOf = (world: SandboxWorld, input: CallInput): SsoPermissionSet => {
  instanceOf(world, input);
  return permissionSetByArn(world, requiredInput(input, 'PermissionSetArn', permissionSetArn));
};

const denied = (call: SandboxCall, because: string): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `User: ${call.principalArn} is not authorized to perform: sso:${call.operation} ${because}`,
  );

const isDelegate = (world: SandboxWorld, account: string): boolean =>
  world.organizations.delegatedAdministrators.some(
    (delegate) => delegate.account === account && delegate.services.includes('sso.amazonaws.com'),
  );

/** ListInstances shows the organization's instance to every account; the rest is for management and its delegate. */
export const requireAdministrator = (world: SandboxWorld, call: SandboxCall): void => {
  if (call.account === world.organizations.management || call.operation === 'ListInstances') return;
  if (!isDelegate(world, call.account)) throw denied(call, 'on this instance');
};

export const requireManagement = (world: SandboxWorld, call: SandboxCall): void => {
  if (call.account !== world.organizations.management) throw denied(call, 'outside the management account');
};

/** A set that the management account has is out of the delegate's hands everywhere (delegated administration page). */
export const requireRightToChange = (world: SandboxWorld, call: SandboxCall, arn: string): void => {
  const { management } = world.organizations;
  if (call.account === management) return;
  const held =
    world.sso.provisioned.some((role) => role.permissionSetArn === arn && role.accountId === management) ||
    world.sso.assignments.some((row) => row.permissionSetArn === arn && row.accountId === management);
  if (held) throw denied(call, `on resource: ${arn}, which the management account has`);
};

/** The same for a write to an account. */
export const requireRightToTarget = (world: SandboxWorld, call: SandboxCall, account: string): void => {
  if (account === world.organizations.management) requireManagement(world, call);
};
