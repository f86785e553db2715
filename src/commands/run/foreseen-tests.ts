/** Runs the access tests that a day touches on what the files ask for on that day. */
import { runTests } from '../../evaluate/access-test.ts';
import type { Desired } from '../../model/desired.ts';
import type { ComingFailure, DeclaredTestEntry, TurningDay } from './turning-day.ts';
import { accessTest, declaredWorld } from '../../questions/worlds.ts';

type TestMoment = { readonly desired: Desired; readonly now: string };

const holdingOn = async (
  tests: readonly DeclaredTestEntry[],
  { desired, now }: TestMoment,
): Promise<ReadonlySet<string>> => {
  const world = declaredWorld(desired);
  const results = await runTests(tests.map(accessTest), { now, worldAt: () => world });
  return new Set(results.filter(({ ok }) => ok).map(({ name }) => name));
};

const testsOf = ({ touched }: TurningDay): readonly DeclaredTestEntry[] => [
  ...new Map(touched.flatMap(({ tests }) => tests).map((test) => [test.value.test, test])).values(),
];

/** The first day of each test that holds today and fails then. `now`: ISO 8601. */
export const comingFailures = async (
  desired: Desired,
  days: readonly TurningDay[],
  now: string,
): Promise<readonly ComingFailure[]> => {
  const all = new Map(days.flatMap(testsOf).map((test) => [test.value.test, test]));
  const open = new Set(await holdingOn([...all.values()], { desired, now }));
  const found: ComingFailure[] = [];
  for (const { day, ...rest } of days) {
    const tests = testsOf({ day, ...rest }).filter(({ value }) => open.has(value.test));
    const held = await holdingOn(tests, { desired: rest.desired, now: `${day}T00:00:00Z` });
    for (const test of tests.filter(({ value }) => !held.has(value.test))) {
      open.delete(test.value.test);
      const turns = rest.touched.flatMap((one) => (one.tests.includes(test) ? [one.turn] : []));
      found.push({ test, day, turns });
    }
  }
  return found;
};
