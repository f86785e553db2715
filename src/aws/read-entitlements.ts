/** Who is on which role by account access manager: its application for this Identity Center, and the entitlements of that. */
import { ACCOUNT_ACCESS, keyOf } from '../model/resource.ts';
import type { AccountId, Entitlement, Principal } from '../model/resource.ts';
import type { AccountAccessUse } from '../model/cloud.ts';
import type { Unread } from '../model/reads.ts';
import type { AccountAccess, EntitledPrincipal, EntitlementRow } from './account-access-client.ts';
import type { AwsConnection } from './connection.ts';
import { callFailure, isNamed, isOurFault } from './failures.ts';
import { allPages, mapBounded } from './pages.ts';
import type { StoreDirectory } from './read-identity-store.ts';

export type EntitlementReading = {
  readonly entitlements: readonly Entitlement[];
  readonly use: AccountAccessUse;
  /** Of the application, if there is one that works. */
  readonly applicationArn?: string;
  readonly unread: readonly Unread[];
  readonly notes: readonly string[];
};

/** `isDeclared`: whether the files ask for an entitlement, so that not to know is no small thing. */
export type EntitlementQuestion = {
  readonly instanceArn: string;
  readonly identityStoreId: string;
  readonly labels: ReadonlyMap<AccountId, string>;
  readonly directory: StoreDirectory;
  readonly isDeclared: boolean;
};

type FoundApplication = { readonly arn: string; readonly status: string };

/** An application belongs to one Identity Center (CreateApplication). */
const applicationOf = async (access: AccountAccess, instanceArn: string): Promise<FoundApplication | undefined> => {
  const rows = await allPages(async ({ NextToken }) => {
    const page = await access.listApplications(NextToken === undefined ? {} : { nextToken: NextToken });
    return { rows: page.applications, next: page.nextToken };
  });
  const all = await mapBounded(rows, async ({ applicationArn }) => ({
    applicationArn,
    ...(await access.getApplication({ applicationArn })),
  }));
  const ours = all.find(({ identitySource }) => identitySource?.identityCenter?.instanceArn === instanceArn);
  return ours === undefined ? undefined : { arn: ours.applicationArn, status: ours.status ?? 'unknown' };
};

/** Rows that meet the filter; of an empty one, all (ListEntitlements demands a filter, whose members may all be left out). */
export const entitlementRows = (
  access: AccountAccess,
  applicationArn: string,
  principalRole: Readonly<Record<string, unknown>>,
): Promise<readonly EntitlementRow[]> =>
  allPages(async ({ NextToken }) => {
    const token = NextToken === undefined ? {} : { nextToken: NextToken };
    const page = await access.listEntitlements({
      applicationArn,
      filter: { principalRole },
      maxResults: 100,
      ...token,
    });
    return { rows: page.entitlements, next: page.nextToken };
  });

type PrincipalId = { readonly type: Principal['type']; readonly id: string };

const idOf = ({ identityCenter }: EntitledPrincipal): PrincipalId =>
  'groupId' in identityCenter
    ? { type: 'group', id: identityCenter.groupId }
    : { type: 'user', id: identityCenter.userId };

const inverted = (ids: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...ids].map(([name, id]) => [id, name]));

/** Only "not found" means that it was deleted; what was made since the directory was read is nobody's orphan. */
const isGone = async ({ identityStore }: AwsConnection, IdentityStoreId: string, { type, id }: PrincipalId) => {
  try {
    await (type === 'group'
      ? identityStore.describeGroup({ IdentityStoreId, GroupId: id })
      : identityStore.describeUser({ IdentityStoreId, UserId: id }));
    return false;
  } catch (thrown) {
    if (isNamed(thrown, 'ResourceNotFoundException')) return true;
    throw thrown;
  }
};

const roleArn = /^arn:[a-z0-9-]+:iam::(\d{12}):role\/(.+)$/;

const entitlementsIn = async (
  connection: AwsConnection,
  { identityStoreId, labels, directory }: EntitlementQuestion,
  rows: readonly EntitlementRow[],
): Promise<readonly Entitlement[]> => {
  const names = { group: inverted(directory.groupIds), user: inverted(directory.userIds) };
  const principalOf = async (whose: PrincipalId): Promise<Principal | undefined> => {
    const name = names[whose.type].get(whose.id);
    if (name !== undefined) return { type: whose.type, name };
    const gone = await isGone(connection, identityStoreId, whose);
    return gone ? { type: whose.type, name: whose.id, orphan: true } : undefined;
  };
  const found = await mapBounded(rows, async ({ entitlement: { principalRole } }) => {
    const [, id = '', role = ''] = roleArn.exec(principalRole?.roleArn ?? '') ?? [];
    const account = labels.get(id);
    if (principalRole === undefined || account === undefined) return [];
    const principal = await principalOf(idOf(principalRole.principal));
    return principal === undefined ? [] : [{ kind: 'entitlement', principal, role, account } as const];
  });
  return [...new Map(found.flat().map((one) => [keyOf(one), one])).values()];
};

const toAllow =
  'Allow account-access:ListApplications, GetApplication and ListEntitlements to the identity that reads.';

/** Of an organization that uses nothing of it, an answer that does not come is a note; of one that does, nothing is done. */
const unanswered = (reason: string, { isDeclared }: EntitlementQuestion): EntitlementReading => ({
  entitlements: [],
  use: 'unknown',
  unread: isDeclared ? [{ scope: ACCOUNT_ACCESS, reason }] : [],
  notes: isDeclared ? [] : [`Who has access by account access manager is not known: ${reason}. ${toAllow}`],
});

const withoutApplication = ({ isDeclared }: EntitlementQuestion): EntitlementReading => ({
  entitlements: [],
  use: 'none',
  unread: isDeclared
    ? [
        {
          scope: ACCOUNT_ACCESS,
          reason:
            'account access manager has no application for this Identity Center (docs/account-access.md says how to make it). If there was one, whoever had access by it alone has none',
        },
      ]
    : [],
  notes: [],
});

const readingOf = async (connection: AwsConnection, question: EntitlementQuestion): Promise<EntitlementReading> => {
  const access = await connection.accountAccess();
  const application = await applicationOf(access, question.instanceArn);
  if (application === undefined) return withoutApplication(question);
  const { arn, status } = application;
  if (status !== 'ACTIVE') return unanswered(`the application of account access manager is ${status}`, question);
  const rows = await entitlementRows(access, arn, {});
  const entitlements = await entitlementsIn(connection, question, rows);
  return { entitlements, use: 'active', applicationArn: arn, unread: [], notes: [] };
};

/** Never throws for what only account access manager refuses: where it does not answer, that is said. */
export const readEntitlements = async (
  connection: AwsConnection,
  question: EntitlementQuestion,
): Promise<EntitlementReading> => {
  try {
    return await readingOf(connection, question);
  } catch (thrown) {
    if (isOurFault(thrown)) throw thrown;
    return unanswered(callFailure(thrown), question);
  }
};
