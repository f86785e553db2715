import { problemsJson, problemsText } from '../render/problems.ts';
import type { Context, Exit } from './context.ts';
import { hasErrors, readRepository } from './repository.ts';

/** Reads the files and says every problem at once; needs no AWS. */
export const validateCommand = async (context: Context): Promise<Exit> => {
  const { problems } = await readRepository(context);
  context.out(context.options.format === 'json' ? problemsJson(problems) : problemsText(problems, context.paint));
  return hasErrors(problems) ? 1 : 0;
};
