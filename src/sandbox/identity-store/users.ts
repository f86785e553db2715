import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { nextUuid } from '../core.ts';
import type { AlternateIdentifier } from './alternates.ts';
import { alternateFrom, changesFrom, filterFrom, hasExternalId, withPath } from './alternates.ts';
import { textRule } from './groups.ts';
import { duplicateRecord, idPrefix, recordNotFound, shownStamps, stamped, userOf } from './lookup.ts';
import type { DirectoryUser } from './state.ts';
import {
  invalidSsoInput,
  isRecord,
  optionalInput,
  present,
  requiredInput,
  structure,
  structures,
} from '../identity-center/input.ts';
import { paged } from '../identity-center/page.ts';
import type { SandboxWorld } from '../world.ts';

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
const attributesFrom = (input: CallInput): CallInput => {
  for (const [name, max] of Object.entries(lists))
    if (input[name] !== undefined) structures(input, name, { min: 1, max });
  return present({
    ...Object.fromEntries(texts.map((name) => [name, optionalInput(input, name, textRule)])),
    ...Object.fromEntries(Object.keys(lists).map((name) => [name, input[name]])),
    Name: structure(input, 'Name'),
    Extensions: structure(input, 'Extensions'),
  });
};

/** CreateUser demands what the console demands: a display name, a family name and a given name. */
const refuseIncomplete = (attributes: CallInput): void => {
  const name = isRecord(attributes['Name']) ? attributes['Name'] : undefined;
  const missing = [
    ...(typeof attributes['DisplayName'] === 'string' ? [] : ['displayname']),
    ...(name === undefined || Object.keys(name).length === 0
      ? ['name']
      : ['FamilyName', 'GivenName'].filter((one) => typeof name[one] !== 'string')),
  ].map((one) => one.toLowerCase());
  if (missing.length > 0)
    throw invalidSsoInput(missing.map((one) => `${one}: The attribute ${one} is required`).join(', '));
};

const sameText = (one: unknown, other: string): boolean =>
  typeof one === 'string' && one.toLowerCase() === other.toLowerCase();

const emailOf = ({ attributes }: Pick<DirectoryUser, 'attributes'>): unknown => {
  const emails = attributes['Emails'];
  const first: unknown = Array.isArray(emails) ? emails[0] : undefined;
  return isRecord(first) ? first['Value'] : undefined;
};

/** User name and e-mail address are the attributes that GetUserId takes as unique. */
const refuseDuplicate = (
  world: SandboxWorld,
  fresh: Pick<DirectoryUser, 'userName' | 'attributes'>,
  except?: DirectoryUser,
): void => {
  const others = Object.values(world.identityStore.users).filter((user) => user !== except);
  const taken = (of: (user: Pick<DirectoryUser, 'userName' | 'attributes'>) => unknown): boolean => {
    const wanted = of(fresh);
    return typeof wanted === 'string' && others.some((user) => sameText(of(user), wanted));
  };
  if (taken((user) => user.userName)) throw duplicateRecord('Duplicate UserName');
  if (taken(emailOf)) throw duplicateRecord('Duplicate Email');
};

const createUser: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const userName = optionalInput(input, 'UserName', userNameRule);
  if (userName === null) throw invalidSsoInput('userName is a required attribute');
  const attributes = attributesFrom(input);
  refuseIncomplete(attributes);
  refuseDuplicate(world, { userName, attributes });
  const userId = `${idPrefix(world)}${nextUuid(world.ids)}`;
  world.identityStore.users[userId] = { userId, userName, attributes, externalIds: [], ...stamped(call) };
  return { IdentityStoreId: world.identityStore.identityStoreId, UserId: userId };
};

const shown = (world: SandboxWorld, user: DirectoryUser): CallOutput => {
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

const describeUser: SandboxOperation<SandboxWorld> = (world, input) => shown(world, userOf(world, input));

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
  if (!updatable.has(members[0] ?? ''))
    throw invalidSsoInput(`The attribute path ${path} of a user cannot be updated.`);
  return members;
};

/** Attribute paths are SCIM's: `displayName`, `name.givenName`, `emails` with the whole list as value. */
const updateUser: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userOf(world, input);
  const before: CallInput = { ...user.attributes, UserName: user.userName };
  const after = changesFrom(input).reduce(
    (all, { path, value }) => withPath(all, membersOf(path), capitalized(value)),
    before,
  );
  const userName = requiredInput(after, 'UserName', userNameRule);
  const attributes = attributesFrom(after);
  refuseIncomplete(attributes);
  refuseDuplicate(world, { userName, attributes }, user);
  Object.assign(user, { userName, attributes, updatedAt: call.now, updatedBy: call.principalArn });
  return {};
};

/** Takes the memberships along; account assignments stay behind with a principal that no longer exists. */
const deleteUser: SandboxOperation<SandboxWorld> = (world, input) => {
  const { userId } = userOf(world, input);
  const { memberships, users } = world.identityStore;
  for (const membership of Object.values(memberships))
    if (membership.userId === userId) Reflect.deleteProperty(memberships, membership.membershipId);
  Reflect.deleteProperty(users, userId);
  return {};
};

const listUsers: SandboxOperation<SandboxWorld> = (world, input) => {
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

const answersTo = (user: DirectoryUser, wanted: AlternateIdentifier): boolean => {
  if (wanted.kind === 'external') return hasExternalId(user.externalIds, wanted.id);
  return sameText(wanted.path === 'username' ? user.userName : emailOf(user), wanted.value);
};

const getUserId: SandboxOperation<SandboxWorld> = (world, input) => {
  const wanted = alternateFrom(input, ['username', 'emails.value']);
  const user = Object.values(world.identityStore.users).find((known) => answersTo(known, wanted));
  if (!user) throw recordNotFound('USER');
  return { IdentityStoreId: world.identityStore.identityStoreId, UserId: user.userId };
};

export const directoryUserOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  CreateUser: createUser,
  DescribeUser: describeUser,
  UpdateUser: updateUser,
  DeleteUser: deleteUser,
  ListUsers: listUsers,
  GetUserId: getUserId,
};
