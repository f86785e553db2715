import { sortProblems } from '../desired/rules.ts';
import { problemsJson, problemsText } from '../render/problems.ts';
import type { Context, Exit } from './context.ts';
import { formatted } from './formatted.ts';
import { hasErrors, readRepository } from './repository.ts';

export type ValidateOptions = { readonly aws: boolean };

/** Reads the files and says every problem at once; needs no AWS, and asks it only with --aws. */
export const validateCommand = async (context: Context, { aws }: ValidateOptions): Promise<Exit> => {
  const offline = (await readRepository(context)).problems;
  const online = aws ? await (await import('./validate-aws.ts')).problemsByAws(context) : [];
  const problems = sortProblems([...offline, ...online]);
  context.out(
    formatted(context, { json: () => problemsJson(problems), text: ({ paint }) => problemsText(problems, paint) }),
  );
  return hasErrors(problems) ? 1 : 0;
};
