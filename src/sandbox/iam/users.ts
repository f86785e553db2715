/** IAM users: made, read, renamed and deleted. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { secondsIso } from '../core.ts';
import {
  alreadyExists,
  boundaryOutput,
  deleteConflict,
  noSuchIamEntity,
  iamListPage,
  iamTagsIn,
  tagsOutput,
  validationError,
} from './look.ts';
import { mustBeBoundary } from './policies.ts';
import { inlineList } from './role-output.ts';
import type { SandboxIamUser } from './state.ts';
import { groupsWith, iamOf, putUser, removeUser, uniqueId, userNamed } from './state.ts';
import { optionalTextMember, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** The user that the input names; throws NoSuchEntity. */
export const userIn = (world: SandboxWorld, account: string, input: CallInput): SandboxIamUser => {
  const name = textMember(input, 'UserName');
  const user = userNamed(world, account, name);
  if (user) return user;
  throw noSuchIamEntity(`user with name ${name}`);
};

/** As `userIn`; where the API lets the name out it means the user who calls. Throws for a caller that is none. */
export const userOrCaller = (world: SandboxWorld, input: CallInput, call: SandboxCall): SandboxIamUser => {
  if (input['UserName'] !== undefined) return userIn(world, call.account, input);
  const { users } = iamOf(world, call.account);
  const caller = Object.values(users).find(({ UserId }) => UserId === call.caller.userId);
  if (caller) return caller;
  throw validationError('Must specify userName when calling with non-User credentials');
};

/** As the lists answer it: without boundary and tags. */
export const listedUser = (user: SandboxIamUser): CallOutput => ({
  Path: user.Path,
  UserName: user.UserName,
  UserId: user.UserId,
  Arn: user.Arn,
  CreateDate: user.CreateDate,
  ...(user.login?.lastUsed === undefined ? {} : { PasswordLastUsed: user.login.lastUsed }),
});

const userOutput = (user: SandboxIamUser): CallOutput => ({
  ...listedUser(user),
  ...boundaryOutput(user),
  ...tagsOutput(user),
});

/** As GetAccountAuthorizationDetails answers it. */
export const userDetail = (world: SandboxWorld, account: string, user: SandboxIamUser): CallOutput => ({
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

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'UserName');
  const tags = iamTagsIn(input, 'case-insensitive');
  if (userNamed(world, call.account, name)) throw alreadyExists(`User with name ${name}`);
  const boundary = optionalTextMember(input, 'PermissionsBoundary');
  if (boundary !== undefined) mustBeBoundary(world, call, boundary);
  const Path = optionalTextMember(input, 'Path') ?? '/';
  const user: SandboxIamUser = {
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

const hangsOn = (user: SandboxIamUser): string | undefined => {
  if (user.keys.length > 0) return 'delete access keys';
  if (user.mfa.length > 0) return 'deactivate MFA devices';
  if (user.login !== undefined) return 'delete login profile';
  if ((user.certificates ?? []).length > 0) return 'delete signing certificates';
  if ((user.sshKeys ?? []).length > 0 || (user.serviceCredentials ?? []).length > 0) return 'remove referenced objects';
  if (user.attached.length > 0) return 'detach all policies';
  return Object.keys(user.inline).length > 0 ? 'delete policies' : undefined;
};

const remove: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const isMember = groupsWith(world, call.account, user).length > 0;
  const first = isMember ? 'remove users from group' : hangsOn(user);
  if (first !== undefined) throw deleteConflict(`Cannot delete entity, must ${first} first.`);
  removeUser(world, call.account, user.UserName);
  return {};
};

/** A new name or path is a new ARN; the unique id, and with it membership and keys, stay. */
const update: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const name = optionalTextMember(input, 'NewUserName') ?? user.UserName;
  const other = userNamed(world, call.account, name);
  if (other && other !== user) throw alreadyExists(`User with name ${name}`);
  removeUser(world, call.account, user.UserName);
  user.UserName = name;
  user.Path = optionalTextMember(input, 'NewPath') ?? user.Path;
  user.Arn = `arn:aws:iam::${call.account}:user${user.Path}${name}`;
  putUser(world, call.account, user);
  return {};
};

export const iamUserOperations: WorldOperations = {
  CreateUser: create,
  DeleteUser: remove,
  UpdateUser: update,
  GetUser: (world, input, call) => ({ User: userOutput(userOrCaller(world, input, call)) }),
  ListUsers: (world, input, call) => {
    const prefix = optionalTextMember(input, 'PathPrefix') ?? '/';
    const all = Object.values(iamOf(world, call.account).users).filter(({ Path }) => Path.startsWith(prefix));
    return iamListPage('Users', all.map(listedUser), input);
  },
};
