/** Phase, then dependency, then key: one order for one set of changes, however they came. */
import { rememberedOf } from '../../model/lists.ts';
import { phases } from '../../model/plan.ts';
import type { WaitEdges } from '../waits/dependencies.ts';
import type { Draft } from './draft.ts';

export type Ordered = {
  readonly drafts: readonly Draft[];
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  /** By id, how many steps lie before the change. */
  readonly levelOf: (id: string) => number;
  /** Changes that gave up waiting for their replacement, because each would have waited for the other. */
  readonly interrupted: readonly Draft[];
};

/** Many changes share one set of needs. */
type OrderGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** The changes that something waits for: few, beside the grants that wait for them. */
const awaitedIn = (graph: OrderGraph): ReadonlySet<string> => {
  const awaited = new Set<string>();
  for (const needs of new Set(graph.values())) for (const id of needs) awaited.add(id);
  return awaited;
};

/** Kahn's algorithm: how many steps lie before each change; what is in a circle, or waits for one, has no level. */
const levelsOf = (graph: OrderGraph, awaited: ReadonlySet<string>): ReadonlyMap<string, number> => {
  const core = [...graph].filter(([id]) => awaited.has(id));
  const waiting = new Map(core.map(([id, needs]) => [id, needs.size]));
  const dependents = new Map<string, string[]>();
  for (const [id, needs] of core) {
    for (const need of needs) {
      const list = dependents.get(need);
      if (list === undefined) dependents.set(need, [id]);
      else list.push(id);
    }
  }
  const levels = new Map<string, number>();
  let ready = [...waiting.keys()].filter((id) => waiting.get(id) === 0);
  for (let level = 0; ready.length > 0; level += 1) {
    for (const id of ready) levels.set(id, level);
    const next = ready.flatMap((id) => dependents.get(id) ?? []);
    for (const id of next) waiting.set(id, (waiting.get(id) ?? 0) - 1);
    ready = [...new Set(next)].filter((id) => waiting.get(id) === 0);
  }
  return levels;
};

type LevelOf = (id: string) => number | undefined;

/** Of what nothing waits for, a step after the last of its needs. */
const levelFinder = (graph: OrderGraph): LevelOf => {
  const awaited = awaitedIn(graph);
  const levels = levelsOf(graph, awaited);
  const after = rememberedOf((needs: ReadonlySet<string>): { readonly level: number | undefined } => {
    const before = [...needs].map((id) => levels.get(id));
    return {
      level: before.reduce(
        (last, one) => (last === undefined || one === undefined ? undefined : Math.max(last, one + 1)),
        0,
      ),
    };
  });
  return (id) => {
    const needs = graph.get(id);
    return awaited.has(id) || needs === undefined ? levels.get(id) : after(needs).level;
  };
};

const inCircle = (graph: OrderGraph, levelOf: LevelOf): readonly string[] =>
  [...graph.keys()].filter((id) => levelOf(id) === undefined);

const circleError = (drafts: readonly Draft[], stuck: readonly string[]): Error => {
  const keys = drafts.filter(({ id }) => stuck.includes(id)).map(({ key, action }) => `${action} ${key}`);
  return new Error(`These changes wait for one another: ${keys.slice(0, 10).join(', ')}`);
};

const graphOf = (edges: ReadonlyMap<string, WaitEdges>, soft: (id: string) => unknown): OrderGraph =>
  new Map(
    [...edges].map(([id, { must, should }]) => [
      id,
      should.size > 0 && soft(id) ? new Set([...must, ...should]) : must,
    ]),
  );

const phaseIndex = ({ phase }: Draft): number => phases.indexOf(phase);

/** A phase begins when the one before it is over, so that what waits for a change of a later phase joins that. */
const inPhaseOfNeeds = (drafts: readonly Draft[], graph: OrderGraph): readonly Draft[] => {
  const awaited = awaitedIn(graph);
  const byId = new Map(drafts.filter(({ id }) => awaited.has(id)).map((draft) => [draft.id, draft]));
  const known = new Map<ReadonlySet<string>, number>();
  const latestOf = (needs: ReadonlySet<string>): number => {
    const found = known.get(needs);
    if (found !== undefined) return found;
    const index = [...needs].flatMap((id) => byId.get(id) ?? []).reduce((last, one) => Math.max(last, latest(one)), 0);
    known.set(needs, index);
    return index;
  };
  const latest = (draft: Draft): number => {
    const needs = graph.get(draft.id);
    return needs === undefined ? phaseIndex(draft) : Math.max(phaseIndex(draft), latestOf(needs));
  };
  return drafts.map((draft) => {
    const phase = phases[latest(draft)] ?? draft.phase;
    return phase === draft.phase ? draft : { ...draft, phase };
  });
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
  const stuck = new Set(inCircle(wished, levelFinder(wished)));
  const graph = stuck.size === 0 ? wished : graphOf(edges, (id) => !stuck.has(id));
  const levelOf = levelFinder(graph);
  const circle = inCircle(graph, levelOf);
  if (circle.length > 0) throw circleError(drafts, circle);
  const placeOf = (id: string): number => levelOf(id) ?? 0;
  const placed = inPhaseOfNeeds(drafts, graph)
    .map((draft) => ({ draft, level: placeOf(draft.id) }))
    .sort(byPlace);
  const idsOf = rememberedOf((needs: ReadonlySet<string>) => [...needs].sort());
  return {
    drafts: placed.map(({ draft }) => draft),
    dependsOn: new Map([...graph].map(([id, needs]) => [id, idsOf(needs)])),
    levelOf: placeOf,
    interrupted: placed.map(({ draft }) => draft).filter(({ id }) => stuck.has(id) && edges.get(id)?.should.size),
  };
};
