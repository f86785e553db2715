/** What ends or begins on other days than the base says: who, what, where, the old day and the new one. */
import type { DateChange } from '../model/plan.ts';
import { grouped } from '../model/lists.ts';
import { controlPolicyTypes } from '../kinds/control-policies.ts';
import { decodeName, isControlKind } from '../model/resource.ts';
import { ruleIds } from './access-words.ts';
import { codeSpan, markdownText } from './untrusted.ts';
import { foldedList, number } from './words.ts';
import { byDanger } from '../model/risk.ts';

type GrantWords = { readonly what: string; readonly account?: string };

const patterns: readonly (readonly [pattern: RegExp, given: (parts: readonly string[]) => GrantWords])[] = [
  [
    /^assignment\/(group|user):([^:]+):([^@]+)@(.+)$/,
    ([type, who, set, account = '']) => ({ what: `${type} ${who}: ${set}`, account }),
  ],
  [/^membership\/([^:]+):(.+)$/, ([group, user]) => ({ what: `user ${user}: member of ${group}` })],
  [/^role\/([^:]+):(.+)$/, ([account = '', name]) => ({ what: `role ${name}`, account })],
  [
    /^attachment\/([^:]+):([^@]+)@(?:ou:|account:)?(.+)$/,
    ([kind = '', name = '', where = '']) => {
      const word = isControlKind(kind) ? controlPolicyTypes[kind].word : kind;
      return { what: `${word} ${name} at ${where === 'root' ? 'Root' : where}` };
    },
  ],
  [/^policy\/([^:]+):(.+)$/, ([account = '', name]) => ({ what: `policy ${name}`, account })],
];

const givenBy = (key: string): GrantWords => {
  for (const [pattern, given] of patterns) {
    const found = pattern.exec(key);
    if (found !== null) return given(found.slice(1).map(decodeName));
  }
  return { what: key };
};

const dayText = ({ what }: DateChange, day: string | null): string =>
  day ?? (what === 'begins' ? 'not at all' : 'no end');

const daysText = (change: DateChange): string => {
  const [before, after] = [change.before, change.after].map((day) => dayText(change, day));
  return change.what === 'begins' && change.before === null ? `on ${after}` : `${before} → ${after}`;
};

const MOST_ACCOUNTS = 6;

/** `changes`: alike but for the account. */
const sentenceOf = (changes: readonly DateChange[]): string => {
  const [first] = changes;
  if (first === undefined) return '';
  const accounts = changes.flatMap(({ key }) => givenBy(key).account ?? []);
  const where = accounts.length === 0 ? '' : ` in ${foldedList(accounts, MOST_ACCOUNTS)}`;
  const rules = ruleIds(first);
  const risk = `${first.risk}${rules === '' ? '' : `: ${rules}`}`;
  return `${givenBy(first.key).what}${where}: ${daysText(first)} (${risk})`;
};

const likeness = (change: DateChange): string =>
  JSON.stringify([change.what, givenBy(change.key).what, change.before, change.after, change.risk, ruleIds(change)]);

const ofKind = (dates: readonly DateChange[], what: DateChange['what']): readonly (readonly DateChange[])[] => [
  ...grouped(dates.filter((one) => one.what === what).toSorted(byDanger), likeness).values(),
];

const originText = ([first]: readonly DateChange[]): string =>
  first?.origin === undefined ? '' : ` (${codeSpan(`${first.origin.file}:${first.origin.line}`)})`;

const heads: readonly (readonly [DateChange['what'], string])[] = [
  ['ends-later', 'Ends later'],
  ['begins', 'Begins on'],
  ['ends-earlier', 'Ends earlier'],
];

/** Items are Markdown. */
export const dateLists = (dates: readonly DateChange[]) =>
  heads.map(([what, head]) => {
    const found = ofKind(dates, what);
    return {
      title: `${head} (${number(found.length)})`,
      items: found.map((alike) => `${markdownText(sentenceOf(alike), 600)}${originText(alike)}`),
      word: ['other day', 'other days'] as const,
    };
  });

/** One raw sentence for each that is critical. */
export const criticalDates = (dates: readonly DateChange[]): readonly string[] =>
  heads.flatMap(([what, head]) =>
    ofKind(dates, what)
      .filter(([first]) => first?.risk === 'critical')
      .map((alike) => `${head}: ${sentenceOf(alike)}`),
  );

/** One raw sentence for each day that is another. */
export const dateSentences = (dates: readonly DateChange[]): readonly string[] =>
  heads.flatMap(([what, head]) => ofKind(dates, what).map((alike) => `${head}: ${sentenceOf(alike)}`));
