/** The first thing in a text that JSON does not allow, in words; JSON.parse says neither the line nor what is missing. */

export type SyntaxMistake = { readonly offset: number; readonly message: string; readonly hint?: string };

type Expected = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'comma' | 'end';
type Open = { readonly mark: '[' | '{'; readonly offset: number };
/** `colon`: the last one; `end`: where the document was closed. */
type JsonScan = {
  readonly at: number;
  readonly expected: Expected;
  readonly open: readonly Open[];
  readonly colon: number;
  readonly end: number;
};
type JsonStep = Omit<JsonScan, 'colon' | 'end'> | SyntaxMistake;

const blanks = /[ \t\r\n]*/y;
const string = /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\p{Cc}]*)*"/uy;
const loosely = /"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"/y;
const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const word = /[^\s,:[\]{}"'“”]+/y;

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
const isMistake = (step: JsonStep): step is SyntaxMistake => 'offset' in step;
const closing = { '[': ']', '{': '}' } as const;
const afterValue = (open: readonly Open[]): Expected => (open.length === 0 ? 'end' : 'comma');

const pythonWords: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null', nil: 'null' };

const wrongWord = (found: string, offset: number): SyntaxMistake => {
  const meant = pythonWords[found];
  if (meant !== undefined) return { offset, message: `JSON spells it ${meant}, not ${found}`, hint: `Write ${meant}.` };
  if (/^[+-]?(0x[\da-f]+|\.?\d[\w.+-]*|NaN|-?Infinity)$/i.test(found))
    return { offset, message: `${found} is no number of JSON`, hint: `If it is text, write "${found}".` };
  return { offset, message: `${found} needs double quotes in JSON`, hint: `Write "${found}".` };
};

/** Another mark than the double quote around a text. */
const wrongQuote = (text: string, offset: number): SyntaxMistake => {
  const quote = text.charAt(offset);
  const rest = /^['“”‘’]([^'“”‘’"\n]*)['“”‘’]/.exec(text.slice(offset, offset + 200))?.[1];
  const message = `JSON takes straight double quotes alone, not ${quote}`;
  return { offset, message, ...(rest === undefined ? {} : { hint: `Write "${rest}".` }) };
};

/** A string that its line does not end. */
const openString = (text: string, offset: number): SyntaxMistake => {
  const whole = matchAt(loosely, text, offset);
  if (whole !== undefined) {
    const bad = /\\(?!["\\/bfnrt]|u[\da-fA-F]{4})./.exec(whole.replaceAll('\\\\', '  '));
    const message = bad === null ? 'a text of JSON has no tab in it' : `${bad[0]} means nothing in a text of JSON`;
    return {
      offset: offset + (bad?.index ?? 0),
      message,
      hint: bad === null ? 'Write \\t.' : 'Write two backslashes for one.',
    };
  }
  const line = (/^[^\r\n]*/.exec(text.slice(offset)) ?? [''])[0];
  const shown = line.length > 40 ? `${line.slice(0, 40)}…` : line;
  return { offset, message: `the text that begins with ${shown} has no closing quote on its line` };
};

const common = (text: string, { at, expected, open }: JsonScan): SyntaxMistake | undefined => {
  const next = text.charAt(at);
  if (text.startsWith('//', at) || text.startsWith('/*', at) || next === '#')
    return { offset: at, message: 'JSON has no comments', hint: 'Delete it, or write the policy in YAML, which has.' };
  if (next !== '' || (expected === 'end' && open.length === 0)) return undefined;
  const last = open.at(-1);
  if (last === undefined) return { offset: 0, message: 'the file is empty', hint: 'Write a policy document.' };
  const message = `the "${last.mark}" that begins on line ${lineOf(text, last.offset)} is not closed`;
  return { offset: last.offset, message, hint: `Write "${closing[last.mark]}" where it ends.` };
};

const closed = (text: string, { at, expected, open, end }: JsonScan): JsonStep => {
  const next = text.charAt(at);
  const last = open.at(-1);
  if (last === undefined) {
    const message = `"${next}" closes nothing: the first bracket is closed on line ${lineOf(text, end)}`;
    return { offset: at, message, hint: 'Delete the bracket that is too many.' };
  }
  if (closing[last.mark] !== next) {
    const message = `"${next}" stands where "${closing[last.mark]}" closes the "${last.mark}" of line ${lineOf(text, last.offset)}`;
    return { offset: at, message, hint: `Write "${closing[last.mark]}" before it.` };
  }
  if (expected === 'value' || expected === 'key') {
    const comma = text.lastIndexOf(',', at);
    const isComma = text.slice(comma + 1, at).trim() === '';
    if (isComma)
      return { offset: comma, message: `a comma stands before the closing "${next}"`, hint: 'Delete the comma.' };
    return { offset: at, message: 'a value is missing after the colon' };
  }
  if (expected === 'colon') return { offset: at, message: 'a colon and a value are missing after the key' };
  const rest = open.slice(0, -1);
  return { at: at + 1, expected: afterValue(rest), open: rest };
};

const beforeText = (text: string, at: number): string => {
  const before = text.slice(0, at).trimEnd().slice(-30);
  return (/[^\s,:[{]*$/.exec(before) ?? [''])[0];
};

const missing = (text: string, { at, expected, open, colon }: JsonScan): SyntaxMistake => {
  const offset = text.slice(0, at).trimEnd().length;
  const last = open.at(-1);
  if (expected === 'colon') {
    const or = colon < 0 || text.charAt(at) !== ',' ? '' : `, or a "[" after the colon of line ${lineOf(text, colon)}`;
    return { offset, message: `a colon is missing after ${beforeText(text, at)}${or}` };
  }
  if (last?.mark === '[' && text.charAt(at) === ':') {
    const message = `a key stands among values: is the "[" that begins on line ${lineOf(text, last.offset)} closed?`;
    return { offset: at, message };
  }
  if (expected === 'end' || open.length === 0)
    return {
      offset: at,
      message: 'the document has ended, and more follows',
      hint: 'Delete what follows the last bracket.',
    };
  return { offset: Math.max(0, offset - 1), message: `a comma is missing after ${beforeText(text, at)}` };
};

const takenValue = (text: string, { at, open }: JsonScan): JsonStep => {
  const next = text.charAt(at);
  if (next === '[' || next === '{')
    return {
      at: at + 1,
      expected: next === '[' ? 'first-value' : 'first-key',
      open: [...open, { mark: next, offset: at }],
    };
  const value = next === '"' ? matchAt(string, text, at) : matchAt(literal, text, at);
  if (value !== undefined) return { at: at + value.length, expected: afterValue(open), open };
  if (next === '"') return openString(text, at);
  if (/['“”‘’]/.test(next)) return wrongQuote(text, at);
  if (next === ',' || next === ':')
    return { offset: at, message: `"${next}" stands where a value belongs`, hint: 'Delete it.' };
  return wrongWord(matchAt(word, text, at) ?? next, at);
};

const takenKey = (text: string, scan: JsonScan): JsonStep => {
  const next = text.charAt(scan.at);
  const step = next === '[' || next === '{' || next === ',' || next === ':' ? undefined : takenValue(text, scan);
  if (step === undefined) {
    const line = lineOf(text, scan.open.at(-1)?.offset ?? 0);
    const is = next === '{' || next === '[' ? `: is the "{" that begins on line ${line} closed?` : '';
    const message = `"${next}" stands where a key belongs${is}`;
    return { offset: scan.at, message, ...(next === ',' ? { hint: 'Delete it.' } : {}) };
  }
  if (isMistake(step)) return step;
  const written = text.slice(scan.at, step.at);
  const hint = `Write "${written}".`;
  if (next !== '"') return { offset: scan.at, message: `the key ${written} needs double quotes`, hint };
  return { ...step, expected: 'colon' };
};

const mark = (text: string, scan: JsonScan): JsonStep => {
  const { at, expected, open } = scan;
  const next = text.charAt(at);
  if (next === ']' || next === '}') return closed(text, scan);
  if (expected === 'value' || expected === 'first-value') return takenValue(text, scan);
  if (expected === 'key' || expected === 'first-key') return takenKey(text, scan);
  if (expected === 'colon' && next === ':') return { at: at + 1, expected: 'value', open };
  if (expected === 'comma' && next === ',') {
    const inMap = open.at(-1)?.mark === '{';
    return { at: at + 1, expected: inMap ? 'key' : 'value', open };
  }
  return missing(text, scan);
};

/** Nothing where the text is JSON as far as its form goes. A byte-order mark may begin it. */
export const jsonMistake = (text: string): SyntaxMistake | undefined => {
  let scan: JsonScan = { at: text.startsWith('\uFEFF') ? 1 : 0, expected: 'value', open: [], colon: -1, end: -1 };
  for (;;) {
    const at = scan.at + (matchAt(blanks, text, scan.at) ?? '').length;
    const here: JsonScan = { ...scan, at };
    const found = common(text, here);
    if (found !== undefined) return found;
    if (at >= text.length) return undefined;
    const step = mark(text, here);
    if (isMistake(step)) return step;
    const isColon = here.expected === 'colon';
    const isEnd = step.expected === 'end';
    scan = { ...step, colon: isColon ? at : scan.colon, end: isEnd ? at : scan.end };
  }
};
