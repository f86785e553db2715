/** `*` (any run of characters) and `?` (any one); every other character stands for itself. */

type Cursor = { readonly at: number; readonly pattern: number };

/**
 * Greedy with one point of return: time is at most pattern times text, memory constant. A regular expression made from
 * the same pattern could take exponential time on a hostile name.
 */
export const globMatches = (pattern: string, text: string): boolean => {
  let cursor: Cursor = { at: 0, pattern: 0 };
  let back: Cursor | undefined;
  while (cursor.at < text.length) {
    const character = pattern[cursor.pattern];
    if (character === '*') {
      back = cursor;
      cursor = { at: cursor.at, pattern: cursor.pattern + 1 };
    } else if (character === '?' || character === text[cursor.at]) {
      cursor = { at: cursor.at + 1, pattern: cursor.pattern + 1 };
    } else if (back !== undefined) {
      back = { at: back.at + 1, pattern: back.pattern };
      cursor = { at: back.at, pattern: back.pattern + 1 };
    } else return false;
  }
  return /^\**$/.test(pattern.slice(cursor.pattern));
};
