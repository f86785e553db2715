/** What a pull request changes about the days of a grant: each with the risk of what is given. */
import type { Desired, Risk } from '../model/desired.ts';
import type { DateChange, Plan } from '../model/plan.ts';
import type { Key } from '../model/resource.ts';
import { MOST_JUDGED } from './days.ts';
import type { Day } from './days.ts';
import { highestRisk } from '../model/risk.ts';
import { dayBefore } from '../model/days.ts';

/** First and last day of each time in which it is asked for; nothing where it is today already, or has no end. */
type Time = { readonly from?: string; readonly until?: string };

const timesOf = (days: readonly Day[], has: (day: Day) => boolean): readonly Time[] => {
  const times: Time[] = [];
  for (const [index, day] of days.entries()) {
    const before = days[index - 1];
    const [was, is] = [before !== undefined && has(before), has(day)];
    if (is && !was) times.push(index === 0 ? {} : { from: day.day });
    if (was && !is) times.push({ ...times.pop(), until: dayBefore(day.day) });
  }
  return times;
};

const NEVER = '9999-12-31~';
const endOf = (time: Time | undefined): string => time?.until ?? NEVER;

type TermTurn = Pick<DateChange, 'what' | 'before' | 'after'>;

/** Only one of them asks for it: of interest where it has not begun. */
const oneSided = (before: Time | undefined, after: Time | undefined): TermTurn | undefined => {
  const [old, now] = [before?.from, after?.from];
  return old === undefined && now === undefined
    ? undefined
    : { what: 'begins', before: old ?? null, after: now ?? null };
};

/** Of the first time that ends otherwise, else of the last. */
const endChange = (before: readonly Time[], after: readonly Time[]): TermTurn | undefined => {
  const at = before.findIndex((time, index) => endOf(time) !== endOf(after[index]));
  const [old, now] = at < 0 ? [before.at(-1), after.at(-1)] : [before[at], after[at]];
  if (endOf(old) === endOf(now)) return undefined;
  const what = endOf(now) > endOf(old) ? 'ends-later' : 'ends-earlier';
  return { what, before: old?.until ?? null, after: now?.until ?? null };
};

/** Nothing where both ask for the same days, or where it comes or goes today: that is a change by itself. */
const turnBetween = (before: readonly Time[], after: readonly Time[]): TermTurn | undefined => {
  const [first, next] = [before[0], after[0]];
  if (first === undefined || next === undefined) return oneSided(first, next);
  if (first.from === next.from) return endChange(before, after);
  return { what: 'begins', before: first.from ?? 'today', after: next.from ?? 'today' };
};

type Moved = Omit<DateChange, 'risk'> & { readonly first: Day };

const movedIn = (days: readonly Day[], key: Key): readonly Moved[] => {
  const before = timesOf(days, ({ told }) => told.state[key] !== undefined);
  const after = timesOf(days, ({ to }) => to.state[key] !== undefined);
  const change = turnBetween(before, after);
  const first = days.find(({ to }) => to.state[key] !== undefined) ?? days[0];
  return change === undefined || first === undefined ? [] : [{ key, ...change, first }];
};

const without = (desired: Desired, keys: readonly Key[]): Desired => ({
  ...desired,
  state: Object.fromEntries(Object.entries(desired.state).filter(([key]) => !keys.includes(key))),
});

/** From one tree of a day to another: as the trees say, and as AWS would have it. */
export type PlansOf = (from: Desired, to: Desired, day: string) => readonly Plan[];

type RatedPlans = { readonly changes: readonly DateChange[]; readonly plans: readonly Plan[] };

const riskOf = (plans: readonly Plan[], key: Key): { readonly risk: Risk; readonly riskReasons: readonly string[] } => {
  const found = plans.flatMap(({ changes }) => changes.filter((change) => change.key === key));
  const risk = highestRisk(found.map((one) => one.risk));
  const reasons = found.filter((one) => one.risk === risk).flatMap(({ riskReasons = [] }) => riskReasons);
  return { risk, riskReasons: [...new Set(reasons)] };
};

const isGiven = ({ what, after }: Omit<Moved, 'first'>): boolean =>
  what !== 'ends-earlier' && !(what === 'begins' && after === null);

const ratedOn = (first: Day, moved: readonly Moved[], plansOf: PlansOf): RatedPlans => {
  const keys = moved.filter(isGiven).map(({ key }) => key);
  const plans = plansOf(without(first.to, keys), first.to, first.day);
  const changes = moved.map(({ first: _, ...one }): DateChange => {
    const place = first.to.origins[one.key] ?? first.from.origins[one.key];
    return {
      ...one,
      ...riskOf(keys.includes(one.key) ? plans : [], one.key),
      ...(place === undefined ? {} : { origin: place }),
    };
  });
  return { changes, plans };
};

/** Nobody rated what is given. */
const UNRATED = { risk: 'critical', riskReasons: ['not judged'] } as const;

const unrated = (moved: readonly Moved[]): readonly DateChange[] =>
  moved.map(({ first, ...one }): DateChange => {
    const place = first.to.origins[one.key] ?? first.from.origins[one.key];
    return {
      ...one,
      ...(isGiven(one) ? UNRATED : riskOf([], one.key)),
      ...(place === undefined ? {} : { origin: place }),
    };
  });

/** `unratedFrom`: the first day of which nothing was rated. */
type RatedDates = RatedPlans & { readonly unratedFrom?: string };

/** `days`: every one, in their order. What ends later or begins on another day is rated as if it were given now. */
export const dateChanges = (days: readonly Day[], plansOf: PlansOf): RatedDates => {
  const keys = new Set(days.flatMap(({ differing }) => differing));
  const moved = [...keys].sort().flatMap((key) => movedIn(days, key));
  const firsts = [...new Set(moved.filter(isGiven).map(({ first }) => first))].toSorted((a, b) =>
    a.day < b.day ? -1 : 1,
  );
  const rated = firsts.slice(0, MOST_JUDGED).map((first) =>
    ratedOn(
      first,
      moved.filter((one) => one.first === first),
      plansOf,
    ),
  );
  const known = new Set(rated.flatMap(({ changes }) => changes.map(({ key }) => key)));
  const rest = unrated(moved.filter(({ key }) => !known.has(key)));
  const unratedFrom = firsts[MOST_JUDGED]?.day;
  return {
    changes: [...rated.flatMap(({ changes }) => changes), ...rest].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    plans: rated.flatMap(({ plans }) => plans),
    ...(unratedFrom === undefined ? {} : { unratedFrom }),
  };
};
