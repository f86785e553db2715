import { runTests } from '../evaluate/access-test.ts';
import { testsJson, testsText } from '../render/tests.ts';
import type { Context, Exit } from './context.ts';
import { readLiveWorld } from './live-world.ts';
import { readDeclared, testContext } from './worlds.ts';

/** Runs access/tests on what the files ask for, or with --live on what AWS has. */
export const testCommand = async (context: Context, options: { readonly live: boolean }): Promise<Exit> => {
  const declared = await readDeclared(context);
  if (declared === undefined) return 1;
  const world = options.live ? await readLiveWorld(context, declared.desired) : declared.worldAt(undefined);
  const results = await runTests(declared.tests, testContext(context, declared, world));
  context.out(
    context.options.format === 'json'
      ? testsJson(results)
      : testsText(results, { paint: context.paint, verbose: context.options.verbose }),
  );
  return results.every(({ ok }) => ok) ? 0 : 1;
};
