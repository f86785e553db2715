/** The files as they are asked: what they declare, of any day. */
import { understand } from '../../desired/understand.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import { remembered } from '../../model/lists.ts';
import { UserError } from '../../model/problem.ts';
import type { DeclaredWorld } from '../../questions/worlds.ts';
import { declaredWorld, accessTest } from '../../questions/worlds.ts';
import { problemsText } from '../../render/problems.ts';
import type { CommandContext } from './context.ts';
import { repositoryFiles } from './repository.ts';

/** Nothing when the files have errors, which were printed. */
export const readDeclared = async (context: CommandContext): Promise<DeclaredWorld | undefined> => {
  const files = await repositoryFiles(context);
  const at = (now: string) => understand(files, { catalogue: loadCatalogue(), now });
  const today = at(context.now);
  const { problems, desired } = today;
  if (desired === undefined || problems.some(({ severity }) => severity === 'error')) {
    context.err(problemsText(problems, context.paint));
    return undefined;
  }
  const worldAt = remembered((day: string | undefined) => {
    const then = day === undefined ? desired : at(`${day}T00:00:00.000Z`).desired;
    if (then === undefined) throw new UserError(`the files ask for nothing on ${String(day)}: they have errors then`);
    return declaredWorld(then);
  });
  return { problems, desired, tests: today.declared.tests.map(accessTest), written: today.declared.tests, worldAt };
};
