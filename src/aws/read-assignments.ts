/** Reads all assignments by the route that costs fewer calls: by permission set and account, or by principal. */
import type { Reads } from '../model/reads.ts';
import { keyOf } from '../model/resource.ts';
import type { AccountId, Assignment, Principal } from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { isDenied, isNamed } from './failures.ts';
import { allPages, counting, mapBounded } from './pages.ts';
import { readDirectory } from './read-identity-store.ts';
import type { StoreDirectory } from './read-identity-store.ts';
import type { ReadSet } from './read-permission-sets.ts';
import type { OrganizationTree } from './read-tree.ts';

/** Everything that the routes need to know; `mustRead` says which sets are read pair by pair whatever the route. */
export type AssignmentQuestion = {
  readonly instanceArn: string;
  readonly identityStoreId: string;
  readonly sets: readonly ReadSet[];
  readonly labels: OrganizationTree['labels'];
  readonly directory: StoreDirectory;
  readonly mustRead: (set: ReadSet) => boolean;
  /** ListAccountAssignmentsForPrincipal is for the management account only (its API reference). */
  readonly managementCaller: boolean;
};

export type AssignmentRoute = Reads['route'];
/** `directory`: the one that was given, or a later one that knows every living principal of the assignments. */
export type AssignmentReading = {
  readonly route: AssignmentRoute;
  readonly assignments: readonly Assignment[];
  readonly directory: StoreDirectory;
};

type SetInAccount = { readonly set: ReadSet; readonly account: AccountId };
type AssignmentRow = {
  readonly permissionSetArn: string;
  readonly account: AccountId;
  readonly type: 'GROUP' | 'USER';
  readonly principal: string;
};

const pageSize = 100;

/** Pairs of a permission set and an active account where it is provisioned. Other pairs have no assignment. */
const pairsOf = ({ sets, labels }: AssignmentQuestion): readonly SetInAccount[] =>
  sets.flatMap((set) => set.provisionedIn.filter((id) => labels.has(id)).map((account) => ({ set, account })));

type AwsRow = {
  readonly PermissionSetArn?: string | undefined;
  readonly AccountId?: string | undefined;
  readonly PrincipalType?: 'GROUP' | 'USER' | undefined;
  readonly PrincipalId?: string | undefined;
};

const rowOf = ({
  PermissionSetArn = '',
  AccountId = '',
  PrincipalType = 'GROUP',
  PrincipalId = '',
}: AwsRow): AssignmentRow => ({
  permissionSetArn: PermissionSetArn,
  account: AccountId,
  type: PrincipalType,
  principal: PrincipalId,
});

const rowsOfPair = ({ ssoAdmin }: AwsConnection, InstanceArn: string, { set, account }: SetInAccount) =>
  allPages(async (token) => {
    const page = await ssoAdmin.listAccountAssignments({
      InstanceArn,
      AccountId: account,
      PermissionSetArn: set.arn,
      MaxResults: pageSize,
      ...token,
    });
    return { rows: page.AccountAssignments?.map(rowOf), next: page.NextToken };
  });

type PrincipalFilter = { readonly PrincipalType: 'GROUP' | 'USER'; readonly PrincipalId: string };

const rowsOfPrincipal = ({ ssoAdmin }: AwsConnection, InstanceArn: string, asked: PrincipalFilter) =>
  allPages(async (token) => {
    const page = await ssoAdmin.listAccountAssignmentsForPrincipal({
      InstanceArn,
      ...asked,
      MaxResults: pageSize,
      ...token,
    });
    return { rows: page.AccountAssignments?.map(rowOf), next: page.NextToken };
  });

const readPairs = async (
  connection: AwsConnection,
  { instanceArn }: AssignmentQuestion,
  pairs: readonly SetInAccount[],
) => {
  const counted = counting(connection, { stage: 'assignments', items: pairs });
  return (await mapBounded(pairs, (pair) => counted(rowsOfPair(connection, instanceArn, pair)))).flat();
};

const everyone = ({ groupIds, userIds }: StoreDirectory): readonly PrincipalFilter[] => [
  ...[...groupIds.values()].map((PrincipalId) => ({ PrincipalType: 'GROUP', PrincipalId }) as const),
  ...[...userIds.values()].map((PrincipalId) => ({ PrincipalType: 'USER', PrincipalId }) as const),
];

const pairText = (permissionSetArn: string, account: AccountId): string => `${permissionSetArn} ${account}`;

/** Pairs that no existing principal explains: only deleted principals are assigned there, so these pairs are read one by one. */
const unexplained = (rows: readonly AssignmentRow[], question: AssignmentQuestion): readonly SetInAccount[] => {
  const explained = new Set(rows.map(({ permissionSetArn, account }) => pairText(permissionSetArn, account)));
  return pairsOf(question).filter(
    ({ set, account }) => question.mustRead(set) || !explained.has(pairText(set.arn, account)),
  );
};

