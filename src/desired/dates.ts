/** First and last valid days, and what is left of overlapping grants on one day. */
import type { DatedGrant, Ending } from '../model/desired.ts';
import { grouped } from '../model/lists.ts';
import { keyOf } from '../model/resource.ts';
import type { Key, Resource } from '../model/resource.ts';
import type { Report } from './rules.ts';
import { listed, quoted } from './text.ts';
import { inside, placeOf } from './world.ts';
import type { Spot, World } from './world.ts';
import type { Piece } from './piece.ts';

/** YYYY-MM-DD, both valid themselves. */
export type Span = { readonly from?: string; readonly until?: string };
/** One entry of a file, spelled out: `entry` is the same for all that one line of YAML gives. */
export type Grant = Span & Piece & { readonly entry: number };

const day = 86_400_000;

const isRealDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

/** The UTC day of an instant. Throws on what is no instant. */
export const dayOf = (now: string): string => new Date(now).toISOString().slice(0, 10);

const daysBetween = (earlier: string, later: string): number => (Date.parse(later) - Date.parse(earlier)) / day;

export const checkDate = (spot: Spot, date: string | undefined, report: Report): boolean => {
  if (date === undefined || isRealDate(date)) return true;
  report({ at: placeOf(spot), rule: 'bad-date', message: `${quoted(date)} is not a day of the calendar` });
  return false;
};

/** Whether the dates make sense; an end that has passed is a note. */
export const checkSpan = (spot: Spot, { from, until }: Span, { report, today }: World): boolean => {
  const real = [checkDate(inside(spot, 'from'), from, report), checkDate(inside(spot, 'until'), until, report)];
  if (real.includes(false)) return false;
  if (from !== undefined && until !== undefined && from > until) {
    const at = placeOf(inside(spot, 'from'));
    report({ at, rule: 'from-after-until', message: `begins on ${from}, after its end on ${until}` });
    return false;
  }
  if (until !== undefined && until < today) {
    const days = daysBetween(until, today);
    const message = `ended on ${until}, ${days} day${days === 1 ? '' : 's'} ago; it grants nothing`;
    report({ at: placeOf(inside(spot, 'until')), rule: 'ended', message });
  }
  return true;
};

export const isActive = ({ from, until }: Span, today: string): boolean =>
  (from === undefined || from <= today) && (until === undefined || today <= until);
const isToCome = ({ from }: Span, today: string): boolean => from !== undefined && from > today;
const isOver = ({ until }: Span, today: string): boolean => until !== undefined && until < today;

/** No end is later than any end. */
const endOf = ({ until }: Span): string => until ?? '9999-12-31~';
const overlap = (a: Span, b: Span): boolean => (a.from ?? '') <= endOf(b) && (b.from ?? '') <= endOf(a);

const groupByKey = (grants: readonly Grant[]): ReadonlyMap<string, readonly Grant[]> =>
  grouped(grants, ({ resource }) => keyOf(resource));

export type Settled = {
  readonly pieces: readonly Piece[];
  readonly ending: readonly Ending[];
  readonly ended: readonly Ending[];
  /** Keys that only a later day asks for. */
  readonly notBegun: readonly Key[];
  readonly dated: readonly DatedGrant[];
};

/** Of several grants of one thing on one day, the one that ends last. */
export const latest = <T extends Span>(grants: readonly T[]): T | undefined =>
  grants.reduce<T | undefined>(
    (best, grant) => (best !== undefined && endOf(best) >= endOf(grant) ? best : grant),
    undefined,
  );

const endingOf = (key: string, grant: Grant | undefined): readonly Ending[] =>
  grant?.until === undefined ? [] : [{ key, until: grant.until, place: grant.at }];

/** Every grant of the keys of which one begins or ends: where one has no end, the key has none. */
export const datedAmong = (grants: readonly Grant[]): readonly DatedGrant[] =>
  [...groupByKey(grants)].flatMap(([key, same]) =>
    same.some(({ from, until }) => from !== undefined || until !== undefined)
      ? same.map(({ resource, from, until, at }): DatedGrant => ({
          key,
          resource,
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
          place: at,
        }))
      : [],
  );

/** What holds today: of several grants of one thing, the one that ends last. */
export const settle = (grants: readonly Grant[], today: string): Settled => {
  const settled = [...groupByKey(grants)].map(([key, same]): Omit<Settled, 'dated'> => {
    const winner = latest(same.filter((grant) => isActive(grant, today)));
    if (winner === undefined) {
      const ended = endingOf(key, latest(same.filter((grant) => isOver(grant, today))));
      return { pieces: [], ending: [], ended, notBegun: same.some((grant) => isToCome(grant, today)) ? [key] : [] };
    }
    const { resource, at, inner } = winner;
    const pieces = [{ resource, at, ...(inner && { inner }) }];
    return { pieces, ending: endingOf(key, winner), ended: [], notBegun: [] };
  });
  return {
    pieces: settled.flatMap(({ pieces }) => pieces),
    ending: settled.flatMap(({ ending }) => ending),
    ended: settled.flatMap(({ ended }) => ended),
    notBegun: settled.flatMap(({ notBegun }) => notBegun),
    dated: datedAmong(grants),
  };
};

type Pair = { readonly first: Grant; readonly second: Grant; readonly where: string[] };

const messageOf = ({ first, second, where }: Pair): string => {
  const place = `${first.at.file === second.at.file ? 'line ' : `${first.at.file}:`}${first.at.line}`;
  const what = `the entry on ${place} also gives this (${listed(where)})`;
  if (first.until === second.until) return what;
  const late = endOf(first) > endOf(second) ? first : second;
  return `${what}; the later end wins: ${late.until ?? 'no end'}`;
};

/** A note for every two entries that give the same thing at the same time. */
export const reportOverlaps = (
  grants: readonly Grant[],
  label: (resource: Resource) => string,
  report: Report,
): void => {
  const pairs = new Map<string, Pair>();
  for (const same of groupByKey(grants).values()) {
    for (const [index, second] of same.slice(1).entries()) {
      const first = same[index];
      if (first === undefined || first.entry === second.entry || !overlap(first, second)) continue;
      const id = `${first.entry} ${second.entry}`;
      const pair = pairs.get(id) ?? { first, second, where: [] };
      pair.where.push(label(second.resource));
      pairs.set(id, pair);
    }
  }
  for (const pair of pairs.values()) {
    const rule = pair.first.until === pair.second.until ? 'overlapping-assignments' : 'overlapping-dates';
    report({ at: pair.second.at, rule, message: messageOf(pair) });
  }
};
