/** Who holds which permission set where, by whichever route costs fewer calls. */
import type { Reads } from '../model/reads.ts';
import { keyOf } from '../model/resource.ts';
import type { AccountId, Assignment, Principal } from '../model/resource.ts';
import type { Connection } from './connection.ts';
import { isDenied, isNamed } from './failures.ts';
import { allPages, mapBounded } from './pages.ts';
import { readDirectory } from './read-identity-store.ts';
import type { Directory } from './read-identity-store.ts';
import type { ReadSet } from './read-permission-sets.ts';
import type { Tree } from './read-tree.ts';

/** Everything that the routes need to know; `mustRead` says which sets are read pair by pair whatever the route. */
export type Question = {
  readonly instanceArn: string;
  readonly identityStoreId: string;
  readonly sets: readonly ReadSet[];
  readonly labels: Tree['labels'];
  readonly directory: Directory;
  readonly mustRead: (set: ReadSet) => boolean;
  /** ListAccountAssignmentsForPrincipal is for the management account only (its API reference). */
  readonly managementCaller: boolean;
};

export type Route = Reads['route'];
/** `directory`: the one that was given, or a later one that knows every living principal of the assignments. */
export type Assignments = {
  readonly route: Route;
  readonly assignments: readonly Assignment[];
  readonly directory: Directory;
};

type Pair = { readonly set: ReadSet; readonly account: AccountId };
type Row = {
  readonly permissionSetArn: string;
  readonly account: AccountId;
  readonly type: 'GROUP' | 'USER';
  readonly principal: string;
};

const pageSize = 100;

/** Provisioned pairs in accounts that live. A pair without a role has no assignment. */
const pairsOf = ({ sets, labels }: Question): readonly Pair[] =>
  sets.flatMap((set) => set.provisionedIn.filter((id) => labels.has(id)).map((account) => ({ set, account })));

type AwsRow = {
  readonly PermissionSetArn?: string | undefined;
  readonly AccountId?: string | undefined;
  readonly PrincipalType?: 'GROUP' | 'USER' | undefined;
  readonly PrincipalId?: string | undefined;
};

const rowOf = ({ PermissionSetArn = '', AccountId = '', PrincipalType = 'GROUP', PrincipalId = '' }: AwsRow): Row => ({
  permissionSetArn: PermissionSetArn,
  account: AccountId,
  type: PrincipalType,
  principal: PrincipalId,
});

const rowsOfPair = ({ ssoAdmin }: Connection, InstanceArn: string, { set, account }: Pair) =>
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

type Asked = { readonly PrincipalType: 'GROUP' | 'USER'; readonly PrincipalId: string };

const rowsOfPrincipal = ({ ssoAdmin }: Connection, InstanceArn: string, asked: Asked) =>
  allPages(async (token) => {
    const page = await ssoAdmin.listAccountAssignmentsForPrincipal({
      InstanceArn,
      ...asked,
      MaxResults: pageSize,
      ...token,
    });
    return { rows: page.AccountAssignments?.map(rowOf), next: page.NextToken };
  });

const readPairs = async (connection: Connection, { instanceArn }: Question, pairs: readonly Pair[]) =>
  (await mapBounded(pairs, (pair) => rowsOfPair(connection, instanceArn, pair))).flat();

const everyone = ({ groupIds, userIds }: Directory): readonly Asked[] => [
  ...[...groupIds.values()].map((PrincipalId) => ({ PrincipalType: 'GROUP', PrincipalId }) as const),
  ...[...userIds.values()].map((PrincipalId) => ({ PrincipalType: 'USER', PrincipalId }) as const),
];

const pairText = (permissionSetArn: string, account: AccountId): string => `${permissionSetArn} ${account}`;

/** A pair that no living principal explains holds dead ones only: their rows are found by asking the pair itself. */
const unexplained = (rows: readonly Row[], question: Question): readonly Pair[] => {
  const explained = new Set(rows.map(({ permissionSetArn, account }) => pairText(permissionSetArn, account)));
  return pairsOf(question).filter(
    ({ set, account }) => question.mustRead(set) || !explained.has(pairText(set.arn, account)),
  );
};

/** Undefined when AWS does not let this caller ask. One question goes ahead, so that a refusal costs one call. */
const readPrincipals = async (connection: Connection, question: Question): Promise<readonly Row[] | undefined> => {
  const [first, ...others] = everyone(question.directory);
  if (first === undefined) return [];
  const ask = (asked: Asked) => rowsOfPrincipal(connection, question.instanceArn, asked);
  try {
    return [...(await ask(first)), ...(await mapBounded(others, ask)).flat()];
  } catch (thrown) {
    if (isDenied(thrown)) return undefined;
    throw thrown;
  }
};

const principalsAreCheaper = (question: Question, pairs: readonly Pair[]): boolean => {
  const { groupIds, userIds } = question.directory;
  return groupIds.size + userIds.size + pairs.filter(({ set }) => question.mustRead(set)).length < pairs.length;
};

const readRows = async (
  connection: Connection,
  question: Question,
): Promise<{ route: Route; rows: readonly Row[] }> => {
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

const namer = ({ groupIds, userIds }: Directory) => {
  const names = { GROUP: inverted(groupIds), USER: inverted(userIds) };
  return ({ type, principal }: Row): Principal => {
    const kind = type === 'GROUP' ? 'group' : 'user';
    const name = names[type].get(principal);
    return name === undefined ? { type: kind, name: principal, orphan: true } : { type: kind, name };
  };
};

const strangersIn = (rows: readonly Row[], { groupIds, userIds }: Directory): readonly Row[] => {
  const known = new Set([...groupIds.values(), ...userIds.values()]);
  const unknown = rows.filter(({ principal }) => !known.has(principal));
  return [...new Map(unknown.map((row) => [row.principal, row])).values()];
};

/** DescribeGroup and DescribeUser: only "not found" means that it was deleted. */
const isAlive = async ({ identityStore }: Connection, IdentityStoreId: string, { type, principal }: Row) => {
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

/** Who was created after the directory was read is no orphan: nobody's assignment may be taken for a dead one's. */
const directoryBehind = async (
  connection: Connection,
  question: Question,
  rows: readonly Row[],
): Promise<Directory> => {
  const strangers = strangersIn(rows, question.directory);
  const alive = await mapBounded(strangers, (row) => isAlive(connection, question.identityStoreId, row));
  return alive.includes(true) ? readDirectory(connection, question.identityStoreId) : question.directory;
};

/** Rows that a user inherits name the group: taken by their own principal, they are the group's rows once more. */
export const readAssignments = async (connection: Connection, question: Question): Promise<Assignments> => {
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
