/** Days of the calendar, `2026-12-01`, in UTC. */

export const dayMs = 86_400_000;

export const dayOf = (now: string): string => new Date(now).toISOString().slice(0, 10);

export const daysAfter = (day: string, count: number): string =>
  dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString());
export const dayAfter = (day: string): string => daysAfter(day, 1);
export const dayBefore = (day: string): string => daysAfter(day, -1);
