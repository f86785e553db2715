/** MFA devices: virtual ones that exist before anybody has them, and those that users have. */
import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, nextId, secondsIso } from '../core.ts';
import { alreadyExists, missingIamEntity, iamListPage, iamTagsIn, tagsOutput, validationError } from './look.ts';
import type { IamAccount, SandboxIamUser, MfaDevice, VirtualMfaDevice } from './state.ts';
import { iamOf } from './state.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import { isCode } from './one-time-codes.ts';
import { listedUser, userIn, userOrCaller } from './users.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const devicesOf = (world: SandboxWorld, account: string): Record<string, VirtualMfaDevice> => {
  const iam = iamOf(world, account);
  iam.virtualMfa ??= {};
  return iam.virtualMfa;
};

const noDevice = (input: CallInput): AwsError =>
  missingIamEntity(`MFA Device with serial number ${textMember(input, 'SerialNumber')} does not exist.`);

/** The virtual device that the input names; throws NoSuchEntity. */
export const virtualDeviceIn = (world: SandboxWorld, account: string, input: CallInput): VirtualMfaDevice => {
  const device = own(devicesOf(world, account), textMember(input, 'SerialNumber'));
  if (device) return device;
  throw noDevice(input);
};

type MfaDeviceOwner = { readonly user: SandboxIamUser; readonly device: MfaDevice };

const holderOf = ({ users }: IamAccount, serial: string): MfaDeviceOwner | undefined => {
  for (const user of Object.values(users)) {
    const device = user.mfa.find(({ SerialNumber }) => SerialNumber === serial);
    if (device) return { user, device };
  }
  return undefined;
};

/** The smallest picture there is: nobody scans it. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';

const create: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const path = optionalTextMember(input, 'Path') ?? '/';
  if (!/^\/([A-Za-z0-9/._-]*\/)?$/.test(path))
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  const SerialNumber = `arn:aws:iam::${call.account}:mfa${path}${textMember(input, 'VirtualMFADeviceName')}`;
  const devices = devicesOf(world, call.account);
  if (own(devices, SerialNumber)) throw alreadyExists('MFA device');
  const seed = nextId(world.ids, 64, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
  const Tags = iamTagsIn(input, 'case-sensitive');
  devices[SerialNumber] = { SerialNumber, seed, CreateDate: secondsIso(call.now), Tags };
  return {
    VirtualMFADevice: {
      SerialNumber,
      Base32StringSeed: Buffer.from(seed).toString('base64'),
      QRCodePNG: picture,
      ...tagsOutput({ Tags }),
    },
  };
};

/** A hardware key's secret is not known here: its codes are only two numbers that differ. */
const mustKnowCodes = (device: VirtualMfaDevice | undefined, input: CallInput, now: number): void => {
  const codes = [textMember(input, 'AuthenticationCode1'), textMember(input, 'AuthenticationCode2')];
  const differ = codes[0] !== codes[1];
  if (differ && (device === undefined || codes.every((code) => isCode(device.seed, code, now)))) return;
  throw new AwsError('InvalidAuthenticationCode', 'Authentication code for device is not valid.', { status: 403 });
};

const enable: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userIn(world, call.account, input);
  const SerialNumber = textMember(input, 'SerialNumber');
  if (holderOf(iamOf(world, call.account), SerialNumber))
    throw new AwsError('EntityAlreadyExists', 'MFA Device is already in use.', { status: 409 });
  const isVirtual = SerialNumber.startsWith('arn:');
  mustKnowCodes(isVirtual ? virtualDeviceIn(world, call.account, input) : undefined, input, call.now);
  user.mfa = [...user.mfa, { SerialNumber, EnableDate: secondsIso(call.now) }];
  return {};
};

/** A virtual device that is taken from its user is gone. */
const deactivate: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const user = userOrCaller(world, input, call);
  const rest = user.mfa.filter((known) => known.SerialNumber !== textMember(input, 'SerialNumber'));
  if (rest.length === user.mfa.length) throw noDevice(input);
  user.mfa = rest;
  Reflect.deleteProperty(devicesOf(world, call.account), textMember(input, 'SerialNumber'));
  return {};
};

const removeVirtual: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { SerialNumber } = virtualDeviceIn(world, call.account, input);
  if (holderOf(iamOf(world, call.account), SerialNumber))
    throw new AwsError('DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.', { status: 409 });
  Reflect.deleteProperty(devicesOf(world, call.account), SerialNumber);
  return {};
};

const listedDevice = (iam: IamAccount, { SerialNumber, Tags }: VirtualMfaDevice): CallOutput => {
  const held = holderOf(iam, SerialNumber);
  const user = held === undefined ? {} : { User: listedUser(held.user), EnableDate: held.device.EnableDate };
  return { SerialNumber, ...user, ...tagsOutput({ Tags }) };
};

const listVirtual: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const iam = iamOf(world, call.account);
  const wanted = optionalTextMember(input, 'AssignmentStatus') ?? 'Any';
  const rows = Object.values(devicesOf(world, call.account)).map((device) => listedDevice(iam, device));
  const kept = rows.filter((row) => wanted === 'Any' || (row['User'] !== undefined) === (wanted === 'Assigned'));
  return iamListPage('VirtualMFADevices', kept, input);
};

const getDevice: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const held = holderOf(iamOf(world, call.account), textMember(input, 'SerialNumber'));
  if (!held) throw noDevice(input);
  const { SerialNumber, EnableDate } = held.device;
  return { UserName: held.user.UserName, SerialNumber, EnableDate, Certifications: { entry: [] } };
};

export const mfaOperations: WorldOperations = {
  CreateVirtualMFADevice: create,
  DeleteVirtualMFADevice: removeVirtual,
  ListVirtualMFADevices: listVirtual,
  EnableMFADevice: enable,
  DeactivateMFADevice: deactivate,
  GetMFADevice: getDevice,
  ResyncMFADevice: (world, input, call) => {
    const user = userIn(world, call.account, input);
    const known = user.mfa.some(({ SerialNumber }) => SerialNumber === textMember(input, 'SerialNumber'));
    if (!known) throw noDevice(input);
    mustKnowCodes(own(devicesOf(world, call.account), textMember(input, 'SerialNumber')), input, call.now);
    return {};
  },
  ListMFADevices: (world, input, call) => {
    const { UserName, mfa } = userOrCaller(world, input, call);
    return iamListPage(
      'MFADevices',
      mfa.map((device) => ({ UserName, ...device })),
      input,
    );
  },
};
