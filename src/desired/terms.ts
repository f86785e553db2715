/** For how long something is given: its days, whatever entries say them. */
import type { Desired } from '../model/desired.ts';
import { grouped } from '../model/lists.ts';
import type { Key } from '../model/resource.ts';
import { isActive } from './dates.ts';
import type { DateSpan } from './dates.ts';
import { dayAfter } from '../model/days.ts';

/** Spans in their order, with at least a day between them; none: never. */
export type Term = readonly DateSpan[];

/** Without a beginning and without an end. */
export const ALWAYS: Term = [{}];

const BEFORE_ALL = '';
const NEVER = '9999-12-31~';
const beginOf = ({ from }: DateSpan): string => from ?? BEFORE_ALL;
const endOf = ({ until }: DateSpan): string => until ?? NEVER;
/** The calendar of the files ends with the year 9999. */
const LAST_DAY = '9999-12-31';
const nextDay = ({ until }: DateSpan): string => (until === undefined || until >= LAST_DAY ? NEVER : dayAfter(until));

const spanOf = (from: string, until: string): DateSpan => ({
  ...(from === BEFORE_ALL ? {} : { from }),
  ...(until === NEVER ? {} : { until }),
});

const joined = (spans: readonly DateSpan[], next: DateSpan): readonly DateSpan[] => {
  const last = spans.at(-1);
  if (last === undefined || nextDay(last) < beginOf(next)) return [...spans, next];
  const until = endOf(last) > endOf(next) ? endOf(last) : endOf(next);
  return [...spans.slice(0, -1), spanOf(beginOf(last), until)];
};

export const termOf = (entries: readonly DateSpan[]): Term =>
  entries
    .map((one) => spanOf(beginOf(one), endOf(one)))
    .toSorted((a, b) => (beginOf(a) < beginOf(b) ? -1 : 1))
    .reduce(joined, []);

export const isSameTerm = (one: Term, other: Term): boolean => JSON.stringify(one) === JSON.stringify(other);

export const isGiven = (term: Term, day: string): boolean => term.some((span) => isActive(span, day));

/** The days of both. */
export const commonTerm = (one: Term, other: Term): Term =>
  termOf(
    one.flatMap((a) =>
      other.flatMap((b) => {
        const from = beginOf(a) > beginOf(b) ? beginOf(a) : beginOf(b);
        const until = endOf(a) < endOf(b) ? endOf(a) : endOf(b);
        return from <= until ? [spanOf(from, until)] : [];
      }),
    ),
  );

/** Its last day before today; nothing where it is given today, or has not ended. */
export const overSince = (term: Term, today: string): string | undefined =>
  isGiven(term, today) ? undefined : term.findLast(({ until }) => until !== undefined && until < today)?.until;

const goesOn = (term: Term, from: string, to: string): boolean =>
  term.some((span) => isActive(span, from) && isActive(span, to));

/**
 * The last day of the one after which the other goes on giving without a break, on a day that is not over. After a break it
 * is given anew, which is a change of that day.
 */
export const outlivedEnd = (term: Term, other: Term, today: string): string | undefined =>
  term.find((span) => {
    const next = nextDay(span);
    if (next === NEVER) return false;
    const day = next > today ? next : today;
    return !isGiven(term, day) && goesOn(other, next, day);
  })?.until;

/** By key, of all that is given on any day. */
export const termsIn = ({ state, dated }: Pick<Desired, 'state' | 'dated'>): ReadonlyMap<Key, Term> =>
  new Map([
    ...Object.keys(state).map((key) => [key, ALWAYS] as const),
    ...[...grouped(dated, ({ key }) => key)].map(([key, entries]) => [key, termOf(entries)] as const),
  ]);

/** "no end", or its last day. */
export const endText = (term: Term): string => {
  const last = term.at(-1);
  if (last === undefined) return 'nothing at all';
  return last.until ?? 'no end';
};
