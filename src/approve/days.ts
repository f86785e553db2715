/** The days on which a pull request is judged: today, and each on which what it changes meets other things than before. */
import { onDay, turningDays } from '../desired/days.ts';
import type { Live } from '../model/cloud.ts';
import type { DatedGrant, Desired } from '../model/desired.ts';
import { canonical } from '../kinds/equal.ts';
import type { Key, Resource, State } from '../model/resource.ts';
import { isGrant, resourcesOf } from '../model/resource.ts';
import { underPresentNames } from './labels.ts';

/** Both trees as they ask on one day. */
export type Day = {
  readonly day: string;
  readonly from: Desired;
  readonly to: Desired;
  /** `from` under the names of `to`. */
  readonly told: Desired;
  /** Keys that differ, in order. */
  readonly differing: readonly Key[];
};

export type DayPair = { readonly base: Desired; readonly head: Desired };

const texts = new WeakMap<Resource, string>();

/** Asked for again on every day. */
const textOf = (resource: Resource | undefined): string => {
  if (resource === undefined) return '';
  const text = texts.get(resource) ?? canonical(resource);
  texts.set(resource, text);
  return text;
};

const differingIn = (from: State, to: State): readonly Key[] =>
  [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((key) => from[key] !== to[key] && textOf(from[key]) !== textOf(to[key]))
    .sort();

const judgedDay = ({ base, head }: DayPair, day: string): Day => {
  const [from, to] = [onDay(base, day), onDay(head, day)];
  const told = underPresentNames(from, to);
  return { day, from, to, told, differing: differingIn(told.state, to.state) };
};

/** Two years of ends on every day: a state each. */
const MOST_TURNS = 730;

/** Two or more plans each. */
export const MOST_JUDGED = 50;

const turnsOf = ({ base, head }: DayPair, today: string): readonly string[] =>
  [...new Set([base, head].flatMap((tree) => turningDays(tree, today)))].sort();

/** Today first, then every day on which something of either tree begins, or is over; no more than can be looked at. */
const everyDay = (pair: DayPair, today: string): readonly Day[] =>
  [today, ...turnsOf(pair, today).slice(0, MOST_TURNS)].map((day) => judgedDay(pair, day));

const principalsIn = (resource: Resource | undefined): readonly string[] => {
  if (resource?.kind === 'membership') return [`group:${resource.group}`, `user:${resource.user}`];
  if (resource?.kind === 'group') return [`group:${resource.name}`];
  return isGrant(resource) ? [`${resource.principal.type}:${resource.principal.name}`] : [];
};

const setsIn = (resource: Resource | undefined): readonly string[] =>
  resource?.kind === 'permission-set' ? [resource.name] : [];

/** Of these it is known whom they reach. Whatever else differs, a guard rail say, may concern everybody. */
const personal: readonly Resource['kind'][] = ['assignment', 'entitlement', 'membership', 'permission-set', 'group'];

type Concern = (resource: Resource) => boolean;

/** What begins or ends next to the difference: assignments and memberships of the same people, and of the same sets. */
const concernOf = ({ to, told, differing }: Day, all: State): Concern => {
  const found = differing.flatMap((key) => [told.state[key], to.state[key]].flatMap((one) => one ?? []));
  if (!found.every(({ kind }) => personal.includes(kind))) return () => true;
  const sets = new Set(found.flatMap(setsIn));
  const holders = resourcesOf(all, 'assignment').filter(({ permissionSet }) => sets.has(permissionSet));
  const who = new Set([...found, ...holders].flatMap(principalsIn));
  for (const { group, user } of resourcesOf(all, 'membership')) if (who.has(`user:${user}`)) who.add(`group:${group}`);
  return (resource) =>
    principalsIn(resource).some((name) => who.has(name)) ||
    (resource.kind === 'assignment' && sets.has(resource.permissionSet));
};

/** Keys that are not the same on all days. */
const varyingIn = ([first, ...others]: readonly State[]): ReadonlySet<Key> =>
  new Set(first === undefined ? [] : others.flatMap((other) => differingIn(first, other)));

const entryIn = (state: State, key: Key): readonly (readonly [Key, Resource])[] => {
  const resource = state[key];
  return resource === undefined ? [] : [[key, resource]];
};

type Likeness = (day: Day) => string;

/** Days alike in what differs and in what is there beside it say the same. */
const likenessAmong = (days: readonly Day[], live: Live | undefined): Likeness => {
  const sides = [days.map(({ told }) => told.state), days.map(({ to }) => to.state)] as const;
  const varying = new Set(sides.flatMap((states) => [...varyingIn(states)]));
  const more = sides.flat().flatMap((state) => [...varying].flatMap((key) => entryIn(state, key)));
  const all = { ...live?.state, ...sides[0][0], ...sides[1][0], ...Object.fromEntries(more) };
  return (day) => {
    const { told, to, differing } = day;
    const concerns = concernOf(day, all);
    const beside = [told.state, to.state].map((state) =>
      [...varying].filter((key) => state[key] !== undefined && concerns(state[key])).map((key) => textOf(state[key])),
    );
    return JSON.stringify([differing.map((key) => [key, textOf(told.state[key]), textOf(to.state[key])]), beside]);
  };
};

/** Of `everyDay`. The first is today; later days on which nothing differs, or nothing else than before, are none. */
const daysToJudge = (days: readonly Day[], live?: Live): readonly Day[] => {
  const likeness = likenessAmong(days, live);
  const seen = new Set<string>();
  return days.filter((day, index) => {
    if (index > 0 && day.differing.length === 0) return false;
    const like = days.length === 1 ? '' : likeness(day);
    if (seen.has(like)) return false;
    seen.add(like);
    return true;
  });
};

/** Of the days that `everyDay` leaves out, those on which an entry of the tree may begin, hold or end. */
const entriesFrom = ({ dated }: Desired, day: string): readonly DatedGrant[] =>
  dated.filter(({ until }) => until === undefined || until >= day);

const entryText = ({ key, from, until, resource }: DatedGrant): string =>
  JSON.stringify([key, from, until, textOf(resource)]);

/** The first day of those that `everyDay` leaves out, where something may be done then that is not done on the last of them. */
const leftOutFrom = (pair: DayPair, days: readonly Day[], today: string): string | undefined => {
  const [day, last] = [turnsOf(pair, today)[MOST_TURNS], days.at(-1)];
  if (day === undefined || last === undefined) return undefined;
  const entries = [pair.base, pair.head].map((tree) => entriesFrom(tree, day));
  const [before = new Set<string>(), after = new Set<string>()] = entries.map((some) => new Set(some.map(entryText)));
  const concerns = concernOf(last, { ...last.told.state, ...last.to.state });
  const isSame = before.size === after.size && [...before].every((entry) => after.has(entry));
  const isBeside = last.differing.length > 0 && entries.flat().some(({ resource }) => concerns(resource));
  return isSame && !isBeside ? undefined : day;
};

export type JudgedDays = {
  readonly all: readonly Day[];
  /** Those on which something else is done than on one before. */
  readonly judged: readonly Day[];
  /** The first day that nobody judged, where something may be done then. */
  readonly unjudgedFrom?: string;
};

export const judgedDays = (pair: DayPair, today: string, live?: Live): JudgedDays => {
  const all = everyDay(pair, today);
  const days = daysToJudge(all, live);
  const unjudgedFrom = days[MOST_JUDGED]?.day ?? leftOutFrom(pair, all, today);
  return { all, judged: days.slice(0, MOST_JUDGED), ...(unjudgedFrom === undefined ? {} : { unjudgedFrom }) };
};
