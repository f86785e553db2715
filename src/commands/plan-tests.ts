/** The access tests as a plan tells them: do they hold once it is carried out, and did they before. */
import { runTests } from '../evaluate/access-test.ts';
import type { AccessTest, AccessTestResult } from '../evaluate/access-test.ts';
import type { Live } from '../model/cloud.ts';
import type { TestResult } from '../model/plan.ts';
import { failureText } from '../render/tests.ts';
import type { Context } from './context.ts';
import { liveWorld, readDeclared, testContext } from './worlds.ts';

const told = (result: AccessTestResult, before: AccessTestResult | undefined): TestResult => {
  const { name, ok } = result;
  if (ok) return { name, ok };
  const since = before?.ok === true ? 'this change breaks it' : 'it fails on what AWS has now, too';
  return { name, ok, message: `${failureText(result)} (${since})` };
};

/** Asked of what the files ask for; those that fail also of what AWS has. */
export const planTests = async (context: Context, live: Live): Promise<readonly TestResult[]> => {
  const declared = await readDeclared(context);
  if (declared === undefined) return [];
  const after = await runTests(declared.tests, testContext(context, declared, declared.worldAt(undefined)));
  const failing = new Set(after.filter(({ ok }) => !ok).map(({ name }) => name));
  const again: readonly AccessTest[] = declared.tests.filter(({ name }) => failing.has(name));
  const world = liveWorld(live, declared.desired);
  const before = again.length === 0 ? [] : await runTests(again, testContext(context, declared, world));
  const byName = new Map(before.map((result) => [result.name, result]));
  return after.map((result) => told(result, byName.get(result.name)));
};
