/** Writes of groups, memberships and users. A user is made and nothing else: never edited, never deleted. */
import type { Group, Membership, User } from '../model/resource.ts';
import { directoryIdIn, idIn } from './ids.ts';
import { describeGroup } from './look.ts';
import { movedError, requireSame } from './moved.ts';
import { listMemberships, profileOf } from './read-identity-store.ts';
import { createdOrFound, unless } from './retry.ts';
import type { WriteContext } from './writing.ts';

const storeOf = ({ ids }: WriteContext) => ({ IdentityStoreId: ids.identityStoreId });

const findGroup = async (writing: WriteContext, name: string): Promise<string | undefined> => {
  const UniqueAttribute = { AttributePath: 'displayName', AttributeValue: name };
  const input = { ...storeOf(writing), AlternateIdentifier: { UniqueAttribute } };
  let id: string | undefined;
  await unless(['ResourceNotFoundException'], async () => {
    id = (await writing.connection.identityStore.getGroupId(input)).GroupId;
  });
  return id;
};

type GroupAttribute = { readonly path: 'displayName' | 'description'; readonly value: string | undefined };

/** An operation without a value removes the attribute. */
const operationOf = ({ path, value }: GroupAttribute) => ({
  AttributePath: path,
  ...(value === undefined ? {} : { AttributeValue: value }),
});

const setAttributes = async (
  writing: WriteContext,
  GroupId: string,
  attributes: readonly GroupAttribute[],
): Promise<void> => {
  if (attributes.length === 0) return;
  const { identityStore } = writing.connection;
  await identityStore.updateGroup({ ...storeOf(writing), GroupId, Operations: attributes.map(operationOf) });
  const { Description } = await identityStore.describeGroup({ ...storeOf(writing), GroupId });
  const kept = attributes.some(({ path, value }) => path === 'description' && (Description ?? '') !== (value ?? ''));
  if (kept) throw new Error(`AWS accepted UpdateGroup and kept the description ${JSON.stringify(Description ?? '')}`);
};

/** A group that appeared meanwhile must say what ours says, and give nobody what only its members were to have. */
const requireOurs = async (writing: WriteContext, GroupId: string, group: Group): Promise<void> => {
  const { connection, ids } = writing;
  requireSame(await describeGroup(connection, { ...storeOf(writing), GroupId }), group);
  if (ids.groups.get(group.name) === GroupId) return;
  const members = await listMemberships(connection, ids.identityStoreId, GroupId);
  if (members.length > 0) throw movedError(['members']);
};

export const createGroup = async (writing: WriteContext, group: Group): Promise<void> => {
  const { name, description } = group;
  const { id, fresh } = await createdOrFound({
    duplicate: 'ConflictException',
    create: async () => {
      const input = {
        ...storeOf(writing),
        DisplayName: name,
        ...(description === undefined ? {} : { Description: description }),
      };
      return (await writing.connection.identityStore.createGroup(input)).GroupId;
    },
    find: () => findGroup(writing, name),
  });
  if (!fresh) await requireOurs(writing, id, group);
  writing.ids.groups.set(name, id);
};

/** UpdateGroup keeps the id, so a rename takes no access away. */
export const updateGroup = async (writing: WriteContext, before: Group, after: Group): Promise<void> => {
  const { groups } = writing.ids;
  const id = idIn(groups, groups.has(after.name) ? after.name : before.name, 'group');
  const attributes: readonly GroupAttribute[] = [
    ...(before.name === after.name ? [] : [{ path: 'displayName', value: after.name } as const]),
    ...(before.description === after.description ? [] : [{ path: 'description', value: after.description } as const]),
  ];
  await setAttributes(writing, id, attributes);
};

export const deleteGroup = (writing: WriteContext, { name }: Group): Promise<void> =>
  unless(['ResourceNotFoundException'], () =>
    writing.connection.identityStore.deleteGroup({
      ...storeOf(writing),
      GroupId: directoryIdIn(writing.ids.groups, name, 'group'),
    }),
  );

