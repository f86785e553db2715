/** Ways in and what lies behind them: who is let into a role must not meet what is about to go, there or further on. */
import type { Key, Resource, Role, State } from '../model/resource.ts';
import { resourcesOf } from '../model/resource.ts';
import { policiesIn } from './customer-policies.ts';
import type { Direction } from './direction.ts';
import type { Draft } from './draft.ts';
import type { Trees } from './drafts.ts';
import { directionIn, directionOf } from './edit-direction.ts';
import { assignmentsOfGroup } from './group-assignments.ts';
import { ofTrust } from './role.ts';
import { trustGraphOf } from './trust-graph.ts';
import type { TrustGraph } from './trust-graph.ts';

export type Pair = readonly [waiting: Draft, awaited: Draft];
type Scene = { readonly trees: Trees; readonly graph: TrustGraph; readonly behind: Behind };
/** What a draft does to the ways in; where it leads to, and the roles that lie behind. */
type Gate = { readonly draft: Draft; readonly direction: Direction; readonly roles: ReadonlySet<string> };

/** Drafts that change what a role may do, or who may become it, by the role's node. */
type Behind = ReadonlyMap<string, readonly Draft[]>;

const roleIn = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

const policyUsersByKey = (states: readonly State[], graph: TrustGraph): ReadonlyMap<Key, ReadonlySet<string>> => {
  const users = new Map<Key, Set<string>>();
  for (const role of states.flatMap((state) => resourcesOf(state, 'role')))
    for (const key of policiesIn(role, role.account))
      users.set(key, (users.get(key) ?? new Set<string>()).add(graph.ofRole(role)));
  return users;
};

const behindOf = (drafts: readonly Draft[], states: readonly State[], graph: TrustGraph): Behind => {
  const users = policyUsersByKey(states, graph);
  const behind = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const role = roleIn(draft.after ?? draft.before);
    const isEdited = draft.kind === 'policy' && draft.action === 'update';
    const nodes = role === undefined ? (isEdited ? (users.get(draft.key) ?? []) : []) : [graph.ofRole(role)];
    for (const node of nodes) behind.set(node, [...(behind.get(node) ?? []), draft]);
  }
  return behind;
};

/** Of a role, how its trust changes; a person or a set's assignment comes or goes as a whole. */
const gateDirection = (draft: Draft): Direction => {
  const [before, after] = [roleIn(draft.before), roleIn(draft.after)];
  return before !== undefined && after !== undefined ? ofTrust(before.trust, after.trust) : directionOf(draft);
};

/** Where somebody stands who has come through: in the role, or in the sets that are given. */
const nodesBehind = (resource: Resource, { trees, graph }: Scene): readonly string[] => {
  switch (resource.kind) {
    case 'role':
      return [graph.ofRole(resource)];
    case 'assignment':
      return [graph.ofSet(resource.permissionSet, resource.account)];
    case 'membership':
      return [trees.current, trees.final]
        .flatMap((state) => assignmentsOfGroup(state, resource.group))
        .map(({ permissionSet, account }) => graph.ofSet(permissionSet, account));
    default:
      return [];
  }
};

const gateOf = (draft: Draft, scene: Scene): Gate => {
  const nodes = nodesBehind((draft.after ?? draft.before) as Resource, scene);
  const roles = new Set([...nodes, ...nodes.flatMap((node) => [...scene.graph.from(node)])]);
  return { draft, direction: gateDirection(draft), roles };
};

/** A role that has closed its own way to them by then, or has not opened it yet, does not concern them. */
const isOpen = (role: Resource | undefined, { roles }: Gate, { graph }: Scene): boolean =>
  role?.kind !== 'role' || graph.lets(role, roles);

const pairsOf = (gate: Gate, scene: Scene): readonly Pair[] => {
  const { draft, direction, roles } = gate;
  const further = [...new Set([...roles].flatMap((node) => scene.behind.get(node) ?? []))];
  return further.flatMap((one): readonly Pair[] => {
    if (one.id === draft.id) return [];
    const { tighter, looser } = directionIn(scene.trees, one);
    return [
      ...(direction.looser && tighter && isOpen(one.before, gate, scene) ? [[draft, one] as const] : []),
      ...(direction.tighter && looser && isOpen(one.after, gate, scene) ? [[one, draft] as const] : []),
    ];
  });
};

const gateKinds: readonly Resource['kind'][] = ['role', 'assignment', 'membership'];

/** What opens a way waits for what goes behind it, and what comes behind a way for its closing. */
export const aroundGates = (drafts: readonly Draft[], trees: Trees): readonly Pair[] => {
  if (!drafts.some(({ kind }) => kind === 'role' || kind === 'policy')) return [];
  const states = [trees.current, trees.final];
  const graph = trustGraphOf(states);
  const scene: Scene = { trees, graph, behind: behindOf(drafts, states, graph) };
  return drafts.filter(({ kind }) => gateKinds.includes(kind)).flatMap((draft) => pairsOf(gateOf(draft, scene), scene));
};
