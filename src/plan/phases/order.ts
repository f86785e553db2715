/** Phase, then dependency, then key: one order for one set of changes, however they came. */
import { phases } from '../../model/plan.ts';
import type { WaitEdges } from '../waits/dependencies.ts';
import type { Draft } from './draft.ts';

export type Ordered = {
  readonly drafts: readonly Draft[];
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  /** Changes that gave up waiting for their replacement, because each would have waited for the other. */
  readonly interrupted: readonly Draft[];
};

type OrderGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** Kahn's algorithm: how many steps lie before each change; what is in a circle, or waits for one, has no level. */
const levelsOf = (graph: OrderGraph): ReadonlyMap<string, number> => {
  const waiting = new Map([...graph].map(([id, needs]) => [id, needs.size]));
  const dependents = new Map<string, string[]>();
  for (const [id, needs] of graph) {
    for (const need of needs) {
      const list = dependents.get(need);
      if (list === undefined) dependents.set(need, [id]);
      else list.push(id);
    }
  }
  const levels = new Map<string, number>();
  let ready = [...graph.keys()].filter((id) => waiting.get(id) === 0);
  for (let level = 0; ready.length > 0; level += 1) {
    for (const id of ready) levels.set(id, level);
    const next = ready.flatMap((id) => dependents.get(id) ?? []);
    for (const id of next) waiting.set(id, (waiting.get(id) ?? 0) - 1);
    ready = [...new Set(next)].filter((id) => waiting.get(id) === 0);
  }
  return levels;
};

const inCircle = (graph: OrderGraph, levels: ReadonlyMap<string, number>): readonly string[] =>
  [...graph.keys()].filter((id) => !levels.has(id));

const circleError = (drafts: readonly Draft[], stuck: readonly string[]): Error => {
  const keys = drafts.filter(({ id }) => stuck.includes(id)).map(({ key, action }) => `${action} ${key}`);
  return new Error(`These changes wait for one another: ${keys.slice(0, 10).join(', ')}`);
};

const graphOf = (edges: ReadonlyMap<string, WaitEdges>, soft: (id: string) => unknown): OrderGraph =>
  new Map([...edges].map(([id, { must, should }]) => [id, new Set(soft(id) ? [...must, ...should] : must)]));

const phaseIndex = ({ phase }: Draft): number => phases.indexOf(phase);

/** A phase begins when the one before it is over, so that what waits for a change of a later phase joins that. */
const inPhaseOfNeeds = (drafts: readonly Draft[], graph: OrderGraph): readonly Draft[] => {
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const known = new Map<string, number>();
  const latest = (draft: Draft): number => {
    const found = known.get(draft.id);
    if (found !== undefined) return found;
    const needs = [...(graph.get(draft.id) ?? [])].flatMap((id) => byId.get(id) ?? []);
    const index = needs.reduce((last, one) => Math.max(last, latest(one)), phaseIndex(draft));
    known.set(draft.id, index);
    return index;
  };
  return drafts.map((draft) => ({ ...draft, phase: phases[latest(draft)] ?? draft.phase }));
};

type PlacedDraft = { readonly draft: Draft; readonly level: number };
const byPlace = (a: PlacedDraft, b: PlacedDraft): number =>
  phaseIndex(a.draft) - phaseIndex(b.draft) ||
  a.level - b.level ||
  (a.draft.key < b.draft.key ? -1 : Number(a.draft.key > b.draft.key)) ||
  (a.draft.id < b.draft.id ? -1 : 1);

/** Throws an Error that names the changes when they wait for one another in a circle that nothing may break. */
export const ordered = (drafts: readonly Draft[], edges: ReadonlyMap<string, WaitEdges>): Ordered => {
  const wished = graphOf(edges, () => true);
  const stuck = new Set(inCircle(wished, levelsOf(wished)));
  const graph = stuck.size === 0 ? wished : graphOf(edges, (id) => !stuck.has(id));
  const levels = levelsOf(graph);
  const circle = inCircle(graph, levels);
  if (circle.length > 0) throw circleError(drafts, circle);
  const placed = inPhaseOfNeeds(drafts, graph)
    .map((draft) => ({ draft, level: levels.get(draft.id) ?? 0 }))
    .sort(byPlace);
  return {
    drafts: placed.map(({ draft }) => draft),
    dependsOn: new Map([...graph].map(([id, needs]) => [id, [...needs].sort()])),
    interrupted: placed.map(({ draft }) => draft).filter(({ id }) => stuck.has(id) && edges.get(id)?.should.size),
  };
};
