/** What the files ask for on another day, and the days on which that changes. */
import type { DatedGrant, Desired } from '../model/desired.ts';
import { grouped } from '../model/lists.ts';
import type { State } from '../model/resource.ts';
import { isActive, latest } from './dates.ts';
import { dayAfter } from '../model/days.ts';

const heldOn = (dated: readonly DatedGrant[], day: string): readonly DatedGrant[] =>
  [...grouped(dated, ({ key }) => key).values()].flatMap(
    (same) => latest(same.filter((grant) => isActive(grant, day))) ?? [],
  );

const without = (state: State, dated: readonly DatedGrant[]): State => {
  const keys = new Set(dated.map(({ key }) => key));
  return Object.fromEntries(Object.entries(state).filter(([key]) => !keys.has(key)));
};

/** `day`: YYYY-MM-DD. What is only told of today (what ends, has ended or has not begun) stays as it is. */
export const onDay = (desired: Desired, day: string): Desired => {
  if (desired.dated.length === 0) return desired;
  const held = heldOn(desired.dated, day);
  return {
    ...desired,
    state: {
      ...without(desired.state, desired.dated),
      ...Object.fromEntries(held.map(({ key, resource }) => [key, resource])),
    },
    origins: { ...desired.origins, ...Object.fromEntries(held.map(({ key, place }) => [key, place])) },
  };
};

/** The days after `today` on which something begins, or is over for the first time, in their order. */
export const turningDays = ({ dated }: Desired, today: string): readonly string[] => {
  const turns = dated.flatMap(({ from, until }) => [
    ...(from === undefined ? [] : [from]),
    ...(until === undefined ? [] : [dayAfter(until)]),
  ]);
  return [...new Set(turns)].filter((day) => day > today).sort();
};
