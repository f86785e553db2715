import { nextUuid, type Input, type Operation, type Output } from '../core.ts';
import { alternateFrom, changesFrom, filterFrom, hasExternalId } from './alternates.ts';
import { duplicate, groupOf, idPrefix, notFound, shownStamps, stamped } from './lookup.ts';
import type { Group } from './state.ts';
import { invalid, optional, present } from '../identity-center/input.ts';
import { paged } from '../identity-center/page.ts';
import type { World } from '../world.ts';

const nameRule = { min: 1, max: 1024, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0]+$/u };
export const textRule = { min: 1, max: 1024, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0\u3000]+$/u };

const shown = (world: World, group: Group): Output =>
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
const refuseDuplicate = (world: World, name: string | null, except?: Group): void => {
  const taken = Object.values(world.identityStore.groups).some(
    (group) => group !== except && sameName(group.displayName, name),
  );
  if (taken) throw duplicate('Duplicate GroupDisplayName');
};

const createGroup: Operation<World> = (world, input, call) => {
  const displayName = optional(input, 'DisplayName', nameRule);
  const description = optional(input, 'Description', textRule);
  if (displayName === null) throw invalid('displayName is a required attribute');
  refuseDuplicate(world, displayName);
  const groupId = `${idPrefix(world)}${nextUuid(world.ids)}`;
  world.identityStore.groups[groupId] = { groupId, displayName, description, externalIds: [], ...stamped(call) };
  return { GroupId: groupId, IdentityStoreId: world.identityStore.identityStoreId };
};

const describeGroup: Operation<World> = (world, input) => shown(world, groupOf(world, input));

const changed = (operations: Input): { displayName?: string; description?: string | null } =>
  Object.fromEntries(
    changesFrom(operations).map(({ path, value }) => {
      if (path.toLowerCase() === 'displayname')
        return ['displayName', optional({ DisplayName: value }, 'DisplayName', nameRule)];
      if (path.toLowerCase() === 'description')
        return ['description', optional({ Description: value }, 'Description', textRule)];
      throw invalid(`The attribute path ${path} of a group cannot be updated.`);
    }),
  );

const updateGroup: Operation<World> = (world, input, call) => {
  const group = groupOf(world, input);
  const changes = changed(input);
  if (changes.displayName === null) throw invalid('displayName is a required attribute');
  refuseDuplicate(world, changes.displayName ?? null, group);
  Object.assign(group, changes, { updatedAt: call.now, updatedBy: call.principalArn });
  return {};
};

/** Takes the memberships along; account assignments stay behind with a principal that no longer exists. */
const deleteGroup: Operation<World> = (world, input) => {
  const { groupId } = groupOf(world, input);
  const { memberships, groups } = world.identityStore;
  for (const membership of Object.values(memberships))
    if (membership.groupId === groupId) Reflect.deleteProperty(memberships, membership.membershipId);
  Reflect.deleteProperty(groups, groupId);
  return {};
};

const listGroups: Operation<World> = (world, input) => {
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

const getGroupId: Operation<World> = (world, input) => {
  const wanted = alternateFrom(input, ['displayname']);
  const group = Object.values(world.identityStore.groups).find((known) =>
    wanted.kind === 'external'
      ? hasExternalId(known.externalIds, wanted.id)
      : sameName(known.displayName, wanted.value),
  );
  if (!group) throw notFound('GROUP');
  return { GroupId: group.groupId, IdentityStoreId: world.identityStore.identityStoreId };
};

export const groupOperations: Readonly<Record<string, Operation<World>>> = {
  CreateGroup: createGroup,
  DescribeGroup: describeGroup,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
  ListGroups: listGroups,
  GetGroupId: getGroupId,
};
