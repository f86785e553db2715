/** Where a chain of roles can begin whose first step changes: everybody else gets in by steps that stay as they are. */
import type { Change } from '../../model/plan.ts';
import type { Grant, Key } from '../../model/resource.ts';
import { entitledRoleKey } from '../../model/resource.ts';
import { rolePrincipal } from '../access/side.ts';
import type { Hold, GrantHolder } from './pairs.ts';
import type { ProofWorld } from './role-pairs.ts';
import type { TrustInTime } from './trust-in-time.ts';
import { accountOfNode, nodeOf } from './ways-in.ts';
import type { GateNode } from './ways-in.ts';

export type End = 'first' | 'last';
type OriginStart = { readonly node: GateNode; readonly comes: readonly Change[]; readonly goes: readonly Change[] };

export type ChainOrigin = {
  readonly text: string;
  /** Those of which the first step changes. */
  readonly starts: readonly OriginStart[];
  /** The roles of those first steps. */
  readonly entries: readonly Key[];
  /** All that they are at an end, and the sets and roles that they have there without a further step. */
  readonly nodes: (end: End) => readonly GateNode[];
  readonly sets: (end: End, account: string) => readonly string[];
  readonly entitled: (end: End, account: string) => readonly Key[];
  readonly role?: Key;
};

/** While all of `comes` and none of `goes` is done. */
export const isThere = ({ comes, goes }: OriginStart, done: readonly Change[]): boolean =>
  comes.every((one) => done.includes(one)) && !goes.some((one) => done.includes(one));

const startOf = (node: GateNode, { fates }: Hold): OriginStart => ({
  node,
  comes: fates.flatMap(({ comes }) => comes ?? []),
  goes: fates.flatMap(({ goes }) => goes ?? []),
});

const isAt = (end: End, { comes, goes }: OriginStart): boolean =>
  end === 'first' ? comes.length === 0 : goes.length === 0;
const isSteady = ({ comes, goes }: OriginStart): boolean => comes.length + goes.length === 0;

type HeldStart = { readonly start: OriginStart; readonly grant: Grant };

const heldBy = ({ holds }: GrantHolder, { nodeOfSet, nodeOfRole }: TrustInTime): readonly HeldStart[] =>
  holds.map((hold) => {
    const { grant } = hold;
    const node =
      grant.kind === 'assignment' ? nodeOfSet(grant.permissionSet, grant.account) : nodeOfRole(entitledRoleKey(grant));
    return { start: startOf(node, hold), grant };
  });

/** A group, or somebody, who is given a set or loses it. What people who stay in several groups come to, one of these does. */
const ofHolder = (holder: GrantHolder, trust: TrustInTime): readonly ChainOrigin[] => {
  if (holder.groups.length > 0) return [];
  const held = heldBy(holder, trust);
  const starts = held.flatMap(({ start }) => (isSteady(start) || trust.next(start.node).length === 0 ? [] : [start]));
  if (starts.length === 0) return [];
  return [
    {
      text: holder.principals.join(', '),
      starts,
      entries: [...new Set(starts.flatMap(({ node }) => trust.next(node)))],
      nodes: (end) => held.flatMap(({ start }) => (isAt(end, start) ? [start.node] : [])),
      sets: (end, name) =>
        held.flatMap(({ start, grant }) =>
          grant.kind === 'assignment' && grant.account === name && isAt(end, start) ? [grant.permissionSet] : [],
        ),
      entitled: (end, name) =>
        held.flatMap(({ start, grant }) =>
          grant.kind === 'entitlement' && grant.account === name && isAt(end, start) ? [entitledRoleKey(grant)] : [],
        ),
    },
  ];
};

type EnteredRole = { readonly from: string; readonly entries: readonly Key[] };

const always = (node: GateNode): Pick<ChainOrigin, 'starts' | 'nodes' | 'sets' | 'entitled'> => ({
  starts: [{ node, comes: [], goes: [] }],
  nodes: () => [node],
  sets: () => [],
  entitled: () => [],
});

/** Of a set that somebody holds from the first moment to the last. */
const ofSet = ({ from, entries }: EnteredRole, account: string): ChainOrigin => {
  const set = from.slice(0, from.lastIndexOf('@'));
  return {
    ...always(nodeOf(from)),
    text: `permission-set:${set} of ${account}`,
    entries,
    sets: (_, name) => (name === account ? [set] : []),
  };
};

const ofRole = ({ from, entries }: EnteredRole, key: Key, { trust, world }: OriginContext): ChainOrigin => {
  const node = nodeOf(from);
  const all = world.versions.changesOf(key);
  const start: OriginStart = {
    node,
    comes: all.filter(({ action }) => action === 'create'),
    goes: all.filter(({ action }) => action === 'delete'),
  };
  const role = trust.roles.get(key);
  return {
    ...always(node),
    text: role === undefined ? from : `${rolePrincipal(role)} of ${role.account}`,
    entries,
    starts: [start],
    nodes: (end) => (isAt(end, start) ? [node] : []),
    role: key,
  };
};

const outsideText = (from: string, { accounts }: TrustInTime): string => {
  if (from === '*') return 'everybody';
  if (/^\d{12}$/.test(from)) return `account:${accounts.get(from) ?? from}`;
  return from.replace(/^Service /, 'service:').replace(/^Federated (.*oidc-provider\/)?/, 'federated:');
};

type OriginContext = { readonly trust: TrustInTime; readonly world: ProofWorld; readonly steady: ReadonlySet<string> };

const ofCaller = (entered: EnteredRole, scene: OriginContext): readonly ChainOrigin[] => {
  const { trust, steady } = scene;
  const { from, entries } = entered;
  const role = trust.roleAt.get(from);
  if (role !== undefined) return [ofRole(entered, role, scene)];
  if (!from.includes('@')) return [{ ...always(nodeOf(from)), text: outsideText(from, trust), entries }];
  const account = trust.accounts.get(accountOfNode(from) ?? '');
  return steady.has(from) && account !== undefined ? [ofSet(entered, account)] : [];
};

const steadySets = (holders: readonly GrantHolder[], trust: TrustInTime): ReadonlySet<string> =>
  new Set(
    holders.flatMap((holder) =>
      heldBy(holder, trust).flatMap(({ start }) => (isSteady(start) ? [start.node.name] : [])),
    ),
  );

/** Whom the roles let in at some time whose trust changes, each with those roles. */
const enteredBy = ({ roles, changesOf, gatesEver }: TrustInTime): readonly EnteredRole[] => {
  const entries = new Map<string, Set<Key>>();
  for (const key of roles.keys()) {
    if (changesOf(key).length === 0) continue;
    for (const { from } of gatesEver(key)) entries.set(from, (entries.get(from) ?? new Set<Key>()).add(key));
  }
  return [...entries].map(([from, keys]) => ({ from, entries: [...keys] }));
};

export const originsIn = (world: ProofWorld, trust: TrustInTime): readonly ChainOrigin[] => {
  const holders = world.holders();
  const entered = enteredBy(trust);
  const steady = entered.some(({ from }) => from.includes('@')) ? steadySets(holders, trust) : new Set<string>();
  return [
    ...entered.flatMap((one) => ofCaller(one, { trust, world, steady })),
    ...holders.flatMap((holder) => ofHolder(holder, trust)),
  ];
};
