/**
 * Wildcard patterns as sets of texts: whether one lies within another and whether two meet. Both read patterns as
 * automata, so that a question about `orders*` is answered for every name that begins so, not for an example.
 */

import type { Pattern } from '../match.ts';
import { wildcardCodes } from '../match.ts';

/** Character codes; negative ones are wildcards, of which two never match a colon. */
export type Glob = readonly number[];

const ANY_RUN = -1;
const ANY_ONE = -2;
const RUN_IN_SEGMENT = -3;
const ONE_IN_SEGMENT = -4;
const COLON = 58;
/** Stands for every character that neither pattern names. */
const OTHER = 0xfffe;

/** More steps than this, and `liesWithin` says no, which its callers read as "not shown". */
const mostSteps = 20_000;

export const globOf = (text: string): Glob => wildcardCodes(text);
export const everyText: Glob = [ANY_RUN];

/**
 * `whole`: as `matchesResource` reads a Resource element, where a star that ends one of the first five parts may run over
 * colons. `aligned`: part by part.
 */
export type PatternReading = 'whole' | 'aligned';

const globs = { whole: new WeakMap<Pattern, Glob>(), aligned: new WeakMap<Pattern, Glob>() };

export const resourceGlob = (pattern: Pattern, reading: PatternReading): Glob => {
  const known = globs[reading].get(pattern);
  if (known !== undefined) return known;
  const made = inSegments(pattern.codes, reading);
  globs[reading].set(pattern, made);
  return made;
};

const inSegments = (codes: Glob, reading: PatternReading): Glob => {
  const colons = codes.flatMap((code, at) => (code === COLON ? [at] : [])).slice(0, 5);
  const last = colons[4];
  if (last === undefined) return codes;
  if (reading === 'whole' && colons.some((at) => codes[at - 1] === ANY_RUN)) return codes;
  return codes.map((code, at) => {
    if (at > last || code >= 0) return code;
    return code === ANY_RUN ? RUN_IN_SEGMENT : ONE_IN_SEGMENT;
  });
};

const isRun = (token: number | undefined): boolean => token === ANY_RUN || token === RUN_IN_SEGMENT;
const accepts = (token: number, symbol: number): boolean => {
  if (token >= 0) return token === symbol;
  return token === ANY_RUN || token === ANY_ONE || symbol !== COLON;
};
const share = (one: number, other: number): boolean => {
  if (one >= 0) return accepts(other, one);
  return other >= 0 ? accepts(one, other) : true;
};

/** Most pairs part ways before the first wildcard of either. */
const partEarly = (one: Glob, other: Glob): boolean => {
  for (let at = 0; at < one.length && at < other.length; at += 1) {
    const [left = 0, right = 0] = [one[at], other[at]];
    if (left < 0 || right < 0) return false;
    if (left !== right) return true;
  }
  return false;
};

/** Is there a text that both match? Exact; at most one step per pair of characters. */
export const meet = (one: Glob, other: Glob): boolean => !partEarly(one, other) && meetSlowly(one, other);

const meetSlowly = (one: Glob, other: Glob): boolean => {
  const width = other.length + 1;
  const seen = new Uint8Array((one.length + 1) * width);
  const waiting = [0];
  while (waiting.length > 0) {
    const pair = waiting.pop() ?? 0;
    if (seen[pair] === 1) continue;
    seen[pair] = 1;
    const left = one[Math.floor(pair / width)];
    const right = other[pair % width];
    if (left === undefined && right === undefined) return true;
    if (isRun(left)) waiting.push(pair + width);
    if (isRun(right)) waiting.push(pair + 1);
    if (left !== undefined && right !== undefined && share(left, right))
      waiting.push(pair + (isRun(left) ? 0 : width) + (isRun(right) ? 0 : 1));
  }
  return false;
};

type GlobPositions = readonly number[];

/** A star may match nothing, so the position after it is reached too (the epsilon closure of the automaton). */
const withSkips = (glob: Glob, places: Iterable<number>): GlobPositions => {
  const all = new Set<number>();
  for (const place of places) {
    let at = place;
    all.add(at);
    while (isRun(glob[at])) all.add((at += 1));
  }
  return [...all].sort((a, b) => a - b);
};

const step = (glob: Glob, places: GlobPositions, symbol: number): GlobPositions => {
  const next: number[] = [];
  for (const at of places) {
    const token = glob[at];
    if (token !== undefined && accepts(token, symbol)) next.push(isRun(token) ? at : at + 1);
  }
  return withSkips(glob, next);
};

const symbolsOf = (outer: Glob): readonly number[] => [
  ...new Set([...outer.filter((code) => code >= 0), COLON, OTHER]),
];

type SearchState = { readonly at: number; readonly places: GlobPositions };

const nextMoments = (
  inner: Glob,
  outer: Glob,
  { moment, symbols }: { moment: SearchState; symbols: readonly number[] },
) => {
  const token = inner[moment.at] ?? OTHER;
  const read = token >= 0 ? [token] : symbols.filter((symbol) => accepts(token, symbol));
  const at = isRun(token) ? moment.at : moment.at + 1;
  const moved = read.map((symbol): SearchState => ({ at, places: step(outer, moment.places, symbol) }));
  return isRun(token) ? [...moved, { at: moment.at + 1, places: moment.places }] : moved;
};

const search = (inner: Glob, outer: Glob): boolean => {
  const symbols = symbolsOf(outer);
  const seen = new Set<string>();
  const waiting: SearchState[] = [{ at: 0, places: withSkips(outer, [0]) }];
  for (let moment = waiting.pop(); moment !== undefined; moment = waiting.pop()) {
    const name = `${moment.at}:${moment.places.join()}`;
    if (seen.has(name)) continue;
    seen.add(name);
    if (seen.size > mostSteps || moment.places.length === 0) return false;
    if (moment.at === inner.length) {
      if (!moment.places.includes(outer.length)) return false;
    } else waiting.push(...nextMoments(inner, outer, { moment, symbols }));
  }
  return true;
};

/** `orders*`, the commonest form, matches what begins with `orders`. */
const beginsWith = (inner: Glob, outer: Glob): boolean | undefined => {
  const last = outer.length - 1;
  if (outer[last] !== ANY_RUN || outer.some((code, at) => code < 0 && at < last)) return undefined;
  return outer.every((code, at) => at === last || code === inner[at]);
};

const answers = new WeakMap<Glob, WeakMap<Glob, boolean>>();

/** Does `outer` match every text that `inner` matches? Never says yes wrongly; a no may mean that it took too long. */
export const liesWithin = (inner: Glob, outer: Glob): boolean => {
  if (inner === outer || (outer.length === 1 && outer[0] === ANY_RUN)) return true;
  if (partEarly(inner, outer)) return false;
  const simple = beginsWith(inner, outer);
  if (simple !== undefined) return simple;
  const known = answers.get(outer) ?? new WeakMap<Glob, boolean>();
  answers.set(outer, known);
  const answer = known.get(inner) ?? (inner.every((code) => code >= 0) ? meet(inner, outer) : search(inner, outer));
  known.set(inner, answer);
  return answer;
};
