/** Text into the columns of a terminal. Widths are columns: an ideograph takes two. */

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

export const columns = (text: string): number => {
  let count = 0;
  for (const character of text) count += wide.test(character) ? 2 : 1;
  return count;
};

type TextLayout = {
  readonly width: number;
  /** Before the first line. */
  readonly first: string;
  /** How far the following lines are indented. */
  readonly indent: number;
};

/** Breaks at spaces alone; a line is longer than `width` only when one word is, with its indentation and its marker. */
export const wrap = (text: string, layout: TextLayout): readonly string[] => {
  const lines: string[] = [];
  let line: string | undefined;
  for (const [, gap = '', word = ''] of text.matchAll(/( *)([^ ]+)/g)) {
    if (line === undefined) line = layout.first + word;
    else if (columns(line + gap + word) <= layout.width) line += gap + word;
    else {
      lines.push(line);
      line = ' '.repeat(layout.indent) + word;
    }
  }
  return line === undefined ? lines : [...lines, line];
};
