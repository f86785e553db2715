/** The imitated AWS Organizations: who may call what, and the table of its operations. */
import { AwsError, type Call, type Operation } from '../core.ts';
import { attachmentOperations } from './attach.ts';
import { delegationOperations } from './delegation.ts';
import { policyOperations } from './policies.ts';
import { tagOperations } from './tags.ts';
import { treeOperations } from './tree.ts';
import type { World } from '../world.ts';

/** "You can only call this operation from the management account", says the API reference of each. */
const managementOnly = new Set([
  'CreateOrganizationalUnit',
  'UpdateOrganizationalUnit',
  'DeleteOrganizationalUnit',
  'MoveAccount',
  'RegisterDelegatedAdministrator',
  'DeregisterDelegatedAdministrator',
]);

const checkInUse = ({ organizations: { id } }: World): void => {
  if (id.startsWith('o-')) return;
  throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
};

const checkCaller = ({ organizations: state }: World, call: Call): void => {
  if (call.account === state.management || call.operation === 'DescribeOrganization') return;
  const delegated = state.delegatedAdministrators.some(({ account }) => account === call.account);
  if (delegated && !managementOnly.has(call.operation)) return;
  throw new AwsError(
    'AccessDeniedException',
    "You don't have permissions to access this resource: the operation belongs to the management account.",
  );
};

const checked =
  (operation: Operation<World>): Operation<World> =>
  (world, input, call) => {
    checkInUse(world);
    checkCaller(world, call);
    return operation(world, input, call);
  };

export const organizationsOperations: Readonly<Record<string, Operation<World>>> = Object.fromEntries(
  Object.entries({
    ...treeOperations,
    ...policyOperations,
    ...attachmentOperations,
    ...tagOperations,
    ...delegationOperations,
  }).map(([name, operation]) => [name, checked(operation)]),
);
