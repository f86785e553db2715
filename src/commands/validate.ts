import { sortProblems } from '../desired/rules.ts';
import type { Problem } from '../model/problem.ts';
import { problemsJson, problemsText } from '../render/problems.ts';
import { committedProblems } from './run/committed-files.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { formatted } from './run/formatted.ts';
import { gitAt } from './github/site.ts';
import { isGit } from './github/head.ts';
import { foreseenFailures } from './run/foreseen.ts';
import { hasErrors, readRepository, repositoryFiles } from './run/repository.ts';
import { refreshSchemas } from './run/schema-files.ts';

export type ValidateOptions = { readonly aws: boolean };

/** Nothing is known of a folder that is no checkout. */
const committedIn = async (context: CommandContext): Promise<readonly Problem[]> => {
  const { dir } = context.options;
  return (await isGit(context, dir)) ? committedProblems(gitAt(context, dir)) : [];
};

/** Reads the files and says every problem at once; needs no AWS, and asks it only with --aws. */
export const validateCommand = async (context: CommandContext, { aws }: ValidateOptions): Promise<ExitCode> => {
  await repositoryFiles(context);
  // Git answers while the files are understood.
  const [committed, repository] = await Promise.all([committedIn(context), readRepository(context)]);
  await refreshSchemas(context.options.dir, repository.desired);
  const offline = [...repository.problems, ...(await foreseenFailures(repository, context.now))];
  const online = aws ? await (await import('./validate-aws.ts')).problemsByAws(context) : [];
  const problems = sortProblems([...offline, ...online, ...committed]);
  context.out(
    formatted(context, { json: () => problemsJson(problems), text: ({ paint }) => problemsText(problems, paint) }),
  );
  return hasErrors(problems) ? 1 : 0;
};
