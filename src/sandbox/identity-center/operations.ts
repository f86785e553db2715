/** The imitated sso-admin API: IAM Identity Center's instance, permission sets and assignments. */
import type { Operation } from '../core.ts';
import { assignmentOperations } from './assignments.ts';
import { instanceOperations } from './instances.ts';
import { requireAdministrator } from './lookup.ts';
import { permissionSetOperations } from './permission-sets.ts';
import { policyOperations } from './policies.ts';
import { settleSso, statusOperations } from './requests.ts';
import type { World } from '../world.ts';

/** What is due happens before the call sees anything. */
const admitted =
  (operation: Operation<World>): Operation<World> =>
  (world, input, call) => {
    settleSso(world, call.now);
    requireAdministrator(world, call);
    return operation(world, input, call);
  };

const operations = {
  ...instanceOperations,
  ...permissionSetOperations,
  ...policyOperations,
  ...assignmentOperations,
  ...statusOperations,
};

/** By the operation's name in AWS's service model. */
export const ssoAdminOperations: Readonly<Record<string, Operation<World>>> = Object.fromEntries(
  Object.entries(operations).map(([name, operation]) => [name, admitted(operation)]),
);
