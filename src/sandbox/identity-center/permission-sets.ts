import { quotas } from '../../model/quotas.ts';
import { nextId, type Operation, type Output } from '../core.ts';
import { optional, present, required, seconds } from './input.ts';
import { conflict, instanceOf, overQuota, permissionSetOf, requireRightToChange } from './lookup.ts';
import { paged } from './page.ts';
import type { Definition, PermissionSet, SsoState } from './state.ts';
import { descriptionRule, nameRule, relayStateRule, sessionDuration, tagsFrom } from './values.ts';
import type { World } from '../world.ts';

/** Every edit makes what accounts have out of date, until ProvisionPermissionSet. */
export const edit = (set: PermissionSet, changed: Partial<Definition>): void => {
  set.definition = { ...set.definition, ...changed };
  set.revision += 1;
};

const shown = (set: PermissionSet): Output =>
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
  if (sets.some((set) => set.name === name)) throw conflict(`PermissionSet with name ${name} already exists.`);
  if (sets.length >= quotas.permissionSets)
    throw overQuota(`You have exceeded the limit of ${quotas.permissionSets} permission sets`);
};

const createPermissionSet: Operation<World> = (world, input, call) => {
  const sso = instanceOf(world, input);
  const name = required(input, 'Name', nameRule);
  const definition: Definition = {
    description: optional(input, 'Description', descriptionRule),
    sessionDuration: sessionDuration(input) ?? 'PT1H',
    relayState: optional(input, 'RelayState', relayStateRule),
    managedPolicies: [],
    customerManagedPolicies: [],
    inlinePolicy: null,
    boundary: null,
  };
  const tags = tagsFrom(input);
  refuseDuplicate(sso, name);
  const arn = `arn:aws:sso:::permissionSet/${sso.instanceArn.slice(sso.instanceArn.indexOf('/') + 1)}/ps-${nextId(world.ids, 16)}`;
  const set: PermissionSet = { arn, name, createdDate: call.now, revision: 1, definition, tags };
  sso.permissionSets[arn] = set;
  return { PermissionSet: shown(set) };
};

const describePermissionSet: Operation<World> = (world, input) => ({
  PermissionSet: shown(permissionSetOf(world, input)),
});

/** What the request leaves out is cleared, but for the session's duration. */
const updatePermissionSet: Operation<World> = (world, input, call) => {
  const set = permissionSetOf(world, input);
  requireRightToChange(world, call, set.arn);
  edit(set, {
    description: optional(input, 'Description', descriptionRule),
    relayState: optional(input, 'RelayState', relayStateRule),
    sessionDuration: sessionDuration(input) ?? set.definition.sessionDuration,
  });
  return {};
};

/** Where it is assigned it is provisioned. */
const inUse = (sso: SsoState, arn: string): boolean =>
  sso.provisioned.some((role) => role.permissionSetArn === arn) ||
  sso.requests.some((request) => request.permissionSetArn === arn && request.status === 'IN_PROGRESS');

const deletePermissionSet: Operation<World> = (world, input, call) => {
  const set = permissionSetOf(world, input);
  requireRightToChange(world, call, set.arn);
  if (inUse(world.sso, set.arn))
    throw conflict('Could not delete because PermissionSet has ApplicationProfile associated with it');
  Reflect.deleteProperty(world.sso.permissionSets, set.arn);
  return {};
};

const listPermissionSets: Operation<World> = (world, input) =>
  paged(input, 'PermissionSets', Object.keys(instanceOf(world, input).permissionSets));

export const permissionSetOperations: Readonly<Record<string, Operation<World>>> = {
  CreatePermissionSet: createPermissionSet,
  DescribePermissionSet: describePermissionSet,
  UpdatePermissionSet: updatePermissionSet,
  DeletePermissionSet: deletePermissionSet,
  ListPermissionSets: listPermissionSets,
};
