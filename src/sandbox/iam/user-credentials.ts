/** What users sign in and call with: passwords and access keys. */
import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, nextId, secondsIso } from '../core.ts';
import { limitExceeded } from './documents.ts';
import { alreadyExists, isTrue, missingIamEntity, noSuchIamEntity, iamListPage } from './look.ts';
import type { AccessKey, SandboxIamUser } from './state.ts';
import { iamOf, uniqueId } from './state.ts';
import { textMember } from '../members.ts';
import { userOrCaller } from './users.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const loginOf = ({ UserName, login }: SandboxIamUser): NonNullable<SandboxIamUser['login']> => {
  if (login) return login;
  throw missingIamEntity(`Login Profile for User ${UserName} cannot be found.`);
};

const loginOutput = (user: SandboxIamUser): CallOutput => {
  const { CreateDate, resetRequired = false } = loginOf(user);
  const reset = resetRequired ? { PasswordResetRequired: true } : { PasswordResetRequired: false };
  return { LoginProfile: { UserName: user.UserName, CreateDate, ...reset } };
};

const createLogin: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userOrCaller(world, input, call);
  if (user.login !== undefined) throw alreadyExists(`Login Profile for user ${user.UserName}`);
  const date = secondsIso(call.now);
  user.login = { CreateDate: date, changed: date, resetRequired: isTrue(input, 'PasswordResetRequired') };
  return loginOutput(user);
};

const updateLogin: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const login = loginOf(userOrCaller(world, input, call));
  if (input['Password'] !== undefined) login.changed = secondsIso(call.now);
  if (input['PasswordResetRequired'] !== undefined) login.resetRequired = isTrue(input, 'PasswordResetRequired');
  return {};
};

const changePassword: SandboxOperation<SandboxWorld> = (world, _input, call) => {
  loginOf(userOrCaller(world, {}, call)).changed = secondsIso(call.now);
  return {};
};

const createKey: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userOrCaller(world, input, call);
  if (user.keys.length >= 2) throw limitExceeded('Cannot exceed quota for AccessKeysPerUser: 2');
  const key: AccessKey = { id: uniqueId(world.ids, 'AKIA'), CreateDate: secondsIso(call.now), status: 'Active' };
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

const keyIn = (user: SandboxIamUser, input: CallInput): AccessKey => {
  const key = user.keys.find(({ id }) => id === textMember(input, 'AccessKeyId'));
  if (key) return key;
  throw noSuchIamEntity(`Access Key with id ${textMember(input, 'AccessKeyId')}`);
};

const keyLastUsed: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const asked = textMember(input, 'AccessKeyId');
  for (const user of Object.values(iamOf(world, call.account).users)) {
    const key = user.keys.find(({ id }) => id === asked);
    if (key === undefined) continue;
    const { date, region = 'N/A', service = 'N/A' } = key.lastUsed ?? {};
    return {
      UserName: user.UserName,
      AccessKeyLastUsed: {
        ...(date === undefined ? {} : { LastUsedDate: date }),
        ServiceName: service,
        Region: region,
      },
    };
  }
  throw new AwsError(
    'AccessDenied',
    `User: ${call.principalArn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${asked}`,
    { status: 403 },
  );
};

const listedKeys: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { UserName, keys } = userOrCaller(world, input, call);
  return iamListPage(
    'AccessKeyMetadata',
    keys.map(({ id, status, CreateDate }) => ({ UserName, AccessKeyId: id, Status: status, CreateDate })),
    input,
  );
};

export const userCredentialOperations: WorldOperations = {
  CreateLoginProfile: createLogin,
  UpdateLoginProfile: updateLogin,
  ChangePassword: changePassword,
  GetLoginProfile: (world, input, call) => loginOutput(userOrCaller(world, input, call)),
  DeleteLoginProfile: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    loginOf(user);
    delete user.login;
    return {};
  },
  CreateAccessKey: createKey,
  UpdateAccessKey: (world, input, call) => {
    const key = keyIn(userOrCaller(world, input, call), input);
    key.status = textMember(input, 'Status') === 'Active' ? 'Active' : 'Inactive';
    return {};
  },
  DeleteAccessKey: (world, input, call) => {
    const user = userOrCaller(world, input, call);
    const key = keyIn(user, input);
    user.keys = user.keys.filter((other) => other !== key);
    return {};
  },
  ListAccessKeys: listedKeys,
  GetAccessKeyLastUsed: keyLastUsed,
};
