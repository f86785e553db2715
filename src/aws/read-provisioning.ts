/** Where each permission set is, and where a former version of it still is. */
import type { AccountId } from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { allPages, begun, mapBounded } from './pages.ts';
import type { ListedAccounts } from './read-tree.ts';

export type SetAddress = { readonly InstanceArn: string; readonly PermissionSetArn: string };
export type ProvisionedPlaces = { readonly provisioned: readonly AccountId[]; readonly outdated: readonly AccountId[] };

const pageSize = 100;
const formerVersion = 'LATEST_PERMISSION_SET_NOT_PROVISIONED';
type StatusFilter = { readonly ProvisioningStatus?: typeof formerVersion };

/** Without a status: every account that has the set. */
export const listProvisioned = (
  { ssoAdmin }: AwsConnection,
  address: SetAddress,
  asked: StatusFilter = {},
): Promise<readonly AccountId[]> =>
  allPages(async (token) => {
    const page = await ssoAdmin.listAccountsForProvisionedPermissionSet({
      ...address,
      ...asked,
      MaxResults: pageSize,
      ...token,
    });
    return { rows: page.AccountIds, next: page.NextToken };
  });

export const listOutdated = (connection: AwsConnection, address: SetAddress): Promise<readonly AccountId[]> =>
  listProvisioned(connection, address, { ProvisioningStatus: formerVersion });

type AccountOfInstance = { readonly InstanceArn: string; readonly AccountId: AccountId };

const listSetsIn = ({ ssoAdmin }: AwsConnection, account: AccountOfInstance, asked: StatusFilter = {}) =>
  allPages(async (token) => {
    const page = await ssoAdmin.listPermissionSetsProvisionedToAccount({
      ...account,
      ...asked,
      MaxResults: pageSize,
      ...token,
    });
    return { rows: page.PermissionSets, next: page.NextToken };
  });

type StatusLists<Row> = { readonly provisioned: readonly Row[]; readonly outdated: readonly Row[] };

/** AWS answers ids without a status, so it is asked twice; what is nowhere at all is nowhere in a former version. */
const bothLists = async <Row>(list: (asked?: StatusFilter) => Promise<readonly Row[]>): Promise<StatusLists<Row>> => {
  const provisioned = await list();
  if (provisioned.length === 0) return { provisioned, outdated: [] };
  return { provisioned, outdated: await list({ ProvisioningStatus: formerVersion }) };
};

type ProvisioningQuestion = {
  readonly instanceArn: string;
  readonly arns: readonly string[];
  readonly accounts: Promise<ListedAccounts>;
};

const byAccount = async (
  connection: AwsConnection,
  InstanceArn: string,
  accounts: readonly AccountId[],
): Promise<ReadonlyMap<string, ProvisionedPlaces>> => {
  const found = new Map<string, { readonly provisioned: AccountId[]; readonly outdated: AccountId[] }>();
  const setIn = (arn: string) => {
    const lists = found.get(arn) ?? { provisioned: [], outdated: [] };
    found.set(arn, lists);
    return lists;
  };
  await mapBounded(accounts, async (AccountId) => {
    const lists = await bothLists((asked) => listSetsIn(connection, { InstanceArn, AccountId }, asked));
    for (const arn of lists.provisioned) setIn(arn).provisioned.push(AccountId);
    for (const arn of lists.outdated) setIn(arn).outdated.push(AccountId);
  });
  return found;
};

/** No API reference says what AWS answers about a closed account, so where there is one, sets are asked for. */
const accountsAreFewer = ({ arns }: ProvisioningQuestion, { labels, someClosed }: ListedAccounts): boolean =>
  !someClosed && labels.size < arns.length;

/** By set or by account, whichever is fewer questions. */
export const readProvisioning = (connection: AwsConnection, question: ProvisioningQuestion) => {
  const { instanceArn: InstanceArn, accounts } = question;
  const everywhere = begun(
    accounts.then((listed) =>
      accountsAreFewer(question, listed) ? byAccount(connection, InstanceArn, [...listed.labels.keys()]) : undefined,
    ),
  );
  return async (PermissionSetArn: string): Promise<ProvisionedPlaces> => {
    const known = await everywhere;
    if (known !== undefined) return known.get(PermissionSetArn) ?? { provisioned: [], outdated: [] };
    return bothLists((asked) => listProvisioned(connection, { InstanceArn, PermissionSetArn }, asked));
  };
};
