/** What stands beside the data of a file: comments and blank lines, read from the tokens around a value. */
import type { CST } from 'yaml';

/** A line of its own: a comment, or nothing for a blank line. */
export type SideLine = { readonly text: string; readonly column: number };

export type Side = {
  /** The comment on the line where the value ends, with the blanks before it. */
  readonly note: string;
  readonly lines: readonly SideLine[];
};

export const nothingBeside: Side = { note: '', lines: [] };

export type SideReader = (tokens: readonly CST.SourceToken[], begins: 'line' | 'within') => Side;

/** `within`: the tokens begin behind something on its line, so that the first line end is that of the line. */
export const sideReader = (text: string): SideReader => {
  const columnOf = (offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);
  return (tokens, begins) => {
    const lines: SideLine[] = [];
    let note = '';
    let blanks = '';
    let isWithin = begins === 'within';
    let isFresh = begins === 'line';
    for (const { type, source, offset } of tokens) {
      if (type === 'space') blanks = source;
      else if (type === 'comment' && isWithin) note = `${blanks || ' '}${source.trimEnd()}`;
      else if (type === 'comment') lines.push({ text: source.trimEnd(), column: columnOf(offset) });
      else if (type === 'newline' && isFresh) lines.push({ text: '', column: Infinity });
      if (type === 'comment') isFresh = false;
      if (type === 'newline') [isWithin, isFresh, blanks] = [false, true, ''];
    }
    return { note, lines };
  };
};

const isComment = ({ text }: SideLine): boolean => text !== '';

/** Of the lines behind the last item of a list or map: those as deep as it are its own, and the rest is of what follows. */
export const partedAt = (
  lines: readonly SideLine[],
  indent: number,
): { readonly own: readonly SideLine[]; readonly after: readonly SideLine[] } => {
  const outside = lines.findIndex((line) => isComment(line) && line.column < indent);
  const within = outside < 0 ? lines : lines.slice(0, outside);
  const count = within.findLastIndex(isComment) + 1;
  return { own: lines.slice(0, count), after: lines.slice(count) };
};

export const withoutFirstBlanks = (lines: readonly SideLine[]): readonly SideLine[] => {
  const first = lines.findIndex(isComment);
  return first < 0 ? [] : lines.slice(first);
};
