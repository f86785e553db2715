/** The imitated Security Token Service. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput, CallerSession } from '../core.ts';
import { accessDenied, invalidValue } from './assumable.ts';
import { assumeRole } from './assume-role.ts';
import { openSession } from './credentials.ts';
import { federationOperations } from './federation.ts';
import { packedPercent } from './session-tags.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import type { SandboxWorld } from '../world.ts';

const getCallerIdentity: SandboxOperation<SandboxWorld> = (_world, _input, { caller }) => ({
  UserId: caller.userId,
  Account: caller.account,
  Arn: caller.principalArn,
});

/** A permanent key's owner: whoever already has a session cannot ask for another of this kind. */
const mustBePermanent = ({ caller, operation }: SandboxCall): void => {
  if (caller.expiresAt !== undefined) throw accessDenied(`Cannot call ${operation} with session credentials`);
};

/** Twelve hours unless asked otherwise. */
const endOf = (input: CallInput, now: number): number =>
  now + Number(textMember(input, 'DurationSeconds') || String(12 * 3600)) * 1000;

const getSessionToken: SandboxOperation<SandboxWorld> = (world, input, call) => {
  mustBePermanent(call);
  const serial = optionalTextMember(input, 'SerialNumber');
  if ((serial === undefined) !== (optionalTextMember(input, 'TokenCode') === undefined))
    throw accessDenied('MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.');
  const mfa = serial === undefined ? {} : { mfa: true };
  const session = { ...call.caller, expiresAt: endOf(input, call.now), ...mfa };
  return { Credentials: openSession(world, session, call.now) };
};

const getFederationToken: SandboxOperation<SandboxWorld> = (world, input, call) => {
  mustBePermanent(call);
  const name = textMember(input, 'Name');
  const PackedPolicySize = packedPercent(input);
  const FederatedUser = {
    FederatedUserId: `${call.account}:${name}`,
    Arn: `arn:aws:sts::${call.account}:federated-user/${name}`,
  };
  const session = {
    account: call.account,
    principalArn: FederatedUser.Arn,
    userId: FederatedUser.FederatedUserId,
    expiresAt: endOf(input, call.now),
  };
  return { Credentials: openSession(world, session, call.now), FederatedUser, PackedPolicySize };
};

const holderOf = (world: SandboxWorld, accessKeyId: string): CallerSession['account'] | undefined => {
  const session = own(world.sessions, accessKeyId);
  if (session) return session.account;
  const found = Object.entries(world.iam).find(([, { users }]) =>
    Object.values(users).some(({ keys }) => keys.some(({ id }) => id === accessKeyId)),
  );
  return found?.[0];
};

const getAccessKeyInfo = (world: SandboxWorld, input: CallInput): CallOutput => {
  const Account = holderOf(world, textMember(input, 'AccessKeyId'));
  if (Account === undefined) throw invalidValue('Invalid Access Key Id.');
  return { Account };
};

export const stsOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = {
  AssumeRole: assumeRole,
  ...federationOperations,
  GetCallerIdentity: getCallerIdentity,
  GetSessionToken: getSessionToken,
  GetFederationToken: getFederationToken,
  GetAccessKeyInfo: getAccessKeyInfo,
};
