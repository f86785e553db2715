import { readFile } from 'node:fs/promises';
import { simulate } from '../evaluate/simulate.ts';
import { UserError } from '../model/problem.ts';
import type { CommandContext, ExitCode } from './run/context.ts';

const parsed = (text: string, file: string): unknown => {
  try {
    // Editors on Windows begin a file with a byte-order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Decides each case of a file; a malformed one is an error entry and the others still run. */
export const simulateCommand = async (
  context: CommandContext,
  options: { readonly case: string },
): Promise<ExitCode> => {
  if (context.options.format === 'markdown') throw new UserError('simulate prints JSON, and has no Markdown');
  const text = options.case === '-' ? await context.readInput() : await readFile(options.case, 'utf8');
  const { results, malformed } = simulate(parsed(text, options.case));
  context.out(JSON.stringify(results, null, 2));
  return malformed ? 1 : 0;
};
