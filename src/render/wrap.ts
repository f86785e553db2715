/** Text into the columns of a terminal. Widths are columns: an ideograph takes two. */

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

export const columns = (text: string): number => {
  let count = 0;
  for (const character of text) count += wide.test(character) ? 2 : 1;
  return count;
};

export type Layout = {
  readonly width: number;
  /** Before the first line. */
  readonly first: string;
  /** How far the following lines are indented. */
  readonly indent: number;
};

const indented = (word: string, layout: Layout): string =>
  ' '.repeat(Math.max(0, Math.min(layout.indent, layout.width - columns(word)))) + word;

/** Breaks at spaces alone; a line is longer than `width` only when it holds one word that is. */
export const wrap = (text: string, layout: Layout): readonly string[] => {
  const lines: string[] = [];
  let line = layout.first;
  let fresh = true;
  for (const [, gap = '', word = ''] of text.matchAll(/( *)([^ ]+)/g)) {
    const joined = line + (fresh ? '' : gap) + word;
    if (columns(joined) <= layout.width || (fresh && columns(word) > layout.width)) line = joined;
    else {
      if (line.trim() !== '') lines.push(line.trimEnd());
      line = columns(word) > layout.width ? ' '.repeat(layout.indent) + word : indented(word, layout);
    }
    fresh = false;
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
};
