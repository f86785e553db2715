/** The access tests as a plan tells them: do they hold once it is carried out, did they before, and what ended since. */
import { runTests } from '../../evaluate/access-test.ts';
import type { AccessTestResult, DeclaredTest } from '../../evaluate/access-test.ts';
import type { Live } from '../../model/cloud.ts';
import type { TestResult } from '../../model/plan.ts';
import type { Key, State } from '../../model/resource.ts';
import { endedState } from '../../plan/situation/ended.ts';
import { causeText, testFailureText } from '../../render/tests.ts';
import type { TestStanding } from '../../render/tests.ts';
import type { CommandContext } from './context.ts';
import { declaredWorld, liveWorld, testContext } from '../../questions/worlds.ts';
import { readDeclared } from './declared.ts';
import type { DeclaredWorld } from '../../questions/worlds.ts';
import { dayOf } from '../../model/days.ts';

const told = (result: AccessTestResult, standing: TestStanding): TestResult => {
  const { name, ok } = result;
  return ok ? { name, ok } : { name, ok, message: `${testFailureText(result)} (${causeText(standing)})` };
};

type EndedTests = ReadonlyMap<string, readonly Key[]>;

/** More are not tried one by one. */
const mostAlone = 50;

const holding = async (
  context: CommandContext,
  declared: DeclaredWorld,
  { tests, back }: { readonly tests: readonly DeclaredTest[]; readonly back: State },
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
const endedTests = async (
  context: CommandContext,
  declared: DeclaredWorld,
  failing: readonly DeclaredTest[],
): Promise<EndedTests> => {
  const back = endedState(declared.desired, dayOf(context.now));
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

const withEnded = (test: TestResult, ended: EndedTests): TestResult => {
  const keys = ended.get(test.name);
  return test.ok || keys === undefined ? test : { ...test, ended: keys };
};

/** The tests of the files, by name. */
const named = (tests: readonly DeclaredTest[], results: readonly AccessTestResult[]): readonly DeclaredTest[] => {
  const failing = new Set(results.filter(({ ok }) => !ok).map(({ name }) => name));
  return tests.filter(({ name }) => failing.has(name));
};

const resultsByName = (results: readonly AccessTestResult[]): ReadonlyMap<string, boolean> =>
  new Map(results.map(({ name, ok }) => [name, ok]));

/** What AWS has now answers only for tests that name no day. */
const onAws = async (context: CommandContext, declared: DeclaredWorld, { failing, live }: FailingTests) => {
  const undated = failing.filter(({ at }) => at === undefined);
  if (undated.length === 0) return resultsByName([]);
  const world = liveWorld(live, declared.desired);
  return resultsByName(await runTests(undated, testContext(context, declared, world)));
};

/** The base's own tests of these names, on what the base asks for. */
const onBase = async (
  base: CommandContext,
  failing: FailingTests['failing'],
): Promise<ReadonlyMap<string, boolean> | undefined> => {
  const declared = failing.length === 0 ? undefined : await readDeclared(base);
  if (declared === undefined) return undefined;
  const names = new Set(failing.map(({ name }) => name));
  const same = declared.tests.filter(({ name }) => names.has(name));
  return resultsByName(await runTests(same, testContext(base, declared, declared.worldAt(undefined))));
};

type FailingTests = {
  readonly failing: readonly DeclaredTest[];
  readonly live: Live;
  readonly base: CommandContext | undefined;
};

const standings = async (
  context: CommandContext,
  declared: DeclaredWorld,
  failing: FailingTests,
): Promise<ReadonlyMap<string, TestStanding>> => {
  const aws = await onAws(context, declared, failing);
  const base = failing.base === undefined ? undefined : await onBase(failing.base, failing.failing);
  return new Map(
    failing.failing.map(({ name, at }) => {
      const live = aws.get(name);
      return [
        name,
        {
          ...(at === undefined ? {} : { at }),
          ...(live === undefined ? {} : { onAws: live }),
          ...(base === undefined ? {} : { onBase: base.get(name) ?? ('absent' as const) }),
        },
      ];
    }),
  );
};

/**
 * Asked of what the files ask for; those that fail also of what AWS has and, on a pull request, of the base's files. An end
 * excuses there only what it has broken in the base, too: what the pull request ends itself it takes away today.
 */
export const planTests = async (
  context: CommandContext,
  live: Live,
  base?: CommandContext,
): Promise<readonly TestResult[]> => {
  const declared = await readDeclared(context);
  if (declared === undefined) return [];
  const after = await runTests(declared.tests, testContext(context, declared, declared.worldAt(undefined)));
  const failing = named(declared.tests, after);
  const standing = await standings(context, declared, { failing, live, base });
  const own = failing.filter(({ name }) => (standing.get(name)?.onBase ?? false) === false);
  const ended = await endedTests(context, declared, own);
  return after.map((result) => withEnded(told(result, standing.get(result.name) ?? {}), ended));
};