const findUser = async (writing: WriteContext, name: string): Promise<string | undefined> => {
  const UniqueAttribute = { AttributePath: 'userName', AttributeValue: name };
  const input = { ...storeOf(writing), AlternateIdentifier: { UniqueAttribute } };
  let id: string | undefined;
  await unless(['ResourceNotFoundException'], async () => {
    id = (await writing.connection.identityStore.getUserId(input)).UserId;
  });
  return id;
};

/** Who appeared under the name meanwhile may be somebody else. */
const requirePerson = async (writing: WriteContext, UserId: string, user: User): Promise<void> => {
  const row = await writing.connection.identityStore.describeUser({ ...storeOf(writing), UserId });
  const { madeBy: _, ...found } = profileOf({ row, name: user.name });
  const same = (['displayName', 'givenName', 'familyName', 'email'] as const).every((key) => found[key] === user[key]);
  if (!same) throw movedError(['itself']);
};

/** No password and no invitation: that is up to the settings of Identity Center (User Guide, "Email one-time password to users created with API"). */
export const createUser = async (writing: WriteContext, user: User): Promise<void> => {
  const { name, displayName, givenName, familyName, email } = user;
  const { id, fresh } = await createdOrFound({
    duplicate: 'ConflictException',
    create: async () => {
      const input = {
        ...storeOf(writing),
        UserName: name,
        DisplayName: displayName,
        Name: { GivenName: givenName, FamilyName: familyName },
        ...(email === undefined ? {} : { Emails: [{ Value: email, Type: 'work', Primary: true }] }),
      };
      return (await writing.connection.identityStore.createUser(input)).UserId;
    },
    find: () => findUser(writing, name),
  });
  if (!fresh) await requirePerson(writing, id, user);
  writing.ids.users.set(name, id);
};

const memberOf = ({ ids }: WriteContext, { group, user }: Membership) => ({
  GroupId: directoryIdIn(ids.groups, group, 'group'),
  UserId: directoryIdIn(ids.users, user, 'user'),
});

const findMembership = async (writing: WriteContext, membership: Membership): Promise<string | undefined> => {
  const { GroupId, UserId } = memberOf(writing, membership);
  let id: string | undefined;
  await unless(['ResourceNotFoundException'], async () => {
    const input = { ...storeOf(writing), GroupId, MemberId: { UserId } };
    id = (await writing.connection.identityStore.getGroupMembershipId(input)).MembershipId;
  });
  return id;
};

export const createMembership = async (writing: WriteContext, membership: Membership): Promise<void> => {
  const { GroupId, UserId } = memberOf(writing, membership);
  const { id } = await createdOrFound({
    duplicate: 'ConflictException',
    create: async () => {
      const input = { ...storeOf(writing), GroupId, MemberId: { UserId } };
      return (await writing.connection.identityStore.createGroupMembership(input)).MembershipId;
    },
    find: () => findMembership(writing, membership),
  });
  writing.ids.memberships.set(`${GroupId}/${UserId}`, id);
};

/** False when AWS knows no such membership. */
const endMembership = async (writing: WriteContext, MembershipId: string): Promise<boolean> => {
  let ended = false;
  await unless(['ResourceNotFoundException'], async () => {
    await writing.connection.identityStore.deleteGroupMembership({ ...storeOf(writing), MembershipId });
    ended = true;
  });
  return ended;
};

export const deleteMembership = async (writing: WriteContext, membership: Membership): Promise<void> => {
  const { GroupId, UserId } = memberOf(writing, membership);
  const { memberships } = writing.ids;
  const known = memberships.get(`${GroupId}/${UserId}`);
  if (known !== undefined && (await endMembership(writing, known))) {
    memberships.delete(`${GroupId}/${UserId}`);
    return;
  }
  // The one that was known is gone: somebody may have taken the member out and in again.
  const found = await findMembership(writing, membership);
  if (found !== undefined) await endMembership(writing, found);
  memberships.delete(`${GroupId}/${UserId}`);
};
