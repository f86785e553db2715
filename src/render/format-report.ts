/** What `fmt` put in order, or would. */
import type { Problem } from '../model/problem.ts';
import { fileDiffLines } from './file-diff.ts';
import type { EditedFile } from './file-diff.ts';
import type { PageStyle } from './page.ts';
import type { PaintBrush } from './paint.ts';
import { terminal, visibleJson } from './untrusted.ts';
import { counted } from './words.ts';

export type FormatReport = {
  readonly mode: 'check' | 'write';
  readonly count: number;
  readonly changed: readonly EditedFile[];
  readonly problems: readonly Problem[];
};

const plain: PaintBrush = (text) => text;

const painted = (line: string, { paint }: PageStyle): string => {
  const brush = line.startsWith('+') ? paint.green : line.startsWith('-') ? paint.red : plain;
  return brush(terminal(line, 20_000));
};

const diffOf = (file: EditedFile, style: PageStyle): readonly string[] =>
  fileDiffLines(file).map((line) => painted(line, style));

export const formatText = ({ mode, count, changed }: FormatReport, style: PageStyle): string => {
  const all = counted(count, 'file');
  if (changed.length === 0) return `${all}: nothing to change.`;
  if (mode === 'write')
    return [...changed.map(({ path }) => `~ ${terminal(path)}`), `${changed.length} of ${all} formatted.`].join('\n');
  const sum = `${changed.length} of ${all} would change: ${style.gatehouse ?? ''} fmt writes them.`;
  return [...changed.flatMap((file) => [...diffOf(file, style), '']), sum].join('\n');
};

export const formatJson = ({ mode, count, changed, problems }: FormatReport): string =>
  visibleJson(
    JSON.stringify(
      { files: count, changed: changed.map(({ path }) => path), written: mode === 'write', problems },
      undefined,
      2,
    ),
  );
