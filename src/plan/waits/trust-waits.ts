/** Ways in and what lies behind them: who is let into a role must not meet what is about to go, there or further on. */
import type { Entitlement, Key, Resource, Role, State } from '../../model/resource.ts';
import { entitledRoleKey, resourcesOf } from '../../model/resource.ts';
import { policiesIn } from '../diff/customer-policies.ts';
import { isLooser, isTighter } from '../../change/effect.ts';
import type { Effect } from '../../change/effect.ts';
import type { Draft } from '../phases/draft.ts';
import type { PlanTrees } from '../phases/trees.ts';
import { effectIn, effectOf } from '../edit/edit-effect.ts';
import { assignmentsOfGroup, entitlementsOfGroup } from './group-assignments.ts';
import { ofTrust } from '../edit/trust-effect.ts';
import { trustGraphOf } from './trust-graph.ts';
import type { TrustGraph } from './trust-graph.ts';
import type { WaitPair } from './circles.ts';

type GateContext = { readonly trees: PlanTrees; readonly graph: TrustGraph; readonly behind: DraftsBehind };
/** Drafts that change what a role may do, or who may become it, by the role's node: those that take, and those that give. */
type ByNode = ReadonlyMap<string, readonly Draft[]>;
type DraftsBehind = { readonly taking: ByNode; readonly giving: ByNode };

const roleIn = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

type Users = ReadonlyMap<Key, ReadonlySet<string>>;

const policyUsersByKey = (states: readonly State[], graph: TrustGraph): Users => {
  const users = new Map<Key, Set<string>>();
  for (const role of states.flatMap((state) => resourcesOf(state, 'role')))
    for (const key of policiesIn(role, role.account))
      users.set(key, (users.get(key) ?? new Set<string>()).add(graph.ofRole(role)));
  return users;
};

const byNode = (drafts: readonly Draft[], users: Users, graph: TrustGraph): ByNode => {
  const behind = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const role = roleIn(draft.after ?? draft.before);
    const isEdited = draft.kind === 'policy' && draft.action === 'update';
    const nodes = role === undefined ? (isEdited ? (users.get(draft.key) ?? []) : []) : [graph.ofRole(role)];
    for (const node of nodes) behind.set(node, [...(behind.get(node) ?? []), draft]);
  }
  return behind;
};

const behindOf = (drafts: readonly Draft[], trees: PlanTrees, graph: TrustGraph): DraftsBehind => {
  const users = policyUsersByKey([trees.current, trees.final], graph);
  const directed = drafts
    .filter(({ kind }) => kind === 'role' || kind === 'policy')
    .map((draft) => ({ draft, effect: effectIn(trees, draft) }));
  const those = (test: (effect: Effect) => boolean): ByNode =>
    byNode(
      directed.filter(({ effect }) => test(effect)).map(({ draft }) => draft),
      users,
      graph,
    );
  return { taking: those(isTighter), giving: those(isLooser) };
};

/** Of a role, how its trust changes; a person or a set's assignment comes or goes as a whole. */
const gateEffect = (draft: Draft): Effect => {
  const [before, after] = [roleIn(draft.before), roleIn(draft.after)];
  return before !== undefined && after !== undefined ? ofTrust(before.trust, after.trust) : effectOf(draft);
};

const entitledNodes = (entitlement: Entitlement, { trees, graph }: GateContext): readonly string[] =>
  [trees.current, trees.final].flatMap((state) => {
    const role = roleIn(state[entitledRoleKey(entitlement)]);
    return role === undefined ? [] : [graph.ofRole(role)];
  });

/** Where somebody stands who has come through: in the role, or in the sets that are given. */
const nodesBehind = (resource: Resource, context: GateContext): readonly string[] => {
  const { trees, graph } = context;
  switch (resource.kind) {
    case 'role':
      return [graph.ofRole(resource)];
    case 'assignment':
      return [graph.ofSet(resource.permissionSet, resource.account)];
    case 'entitlement':
      return entitledNodes(resource, context);
    case 'membership':
      return [trees.current, trees.final].flatMap((state) => [
        ...assignmentsOfGroup(state, resource.group).map(({ permissionSet, account }) =>
          graph.ofSet(permissionSet, account),
        ),
        ...entitlementsOfGroup(state, resource.group).flatMap((one) => entitledNodes(one, context)),
      ]);
    default:
      return [];
  }
};

const rolesBehind = (draft: Draft, scene: GateContext): ReadonlySet<string> => {
  const nodes = new Set(nodesBehind((draft.after ?? draft.before) as Resource, scene));
  return new Set([...nodes].flatMap((node) => [node, ...scene.graph.from(node)]));
};

/** A role that has closed its own way to them by then, or has not opened it yet, does not concern them. */
const isOpen = (role: Resource | undefined, roles: ReadonlySet<string>, { graph }: GateContext): boolean =>
  role?.kind !== 'role' || graph.lets(role, roles);

const draftsAt = (roles: ReadonlySet<string>, drafts: ByNode, gate: Draft): readonly Draft[] => [
  ...new Set([...roles].flatMap((node) => drafts.get(node) ?? []).filter(({ id }) => id !== gate.id)),
];

const pairsOf = (draft: Draft, scene: GateContext): readonly WaitPair[] => {
  const { taking, giving } = scene.behind;
  const effect = gateEffect(draft);
  const [opens, closes] = [isLooser(effect) && taking.size > 0, isTighter(effect) && giving.size > 0];
  if (!opens && !closes) return [];
  const roles = rolesBehind(draft, scene);
  const met = opens ? draftsAt(roles, taking, draft).filter((one) => isOpen(one.before, roles, scene)) : [];
  const left = closes ? draftsAt(roles, giving, draft).filter((one) => isOpen(one.after, roles, scene)) : [];
  return [...met.map((one) => [draft, one] as const), ...left.map((one) => [one, draft] as const)];
};

const gateKinds: readonly Resource['kind'][] = ['role', 'assignment', 'entitlement', 'membership'];

/** What opens a way waits for what goes behind it, and what comes behind a way for its closing. */
export const aroundGates = (drafts: readonly Draft[], trees: PlanTrees): readonly WaitPair[] => {
  if (!drafts.some(({ kind }) => kind === 'role' || kind === 'policy')) return [];
  const states = [trees.current, trees.final];
  const graph = trustGraphOf(states);
  const scene: GateContext = { trees, graph, behind: behindOf(drafts, trees, graph) };
  return drafts.filter(({ kind }) => gateKinds.includes(kind)).flatMap((draft) => pairsOf(draft, scene));
};
