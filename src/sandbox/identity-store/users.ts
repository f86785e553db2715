import { nextUuid, type Input, type Operation, type Output } from '../core.ts';
import { alternateFrom, changesFrom, filterFrom, hasExternalId, withPath, type Alternate } from './alternates.ts';
import { textRule } from './groups.ts';
import { duplicate, idPrefix, notFound, shownStamps, stamped, userOf } from './lookup.ts';
import type { User } from './state.ts';
import { invalid, isRecord, optional, present, required, structure, structures } from '../identity-center/input.ts';
import { paged } from '../identity-center/page.ts';
import type { World } from '../world.ts';

const userNameRule = { min: 1, max: 128, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u };

const texts = [
  'DisplayName',
  'NickName',
  'ProfileUrl',
  'UserType',
  'Title',
  'PreferredLanguage',
  'Locale',
  'Timezone',
  'Website',
  'Birthdate',
];
/** A user has one of each, but for photos. */
const lists = { Emails: 1, Addresses: 1, PhoneNumbers: 1, Photos: 3, Roles: 1 };

/** Everything but the user name, checked; what is absent stays absent. */
const attributesFrom = (input: Input): Input => {
  for (const [name, max] of Object.entries(lists))
    if (input[name] !== undefined) structures(input, name, { min: 1, max });
  return present({
    ...Object.fromEntries(texts.map((name) => [name, optional(input, name, textRule)])),
    ...Object.fromEntries(Object.keys(lists).map((name) => [name, input[name]])),
    Name: structure(input, 'Name'),
    Extensions: structure(input, 'Extensions'),
  });
};

/** CreateUser demands what the console demands: a display name, a family name and a given name. */
const refuseIncomplete = (attributes: Input): void => {
  const name = isRecord(attributes['Name']) ? attributes['Name'] : undefined;
  const missing = [
    ...(typeof attributes['DisplayName'] === 'string' ? [] : ['displayname']),
    ...(name === undefined || Object.keys(name).length === 0
      ? ['name']
      : ['FamilyName', 'GivenName'].filter((one) => typeof name[one] !== 'string')),
  ].map((one) => one.toLowerCase());
  if (missing.length > 0) throw invalid(missing.map((one) => `${one}: The attribute ${one} is required`).join(', '));
};

const sameText = (one: unknown, other: string): boolean =>
  typeof one === 'string' && one.toLowerCase() === other.toLowerCase();

const emailOf = ({ attributes }: Pick<User, 'attributes'>): unknown => {
  const emails = attributes['Emails'];
  const first: unknown = Array.isArray(emails) ? emails[0] : undefined;
  return isRecord(first) ? first['Value'] : undefined;
};

/** User name and e-mail address are the attributes that GetUserId takes as unique. */
const refuseDuplicate = (world: World, fresh: Pick<User, 'userName' | 'attributes'>, except?: User): void => {
  const others = Object.values(world.identityStore.users).filter((user) => user !== except);
  const taken = (of: (user: Pick<User, 'userName' | 'attributes'>) => unknown): boolean => {
    const wanted = of(fresh);
    return typeof wanted === 'string' && others.some((user) => sameText(of(user), wanted));
  };
  if (taken((user) => user.userName)) throw duplicate('Duplicate UserName');
  if (taken(emailOf)) throw duplicate('Duplicate Email');
};

const createUser: Operation<World> = (world, input, call) => {
  const userName = optional(input, 'UserName', userNameRule);
  if (userName === null) throw invalid('userName is a required attribute');
  const attributes = attributesFrom(input);
  refuseIncomplete(attributes);
  refuseDuplicate(world, { userName, attributes });
  const userId = `${idPrefix(world)}${nextUuid(world.ids)}`;
  world.identityStore.users[userId] = { userId, userName, attributes, externalIds: [], ...stamped(call) };
  return { IdentityStoreId: world.identityStore.identityStoreId, UserId: userId };
};

const shown = (world: World, user: User): Output => {
  const { Extensions: _, ...attributes } = user.attributes;
  return present({
    IdentityStoreId: world.identityStore.identityStoreId,
    UserId: user.userId,
    UserName: user.userName,
    ...attributes,
    ExternalIds: user.externalIds.length > 0 ? user.externalIds : null,
    UserStatus: 'ENABLED',
    ...shownStamps(user),
  });
};

const describeUser: Operation<World> = (world, input) => shown(world, userOf(world, input));

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A value as the other operations spell it: an update writes member names like paths, with a small first letter. */
const capitalized = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(capitalized);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [capital(name), capitalized(member)]));
};

const updatable = new Set(['UserName', 'Name', 'Extensions', ...texts, ...Object.keys(lists)]);

const membersOf = (path: string): readonly string[] => {
  const members = path.split('.').map(capital);
  if (!updatable.has(members[0] ?? '')) throw invalid(`The attribute path ${path} of a user cannot be updated.`);
  return members;
};

/** Attribute paths are SCIM's: `displayName`, `name.givenName`, `emails` with the whole list as value. */
const updateUser: Operation<World> = (world, input, call) => {
  const user = userOf(world, input);
  const before: Input = { ...user.attributes, UserName: user.userName };
  const after = changesFrom(input).reduce(
    (all, { path, value }) => withPath(all, membersOf(path), capitalized(value)),
    before,
  );
  const userName = required(after, 'UserName', userNameRule);
  const attributes = attributesFrom(after);
  refuseIncomplete(attributes);
  refuseDuplicate(world, { userName, attributes }, user);
  Object.assign(user, { userName, attributes, updatedAt: call.now, updatedBy: call.principalArn });
  return {};
};

/** Takes the memberships along; account assignments stay behind with a principal that no longer exists. */
const deleteUser: Operation<World> = (world, input) => {
  const { userId } = userOf(world, input);
  const { memberships, users } = world.identityStore;
  for (const membership of Object.values(memberships))
    if (membership.userId === userId) Reflect.deleteProperty(memberships, membership.membershipId);
  Reflect.deleteProperty(users, userId);
  return {};
};

const listUsers: Operation<World> = (world, input) => {
  const name = filterFrom(input, 'UserName');
  const users = Object.values(world.identityStore.users).filter(
    (user) => name === null || sameText(user.userName, name),
  );
  return paged(
    input,
    'Users',
    users.map((user) => shown(world, user)),
  );
};

const answersTo = (user: User, wanted: Alternate): boolean => {
  if (wanted.kind === 'external') return hasExternalId(user.externalIds, wanted.id);
  return sameText(wanted.path === 'username' ? user.userName : emailOf(user), wanted.value);
};

const getUserId: Operation<World> = (world, input) => {
  const wanted = alternateFrom(input, ['username', 'emails.value']);
  const user = Object.values(world.identityStore.users).find((known) => answersTo(known, wanted));
  if (!user) throw notFound('USER');
  return { IdentityStoreId: world.identityStore.identityStoreId, UserId: user.userId };
};

export const userOperations: Readonly<Record<string, Operation<World>>> = {
  CreateUser: createUser,
  DescribeUser: describeUser,
  UpdateUser: updateUser,
  DeleteUser: deleteUser,
  ListUsers: listUsers,
  GetUserId: getUserId,
};
