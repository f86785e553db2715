/** Root, OUs and accounts. */
import type { Account as AwsAccount, Root } from '@aws-sdk/client-organizations';
import { UserError } from '../model/problem.ts';
import { encodeName } from '../model/resource.ts';
import type { Account, AccountId, Ou } from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { isDenied, isNamed } from './failures.ts';
import { labelsOfAccounts } from './labels.ts';
import type { AccountLabels } from './labels.ts';
import { allPages, begun, counting, mapBounded } from './pages.ts';
import { ownershipOf, tagsOf } from './tags.ts';
import type { TagMap } from './tags.ts';

/** Which AWS keeps for 90 days in its OU. `parent`: the id of that OU or of Root. */
export type ClosedAccount = { readonly id: AccountId; readonly label: string; readonly parent: string };

export type OrganizationTree = {
  readonly root: Root & { readonly Id: string };
  readonly ous: readonly Ou[];
  readonly accounts: readonly Account[];
  readonly closed: readonly ClosedAccount[];
  /** OU path -> id; '' is Root. */
  readonly ouIds: ReadonlyMap<string, string>;
  /** Id -> label, of active accounts. */
  readonly labels: ReadonlyMap<AccountId, string>;
};

const pageSize = 20;

export const readRoot = async ({ organizations }: AwsConnection): Promise<OrganizationTree['root']> => {
  const [root] = await allPages(async (token) => {
    const { Roots, NextToken } = await organizations.listRoots({ ...token });
    return { rows: Roots, next: NextToken };
  });
  if (root?.Id === undefined) throw new UserError('organizations:ListRoots named no root. Run it again.');
  return { ...root, Id: root.Id };
};

export const organizationTags = async ({ organizations }: AwsConnection, ResourceId: string): Promise<TagMap> =>
  tagsOf(
    await allPages(async (token) => {
      const { Tags: rows, NextToken } = await organizations.listTagsForResource({ ResourceId, ...token });
      return { rows, next: NextToken };
    }),
  );

type OuNode = { readonly id: string; readonly name: string; readonly path: string };

export const childOus = ({ organizations }: AwsConnection, ParentId: string) =>
  allPages(async (token) => {
    const page = await organizations.listOrganizationalUnitsForParent({ ParentId, MaxResults: pageSize, ...token });
    return { rows: page.OrganizationalUnits, next: page.NextToken };
  });

/** With the tags on their way: they have a rate of their own, and the walk's is lower. */
type WalkedOu = OuNode & { readonly ou: Promise<Ou> };

const readOu = async (connection: AwsConnection, { id, name, path }: OuNode): Promise<Ou> => {
  const { owner } = ownershipOf(await organizationTags(connection, id));
  return { kind: 'ou', path, name, ...(owner === undefined ? {} : { owner }) };
};

const walked = (connection: AwsConnection, node: OuNode): WalkedOu => ({
  ...node,
  ou: begun(readOu(connection, node)),
});

const walk = async (connection: AwsConnection, id: string, path: string): Promise<readonly WalkedOu[]> => {
  const children = (await childOus(connection, id)).map(({ Id = '', Name = '' }) =>
    walked(connection, {
      id: Id,
      name: Name,
      path: path === '' ? encodeName(Name) : `${path}/${encodeName(Name)}`,
    }),
  );
  const below = await mapBounded(children, (child) => walk(connection, child.id, child.path));
  return [...children, ...below.flat()];
};

const listAccounts = ({ organizations }: AwsConnection) =>
  allPages(async (token) => {
    const { Accounts, NextToken } = await organizations.listAccounts({ MaxResults: pageSize, ...token });
    return { rows: Accounts, next: NextToken };
  });

const goneStates = ['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'];

/** Account.Status is retired in favor of State (Organizations API reference, Account); older imitations have only it. */
export const isClosed = ({ State, Status }: Pick<AwsAccount, 'State' | 'Status'>): boolean =>
  [State, Status].some((state) => state !== undefined && goneStates.includes(state));

/** Whether the account has been closed, or has left the organization, since it was read. No: nobody may ask, either. */
export const closedNow = async ({ organizations }: AwsConnection, AccountId: AccountId): Promise<boolean> => {
  try {
    const { Account: account } = await organizations.describeAccount({ AccountId });
    return account !== undefined && isClosed(account);
  } catch (thrown) {
    if (isDenied(thrown)) return false;
    if (isNamed(thrown, 'AccountNotFoundException')) return true;
    throw thrown;
  }
};

/** A path is `o-…/r-…/ou-…/ACCOUNT/`. */
const parentInPath = (path: string | undefined): string | undefined => path?.split('/').filter(Boolean).at(-2);

export const parentOf = async ({ organizations }: AwsConnection, account: AccountId): Promise<string> => {
  const [parent] = await allPages(async (token) => {
    const { Parents, NextToken } = await organizations.listParents({ ChildId: account, ...token });
    return { rows: Parents, next: NextToken };
  });
  if (parent?.Id === undefined) throw new Error(`organizations:ListParents named no parent of account ${account}`);
  return parent.Id;
};

type PlacedAccount = { readonly account: AwsAccount & { readonly Id: string }; readonly parent: string };

const childAccounts = ({ organizations }: AwsConnection, ParentId: string) =>
  allPages(async (token) => {
    const { Accounts, NextToken } = await organizations.listAccountsForParent({
      ParentId,
      MaxResults: pageSize,
      ...token,
    });
    return { rows: Accounts, next: NextToken };
  });

