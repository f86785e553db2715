/** An access review in Markdown: a table for each group or user, with a place to say keep or remove. */
import { grouped } from '../model/lists.ts';
import { givenWordsOf } from '../model/review.ts';
import type { AccessReview, GrantBacking, GrantEvent, ReviewRow } from '../model/review.ts';
import { daysOf } from './grant-sentences.ts';
import { codeSpan, markdownText } from './untrusted.ts';
import { counted } from './words.ts';

/** "#12", or why there is no number. */
export const pullWords = (backing: GrantBacking): string => {
  if (backing.is === 'pull request') return `#${backing.number}`;
  return backing.is === 'no pull request' ? 'none' : backing.is;
};

/** Whose approvals count, and why others do not. */
export const approverWords = (backing: GrantBacking): string => {
  if (backing.is === 'not asked') return 'not asked';
  if (backing.is === 'not read') return `not read: ${backing.why}`;
  if (backing.is === 'no pull request') return 'nobody: no pull request';
  const { approvers, ignored } = backing;
  const but = ignored.length === 0 ? '' : ` (${ignored.join('; ')})`;
  return `${approvers.length === 0 ? 'nobody' : approvers.join(', ')}${but}`;
};

/** "2026-12-01", or earlier where the checkout does not say. */
export const eventDay = ({ day, isCut }: GrantEvent): string => (isCut ? `${day} or earlier` : day);

const text = (words: string): string => (words === '' ? '' : markdownText(words));
const broken = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('<br>');

const eventCell = (event: GrantEvent): string => {
  const { sha, subject, backing } = event;
  const pull = backing.is === 'pull request' ? ` ${text(pullWords(backing))} by ${text(backing.author)}` : '';
  return broken([`${text(eventDay(event))} ${codeSpan(sha.slice(0, 7))}${pull}`, markdownText(subject, 80)]);
};

const changedCell = ({ since, changed }: ReviewRow): string =>
  since.sha === changed.sha
    ? 'never'
    : broken([eventCell(changed), text(`approved by ${approverWords(changed.backing)}`)]);

const whereCell = ({ where, accounts, within }: ReviewRow): string => {
  const inside = within === undefined || within === accounts.length ? '' : `, ${within} of them here`;
  return broken([text(where), `${counted(accounts.length, 'account')}${inside}`]);
};

type ReviewColumn = readonly [title: string, cell: (row: ReviewRow) => string];

const placeCell = ({ place }: ReviewRow): string => codeSpan(`${place.file}:${place.line}`);
const untilCell = (row: ReviewRow): string => text(daysOf(row)) || 'no end';

const common: readonly ReviewColumn[] = [
  ['Until', untilCell],
  ['Why', ({ reason = '' }) => text(reason)],
  ['Since', ({ since }) => eventCell(since)],
  ['Approved by', ({ since }) => text(approverWords(since.backing))],
  ['Last changed', changedCell],
  ['Id', ({ id }) => codeSpan(id)],
  ['Decision', () => ''],
  ['Note', () => ''],
];

const ofHolder: readonly ReviewColumn[] = [
  ['Gets', (row) => broken([text(givenWordsOf(row)), placeCell(row)])],
  ['Where', whereCell],
  ...common,
];
const ofOneSet: readonly ReviewColumn[] = [
  ['Who', (row) => broken([text(holderWords(row)), placeCell(row)])],
  ['Where', whereCell],
  ...common,
];
const ofMembers: readonly ReviewColumn[] = [['Member', (row) => broken([text(row.what), placeCell(row)])], ...common];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (columns: readonly ReviewColumn[], rows: readonly ReviewRow[]): string =>
  [
    line(columns.map(([title]) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ].join('\n');

const holderWords = ({ holder, people }: ReviewRow): string => {
  const count = people === undefined ? '' : `, ${counted(people, 'person', 'people')}`;
  return `${holder.name} (${holder.type}${count})`;
};

const isMember = ({ kind }: ReviewRow): boolean => kind === 'membership';

const holderSection = (rows: readonly ReviewRow[]): readonly string[] => {
  const [given, members] = [rows.filter((row) => !isMember(row)), rows.filter(isMember)];
  const [first] = [...given, ...members];
  if (first === undefined) return [];
  return [
    `## ${text(holderWords(first))}`,
    ...(given.length === 0 ? [] : [table(ofHolder, given)]),
    ...(members.length === 0 ? [] : [`${counted(members.length, 'member')}:`, table(ofMembers, members)]),
  ];
};

const sectionsOf = ({ rows, of = '', ofSet }: AccessReview): readonly string[] => {
  const given = ofSet ? rows.filter((row) => !isMember(row)) : [];
  const rest = ofSet ? rows.filter(isMember) : rows;
  return [
    ...(given.length === 0 ? [] : [`## ${text(of.replace(/^permission set /, ''))}`, table(ofOneSet, given)]),
    ...[...grouped(rest, ({ holder }) => JSON.stringify(holder)).values()].flatMap(holderSection),
  ];
};

const askedWords = ({ repository }: AccessReview): string =>
  repository === undefined
    ? 'GitHub was not asked who approved: name the repository with --repo, and give a token in GITHUB_TOKEN.'
    : `Pull requests and approvals are those of ${repository}.`;

const endedWords = ({ ended }: AccessReview): string =>
  ended === 0
    ? ''
    : ` ${counted(ended, 'entry', 'entries')} that ended before gave nothing and ${ended === 1 ? 'is' : 'are'} left out.`;

/** `gatehouse`: how whoever reads it starts Gatehouse. */
export const reviewMarkdown = (review: AccessReview, gatehouse: string): string => {
  const { commit, day, of, rows } = review;
  const about = of === undefined ? 'who has what' : of;
  const command = codeSpan(`${gatehouse} review --apply FILE`);
  const how = `Write \`keep\` or \`remove\` under Decision, and why under Note. A decision is about the whole entry, in all accounts that it names. Then ${command} turns what is to be removed into a branch.`;
  return [
    `# Access review: ${text(about)}`,
    `Of commit ${codeSpan(commit.slice(0, 7))} on ${day}: ${counted(rows.length, 'entry', 'entries')}.${endedWords(review)} ${text(askedWords(review))}`,
    how,
    ...sectionsOf(review),
    '',
  ]
    .join('\n\n')
    .trimEnd();
};
