/**
 * A look at a file before it is parsed. The composer of `yaml` calls itself for every level, and a stack that overflows in
 * the wrong place aborts the process; the lexer does not recurse, and says the same about nesting as the parser will.
 */
import { Lexer } from 'yaml';

const deepestFlow = 64;
const deepestIndent = 128;
const deepestLine = 16;

export type Seen = { readonly offset: number; readonly rule: 'too-deep' | 'yaml-anchor'; readonly message: string };

const delta = (token: string): number => {
  if (token === '[' || token === '{') return 1;
  return token === ']' || token === '}' ? -1 : 0;
};
const deep = (offset: number): Seen => ({ offset, rule: 'too-deep', message: 'values are nested too deeply' });

const indicators = new Set(['-', '?', ':']);

/** The first reason not to parse the text, if there is one. */
export const lookAt = (text: string): Seen | undefined => {
  let offset = 0;
  let flow = 0;
  let line = 0;
  let lineStart = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '\u0002' || token === '\u001f' || token === '\u0018') continue;
    if (token.startsWith('%')) return { offset, rule: 'yaml-anchor', message: 'directives (%) are not allowed' };
    flow = Math.max(0, flow + delta(token));
    line = indicators.has(token) ? line + 1 : line;
    if (flow > deepestFlow || (flow === 0 && line > deepestLine)) return deep(offset);
    if (flow === 0 && indicators.has(token) && offset - lineStart > deepestIndent) return deep(offset);
    offset += token.length;
    if (token.endsWith('\n')) {
      line = 0;
      lineStart = offset;
    }
  }
  return undefined;
};
