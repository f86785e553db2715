/** First and last valid days, and what is left of overlapping grants on one day. */
import type { DatedGrant, Ending, GrantTerms } from '../model/desired.ts';
import { grouped, rememberedOf } from '../model/lists.ts';
import { keyOf } from '../model/resource.ts';
import type { Key, Resource } from '../model/resource.ts';
import type { ReportFinding } from './rules.ts';
import { listed, quoted } from './text.ts';
import { inside, placeOf } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';
import type { Piece } from './piece.ts';

/** YYYY-MM-DD, both valid themselves. */
export type DateSpan = { readonly from?: string; readonly until?: string };
/** One entry of a file, spelled out: `entry` is the same for all that one line of YAML gives. */
export type DatedPiece = DateSpan & Piece & { readonly entry: number; readonly reason?: string };

type WrittenTerms = {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
};

const day = 86_400_000;

const isRealDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

const daysBetween = (earlier: string, later: string): number => (Date.parse(later) - Date.parse(earlier)) / day;

export const checkDate = (spot: FileSpot, date: string | undefined, report: ReportFinding): boolean => {
  if (date === undefined || isRealDate(date)) return true;
  report({ at: placeOf(spot), rule: 'bad-date', message: `${quoted(date)} is not a day of the calendar` });
  return false;
};

/** Whether the dates make sense; an end that has passed is a note. */
export const checkSpan = (spot: FileSpot, { from, until }: DateSpan, { report, today }: ReadingContext): boolean => {
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

export const isActive = ({ from, until }: DateSpan, today: string): boolean =>
  (from === undefined || from <= today) && (until === undefined || today <= until);
const isToCome = ({ from }: DateSpan, today: string): boolean => from !== undefined && from > today;
const isOver = ({ until }: DateSpan, today: string): boolean => until !== undefined && until < today;

/** No end is later than any end. */
const endOf = ({ until }: DateSpan): string => until ?? '9999-12-31~';
const overlap = (a: DateSpan, b: DateSpan): boolean => (a.from ?? '') <= endOf(b) && (b.from ?? '') <= endOf(a);

const groupByKey = rememberedOf((grants: readonly DatedPiece[]): ReadonlyMap<string, readonly DatedPiece[]> =>
  grouped(grants, ({ resource }) => keyOf(resource)),
);

export type SettledPieces = {
  readonly pieces: readonly Piece[];
  readonly ending: readonly Ending[];
  readonly ended: readonly Ending[];
  /** Keys that only a later day asks for. */
  readonly notBegun: readonly Key[];
  readonly dated: readonly DatedGrant[];
  /** Of what holds today, where its entry says days or a reason. */
  readonly terms: Readonly<Record<Key, GrantTerms>>;
};

/** Of several grants of one thing on one day, the one that ends last. */
export const latest = <T extends DateSpan>(grants: readonly T[]): T | undefined =>
  grants.reduce<T | undefined>(
    (best, grant) => (best !== undefined && endOf(best) >= endOf(grant) ? best : grant),
    undefined,
  );

const endingOf = (key: string, grant: DatedPiece | undefined): readonly Ending[] =>
  grant?.until === undefined ? [] : [{ key, until: grant.until, place: grant.at }];

type GrantsByKey = Iterable<readonly [Key, readonly DatedPiece[]]>;

const datedIn = (groups: GrantsByKey): readonly DatedGrant[] => {
  const dated: DatedGrant[] = [];
  for (const [key, same] of groups)
    if (same.some(({ from, until }) => from !== undefined || until !== undefined))
      for (const { resource, at, ...said } of same) dated.push({ key, resource, ...writtenTermsOf(said), place: at });
  return dated;
};

/** Every grant of the keys of which one begins or ends: where one has no end, the key has none. */
export const datedAmong = (grants: readonly DatedPiece[]): readonly DatedGrant[] => datedIn(groupByKey(grants));

/** What of them is said, without keys that are undefined. */
export const writtenTermsOf = ({ from, until, reason }: WrittenTerms): GrantTerms => ({
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
  ...(reason === undefined ? {} : { reason }),
});

const termsIn = (key: Key, grant: DatedPiece): readonly (readonly [Key, GrantTerms])[] => {
  const terms = writtenTermsOf(grant);
  return Object.keys(terms).length === 0 ? [] : [[key, terms]];
};

/** What holds today: of several grants of one thing, the one that ends last. */
const settledIn = (groups: readonly GrantsByKey[], today: string): SettledPieces => {
  const pieces: Piece[] = [];
  const ending: Ending[] = [];
  const ended: Ending[] = [];
  const notBegun: Key[] = [];
  const terms: Record<Key, GrantTerms> = {};
  for (const group of groups)
    for (const [key, same] of group) {
      const winner = latest(same.filter((grant) => isActive(grant, today)));
      if (winner === undefined) {
        ended.push(...endingOf(key, latest(same.filter((grant) => isOver(grant, today)))));
        if (same.some((grant) => isToCome(grant, today))) notBegun.push(key);
        continue;
      }
      const { resource, at, inner } = winner;
      pieces.push({ resource, at, ...(inner && { inner }) });
      ending.push(...endingOf(key, winner));
      for (const [name, said] of termsIn(key, winner)) terms[name] = said;
    }
  return { pieces, ending, ended, notBegun, dated: groups.flatMap(datedIn), terms };
};

/** `lists`: of different kinds of things. */
export const settle = (lists: readonly (readonly DatedPiece[])[], today: string): SettledPieces =>
  settledIn(lists.map(groupByKey), today);

type OverlappingPair = { readonly first: DatedPiece; readonly second: DatedPiece; readonly where: string[] };

const messageOf = ({ first, second, where }: OverlappingPair): string => {
  const place = `${first.at.file === second.at.file ? 'line ' : `${first.at.file}:`}${first.at.line}`;
  const what = `the entry on ${place} also gives this (${listed(where)})`;
  if (first.until === second.until) return what;
  const late = endOf(first) > endOf(second) ? first : second;
  return `${what}; the later end wins: ${late.until ?? 'no end'}`;
};

/** A note for every two entries that give the same thing at the same time. */
export const reportOverlaps = (
  grants: readonly DatedPiece[],
  label: (resource: Resource) => string,
  report: ReportFinding,
): void => {
  const pairs = new Map<string, OverlappingPair>();
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
