/** What the parser of YAML found wrong, in words and where it began: its own words speak of its own insides. */
import { Lexer } from 'yaml';
import type { YAMLError } from 'yaml';
import { printable } from '../text.ts';
import type { SyntaxMistake } from './json-mistake.ts';

type Lexeme = { readonly offset: number; readonly text: string };
/** The text, what stands in it, and what the parser said at which offset. */
type Trouble = {
  readonly text: string;
  readonly lexemes: readonly Lexeme[];
  readonly error: Pick<YAMLError, 'code' | 'message'>;
  readonly offset: number;
};

const marks = new Set(['\u0002', '\u001f', '\u0018']);

const lexemesOf = (text: string): readonly Lexeme[] => {
  const found: Lexeme[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (marks.has(lexeme)) continue;
    found.push({ offset, text: lexeme });
    offset += lexeme.length;
  }
  return found;
};

const lineNumber = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
const lineAt = (text: string, offset: number): string => {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end).trimEnd();
};
const shown = (text: string): string => printable(text.trim(), 60);

/** The brackets that are open where the parser stopped, the innermost last. */
const openBrackets = ({ lexemes, offset }: Trouble): readonly Lexeme[] => {
  const open: Lexeme[] = [];
  for (const lexeme of lexemes) {
    if (lexeme.offset >= offset) break;
    if (lexeme.text === '[' || lexeme.text === '{') open.push(lexeme);
    if (lexeme.text === ']' || lexeme.text === '}') open.pop();
  }
  return open;
};

const closer = (open: string): string => (open === '[' ? ']' : '}');

const unclosedBracket = ({ text: mark, offset }: Lexeme): SyntaxMistake => ({
  offset,
  message: `the "${mark}" that begins here is not closed, or a comma is missing after it`,
  hint: `Write "${closer(mark)}" after the last entry.`,
});

const isEnded = (quote: string): boolean => quote.length > 1 && quote.endsWith(quote.charAt(0));

