/** How a comment on GitHub begins, as text: its first line and its first table, a label and a cell on a line. */
import { paragraph } from './page.ts';
import type { PageStyle } from './page.ts';
import { terminal } from './untrusted.ts';
import { wrap } from './wrap.ts';

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&#36;': '$' };

/** Markup that is ours goes; what stood for a character of a name becomes it again. */
const plainText = (markdown: string): string =>
  markdown
    .replace(/^(?:> ?)*(?:#+ )?/, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\*\*|`|\u200b/g, (mark, at: number) => (markdown[at - 1] === '\\' ? mark : ''))
    .replace(/\\([^\w\s])/g, '$1')
    .replace(/&(?:amp|lt|gt|#36);/g, (entity) => entities[entity] ?? entity);

const cellsOf = (row: string): readonly string[] =>
  row
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => plainText(cell.trim()));

const MOST_ROWS = 2;

const rowLines = (heads: readonly string[], cells: readonly string[], { width }: PageStyle): readonly string[] => {
  const room = Math.max(...heads.map(({ length }) => length)) + 2;
  return heads.flatMap((head, index) => {
    const cell = cells[index] ?? '';
    if (cell === '' || cell === '·') return [];
    return wrap(terminal(cell), { width, first: `  ${head.padEnd(room)}`, indent: room + 2 });
  });
};

const isRow = (line: string): boolean => line.startsWith('|');

const firstTable = (lines: readonly string[]): readonly string[] => {
  const from = lines.findIndex(isRow);
  const rest = from < 0 ? [] : lines.slice(from);
  const end = rest.findIndex((line) => !isRow(line));
  return end < 0 ? rest : rest.slice(0, end);
};

/** What a reader sees before anything is unfolded. */
export const commentText = (markdown: string, style: PageStyle): string => {
  const lines = markdown.split('\n');
  const verdict = lines.map(plainText).find((line) => /\w/.test(line) && !/^\[!\w+\]$/.test(line)) ?? '';
  const [head = '', , ...rows] = firstTable(lines);
  const heads = cellsOf(head);
  const shown = rows.slice(0, MOST_ROWS).flatMap((row) => ['', ...rowLines(heads, cellsOf(row), style)]);
  const rest = rows.length - MOST_ROWS;
  return [...paragraph(verdict, style, style.paint.bold), ...shown, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join(
    '\n',
  );
};
