import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../src/sandbox/core.ts';
import {
  at,
  callerOf,
  delegate,
  identityStoreId,
  identityWorld,
  management,
  production,
  refusalOf,
  rowsAt,
  start,
  textAt,
} from '../support/identity-world.ts';

const nobody = '1234567890-00000000-0000-0000-0000-000000000000';
const person = { DisplayName: 'Ada', Name: { GivenName: 'Ada', FamilyName: 'Lovelace' } };
const uniqueness = { code: 'ConflictException', fields: { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' } };

const scene = () => {
  const world = identityWorld();
  const calls = callerOf(world);
  const { store } = calls;
  const group = (DisplayName: string, more: CallInput = {}) =>
    textAt(store('CreateGroup', { DisplayName, ...more }), 'GroupId');
  const user = (UserName: string, more: CallInput = {}) =>
    textAt(store('CreateUser', { UserName, ...person, ...more }), 'UserId');
  const join = (GroupId: string, UserId: string) =>
    textAt(store('CreateGroupMembership', { GroupId, MemberId: { UserId } }), 'MembershipId');
  const update = (UserId: string, AttributePath: string, AttributeValue: unknown) =>
    store('UpdateUser', { UserId, Operations: [{ AttributePath, AttributeValue }] });
  return { world, ...calls, group, user, join, update };
};

describe('a group', () => {
  it('is described as it was created, by whom and when', () => {
    const { store, group } = scene();
    const GroupId = group('Developers', { Description: 'build' });
    expect(GroupId).toMatch(/^1234567890-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const by = `arn:aws:iam::${management}:role/Tester`;
    expect(store('DescribeGroup', { GroupId })).toEqual({
      GroupId,
      IdentityStoreId: identityStoreId,
      DisplayName: 'Developers',
      Description: 'build',
      CreatedAt: start / 1000,
      CreatedBy: by,
      UpdatedAt: start / 1000,
      UpdatedBy: by,
    });
  });

  it.each([
    {},
    { DisplayName: '' },
    { DisplayName: 'a'.repeat(1025) },
    { DisplayName: 'a\u0000' },
    { DisplayName: 'a', Description: '' },
  ])('is not created as %j', (input) => {
    expect(refusalOf(() => scene().store('CreateGroup', input)).code).toBe('ValidationException');
  });

  it('has a name that no other group has', () => {
    const { store, group } = scene();
    group('Developers');
    expect(refusalOf(() => store('CreateGroup', { DisplayName: 'developers' }))).toMatchObject(uniqueness);
  });

  it('keeps its id when it is renamed', () => {
    const { store, group } = scene();
    const GroupId = group('Developers', { Description: 'build' });
    group('Support');
    const rename = (AttributeValue: unknown) =>
      store('UpdateGroup', { GroupId, Operations: [{ AttributePath: 'displayName', AttributeValue }] });
    expect(refusalOf(() => rename('Support'))).toMatchObject(uniqueness);
    rename('Engineers');
    rename('Engineers');
    expect(store('DescribeGroup', { GroupId })).toMatchObject({ DisplayName: 'Engineers', Description: 'build' });
    store('UpdateGroup', { GroupId, Operations: [{ AttributePath: 'description' }] });
    expect(store('DescribeGroup', { GroupId })).not.toHaveProperty('Description');
    expect(refusalOf(() => rename(null)).code).toBe('ValidationException');
  });

  it.each([[[]], [[{ AttributePath: 'owner', AttributeValue: 'x' }]], [[{ AttributeValue: 'x' }]]])(
    'is not updated by %j',
    (Operations) => {
      const { store, group } = scene();
      const GroupId = group('Developers');
      expect(refusalOf(() => store('UpdateGroup', { GroupId, Operations })).code).toBe('ValidationException');
    },
  );

  it('is found by its name or by its external id', () => {
    const { world, store, group } = scene();
    const GroupId = group('Developers');
    const found = world.identityStore.groups[GroupId];
    if (!found) throw new Error('no group');
    const external = { Issuer: 'https://idp.example', Id: '42' };
    world.identityStore.groups[GroupId] = { ...found, externalIds: [external] };
    const find = (AlternateIdentifier: CallInput) => store('GetGroupId', { AlternateIdentifier });
    expect(find({ UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'Developers' } })).toMatchObject({
      GroupId,
    });
    expect(find({ ExternalId: external })).toMatchObject({ GroupId });
    expect(store('DescribeGroup', { GroupId })).toHaveProperty('ExternalIds', [external]);
    expect(refusalOf(() => find({ ExternalId: { ...external, Id: '43' } })).code).toBe('ResourceNotFoundException');
    expect(refusalOf(() => find({ UniqueAttribute: { AttributePath: 'description', AttributeValue: 'x' } })).code).toBe(
      'ValidationException',
    );
    expect(refusalOf(() => find({})).code).toBe('ValidationException');
  });

  it('takes its memberships along when it is deleted', () => {
    const { store, group, user, join } = scene();
    const GroupId = group('Developers');
    const UserId = user('ada');
    join(GroupId, UserId);
    const other = join(group('Support'), UserId);
    store('DeleteGroup', { GroupId });
    const rows = rowsAt(store('ListGroupMembershipsForMember', { MemberId: { UserId } }), 'GroupMemberships');
    expect(rows.map((row) => at(row, 'MembershipId'))).toEqual([other]);
    expect(refusalOf(() => store('DeleteGroup', { GroupId }))).toMatchObject({
      code: 'ResourceNotFoundException',
      fields: { ResourceType: 'GROUP', ResourceId: GroupId },
    });
  });

  it('is listed by the hundred, or alone by the filter', () => {
    const { store, group } = scene();
    for (let index = 0; index < 101; index += 1) group(`Group${index}`);
    const first = store('ListGroups');
    expect(rowsAt(first, 'Groups')).toHaveLength(100);
    expect(rowsAt(store('ListGroups', { NextToken: first['NextToken'] }), 'Groups')).toHaveLength(1);
    const filtered = store('ListGroups', { Filters: [{ AttributePath: 'DisplayName', AttributeValue: 'Group7' }] });
    expect(rowsAt(filtered, 'Groups')).toHaveLength(1);
  });
});

describe('a user', () => {
  it('keeps the attributes it was given', () => {
    const { store, user } = scene();
    const Emails = [{ Value: 'ada@securecart.example', Type: 'work', Primary: true }];
    const UserId = user('ada', { Emails, Title: 'Engineer' });
    expect(store('DescribeUser', { UserId })).toMatchObject({
      ...person,
      UserName: 'ada',
      Emails,
      Title: 'Engineer',
      UserStatus: 'ENABLED',
    });
  });

  it.each([
    { ...person },
    { ...person, UserName: 'two words' },
    { ...person, UserName: 'a'.repeat(129) },
    { UserName: 'ada' },
    { UserName: 'ada', DisplayName: 'Ada', Name: { GivenName: 'Ada' } },
    { ...person, UserName: 'ada', Emails: [{ Value: 'a' }, { Value: 'b' }] },
  ])('is not created as %j', (input) => {
    expect(refusalOf(() => scene().store('CreateUser', input)).code).toBe('ValidationException');
  });

  it('has a name and an address that no other user has', () => {
    const { store, user } = scene();
    user('ada', { Emails: [{ Value: 'ada@securecart.example' }] });
    expect(refusalOf(() => store('CreateUser', { UserName: 'Ada', ...person }))).toMatchObject(uniqueness);
    const sameAddress = { UserName: 'eve', ...person, Emails: [{ Value: 'ada@securecart.example' }] };
    expect(refusalOf(() => store('CreateUser', sameAddress))).toMatchObject(uniqueness);
  });

  it('is updated path by path, in the spelling of paths', () => {
    const { store, user, update } = scene();
    const UserId = user('ada', { NickName: 'a' });
    update(UserId, 'name.givenName', 'Augusta');
    update(UserId, 'emails', [{ value: 'ada@securecart.example', primary: true }]);
    update(UserId, 'nickName', null);
    update(UserId, 'userName', 'augusta');
    const described = store('DescribeUser', { UserId });
    expect(described).toMatchObject({
      UserName: 'augusta',
      Name: { GivenName: 'Augusta', FamilyName: 'Lovelace' },
      Emails: [{ Value: 'ada@securecart.example', Primary: true }],
    });
    expect(described).not.toHaveProperty('NickName');
    expect(refusalOf(() => update(UserId, 'displayName', null)).code).toBe('ValidationException');
    expect(refusalOf(() => update(UserId, 'shoeSize', '42')).code).toBe('ValidationException');
  });

  it.each([
    ['userName', 'ada'],
    ['emails.value', 'ada@securecart.example'],
  ])('is found by its %s', (AttributePath, AttributeValue) => {
    const { store, user } = scene();
    const UserId = user('ada', { Emails: [{ Value: 'ada@securecart.example' }] });
    user('eve');
    const find = (value: string) =>
      store('GetUserId', { AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue: value } } });
    expect(find(AttributeValue)).toEqual({ IdentityStoreId: identityStoreId, UserId });
    expect(refusalOf(() => find('nobody'))).toMatchObject({
      code: 'ResourceNotFoundException',
      fields: { ResourceType: 'USER' },
    });
  });

  it('takes its memberships along when it is deleted', () => {
    const { store, group, user, join } = scene();
    const GroupId = group('Developers');
    const UserId = user('ada');
    join(GroupId, UserId);
    store('DeleteUser', { UserId });
    expect(store('ListGroupMemberships', { GroupId })).toEqual({ GroupMemberships: [] });
    expect(store('ListUsers')).toEqual({ Users: [] });
  });
});