/** The text in quotes nearest before the trouble that goes over its line: its closing quote is lost. */
const unclosedQuote = ({ lexemes, offset }: Trouble): SyntaxMistake | undefined => {
  const before = lexemes.filter((one) => one.offset <= offset && /^["']/.test(one.text));
  const last = before.at(-1);
  if (last === undefined || (isEnded(last.text) && !last.text.includes('\n'))) return undefined;
  const [first = ''] = last.text.split('\n');
  return { offset: last.offset, message: `the text that begins with ${shown(first)} has no closing quote on its line` };
};

const missingComma = ({ text, offset }: Trouble): SyntaxMistake => ({
  offset,
  message: `a comma is missing between two entries near ${shown(text.slice(offset, offset + 30).split('\n')[0] ?? '')}`,
});

const inFlow = (trouble: Trouble): SyntaxMistake | undefined => {
  const { text, offset, error } = trouble;
  const open = openBrackets(trouble).at(-1);
  const next = text.charAt(offset);
  if (/flow-(seq|map)-end/.test(error.message) && (next === ']' || next === '}')) {
    if (open === undefined) return { offset, message: `"${next}" closes nothing`, hint: 'Delete it.' };
    const message = `"${next}" stands where "${closer(open.text)}" closes the "${open.text}" of line ${lineNumber(text, open.offset)}`;
    return { offset, message };
  }
  if (open === undefined) return undefined;
  if (/Unexpected ,|empty item/.test(error.message))
    return { offset, message: 'a comma stands where a value belongs', hint: 'Delete it.' };
  if (/Missing space after :/.test(error.message)) return { offset, message: 'a blank is missing after the colon' };
  if (/^(Flow (map|sequence)|Missing ,? ?.*flow)/.test(error.message) && error.code === 'BAD_INDENT')
    return unclosedBracket(open);
  if (lineNumber(text, open.offset) < lineNumber(text, offset) || offset >= text.length) return unclosedBracket(open);
  return missingComma(trouble);
};

/** A key that stands in this line, with what follows it. */
const keyed = /^(\s*(?:- )*)([\w ./@-]+?):(\s+|$)(.*)$/;

const nested = ({ text, offset }: Trouble): SyntaxMistake => {
  const line = lineAt(text, offset);
  const [, , key = '', , value = ''] = keyed.exec(line) ?? [];
  if (/:(\s|$)/.test(value)) {
    const written = value.replace(/\s+#.*$/, '');
    const hint = /["\\]/.test(written)
      ? 'Put the text in single quotes.'
      : `Write ${key}: "${printable(written, 200)}".`;
    return { offset, message: 'a text with a colon and a blank in it needs quotes', hint };
  }
  const lines = text.split('\n');
  const at = lineNumber(text, offset);
  const next = lines.findIndex((one, index) => index >= at && one.trim() !== '' && !/^\s*#/.test(one));
  const start = lines.slice(0, Math.max(next, 0)).join('\n').length + 1;
  return indented(text, next < 0 ? offset : start);
};

/** The next line that says something. */
const withText = (text: string, offset: number): number => {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const skipped = /^(?:[ \t]*(?:#.*)?\n)*/.exec(text.slice(start))?.[0].length ?? 0;
  return skipped === 0 ? offset : start + skipped;
};

const indented = (text: string, offset: number): SyntaxMistake => {
  const line = lineAt(text, offset);
  return {
    offset: Math.min(text.length, text.lastIndexOf('\n', offset - 1) + 1 + line.search(/\S|$/)),
    message: `this line is not indented as the lines around it: ${shown(line)}`,
    hint: 'Begin it with as many spaces as the entry that it belongs to.',
  };
};

/** The first line from here that is neither a key nor an entry. */
const keyless = ({ text, offset }: Trouble): SyntaxMistake => {
  const line = lineAt(text, offset);
  const glued = /^(\s*(?:- )*)([\w-]+):(\S.*)$/.exec(line);
  if (glued !== null)
    return {
      offset,
      message: `a blank is missing after the colon of ${printable(glued[2] ?? '')}`,
      hint: `Write ${glued[2] ?? ''}: ${printable(glued[3] ?? '', 100)}`,
    };
  return {
    offset,
    message: `this line has no key and a colon before its value: ${shown(line)}`,
    hint: 'An entry of a list begins with "- ", and a value stands behind "KEY: ".',
  };
};

const dashless = ({ text, offset }: Trouble): SyntaxMistake => {
  const line = lineAt(text, offset);
  if (/^\s*- /.test(line) || line.trim() === '') return indented(text, offset);
  return {
    offset,
    message: `"- " is missing before ${shown(line)}, or the line is not indented as the lines around it`,
    hint: 'Each entry of a list begins with "- ", in one column.',
  };
};

const startsBadly = ({ text, offset }: Trouble): SyntaxMistake => {
  const value = /^[^\s,\]}#]*/.exec(text.slice(offset))?.[0] ?? '';
  return {
    offset,
    message: `a text that begins with ${printable(text.charAt(offset))} needs quotes`,
    hint: `Write "${printable(value)}".`,
  };
};

const afterMark = /(:|-) +[|>][+-]?\d? +[^\s#]/;

/** After something that is whole. */
const misplaced = (trouble: Trouble): SyntaxMistake => {
  const { text, offset } = trouble;
  const line = lineAt(text, offset);
  if (afterMark.test(line)) return { offset, message: 'the text of | and > begins on the next line' };
  const first = trouble.lexemes.find(({ text: one }) => !/^(#|\s|$)/.test(one));
  if (/^- /.test(line) && first !== undefined && first.text !== '-')
    return {
      offset,
      message: `an entry of a list stands here, and no list begins on line ${lineNumber(text, first.offset)}`,
      hint: 'Is "- " missing there?',
    };
  const hint = 'A text that goes on after a closing quote or bracket needs quotes around all of it.';
  return { offset, message: `this does not belong here: ${shown(line)}`, hint };
};

const isDash = (trouble: Trouble): boolean => {
  const lines = trouble.text.slice(0, trouble.offset).split('\n');
  return lines.slice(-2).some((line) => /^\s*- /.test(line));
};

type Wording = readonly [code: string, words: RegExp, say: (trouble: Trouble) => SyntaxMistake];

const wordings: readonly Wording[] = [
  ['BLOCK_AS_IMPLICIT_KEY', /Nested/, nested],
  [
    'BAD_INDENT',
    /All mapping/,
    (one) => (isDash(one) ? dashless(one) : indented(one.text, withText(one.text, one.offset))),
  ],
  ['MISSING_CHAR', /Sequence item without/, dashless],
  ['MISSING_CHAR', /Implicit map keys/, keyless],
  ['MULTILINE_IMPLICIT_KEY', /./, keyless],
  ['BAD_INDENT|BLOCK_AS_IMPLICIT_KEY|BLOCK_IN_FLOW', /./, ({ text, offset }) => indented(text, withText(text, offset))],
  ['TAB_AS_INDENT', /./, ({ offset }) => ({ offset, message: 'a tab indents this line', hint: 'Write spaces.' })],
  ['BAD_SCALAR_START|BAD_ALIAS', /./, startsBadly],
  [
    'BAD_DQ_ESCAPE',
    /./,
    ({ offset, text }) => ({
      offset,
      message: `${printable(text.slice(offset, offset + 2))} means nothing in double quotes`,
      hint: 'Put the text in single quotes.',
    }),
  ],
  ['UNEXPECTED_TOKEN', /./, misplaced],
  ['MISSING_CHAR', /Comments/, ({ offset }) => ({ offset, message: 'a blank is missing before the # of a comment' })],
];

/** In words, at the place where what is wrong began. */
export const yamlMistake = (text: string, error: YAMLError): SyntaxMistake => {
  const lexemes = lexemesOf(text);
  const trouble = { text, lexemes, error, offset: Math.min(error.pos[0], text.length) };
  const isOfText = /^(TAB_AS_INDENT|BAD_SCALAR_START|BAD_ALIAS|BAD_DQ_ESCAPE)$/.test(error.code);
  const found = isOfText ? undefined : (unclosedQuote(trouble) ?? inFlow(trouble));
  if (found !== undefined) return found;
  const wording = wordings.find(([code, words]) => code.split('|').includes(error.code) && words.test(error.message));
  const unreadable = `this line cannot be read: ${shown(lineAt(text, trouble.offset))}`;
  return (
    wording?.[2](trouble) ?? {
      offset: trouble.offset,
      message: unreadable,
      hint: 'Look at its indentation, colons and quotes.',
    }
  );
};
