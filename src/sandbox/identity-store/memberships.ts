import { nextUuid, type Operation, type Output } from '../core.ts';
import { duplicate, groupOf, idPrefix, memberOf, membershipOf, notFound, shownStamps, stamped } from './lookup.ts';
import type { Membership } from './state.ts';
import { list, required } from '../identity-center/input.ts';
import { principalIdRule } from '../identity-center/lookup.ts';
import { paged } from '../identity-center/page.ts';
import type { World } from '../world.ts';

const shown = (world: World, membership: Membership): Output => ({
  IdentityStoreId: world.identityStore.identityStoreId,
  MembershipId: membership.membershipId,
  GroupId: membership.groupId,
  MemberId: { UserId: membership.userId },
  ...shownStamps(membership),
});

const find = (world: World, groupId: string, userId: string): Membership | undefined =>
  Object.values(world.identityStore.memberships).find(
    (membership) => membership.groupId === groupId && membership.userId === userId,
  );

const createMembership: Operation<World> = (world, input, call) => {
  const { groupId } = groupOf(world, input);
  const { userId } = memberOf(world, input);
  if (find(world, groupId, userId)) throw duplicate('Member and Group relationship already exists.');
  const membershipId = `${idPrefix(world)}${nextUuid(world.ids)}`;
  world.identityStore.memberships[membershipId] = { membershipId, groupId, userId, ...stamped(call) };
  return { MembershipId: membershipId, IdentityStoreId: world.identityStore.identityStoreId };
};

const describeMembership: Operation<World> = (world, input) => shown(world, membershipOf(world, input));

const deleteMembership: Operation<World> = (world, input) => {
  Reflect.deleteProperty(world.identityStore.memberships, membershipOf(world, input).membershipId);
  return {};
};

const getMembershipId: Operation<World> = (world, input) => {
  const membership = find(world, groupOf(world, input).groupId, memberOf(world, input).userId);
  if (!membership) throw notFound('GROUP_MEMBERSHIP');
  return { MembershipId: membership.membershipId, IdentityStoreId: world.identityStore.identityStoreId };
};

const listMemberships: Operation<World> = (world, input) => {
  const { groupId } = groupOf(world, input);
  const rows = Object.values(world.identityStore.memberships).filter((membership) => membership.groupId === groupId);
  return paged(
    input,
    'GroupMemberships',
    rows.map((membership) => shown(world, membership)),
  );
};

const listForMember: Operation<World> = (world, input) => {
  const { userId } = memberOf(world, input);
  const rows = Object.values(world.identityStore.memberships).filter((membership) => membership.userId === userId);
  return paged(
    input,
    'GroupMemberships',
    rows.map((membership) => shown(world, membership)),
  );
};

/** A group that does not exist has no members; only the member must exist. */
const isMember: Operation<World> = (world, input) => {
  const { userId } = memberOf(world, input);
  const ids = list(input, 'GroupIds', { min: 1, max: 100 }).map((GroupId) =>
    required({ GroupId }, 'GroupId', principalIdRule),
  );
  const result = (GroupId: string): Output => ({
    GroupId,
    MemberId: { UserId: userId },
    MembershipExists: find(world, GroupId, userId) !== undefined,
  });
  return { Results: ids.map(result) };
};

export const membershipOperations: Readonly<Record<string, Operation<World>>> = {
  CreateGroupMembership: createMembership,
  DescribeGroupMembership: describeMembership,
  DeleteGroupMembership: deleteMembership,
  GetGroupMembershipId: getMembershipId,
  ListGroupMemberships: listMemberships,
  ListGroupMembershipsForMember: listForMember,
  IsMemberInGroups: isMember,
};
