/** Text into the columns of a terminal. Widths are columns: an ideograph takes two. */

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

export const columns = (text: string): number => {
  let count = 0;
  for (const character of text) count += wide.test(character) ? 2 : 1;
  return count;
};

type Layout = {
  readonly width: number;
  /** Before the first line. */
  readonly first: string;
  /** How far the following lines are indented. */
  readonly indent: number;
};

const indented = (word: string, { indent, width }: Layout): string =>
  ' '.repeat(columns(word) > width ? indent : Math.max(0, Math.min(indent, width - columns(word)))) + word;

/** A marker stays with its word: the margin goes first, then the line may be as much too long as the marker. */
const begun = (word: string, { first, width }: Layout): string =>
  columns(first + word) <= width ? first + word : first.trimStart() + word;

/** Breaks at spaces alone; a line is longer than `width` only when it holds one word that is, with its marker. */
export const wrap = (text: string, layout: Layout): readonly string[] => {
  const lines: string[] = [];
  let line: string | undefined;
  for (const [, gap = '', word = ''] of text.matchAll(/( *)([^ ]+)/g)) {
    if (line === undefined) line = begun(word, layout);
    else if (columns(line + gap + word) <= layout.width) line += gap + word;
    else {
      lines.push(line);
      line = indented(word, layout);
    }
  }
  return line === undefined ? lines : [...lines, line];
};
