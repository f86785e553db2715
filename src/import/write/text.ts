/** Plain data as YAML in the manner of the files: short things on one line, long ones below each other. */

export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml | undefined };

/** Widest line that is not broken up. */
const widest = 120;

const word = /^[A-Za-z/][A-Za-z0-9_+.@/*:=-]*$/;
/** Sentences: no quote, bracket or other character that means something at the start or inside of a plain scalar. */
const sentence = /^[A-Za-z][A-Za-z0-9 _+.@/*:=;,()'&$%-]*$/;
/** YAML 1.1 readers (and people) take these for something else than text. */
const reserved = /^(true|false|null|yes|no|on|off|y|n|nan|inf)$/i;

/** `8h`: no number to any reader. */
const duration = /^\d+[hms]$/;

const isPlain = (text: string, pattern: RegExp): boolean =>
  (pattern.test(text) || duration.test(text)) && !reserved.test(text) && !/:( |$)| $/.test(text);

/** A scalar inside brackets, or a key: anything but one plain word is quoted. */
export const flowText = (text: string): string => (isPlain(text, word) ? text : JSON.stringify(text));
/** A scalar with the rest of the line to itself. */
export const lineText = (text: string): string =>
  isPlain(text, sentence) || isPlain(text, word) ? text : JSON.stringify(text);

const isList = (value: Yaml): value is readonly Yaml[] => Array.isArray(value);
const isMap = (value: Yaml): value is { readonly [key: string]: Yaml | undefined } =>
  typeof value === 'object' && !Array.isArray(value);

const entriesIn = (map: { readonly [key: string]: Yaml | undefined }): readonly (readonly [string, Yaml])[] =>
  Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));

/** On one line, whatever its length. */
export const flow = (value: Yaml): string => {
  if (isList(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isMap(value)) return typeof value === 'string' ? flowText(value) : String(value);
  const entries = entriesIn(value).map(([key, item]) => `${flowText(key)}: ${flow(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
};

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

/** As long as it fits on the line that the key begins, and nothing of it is nested deeper than a list in a map. */
const fits = (value: Yaml, before: number): boolean => before + flow(value).length <= widest;

const isScalar = (value: Yaml): boolean => typeof value !== 'object';
const isShallow = (value: Yaml): boolean =>
  isList(value) ? value.every(isScalar) : !isMap(value) || entriesIn(value).every(([, item]) => isScalar(item));

const item = (value: Yaml, room: number): readonly string[] => {
  const [first = '', ...rest] = block(value, room + 2);
  return [`- ${first}`, ...indented(rest)];
};

export type PlacedText = {
  /** What follows the colon on its line. */
  readonly same: string;
  /** Lines below the key, without indentation. */
  readonly below: readonly string[];
};

/** How a value stands at its key. `column` is where the colon ends, `room` how far the key is indented. */
export const placed = (value: Yaml, column: number, room: number): PlacedText => {
  if (typeof value === 'string') return { same: ` ${lineText(value)}`, below: [] };
  const isEmpty = typeof value === 'object' && (isList(value) ? value.length : entriesIn(value).length) === 0;
  if (isEmpty || (isShallow(value) && fits(value, column + 1))) return { same: ` ${flow(value)}`, below: [] };
  return { same: '', below: block(value, room + 2) };
};

/** A key with its value: on its line where that is short, else below it. */
export const entry = (key: string, value: Yaml, room: number): readonly string[] => {
  const head = `${flowText(key)}:`;
  const { same, below } = placed(value, room + head.length, room);
  return [`${head}${same}`, ...indented(below)];
};

/** Its lines without indentation; a lone scalar is one line. */
export const block = (value: Yaml, room = 0): readonly string[] => {
  if (typeof value === 'string') return [lineText(value)];
  if (isList(value)) return value.length === 0 ? ['[]'] : value.flatMap((one) => item(one, room));
  if (!isMap(value)) return [String(value)];
  const entries = entriesIn(value);
  return entries.length === 0 ? ['{}'] : entries.flatMap(([key, one]) => entry(key, one, room));
};

export const textOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
