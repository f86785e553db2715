/**
 * Edits of YAML and JSON text by range: every byte that an edit is not about stays as it is, comments, order and quoting
 * included. A document is never printed again from its tree.
 */
import type { Path } from '../../desired/yaml-file.ts';
import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { flow, flowText, placed } from '../write/text.ts';
import type { PlacedText, Yaml } from '../write/text.ts';

type Collection = YAMLMap | YAMLSeq;

const parsed = (text: string): unknown => parseDocument(text, { version: '1.2', stringKeys: true }).contents;

const isCollection = (node: unknown): node is Collection => isMap(node) || isSeq(node);
const keyText = ({ key }: Pair): string => (isScalar(key) && typeof key.value === 'string' ? key.value : '');
const startOf = (node: unknown): number => (node as Node | null | undefined)?.range?.[0] ?? 0;

const childOf = (node: unknown, step: string | number): unknown => {
  if (isSeq(node)) return node.items[Number(step)];
  return isMap(node) ? node.items.find((pair) => keyText(pair) === String(step))?.value : undefined;
};
const nodeAt = (root: unknown, path: Path): unknown => path.reduce(childOf, root);

/** The value at a path as plain data; undefined when there is none. */
export const valueAt = (text: string, path: Path): unknown => {
  const node = nodeAt(parsed(text), path);
  return node === undefined || node === null ? undefined : ((node as Node).toJS(parseDocument('')) as unknown);
};
export const hasKey = (text: string, path: Path): boolean => {
  const parent = nodeAt(parsed(text), path.slice(0, -1));
  return isMap(parent) && parent.items.some((pair) => keyText(pair) === String(path.at(-1)));
};

