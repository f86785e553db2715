/** Who has what where, and through which changes: one group or user in one account. */
import type { Role } from '../../evaluate/reach/reach.ts';
import type { Change } from '../../model/plan.ts';
import type { Assignment, Key, Resource } from '../../model/resource.ts';
import { permissionSetKey, principalText } from '../../model/resource.ts';
import { bitOf } from './orders.ts';
import type { Moment } from './orders.ts';
import type { PlaceInTime, PlaceMaker, Stage } from './places.ts';

/** A permission set that is held while all of `on` and none of `off` is done. */
type Way = { readonly permissionSet: string; readonly on: Moment; readonly off: Moment };

export type Pair = {
  /** `group:NAME` or `user:NAME`. */
  readonly principal: string;
  readonly place: PlaceInTime;
  /** All that bear on it, in the order of the plan. */
  readonly changes: readonly Change[];
  /** What is held at a moment, each role once. */
  readonly roles: (moment: Moment) => readonly Role[];
  /** Pairs of one name go through the same. */
  readonly name: string;
};

type Fate = { readonly resource: Resource; readonly comes?: Change; readonly goes?: Change };

/** Everything that is there at some time, with the changes that bring or take it. */
const fatesOf = ({ current, changes }: Stage): ReadonlyMap<Key, Fate> => {
  const fates = new Map<Key, Fate>(
    Object.entries(current).flatMap(([key, resource]) =>
      resource.kind === 'assignment' || resource.kind === 'membership' ? [[key, { resource }]] : [],
    ),
  );
  for (const change of changes) {
    if (change.kind !== 'assignment' && change.kind !== 'membership') continue;
    if (change.action === 'create') fates.set(change.key, { resource: change.after, comes: change });
    if (change.action === 'delete') fates.set(change.key, { resource: change.before, goes: change });
  }
  return fates;
};

type Hold = { readonly assignment: Assignment; readonly fates: readonly Fate[] };

const grouped = <T>(items: readonly T[], name: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(name(item), [...(groups.get(name(item)) ?? []), item]);
  return groups;
};

/** By principal: its own assignments, and for users those of their groups. A group stands for somebody who stays in it. */
const holdsOf = (stage: Stage): ReadonlyMap<string, readonly Hold[]> => {
  const fates = [...fatesOf(stage).values()];
  const assigned = fates.flatMap((fate): readonly Hold[] =>
    fate.resource.kind === 'assignment' ? [{ assignment: fate.resource, fates: [fate] }] : [],
  );
  const holds = new Map(grouped(assigned, ({ assignment }) => principalText(assignment.principal)));
  const memberships = fates.filter(({ resource }) => resource.kind === 'membership');
  for (const [user, joined] of grouped(memberships, ({ resource }) => userOf(resource))) {
    const own = holds.get(user) ?? [];
    const moves = joined.some(({ comes, goes }) => comes ?? goes);
    const through = joined.flatMap((fate) =>
      (holds.get(groupOf(fate.resource)) ?? []).map((hold) => ({ ...hold, fates: [...hold.fates, fate] })),
    );
    // Who stays in its groups goes through what they go through.
    if (moves || own.length > 0) holds.set(user, [...own, ...through]);
  }
  return holds;
};

const userOf = (resource: Resource): string =>
  resource.kind === 'membership' ? principalText({ type: 'user', name: resource.user }) : '';
const groupOf = (resource: Resource): string =>
  resource.kind === 'membership' ? principalText({ type: 'group', name: resource.group }) : '';

const changesOf = (stage: Stage, place: PlaceInTime, holds: readonly Hold[]): readonly Change[] => {
  const sets = new Set(holds.map(({ assignment }) => permissionSetKey(assignment.permissionSet)));
  const direct = holds.flatMap(({ fates }) => fates.flatMap(({ comes, goes }) => [comes, goes]));
  const edits = stage.changes.filter(({ key, action, adopts }) => sets.has(key) && action === 'update' && !adopts);
  const relevant = new Set([...direct, ...edits, ...place.rails]);
  return stage.changes.filter((change) => relevant.has(change));
};

const waysOf = (changes: readonly Change[], holds: readonly Hold[]): readonly Way[] => {
  const mask = (wanted: readonly (Change | undefined)[]): Moment =>
    changes.reduce((bits, change, at) => (wanted.includes(change) ? bits | bitOf(at) : bits), 0n);
  return holds.map(({ assignment, fates }) => ({
    permissionSet: assignment.permissionSet,
    on: mask(fates.map(({ comes }) => comes).filter((one) => one !== undefined)),
    off: mask(fates.map(({ goes }) => goes).filter((one) => one !== undefined)),
  }));
};

const remembered = <T>(make: (moment: Moment) => T): ((moment: Moment) => T) => {
  const known = new Map<Moment, { readonly made: T }>();
  return (moment) => {
    const found = known.get(moment) ?? { made: make(moment) };
    known.set(moment, found);
    return found.made;
  };
};

type Seat = { readonly principal: string; readonly place: PlaceInTime };

const pairOf = (stage: Stage, { principal, place }: Seat, holds: readonly Hold[]): Pair => {
  const changes = changesOf(stage, place, holds);
  const ways = waysOf(changes, holds);
  const sets = new Set(ways.map(({ permissionSet }) => permissionSetKey(permissionSet)));
  const bearing = changes.map(({ key }) => sets.has(key));
  const rails = new Set(place.rails);
  const roles = (moment: Moment): readonly Role[] => {
    const done = changes.filter(
      (change, at) => (moment & bitOf(at)) !== 0n && (bearing[at] === true || rails.has(change)),
    );
    const held = new Set(
      ways.filter(({ on, off }) => (on & ~moment) === 0n && (off & moment) === 0n).map((one) => one.permissionSet),
    );
    return [...new Set([...held].flatMap((name) => place.role(name, done) ?? []))];
  };
  const holdings = ways.map(({ permissionSet, on, off }) => `${permissionSet} ${on} ${off}`).sort();
  const name = [place.account, ...new Set(holdings), ...changes.map(({ id }) => id)].join('\n');
  return { principal, place, changes, roles: remembered(roles), name };
};

/** Every pair that some change bears on. */
export const pairsIn = (stage: Stage, placeOf: PlaceMaker): readonly Pair[] =>
  [...holdsOf(stage)].flatMap(([principal, holds]) =>
    [...grouped(holds, ({ assignment }) => assignment.account)].flatMap(([account, here]) => {
      const place = placeOf(account);
      if (place === undefined) return [];
      const pair = pairOf(stage, { principal, place }, here);
      return pair.changes.length < 2 ? [] : [pair];
    }),
  );
