/** Groups, memberships and the names of users. */
import type { Group as AwsGroup, GroupMembership, User } from '@aws-sdk/client-identitystore';
import type { DoubtfulGroup, Profile } from '../model/cloud.ts';
import { grouped } from '../model/lists.ts';
import type { Group, Membership } from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { allPages, begun, counting, mapBounded } from './pages.ts';

export type StoreDirectory = {
  readonly groups: readonly Group[];
  readonly memberships: readonly Membership[];
  readonly users: readonly string[];
  readonly emails: readonly (readonly [email: string, user: string])[];
  readonly profiles: readonly Profile[];
  readonly fedBy: string | undefined;
  readonly doubtful: readonly DoubtfulGroup[];
  /** Name -> id. */
  readonly groupIds: ReadonlyMap<string, string>;
  readonly userIds: ReadonlyMap<string, string>;
  /** `GROUP_ID/USER_ID` -> membership id. */
  readonly membershipIds: ReadonlyMap<string, string>;
};

const pageSize = 100;

const listGroups = ({ identityStore }: AwsConnection, IdentityStoreId: string) =>
  allPages(async (token) => {
    const page = await identityStore.listGroups({ IdentityStoreId, MaxResults: pageSize, ...token });
    return { rows: page.Groups, next: page.NextToken };
  });

const listUsers = ({ identityStore }: AwsConnection, IdentityStoreId: string) =>
  allPages(async (token) => {
    const page = await identityStore.listUsers({ IdentityStoreId, MaxResults: pageSize, ...token });
    return { rows: page.Users, next: page.NextToken };
  });

export const listMemberships = ({ identityStore }: AwsConnection, IdentityStoreId: string, GroupId: string) =>
  allPages(async (token) => {
    const page = await identityStore.listGroupMemberships({ IdentityStoreId, GroupId, MaxResults: pageSize, ...token });
    return { rows: page.GroupMemberships, next: page.NextToken };
  });

type NamedRow<Row> = { readonly row: Row; readonly id: string; readonly name: string };

/** `~ID` for a group without a name or with the name of another: display names should be unique, but not every store obeys. */
const named = <Row>(rows: readonly Row[], id: (row: Row) => string, name: (row: Row) => string | undefined) => {
  const taken = new Set<string>();
  return rows.map((row): NamedRow<Row> => {
    const wanted = name(row) ?? '';
    const given = wanted === '' || taken.has(wanted) ? `~${id(row)}` : wanted;
    taken.add(given);
    return { row, id: id(row), name: given };
  });
};

type StampedRow = { readonly ExternalIds?: readonly unknown[] | undefined; readonly CreatedBy?: string | undefined };

const hasExternalId = ({ ExternalIds = [] }: StampedRow): boolean => ExternalIds.length > 0;

/** AWS documents no value that CreatedBy has for what a directory sent; one that says SCIM is believed. */
const isSynced = (row: StampedRow): boolean => hasExternalId(row) || /\bscim\b/i.test(row.CreatedBy ?? '');

export const groupOfRow = ({ row, name }: Pick<NamedRow<AwsGroup>, 'row' | 'name'>): Group => ({
  kind: 'group',
  name,
  ...(row.Description === undefined || row.Description === '' ? {} : { description: row.Description }),
  source: isSynced(row) ? 'external' : 'identity-center',
});

/**
 * In a store that a directory feeds, a group without an external id may be the directory's all the same: SCIM's CreateGroup
 * demands a displayName only, and Okta sends no external id for groups
 * (https://docs.aws.amazon.com/singlesignon/latest/developerguide/creategroup.html).
 */
const doubtful = (
  groups: readonly NamedRow<AwsGroup>[],
  users: readonly NamedRow<User>[],
): readonly DoubtfulGroup[] => {
  if (![...groups, ...users].some(({ row }) => hasExternalId(row))) return [];
  return groups
    .filter(({ row }) => !isSynced(row))
    .map(({ name, row }) => ({ name, ...(row.CreatedBy === undefined ? {} : { madeBy: row.CreatedBy }) }));
};

const addressesOf = ({ row, name }: NamedRow<User>): readonly (readonly [string, string])[] =>
  [...new Set((row.Emails ?? []).flatMap(({ Value }) => Value?.toLowerCase() ?? []))]
    .filter((email) => email !== '' && email !== name.toLowerCase())
    .map((email) => [email, name] as const);

/** Leaves out an e-mail address that two users share or that is another user's name: it does not identify anybody. */
const emailsOf = (users: readonly NamedRow<User>[]): StoreDirectory['emails'] => {
  const names = new Set(users.map(({ name }) => name.toLowerCase()));
  const owners = grouped(users.flatMap(addressesOf), ([email]) => email);
  return [...owners.values()].flatMap((rows) => {
    const [row] = rows;
    return row === undefined || rows.length > 1 || names.has(row[0]) ? [] : [row];
  });
};

