/** SecureCart as shipped, applied through two years: what ends goes within the hour, and nothing else ever changes. */
import { expect, it, vi } from 'vitest';
import { turningDays } from '../../src/desired/days.ts';
import { canonical } from '../../src/kinds/equal.ts';
import type { Resource, State } from '../../src/model/resource.ts';
import { randomOf } from '../support/faults.ts';
import { openHours } from '../support/hours.ts';
import { inSecureCart } from '../support/run.ts';
import { desiredOn } from '../support/securecart.ts';

vi.setConfig({ testTimeout: 600_000 });

const hour = 3_600_000;
const start = Date.parse('2026-11-23T12:00:00Z');
const years = 2 * 365 * 24 + 24;
const at = (index: number): string => new Date(start + index * hour).toISOString();
const indexOf = (moment: string): number => (Date.parse(moment) - start) / hour;

const isSame = (one: Resource | undefined, other: Resource | undefined): boolean =>
  one === undefined || other === undefined ? one === other : canonical(one) === canonical(other);

const difference = (before: State, after: State): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !isSame(before[key], after[key]))
    .toSorted();

const today = desiredOn(undefined);
const turns = turningDays(today, '2026-11-23');

/** What the files ask for no more on a day, compared with the day before. */
const goneOn = (day: string): readonly string[] => {
  const dayBefore = new Date(Date.parse(day) - 24 * hour).toISOString().slice(0, 10);
  return difference(desiredOn(dayBefore).state, desiredOn(day).state);
};

/** The hours around each midnight on which something ends. */
const around = turns.flatMap((day) => [-2, -1, 0, 1, 2].map((off) => indexOf(`${day}T00:00:00Z`) + off));
/** Any other hours, a leap day and two ends of a year among them: nothing can change there, and each is asked. */
const random = randomOf(7);
const sampled = [
  ...Array.from({ length: 8 }, () => 1 + random(years - 1)),
  ...['2026-12-31T23:00:00Z', '2027-01-01T00:00:00Z', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'].map(indexOf),
  years,
];

it('every apply exits 0, each date is kept to the hour, and nothing else changes', async () => {
  expect(turns).toEqual(['2027-04-01', '2027-07-01']);
  await inSecureCart(async ({ dir }) => {
    const hours = await openHours(dir, at(0));
    expect(await hours.apply()).toMatchObject({ exit: 0 });
    let state = await hours.state();
    const changed = new Map<string, readonly string[]>();
    for (const index of [...new Set([...around, ...sampled])].toSorted((a, b) => a - b)) {
      await hours.until(at(index));
      const moment = hours.now();
      const ran = await hours.apply();
      expect(ran, moment).toMatchObject({ exit: 0 });
      const next = await hours.state();
      const keys = difference(state, next);
      if (keys.length > 0) changed.set(moment.slice(0, 13), keys);
      state = next;
    }
    expect([...changed]).toEqual(turns.map((day) => [`${day}T00`, goneOn(day)]));
    for (const day of turns) for (const key of goneOn(day)) expect(state[key]).toBeUndefined();
  });
});
