/** Lines of a terminal: every text is made harmless, wrapped, and only then colored. */
import type { PaintBrush, Paint } from './paint.ts';
import { terminal } from './untrusted.ts';
import { wrap } from './wrap.ts';

export type PageStyle = {
  readonly paint: Paint;
  readonly width: number;
  readonly verbose?: 'all';
  /** Of the terminal, where it is one: a text that is longer ends in its verdict, which stood at its top. */
  readonly rows?: number;
  /** What stands before a command that the reader is told to type; in a checkout of this repository unless said. */
  readonly gatehouse?: string;
};

export const IN_CHECKOUT = 'npx gatehouse';

const plain: PaintBrush = (text) => text;

/** Raw text as lines. */
export const paragraph = (text: string, style: PageStyle, brush: PaintBrush = plain): readonly string[] =>
  wrap(terminal(text, 20_000), { width: style.width, first: '', indent: 0 }).map(brush);

/** An item of a list: a marker at column 2, its lines below the text. */
export const item = (marker: string, text: string, style: PageStyle): readonly string[] =>
  wrap(terminal(text, 20_000), { width: style.width, first: `  ${marker} `, indent: 5 + marker.length });

/** A line of a diff, with the sign at column 6 and its own indentation kept as far as there is room. */
export const diffRow = (
  line: { readonly sign: string; readonly text: string },
  style: PageStyle,
): readonly string[] => {
  const text = terminal(line.text, 20_000);
  const leading = Math.min(/^ */.exec(text)?.[0].length ?? 0, Math.floor(style.width / 2));
  const first = `      ${line.sign} ${' '.repeat(leading)}`;
  return wrap(text.trimStart(), { width: style.width, first, indent: first.length + 2 });
};

/** A blank line, a heading and lines; nothing where there are no lines. */
export const section = (title: string, lines: readonly string[], style: PageStyle): readonly string[] =>
  lines.length === 0 ? [] : ['', ...paragraph(title, style, style.paint.bold), ...lines];

/** At a fold, the options that unfold it. */
export const WHOLE = ': --verbose or --json says all';

const foldLine = (text: string, { style, indent = 2 }: { style: PageStyle; indent?: number }): readonly string[] =>
  wrap(text, { width: style.width, first: ' '.repeat(indent), indent: indent + 2 }).map(style.paint.dim);

/** The first items and a line that counts the rest; all of them when everything is asked for. */
export const foldedItems = <T>(
  items: readonly T[],
  most: number,
  shown: { readonly style: PageStyle; readonly lines: (item: T) => readonly string[]; readonly indent?: number },
): readonly string[] => {
  const kept = shown.style.verbose === 'all' || items.length <= most + 1 ? items : items.slice(0, most);
  const rest = items.length - kept.length;
  return [...kept.flatMap(shown.lines), ...(rest > 0 ? foldLine(`… and ${rest} more${WHOLE}`, shown) : [])];
};
