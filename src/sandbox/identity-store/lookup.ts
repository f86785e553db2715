/** Finding what a request of the identity store names. */
import type { SandboxCall, CallInput } from '../core.ts';
import { AwsError } from '../core.ts';
import type { DirectoryGroup, DirectoryMembership, RecordStamps, DirectoryUser } from './state.ts';
import { invalidSsoInput, requiredInput, structure } from '../identity-center/input.ts';
import { principalIdRule } from '../identity-center/lookup.ts';
import type { SandboxWorld } from '../world.ts';

type ResourceType = 'GROUP' | 'USER' | 'IDENTITY_STORE' | 'GROUP_MEMBERSHIP';

export const recordNotFound = (type: ResourceType, id?: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${type} not found.`, {
    fields: { ResourceType: type, ...(id === undefined ? {} : { ResourceId: id }) },
  });

/** Retrying does not help: another user, group or membership is that already. */
export const duplicateRecord = (message: string): AwsError =>
  new AwsError('ConflictException', message, { fields: { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' } });

const storeIdRule = {
  min: 1,
  max: 36,
  pattern: /^(d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/,
};

/** The store is the organization's: its management account and the delegate of Identity Center use it. */
export const requireStore = (world: SandboxWorld, input: CallInput, call: SandboxCall): void => {
  const { management, delegatedAdministrators } = world.organizations;
  const delegate = delegatedAdministrators.some(
    ({ account, services }) => account === call.account && services.includes('sso.amazonaws.com'),
  );
  if (call.account !== management && !delegate)
    throw new AwsError(
      'AccessDeniedException',
      `User: ${call.principalArn} is not authorized to perform: identitystore:${call.operation}`,
    );
  const id = requiredInput(input, 'IdentityStoreId', storeIdRule);
  if (id !== world.identityStore.identityStoreId) throw recordNotFound('IDENTITY_STORE', id);
};

const own = <Value>(known: Readonly<Record<string, Value>>, id: string): Value | undefined =>
  Object.hasOwn(known, id) ? known[id] : undefined;

const groupById = (world: SandboxWorld, id: string): DirectoryGroup => {
  const group = own(world.identityStore.groups, id);
  if (!group) throw recordNotFound('GROUP', id);
  return group;
};

export const directoryGroupOf = (world: SandboxWorld, input: CallInput): DirectoryGroup =>
  groupById(world, requiredInput(input, 'GroupId', principalIdRule));

const userById = (world: SandboxWorld, id: string): DirectoryUser => {
  const user = own(world.identityStore.users, id);
  if (!user) throw recordNotFound('USER', id);
  return user;
};

export const userOf = (world: SandboxWorld, input: CallInput): DirectoryUser =>
  userById(world, requiredInput(input, 'UserId', principalIdRule));

/** A member is a user and nothing else: groups do not nest. */
export const directoryMemberOf = (world: SandboxWorld, input: CallInput): DirectoryUser => {
  const member = structure(input, 'MemberId');
  if (!member) throw invalidSsoInput("Value at 'memberId' failed to satisfy constraint: Member must not be null");
  return userOf(world, member);
};

export const membershipOf = (world: SandboxWorld, input: CallInput): DirectoryMembership => {
  const id = requiredInput(input, 'MembershipId', principalIdRule);
  const membership = own(world.identityStore.memberships, id);
  if (!membership) throw recordNotFound('GROUP_MEMBERSHIP', id);
  return membership;
};

/** What AWS has stamped on users, groups and memberships since 2026. */
export const stamped = (call: SandboxCall) => ({
  createdAt: call.now,
  createdBy: call.principalArn,
  updatedAt: call.now,
  updatedBy: call.principalArn,
});

export const shownStamps = ({ createdAt, createdBy, updatedAt, updatedBy }: Readonly<RecordStamps>) => ({
  CreatedAt: createdAt / 1000,
  CreatedBy: createdBy,
  UpdatedAt: updatedAt / 1000,
  UpdatedBy: updatedBy,
});

/** Ids begin with the ten characters that follow `d-` in the store's id. */
export const idPrefix = (world: SandboxWorld): string => {
  const { identityStoreId } = world.identityStore;
  return identityStoreId.startsWith('d-') ? `${identityStoreId.slice(2)}-` : '';
};
