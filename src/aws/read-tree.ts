/** Root, OUs and accounts. */
import type { Account as AwsAccount, Root } from '@aws-sdk/client-organizations';
import { UserError } from '../model/problem.ts';
import { encodeName } from '../model/resource.ts';
import type { Account, AccountId, Ou } from '../model/resource.ts';
import type { Connection } from './connection.ts';
import { accountLabels } from './labels.ts';
import type { Labels } from './labels.ts';
import { allPages, mapBounded } from './pages.ts';
import { ownershipOf, tagsOf } from './tags.ts';
import type { Tags } from './tags.ts';

export type Tree = {
  readonly root: Root & { readonly Id: string };
  readonly ous: readonly Ou[];
  readonly accounts: readonly Account[];
  readonly suspended: readonly string[];
  /** OU path -> id; '' is Root. */
  readonly ouIds: ReadonlyMap<string, string>;
  /** Id -> label, of active accounts. */
  readonly labels: ReadonlyMap<AccountId, string>;
};

const pageSize = 20;

export const readRoot = async ({ organizations }: Connection): Promise<Tree['root']> => {
  const [root] = await allPages(async (token) => {
    const { Roots, NextToken } = await organizations.listRoots({ ...token });
    return { rows: Roots, next: NextToken };
  });
  if (root?.Id === undefined) throw new UserError('organizations:ListRoots named no root. Run it again.');
  return { ...root, Id: root.Id };
};

export const organizationTags = async ({ organizations }: Connection, ResourceId: string): Promise<Tags> =>
  tagsOf(
    await allPages(async (token) => {
      const { Tags: rows, NextToken } = await organizations.listTagsForResource({ ResourceId, ...token });
      return { rows, next: NextToken };
    }),
  );

type OuNode = { readonly id: string; readonly name: string; readonly path: string };

export const childOus = ({ organizations }: Connection, ParentId: string) =>
  allPages(async (token) => {
    const page = await organizations.listOrganizationalUnitsForParent({ ParentId, MaxResults: pageSize, ...token });
    return { rows: page.OrganizationalUnits, next: page.NextToken };
  });

const walk = async (connection: Connection, id: string, path: string): Promise<readonly OuNode[]> => {
  const children = (await childOus(connection, id)).map(({ Id = '', Name = '' }) => ({
    id: Id,
    name: Name,
    path: path === '' ? encodeName(Name) : `${path}/${encodeName(Name)}`,
  }));
  const below = await mapBounded(children, (child) => walk(connection, child.id, child.path));
  return [...children, ...below.flat()];
};

const listAccounts = ({ organizations }: Connection) =>
  allPages(async (token) => {
    const { Accounts, NextToken } = await organizations.listAccounts({ MaxResults: pageSize, ...token });
    return { rows: Accounts, next: NextToken };
  });

/** Account.Status is retired in favor of State (Organizations API reference, Account); older imitations have only it. */
const isGone = ({ State, Status }: AwsAccount): boolean =>
  ['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'].includes(State ?? Status ?? 'ACTIVE');

/** A path is `o-…/r-…/ou-…/ACCOUNT/`. */
const parentInPath = (path: string | undefined): string | undefined => path?.split('/').filter(Boolean).at(-2);

export const parentOf = async ({ organizations }: Connection, account: AccountId): Promise<string> => {
  const [parent] = await allPages(async (token) => {
    const { Parents, NextToken } = await organizations.listParents({ ChildId: account, ...token });
    return { rows: Parents, next: NextToken };
  });
  if (parent?.Id === undefined) throw new Error(`organizations:ListParents named no parent of account ${account}`);
  return parent.Id;
};

type Placed = { readonly account: AwsAccount & { readonly Id: string }; readonly parent: string };

const placed = async (connection: Connection, account: AwsAccount): Promise<Placed> => {
  const Id = account.Id ?? '';
  return { account: { ...account, Id }, parent: parentInPath(account.Paths?.[0]) ?? (await parentOf(connection, Id)) };
};

const readOu = async (connection: Connection, { id, name, path }: OuNode): Promise<Ou> => {
  const { owner } = ownershipOf(await organizationTags(connection, id));
  return { kind: 'ou', path, name, ...(owner === undefined ? {} : { owner }) };
};

const named = ({ Id = '', Name = '' }: AwsAccount) => ({ id: Id, name: Name });

const pathIn = (paths: ReadonlyMap<string, string>, id: string, account: string): string => {
  const path = paths.get(id);
  if (path !== undefined) return path;
  throw new UserError(`Account ${account} is in OU ${id}, which appeared while the tree was read. Run it again.`);
};

/** Two lists that overlap in time, then the tags of each OU. `declared` are the YAML's labels by account id. */
export const readTree = async (connection: Connection, declared: Labels): Promise<Tree> => {
  const root = await readRoot(connection);
  const [nodes, listed] = await Promise.all([walk(connection, root.Id, ''), listAccounts(connection)]);
  const living = listed.filter((account) => !isGone(account));
  const [ous, places] = await Promise.all([
    mapBounded(nodes, (node) => readOu(connection, node)),
    mapBounded(living, (account) => placed(connection, account)),
  ]);
  const all = accountLabels(listed.map(named), declared);
  const label = (id: string): string => all.get(id) ?? id;
  const paths = new Map([[root.Id, ''], ...nodes.map(({ id, path }) => [id, path] as const)]);
  return {
    root,
    ous,
    accounts: places.map(({ account: { Id }, parent }) => {
      return { kind: 'account', name: label(Id), id: Id, parent: pathIn(paths, parent, label(Id)) };
    }),
    suspended: listed.filter(isGone).map(({ Id = '' }) => label(Id)),
    ouIds: new Map([['', root.Id], ...nodes.map(({ id, path }) => [path, id] as const)]),
    labels: new Map(places.map(({ account: { Id } }) => [Id, label(Id)])),
  };
};