/** Undefined when AWS denies the caller this API. The first call goes alone, so that a denial costs one call. */
const readPrincipals = async (
  connection: AwsConnection,
  question: AssignmentQuestion,
): Promise<readonly AssignmentRow[] | undefined> => {
  const [first, ...others] = everyone(question.directory);
  if (first === undefined) return [];
  const counted = counting(connection, { stage: 'assignments', items: others.length + 1 });
  const ask = (asked: PrincipalFilter) => counted(rowsOfPrincipal(connection, question.instanceArn, asked));
  try {
    return [...(await ask(first)), ...(await mapBounded(others, ask)).flat()];
  } catch (thrown) {
    if (isDenied(thrown)) return undefined;
    throw thrown;
  }
};

const principalsAreCheaper = (question: AssignmentQuestion, pairs: readonly SetInAccount[]): boolean => {
  const { groupIds, userIds } = question.directory;
  return groupIds.size + userIds.size + pairs.filter(({ set }) => question.mustRead(set)).length < pairs.length;
};

const readRows = async (
  connection: AwsConnection,
  question: AssignmentQuestion,
): Promise<{ route: AssignmentRoute; rows: readonly AssignmentRow[] }> => {
  const pairs = pairsOf(question);
  if (pairs.length === 0) return { route: 'none', rows: [] };
  if (principalsAreCheaper(question, pairs) && question.managementCaller) {
    const rows = await readPrincipals(connection, question);
    if (rows !== undefined) {
      const rest = await readPairs(connection, question, unexplained(rows, question));
      return { route: 'principals', rows: [...rows, ...rest] };
    }
  }
  return { route: 'pairs', rows: await readPairs(connection, question, pairs) };
};

const inverted = (ids: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...ids].map(([name, id]) => [id, name]));

const namer = ({ groupIds, userIds }: StoreDirectory) => {
  const names = { GROUP: inverted(groupIds), USER: inverted(userIds) };
  return ({ type, principal }: AssignmentRow): Principal => {
    const kind = type === 'GROUP' ? 'group' : 'user';
    const name = names[type].get(principal);
    return name === undefined ? { type: kind, name: principal, orphan: true } : { type: kind, name };
  };
};

const strangersIn = (
  rows: readonly AssignmentRow[],
  { groupIds, userIds }: StoreDirectory,
): readonly AssignmentRow[] => {
  const known = new Set([...groupIds.values(), ...userIds.values()]);
  const unknown = rows.filter(({ principal }) => !known.has(principal));
  return [...new Map(unknown.map((row) => [row.principal, row])).values()];
};

/** DescribeGroup and DescribeUser: only "not found" means that it was deleted. */
const isAlive = async (
  { identityStore }: AwsConnection,
  IdentityStoreId: string,
  { type, principal }: AssignmentRow,
) => {
  try {
    await (type === 'GROUP'
      ? identityStore.describeGroup({ IdentityStoreId, GroupId: principal })
      : identityStore.describeUser({ IdentityStoreId, UserId: principal }));
    return true;
  } catch (thrown) {
    if (isNamed(thrown, 'ResourceNotFoundException')) return false;
    throw thrown;
  }
};

/** Principals that were created after the directory was read are looked up, so that they are not taken for deleted ones. */
const directoryBehind = async (
  connection: AwsConnection,
  question: AssignmentQuestion,
  rows: readonly AssignmentRow[],
): Promise<StoreDirectory> => {
  const strangers = strangersIn(rows, question.directory);
  const alive = await mapBounded(strangers, (row) => isAlive(connection, question.identityStoreId, row));
  return alive.includes(true) ? readDirectory(connection, question.identityStoreId) : question.directory;
};

/** A row that a user inherits names the group as its principal, so it repeats a row of the group. */
export const readAssignments = async (
  connection: AwsConnection,
  question: AssignmentQuestion,
): Promise<AssignmentReading> => {
  const { route, rows } = await readRows(connection, question);
  const directory = await directoryBehind(connection, question, rows);
  const principalOf = namer(directory);
  const setNames = new Map(question.sets.map(({ arn, name }) => [arn, name]));
  const assignments = rows.flatMap((row): readonly Assignment[] => {
    const account = question.labels.get(row.account);
    const permissionSet = setNames.get(row.permissionSetArn);
    if (account === undefined || permissionSet === undefined) return [];
    return [{ kind: 'assignment', principal: principalOf(row), permissionSet, account }];
  });
  return { route, directory, assignments: [...new Map(assignments.map((one) => [keyOf(one), one])).values()] };
};
