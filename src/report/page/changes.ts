/** Of a plan what it does and to whom; of AWS how it differs from the files. */
import type { ReportAccess, ReportChange } from '../report.ts';
import type { Child } from './dom.ts';
import { counted, el, linkTo, number, placeLink, section, table } from './dom.ts';
import type { Model } from './model.ts';
import { risks } from './model.ts';
import { givenList, riskMark } from './words.ts';

/** More make a page that nobody reads and a browser that waits. */
const mostRows = 2000;

const worstFirst = <T extends { readonly risk: ReportChange['risk'] }>(items: readonly T[]): readonly T[] =>
  items.toSorted((one, other) => risks.indexOf(other.risk) - risks.indexOf(one.risk));

const listOf = (because: readonly string[]): HTMLElement =>
  el('ul', { class: 'because' }, ...because.map((one) => el('li', {}, one)));

const mostReasons = 2;

/** An administrator has more reasons than a screen has lines: the first say it, the others are folded. */
const becauseList = (because: readonly string[]): Child => {
  if (because.length === 0) return '';
  const more = because.slice(mostReasons);
  if (more.length === 0) return listOf(because);
  return [
    listOf(because.slice(0, mostReasons)),
    el('details', {}, el('summary', {}, counted(more.length, 'more reason')), listOf(more)),
  ];
};

const changeRow = (model: Model, { words, risk, because, at, key }: ReportChange): readonly Child[] => [
  el('span', { title: key }, words),
  riskMark(risk),
  becauseList(because),
  placeLink(model.report, at),
];

const principalLink = (who: string): Child => {
  const [, type = '', name = who] = /^(group|user):(.*)$/s.exec(who) ?? [];
  return type === '' ? who : linkTo(decoded(name), 'who', type, decoded(name));
};

/** Names in keys are percent-encoded. */
const decoded = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

const few = 6;

const accessRow = ({ who, people, accounts, gained, lost, risk, because }: ReportAccess): readonly Child[] => [
  [principalLink(who), people > 1 ? ` (${number(people)} people)` : ''],
  accounts.length > few
    ? `${accounts.slice(0, few).join(', ')} and ${number(accounts.length - few)} more`
    : accounts.join(', '),
  riskMark(risk),
  becauseList(because),
  [
    gained.length === 0 ? '' : el('details', {}, el('summary', {}, 'Gains'), givenList(gained)),
    lost.length === 0 ? '' : el('details', {}, el('summary', {}, 'Loses'), givenList(lost)),
  ],
];

const titles = {
  plan: 'What the plan does',
  live: 'Drift: how AWS differs from the files',
  desired: 'Changes',
} as const;
const empties = { plan: 'Nothing to do.', live: 'AWS is what the files say.', desired: 'None.' } as const;

export const changesView = (model: Model): HTMLElement => {
  const { changes, access, subject } = model.report;
  const more = changes.length - mostRows;
  return el(
    'section',
    {},
    el('h1', {}, titles[subject]),
    section(
      subject === 'live' ? 'Who would gain or lose if AWS became what the files say' : 'Who gains, who loses',
      table(
        { caption: 'People and groups, the riskiest first', empty: 'Nobody.' },
        ['Who', 'In', 'Risk', 'Because', 'What'],
        worstFirst(access).slice(0, mostRows).map(accessRow),
      ),
    ),
    section(
      counted(changes.length, 'change'),
      table(
        { caption: 'Each change, the riskiest first', empty: empties[subject] },
        ['What', 'Risk', 'Because', 'Written at'],
        worstFirst(changes)
          .slice(0, mostRows)
          .map((change) => changeRow(model, change)),
      ),
      more > 0 ? el('p', { class: 'note' }, `${number(more)} more are in the tables of --csv and --json.`) : undefined,
    ),
  );
};
