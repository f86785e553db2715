/** The trust policies of all roles, at every moment: who can ever become whom, and who can at a given one. */
import { remembered } from '../../model/lists.ts';
import type { Change } from '../../model/plan.ts';
import type { Key, Resource, Role } from '../../model/resource.ts';
import { resourcesOf } from '../../model/resource.ts';
import { changes, rolesEver } from './role-pairs.ts';
import type { ProofWorld } from './role-pairs.ts';
import { gatesInto, nodeOf } from './ways-in.ts';
import type { TrustGate, GateNode } from './ways-in.ts';

export type TrustInTime = {
  readonly roles: ReadonlyMap<Key, Role>;
  readonly roleAt: ReadonlyMap<string, Key>;
  /** By the name that trust policies give them, the accounts' names by their ids. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly nodeOfRole: (key: Key) => GateNode;
  readonly nodeOfSet: (permissionSet: string, account: string) => GateNode;
  /** The roles that trust the node at some time. */
  readonly next: (node: GateNode) => readonly Key[];
  /** All that it can become at some time, step by step. */
  readonly ever: (node: GateNode) => ReadonlySet<Key>;
  /** The changes by which other people can become the role. */
  readonly changesOf: (key: Key) => readonly Change[];
  readonly gatesEver: (key: Key) => readonly TrustGate[];
};

export const gatesOf = (key: Key, role: Resource | undefined): readonly TrustGate[] =>
  role?.kind === 'role' ? gatesInto(key, role.trust) : [];

const idsIn = ({ stage: { current } }: ProofWorld): ReadonlyMap<string, string> =>
  new Map(resourcesOf(current, 'account').map(({ name, id }) => [name, id] as const));

const reached = (
  start: GateNode,
  next: (node: GateNode) => readonly Key[],
  nodeOfRole: (key: Key) => GateNode,
): ReadonlySet<Key> => {
  const found = new Set<Key>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const key of next(node)) {
      if (found.has(key)) continue;
      found.add(key);
      open.push(nodeOfRole(key));
    }
  return found;
};

const byCaller = (
  roles: Iterable<Key>,
  gatesEver: (key: Key) => readonly TrustGate[],
): ReadonlyMap<string, ReadonlySet<Key>> => {
  const callers = new Map<string, Set<Key>>();
  for (const key of roles)
    for (const { from } of gatesEver(key)) {
      const known = callers.get(from);
      if (known === undefined) callers.set(from, new Set([key]));
      else known.add(key);
    }
  return callers;
};

export const trustInTime = (world: ProofWorld): TrustInTime => {
  const { stage, versions } = world;
  const roles = rolesEver(stage);
  const ids = idsIn(world);
  const nodes = new Map(
    [...roles].map(([key, { account, path, name }]) => [
      key,
      nodeOf(`arn:aws:iam::${ids.get(account)}:role${path}${name}`),
    ]),
  );
  const nodeOfRole = (key: Key): GateNode => nodes.get(key) ?? nodeOf(key);
  const gatesEver = remembered((key: Key) => versions.ever(key).flatMap((one) => gatesOf(key, one)));
  const callers = byCaller(roles.keys(), gatesEver);
  const next = ({ keys }: GateNode): readonly Key[] => [
    ...new Set(keys.flatMap((one) => [...(callers.get(one) ?? [])])),
  ];
  const everFrom = new Map<string, ReadonlySet<Key>>();
  return {
    roles,
    roleAt: new Map([...nodes].map(([key, { name }]) => [name, key])),
    accounts: new Map([...ids].map(([name, id]) => [id, name])),
    nodeOfRole,
    nodeOfSet: (permissionSet, account) => nodeOf(`${permissionSet}@${ids.get(account)}`),
    next,
    ever: (node) => {
      const found = everFrom.get(node.name) ?? reached(node, next, nodeOfRole);
      everFrom.set(node.name, found);
      return found;
    },
    changesOf: (key) => versions.changesOf(key).filter((change) => changes(change, ['trust'])),
    gatesEver,
  };
};
