/** Reading JSON of unknown shape: each reader returns what it wanted or throws a Malformed that names path and value. */

/** A value and how to get there: `scps[0].policies[1].name`. */
export type At = { readonly path: string; readonly value: unknown };

/** What is wrong with an input; its message is one line. */
export class Malformed extends Error {}

export function fail(at: At, problem: string): never {
  throw new Malformed(`${at.path} ${quote(at.value)} ${problem}`);
}

export function readObject(at: At): Readonly<Record<string, unknown>> {
  if (typeof at.value !== 'object' || at.value === null || Array.isArray(at.value)) fail(at, 'is not an object');
  return at.value as Readonly<Record<string, unknown>>;
}

export function readList(at: At): readonly unknown[] {
  if (!Array.isArray(at.value)) fail(at, 'is not a list');
  return at.value as readonly unknown[];
}

export function readText(at: At): string {
  if (typeof at.value !== 'string') fail(at, 'is not a string');
  return at.value;
}

/** A key that nobody reads is a typing error, and ignoring it could turn a denial into an allowance. */
export function keysWithin(at: At, known: readonly string[]): void {
  const stray = Object.keys(readObject(at)).find((key) => !known.includes(key));
  if (stray !== undefined) throw new Malformed(`${at.path}.${stray} is not known; known: ${known.join(', ')}`);
}

const longest = 80;
const deepest = 4;

/** Short enough for one line of a terminal, and made without going deep: a value may be nested without end. */
function quote(value: unknown): string {
  const text = shown(value, 0);
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

function shown(value: unknown, depth: number): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, longest));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth === deepest) return '...';
  const inside = (item: unknown): string => shown(item, depth + 1);
  if (Array.isArray(value)) return `[${value.slice(0, longest).map(inside).join(',')}]`;
  const entries = Object.entries(value).slice(0, longest);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key.slice(0, longest))}:${inside(item)}`).join(',')}}`;
}