type AccountParents = ReadonlyMap<AccountId, string>;

/**
 * AWS tells each account's path since March 2026; older imitations do not. Then either every parent is asked for its
 * accounts or every account for its parent: they share a rate, so the fewer calls are the faster ones.
 */
const parentsByPlace = async (
  connection: AwsConnection,
  listed: readonly AwsAccount[],
  places: readonly string[],
): Promise<AccountParents> => {
  const pathless = listed.filter(({ Paths }) => parentInPath(Paths?.[0]) === undefined);
  if (pathless.length <= places.length + pathless.length / pageSize) return new Map();
  const found = await mapBounded(places, async (place) =>
    (await childAccounts(connection, place)).map(({ Id = '' }) => [Id, place] as const),
  );
  return new Map(found.flat());
};

/** Nothing of an account that left the organization after it was listed. */
const placed = async (
  connection: AwsConnection,
  account: AwsAccount,
  parents: AccountParents,
): Promise<readonly PlacedAccount[]> => {
  const Id = account.Id ?? '';
  try {
    // One that no parent named was moved meanwhile.
    const parent = parentInPath(account.Paths?.[0]) ?? parents.get(Id) ?? (await parentOf(connection, Id));
    return [{ account: { ...account, Id }, parent }];
  } catch (thrown) {
    if (isNamed(thrown, 'ChildNotFoundException')) return [];
    throw thrown;
  }
};

const named = ({ Id = '', Name = '' }: AwsAccount) => ({ id: Id, name: Name });

const pathIn = (paths: ReadonlyMap<string, string>, id: string, account: string): string => {
  const path = paths.get(id);
  if (path !== undefined) return path;
  throw new UserError(`Account ${account} is in OU ${id}, which appeared while the tree was read. Run it again.`);
};

const isOpen = (account: AwsAccount): boolean => !isClosed(account);

type ListedTree = {
  readonly root: OrganizationTree['root'];
  readonly nodes: readonly WalkedOu[];
  readonly listed: readonly AwsAccount[];
};

const placedIn = async (connection: AwsConnection, { root, nodes, listed }: ListedTree) => {
  const counted = counting(connection, { stage: 'organization', items: nodes.length + listed.length });
  const parenting = parentsByPlace(connection, listed, [root.Id, ...nodes.map(({ id }) => id)]);
  const [ous, found] = await Promise.all([
    Promise.all(nodes.map(({ ou }) => counted(ou))),
    parenting.then((parents) => mapBounded(listed, (account) => counted(placed(connection, account, parents)))),
  ]);
  return { ous, everywhere: found.flat() };
};

const treeOf = async (
  connection: AwsConnection,
  declared: AccountLabels,
  listedTree: ListedTree,
): Promise<OrganizationTree> => {
  const { root, nodes, listed } = listedTree;
  const { ous, everywhere } = await placedIn(connection, listedTree);
  const places = everywhere.filter(({ account }) => isOpen(account));
  const all = labelsOfAccounts(listed.map(named), declared);
  const label = (id: string): string => all.get(id) ?? id;
  const paths = new Map([[root.Id, ''], ...nodes.map(({ id, path }) => [id, path] as const)]);
  return {
    root,
    ous,
    accounts: places.map(({ account: { Id }, parent }) => {
      return { kind: 'account', name: label(Id), id: Id, parent: pathIn(paths, parent, label(Id)) };
    }),
    closed: everywhere
      .filter(({ account }) => isClosed(account))
      .map(({ account: { Id }, parent }) => ({ id: Id, label: label(Id), parent })),
    ouIds: new Map([['', root.Id], ...nodes.map(({ id, path }) => [path, id] as const)]),
    labels: new Map(places.map(({ account: { Id } }) => [Id, label(Id)])),
  };
};

/** `accounts` is known long before the tree is; it has the same labels. */
export type TreeReading = {
  readonly accounts: Promise<ListedAccounts>;
  readonly tree: Promise<OrganizationTree>;
};

export type ListedAccounts = Pick<OrganizationTree, 'labels'> & {
  /** Whether AWS told of closed accounts, too. */
  readonly someClosed: boolean;
};

const listedAccounts = (listed: readonly AwsAccount[], declared: AccountLabels): ListedAccounts => {
  const all = labelsOfAccounts(listed.map(named), declared);
  return {
    labels: new Map(listed.filter(isOpen).map(({ Id = '' }) => [Id, all.get(Id) ?? Id])),
    someClosed: !listed.every(isOpen),
  };
};

/** Two lists that overlap in time, with the tags of each OU. `declared` are the YAML's labels by account id. */
export const readOrganizationTree = (
  connection: AwsConnection,
  reading: Promise<OrganizationTree['root']>,
  declared: AccountLabels,
): TreeReading => {
  const listing = listAccounts(connection);
  const walking = reading.then(async (root) => ({ root, nodes: await walk(connection, root.Id, '') }));
  const tree = Promise.all([walking, listing]).then(([top, listed]) =>
    treeOf(connection, declared, { ...top, listed }),
  );
  return {
    tree,
    accounts: begun(
      listing.then(async (listed) => {
        const early = listedAccounts(listed, declared);
        // Without paths, an account that leaves while the tree is read is known to be gone only afterwards.
        const isPlaced = listed.every(({ Paths }) => parentInPath(Paths?.[0]) !== undefined);
        return isPlaced ? early : { ...early, labels: (await tree).labels };
      }),
    ),
  };
};
