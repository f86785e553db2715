/** Sets of actions as a reviewer reads them: by service and access level. */
import { accessLevels } from '../evaluate/action-catalogue.ts';
import { common, includesBits, indicesIn, noBits, setBit, without } from '../evaluate/reach-bits.ts';
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
    if (includesBits(bits, universe.all)) return [{ service: '*', level: EVERY_LEVEL, actions: ['*'], bound }];
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
