/** Who calls: the access key in the SigV4 authorization header names account and principal. Signatures are not checked. */
import type { CallerSession } from './core.ts';
import { AwsError, secondsIso } from './core.ts';
import { own } from './members.ts';
import type { SandboxWorld } from './world.ts';

/** The role of whoever calls with a key that is nobody's. The management account has it from the start. */
export const administratorRole = { name: 'Admin', id: 'AROASANDBOXADMINROLE0' };

const adminOf = (account: string): CallerSession => ({
  account,
  principalArn: `arn:aws:sts::${account}:assumed-role/${administratorRole.name}/sandbox`,
  userId: `${administratorRole.id}:sandbox`,
});

/** The access key id of an account's administrator. */
export const accessKeyOf = (account: string): string => `AKIASANDBOX${account}`;

type AccessKeyUse = {
  readonly accessKeyId: string;
  readonly service: string;
  readonly region: string;
  readonly now: number;
};

/** Remembers for GetAccessKeyLastUsed when, where and for what a user's key was used. */
export const noteUse = (world: SandboxWorld, { accessKeyId, service, region, now }: AccessKeyUse): void => {
  if (!accessKeyId.startsWith('AKIA')) return;
  for (const { users } of Object.values(world.iam))
    for (const { keys } of Object.values(users)) {
      const key = keys.find(({ id }) => id === accessKeyId);
      if (key) key.lastUsed = { date: secondsIso(now), region, service };
    }
};

/** The IAM user whose active key this is. */
const userWith = (world: SandboxWorld, accessKeyId: string): CallerSession | undefined => {
  for (const [account, { users }] of Object.entries(world.iam)) {
    const user = Object.values(users).find(({ keys }) =>
      keys.some(({ id, status }) => id === accessKeyId && status === 'Active'),
    );
    if (user) return { account, principalArn: user.Arn, userId: user.UserId };
  }
  return undefined;
};

const refusal = (code: 'ExpiredToken' | 'InvalidClientTokenId', service: string): AwsError => {
  const message = `The security token included in the request is ${code === 'ExpiredToken' ? 'expired' : 'invalid'}`;
  if (['iam', 'sts', 'sns'].includes(service)) return new AwsError(code, message, { status: 403 });
  if (service.startsWith('s3'))
    return new AwsError(code === 'ExpiredToken' ? code : 'InvalidAccessKeyId', message, { status: 403 });
  return new AwsError(code === 'ExpiredToken' ? 'ExpiredTokenException' : 'UnrecognizedClientException', message);
};

type PresentedKey = { readonly accessKeyId: string; readonly service: string; readonly now: number };

/**
 * Any permanent key that is neither an account's own nor a user's is the management account's administrator. Throws for
 * temporary credentials that have expired or were never given.
 */
export const callerOfKey = (world: SandboxWorld, { accessKeyId, service, now }: PresentedKey): CallerSession => {
  const session = own(world.sessions, accessKeyId);
  if (session?.expiresAt !== undefined && session.expiresAt <= now) throw refusal('ExpiredToken', service);
  if (session) return session;
  if (accessKeyId.startsWith('ASIA')) throw refusal('InvalidClientTokenId', service);
  const account = /^AKIASANDBOX(\d{12})$/.exec(accessKeyId)?.[1];
  const known = account !== undefined && Object.hasOwn(world.organizations.accounts, account);
  const user = accessKeyId.startsWith('AKIA') ? userWith(world, accessKeyId) : undefined;
  return user ?? adminOf(known ? account : world.organizations.management);
};

type SigningScope = { readonly accessKeyId: string; readonly region: string };

/** Key and Region of `Credential=KEY/DATE/REGION/SERVICE/aws4_request`. */
export const scopeOf = (authorization: string | undefined): SigningScope => {
  const [, accessKeyId = '', region = 'us-east-1'] =
    /Credential=([^/,\s]{1,128})\/[^/,\s]*\/([^/,\s]{1,64})\//.exec(authorization ?? '') ?? [];
  return { accessKeyId, region };
};