it.each(['userName', 'emails.value'])('nobody is found by an empty %s', (AttributePath) => {
  const AlternateIdentifier = { UniqueAttribute: { AttributePath, AttributeValue: '' } };
  expect(refusalOf(() => scene().store('GetUserId', { AlternateIdentifier })).code).toBe('ValidationException');
});

describe('a membership', () => {
  it('is created once, found, described, listed and deleted', () => {
    const { store, group, user, join } = scene();
    const GroupId = group('Developers');
    const UserId = user('ada');
    const MembershipId = join(GroupId, UserId);
    expect(refusalOf(() => join(GroupId, UserId))).toMatchObject(uniqueness);
    expect(store('GetGroupMembershipId', { GroupId, MemberId: { UserId } })).toMatchObject({ MembershipId });
    const row = { MembershipId, GroupId, MemberId: { UserId }, IdentityStoreId: identityStoreId };
    expect(store('DescribeGroupMembership', { MembershipId })).toMatchObject(row);
    expect(at(store('ListGroupMemberships', { GroupId }), 'GroupMemberships.0')).toMatchObject(row);
    store('DeleteGroupMembership', { MembershipId });
    expect(refusalOf(() => store('DeleteGroupMembership', { MembershipId })).code).toBe('ResourceNotFoundException');
    expect(refusalOf(() => store('GetGroupMembershipId', { GroupId, MemberId: { UserId } })).code).toBe(
      'ResourceNotFoundException',
    );
  });

  it('joins a group and a user that exist', () => {
    const { group, user, join } = scene();
    expect(refusalOf(() => join(nobody, user('ada'))).fields).toMatchObject({ ResourceType: 'GROUP' });
    expect(refusalOf(() => join(group('Developers'), nobody)).fields).toMatchObject({ ResourceType: 'USER' });
  });

  it('is told for up to a hundred groups of one user', () => {
    const { store, group, user, join } = scene();
    const [inside, outside] = [group('Developers'), group('Support')];
    const UserId = user('ada');
    join(inside, UserId);
    const told = rowsAt(store('IsMemberInGroups', { MemberId: { UserId }, GroupIds: [inside, outside] }), 'Results');
    expect(told.map((row) => at(row, 'MembershipExists'))).toEqual([true, false]);
    const many = Array.from({ length: 101 }, () => inside);
    expect(refusalOf(() => store('IsMemberInGroups', { MemberId: { UserId }, GroupIds: many })).code).toBe(
      'ValidationException',
    );
  });
});

describe('the store', () => {
  it('is found by its id', () => {
    const { store } = scene();
    expect(refusalOf(() => store('ListUsers', { IdentityStoreId: 'd-0000000000' }))).toMatchObject({
      code: 'ResourceNotFoundException',
      fields: { ResourceType: 'IDENTITY_STORE' },
    });
    expect(refusalOf(() => store('ListUsers', { IdentityStoreId: 'store' })).code).toBe('ValidationException');
  });

  it('is used by the management account and the delegate, who edits groups too', () => {
    const { caller, store, group } = scene();
    caller.account = delegate;
    expect(group('Developers')).toMatch(/^1234567890-/);
    caller.account = production;
    expect(refusalOf(() => store('ListGroups')).code).toBe('AccessDeniedException');
  });
});
