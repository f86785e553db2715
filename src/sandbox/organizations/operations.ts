/** The imitated AWS Organizations: who may call what, and the table of its operations. */
import type { SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { organizationAccountOperations } from './accounts.ts';
import { attachmentOperations } from './attach.ts';
import { delegationOperations } from './delegation.ts';
import { handshakeOperations } from './handshakes.ts';
import { lifecycleOperations } from './lifecycle.ts';
import { organizationPolicyOperations } from './policies.ts';
import { constraint } from './refusal.ts';
import { isDelegated, resourcePolicyOperations } from './resource-policy.ts';
import { tagOperations } from './tags.ts';
import { treeOperations } from './tree.ts';
import type { SandboxWorld } from '../world.ts';

/** "You can only call this operation from the management account", says the API reference of each. */
const managementOnly = new Set([
  'CreateOrganizationalUnit',
  'UpdateOrganizationalUnit',
  'DeleteOrganizationalUnit',
  'MoveAccount',
  'RegisterDelegatedAdministrator',
  'DeregisterDelegatedAdministrator',
  'EnableAWSServiceAccess',
  'DisableAWSServiceAccess',
  'CreateAccount',
  'CloseAccount',
  'RemoveAccountFromOrganization',
  'InviteAccountToOrganization',
  'EnableAllFeatures',
  'DeleteOrganization',
  'PutResourcePolicy',
  'DeleteResourcePolicy',
]);

/** What every account may ask, those outside included where there is something to ask about. */
const anybody = new Set([
  'DescribeOrganization',
  'CreateOrganization',
  'LeaveOrganization',
  'DescribeEffectivePolicy',
  'DescribeHandshake',
  'AcceptHandshake',
  'DeclineHandshake',
  'CancelHandshake',
  'ListHandshakesForAccount',
]);

/** Policies need all features. */
const allFeatures =
  /PolicyType$|^(Attach|Detach|Create|Update|Delete)Policy$|DelegatedAdministrator$|^EnableAWSServiceAccess$|ResourcePolicy$|^CloseAccount$/;

const checkInUse = ({ organizations: { id } }: SandboxWorld, { operation }: SandboxCall): void => {
  if (id.startsWith('o-') || operation === 'CreateOrganization' || operation === 'ListHandshakesForAccount') return;
  throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
};

const checkCaller = ({ organizations: state }: SandboxWorld, call: SandboxCall): void => {
  if (call.account === state.management || anybody.has(call.operation) || isDelegated(state, call)) return;
  const delegated = state.delegatedAdministrators.some(({ account }) => account === call.account);
  if (delegated && !managementOnly.has(call.operation)) return;
  throw new AwsError(
    'AccessDeniedException',
    "You don't have permissions to access this resource: the operation belongs to the management account.",
  );
};

const checkFeatures = ({ organizations: { featureSet } }: SandboxWorld, { operation }: SandboxCall): void => {
  if (featureSet === 'CONSOLIDATED_BILLING' && allFeatures.test(operation))
    throw constraint('ORGANIZATION_NOT_IN_ALL_FEATURES_MODE', 'The organization supports consolidated billing only.');
};

const checked =
  (operation: SandboxOperation<SandboxWorld>): SandboxOperation<SandboxWorld> =>
  (world, input, call) => {
    checkInUse(world, call);
    checkCaller(world, call);
    checkFeatures(world, call);
    return operation(world, input, call);
  };

export const organizationsOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = Object.fromEntries(
  Object.entries({
    ...lifecycleOperations,
    ...organizationAccountOperations,
    ...handshakeOperations,
    ...treeOperations,
    ...organizationPolicyOperations,
    ...attachmentOperations,
    ...tagOperations,
    ...delegationOperations,
    ...resourcePolicyOperations,
  }).map(([name, operation]) => [name, checked(operation)]),
);
