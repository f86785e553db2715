/**
 * Lists and maps of a line each entry, put in order with the comments and blank lines that stand above their entries. Lines
 * come without the indentation of what is around them.
 */
import type { CST } from 'yaml';
import { behindFlow, flowLine, isFlowScalar, keyName, scalarText } from './flow-style.ts';
import { formBelow, inKeyOrder } from '../write/key-order.ts';
import type { ValueForm } from '../write/key-order.ts';
import { nothingBeside, partedAt, withoutFirstBlanks } from './side-lines.ts';
import type { Side, SideLine, SideReader } from './side-lines.ts';

/** `above`: what stands above an entry; `lines`: the entry. */
type BlockEntry = { readonly above: readonly SideLine[]; readonly lines: readonly string[]; readonly name: string };

export type FormattedBlock = {
  readonly entries: readonly BlockEntry[];
  /** Comments below the last entry. */
  readonly tail: readonly SideLine[];
  /** What follows and is not of it. */
  readonly after: readonly SideLine[];
};

type BlockInput = {
  readonly form: ValueForm;
  readonly read: SideReader;
  /** What was read already of the lines above the first entry. */
  readonly above: readonly SideLine[];
  /** The column of what is around it: a list may begin at the column of its key, and what stands there is the key's. */
  readonly outer: number;
};

type LeafInput = Pick<BlockInput, 'form' | 'read'>;
type Collection = CST.BlockMap | CST.BlockSequence;
type Pair = Required<Pick<CST.BlockMap['items'][number], 'start' | 'sep'>> & { key: CST.Token; value?: CST.Token };

const textsOf = (lines: readonly SideLine[]): readonly string[] => lines.map(({ text }) => text);
const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => (line === '' ? '' : `  ${line}`));

/** A blank line above the first entry parts it from nothing. */
export const blockLines = ({ entries, tail }: FormattedBlock): readonly string[] => [
  ...entries.flatMap(({ above, lines }, index) => [
    ...textsOf(index === 0 ? withoutFirstBlanks(above) : above),
    ...lines,
  ]),
  ...textsOf(tail),
];

/** A value that is no block of entries: its first line, and the others relative to the column of what is around it. */
type Leaf = { readonly lines: readonly string[]; readonly side: Side };

const dedented = (line: string, indent: number): string => {
  const blanks = /^ */.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(blanks, indent));
};

const leafLines = (source: string, indent: number): readonly string[] => {
  const [first = '', ...rest] = source.split('\n');
  return [first, ...rest.map((line) => dedented(line, indent))];
};

const blockScalar = (token: CST.BlockScalar, indent: number): Leaf => {
  const head = token.props.map((prop) => ('source' in prop ? prop.source : '')).join('');
  const source = `${head}${token.source}`;
  return { lines: leafLines(source.endsWith('\n') ? source.slice(0, -1) : source, indent), side: nothingBeside };
};

const leafOf = (token: CST.Token, { form, read }: LeafInput, indent: number): Leaf => {
  if (token.type === 'block-scalar') return blockScalar(token, indent);
  const isFlow = token.type === 'flow-collection';
  const side = read(isFlow ? behindFlow(token) : ((token as CST.FlowScalar).end ?? []), 'within');
  const text = isFlow ? flowLine(token, form) : scalarText(token as CST.FlowScalar, 'line');
  return { lines: leafLines(`${text}${side.note}`, indent), side };
};

const isBlock = (token: CST.Token | undefined): token is Collection =>
  token?.type === 'block-map' || token?.type === 'block-seq';

type Formatted = { readonly lines: readonly string[]; readonly after: readonly SideLine[] };

const pairText = ({ key, sep, value }: Pair, input: LeafInput, indent: number): Formatted => {
  const head = `${scalarText(key as CST.FlowScalar, 'flow')}:`;
  const { note, lines: between } = input.read(sep, 'within');
  if (value === undefined) return { lines: [`${head}${note}`], after: between };
  if (isBlock(value)) {
    const block = formattedBlock(value, { ...input, above: between, outer: indent });
    return { lines: [`${head}${note}`, ...indented(blockLines(block))], after: block.after };
  }
  const { lines, side } = leafOf(value, input, indent);
  const [top = '', ...others] = lines;
  if (!sep.some(({ type }) => type === 'newline')) return { lines: [`${head} ${top}`, ...others], after: side.lines };
  return { lines: [`${head}${note}`, ...indented(textsOf(between)), `  ${top}`, ...others], after: side.lines };
};

const pairsOf = (token: CST.BlockMap, input: BlockInput): FormattedBlock => {
  const entries: BlockEntry[] = [];
  let above = input.above;
  for (const item of token.items) {
    above = [...above, ...input.read(item.start, 'line').lines];
    if (!isFlowScalar(item.key)) continue;
    const name = keyName(item.key);
    const pair = { ...item, key: item.key } as Pair;
    const { lines, after } = pairText(pair, { read: input.read, form: formBelow(input.form, name) }, token.indent);
    entries.push({ above, lines, name });
    above = after;
  }
  const { own, after } = partedAt(above, Math.max(token.indent, input.outer + 1));
  return { entries: inKeyOrder(entries, input.form, ({ name }) => name), tail: own, after };
};

/** The comments behind a dash go above it, with those of the first entry. */
const dashed = (block: FormattedBlock): { readonly above: readonly SideLine[]; readonly lines: readonly string[] } => {
  const [first, ...rest] = block.entries;
  if (first === undefined) return { above: [], lines: ['-'] };
  const [top = '', ...lines] = blockLines({ ...block, entries: [{ ...first, above: [] }, ...rest] });
  return { above: withoutFirstBlanks(first.above), lines: [`- ${top}`, ...indented(lines)] };
};

const noted = ({ note, lines }: Side): readonly SideLine[] =>
  note === '' ? lines : [{ text: note.trimStart(), column: Infinity }, ...lines];

const seqItem = (
  value: CST.Token | undefined,
  input: BlockInput,
  indent: number,
): Formatted & { readonly above: readonly SideLine[] } => {
  if (value === undefined) return { lines: ['-'], above: [], after: input.above };
  if (isBlock(value)) {
    const block = formattedBlock(value, input);
    return { ...dashed(block), after: block.after };
  }
  const { lines, side } = leafOf(value, input, indent);
  const [first = '', ...rest] = lines;
  return { lines: [`- ${first}`, ...rest], above: withoutFirstBlanks(input.above), after: side.lines };
};

const itemsOf = (token: CST.BlockSequence, input: BlockInput): FormattedBlock => {
  const entries: BlockEntry[] = [];
  let above = input.above;
  for (const { start, value } of token.items) {
    const dash = start.findIndex(({ type }) => type === 'seq-item-ind');
    above = [...above, ...input.read(dash < 0 ? start : start.slice(0, dash), 'line').lines];
    if (dash < 0) continue;
    const inner = noted(input.read(start.slice(dash + 1), 'within'));
    const form = formBelow(input.form, entries.length);
    const item = seqItem(value, { read: input.read, form, above: inner, outer: token.indent }, token.indent);
    entries.push({ above: [...above, ...item.above], lines: item.lines, name: '' });
    above = item.after;
  }
  const { own, after } = partedAt(above, Math.max(token.indent, input.outer + 1));
  return { entries, tail: own, after };
};

export const formattedBlock = (token: Collection, input: BlockInput): FormattedBlock =>
  token.type === 'block-map' ? pairsOf(token, input) : itemsOf(token, input);
