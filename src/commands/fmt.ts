import { formattedFiles } from '../import/format/format-file.ts';
import { formatJson, formatText } from '../render/format-report.ts';
import { problemsText } from '../render/problems.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { formatted } from './run/formatted.ts';
import { replaceFiles } from './run/replace-files.ts';
import { repositoryFiles } from './run/repository.ts';

export type FmtOptions = { readonly check: boolean };

/** Puts the files in the order and quoting of `import`; with --check says what it would write, and exits 2 if anything. */
export const fmtCommand = async (context: CommandContext, { check }: FmtOptions): Promise<ExitCode> => {
  const found = formattedFiles(await repositoryFiles(context));
  const report = { ...found, mode: check ? 'check' : 'write' } as const;
  if (!check) await replaceFiles(context.options.dir, found.changed);
  context.out(formatted(context, { json: () => formatJson(report), text: (style) => formatText(report, style) }));
  if (found.problems.length > 0) {
    context.err(`Left alone, for it has mistakes:\n${problemsText(found.problems, context.paint)}`);
    return 1;
  }
  return check && found.changed.length > 0 ? 2 : 0;
};
