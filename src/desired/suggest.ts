/** "Did you mean": the known name nearest to the one that was typed. */

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

/** The nearest candidate, or nothing if none is near: a third of the letters may differ. */
export const suggestion = (name: string, candidates: Iterable<string>): string | undefined => {
  const typed = name.slice(0, longest).toLowerCase();
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const known = candidate.slice(0, longest).toLowerCase();
    const allowed = Math.min(best?.edits ?? Infinity, Math.max(1, Math.floor(known.length / 3)) + 1);
    if (Math.abs(known.length - typed.length) >= allowed) continue;
    const edits = distance(typed, known);
    if (edits < allowed) best = { name: candidate, edits };
  }
  return best?.name;
};

export const didYouMean = (name: string, candidates: Iterable<string>): string | undefined => {
  const near = suggestion(name, candidates);
  return near === undefined ? undefined : `Did you mean ${near}?`;
};
