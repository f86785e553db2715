/**
 * A look at a file before it is composed. The composer of `yaml` calls itself for every level, and a stack that overflows
 * in the wrong place aborts the process; the lexer does not recurse, and what it says about nesting is what follows.
 */
import { Lexer, Parser } from 'yaml';
import type { CST, LineCounter } from 'yaml';

const deepestFlow = 64;
const deepestIndent = 128;
const deepestLine = 16;

export type RawFinding = {
  readonly offset: number;
  readonly rule: 'too-deep' | 'yaml-anchor' | 'control-character';
  readonly message: string;
};

const delta = (token: string): number => {
  if (token === '[' || token === '{') return 1;
  return token === ']' || token === '}' ? -1 : 0;
};
const deep = (offset: number): RawFinding => ({ offset, rule: 'too-deep', message: 'values are nested too deeply' });

const indicators = new Set(['-', '?', ':']);

type Depth = { readonly flow: number; readonly line: number; readonly lineStart: number };

const isDeep = ({ flow, line, lineStart }: Depth, offset: number, token: string): boolean => {
  if (flow > 0) return flow > deepestFlow;
  return line > deepestLine || (indicators.has(token) && offset - lineStart > deepestIndent);
};

const next = ({ flow, line, lineStart }: Depth, end: number, token: string): Depth => ({
  flow: Math.max(0, flow + delta(token)),
  line: token.endsWith('\n') ? 0 : line + (flow === 0 && indicators.has(token) ? 1 : 0),
  lineStart: token.endsWith('\n') ? end : lineStart,
});

/** Marks of the lexer that are not in the text: document start, scalar start, end of a flow error. */
const marks = new Set(['\u0002', '\u001f', '\u0018']);

/** The tokens to compose, or the first reason not to. */
export const tokenized = (text: string, lines: LineCounter): readonly CST.Token[] | RawFinding => {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let offset = 0;
  let depth: Depth = { flow: 0, line: 0, lineStart: 0 };
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    if (!marks.has(lexeme)) {
      if (lexeme.startsWith('%') && offset === depth.lineStart)
        return { offset, rule: 'yaml-anchor', message: 'directives (%) are not allowed' };
      depth = next(depth, offset + lexeme.length, lexeme);
      if (isDeep(depth, offset, lexeme)) return deep(offset);
      offset += lexeme.length;
    }
    tokens.push(...parser.next(lexeme));
  }
  return [...tokens, ...parser.end()];
};
