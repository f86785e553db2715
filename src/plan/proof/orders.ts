/** Which states a few changes can be in together, whichever of them fail and wherever the plan is killed. */
import type { Change } from '../../model/plan.ts';
import { phases } from '../../model/plan.ts';
import { isHeldBy } from '../carry/next.ts';

/** For each change's id, the ids of all that must be done before it, directly or not. */
export type Needs = (id: string) => ReadonlySet<string>;

/** `added`: what else an id waits for. */
export const needsOf = (changes: readonly Change[], added: ReadonlyMap<string, ReadonlySet<string>>): Needs => {
  const byId = new Map(changes.map((change) => [change.id, change]));
  const directOf = (id: string): readonly string[] => [...(byId.get(id)?.dependsOn ?? []), ...(added.get(id) ?? [])];
  const known = new Map<string, ReadonlySet<string>>();
  const needs = (id: string): ReadonlySet<string> => {
    const found = known.get(id) ?? new Set(directOf(id).flatMap((one) => [one, ...needs(one)]));
    known.set(id, found);
    return found;
  };
  return needs;
};

/** The changes that are done, as bits by their place in the list. */
export type DoneBits = bigint;
export const bitOf = (place: number): DoneBits => 1n << BigInt(place);
export const isDone = (moment: DoneBits, place: number): boolean => (moment & bitOf(place)) !== 0n;

export type Orders = {
  /** Every state that the dependencies and the failure table permit, the first and the last among them. */
  readonly moments: readonly DoneBits[];
  /** Those among them that are passed when nothing fails. */
  readonly orderly: readonly DoneBits[];
  /** Too many for every order: they are to be made one after the other. */
  readonly serial: boolean;
};

/** One change, or several that all only tighten or all only loosen and that the rest treats alike. */
type Unit = { readonly places: readonly number[]; readonly needs: DoneBits };

const mostUnits = 12;

const phaseOf = ({ phase }: Change): number => phases.indexOf(phase);

/** For each change, those among the changes without which the dependencies and the failure table do not let it be made. */
export const requirements = (changes: readonly Change[], needs: Needs): readonly DoneBits[] =>
  changes.map((change) => {
    const wanted = needs(change.id);
    return changes.reduce((mask, earlier, at) => {
      const holds = phaseOf(earlier) < phaseOf(change) && isHeldBy(change, earlier);
      return holds || wanted.has(earlier.id) ? mask | bitOf(at) : mask;
    }, 0n);
  });

/** Bundles what is alike; every state inside a bundle lies between the bundle's two ends. */
const unitsOf = (required: readonly DoneBits[], alike: readonly (string | undefined)[]): readonly Unit[] => {
  const groups = new Map<string, number[]>();
  required.forEach((needs, at) => {
    const users = required.reduce((mask, one, user) => (isDone(one, at) ? mask | bitOf(user) : mask), 0n);
    const name = alike[at] === undefined ? `one ${at}` : `${alike[at]} ${needs} ${users}`;
    groups.set(name, [...(groups.get(name) ?? []), at]);
  });
  return [...groups.values()].map((places) => ({ places, needs: required[places[0] ?? 0] ?? 0n }));
};

const prefixes = (count: number): readonly DoneBits[] => Array.from({ length: count + 1 }, (_, at) => bitOf(at) - 1n);

/** Which units each unit needs, as bits by the units' places. */
const unitNeeds = (units: readonly Unit[]): readonly number[] =>
  units.map(({ needs }) =>
    units.reduce((mask, { places }, at) => (places.some((one) => isDone(needs, one)) ? mask | (1 << at) : mask), 0),
  );

const permitted = (units: readonly Unit[]): readonly DoneBits[] => {
  const needs = unitNeeds(units);
  const masks = units.map(({ places }) => places.reduce((mask, at) => mask | bitOf(at), 0n));
  const moments: DoneBits[] = [];
  for (let choice = 0; choice < 2 ** units.length; choice += 1) {
    if (needs.some((wanted, at) => choice & (1 << at) && wanted & ~choice)) continue;
    moments.push(masks.reduce((moment, mask, at) => (choice & (1 << at) ? moment | mask : moment), 0n));
  }
  return moments;
};

/** Nothing of a phase before all of the earlier ones. */
const isOrderly = (changes: readonly Change[], moment: DoneBits): boolean => {
  const last = Math.max(-1, ...changes.map((change, at) => (isDone(moment, at) ? phaseOf(change) : -1)));
  return changes.every((change, at) => phaseOf(change) >= last || isDone(moment, at));
};

/**
 * `changes` in the order of the plan. `alike`: the direction of a guard rail that can only tighten or only loosen, else
 * undefined.
 */
export const ordersOf = (changes: readonly Change[], needs: Needs, alike: readonly (string | undefined)[]): Orders => {
  const units = unitsOf(requirements(changes, needs), alike);
  const serial = units.length > mostUnits;
  const moments = serial ? prefixes(changes.length) : permitted(units);
  return { moments, orderly: moments.filter((moment) => isOrderly(changes, moment)), serial };
};
