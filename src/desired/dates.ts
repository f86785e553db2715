/** First and last valid days, and what is left of overlapping grants on one day. */
import type { DatedGrant, Ending, GrantTerms } from '../model/desired.ts';
import { grouped, rememberedOf } from '../model/lists.ts';
import { keyOf, principalText } from '../model/resource.ts';
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

/** What gives a set to somebody: one line of YAML gives it once in each account. */
const holderOf = (resource: Resource): string | undefined =>
  resource.kind === 'assignment' ? `${principalText(resource.principal)}\n${resource.permissionSet}` : undefined;

/** Entries of which no other entry may give the same: nearly all there are. */
const loneEntries = (grants: readonly DatedPiece[]): ReadonlySet<number> => {
  const entries = new Map<string, Set<number>>();
  let last: number | undefined;
  for (const { entry, resource } of grants) {
    const holder = entry === last ? undefined : holderOf(resource);
    last = entry;
    if (holder !== undefined) entries.set(holder, (entries.get(holder) ?? new Set()).add(entry));
  }
  return new Set([...entries.values()].flatMap((all) => (all.size === 1 ? [...all] : [])));
};

type SameGrants = {
  /** Of a thing that is given more than once, the first grant with all of them, in the order of the first ones. */
  readonly all: ReadonlyMap<DatedPiece, readonly DatedPiece[]>;
  readonly later: ReadonlySet<DatedPiece>;
};

const sameGrants = rememberedOf((grants: readonly DatedPiece[]): SameGrants => {
  const lone = loneEntries(grants);
  const shared = grants.filter(({ entry }) => !lone.has(entry));
  const several = [...grouped(shared, ({ resource }) => keyOf(resource)).values()].filter(({ length }) => length > 1);
  return {
    all: new Map(several.flatMap((same) => same.slice(0, 1).map((first) => [first, same] as const))),
    later: new Set(several.flatMap(([, ...later]) => later)),
  };
});

/** The grants of each thing, in the order of the first ones. */
function* grantsOfEach(grants: readonly DatedPiece[]): Generator<readonly [DatedPiece, ...DatedPiece[]]> {
  const { all, later } = sameGrants(grants);
  for (const grant of grants)
    if (!later.has(grant)) yield all.size === 0 ? [grant] : [grant, ...(all.get(grant) ?? []).slice(1)];
}

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

const endingOf = (grant: DatedPiece | undefined): readonly Ending[] =>
  grant?.until === undefined ? [] : [{ key: keyOf(grant.resource), until: grant.until, place: grant.at }];

const isDated = ({ from, until }: DateSpan): boolean => from !== undefined || until !== undefined;

/** Every grant of the keys of which one begins or ends: where one has no end, the key has none. */
export const datedAmong = (grants: readonly DatedPiece[]): readonly DatedGrant[] => {
  if (!grants.some(isDated)) return [];
  const dated: DatedGrant[] = [];
  for (const same of grantsOfEach(grants))
    if (same.some(isDated))
      for (const { resource, at, ...said } of same)
        dated.push({ key: keyOf(resource), resource, ...writtenTermsOf(said), place: at });
  return dated;
};

/** What of them is said, without keys that are undefined. */
export const writtenTermsOf = ({ from, until, reason }: WrittenTerms): GrantTerms => ({
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
  ...(reason === undefined ? {} : { reason }),
});

/**
 * What holds today: of several grants of one thing, the one that ends last. `lists`: of different kinds of things.
 */
export const settle = (lists: readonly (readonly DatedPiece[])[], today: string): SettledPieces => {
  const pieces: Piece[] = [];
  const ending: Ending[] = [];
  const ended: Ending[] = [];
  const notBegun: Key[] = [];
  const terms: Record<Key, GrantTerms> = {};
  for (const list of lists)
    for (const same of grantsOfEach(list)) {
      // Of nearly all there is one.
      const active =
        same.length === 1 && isActive(same[0], today) ? same : same.filter((grant) => isActive(grant, today));
      const winner = latest(active);
      if (winner === undefined) {
        ended.push(...endingOf(latest(same.filter((grant) => isOver(grant, today)))));
        if (same.some((grant) => isToCome(grant, today))) notBegun.push(keyOf(same[0].resource));
        continue;
      }
      pieces.push(winner);
      if (winner.until === undefined && winner.from === undefined && winner.reason === undefined) continue;
      ending.push(...endingOf(winner));
      terms[keyOf(winner.resource)] = writtenTermsOf(winner);
    }
  return { pieces, ending, ended, notBegun, dated: lists.flatMap(datedAmong), terms };
};

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
  for (const same of sameGrants(grants).all.values()) {
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
