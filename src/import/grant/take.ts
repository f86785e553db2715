/** A grant taken out of every entry that gives it, now or later; where a wider entry gives it, as an exception there. */
import { listed } from '../../desired/text.ts';
import { withoutEmptyUser } from '../edit/new-files.ts';
import { keysBefore, keysOf } from '../write/key-order.ts';
import { removed, valueAt } from '../edit/range.ts';
import type { Path } from '../../desired/yaml-file.ts';
import { isRefused, refusedEdit, textIn, withFile } from '../edit/repo.ts';
import type { EditRefusal, Repo } from '../edit/repo.ts';
import { withWord } from '../edit/targets.ts';
import type { TargetWords } from '../edit/targets.ts';
import { holdingOf, isAround, liesBelow, placeText } from './entries.ts';
import type { GrantHolding, PlacedEntry } from './entries.ts';
import { whereWords } from './request.ts';
import type { GrantRequest } from './request.ts';

/** `notes`: where an exception was made, and why, a sentence each. */
export type TakenGrant = { readonly repo: Repo; readonly notes: readonly string[] };

type Taking = { readonly request: GrantRequest; readonly holding: GrantHolding };

/** The words that say less are gone; what they leave may still reach the target. */
const narrower = (written: TargetWords, { request, holding }: Taking): TargetWords => {
  const { accounts: names, path } = request.target;
  const { accounts = [], ous = [] } = written;
  return {
    ...written,
    accounts: accounts.filter((name) => !names.includes(name)),
    ous: path === undefined ? ous : ous.filter((word) => !liesBelow(word, path, holding.organization)),
  };
};

const reaches = (written: TargetWords, { request, holding }: Taking): boolean => {
  const { accounts, path } = request.target;
  const names = new Set(holding.reached(written));
  if (accounts.some((name) => names.has(name))) return true;
  const { ous = [], except = [] } = written;
  // An OU without accounts is given to those that will be in it.
  if (path === undefined || accounts.length > 0) return false;
  const isAbout = (word: string): boolean =>
    isAround(word, path, holding.organization) || liesBelow(word, path, holding.organization);
  return ous.some(isAbout) && !except.some((word) => isAround(word, path, holding.organization));
};

const withoutWords = (text: string, path: Path, keep: readonly string[]): string => {
  const list = valueAt(text, path);
  if (!Array.isArray(list)) return text;
  const gone = list.flatMap((word, index) => (keep.includes(String(word)) ? [] : [index]));
  return gone.toReversed().reduce((next, index) => removed(next, [...path, index]), text);
};

/** Exceptions that leave nothing out any more would be found fault with. */
const usefulExceptions = (written: TargetWords, { holding }: Taking): readonly string[] => {
  const { except = [], ...whole } = written;
  const all = holding.reached(whole);
  return except.filter((word) => holding.reached({ ...whole, except: [word] }).length < all.length);
};

type EntryEdit = { readonly text: string; readonly note?: string } | EditRefusal;

const excepted = (text: string, entry: PlacedEntry, taking: Taking): EntryEdit => {
  const { target } = taking.request;
  const at = placeText(entry.place);
  // Where `except` says a word, an account of that name comes before an OU.
  if (target.path !== undefined && taking.holding.organization.accounts.has(target.word))
    return refusedEdit(`${at} gives it to a wider OU, and "except" cannot say the OU: an account is called the same`);
  const path = ['assignments', entry.index, 'except'];
  const words = entry.written.ous ?? [];
  const wider = words.length === 0 ? 'by tags' : `to ${listed(words)}`;
  return {
    text: withWord(text, path, { word: target.word, after: keysBefore(keysOf('group', 'assignments'), 'except') }),
    note: `${at} gives it ${wider}, so ${whereWords(target)} is excepted there.`,
  };
};

const withoutIn = (text: string, entry: PlacedEntry, taking: Taking): EntryEdit => {
  const { target } = taking.request;
  const rest = narrower(entry.written, taking);
  const isStill = reaches(rest, taking);
  const left = isStill ? { ...rest, except: [...(rest.except ?? []), target.word] } : rest;
  const path = ['assignments', entry.index];
  if (taking.holding.reached(left).length === 0) return { text: removed(text, path) };
  const useful = usefulExceptions(left, taking);
  const narrowed = [
    ['accounts', rest.accounts ?? []] as const,
    ['ous', rest.ous ?? []] as const,
    ['except', useful] as const,
  ].reduce((next, [key, keep]) => withoutWords(next, [...path, key], keep), text);
  return isStill ? excepted(narrowed, entry, taking) : { text: narrowed };
};

/** Entries that have ended are left alone: they give nothing. */
const givingNow = ({ request, holding }: Taking): readonly PlacedEntry[] =>
  holding.entries.filter(
    ({ written }) =>
      (written.until === undefined || written.until >= request.today) && reaches(written, { request, holding }),
  );

/** Nothing where no entry of the group or user itself gives it. */
export const withoutGrant = (repo: Repo, request: GrantRequest): TakenGrant | EditRefusal | undefined => {
  const holding = holdingOf(repo, request);
  if (holding === undefined) return undefined;
  const entries = givingNow({ request, holding });
  if (entries.length === 0) return undefined;
  let text = textIn(repo, holding.path);
  const notes: string[] = [];
  // From the last to the first, so that the indexes of the others hold.
  for (const entry of entries.toReversed()) {
    const edit = withoutIn(text, entry, { request, holding });
    if ('refused' in edit) return edit;
    text = edit.text;
    if (edit.note !== undefined) notes.unshift(edit.note);
  }
  const edited = withoutEmptyUser(withFile(repo, holding.path, text), request.principal);
  return isRefused(edited) ? edited : { repo: edited, notes };
};
