/** A merge of three texts line by line, which refuses what touches: less than git merges, never more. */
import { structuredPatch } from 'diff';

type Hunk = { readonly from: number; readonly to: number; readonly lines: readonly string[] };

const linesOf = (text: string): readonly string[] => text.split('\n');

/** What replaces which lines of the base, in order. */
const hunksOf = (base: string, other: string): readonly Hunk[] =>
  structuredPatch('', '', `${base}\n`, `${other}\n`, '', '', { context: 0 }).hunks.map((hunk) => {
    const from = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
    const added = hunk.lines.filter((line) => line.startsWith('+'));
    return { from, to: from + hunk.oldLines, lines: added.map((line) => line.slice(1)) };
  });

const touch = (one: Hunk, other: Hunk): boolean => one.from <= other.to && other.from <= one.to;

const same = (one: Hunk, other: Hunk): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Nothing when both sides change the same lines or lines beside each other. */
const mergedLines = (base: string, ours: string, theirs: string): string | undefined => {
  const [left, right] = [hunksOf(base, ours), hunksOf(base, theirs)];
  const added = right.filter((hunk) => !left.some((other) => same(other, hunk)));
  if (added.some((hunk) => left.some((other) => touch(hunk, other)))) return undefined;
  const lines = [...linesOf(base)];
  for (const { from, to, lines: put } of [...left, ...added].toSorted((a, b) => b.from - a.from))
    lines.splice(from, to - from, ...put);
  return lines.join('\n');
};

export type Texts = Readonly<Record<string, string>>;

type Merged = { readonly text: string | undefined } | 'conflict';

const mergedFile = (base?: string, ours?: string, theirs?: string): Merged => {
  if (ours === theirs || theirs === base) return { text: ours };
  if (ours === base) return { text: theirs };
  if (base === undefined || ours === undefined || theirs === undefined) return 'conflict';
  const text = mergedLines(base, ours, theirs);
  return text === undefined ? 'conflict' : { text };
};

/** All files of both sides; nothing when one of them is in conflict. */
export const mergedTexts = (base: Texts, ours: Texts, theirs: Texts): Texts | undefined => {
  const merged: Record<string, string> = {};
  for (const path of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const made = mergedFile(base[path], ours[path], theirs[path]);
    if (made === 'conflict') return undefined;
    if (made.text !== undefined) merged[path] = made.text;
  }
  return merged;
};
