/** The imitated sso-admin API: IAM Identity Center's instance, permission sets and assignments. */
import type { SandboxOperation } from '../core.ts';
import { applicationSettingOperations } from './application-settings.ts';
import { applicationOperations } from './applications.ts';
import { assignmentOperations } from './assignments.ts';
import { instanceOperations } from './instances.ts';
import { invalidSsoInput } from './input.ts';
import { requireAdministrator } from './lookup.ts';
import { permissionSetOperations } from './permission-sets.ts';
import { setPolicyOperations } from './policies.ts';
import { settleSso, statusOperations } from './requests.ts';
import { regionOperations, tokenIssuerOperations } from './token-issuers.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** An instance of an account that belongs to no organization has neither permission sets nor assignments to accounts. */
const ofOrganization: WorldOperations = {
  ...permissionSetOperations,
  ...setPolicyOperations,
  ...assignmentOperations,
  ...statusOperations,
};

const operations: WorldOperations = {
  ...instanceOperations,
  ...ofOrganization,
  ...applicationOperations,
  ...applicationSettingOperations,
  ...tokenIssuerOperations,
  ...regionOperations,
};

/** What is due happens before the call sees anything. */
const admitted =
  (operation: SandboxOperation<SandboxWorld>): SandboxOperation<SandboxWorld> =>
  (world, input, call) => {
    settleSso(world, call.now);
    requireAdministrator(world, call);
    if (world.organizations.id === '' && Object.hasOwn(ofOrganization, call.operation))
      throw invalidSsoInput('The operation is not supported for this Identity Center instance.');
    return operation(world, input, call);
  };

/** By the operation's name in AWS's service model. */
export const ssoAdminOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = Object.fromEntries(
  Object.entries(operations).map(([name, operation]) => [name, admitted(operation)]),
);
