/** One file, parsed: plain data and, for every path into it, the place where it stands. */
import { Composer, LineCounter, isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { CST, Node, Pair, YAMLMap } from 'yaml';
import type { Place } from '../model/problem.ts';
import type { SourceFile } from './load.ts';
import { jsonMistake } from './syntax/json-mistake.ts';
import { yamlMistake } from './syntax/yaml-mistake.ts';
import { tokenized } from './look.ts';
import type { RawFinding } from './look.ts';
import type { ReportFinding, RuleId } from './rules.ts';
import { hiddenCharacter, printable, quoted } from './text.ts';

export type Path = readonly (string | number)[];
export type YamlFile = {
  readonly path: string;
  /** Plain data; keys are own properties, `__proto__` included. */
  readonly value: unknown;
  /** The place of a value, or of the nearest thing around it that is there. */
  readonly at: (path: Path) => Place;
  /** The place of the key itself. */
  readonly keyAt: (path: Path) => Place;
  /** A scalar as it is written. */
  readonly sourceOf: (path: Path) => string | undefined;
};

type NodeReading = {
  readonly say: (offset: number, rule: RuleId, message: string) => void;
  readonly placeOf: (offset: number) => Place;
  /** Only an escape can bring in what the text itself, which was looked at whole, does not show. */
  readonly hasEscapes: boolean;
};

const offsetOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];
const keyText = ({ key }: Pair): string => (isScalar(key) && typeof key.value === 'string' ? key.value : '');

const checkNumber = (node: Node, value: number, { say }: NodeReading): void => {
  const source = (node as { source?: string }).source ?? String(value);
  if (source === String(value)) return;
  say(
    offsetOf(node) ?? 0,
    'ambiguous-number',
    `${printable(source)} is read as the number ${value}; quote it if it is text`,
  );
};

const checkText = (node: Node, value: string, { say, hasEscapes }: NodeReading): void => {
  const hidden = hasEscapes ? hiddenCharacter(value) : undefined;
  if (hidden !== undefined) say(offsetOf(node) ?? 0, 'control-character', `${quoted(value)} contains ${hidden.name}`);
};

const scalarData = (node: Node, value: unknown, reading: NodeReading): unknown => {
  if (typeof value === 'number') checkNumber(node, value, reading);
  if (typeof value === 'string') checkText(node, value, reading);
  return value;
};

const checkNode = (node: Node, { say }: NodeReading): void => {
  const at = offsetOf(node) ?? 0;
  const anchored = node as { anchor?: string; tag?: string };
  if (isAlias(node))
    say(
      at,
      'yaml-anchor',
      `alias ${quoted(`*${node.source}`)} is not allowed; write the value, or quotes around a text that begins with *`,
    );
  else if (anchored.anchor !== undefined)
    say(at, 'yaml-anchor', `anchor ${quoted(`&${anchored.anchor}`)} is not allowed`);
  else if (anchored.tag !== undefined) say(at, 'yaml-anchor', `tag ${quoted(anchored.tag)} is not allowed`);
};

const mapData = (node: YAMLMap, reading: NodeReading): unknown => {
  const seen = new Map<string, number>();
  const entries = node.items.map((pair) => {
    const name = keyText(pair);
    const offset = offsetOf(pair.key) ?? offsetOf(node) ?? 0;
    const first = seen.get(name);
    if (first !== undefined) {
      reading.say(offset, 'duplicate-key', `${quoted(name)} stands here and on line ${reading.placeOf(first).line}`);
    }
    seen.set(name, first ?? offset);
    if (isScalar(pair.key) && typeof pair.key.value === 'string') checkText(pair.key, pair.key.value, reading);
    if (pair.key !== null) checkNode(pair.key as Node, reading);
    return [name, dataOf(pair.value, reading)] as const;
  });
  return Object.fromEntries(entries);
};

const dataOf = (node: unknown, reading: NodeReading): unknown => {
  if (node === null || node === undefined) return null;
  checkNode(node as Node, reading);
  if (isMap(node)) return mapData(node, reading);
  if (isSeq(node)) return node.items.map((item) => (isPair(item) ? null : dataOf(item, reading)));
  return isScalar(node) ? scalarData(node, node.value, reading) : null;
};

type YamlEntry = { readonly key: unknown; readonly value: unknown };

