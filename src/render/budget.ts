/** Fitting blocks into a comment of limited size: what is left out is counted, never forgotten. */

/** What of a block fits: its Markdown, '' when nothing does, and the words for what does not. */
export type FittedText = { readonly text: string; readonly leftOut?: string };
export type TextBlock = {
  /** At most this many characters. */
  readonly cap: number;
  /** The block in at most `room` characters. */
  readonly fit: (room: number) => FittedText;
};

/** The first items that fit, joined by line breaks, and how many do not. */
const firstFitting = (items: readonly string[], room: number): { readonly text: string; readonly rest: number } => {
  const kept: string[] = [];
  let used = 0;
  for (const item of items) {
    if (used + item.length + 1 > room) break;
    kept.push(item);
    used += item.length + 1;
  }
  return { text: kept.join('\n'), rest: items.length - kept.length };
};

/** The words for what is left out of a list: "12 notes". */
type RestCount = (rest: number) => string;

/** A block of lines between a heading and an ending; the heading is shown when at least one line is. */
export const listBlock = (
  cap: number,
  list: { readonly before: string; readonly items: readonly string[]; readonly after?: string },
  count: RestCount,
): TextBlock => ({
  cap,
  fit: (room) => {
    if (list.items.length === 0) return { text: '' };
    const after = list.after ?? '';
    const { text, rest } = firstFitting(list.items, room - list.before.length - after.length);
    if (text === '') return { text: '', leftOut: count(list.items.length) };
    const whole = { text: `${list.before}${text}${after}` };
    return rest === 0 ? whole : { ...whole, leftOut: count(rest) };
  },
});

/**
 * Room is given out in the order of `urgent`, the text comes in the order of the page: a long section further up cannot take
 * the room of what matters more.
 */
export const fitted = (
  page: readonly TextBlock[],
  urgent: readonly TextBlock[],
  room: number,
): readonly FittedText[] => {
  const found = new Map<TextBlock, FittedText>();
  let left = room;
  for (const block of urgent) {
    const result = block.fit(Math.min(block.cap, left));
    found.set(block, result);
    left -= result.text === '' ? 0 : result.text.length + 2;
  }
  return page.flatMap((block) => found.get(block) ?? []);
};
