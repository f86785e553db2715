/** Who becomes whom: from each principal to the roles that trust it, before a plan or after it. */
import { trustAtoms } from '../../model/policy.ts';
import type { TrustAtom } from '../../model/policy.ts';
import type { Role, State } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';

/** An ARN of a role, `SET@ID` of a permission set in an account, an account's id, or `*`. */
type TrustNode = string;

export type TrustGraph = {
  readonly ofRole: (role: Role) => TrustNode;
  readonly ofSet: (permissionSet: string, account: string) => TrustNode;
  /** The roles that somebody there can become, step by step. */
  readonly from: (node: TrustNode) => ReadonlySet<TrustNode>;
  /** Whether the role, as it is given, lets in somebody who is at one of the nodes. */
  readonly lets: (role: Role, nodes: ReadonlySet<TrustNode>) => boolean;
};

const reservedName = /:role\/aws-reserved\/sso\.amazonaws\.com.*\/AWSReservedSSO_([^*?]+)_\?{16}$/;

/** Of `["ArnLike","aws:principalarn",[…]]`: the sets, if it names nothing else. */
const setsIn = (conditions: readonly string[]): readonly string[] | undefined => {
  for (const line of conditions) {
    const [, key, values] = JSON.parse(line) as readonly [string, string, readonly string[]];
    const names = key === 'aws:principalarn' ? values.map((value) => reservedName.exec(value)?.[1]) : [];
    if (names.length > 0 && !names.includes(undefined)) return names.flatMap((name) => name ?? []);
  }
  return undefined;
};

/** Services and identity providers come from nowhere else. */
const nodesOf = ({ who, conditions, effect }: TrustAtom): readonly TrustNode[] => {
  const [, name] = /^AWS (.+)$/.exec(who) ?? [];
  if (name === undefined || effect === 'Deny') return [];
  const sets = /^\d{12}$/.test(name) ? setsIn(conditions) : undefined;
  return sets === undefined ? [name] : sets.map((set) => `${set}@${name}`);
};

const accountOf = (node: TrustNode): TrustNode =>
  /^arn:aws:iam::(\d{12}):/.exec(node)?.[1] ?? node.slice(node.lastIndexOf('@') + 1);

type TrustEdges = Map<TrustNode, Set<TrustNode>>;

const reach = (edges: TrustEdges, start: TrustNode): ReadonlySet<TrustNode> => {
  const found = new Set<TrustNode>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const key of [node, accountOf(node), '*'])
      for (const next of edges.get(key) ?? []) {
        if (found.has(next)) continue;
        found.add(next);
        open.push(next);
      }
  }
  return found;
};

export const trustGraphOf = (states: readonly State[]): TrustGraph => {
  const ids = new Map(
    states.flatMap((state) => resourcesOf(state, 'account').map(({ name, id }) => [name, id] as const)),
  );
  const ofRole = ({ account, path, name }: Role): TrustNode => `arn:aws:iam::${ids.get(account)}:role${path}${name}`;
  const edges: TrustEdges = new Map();
  for (const role of states.flatMap((state) => resourcesOf(state, 'role')))
    for (const node of trustAtoms(role.trust).flatMap(nodesOf))
      edges.set(node, (edges.get(node) ?? new Set<TrustNode>()).add(ofRole(role)));
  const known = new Map<TrustNode, ReadonlySet<TrustNode>>();
  const from = (node: TrustNode): ReadonlySet<TrustNode> => {
    const found = known.get(node) ?? reach(edges, node);
    known.set(node, found);
    return found;
  };
  const lets = (role: Role, nodes: ReadonlySet<TrustNode>): boolean => {
    const named = new Set(trustAtoms(role.trust).flatMap(nodesOf));
    return [...nodes].some((node) => [node, accountOf(node), '*'].some((one) => named.has(one)));
  };
  return { from, lets, ofRole, ofSet: (permissionSet, account) => `${permissionSet}@${ids.get(account)}` };
};
