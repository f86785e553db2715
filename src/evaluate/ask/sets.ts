/** Sets of actions or of resources: what all of some patterns match and none of some others. */

import type { Glob, PatternReading } from './patterns.ts';
import { everyText, globOf, liesWithin, meet, resourceGlob } from './patterns.ts';
import { hasWildcard } from './actions.ts';
import type { Pattern } from '../match.ts';
import { parsePattern } from '../match.ts';

/** `key` tells members of the same text apart that are read differently. */
export type SetMember = { readonly key: string; readonly text: string; readonly glob: Glob };
/** `key` is the same for sets that were made the same way. */
export type TextSet = {
  readonly key: string;
  readonly within: readonly SetMember[];
  readonly without: readonly SetMember[];
};

const members = new Map<string, SetMember>();

/** One object per key, so that answers about it are remembered. */
const remembered = (key: string, text: string, make: () => Glob): SetMember => {
  const known = members.get(key);
  if (known !== undefined) return known;
  const made = { key, text, glob: make() };
  members.set(key, made);
  return made;
};

/** Every text that the pattern matches, its stars running over colons too. */
export const setMemberOf = (text: string): SetMember =>
  remembered(text, text, () => (text === '*' ? everyText : globOf(text)));

/** A text as it is: its stars are characters. */
export const literalMember = (text: string): SetMember =>
  remembered(`= ${text}`, text, () => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)));

const textOf = ({ codes }: Pattern): string =>
  codes.map((code) => (code === -1 ? '*' : code === -2 ? '?' : String.fromCharCode(code))).join('');

/** What a statement's Resource matches, variables filled in. */
export const resourceMember = (pattern: Pattern, reading: PatternReading): SetMember => {
  const text = textOf(pattern);
  return text === '*'
    ? setMemberOf(text)
    : remembered(`${reading} ${text}`, text, () => resourceGlob(pattern, reading));
};

const setOf = (within: readonly SetMember[], without: readonly SetMember[]): TextSet => {
  const keys = (list: readonly SetMember[]) => [...new Set(list.map(({ key }) => key))].sort().join('\n');
  return { key: `${keys(within)}\n!\n${keys(without)}`, within, without };
};

const actionPatternSet = (text: string): TextSet => setOf([setMemberOf(text)], []);
/** A question's own ARN pattern is read part by part: its star for the Region is a Region. */
export const resourcePatternSet = (text: string): TextSet => setOf([resourceMember(parsePattern(text), 'aligned')], []);
export const actionSet = (action: string): TextSet =>
  hasWildcard(action) ? actionPatternSet(action.toLowerCase()) : literalSet(action.toLowerCase());
export const literalSet = (text: string): TextSet => setOf([literalMember(text)], []);
export const wholeSet: TextSet = actionPatternSet('*');

export const narrowedBy = (set: TextSet, member: SetMember): TextSet =>
  member.key === '*' || set.within.some(({ key }) => key === member.key)
    ? set
    : setOf([...set.within.filter(({ key }) => key !== '*'), member], set.without);
export const lessenedBy = (set: TextSet, out: readonly SetMember[]): TextSet =>
  out.length === 0 ? set : setOf(set.within, [...set.without, ...out]);

/** Shown: all of the set matches. */
export const isInside = (set: TextSet, glob: Glob): boolean =>
  set.within.some((member) => liesWithin(member.glob, glob));
/** Shown: nothing of the set matches. */
export const isOutside = (set: TextSet, glob: Glob): boolean =>
  set.within.some((member) => !meet(member.glob, glob)) || set.without.some((out) => liesWithin(glob, out.glob));

/** Shown: the set holds nothing. */
export const isEmptySet = (set: TextSet): boolean =>
  set.within.some(({ glob }) => isOutside(set, glob) || set.without.some((out) => liesWithin(glob, out.glob)));

/** The whole text, where the set is one text without a wildcard. */
export const onlyText = (set: TextSet): string | undefined => {
  const exact = set.within.find(({ glob }) => glob.every((code) => code >= 0));
  return exact?.text;
};

/** Services whose names are free text, colons included: an S3 object's key, an IAM path. */
const freeText = ['s3', 'iam'];

/**
 * How statements are to be read about this set. Of a pattern of ARNs whose names hold no colon, only the aligned reading can
 * match: `table/customers*` and `*:table/orders*` have no table in common, although a text could match both.
 */
export const readingOf = (set: TextSet): PatternReading => {
  if (onlyText(set) !== undefined) return 'whole';
  const parts = set.within.map(({ text }) => text.split(':')).filter((list) => list.length > 5);
  const named = parts.some(([, , service = '*']) => !/[*?]/.test(service) && !freeText.includes(service));
  return named ? 'aligned' : 'whole';
};
