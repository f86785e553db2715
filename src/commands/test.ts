import { runTests } from '../evaluate/access-test.ts';
import { problemsText } from '../render/problems.ts';
import { testsJson, testResultsText } from '../render/tests.ts';
import type { PageStyle } from '../render/page.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { foreseenFailures } from './run/foreseen.ts';
import { formatted } from './run/formatted.ts';
import { readLiveWorld } from './run/live-world.ts';
import { desiredOrProblems } from './run/repository.ts';
import { testContext } from '../questions/worlds.ts';
import { readDeclared } from './run/declared.ts';

/** Runs access/tests on what the files ask for, or with --live on what AWS has. */
export const testCommand = async (context: CommandContext, options: { readonly live: boolean }): Promise<ExitCode> => {
  // A test about an action that does not exist would hold of nothing: what `validate` refuses is not run.
  const declared = (await desiredOrProblems(context)) && (await readDeclared(context));
  if (declared === undefined) return 1;
  const coming = await foreseenFailures({ ...declared, tests: declared.written }, context.now);
  if (coming.length > 0) context.err(problemsText(coming, context.paint));
  const world = options.live ? await readLiveWorld(context, declared.desired) : declared.worldAt(undefined);
  const results = await runTests(declared.tests, testContext(context, declared, world));
  const { verbose } = context.options;
  const text = ({ paint }: PageStyle): string => testResultsText(results, { paint, verbose });
  context.out(formatted(context, { json: () => testsJson(results), text }));
  return results.every(({ ok }) => ok) ? 0 : 1;
};
