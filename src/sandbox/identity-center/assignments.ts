/** Who has which permission set in which account, and where a set is provisioned. */
import { quotas } from '../../model/quotas.ts';
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { optionalInput, requiredInput, structure, word } from './input.ts';
import {
  accountIdRule,
  instanceOf,
  ssoOverQuota,
  permissionSetOf,
  principalIdRule,
  requireManagement,
  requireRightToChange,
  requireRightToTarget,
} from './lookup.ts';
import { paged } from './page.ts';
import { principalTypes, reaches } from './principals.ts';
import { begin, statusOf } from './requests.ts';

import type { SsoAssignment, ProvisionedRole } from './state.ts';
import type { SandboxWorld } from '../world.ts';

const assignmentFrom = (world: SandboxWorld, input: CallInput, call: SandboxCall): SsoAssignment => {
  const set = permissionSetOf(world, input);
  word(input, 'TargetType', ['AWS_ACCOUNT']);
  const assignment = {
    permissionSetArn: set.arn,
    accountId: requiredInput(input, 'TargetId', accountIdRule),
    principalType: word(input, 'PrincipalType', principalTypes),
    principalId: requiredInput(input, 'PrincipalId', principalIdRule),
  };
  requireRightToChange(world, call, set.arn);
  requireRightToTarget(world, call, assignment.accountId);
  return assignment;
};

const refuseFull = (
  world: SandboxWorld,
  { permissionSetArn, accountId, principalType, principalId }: SsoAssignment,
): void => {
  const { assignments, provisioned } = world.sso;
  const here = assignments.filter((row) => row.permissionSetArn === permissionSetArn && row.accountId === accountId);
  const groups = here.filter((row) => row.principalType === 'GROUP' && row.principalId !== principalId);
  if (principalType === 'GROUP' && groups.length >= quotas.groupsPerSetAndAccount)
    throw ssoOverQuota(
      `You have exceeded the limit of ${quotas.groupsPerSetAndAccount} groups for a permission set in an account`,
    );
  if (here.length > 0) return;
  if (provisioned.filter((role) => role.accountId === accountId).length >= quotas.permissionSetsPerAccount)
    throw ssoOverQuota(
      `You have exceeded the limit of ${quotas.permissionSetsPerAccount} permission sets for an account`,
    );
};

const createAssignment: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const assignment = assignmentFrom(world, input, call);
  refuseFull(world, assignment);
  const request = begin(world, { kind: 'creation', permissionSetArn: assignment.permissionSetArn, assignment }, call);
  return { AccountAssignmentCreationStatus: statusOf(request) };
};

const deleteAssignment: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const assignment = assignmentFrom(world, input, call);
  const request = begin(world, { kind: 'deletion', permissionSetArn: assignment.permissionSetArn, assignment }, call);
  return { AccountAssignmentDeletionStatus: statusOf(request) };
};

const shown = (row: SsoAssignment): CallOutput => ({
  AccountId: row.accountId,
  PermissionSetArn: row.permissionSetArn,
  PrincipalType: row.principalType,
  PrincipalId: row.principalId,
});

const listAssignments: SandboxOperation<SandboxWorld> = (world, input) => {
  const set = permissionSetOf(world, input);
  const accountId = requiredInput(input, 'AccountId', accountIdRule);
  const rows = world.sso.assignments.filter((row) => row.permissionSetArn === set.arn && row.accountId === accountId);
  return paged(input, 'AccountAssignments', rows.map(shown));
};

const listForPrincipal: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { assignments } = instanceOf(world, input);
  requireManagement(world, call);
  const type = word(input, 'PrincipalType', principalTypes);
  const id = requiredInput(input, 'PrincipalId', principalIdRule);
  const accountId = optionalInput(structure(input, 'Filter') ?? {}, 'AccountId', accountIdRule);
  const rows = assignments.filter(reaches(world, type, id));
  return paged(
    input,
    'AccountAssignments',
    rows.filter((row) => accountId === null || row.accountId === accountId).map(shown),
  );
};

const provisioningStatuses = ['LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED'] as const;

const isLatest = (world: SandboxWorld, role: ProvisionedRole): boolean =>
  world.sso.permissionSets[role.permissionSetArn]?.revision === role.revision;

/** Without ProvisioningStatus: both kinds. */
const matchingStatus = (world: SandboxWorld, input: CallInput) => {
  if (input['ProvisioningStatus'] === undefined) return () => true;
  const status = word(input, 'ProvisioningStatus', provisioningStatuses);
  return (role: ProvisionedRole): boolean => isLatest(world, role) === (status === 'LATEST_PERMISSION_SET_PROVISIONED');
};

const listSetsInAccount: SandboxOperation<SandboxWorld> = (world, input) => {
  const { provisioned } = instanceOf(world, input);
  const accountId = requiredInput(input, 'AccountId', accountIdRule);
  const rows = provisioned.filter((role) => role.accountId === accountId).filter(matchingStatus(world, input));
  return paged(
    input,
    'PermissionSets',
    rows.map((role) => role.permissionSetArn),
  );
};

const listAccountsOfSet: SandboxOperation<SandboxWorld> = (world, input) => {
  const set = permissionSetOf(world, input);
  const rows = world.sso.provisioned.filter((role) => role.permissionSetArn === set.arn);
  return paged(
    input,
    'AccountIds',
    rows.filter(matchingStatus(world, input)).map((role) => role.accountId),
  );
};

/**
 * A set that no account has is provisioned to nothing and succeeds, as Terraform's attachments do before the first
 * assignment; one named account that does not have it fails.
 */
const provisionSet: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = permissionSetOf(world, input);
  const type = word(input, 'TargetType', ['AWS_ACCOUNT', 'ALL_PROVISIONED_ACCOUNTS']);
  const target = type === 'AWS_ACCOUNT' ? requiredInput(input, 'TargetId', accountIdRule) : null;
  requireRightToChange(world, call, set.arn);
  if (target !== null) requireRightToTarget(world, call, target);
  const accountIds = world.sso.provisioned
    .filter((role) => role.permissionSetArn === set.arn)
    .map((role) => role.accountId);
  const request = begin(
    world,
    { kind: 'provisioning', permissionSetArn: set.arn, target, accountIds: target === null ? accountIds : [target] },
    call,
  );
  return { PermissionSetProvisioningStatus: statusOf(request) };
};

export const assignmentOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  CreateAccountAssignment: createAssignment,
  DeleteAccountAssignment: deleteAssignment,
  ListAccountAssignments: listAssignments,
  ListAccountAssignmentsForPrincipal: listForPrincipal,
  ListPermissionSetsProvisionedToAccount: listSetsInAccount,
  ListAccountsForProvisionedPermissionSet: listAccountsOfSet,
  ProvisionPermissionSet: provisionSet,
};
