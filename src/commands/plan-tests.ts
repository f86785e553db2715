/** The access tests as a plan tells them: do they hold once it is carried out, did they before, and what ended since. */
import { runTests } from '../evaluate/access-test.ts';
import type { AccessTest, AccessTestResult } from '../evaluate/access-test.ts';
import type { Live } from '../model/cloud.ts';
import type { TestResult } from '../model/plan.ts';
import type { Key, State } from '../model/resource.ts';
import { endedState } from '../plan/ended.ts';
import { failureText } from '../render/tests.ts';
import type { Context } from './context.ts';
import { declaredWorld, liveWorld, readDeclared, testContext } from './worlds.ts';
import type { Declared } from './worlds.ts';

const since = (before: AccessTestResult | undefined): string =>
  before?.ok === true ? 'this change breaks it' : 'it fails on what AWS has now, too';

const told = (result: AccessTestResult, before: AccessTestResult | undefined): TestResult => {
  const { name, ok } = result;
  return ok ? { name, ok } : { name, ok, message: `${failureText(result)} (${since(before)})` };
};

type Ended = ReadonlyMap<string, readonly Key[]>;

/** More are not tried one by one. */
const mostAlone = 50;

const holding = async (
  context: Context,
  declared: Declared,
  { tests, back }: { readonly tests: readonly AccessTest[]; readonly back: State },
): Promise<ReadonlySet<string>> => {
  const { desired } = declared;
  const world = declaredWorld({ ...desired, state: { ...desired.state, ...back } });
  const results = await runTests(tests, testContext(context, declared, world));
  return new Set(results.filter(({ ok }) => ok).map(({ name }) => name));
};

/**
 * By name, of the failing tests those that would hold if what has ended were still there: they can only take access away
 * from the plan, not be broken by what it gives.
 */
const endedTests = async (context: Context, declared: Declared, failing: readonly AccessTest[]): Promise<Ended> => {
  const back = endedState(declared.desired, context.now.slice(0, 10));
  const undated = failing.filter(({ at }) => at === undefined);
  if (undated.length === 0 || Object.keys(back).length === 0) return new Map();
  const held = await holding(context, declared, { tests: undated, back });
  const tests = undated.filter(({ name }) => held.has(name));
  const found = new Map<string, Key[]>(tests.map(({ name }) => [name, []]));
  for (const [key, resource] of tests.length === 0 ? [] : Object.entries(back).slice(0, mostAlone))
    for (const name of await holding(context, declared, { tests, back: { [key]: resource } }))
      found.get(name)?.push(key);
  return new Map([...found].map(([name, keys]) => [name, keys.length === 0 ? Object.keys(back) : keys]));
};

const withEnded = (test: TestResult, ended: Ended): TestResult => {
  const keys = ended.get(test.name);
  return test.ok || keys === undefined ? test : { ...test, ended: keys };
};

/** The tests of the files, by name. */
const named = (tests: readonly AccessTest[], results: readonly AccessTestResult[]): readonly AccessTest[] => {
  const failing = new Set(results.filter(({ ok }) => !ok).map(({ name }) => name));
  return tests.filter(({ name }) => failing.has(name));
};

/** Asked of what the files ask for; those that fail also of what AWS has. */
export const planTests = async (context: Context, live: Live): Promise<readonly TestResult[]> => {
  const declared = await readDeclared(context);
  if (declared === undefined) return [];
  const after = await runTests(declared.tests, testContext(context, declared, declared.worldAt(undefined)));
  const again = named(declared.tests, after);
  const world = liveWorld(live, declared.desired);
  const before = again.length === 0 ? [] : await runTests(again, testContext(context, declared, world));
  const byName = new Map(before.map((result) => [result.name, result]));
  const ended = await endedTests(context, declared, again);
  return after.map((result) => withEnded(told(result, byName.get(result.name)), ended));
};
