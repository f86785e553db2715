/** From the files to desired, or to what is wrong with them. */
import type { Files } from '../../desired/load.ts';
import { load } from '../../desired/load.ts';
import { sortProblems } from '../../desired/rules.ts';
import { understand } from '../../desired/understand.ts';
import type { Understanding } from '../../desired/understand.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import type { Desired } from '../../model/desired.ts';
import type { Problem } from '../../model/problem.ts';
import { problemsText } from '../../render/problems.ts';
import type { CommandContext } from './context.ts';
import { lintFiles } from '../../desired/lint-files.ts';

export type ReadRepository = {
  readonly problems: readonly Problem[];
  readonly desired?: Desired;
  /** Access tests of a right form. */
  readonly tests: Understanding['declared']['tests'];
};

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some((problem) => problem.severity === 'error');

const loaded = new WeakMap<CommandContext, Promise<Files>>();

/** The same command, of files that somebody has read. */
export const withFiles = (context: CommandContext, files: Files): CommandContext => {
  const own = { ...context };
  loaded.set(own, Promise.resolve(files));
  return own;
};

/** A command reads the files once, whatever it asks of them. */
export const repositoryFiles = (context: CommandContext): Promise<Files> => {
  const files = loaded.get(context) ?? load(context.options.dir);
  loaded.set(context, files);
  return files;
};

export const readRepository = async (context: CommandContext): Promise<ReadRepository> => {
  const files = await repositoryFiles(context);
  const catalogue = loadCatalogue();
  const understanding = understand(files, { catalogue, now: context.now });
  const linted = await lintFiles(files, understanding, catalogue);
  const problems = sortProblems([...understanding.problems, ...linted.problems]);
  const { desired, declared } = understanding;
  const { tests } = declared;
  if (hasErrors(problems) || desired === undefined) return { problems, tests };
  return {
    problems,
    tests,
    desired: { ...desired, notes: [...desired.notes, ...linted.problems, ...linted.silenced] },
  };
};

/** Desired, or nothing after the problems were printed to stderr. */
export const desiredOrProblems = async (context: CommandContext): Promise<Desired | undefined> => {
  const { problems, desired } = await readRepository(context);
  if (desired === undefined) context.err(problemsText(problems, context.paint));
  return desired;
};
