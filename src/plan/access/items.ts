/** Sets of actions as a reviewer reads them: by service and access level. */
import { accessLevels } from '../../evaluate/action-catalogue.ts';
import type { AccessLevel, KnownAction } from '../../evaluate/action-catalogue.ts';
import { common, countBits, hasBit, indicesIn, without } from '../../evaluate/reach/bits.ts';
import type { Bits } from '../../evaluate/reach/bits.ts';
import type { Universe } from '../../evaluate/reach/universe.ts';
import type { AccessItem } from '../../model/plan.ts';

/** `level` of an item that says a whole service, or everything: its actions are then one pattern. */
const EVERY_LEVEL = 'Full access';

export type Itemizer = {
  /** The actions in `bits`: certain where `certain` has them, else possible. */
  readonly items: (bits: Bits, certain: Bits) => readonly AccessItem[];
};

type ItemBound = AccessItem['bound'];

/** From this share of all actions on, what is missing is said rather than what is there. */
const mostly = 2 / 3;

/** `first`: the actions to name before others of their service and level. One pass over the actions for each set. */
export const itemizer = (universe: Universe, first: Bits): Itemizer => {
  const services = shelved(universe, universe.actions.keys());
  const words: ActionWords = { universe, first, names: universe.actions.map(textOf), services };
  const said = (bits: Bits, bound: ItemBound): readonly AccessItem[] =>
    countBits(bits) > mostly * universe.size
      ? [everything(words, without(universe.all, bits), bound)]
      : byService(words, bits, bound);
  return {
    items: (bits, certain) => [...said(common(bits, certain), 'certain'), ...said(without(bits, certain), 'possible')],
  };
};

/** `names`: each action's text, made once and shared by all items. `services`: all their actions. */
type ActionWords = {
  readonly universe: Universe;
  readonly first: Bits;
  readonly names: readonly string[];
  readonly services: Shelves;
};

type Shelves = ReadonlyMap<string, readonly number[]>;

const textOf = ({ service, name }: KnownAction): string => `${service}:${name}`;

const shelved = ({ actions }: Universe, indices: Iterable<number>): Shelves => {
  const shelves = new Map<string, number[]>();
  for (const at of indices) {
    const service = actions[at]?.service ?? '';
    const shelf = shelves.get(service);
    if (shelf === undefined) shelves.set(service, [at]);
    else shelf.push(at);
  }
  return shelves;
};

/** A service of which nothing is missing; one with a single action is said by that. */
const isWhole = ({ services }: ActionWords, service: string, shelf: readonly number[]): boolean =>
  shelf.length > 1 && shelf.length === services.get(service)?.length;

const everything = (words: ActionWords, missing: Bits, bound: ItemBound): AccessItem => {
  const except = [...shelved(words.universe, indicesIn(missing))]
    .flatMap(([service, shelf]) => (isWhole(words, service, shelf) ? [`${service}:*`] : namesOf(words, shelf)))
    .sort();
  return { service: '*', level: EVERY_LEVEL, actions: ['*'], ...(except.length === 0 ? {} : { except }), bound };
};

const namesOf = ({ names }: ActionWords, shelf: readonly number[]): readonly string[] =>
  shelf.map((at) => names[at] ?? '');

const byService = (words: ActionWords, bits: Bits, bound: ItemBound): readonly AccessItem[] =>
  [...shelved(words.universe, indicesIn(bits))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([service, shelf]): readonly AccessItem[] =>
      isWhole(words, service, shelf)
        ? [{ service, level: EVERY_LEVEL, actions: [`${service}:*`], bound }]
        : byLevel(words, shelf).map(([level, actions]) => ({ service, level, actions, bound })),
    );

const byLevel = (
  words: ActionWords,
  shelf: readonly number[],
): readonly (readonly [AccessLevel, readonly string[]])[] => {
  const { universe, first } = words;
  const ordered = [...shelf.filter((at) => hasBit(first, at)), ...shelf.filter((at) => !hasBit(first, at))];
  return accessLevels.flatMap((level) => {
    const ofLevel = ordered.filter((at) => universe.actions[at]?.level === level);
    return ofLevel.length === 0 ? [] : [[level, namesOf(words, ofLevel)] as const];
  });
};