/** Where the last character of a value is: a block collection's own range runs on into what follows it. */
const endOf = (node: unknown): number => {
  if (!isCollection(node) || node.flow === true || node.items.length === 0) return (node as Node).range?.[1] ?? 0;
  return endOfItem(node.items.at(-1));
};
const endOfItem = (item: unknown): number => {
  if (!isPair(item)) return endOf(item);
  return item.value === null || item.value === undefined ? endOf(item.key) : endOf(item.value);
};
const startOfItem = (item: unknown): number => startOf(isPair(item) ? item.key : item);

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
/** After the line end that follows the offset; a block scalar's value ends with its own. */
const lineEnd = (text: string, offset: number): number => {
  if (text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
};
const column = (text: string, offset: number): number => offset - lineStart(text, offset);
const cut = (text: string, from: number, to: number): string => text.slice(0, from) + text.slice(to);
const put = (text: string, at: number, added: string): string => text.slice(0, at) + added + text.slice(at);

const isFlow = (node: Collection): boolean => node.flow === true;

const withoutFlowItem = (text: string, node: Collection, index: number): string => {
  const [before, item, after] = [node.items[index - 1], node.items[index], node.items[index + 1]];
  if (after !== undefined) return cut(text, startOfItem(item), startOfItem(after));
  return cut(text, before === undefined ? startOfItem(item) : endOfItem(before), endOfItem(item));
};

/** The dash of a list's item, or the key of a map's. */
const marker = (text: string, node: Collection, index: number): number => {
  const start = startOfItem(node.items[index]);
  return isSeq(node) ? text.lastIndexOf('-', start - 1) : start;
};

const withoutBlockItem = (text: string, node: Collection, index: number): string => {
  const from = marker(text, node, index);
  const item = node.items[index];
  const isFirstOnLine = text.slice(lineStart(text, from), from).trim() === '';
  const next = node.items[index + 1];
  // The first key of a list's item shares its line with the dash: the next key takes its place.
  if (!isFirstOnLine && next !== undefined) return cut(text, from, startOfItem(next));
  return cut(text, lineStart(text, from), lineEnd(text, endOfItem(item)));
};

const indexIn = (node: Collection, step: string | number): number =>
  isMap(node) ? node.items.findIndex((pair) => keyText(pair) === String(step)) : Number(step);

/** Without the item or key at the path; a collection that becomes empty goes with it, up to but not the whole file. */
export const removed = (text: string, path: Path): string => {
  const parent = nodeAt(parsed(text), path.slice(0, -1));
  const step = path.at(-1);
  if (!isCollection(parent) || step === undefined) return text;
  const index = indexIn(parent, step);
  if (index < 0 || index >= parent.items.length) return text;
  if (parent.items.length === 1 && path.length > 1) return removed(text, path.slice(0, -1));
  return isFlow(parent) ? withoutFlowItem(text, parent, index) : withoutBlockItem(text, parent, index);
};

/** How values are spelled: YAML's plain words, or JSON. */
export type TextSpelling = 'yaml' | 'json';
export const spellingOf = (path: string): TextSpelling => (/\.json$/i.test(path) ? 'json' : 'yaml');
const spelled = (value: Yaml, spelling: TextSpelling): string =>
  spelling === 'json' ? JSON.stringify(value) : flow(value);

type Placing = { readonly text: string; readonly node: Collection; readonly index: number };

/** The white space between two items, so that a list with an item on every line stays one. */
const gapIn = ({ text, node, index }: Placing): string => {
  const [one, other] = index === 0 ? [node.items[0], node.items[1]] : [node.items[index - 1], node.items[index]];
  if (one !== undefined && other !== undefined)
    return /\s*$/.exec(text.slice(endOfItem(one), startOfItem(other)))?.[0] ?? ' ';
  const first = node.items[0];
  const opened = text.slice(startOf(node) + 1, startOfItem(first));
  return opened.includes('\n') ? opened : ' ';
};

const intoFlow = (placing: Placing, added: string): string => {
  const { text, node, index } = placing;
  if (node.items.length === 0) return put(text, startOf(node) + 1, isMap(node) ? ` ${added} ` : added);
  const gap = gapIn(placing);
  const before = node.items[index - 1];
  if (before === undefined) return put(text, startOfItem(node.items[0]), `${added},${gap}`);
  return put(text, endOfItem(before), `,${gap}${added}`);
};

const indentedBy = (lines: readonly string[], width: number): string =>
  lines.map((line) => `${' '.repeat(width)}${line}\n`).join('');

/** A file whose last line has no end gets one before something is added below it. */
const closed = (text: string, at: number): readonly [string, number] =>
  at === text.length && at > 0 && !text.endsWith('\n') ? [`${text}\n`, at + 1] : [text, at];

const intoBlock = ({ text, node, index }: Placing, lines: readonly string[]): string => {
  const width = column(text, marker(text, node, 0));
  if (index === 0 && isSeq(node)) return put(text, lineStart(text, marker(text, node, 0)), indentedBy(lines, width));
  const [whole, at] = closed(text, lineEnd(text, endOfItem(node.items[index - 1])));
  return put(whole, at, indentedBy(lines, width));
};

export type ListItem = { readonly value: Yaml; readonly spelling: TextSpelling; readonly lines?: readonly string[] };

const itemLines = ({ value, lines }: ListItem): readonly string[] => {
  const [first = '', ...rest] = lines ?? [flow(value)];
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
};

/** With one more item in the list at the path, before the index. `lines` is how it looks in a block. */
export const inserted = (text: string, path: Path, at: ListItem & { readonly index: number }): string => {
  const node = nodeAt(parsed(text), path);
  if (!isSeq(node)) return text;
  const placing = { text, node, index: Math.min(at.index, node.items.length) };
  if (isFlow(node) && node.items.length === 0 && at.lines !== undefined && at.spelling === 'yaml')
    return replaced(text, path, { value: [at.value], spelling: at.spelling, block: itemLines(at) });
  return isFlow(node) ? intoFlow(placing, spelled(at.value, at.spelling)) : intoBlock(placing, itemLines(at));
};

type NewValue = { readonly value: Yaml; readonly spelling: TextSpelling; readonly block?: readonly string[] };

const pairAt = (text: string, path: Path): { readonly pair: Pair; readonly map: YAMLMap } | undefined => {
  const map = nodeAt(parsed(text), path.slice(0, -1));
  const pair = isMap(map) ? map.items.find((one) => keyText(one) === String(path.at(-1))) : undefined;
  return isMap(map) && pair !== undefined ? { map, pair } : undefined;
};

const placedAt = ({ value, block }: NewValue, column: number, room: number): PlacedText =>
  block === undefined ? placed(value, column, room) : { same: '', below: block };

/** The lines of a new key with its value. `width` is the column of the key. */
const pairLines = (key: string, next: NewValue, width: number): readonly string[] => {
  const head = `${flowText(key)}:`;
  const { same, below } = placedAt(next, width + head.length, width);
  return [`${head}${same}`, ...below.map((line) => `  ${line}`)];
};

/** Where the value of a pair ends; the line end of a block scalar is not taken from what follows. */
const endOfValue = (text: string, pair: Pair): number => {
  const end = endOfItem(pair);
  return text[end - 1] === '\n' ? end - 1 : end;
};

const replacedPair = (text: string, path: Path, next: NewValue): string => {
  const found = pairAt(text, path);
  if (found === undefined) return text;
  const { pair, map } = found;
  const rest = text.slice(endOfValue(text, pair));
  if (isFlow(map)) return `${text.slice(0, startOf(pair.value))}${spelled(next.value, next.spelling)}${rest}`;
  const key = endOf(pair.key);
  const colon = text.indexOf(':', key) + 1;
  const width = column(text, startOf(pair.key));
  const { same, below } = placedAt(next, column(text, colon), width);
  const lines = below.map((line) => `\n${' '.repeat(width + 2)}${line}`).join('');
  return `${text.slice(0, colon)}${same}${lines}${rest}`;
};

/** With another value at the path: a scalar or a list on its line where it fits, else below its key. */
export const replaced = (text: string, path: Path, next: NewValue): string => {
  if (typeof path.at(-1) === 'string') return replacedPair(text, path, next);
  const node = nodeAt(parsed(text), path);
  if (node === undefined) return text;
  return text.slice(0, startOf(node)) + spelled(next.value, next.spelling) + text.slice(endOf(node));
};

/** With another word for the key at the path; its value stays as it is. */
export const renamedKey = (text: string, path: Path, key: string): string => {
  const pair = pairAt(text, path)?.pair;
  if (pair === undefined) return text;
  return `${text.slice(0, startOf(pair.key))}${flowText(key)}${text.slice(endOf(pair.key))}`;
};

export type NewKey = NewValue & {
  readonly key: string;
  /** Keys that stand before it where they are there, in the order of the files. */
  readonly after?: readonly string[];
};

const indexAfter = (map: YAMLMap, after: readonly string[] | undefined): number => {
  if (after === undefined) return map.items.length;
  return (
    map.items.reduce((last, pair, index) => (after.includes(keyText(pair)) ? index + 1 : last), 0) || map.items.length
  );
};

/** With one more key in the map at the path (the file itself for []). */
export const withKey = (text: string, path: Path, next: NewKey): string => {
  const map = nodeAt(parsed(text), path);
  if (!isMap(map)) return text;
  const index = indexAfter(map, next.after);
  const placing = { text, node: map, index };
  if (isFlow(map) && map.items.length === 0 && next.spelling === 'yaml' && path.length > 0) {
    const inner = pairLines(next.key, next, 2);
    return replaced(text, path, { value: { [next.key]: next.value }, spelling: 'yaml', block: inner });
  }
  if (isFlow(map)) {
    const [key, value] = [spelled(next.key, next.spelling), spelled(next.value, next.spelling)];
    return intoFlow(placing, `${key}: ${value}`);
  }
  const width = column(text, marker(text, map, 0));
  return intoBlock(placing, pairLines(next.key, next, width));
};

/** A day without the quotes around it: YAML 1.2 reads it as text, and people write it like that. */
export const withPlainDay = (text: string, path: Path): string => {
  const node = nodeAt(parsed(text), path);
  if (!isScalar(node) || !/^"\d{4}-\d{2}-\d{2}"$/.test(sourceAt(text, path))) return text;
  return `${text.slice(0, startOf(node))}${String(node.value)}${text.slice(endOf(node))}`;
};

/** A value as it is written. */
export const sourceAt = (text: string, path: Path): string => {
  const node = nodeAt(parsed(text), path);
  return node === undefined || node === null ? '' : text.slice(startOf(node), endOf(node));
};

/** With one more key at the end of the map at the path, its value written like this, on one line. */
export const withSource = (
  text: string,
  path: Path,
  { key, source }: { readonly key: string; readonly source: string },
) => {
  const map = nodeAt(parsed(text), path);
  if (!isMap(map)) return text;
  const pair = `${flowText(key)}: ${source}`;
  const placing = { text, node: map, index: map.items.length };
  if (isFlow(map) && map.items.length === 0)
    return replaced(text, path, { value: {}, spelling: 'yaml', block: [pair] });
  return isFlow(map) ? intoFlow(placing, pair) : intoBlock(placing, [pair]);
};
