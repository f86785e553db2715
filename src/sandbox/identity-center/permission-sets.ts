import { quotas } from '../../model/quotas.ts';
import type { SandboxOperation, CallOutput } from '../core.ts';
import { nextId } from '../core.ts';
import { optionalInput, present, requiredInput, seconds } from './input.ts';
import { ssoConflict, instanceOf, ssoOverQuota, permissionSetOf, requireRightToChange } from './lookup.ts';
import { paged } from './page.ts';
import type { SetDefinition, SsoPermissionSet, SsoState } from './state.ts';
import { descriptionRule, nameRule, relayStateRule, sessionDuration, tagsFrom } from './values.ts';
import type { SandboxWorld } from '../world.ts';

/** Every edit makes what accounts have out of date, until ProvisionPermissionSet. */
export const edit = (set: SsoPermissionSet, changed: Partial<SetDefinition>): void => {
  set.definition = { ...set.definition, ...changed };
  set.revision += 1;
};

const shown = (set: SsoPermissionSet): CallOutput =>
  present({
    Name: set.name,
    PermissionSetArn: set.arn,
    Description: set.definition.description,
    CreatedDate: seconds(set.createdDate),
    SessionDuration: set.definition.sessionDuration,
    RelayState: set.definition.relayState,
  });

const refuseDuplicate = (sso: SsoState, name: string): void => {
  const sets = Object.values(sso.permissionSets);
  if (sets.some((set) => set.name === name)) throw ssoConflict(`PermissionSet with name ${name} already exists.`);
  if (sets.length >= quotas.permissionSets)
    throw ssoOverQuota(`You have exceeded the limit of ${quotas.permissionSets} permission sets`);
};

const createPermissionSet: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const sso = instanceOf(world, input);
  const name = requiredInput(input, 'Name', nameRule);
  const definition: SetDefinition = {
    description: optionalInput(input, 'Description', descriptionRule),
    sessionDuration: sessionDuration(input) ?? 'PT1H',
    relayState: optionalInput(input, 'RelayState', relayStateRule),
    managedPolicies: [],
    customerManagedPolicies: [],
    inlinePolicy: null,
    boundary: null,
  };
  const tags = tagsFrom(input);
  refuseDuplicate(sso, name);
  const arn = `arn:aws:sso:::permissionSet/${sso.instanceArn.slice(sso.instanceArn.indexOf('/') + 1)}/ps-${nextId(world.ids, 16)}`;
  const set: SsoPermissionSet = { arn, name, createdDate: call.now, revision: 1, definition, tags };
  sso.permissionSets[arn] = set;
  return { PermissionSet: shown(set) };
};

const describePermissionSet: SandboxOperation<SandboxWorld> = (world, input) => ({
  PermissionSet: shown(permissionSetOf(world, input)),
});

/** What the request leaves out is cleared, but for the session's duration. */
const updatePermissionSet: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = permissionSetOf(world, input);
  requireRightToChange(world, call, set.arn);
  edit(set, {
    description: optionalInput(input, 'Description', descriptionRule),
    relayState: optionalInput(input, 'RelayState', relayStateRule),
    sessionDuration: sessionDuration(input) ?? set.definition.sessionDuration,
  });
  return {};
};

/** Where it is assigned it is provisioned. */
const inUse = (sso: SsoState, arn: string): boolean =>
  sso.provisioned.some((role) => role.permissionSetArn === arn) ||
  sso.requests.some((request) => request.permissionSetArn === arn && request.status === 'IN_PROGRESS');

const deletePermissionSet: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const set = permissionSetOf(world, input);
  requireRightToChange(world, call, set.arn);
  if (inUse(world.sso, set.arn))
    throw ssoConflict('Could not delete because PermissionSet has ApplicationProfile associated with it');
  Reflect.deleteProperty(world.sso.permissionSets, set.arn);
  return {};
};

const listPermissionSets: SandboxOperation<SandboxWorld> = (world, input) =>
  paged(input, 'PermissionSets', Object.keys(instanceOf(world, input).permissionSets));

export const permissionSetOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  CreatePermissionSet: createPermissionSet,
  DescribePermissionSet: describePermissionSet,
  UpdatePermissionSet: updatePermissionSet,
  DeletePermissionSet: deletePermissionSet,
  ListPermissionSets: listPermissionSets,
};
