/** Sets of actions as a reviewer reads them: by service and access level. */
import { accessLevels } from '../evaluate/action-catalogue.ts';
import { common, countBits, includesBits, indicesIn, noBits, setBit, without } from '../evaluate/reach-bits.ts';
import type { Bits } from '../evaluate/reach-bits.ts';
import type { Universe } from '../evaluate/reach-universe.ts';
import type { AccessItem } from '../model/plan.ts';

/** `level` of an item that says a whole service, or everything: its actions are then one pattern. */
export const EVERY_LEVEL = 'Full access';

export type Itemizer = {
  /** The actions in `bits`: certain where `certain` has them, else possible. */
  readonly items: (bits: Bits, certain: Bits) => readonly AccessItem[];
};

type Bound = AccessItem['bound'];

/** `first`: the actions to name before others of their service and level. */
export const itemizer = (universe: Universe, first: Bits): Itemizer => {
  const services = servicesOf(universe);
  const said = (bits: Bits, bound: Bound): readonly AccessItem[] => {
    if (countBits(bits) > mostly * universe.size)
      return [everything(bound, exceptions(universe, services, without(universe.all, bits)))];
    const present = [...new Set(indicesIn(bits).map((at) => universe.actions[at]?.service ?? ''))].sort();
    return present.flatMap((service) => {
      const all = services.get(service);
      if (all && all.count > 1 && includesBits(bits, all.bits))
        return [{ service, level: EVERY_LEVEL, actions: [`${service}:*`], bound }];
      return byLevel({ universe, first, bound, service }, all ? common(bits, all.bits) : bits);
    });
  };
  return {
    items: (bits, certain) => [...said(common(bits, certain), 'certain'), ...said(without(bits, certain), 'possible')],
  };
};

/** From this share of all actions on, what is missing is said rather than what is there. */
const mostly = 2 / 3;

const everything = (bound: Bound, except: readonly string[]): AccessItem => ({
  service: '*',
  level: EVERY_LEVEL,
  actions: ['*'],
  ...(except.length === 0 ? {} : { except }),
  bound,
});

const exceptions = (universe: Universe, services: ReadonlyMap<string, Service>, missing: Bits): readonly string[] => {
  const names = indicesIn(missing).flatMap((at) => {
    const action = universe.actions[at];
    if (action === undefined) return [];
    const all = services.get(action.service);
    return [all && includesBits(missing, all.bits) ? `${action.service}:*` : `${action.service}:${action.name}`];
  });
  return [...new Set(names)].sort();
};

type OfService = { readonly universe: Universe; readonly first: Bits; readonly bound: Bound; readonly service: string };

const byLevel = ({ universe, first, bound, service }: OfService, bits: Bits): readonly AccessItem[] => {
  const named = (some: Bits) => indicesIn(some).flatMap((at) => universe.actions[at] ?? []);
  const actions = [...named(common(bits, first)), ...named(without(bits, first))];
  return accessLevels.flatMap((level) => {
    const names = actions.filter((action) => action.level === level).map(({ name }) => `${service}:${name}`);
    return names.length === 0 ? [] : [{ service, level, actions: names, bound }];
  });
};

type Service = { readonly bits: Bits; readonly count: number };

const servicesOf = ({ actions, size }: Universe): ReadonlyMap<string, Service> => {
  const places = new Map<string, number[]>();
  actions.forEach(({ service }, at) => {
    const list = places.get(service);
    if (list === undefined) places.set(service, [at]);
    else list.push(at);
  });
  return new Map(
    [...places].map(([service, all]) => {
      const bits = noBits(size);
      for (const at of all) setBit(bits, at);
      return [service, { bits, count: all.length }];
    }),
  );
};
