/** Finding what a request of the identity store names. */
import { AwsError, type Call, type Input } from '../core.ts';
import type { Group, Membership, User } from './state.ts';
import { invalid, required, structure } from '../identity-center/input.ts';
import { principalIdRule } from '../identity-center/lookup.ts';
import type { World } from '../world.ts';

type ResourceType = 'GROUP' | 'USER' | 'IDENTITY_STORE' | 'GROUP_MEMBERSHIP';

export const notFound = (type: ResourceType, id?: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${type} not found.`, {
    fields: { ResourceType: type, ...(id === undefined ? {} : { ResourceId: id }) },
  });

/** Retrying does not help: another user, group or membership is that already. */
export const duplicate = (message: string): AwsError =>
  new AwsError('ConflictException', message, { fields: { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' } });

const storeIdRule = {
  min: 1,
  max: 36,
  pattern: /^(d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/,
};

/** The store is the organization's: its management account and the delegate of Identity Center use it. */
export const requireStore = (world: World, input: Input, call: Call): void => {
  const { management, delegatedAdministrators } = world.organizations;
  const delegate = delegatedAdministrators.some(
    ({ account, services }) => account === call.account && services.includes('sso.amazonaws.com'),
  );
  if (call.account !== management && !delegate)
    throw new AwsError(
      'AccessDeniedException',
      `User: ${call.principalArn} is not authorized to perform: identitystore:${call.operation}`,
    );
  const id = required(input, 'IdentityStoreId', storeIdRule);
  if (id !== world.identityStore.identityStoreId) throw notFound('IDENTITY_STORE', id);
};

const own = <Value>(known: Readonly<Record<string, Value>>, id: string): Value | undefined =>
  Object.hasOwn(known, id) ? known[id] : undefined;

const groupById = (world: World, id: string): Group => {
  const group = own(world.identityStore.groups, id);
  if (!group) throw notFound('GROUP', id);
  return group;
};

export const groupOf = (world: World, input: Input): Group =>
  groupById(world, required(input, 'GroupId', principalIdRule));

const userById = (world: World, id: string): User => {
  const user = own(world.identityStore.users, id);
  if (!user) throw notFound('USER', id);
  return user;
};

export const userOf = (world: World, input: Input): User => userById(world, required(input, 'UserId', principalIdRule));

/** A member is a user and nothing else: groups do not nest. */
export const memberOf = (world: World, input: Input): User => {
  const member = structure(input, 'MemberId');
  if (!member) throw invalid("Value at 'memberId' failed to satisfy constraint: Member must not be null");
  return userOf(world, member);
};

export const membershipOf = (world: World, input: Input): Membership => {
  const id = required(input, 'MembershipId', principalIdRule);
  const membership = own(world.identityStore.memberships, id);
  if (!membership) throw notFound('GROUP_MEMBERSHIP', id);
  return membership;
};

/** What AWS has stamped on users, groups and memberships since 2026. */
export const stamped = (call: Call) => ({
  createdAt: call.now,
  createdBy: call.principalArn,
  updatedAt: call.now,
  updatedBy: call.principalArn,
});

type Stamps = { createdAt: number; createdBy: string; updatedAt: number; updatedBy: string };

export const shownStamps = ({ createdAt, createdBy, updatedAt, updatedBy }: Readonly<Stamps>) => ({
  CreatedAt: createdAt / 1000,
  CreatedBy: createdBy,
  UpdatedAt: updatedAt / 1000,
  UpdatedBy: updatedBy,
});

/** Ids begin with the ten characters that follow `d-` in the store's id. */
export const idPrefix = (world: World): string => {
  const { identityStoreId } = world.identityStore;
  return identityStoreId.startsWith('d-') ? `${identityStoreId.slice(2)}-` : '';
};
