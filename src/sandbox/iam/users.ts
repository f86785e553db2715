/** IAM users with their passwords, access keys and MFA devices. */
import { AwsError, nextId, type Input, type Operation, type Output } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { alreadyExists, boundaryOutput, check, deleteConflict, noSuchEntity, pageOf, path, tagsIn } from './look.ts';
import { mustBeAttachable } from './policies.ts';
import { inlineList } from './role-output.ts';
import { iamOf, putUser, removeUser, uniqueId, userNamed, type AccessKey, type IamUser } from './state.ts';
import { optionalText, text, type Member } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const userName: Member = { kind: 'string', required: true, min: 1, max: 64, pattern: /^[\w+=,.@-]+$/ };

/** The user that the input names; throws NoSuchEntity. */
export const userIn = (world: World, account: string, input: Input): IamUser => {
  check(input, { UserName: userName });
  const name = text(input, 'UserName');
  const user = userNamed(world, account, name);
  if (user) return user;
  throw noSuchEntity(`user with name ${name}`);
};

const userOutput = (user: IamUser): Output => ({
  Path: user.Path,
  UserName: user.UserName,
  UserId: user.UserId,
  Arn: user.Arn,
  CreateDate: user.CreateDate,
  ...(user.login?.lastUsed === undefined ? {} : { PasswordLastUsed: user.login.lastUsed }),
  ...boundaryOutput(user),
  ...(user.Tags.length > 0 ? { Tags: user.Tags } : {}),
});

/** As GetAccountAuthorizationDetails answers it. */
export const userDetail = (user: IamUser): Output => ({
  Path: user.Path,
  UserName: user.UserName,
  UserId: user.UserId,
  Arn: user.Arn,
  CreateDate: user.CreateDate,
  UserPolicyList: inlineList(user),
  GroupList: [],
  AttachedManagedPolicies: user.attached,
  ...boundaryOutput(user),
  Tags: user.Tags,
});

const create: Operation<World> = (world, input, call) => {
  check(input, { UserName: userName, Path: path });
  const name = text(input, 'UserName');
  if (userNamed(world, call.account, name)) throw alreadyExists(`User with name ${name}`);
  const boundary = optionalText(input, 'PermissionsBoundary');
  if (boundary !== undefined) mustBeAttachable(world, call, boundary);
  const Path = optionalText(input, 'Path') ?? '/';
  const user: IamUser = {
    Path,
    UserName: name,
    UserId: uniqueId(world.ids, 'AIDA'),
    Arn: `arn:aws:iam::${call.account}:user${Path}${name}`,
    CreateDate: new Date(call.now).toISOString(),
    Tags: tagsIn(input),
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
  if (user.attached.length > 0) return 'detach all policies';
  return Object.keys(user.inline).length > 0 ? 'delete policies' : undefined;
};

const remove: Operation<World> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const first = hangsOn(user);
  if (first !== undefined) throw deleteConflict(`Cannot delete entity, must ${first} first.`);
  removeUser(world, call.account, user.UserName);
  return {};
};

const loginOutput = ({ UserName, login }: IamUser): Output => {
  if (login === undefined) throw noSuchEntity(`login profile for user ${UserName}`);
  return { LoginProfile: { UserName, CreateDate: login.CreateDate, PasswordResetRequired: false } };
};

const createLogin: Operation<World> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  check(input, { Password: { kind: 'string', min: 1, max: 128 } });
  if (user.login !== undefined) throw alreadyExists(`Login Profile for user ${user.UserName}`);
  const date = new Date(call.now).toISOString();
  user.login = { CreateDate: date, changed: date };
  return loginOutput(user);
};

const createKey: Operation<World> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  if (user.keys.length >= 2) throw limitExceeded('Cannot exceed quota for AccessKeysPerUser: 2');
  const key: AccessKey = {
    id: uniqueId(world.ids, 'AKIA'),
    CreateDate: new Date(call.now).toISOString(),
    status: 'Active',
  };
  user.keys = [...user.keys, key];
  return {
    AccessKey: {
      UserName: user.UserName,
      AccessKeyId: key.id,
      Status: key.status,
      SecretAccessKey: nextId(world.ids, 40),
      CreateDate: key.CreateDate,
    },
  };
};

