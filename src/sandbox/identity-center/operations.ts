/** The imitated sso-admin API: IAM Identity Center's instance, permission sets and assignments. */
import type { Operation } from '../core.ts';
import { applicationSettingOperations } from './application-settings.ts';
import { applicationOperations } from './applications.ts';
import { assignmentOperations } from './assignments.ts';
import { instanceOperations } from './instances.ts';
import { invalid } from './input.ts';
import { requireAdministrator } from './lookup.ts';
import { permissionSetOperations } from './permission-sets.ts';
import { policyOperations } from './policies.ts';
import { settleSso, statusOperations } from './requests.ts';
import { regionOperations, tokenIssuerOperations } from './token-issuers.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

/** An instance of an account that belongs to no organization has neither permission sets nor assignments to accounts. */
const ofOrganization: Ops = {
  ...permissionSetOperations,
  ...policyOperations,
  ...assignmentOperations,
  ...statusOperations,
};

const operations: Ops = {
  ...instanceOperations,
  ...ofOrganization,
  ...applicationOperations,
  ...applicationSettingOperations,
  ...tokenIssuerOperations,
  ...regionOperations,
};

/** What is due happens before the call sees anything. */
const admitted =
  (operation: Operation<World>): Operation<World> =>
  (world, input, call) => {
    settleSso(world, call.now);
    requireAdministrator(world, call);
    if (world.organizations.id === '' && Object.hasOwn(ofOrganization, call.operation))
      throw invalid('The operation is not supported for this Identity Center instance.');
    return operation(world, input, call);
  };

/** By the operation's name in AWS's service model. */
export const ssoAdminOperations: Readonly<Record<string, Operation<World>>> = Object.fromEntries(
  Object.entries(operations).map(([name, operation]) => [name, admitted(operation)]),
);
