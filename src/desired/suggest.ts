/** "Did you mean": the known name nearest to the one that was typed. */

import { mixtureIn } from './checks/scripts.ts';
import { listed } from './text.ts';

const longest = 64;

/** Edits (insert, delete, replace, swap of neighbors) between two short texts, row by row. */
const distance = (a: string, b: string): number => {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const plain = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? plain) + 1 : plain;
      next.push(Math.min(plain, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
};

/** Whether the letters of `short` all stand in `long` in their order: "Prdo" for "Production". */
const abbreviates = (short: string, long: string): boolean => {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length && short.length * 2 >= long.length;
};

/** Edits between two names, an abbreviation counting as one; nothing when more than a third of the letters differ. */
const farness = (typed: string, known: string): number | undefined => {
  if (typed !== known && abbreviates(typed, known)) return 1;
  const allowed = Math.max(1, Math.floor(known.length / 3));
  if (Math.abs(known.length - typed.length) > allowed) return undefined;
  const edits = distance(typed, known);
  return edits <= allowed ? edits : undefined;
};

const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Whether the words of one stand in the other, together and in their order: "Staging" in "SecureCart-Staging". */
const standsIn = (part: readonly string[], whole: readonly string[]): boolean =>
  part.length > 0 && whole.some((_, at) => part.every((word, step) => whole[at + step] === word));

/** What an ARN names, or the name itself. */
const named = (text: string): string => (text.startsWith('arn:') ? (text.split(/[/:]/).at(-1) ?? text) : text);

/** The one candidate that the typed words are a part of; of several nobody can tell which is meant. */
const shortened = (name: string, candidates: Iterable<string>): string | undefined => {
  const typed = wordsOf(named(name));
  const found = [...candidates].filter((candidate) => standsIn(typed, wordsOf(candidate)));
  return found.length === 1 ? found[0] : undefined;
};

/**
 * The nearest candidate, of several equally near ones the first of those nearest in length; where none is near, the one that
 * has these words in it; or nothing.
 */
export const suggestion = (name: string, candidates: Iterable<string>): string | undefined => {
  const known = [...candidates];
  return nearest(name, known) ?? shortened(name, known);
};

/** The candidate with the fewest edits; nothing where none is near. */
export const nearest = (name: string, candidates: readonly string[]): string | undefined => {
  const typed = name.slice(0, longest).toLowerCase();
  let best: { readonly name: string; readonly edits: number; readonly longer: number } | undefined;
  for (const candidate of candidates) {
    const edits = farness(typed, candidate.slice(0, longest).toLowerCase());
    const longer = Math.abs(candidate.length - name.length);
    const isNearer =
      best === undefined || (edits ?? Infinity) < best.edits || (edits === best.edits && longer < best.longer);
    if (edits !== undefined && isNearer) best = { name: candidate, edits, longer };
  }
  return best?.name;
};

/** A letter that only looks like the one that is meant is named, in either. */
export const meantWords = (name: string, near: string): string => {
  const [meant, written] = [mixtureIn(near).letters, mixtureIn(name).letters];
  const known = meant.length === 0 ? '' : ` (in which ${listed(meant)})`;
  const typed = written.length === 0 ? '' : ` In what is written, ${listed(written)}.`;
  return `Did you mean ${near}${known}?${typed}`;
};

export const didYouMean = (name: string, candidates: Iterable<string>): string | undefined => {
  const near = suggestion(name, candidates);
  return near === undefined ? undefined : meantWords(name, near);
};
