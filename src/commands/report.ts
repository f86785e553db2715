/** The page to look at, and the same tables as CSV and JSON. */
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { csvOf, tablesOf } from '../report/tables.ts';
import type { Tables } from '../report/tables.ts';
import { reportOf } from '../report/build.ts';
import type { ReportInput } from '../report/sides.ts';
import { visibleJson } from '../render/untrusted.ts';
import { counted } from '../render/words.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { reportInput } from './run/report-input.ts';
import type { ReportSource } from './run/report-input.ts';
import { writeReportPage } from './run/report-page.ts';
import { repositoryUrl } from './run/repository-url.ts';

type ReportOptions = ReportSource & {
  readonly out?: string;
  readonly csv: boolean;
  readonly open: boolean;
};

const folderFrom = ({ options }: CommandContext, out: string): string => {
  const path = relative(resolve(out), resolve(options.dir));
  return `${path === '' ? '.' : path.split('\\').join('/')}/`;
};

const writeTables = async (out: string, tables: Tables): Promise<number> => {
  const all = Object.entries(tables).filter(([, rows]) => rows.length > 0);
  for (const [name, rows] of all) await writeFile(join(out, `${name}.csv`), csvOf(rows));
  return all.length;
};

const openPage = async (context: CommandContext, file: string): Promise<void> => {
  const opened = (await context.openFile?.(file)) ?? false;
  if (!opened) context.err(`Nothing here opens ${file}: open it in a browser.`);
};

const written = async (context: CommandContext, input: ReportInput, options: ReportOptions): Promise<void> => {
  const out = options.out ?? join(context.options.dir, '.gatehouse', 'report');
  const repository = await repositoryUrl(context);
  const report = reportOf({
    ...input,
    folder: folderFrom(context, out),
    ...(repository === undefined ? {} : { repository }),
  });
  const file = await writeReportPage(context, out, report);
  const tables = options.csv ? await writeTables(out, tablesOf(report)) : 0;
  const more = tables === 0 ? '' : ` and ${counted(tables, 'table')} as CSV`;
  context.out(`Wrote ${file}${more}.`);
  if (options.open) await openPage(context, file);
};

/** ExitCode 1 when the files have errors, which were printed. */
export const reportCommand = async (context: CommandContext, options: ReportOptions): Promise<ExitCode> => {
  const input = await reportInput(context, options);
  if (input === undefined) return 1;
  if (context.options.format === 'json')
    context.out(visibleJson(JSON.stringify(tablesOf(reportOf(input)), undefined, 2)));
  if (context.options.format !== 'json' || options.out !== undefined) await written(context, input, options);
  return 0;
};