const keyIn = (user: IamUser, input: Input): AccessKey => {
  check(input, { AccessKeyId: { kind: 'string', required: true, min: 16, max: 128 } });
  const key = user.keys.find(({ id }) => id === text(input, 'AccessKeyId'));
  if (key) return key;
  throw noSuchEntity(`Access Key with id ${text(input, 'AccessKeyId')}`);
};

const keyLastUsed: Operation<World> = (world, input, call) => {
  for (const user of Object.values(iamOf(world, call.account).users)) {
    const key = user.keys.find(({ id }) => id === text(input, 'AccessKeyId'));
    if (key === undefined) continue;
    const { date, region = 'N/A', service = 'N/A' } = key.lastUsed ?? {};
    return {
      UserName: user.UserName,
      AccessKeyLastUsed: {
        ServiceName: service,
        Region: region,
        ...(date === undefined ? {} : { LastUsedDate: date }),
      },
    };
  }
  throw new AwsError('AccessDenied', 'The access key is not of this account.', { status: 403 });
};

const listedKeys: Operation<World> = (world, input, call) => {
  const { UserName, keys } = userIn(world, call.account, input);
  return pageOf(
    'AccessKeyMetadata',
    keys.map(({ id, status, CreateDate }) => ({ UserName, AccessKeyId: id, Status: status, CreateDate })),
    input,
  );
};

const keyOperations: Ops = {
  CreateAccessKey: createKey,
  UpdateAccessKey: (world, input, call) => {
    check(input, { Status: { kind: 'string', required: true, oneOf: ['Active', 'Inactive'] } });
    const key = keyIn(userIn(world, call.account, input), input);
    key.status = text(input, 'Status') === 'Active' ? 'Active' : 'Inactive';
    return {};
  },
  DeleteAccessKey: (world, input, call) => {
    const user = userIn(world, call.account, input);
    const key = keyIn(user, input);
    user.keys = user.keys.filter((other) => other !== key);
    return {};
  },
  ListAccessKeys: listedKeys,
  GetAccessKeyLastUsed: keyLastUsed,
};

const serial: Member = { kind: 'string', required: true, min: 9, max: 256 };

const mfaOperations: Ops = {
  EnableMFADevice: (world, input, call) => {
    const user = userIn(world, call.account, input);
    check(input, { SerialNumber: serial });
    const device = { SerialNumber: text(input, 'SerialNumber'), EnableDate: new Date(call.now).toISOString() };
    user.mfa = [...user.mfa.filter((known) => known.SerialNumber !== device.SerialNumber), device];
    return {};
  },
  DeactivateMFADevice: (world, input, call) => {
    const user = userIn(world, call.account, input);
    check(input, { SerialNumber: serial });
    const rest = user.mfa.filter((known) => known.SerialNumber !== text(input, 'SerialNumber'));
    if (rest.length === user.mfa.length) throw noSuchEntity(`MFA device with serial ${text(input, 'SerialNumber')}`);
    user.mfa = rest;
    return {};
  },
  ListMFADevices: (world, input, call) => {
    const { UserName, mfa } = userIn(world, call.account, input);
    return pageOf(
      'MFADevices',
      mfa.map((device) => ({ UserName, ...device })),
      input,
    );
  },
};

export const userOperations: Ops = {
  ...keyOperations,
  ...mfaOperations,
  CreateUser: create,
  DeleteUser: remove,
  GetUser: (world, input, call) => ({ User: userOutput(userIn(world, call.account, input)) }),
  ListUsers: (world, input, call) => {
    check(input, { PathPrefix: { kind: 'string', min: 1, max: 512 } });
    const prefix = optionalText(input, 'PathPrefix') ?? '/';
    const all = Object.values(iamOf(world, call.account).users).filter(({ Path }) => Path.startsWith(prefix));
    return pageOf('Users', all.map(userOutput), input);
  },
  CreateLoginProfile: createLogin,
  GetLoginProfile: (world, input, call) => loginOutput(userIn(world, call.account, input)),
  DeleteLoginProfile: (world, input, call) => {
    const user = userIn(world, call.account, input);
    loginOutput(user);
    delete user.login;
    return {};
  },
};
