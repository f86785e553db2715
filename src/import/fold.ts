/** The fewest words that name exactly these accounts: an OU instead of its accounts, `except` where that is shorter. */
import type { Desired } from '../model/desired.ts';
import { grouped } from '../model/lists.ts';
import { decodeName, parentPath, resourcesOf } from '../model/resource.ts';
import type { WrittenTarget } from '../model/written.ts';

type FoldAccount = { readonly name: string; readonly parent: string };
export type FoldInput = {
  /** Without the management account, which no OU includes (it counts only when it is named). */
  readonly accounts: readonly FoldAccount[];
  readonly management: string;
  /** Every declared OU by its path as in keys. */
  readonly ous: readonly string[];
};

type FoldNode = { readonly path: string; readonly accounts: readonly string[]; readonly ous: readonly FoldNode[] };
/** The tree, made once and folded against many times. */
export type FoldTree = { readonly root: FoldNode; readonly labels: ReadonlySet<string>; readonly management: string };

/**
 * An OU path as people write it. Names that contain `/` or `%` keep the spelling of keys: their plain spelling would be
 * read as another path.
 */
export const ouWord = (path: string): string => {
  if (path === '') return 'Root';
  const names = path.split('/').map(decodeName);
  return names.some((name) => /[/%]/.test(name)) ? path : names.join('/');
};

export const foldTree = ({ accounts, management, ous }: FoldInput): FoldTree => {
  const accountsIn = grouped(accounts, ({ parent }) => parent);
  const ousIn = grouped(ous, parentPath);
  const node = (path: string): FoldNode => ({
    path,
    accounts: (accountsIn.get(path) ?? []).map(({ name }) => name).sort(),
    ous: [...(ousIn.get(path) ?? [])].sort().map(node),
  });
  return { root: node(''), labels: new Set([...accounts.map(({ name }) => name), management]), management };
};

/** Of what the files ask for. */
export const treeOf = ({ state, managementAccount }: Desired): FoldTree =>
  foldTree({
    accounts: resourcesOf(state, 'account').filter(({ name }) => name !== managementAccount),
    management: managementAccount,
    ous: resourcesOf(state, 'ou').map(({ path }) => path),
  });

type FoldedTarget = {
  readonly accounts: readonly string[];
  readonly ous: readonly string[];
  readonly except: readonly string[];
};
const nothing: FoldedTarget = { accounts: [], ous: [], except: [] };
const size = ({ accounts, ous, except }: FoldedTarget): number => accounts.length + ous.length + except.length;
const joined = (parts: readonly FoldedTarget[]): FoldedTarget => ({
  accounts: parts.flatMap(({ accounts }) => accounts),
  ous: parts.flatMap(({ ous }) => ous),
  except: parts.flatMap(({ except }) => except),
});

type CountedNode = {
  readonly node: FoldNode;
  readonly all: number;
  readonly hit: number;
  readonly below: readonly CountedNode[];
};

const count = (node: FoldNode, wanted: ReadonlySet<string>): CountedNode => {
  const below = node.ous.map((ou) => count(ou, wanted));
  const own = node.accounts.filter((name) => wanted.has(name)).length;
  return {
    node,
    all: below.reduce((sum, one) => sum + one.all, node.accounts.length),
    hit: below.reduce((sum, one) => sum + one.hit, own),
    below,
  };
};

type FoldChoice = { readonly wanted: ReadonlySet<string>; readonly labels: ReadonlySet<string> };

/** `except` takes accounts before OUs, so the path of an OU that an account is called like cannot be said there. */
const canExcept = (path: string, { labels }: FoldChoice): boolean => !labels.has(ouWord(path));

/** What has to be left out of the OU; an OU none of whose accounts is meant is one word, for its accounts of tomorrow too. */
const exceptions = ({ node, all, hit, below }: CountedNode, folding: FoldChoice): readonly string[] => {
  if (hit === all) return [];
  if (hit === 0 && canExcept(node.path, folding)) return [ouWord(node.path)];
  const own = node.accounts.filter((name) => !folding.wanted.has(name));
  return [...own, ...below.flatMap((one) => exceptions(one, folding))];
};

/** An OU is named only where that is shorter: a name less than today's accounts must not give tomorrow's. */
const words = (counted: CountedNode, folding: FoldChoice): FoldedTarget => {
  const { node, hit, below } = counted;
  if (hit === 0) return nothing;
  const own = node.accounts.filter((name) => folding.wanted.has(name));
  const spelled = joined([{ ...nothing, accounts: own }, ...below.map((one) => words(one, folding))]);
  if (size(spelled) <= 1) return spelled;
  const whole: FoldedTarget = { accounts: [], ous: [ouWord(node.path)], except: exceptions(counted, folding) };
  return size(whole) < size(spelled) ? whole : spelled;
};

const filled = ({ accounts, ous, except }: FoldedTarget): WrittenTarget => ({
  ...(ous.length === 0 ? {} : { ous }),
  ...(accounts.length === 0 ? {} : { accounts }),
  ...(except.length === 0 ? {} : { except }),
});

/** Exactly these accounts, neither more nor fewer. Names that the tree does not have are passed over. */
export const foldedTarget = (names: Iterable<string>, tree: FoldTree): WrittenTarget => {
  const wanted = new Set(names);
  const found = words(count(tree.root, wanted), { wanted, labels: tree.labels });
  const management = wanted.has(tree.management) ? [tree.management] : [];
  return filled({ ...found, accounts: [...found.accounts, ...management].sort() });
};

/** The accounts by name, whatever OUs they are in. */
export const spelledOut = (names: Iterable<string>, tree: FoldTree): WrittenTarget =>
  filled({ ...nothing, accounts: [...new Set(names)].filter((name) => tree.labels.has(name)).sort() });