const optional = <K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } =>
  value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]: string });

export const profileOf = ({ row, name }: Pick<NamedRow<User>, 'row' | 'name'>): Profile => {
  const [first] = row.Emails ?? [];
  return {
    name,
    ...optional('displayName', row.DisplayName),
    ...optional('givenName', row.Name?.GivenName),
    ...optional('familyName', row.Name?.FamilyName),
    ...optional('email', first?.Value),
    ...optional('madeBy', row.CreatedBy),
  };
};

/** The first group or user that comes from a corporate directory. */
const feedOf = (users: readonly NamedRow<User>[], groups: readonly NamedRow<AwsGroup>[]): string | undefined => {
  const sent = (rows: readonly NamedRow<StampedRow>[]): string | undefined =>
    rows.find(({ row }) => isSynced(row))?.name;
  const [user, group] = [sent(users), sent(groups)];
  if (user !== undefined) return `user ${JSON.stringify(user)}`;
  return group === undefined ? undefined : `group ${JSON.stringify(group)}`;
};

const memberOf = (membership: GroupMembership): string => membership.MemberId?.UserId ?? '';

/** Members that the list of users does not have are deleted users: they can do nothing. */
const membershipsIn = (
  group: NamedRow<AwsGroup>,
  rows: readonly GroupMembership[],
  users: ReadonlyMap<string, string>,
) =>
  rows.flatMap((row): readonly Membership[] => {
    const user = users.get(memberOf(row));
    return user === undefined ? [] : [{ kind: 'membership', group: group.name, user }];
  });

type ListedGroups = readonly NamedRow<AwsGroup>[];
type ListedUsers = readonly NamedRow<User>[];
type GroupMembers = { readonly group: NamedRow<AwsGroup>; readonly rows: readonly GroupMembership[] };

const readGroups = async (connection: AwsConnection, identityStoreId: string): Promise<ListedGroups> =>
  named(
    await listGroups(connection, identityStoreId),
    ({ GroupId = '' }) => GroupId,
    ({ DisplayName }) => DisplayName,
  );

const readUsers = async (connection: AwsConnection, identityStoreId: string): Promise<ListedUsers> =>
  named<User>(
    await listUsers(connection, identityStoreId),
    ({ UserId = '' }) => UserId,
    ({ UserName }) => UserName,
  );

const readMembers = (connection: AwsConnection, identityStoreId: string, groups: ListedGroups) => {
  const counted = counting(connection, { stage: 'directory', items: groups });
  return mapBounded(groups, async (group) => ({
    group,
    rows: await counted(listMemberships(connection, identityStoreId, group.id)),
  }));
};

const directoryOf = (users: ListedUsers, groups: ListedGroups, members: readonly GroupMembers[]): StoreDirectory => {
  const nameOf = new Map(users.map(({ id, name }) => [id, name]));
  return {
    groups: groups.map(groupOfRow),
    memberships: members.flatMap(({ group, rows }) => membershipsIn(group, rows, nameOf)),
    users: users.map(({ name }) => name).sort(),
    emails: emailsOf(users),
    profiles: users.map(profileOf),
    fedBy: feedOf(users, groups),
    doubtful: doubtful(groups, users),
    groupIds: new Map(groups.map(({ name, id }) => [name, id])),
    userIds: new Map(users.map(({ name, id }) => [name, id])),
    membershipIds: new Map(
      members.flatMap(({ group, rows }) =>
        rows.map((row) => [`${group.id}/${memberOf(row)}`, row.MembershipId ?? ''] as const),
      ),
    ),
  };
};

/** Ids of all groups and users, known before the memberships are. */
export type DirectoryIds = { readonly groups: readonly string[]; readonly users: readonly string[] };

export type DirectoryReading = {
  readonly ids: Promise<DirectoryIds>;
  readonly directory: Promise<StoreDirectory>;
};

const idsIn = (rows: readonly NamedRow<unknown>[]): readonly string[] => rows.map(({ id }) => id);

export const readDirectory = (connection: AwsConnection, identityStoreId: string): DirectoryReading => {
  const [users, groups] = [readUsers(connection, identityStoreId), readGroups(connection, identityStoreId)];
  const members = groups.then((listed) => readMembers(connection, identityStoreId, listed));
  const listed = Promise.all([users, groups]);
  return {
    ids: begun(listed.then(([people, teams]) => ({ users: idsIn(people), groups: idsIn(teams) }))),
    directory: Promise.all([listed, members]).then(([[people, teams], rows]) => directoryOf(people, teams, rows)),
  };
};
