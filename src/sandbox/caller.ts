/** Who calls: the access key in the SigV4 authorization header names account and principal. Signatures are not checked. */
import { own } from './members.ts';
import type { Session, World } from './world.ts';

export const adminUserId = 'AROASANDBOXADMINROLE0:sandbox';

const adminOf = (account: string): Session => ({
  account,
  principalArn: `arn:aws:sts::${account}:assumed-role/Admin/sandbox`,
  userId: adminUserId,
});

/** The access key id of an account's administrator. */
export const accessKeyOf = (account: string): string => `AKIASANDBOX${account}`;

/** Any key that is neither an account's own nor opened by AssumeRole is the management account's administrator. */
export const callerOf = (world: World, accessKeyId: string): Session => {
  const session = own(world.sessions, accessKeyId);
  if (session) return session;
  const account = /^AKIASANDBOX(\d{12})$/.exec(accessKeyId)?.[1];
  const known = account !== undefined && Object.hasOwn(world.organizations.accounts, account);
  return adminOf(known ? account : world.organizations.management);
};

type Scope = { readonly accessKeyId: string; readonly region: string };

/** Key and Region of `Credential=KEY/DATE/REGION/SERVICE/aws4_request`. */
export const scopeOf = (authorization: string | undefined): Scope => {
  const [, accessKeyId = '', region = 'us-east-1'] =
    /Credential=([^/,\s]{1,128})\/[^/,\s]*\/([^/,\s]{1,64})\//.exec(authorization ?? '') ?? [];
  return { accessKeyId, region };
};
