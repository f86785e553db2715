import type { SandboxOperation, CallOutput } from '../core.ts';
import { nextUuid } from '../core.ts';
import {
  duplicateRecord,
  directoryGroupOf,
  idPrefix,
  directoryMemberOf,
  membershipOf,
  recordNotFound,
  shownStamps,
  stamped,
} from './lookup.ts';
import type { DirectoryMembership } from './state.ts';
import { list, requiredInput } from '../identity-center/input.ts';
import { principalIdRule } from '../identity-center/lookup.ts';
import { paged } from '../identity-center/page.ts';
import type { SandboxWorld } from '../world.ts';

const shown = (world: SandboxWorld, membership: DirectoryMembership): CallOutput => ({
  IdentityStoreId: world.identityStore.identityStoreId,
  MembershipId: membership.membershipId,
  GroupId: membership.groupId,
  MemberId: { UserId: membership.userId },
  ...shownStamps(membership),
});

const find = (world: SandboxWorld, groupId: string, userId: string): DirectoryMembership | undefined =>
  Object.values(world.identityStore.memberships).find(
    (membership) => membership.groupId === groupId && membership.userId === userId,
  );

const createMembership: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { groupId } = directoryGroupOf(world, input);
  const { userId } = directoryMemberOf(world, input);
  if (find(world, groupId, userId)) throw duplicateRecord('Member and Group relationship already exists.');
  const membershipId = `${idPrefix(world)}${nextUuid(world.ids)}`;
  world.identityStore.memberships[membershipId] = { membershipId, groupId, userId, ...stamped(call) };
  return { MembershipId: membershipId, IdentityStoreId: world.identityStore.identityStoreId };
};

const describeMembership: SandboxOperation<SandboxWorld> = (world, input) => shown(world, membershipOf(world, input));

const deleteMembership: SandboxOperation<SandboxWorld> = (world, input) => {
  Reflect.deleteProperty(world.identityStore.memberships, membershipOf(world, input).membershipId);
  return {};
};

const getMembershipId: SandboxOperation<SandboxWorld> = (world, input) => {
  const membership = find(world, directoryGroupOf(world, input).groupId, directoryMemberOf(world, input).userId);
  if (!membership) throw recordNotFound('GROUP_MEMBERSHIP');
  return { MembershipId: membership.membershipId, IdentityStoreId: world.identityStore.identityStoreId };
};

const listMemberships: SandboxOperation<SandboxWorld> = (world, input) => {
  const { groupId } = directoryGroupOf(world, input);
  const rows = Object.values(world.identityStore.memberships).filter((membership) => membership.groupId === groupId);
  return paged(
    input,
    'GroupMemberships',
    rows.map((membership) => shown(world, membership)),
  );
};

const listForMember: SandboxOperation<SandboxWorld> = (world, input) => {
  const { userId } = directoryMemberOf(world, input);
  const rows = Object.values(world.identityStore.memberships).filter((membership) => membership.userId === userId);
  return paged(
    input,
    'GroupMemberships',
    rows.map((membership) => shown(world, membership)),
  );
};

/** A group that does not exist has no members; only the member must exist. */
const isMember: SandboxOperation<SandboxWorld> = (world, input) => {
  const { userId } = directoryMemberOf(world, input);
  const ids = list(input, 'GroupIds', { min: 1, max: 100 }).map((GroupId) =>
    requiredInput({ GroupId }, 'GroupId', principalIdRule),
  );
  const result = (GroupId: string): CallOutput => ({
    GroupId,
    MemberId: { UserId: userId },
    MembershipExists: find(world, GroupId, userId) !== undefined,
  });
  return { Results: ids.map(result) };
};

export const membershipOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  CreateGroupMembership: createMembership,
  DescribeGroupMembership: describeMembership,
  DeleteGroupMembership: deleteMembership,
  GetGroupMembershipId: getMembershipId,
  ListGroupMemberships: listMemberships,
  ListGroupMembershipsForMember: listForMember,
  IsMemberInGroups: isMember,
};
