/** The text of one YAML file in the manner of `import`: what it says and every comment stay. */
import { Lexer, Parser } from 'yaml';
import type { CST } from 'yaml';
import { blockLines, formattedBlock } from './block-style.ts';
import { isFlowScalar } from './flow-style.ts';
import type { ValueForm } from '../write/key-order.ts';
import { sideReader } from './side-lines.ts';
import type { SideLine } from './side-lines.ts';

const isUsualKey = (key: CST.Token | null | undefined): boolean => isFlowScalar(key) && !key.source.includes('\n');

/** Only keys that are words, each before its colon, can be put in order; more is in no file that people write. */
const isUsual = (token: CST.Token | undefined): boolean => {
  if (token === undefined || !('items' in token)) return true;
  return token.items.every(({ start, key, sep, value }) => {
    if (start.some(({ type }) => type === 'explicit-key-ind')) return false;
    const hasKey = key !== undefined || sep !== undefined;
    if (hasKey && token.type !== 'flow-collection' && !isUsualKey(key)) return false;
    return isUsual(value);
  });
};

/** The comments of a file, sorted: what no edit may lose. */
export const commentsIn = (text: string): readonly string[] => {
  const found: string[] = [];
  for (const lexeme of new Lexer().lex(text)) if (lexeme.startsWith('#')) found.push(lexeme.trimEnd());
  return found.sort();
};

/** The last comments above the first entry are its own where a blank line parts them from the heading of the file. */
const headingOf = (
  text: string,
  start: number,
): { readonly heading: readonly string[]; readonly first: readonly SideLine[] } => {
  const lines = text
    .slice(0, start)
    .split('\n')
    .slice(0, -1)
    .map((line) => line.trim());
  const blank = lines.lastIndexOf('');
  if (blank < 0) return { heading: lines, first: [] };
  const own = lines.slice(blank + 1);
  return {
    heading: own.length === 0 ? lines : lines.slice(0, blank),
    first: own.length === 0 ? [] : ['', ...own].map((line) => ({ text: line, column: 0 })),
  };
};

const withoutBlankEnd = (lines: readonly string[]): readonly string[] =>
  lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);

type FileTokens = { readonly value: CST.Token; readonly behind: readonly CST.SourceToken[] };

/** Nothing where the file has no value of its own, or more than one document. */
const tokensOf = (text: string): FileTokens | undefined => {
  const tokens = [...new Parser().parse(text)];
  const at = tokens.findIndex(({ type }) => type === 'document');
  const document = tokens[at];
  if (document?.type !== 'document' || document.value === undefined || !isUsual(document.value)) return undefined;
  const rest = tokens.slice(at + 1);
  if (rest.some(({ type }) => !['comment', 'newline', 'space'].includes(type))) return undefined;
  return { value: document.value, behind: [...(document.end ?? []), ...(rest as CST.SourceToken[])] };
};

const rootLines = (text: string, { value, behind }: FileTokens, form: ValueForm): readonly string[] | undefined => {
  const start = text.lastIndexOf('\n', value.offset - 1) + 1;
  const isBlock = value.type === 'block-map' || value.type === 'block-seq';
  if (!isBlock || text.slice(start, value.offset).trim() !== '') return undefined;
  const read = sideReader(text);
  const { heading, first } = headingOf(text, start);
  const block = formattedBlock(value, { form, read, above: first, outer: -1 });
  const behindLines = [...block.after, ...read(behind, 'line').lines].map((line) => line.text);
  const isParted = first.length > 0 && heading.length > 0;
  return [...heading, ...(isParted ? [''] : []), ...blockLines(block), ...behindLines];
};

const CRLF = '\r\n';

/** Line ends are those of its first line. A file whose whole value stands in brackets stays as it is. */
export const formattedYaml = (source: string, form: ValueForm): string => {
  const lineEnd = source.slice(0, source.indexOf('\n') + 1).endsWith(CRLF) ? CRLF : '\n';
  const text = source.replaceAll(CRLF, '\n');
  const closed = text.endsWith('\n') ? text : `${text}\n`;
  const tokens = tokensOf(closed);
  const lines = tokens === undefined ? undefined : rootLines(closed, tokens, form);
  if (lines === undefined) return source;
  return withoutBlankEnd(lines)
    .map((line) => `${line}${lineEnd}`)
    .join('');
};
