/** IAM users: made, read, renamed and deleted. */
import { secondsIso, type Call, type Input, type Operation, type Output } from '../core.ts';
import {
  alreadyExists,
  boundaryOutput,
  deleteConflict,
  noSuchEntity,
  pageOf,
  tagsIn,
  tagsOutput,
  validationError,
} from './look.ts';
import { mustBeBoundary } from './policies.ts';
import { inlineList } from './role-output.ts';
import { groupsWith, iamOf, putUser, removeUser, uniqueId, userNamed, type IamUser } from './state.ts';
import { optionalText, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

/** The user that the input names; throws NoSuchEntity. */
export const userIn = (world: World, account: string, input: Input): IamUser => {
  const name = text(input, 'UserName');
  const user = userNamed(world, account, name);
  if (user) return user;
  throw noSuchEntity(`user with name ${name}`);
};

/** As `userIn`; where the API lets the name out it means the user who calls. Throws for a caller that is none. */
export const userOrCaller = (world: World, input: Input, call: Call): IamUser => {
  if (input['UserName'] !== undefined) return userIn(world, call.account, input);
  const { users } = iamOf(world, call.account);
  const caller = Object.values(users).find(({ UserId }) => UserId === call.caller.userId);
  if (caller) return caller;
  throw validationError('Must specify userName when calling with non-User credentials');
};

/** As the lists answer it: without boundary and tags. */
export const listedUser = (user: IamUser): Output => ({
  Path: user.Path,
  UserName: user.UserName,
  UserId: user.UserId,
  Arn: user.Arn,
  CreateDate: user.CreateDate,
  ...(user.login?.lastUsed === undefined ? {} : { PasswordLastUsed: user.login.lastUsed }),
});

const userOutput = (user: IamUser): Output => ({
  ...listedUser(user),
  ...boundaryOutput(user),
  ...tagsOutput(user),
});

/** As GetAccountAuthorizationDetails answers it. */
export const userDetail = (world: World, account: string, user: IamUser): Output => ({
  Path: user.Path,
  UserName: user.UserName,
  UserId: user.UserId,
  Arn: user.Arn,
  CreateDate: user.CreateDate,
  ...(Object.keys(user.inline).length > 0 ? { UserPolicyList: inlineList(user) } : {}),
  GroupList: groupsWith(world, account, user).map(({ GroupName }) => GroupName),
  AttachedManagedPolicies: user.attached,
  ...boundaryOutput(user),
  Tags: user.Tags,
});

const create: Operation<World> = (world, input, call) => {
  const name = text(input, 'UserName');
  const tags = tagsIn(input, 'case-insensitive');
  if (userNamed(world, call.account, name)) throw alreadyExists(`User with name ${name}`);
  const boundary = optionalText(input, 'PermissionsBoundary');
  if (boundary !== undefined) mustBeBoundary(world, call, boundary);
  const Path = optionalText(input, 'Path') ?? '/';
  const user: IamUser = {
    Path,
    UserName: name,
    UserId: uniqueId(world.ids, 'AIDA'),
    Arn: `arn:aws:iam::${call.account}:user${Path}${name}`,
    CreateDate: secondsIso(call.now),
    Tags: tags,
    inline: {},
    attached: [],
    keys: [],
    mfa: [],
    ...(boundary === undefined ? {} : { PermissionsBoundary: boundary }),
  };
  putUser(world, call.account, user);
  return { User: userOutput(user) };
};

const hangsOn = (user: IamUser): string | undefined => {
  if (user.keys.length > 0) return 'delete access keys';
  if (user.mfa.length > 0) return 'deactivate MFA devices';
  if (user.login !== undefined) return 'delete login profile';
  if ((user.certificates ?? []).length > 0) return 'delete signing certificates';
  if ((user.sshKeys ?? []).length > 0 || (user.serviceCredentials ?? []).length > 0) return 'remove referenced objects';
  if (user.attached.length > 0) return 'detach all policies';
  return Object.keys(user.inline).length > 0 ? 'delete policies' : undefined;
};

const remove: Operation<World> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const isMember = groupsWith(world, call.account, user).length > 0;
  const first = isMember ? 'remove users from group' : hangsOn(user);
  if (first !== undefined) throw deleteConflict(`Cannot delete entity, must ${first} first.`);
  removeUser(world, call.account, user.UserName);
  return {};
};

/** A new name or path is a new ARN; the unique id, and with it membership and keys, stay. */
const update: Operation<World> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const name = optionalText(input, 'NewUserName') ?? user.UserName;
  const other = userNamed(world, call.account, name);
  if (other && other !== user) throw alreadyExists(`User with name ${name}`);
  removeUser(world, call.account, user.UserName);
  user.UserName = name;
  user.Path = optionalText(input, 'NewPath') ?? user.Path;
  user.Arn = `arn:aws:iam::${call.account}:user${user.Path}${name}`;
  putUser(world, call.account, user);
  return {};
};

export const userOperations: Ops = {
  CreateUser: create,
  DeleteUser: remove,
  UpdateUser: update,
  GetUser: (world, input, call) => ({ User: userOutput(userOrCaller(world, input, call)) }),
  ListUsers: (world, input, call) => {
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const all = Object.values(iamOf(world, call.account).users).filter(({ Path }) => Path.startsWith(prefix));
    return pageOf('Users', all.map(listedUser), input);
  },
};
