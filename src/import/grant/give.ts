/** A grant written where a person would write it: into the entry that says the same, or as an entry of its own. */
import type { GrantTerms } from '../../model/desired.ts';
import { quoted } from '../../desired/text.ts';
import { dayBefore } from '../../model/days.ts';
import type { Place } from '../../model/problem.ts';
import { withUserFile } from '../edit/new-files.ts';
import { hasKey, inserted, removed, replaced, withKey, withPlainDay } from '../edit/range.ts';
import { isRefused, refusedEdit, textIn, withFile } from '../edit/repo.ts';
import type { Edited, Repo } from '../edit/repo.ts';
import { named, unexcepted, withWord } from '../edit/targets.ts';
import type { Aim } from '../edit/targets.ts';
import { keysBefore, keysOf } from '../write/key-order.ts';
import { block } from '../write/text.ts';
import { givesIn, holdingOf, isExactly } from './entries.ts';
import type { GrantHolding, PlacedEntry, WrittenEntry } from './entries.ts';
import type { GrantRequest } from './request.ts';

const noEnd = '9999-12-31~';
const endOf = ({ until }: GrantTerms): string => until ?? noEnd;
const startOf = ({ terms, today }: GrantRequest): string => terms.from ?? today;
const isBegun = ({ from }: WrittenEntry, day: string): boolean => from === undefined || from <= day;

/** Where all of it is given already, for as long or longer. */
export const givenAlready = (repo: Repo, request: GrantRequest): Place | undefined => {
  const holding = holdingOf(repo, request);
  return holding?.entries.find(
    ({ written }) =>
      isBegun(written, startOf(request)) &&
      endOf(written) >= endOf(request.terms) &&
      givesIn(written, request.target, holding),
  )?.place;
};

/** An entry of exactly this that ends too early gets the later end; one with a gap before the request does not. */
const isProlonged = ({ written }: PlacedEntry, request: GrantRequest, holding: GrantHolding): boolean => {
  const start = startOf(request);
  return (
    isExactly(written, request.target, holding) &&
    isBegun(written, start) &&
    endOf(written) < endOf(request.terms) &&
    (start <= request.today || endOf(written) >= dayBefore(start))
  );
};

const withPlainDays = (text: string, index: number): string =>
  ['from', 'until'].reduce((next, key) => withPlainDay(next, ['assignments', index, key]), text);

type Term = { readonly index: number; readonly key: 'until' | 'reason'; readonly value: string | undefined };

const withTerm = (text: string, { index, key, value }: Term): string => {
  const path = ['assignments', index, key];
  if (value === undefined) return removed(text, path);
  if (hasKey(text, path)) return replaced(text, path, { value, spelling: 'yaml' });
  const after = keysBefore(keysOf('group', 'assignments'), key);
  return withKey(text, path.slice(0, -1), { key, value, spelling: 'yaml', after });
};

const prolonged = (text: string, index: number, { until, reason }: GrantTerms): string => {
  const ended = withPlainDays(withTerm(text, { index, key: 'until', value: until }), index);
  return reason === undefined ? ended : withTerm(ended, { index, key: 'reason', value: reason });
};

const saysTheSame = (written: WrittenEntry, { from, until, reason }: GrantTerms): boolean =>
  written.from === from && written.until === until && written.reason === reason && written.tags === undefined;

const widenedOu = (text: string, aim: Aim, { request, holding }: Giving): string | undefined => {
  const { word } = request.target;
  const wider = { ...aim.written, ous: [...(aim.written.ous ?? []), word] };
  if (!givesIn(wider, request.target, holding)) return undefined;
  return withWord(text, [...aim.path, 'ous'], { word, after: keysBefore(keysOf('group', 'assignments'), 'ous') });
};

type Giving = { readonly request: GrantRequest; readonly holding: GrantHolding };

/** The first entry of the same terms that can take the target; those that name accounts already come first. */
const widened = (text: string, giving: Giving): string | undefined => {
  const { request, holding } = giving;
  const same = holding.entries.filter(({ written }) => saysTheSame(written, request.terms));
  const isNaming = ({ written }: PlacedEntry): boolean =>
    (request.target.path === undefined ? written.accounts : written.ous) !== undefined;
  for (const { index, written } of same.toSorted((one, other) => Number(isNaming(other)) - Number(isNaming(one)))) {
    const aim: Aim = {
      path: ['assignments', index],
      written,
      order: keysOf('group', 'assignments'),
      reached: holding.reached,
    };
    const { word, path } = request.target;
    const made =
      path === undefined ? (unexcepted(text, aim, word) ?? named(text, aim, word)) : widenedOu(text, aim, giving);
    if (made !== undefined) return made;
  }
  return undefined;
};

const entryOf = ({ given, target, terms }: GrantRequest) => ({
  ...given,
  ...(target.path === undefined ? { accounts: [target.word] } : { ous: [target.word] }),
  ...(terms.from === undefined ? {} : { from: terms.from }),
  ...(terms.until === undefined ? {} : { until: terms.until }),
  ...(terms.reason === undefined ? {} : { reason: terms.reason }),
});

/** Below the other entries of its set or role, or else at the end. */
const withNewEntry = (text: string, { request, holding }: Giving): string => {
  const value = entryOf(request);
  const lines = block(value, 4);
  if (holding.count !== undefined) {
    const index = (holding.entries.at(-1)?.index ?? holding.count - 1) + 1;
    return withPlainDays(inserted(text, ['assignments'], { value, lines, spelling: 'yaml', index }), index);
  }
  const after = ['group', 'user', 'previously', 'description', 'source', 'create', 'members'];
  const next = withKey(text, [], {
    key: 'assignments',
    value: [value],
    spelling: 'yaml',
    block: lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)),
    after,
  });
  return withPlainDays(next, 0);
};

const editedText = (text: string, giving: Giving): string => {
  const { request, holding } = giving;
  const early = holding.entries.find((entry) => isProlonged(entry, request, holding));
  if (early !== undefined) return prolonged(text, early.index, request.terms);
  return widened(text, giving) ?? withNewEntry(text, giving);
};

/** The request is given, from its first to its last day. */
export const withGrant = (before: Repo, request: GrantRequest): Edited => {
  const repo = withUserFile(before, request.principal);
  if (isRefused(repo)) return repo;
  const holding = holdingOf(repo, request);
  if (holding === undefined)
    return refusedEdit(`no file can name ${request.principal.type} ${quoted(request.principal.name)}`);
  const text = editedText(textIn(repo, holding.path), { request, holding });
  return withFile(repo, holding.path, text);
};
