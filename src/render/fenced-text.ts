/** What was laid out for a terminal, as Markdown. */
import { fenceFor, fenceLine } from './untrusted.ts';

const LONGEST = 20_000;

/** One fenced block that none of the lines can close. */
export const fencedText = (text: string): string => {
  const lines = text.split('\n').map((line) => fenceLine(line, LONGEST));
  const fence = fenceFor(lines);
  return [`${fence}text`, ...lines, fence].join('\n');
};
