/** The page of a report as a file. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pageOf } from '../../report/html.ts';
import type { Report } from '../../report/report.ts';
import type { CommandContext } from './context.ts';

/** Of the program that runs, whatever files it reads: a repository gives the page data, never script or style. */
export const writeReportPage = async (
  { own }: Pick<CommandContext, 'own'>,
  out: string,
  report: Report,
): Promise<string> => {
  const read = (name: string) => readFile(join(own.folder, 'dist', name), 'utf8');
  const [script, style] = await Promise.all([read('report-page.js'), read('report-page.css')]);
  await mkdir(out, { recursive: true });
  const file = resolve(out, 'report.html');
  await writeFile(file, pageOf(report, { script, style }));
  return file;
};