/** Maps are indexed on first use: a walk by scanning would be quadratic in hostile files. */
const finder = (root: unknown): ((path: Path) => { readonly last: YamlEntry; readonly whole: unknown }) => {
  const indexes = new WeakMap<YAMLMap, Map<string, Pair>>();
  const indexOf = (map: YAMLMap): Map<string, Pair> => {
    const known = indexes.get(map) ?? new Map(map.items.map((pair) => [keyText(pair), pair]));
    indexes.set(map, known);
    return known;
  };
  const step = (node: unknown, part: string | number): YamlEntry | undefined => {
    if (isSeq(node)) return { key: undefined, value: node.items[Number(part)] };
    return isMap(node) ? indexOf(node).get(String(part)) : undefined;
  };
  return (path) => {
    let last: YamlEntry = { key: undefined, value: root };
    let node = root;
    for (const part of path) {
      const next = step(node, part);
      if (next === undefined) return { last, whole: undefined };
      last = next;
      node = next.value;
    }
    return { last, whole: node };
  };
};

const optionsOf = (lineCounter: LineCounter) =>
  ({
    lineCounter,
    version: '1.2',
    schema: 'core',
    // Quadratic in yaml; mapData finds duplicates with both places.
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
  }) as const;

const accessors = (file: SourceFile, root: unknown, { placeOf }: NodeReading): Omit<YamlFile, 'value'> => {
  const find = finder(root);
  const place = (offset: number | undefined): Place => placeOf(offset ?? 0);
  return {
    path: file.path,
    at: (path) => {
      const { last } = find(path);
      return place(offsetOf(last.value) ?? offsetOf(last.key));
    },
    keyAt: (path) => {
      const { last } = find(path);
      return place(offsetOf(last.key) ?? offsetOf(last.value));
    },
    sourceOf: (path) => {
      const { whole } = find(path);
      return isScalar(whole) ? whole.source : undefined;
    },
  };
};

const readingOf = (file: SourceFile, lines: LineCounter, report: ReportFinding): NodeReading => {
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: file.path, line: Math.max(1, line), column: Math.max(1, col) };
  };
  return {
    placeOf,
    say: (offset, rule, message) => report({ at: placeOf(offset), rule, message }),
    hasEscapes: file.text.includes('\\'),
  };
};

/** Text that does not show what it does, in comments too. */
const hiddenIn = (text: string): RawFinding | undefined => {
  const hidden = hiddenCharacter(text);
  if (hidden === undefined) return undefined;
  const isWide = hidden.name === '\\u0000';
  const message = isWide ? 'the file is no text, or is UTF-16: save it as UTF-8' : `the file contains ${hidden.name}`;
  return { offset: hidden.index, rule: 'control-character', message };
};

const lineStarts = (text: string): LineCounter => {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) lines.addNewLine(index + 1);
  return lines;
};

type Refusal = { readonly offset: number; readonly rule: RuleId; readonly message: string; readonly hint?: string };

const refuse = (file: SourceFile, { offset, rule, message, hint }: Refusal, report: ReportFinding): undefined => {
  const at = readingOf(file, lineStarts(file.text), report).placeOf(offset);
  report({ at, rule, message, hint });
  return undefined;
};

const isJson = ({ path }: SourceFile): boolean => /\.json$/i.test(path);

const isTokens = (looked: readonly CST.Token[] | RawFinding): looked is readonly CST.Token[] => Array.isArray(looked);

const compose = (tokens: readonly CST.Token[], text: string, lines: LineCounter) => {
  const [first, second] = new Composer(optionsOf(lines)).compose(tokens, true, text.length);
  // What the parser says after its first error mostly follows from it.
  const [error] = [...(first?.errors ?? [])].sort((one, other) => one.pos[0] - other.pos[0]);
  const hint = 'A file has one document: delete the --- or ... before it.';
  const more = second && { offset: second.range[0], message: 'a second document begins here', hint };
  return { contents: first?.contents, mistake: error === undefined ? more : yamlMistake(text, error) };
};

/** Nothing if the file cannot be read as data; every reason is reported. */
export const parseFile = (file: SourceFile, report: ReportFinding): YamlFile | undefined => {
  const hidden = hiddenIn(file.text);
  if (hidden !== undefined) return refuse(file, hidden, report);
  const lines = new LineCounter();
  const looked = tokenized(file.text, lines);
  if (!isTokens(looked)) return refuse(file, looked, report);
  const json = isJson(file) ? jsonMistake(file.text) : undefined;
  if (json !== undefined) return refuse(file, { ...json, rule: 'json-syntax' }, report);
  const reading = readingOf(file, lines, report);
  const { contents, mistake } = compose(looked, file.text, lines);
  if (mistake !== undefined) return refuse(file, { ...mistake, rule: 'yaml-syntax' }, report);
  return { ...accessors(file, contents, reading), value: dataOf(contents, reading) };
};
