/** Changes that would each have to be made before the other. */
import type { Phase } from '../../model/plan.ts';
import type { Draft } from '../phases/draft.ts';

type CircleGraph = ReadonlyMap<string, ReadonlySet<string>>;

const graphOf = (pairs: readonly WaitPair[]): CircleGraph => {
  const graph = new Map<string, Set<string>>();
  for (const [waiting, awaited] of pairs)
    graph.set(waiting.id, (graph.get(waiting.id) ?? new Set<string>()).add(awaited.id));
  return graph;
};

const reached = (graph: CircleGraph, start: string): ReadonlySet<string> => {
  const found = new Set<string>();
  const open = [...(graph.get(start) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(graph.get(id) ?? []));
  }
  return found;
};

/** Whoever nobody waits for, or who waits for nobody, is in no circle; taken away again and again, the circles are left. */
const core = (pairs: readonly WaitPair[]): readonly WaitPair[] => {
  const waiting = new Set(pairs.map(([draft]) => draft.id));
  const awaited = new Set(pairs.map(([, draft]) => draft.id));
  const left = pairs.filter(([one, other]) => awaited.has(one.id) && waiting.has(other.id));
  return left.length === pairs.length ? left : core(left);
};

/** By id, the draft with which each is in a circle. */
export const circlesIn = (pairs: readonly WaitPair[]): ReadonlyMap<string, Draft> => {
  const left = core(pairs);
  const graph = graphOf(left);
  const closed = left.filter(([waiting, awaited]) => reached(graph, awaited.id).has(waiting.id));
  return new Map(closed.flatMap(([one, other]) => [[other.id, one] as const, [one.id, other] as const]));
};

/** `onlyIn`: as long as the awaited one is of that phase. */
export type WaitPair = readonly [waiting: Draft, awaited: Draft, onlyIn?: Phase];
