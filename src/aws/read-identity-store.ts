/** Groups, memberships and the names of users. */
import type { Group as AwsGroup, GroupMembership, User } from '@aws-sdk/client-identitystore';
import type { Group, Membership } from '../model/resource.ts';
import type { Connection } from './connection.ts';
import { allPages, mapBounded } from './pages.ts';

export type Directory = {
  readonly groups: readonly Group[];
  readonly memberships: readonly Membership[];
  readonly users: readonly string[];
  /** Name -> id. */
  readonly groupIds: ReadonlyMap<string, string>;
  readonly userIds: ReadonlyMap<string, string>;
  /** `GROUP_ID/USER_ID` -> membership id. */
  readonly membershipIds: ReadonlyMap<string, string>;
};

const pageSize = 100;

const listGroups = ({ identityStore }: Connection, IdentityStoreId: string) =>
  allPages(async (token) => {
    const page = await identityStore.listGroups({ IdentityStoreId, MaxResults: pageSize, ...token });
    return { rows: page.Groups, next: page.NextToken };
  });

const listUsers = ({ identityStore }: Connection, IdentityStoreId: string) =>
  allPages(async (token) => {
    const page = await identityStore.listUsers({ IdentityStoreId, MaxResults: pageSize, ...token });
    return { rows: page.Users, next: page.NextToken };
  });

export const listMemberships = ({ identityStore }: Connection, IdentityStoreId: string, GroupId: string) =>
  allPages(async (token) => {
    const page = await identityStore.listGroupMemberships({ IdentityStoreId, GroupId, MaxResults: pageSize, ...token });
    return { rows: page.GroupMemberships, next: page.NextToken };
  });

type Named<Row> = { readonly row: Row; readonly id: string; readonly name: string };

/** `~ID` where there is no name or another has it: display names are unique by rule, not by what every store holds. */
const named = <Row>(rows: readonly Row[], id: (row: Row) => string, name: (row: Row) => string | undefined) => {
  const taken = new Set<string>();
  return rows.map((row): Named<Row> => {
    const wanted = name(row) ?? '';
    const given = wanted === '' || taken.has(wanted) ? `~${id(row)}` : wanted;
    taken.add(given);
    return { row, id: id(row), name: given };
  });
};

export const groupOf = ({ row, name }: Pick<Named<AwsGroup>, 'row' | 'name'>): Group => ({
  kind: 'group',
  name,
  ...(row.Description === undefined || row.Description === '' ? {} : { description: row.Description }),
  source: (row.ExternalIds ?? []).length > 0 ? 'external' : 'identity-center',
});

const memberOf = (membership: GroupMembership): string => membership.MemberId?.UserId ?? '';

/** Members that the list of users does not have are deleted users: they can do nothing. */
const membershipsIn = (group: Named<AwsGroup>, rows: readonly GroupMembership[], users: ReadonlyMap<string, string>) =>
  rows.flatMap((row): readonly Membership[] => {
    const user = users.get(memberOf(row));
    return user === undefined ? [] : [{ kind: 'membership', group: group.name, user }];
  });

export const readDirectory = async (connection: Connection, identityStoreId: string): Promise<Directory> => {
  const usersRead = listUsers(connection, identityStoreId);
  const groupsRead = listGroups(connection, identityStoreId).then(async (listed) => {
    const groups = named(
      listed,
      ({ GroupId = '' }) => GroupId,
      ({ DisplayName }) => DisplayName,
    );
    const members = await mapBounded(groups, async (group) => ({
      group,
      rows: await listMemberships(connection, identityStoreId, group.id),
    }));
    return { groups, members };
  });
  const [listedUsers, { groups, members }] = await Promise.all([usersRead, groupsRead]);
  const users = named<User>(
    listedUsers,
    ({ UserId = '' }) => UserId,
    ({ UserName }) => UserName,
  );
  const nameOf = new Map(users.map(({ id, name }) => [id, name]));
  return {
    groups: groups.map(groupOf),
    memberships: members.flatMap(({ group, rows }) => membershipsIn(group, rows, nameOf)),
    users: users.map(({ name }) => name).sort(),
    groupIds: new Map(groups.map(({ name, id }) => [name, id])),
    userIds: new Map(users.map(({ name, id }) => [name, id])),
    membershipIds: new Map(
      members.flatMap(({ group, rows }) =>
        rows.map((row) => [`${group.id}/${memberOf(row)}`, row.MembershipId ?? ''] as const),
      ),
    ),
  };
};
