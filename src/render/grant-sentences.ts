/** One sentence for each grant: "SecureCart-Developers (12 people) get SecureCart-ReadOnly in Staging until 2027-01-31 · SEC-9". */
import type { Risk } from '../model/desired.ts';
import { grouped } from '../model/lists.ts';
import type { GrantRow } from '../model/plan.ts';
import type { SummaryVoice } from './summary.ts';
import { byDanger, rulesOf } from '../model/risk.ts';
import { counted, enumerated, number } from './words.ts';

/** What several people or groups get alike. Raw text. */
export type GrantLine = {
  readonly change: GrantRow['change'];
  readonly who: readonly string[];
  readonly people: number;
  readonly what: string;
  readonly where: readonly string[];
  readonly until: string;
  readonly why: string;
  readonly risk: Risk;
  /** Ids of the rules that made the risk, the telling ones first. */
  readonly rules: readonly string[];
  readonly rows: readonly GrantRow[];
  /** Not everybody in every one of the accounts. */
  readonly isApart: boolean;
};

const MOST_REASON = 60;

/** The parts of a sentence about a grant, raw; '' where there is nothing to say. `until`: "2027-01-31", "until 2027-01-31". */
export type GrantParts = {
  readonly who: string;
  /** With its verb: "get SecureCart-ReadOnly". */
  readonly what: string;
  readonly where: string;
  readonly until: string;
  readonly why: string;
};

const untilText = (days: string): string => {
  if (days === '') return '';
  if (days.startsWith('ended ')) return `, ${days.replace(/^ended /, 'since its end on ')}`;
  return /^(from|until) /.test(days) ? ` ${days}` : ` until ${days}`;
};

/** "Ops (3 people) get Admin in Production until 2027-01-31 · SEC-9": every grant is told in this order. */
export const grantSentence = ({ who, what, where, until, why }: GrantParts): string => {
  const place = where === '' ? '' : ` in ${where}`;
  const reason = why.length > MOST_REASON ? `${why.slice(0, MOST_REASON - 1)}…` : why;
  return `${who} ${what}${place}${untilText(until)}${why === '' ? '' : ` · ${reason}`}`;
};

/** Whoever is administrator escalates, manages permissions and reads data: naming each says nothing more. */
const impliedByAdministrator = [
  'escalation',
  'permissions-management',
  'data-access',
  'sensitive-action',
  'pass-role',
  'assume-role',
];

export const grantRules = (rules: readonly string[]): readonly string[] => {
  const named = rules.filter((rule) => rule !== '');
  return named.includes('administrator') ? named.filter((rule) => !impliedByAdministrator.includes(rule)) : named;
};

const whoOf = ({ who, type, people }: GrantRow): string =>
  type === 'group' && people !== undefined ? `${who} (${counted(people, 'person', 'people')})` : who;

const whatOf = ({ what, isRole, through }: GrantRow): string => {
  if (what === undefined) return `group ${through ?? ''}`;
  const thing = isRole ? `role ${what}` : what;
  return through === undefined ? thing : `${thing} through ${through}`;
};

export const daysOf = ({ from, until }: Pick<GrantRow, 'from' | 'until'>): string =>
  [...(from === undefined ? [] : [`from ${from}`]), ...(until === undefined ? [] : [`until ${until}`])].join(' ');

const likeness = (row: GrantRow): string =>
  JSON.stringify([
    row.change,
    whatOf(row),
    row.from,
    row.until,
    row.reason,
    row.risk,
    grantRules(rulesOf(row)),
    row.type,
  ]);

const lineOf = (rows: readonly [GrantRow, ...GrantRow[]]): GrantLine => {
  const [first] = rows;
  return {
    change: first.change,
    who: rows.map(whoOf),
    people: rows.reduce((sum, { people = 0 }) => sum + people, 0),
    what: whatOf(first),
    where: rows.length === 1 ? first.where : [...new Set(rows.flatMap(({ where }) => where))].sort(),
    until: daysOf(first),
    why: first.reason ?? '',
    risk: first.risk,
    rules: grantRules(rulesOf(first)),
    rows,
    isApart: rows.some(({ where }) => where.join('\n') !== first.where.join('\n')),
  };
};

/** More lines than this are read by nobody: then what several get is told once, wherever they get it. */
export const MOST_APART = 20;

const groupsOf = (rows: readonly GrantRow[]): readonly (readonly GrantRow[])[] => {
  const apart = [...grouped(rows, (row) => `${likeness(row)} ${row.where.join('\n')}`).values()];
  const largest = rows.toSorted((one, other) => (other.people ?? 0) - (one.people ?? 0));
  return apart.length <= MOST_APART ? apart : [...grouped(largest, likeness).values()];
};

/** The riskiest first, then what reaches most people and accounts; what several get alike is one line. */
export const grantLines = (rows: readonly GrantRow[]): readonly GrantLine[] =>
  groupsOf(rows)
    .flatMap((alike) => {
      const [first, ...rest] = alike;
      return first === undefined ? [] : [lineOf([first, ...rest])];
    })
    .toSorted(
      (one, other) => byDanger(one, other) || other.people - one.people || other.where.length - one.where.length,
    );

const MOST_WHO = 3;
const MOST_WHERE = 3;

/** "a, b and c", "12 groups" where there are too many to name. */
const granteeText = ({ who, rows, people }: GrantLine, most = MOST_WHO): string => {
  if (who.length <= most) return enumerated(who);
  const isGroup = rows[0]?.type === 'group';
  const count = isGroup
    ? `${counted(who.length, 'group')} (${counted(people, 'person', 'people')})`
    : counted(who.length, 'person', 'people');
  return `${count}: ${who.slice(0, most).join(', ')} … and ${number(who.length - most)} more`;
};

export const whereText = ({ where }: Pick<GrantLine, 'where'>, most = MOST_WHERE): string =>
  where.length <= most
    ? enumerated(where)
    : `${counted(where.length, 'account')}: ${where.slice(0, most).join(', ')} … and ${number(where.length - most)} more`;

const verbs: Readonly<
  Record<SummaryVoice, Readonly<Record<GrantRow['change'], readonly [one: string, many: string]>>>
> = {
  plan: { gets: ['gets', 'get'], loses: ['loses', 'lose'] },
  drift: { gets: ['lacks', 'lack'], loses: ['has', 'have'] },
};
const joining: Readonly<
  Record<SummaryVoice, Readonly<Record<GrantRow['change'], readonly [one: string, many: string]>>>
> = {
  plan: { gets: ['joins', 'join'], loses: ['leaves', 'leave'] },
  drift: { gets: ['is missing in', 'are missing in'], loses: ['is in', 'are in'] },
};

/** "gets", "lose": what happens to them, or in drift what they have. */
const verbOf = (line: GrantLine, voice: SummaryVoice): string => {
  const words = line.rows[0]?.what === undefined ? joining : verbs;
  const [one, many] = words[voice][line.change];
  return line.who.length === 1 && line.rows[0]?.type === 'user' ? one : many;
};

/** "900 accounts: A, B, C … and 897 more, each in some". */
export const apartText = (line: Pick<GrantLine, 'where'>): string => `${whereText(line)}, each in some`;

/** What a line says in its columns. */
export const grantParts = (line: GrantLine, voice: SummaryVoice): GrantParts => ({
  who: granteeText(line),
  what: `${verbOf(line, voice)} ${line.what}`,
  where: line.isApart ? apartText(line) : whereText(line),
  until: line.until.replace(/^until /, line.change === 'loses' ? 'ended ' : ''),
  why: line.why,
});
