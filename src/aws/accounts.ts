/** The way into the IAM of each account: with the caller's own credentials, or through a role of that account. */
import type { IAM } from '@aws-sdk/client-iam';
import type { AccountId } from '../model/resource.ts';
import type { AwsCredentials } from './clients.ts';
import type { AwsConnection } from './connection.ts';

/** The role that the caller assumes in every other account. */
export type AccountEntryRole = {
  readonly name: string;
  readonly path?: string;
  readonly externalId?: string;
  readonly sessionTags?: Readonly<Record<string, string>>;
};

/** AWS makes it in every account that is created in an organization, and it may do everything there. */
export const organizationRole: AccountEntryRole = { name: 'OrganizationAccountAccessRole' };

export type AccountEntry = {
  readonly caller: { readonly account: AccountId; readonly arn: string };
  readonly managementAccountId: AccountId;
  readonly role: AccountEntryRole;
};

/** Both throw when the account cannot be entered. Do not keep the result: its credentials expire. */
export type MemberAccounts = {
  readonly iam: (account: AccountId) => Promise<IAM>;
  /** Undefined: the caller's own. */
  readonly credentials: (account: AccountId) => Promise<AwsCredentials | undefined>;
};

type MemberSession = { readonly credentials: AwsCredentials; readonly expires: number };
type EnteredAccount = { readonly client: IAM; readonly expires: number; readonly credentials?: AwsCredentials };

/** Enter the account again this long before the credentials expire, so that a long call can still finish with the old ones. */
const spare = 5 * 60_000;
/** Seconds; no longer session is given to who has assumed a role already (AssumeRole, role chaining). */
const sessionDuration = 3_600;

/** Says in CloudTrail whose run it was. AssumeRole takes 2 to 64 of these characters. */
const sessionName = (arn: string): string =>
  `gatehouse-${(arn.split('/').at(-1) ?? '').replace(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);

const roleArn = (account: AccountId, { name, path = '/' }: AccountEntryRole): string =>
  `arn:aws:iam::${account}:role${path}${name}`;

const requestOf = (account: AccountId, { caller, role }: AccountEntry) => ({
  RoleArn: roleArn(account, role),
  RoleSessionName: sessionName(caller.arn),
  DurationSeconds: sessionDuration,
  ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
  ...(role.sessionTags === undefined
    ? {}
    : { Tags: Object.entries(role.sessionTags).map(([Key, Value]) => ({ Key, Value })) }),
});

const assumed = async ({ sts }: AwsConnection, account: AccountId, entry: AccountEntry): Promise<MemberSession> => {
  const { Credentials: given } = await sts.assumeRole(requestOf(account, entry));
  if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
    throw new Error('sts:AssumeRole gave no credentials');
  }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given;
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
    },
    expires: Expiration?.getTime() ?? 0,
  };
};

const enter = async (connection: AwsConnection, account: AccountId, entry: AccountEntry): Promise<EnteredAccount> => {
  const { caller, managementAccountId } = entry;
  if (account === caller.account) return { client: await connection.iam(account), expires: Infinity };
  if (account === managementAccountId) {
    throw new Error('the management account is entered with credentials of its own only');
  }
  const { credentials, expires } = await assumed(connection, account, entry);
  return { client: await connection.iam(account, credentials), expires, credentials };
};

/** Each account is entered when it is first asked for, and again before the credentials end. */
export const createAccounts = (connection: AwsConnection, entry: AccountEntry): MemberAccounts => {
  const entered = new Map<AccountId, Promise<EnteredAccount>>();
  const begin = (account: AccountId): Promise<EnteredAccount> => {
    const entering = enter(connection, account, entry);
    entered.set(account, entering);
    // A failed entry is not cached: the next request tries again.
    entering.catch(() => entered.delete(account));
    return entering;
  };
  const inside = async (account: AccountId): Promise<EnteredAccount> => {
    // Requests at the same moment share one AssumeRole call.
    const entering = entered.get(account);
    const known = entering === undefined ? await begin(account) : await entering;
    return connection.clock.now() < known.expires - spare ? known : begin(account);
  };
  return {
    iam: async (account) => (await inside(account)).client,
    credentials: async (account) => (await inside(account)).credentials,
  };
};
