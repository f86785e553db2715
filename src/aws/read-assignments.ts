/** Reads all assignments by the route that costs fewer calls: by permission set and account, or by principal. */
import type { Reads } from '../model/reads.ts';
import { keyOf } from '../model/resource.ts';
import type { AccountId, Assignment, Principal } from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { isDenied, isNamed } from './failures.ts';
import { allPages, counting, mapBounded } from './pages.ts';
import { readDirectory } from './read-identity-store.ts';
import type { DirectoryReading, StoreDirectory } from './read-identity-store.ts';
import type { ReadSet } from './read-permission-sets.ts';
import type { OrganizationTree } from './read-tree.ts';

/** Everything that the routes need to know; `mustRead` says which sets are read pair by pair whatever the route. */
export type AssignmentQuestion = {
  readonly instanceArn: string;
  readonly identityStoreId: string;
  readonly sets: readonly ReadSet[];
  readonly labels: OrganizationTree['labels'];
  readonly directory: DirectoryReading;
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

const pairText = (permissionSetArn: string, account: AccountId): string => `${permissionSetArn} ${account}`;

/** Pairs that no existing principal explains: only deleted principals are assigned there, so these pairs are read one by one. */
const unexplained = (rows: readonly AssignmentRow[], question: AssignmentQuestion): readonly SetInAccount[] => {
  const explained = new Set(rows.map(({ permissionSetArn, account }) => pairText(permissionSetArn, account)));
  return pairsOf(question).filter(
    ({ set, account }) => question.mustRead(set) || !explained.has(pairText(set.arn, account)),
  );
};

type PrincipalRows = { readonly rows: readonly AssignmentRow[] };
type PrincipalAsker = (asked: PrincipalFilter) => Promise<readonly AssignmentRow[]>;

const asking =
  (PrincipalType: PrincipalFilter['PrincipalType']) =>
  (PrincipalId: string): PrincipalFilter => ({ PrincipalType, PrincipalId });

/** The first call goes alone, so that a denial costs one call. */
const askAll = async (ask: PrincipalAsker, all: readonly PrincipalFilter[]): Promise<readonly AssignmentRow[]> => {
  const [first, ...others] = all;
  return first === undefined ? [] : [...(await ask(first)), ...(await mapBounded(others, ask)).flat()];
};

type InheritingUser = { readonly id: string; readonly pages: number };

/** Each user, and in how many pages AWS answers where it repeats what the groups of the user have. */
const inheriting = (directory: StoreDirectory, rows: readonly AssignmentRow[]): readonly InheritingUser[] => {
  const ofGroup = new Map<string, number>();
  for (const { principal } of rows) ofGroup.set(principal, (ofGroup.get(principal) ?? 0) + 1);
  const inherited = new Map<string, number>();
  for (const { group, user } of directory.memberships) {
    const more = ofGroup.get(directory.groupIds.get(group) ?? '') ?? 0;
    inherited.set(user, (inherited.get(user) ?? 0) + more);
  }
  return [...directory.userIds].map(([name, id]) => ({
    id,
    pages: Math.max(1, Math.ceil((inherited.get(name) ?? 0) / pageSize)),
  }));
};

const pagesOf = (users: readonly InheritingUser[]): number => users.reduce((sum, { pages }) => sum + pages, 0);

/**
 * The rows of users, or undefined when pairs are cheaper. No reference says whether AWS repeats what a user has through
 * groups; where that would decide, the user with the fewest such pages is asked first.
 */
const rowsOfUsers = async (
  ask: PrincipalAsker,
  users: readonly InheritingUser[],
  limit: number,
): Promise<PrincipalRows | undefined> => {
  const all = users.map(({ id }) => asking('USER')(id));
  if (pagesOf(users) < limit) return { rows: await askAll(ask, all) };
  const [probe] = users.filter(({ pages }) => pages > 1).sort((a, b) => a.pages - b.pages);
  if (probe === undefined || users.length >= limit) return undefined;
  const probed = await ask(asking('USER')(probe.id));
  if (probed.some(({ type }) => type === 'GROUP')) return undefined;
  const others = all.filter(({ PrincipalId }) => PrincipalId !== probe.id);
  return { rows: [...probed, ...(await mapBounded(others, ask)).flat()] };
};

/** Groups first: what they have tells what a user costs. Undefined: denied, or pairs are cheaper after all. */
const readPrincipals = async (
  connection: AwsConnection,
  question: AssignmentQuestion,
  limit: number,
): Promise<PrincipalRows | undefined> => {
  const { groups, users } = await question.directory.ids;
  const counted = counting(connection, { stage: 'assignments', items: groups.length + users.length });
  const ask: PrincipalAsker = (asked) => counted(rowsOfPrincipal(connection, question.instanceArn, asked));
  try {
    const ofGroups = await askAll(ask, groups.map(asking('GROUP')));
    const ofUsers = await rowsOfUsers(ask, inheriting(await question.directory.directory, ofGroups), limit);
    return ofUsers === undefined ? undefined : { rows: [...ofGroups, ...ofUsers.rows] };
  } catch (thrown) {
    if (isDenied(thrown)) return undefined;
    throw thrown;
  }
};

/**
 * Whoever misses nobody asks about every pair or about every principal: each principal may be in each pair, and a pair
 * that was not asked about shows only the principals that were. So the fewer of both is the least.
 */
const readRows = async (
  connection: AwsConnection,
  question: AssignmentQuestion,
): Promise<{ route: AssignmentRoute; rows: readonly AssignmentRow[] }> => {
  const pairs = pairsOf(question);
  if (pairs.length === 0) return { route: 'none', rows: [] };
  const { groups, users } = await question.directory.ids;
  const limit = pairs.filter(({ set }) => !question.mustRead(set)).length;
  if (question.managementCaller && groups.length + users.length < limit) {
    const found = await readPrincipals(connection, question, limit);
    if (found !== undefined) {
      const rest = await readPairs(connection, question, unexplained(found.rows, question));
      return { route: 'principals', rows: [...found.rows, ...rest] };
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
  { directory, identityStoreId }: AssignmentQuestion,
  rows: readonly AssignmentRow[],
): Promise<StoreDirectory> => {
  const read = await directory.directory;
  const strangers = strangersIn(rows, read);
  const alive = await mapBounded(strangers, (row) => isAlive(connection, identityStoreId, row));
  return alive.includes(true) ? readDirectory(connection, identityStoreId).directory : read;
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
