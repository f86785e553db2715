import { readFile } from 'node:fs/promises';
import { simulate } from '../evaluate/simulate.ts';
import { UserError } from '../model/problem.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { jsonInput } from './run/json-input.ts';

/** Decides each case of a file; a malformed one is an error entry and the others still run. */
export const simulateCommand = async (
  context: CommandContext,
  options: { readonly case: string },
): Promise<ExitCode> => {
  if (context.options.format === 'markdown') throw new UserError('simulate prints JSON, and has no Markdown');
  const text = options.case === '-' ? await context.readInput() : await readFile(options.case, 'utf8');
  const { results, malformed } = simulate(jsonInput(text, options.case === '-' ? 'standard input' : options.case));
  context.out(JSON.stringify(results, null, 2));
  return malformed ? 1 : 0;
};
