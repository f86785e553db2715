import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { nextUuid } from '../core.ts';
import { alternateFrom, changesFrom, filterFrom, hasExternalId } from './alternates.ts';
import { duplicateRecord, directoryGroupOf, idPrefix, recordNotFound, shownStamps, stamped } from './lookup.ts';
import type { DirectoryGroup } from './state.ts';
import { invalidSsoInput, optionalInput, present } from '../identity-center/input.ts';
import { paged } from '../identity-center/page.ts';
import type { SandboxWorld } from '../world.ts';

const nameRule = { min: 1, max: 1024, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0]+$/u };
export const textRule = { min: 1, max: 1024, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0\u3000]+$/u };

const shown = (world: SandboxWorld, group: DirectoryGroup): CallOutput =>
  present({
    GroupId: group.groupId,
    DisplayName: group.displayName,
    Description: group.description,
    ExternalIds: group.externalIds.length > 0 ? group.externalIds : null,
    ...shownStamps(group),
    IdentityStoreId: world.identityStore.identityStoreId,
  });

const sameName = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one.toLowerCase() === other.toLowerCase();

/** Display names are unique without regard to case: the stricter of two readings, AWS documents neither. */
const refuseDuplicate = (world: SandboxWorld, name: string | null, except?: DirectoryGroup): void => {
  const taken = Object.values(world.identityStore.groups).some(
    (group) => group !== except && sameName(group.displayName, name),
  );
  if (taken) throw duplicateRecord('Duplicate GroupDisplayName');
};

const createGroup: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const displayName = optionalInput(input, 'DisplayName', nameRule);
  const description = optionalInput(input, 'Description', textRule);
  if (displayName === null) throw invalidSsoInput('displayName is a required attribute');
  refuseDuplicate(world, displayName);
  const groupId = `${idPrefix(world)}${nextUuid(world.ids)}`;
  world.identityStore.groups[groupId] = { groupId, displayName, description, externalIds: [], ...stamped(call) };
  return { GroupId: groupId, IdentityStoreId: world.identityStore.identityStoreId };
};

const describeGroup: SandboxOperation<SandboxWorld> = (world, input) => shown(world, directoryGroupOf(world, input));

const changed = (operations: CallInput): { displayName?: string; description?: string | null } =>
  Object.fromEntries(
    changesFrom(operations).map(({ path, value }) => {
      if (path.toLowerCase() === 'displayname')
        return ['displayName', optionalInput({ DisplayName: value }, 'DisplayName', nameRule)];
      if (path.toLowerCase() === 'description')
        return ['description', optionalInput({ Description: value }, 'Description', textRule)];
      throw invalidSsoInput(`The attribute path ${path} of a group cannot be updated.`);
    }),
  );

const updateGroup: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const group = directoryGroupOf(world, input);
  const changes = changed(input);
  if (changes.displayName === null) throw invalidSsoInput('displayName is a required attribute');
  refuseDuplicate(world, changes.displayName ?? null, group);
  Object.assign(group, changes, { updatedAt: call.now, updatedBy: call.principalArn });
  return {};
};

/** Takes the memberships along; account assignments stay behind with a principal that no longer exists. */
const deleteGroup: SandboxOperation<SandboxWorld> = (world, input) => {
  const { groupId } = directoryGroupOf(world, input);
  const { memberships, groups } = world.identityStore;
  for (const membership of Object.values(memberships))
    if (membership.groupId === groupId) Reflect.deleteProperty(memberships, membership.membershipId);
  Reflect.deleteProperty(groups, groupId);
  return {};
};

const listGroups: SandboxOperation<SandboxWorld> = (world, input) => {
  const name = filterFrom(input, 'DisplayName');
  const groups = Object.values(world.identityStore.groups).filter(
    (group) => name === null || sameName(group.displayName, name),
  );
  return paged(
    input,
    'Groups',
    groups.map((group) => shown(world, group)),
  );
};

const getGroupId: SandboxOperation<SandboxWorld> = (world, input) => {
  const wanted = alternateFrom(input, ['displayname']);
  const group = Object.values(world.identityStore.groups).find((known) =>
    wanted.kind === 'external'
      ? hasExternalId(known.externalIds, wanted.id)
      : sameName(known.displayName, wanted.value),
  );
  if (!group) throw recordNotFound('GROUP');
  return { GroupId: group.groupId, IdentityStoreId: world.identityStore.identityStoreId };
};

export const directoryGroupOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  CreateGroup: createGroup,
  DescribeGroup: describeGroup,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
  ListGroups: listGroups,
  GetGroupId: getGroupId,
};
