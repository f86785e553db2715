/** Wildcards as IAM reads them. Patterns are hostile: no regular expression, at most one step per pair of characters. */

const ANY_RUN = -1;
const ANY_ONE = -2;
const COLON = 58;

/** Character codes; negative codes are the wildcards. `literal` is set when there is no wildcard. */
export type Pattern = { readonly codes: readonly number[]; readonly literal: string | undefined };

/** The pattern that every text matches. */
export const anyText: readonly number[] = [ANY_RUN];

export function wildcardCodes(text: string): number[] {
  const codes: number[] = [];
  for (let at = 0; at < text.length; at += 1) codes.push(codeOf(text, at));
  return codes;
}

export function literalCodes(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

export function patternOf(codes: readonly number[]): Pattern {
  const wild = codes.some((code) => code < 0);
  return { codes, literal: wild ? undefined : codes.map((code) => String.fromCharCode(code)).join('') };
}

export function parsePattern(text: string): Pattern {
  return patternOf(wildcardCodes(text));
}

export function matches(pattern: Pattern, text: string): boolean {
  if (pattern.literal !== undefined) return pattern.literal === text;
  return isEverything(pattern) || glob(pattern.codes, text);
}

/**
 * Only the last star is ever tried again: what an earlier star could still swallow, the last one can too.
 * `step` is told of every comparison, so that a test can count them.
 */
export function glob(codes: readonly number[], text: string, step?: () => void): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let restart = 0;
  while (from < text.length) {
    step?.();
    const code = codes[at];
    if (code === ANY_RUN) {
      star = at;
      restart = from;
      at += 1;
    } else if (code === ANY_ONE || code === text.charCodeAt(from)) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      restart += 1;
      from = restart;
      at = star + 1;
    } else return false;
  }
  while (codes[at] === ANY_RUN) at += 1;
  return at === codes.length;
}

/**
 * A Resource element against an ARN (IAM User Guide, "Resource": wildcards stay inside a segment, but a star that
 * ends a segment may run over the colon). Case counts. Everything after the fifth colon is one segment.
 */
export function matchesResource(pattern: Pattern, resource: string): boolean {
  if (pattern.literal !== undefined) return pattern.literal === resource;
  const { whole, segments } = cutOf(pattern);
  return whole ? matches(pattern, resource) : matchesSegments(segments, resource);
}

/** ArnLike and ArnEquals: each of the six parts by itself; a lone star stands for every ARN. */
export function matchesArn(pattern: Pattern, arn: string): boolean {
  if (isEverything(pattern)) return splitArn(arn).length === 6;
  const { segments } = cutOf(pattern);
  return segments.length === 6 && matchesSegments(segments, arn);
}

/** The six parts of an ARN, fewer if it has fewer colons; the last part keeps its own colons. */
export function splitArn(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** `whole`: a star ends one of the first five segments, or there are no six, so that the colons do not count. */
type Cut = { readonly segments: readonly Pattern[]; readonly whole: boolean };

const cutPatterns = new WeakMap<Pattern, Cut>();

function cutOf(pattern: Pattern): Cut {
  const known = cutPatterns.get(pattern);
  if (known) return known;
  const segments = cut(pattern.codes);
  const runsOver = segments.slice(0, 5).some((segment) => segment.codes.at(-1) === ANY_RUN);
  const made = { segments, whole: segments.length < 6 || runsOver };
  cutPatterns.set(pattern, made);
  return made;
}

function cut(codes: readonly number[]): readonly Pattern[] {
  const segments: Pattern[] = [];
  let start = 0;
  while (segments.length < 5) {
    const colon = codes.indexOf(COLON, start);
    if (colon < 0) break;
    segments.push(patternOf(codes.slice(start, colon)));
    start = colon + 1;
  }
  return [...segments, patternOf(codes.slice(start))];
}

function isEverything(pattern: Pattern): boolean {
  return pattern.codes.length === 1 && pattern.codes[0] === ANY_RUN;
}

function matchesSegments(segments: readonly Pattern[], arn: string): boolean {
  const parts = splitArn(arn);
  return parts.length === segments.length && segments.every((segment, at) => matches(segment, parts[at] ?? ''));
}

function codeOf(text: string, at: number): number {
  const char = text[at];
  if (char === '*') return ANY_RUN;
  return char === '?' ? ANY_ONE : text.charCodeAt(at);
}
