/** Of a person or a group: everything it reaches, through what, until when, and what guard rails keep from it. */
import type { Child } from './dom.ts';
import { counted, el, linkTo, placeLink, section, standingMark, table } from './dom.ts';
import type { Holding, Model } from './model.ts';
import { givenNameOf, placesOf, within } from './model.ts';
import type { ReportMember, ReportReach, ReportSet } from '../report.ts';
import { accountsText, givenList, grantNotes, holdingRow, riskMark, setLink, untilText, whoLink } from './words.ts';

type Reached = { readonly reach: ReportReach; readonly places: readonly number[] };

/** What its sets and roles come to, in the accounts in which it has them. */
const reachedBy = (model: Model, holdings: readonly Holding[]): readonly Reached[] => {
  return model.report.reaches.flatMap((reach) => {
    const other = reach.before ? 'added' : 'removed';
    const grants = holdings.filter(({ grant }) => grant.set === reach.set && grant.standing !== other);
    if (grants.length === 0) return [];
    const places = placesOf(reach.accounts).filter((place) =>
      grants.some(({ grant }) => within(grant.accounts, place)),
    );
    return places.length === 0 ? [] : [{ reach, places }];
  });
};

const reachBlock = (model: Model, { reach, places }: Reached): HTMLElement =>
  el(
    'article',
    {},
    el('h3', {}, setLink(model, reach.set), ' ', riskMark(reach.risk), reach.before ? ' before the plan' : ''),
    el('p', {}, 'In ', accountsText(model, places)),
    reach.because.length === 0
      ? undefined
      : el('ul', { class: 'because' }, ...reach.because.map((one) => el('li', {}, one))),
    el('details', {}, el('summary', {}, 'Every action'), givenList(model.report.given[reach.gives] ?? [])),
  );

/** Each guard rail that has a name leads to its page. */
const byText = ({ report }: Model, by: string): Child =>
  by
    .split(', ')
    .map((name, at) => [
      at === 0 ? '' : ', ',
      report.rails.some((rail) => rail.name === name) ? linkTo(name, 'tree', 'rail', name) : name,
    ]);

const cannotRows = (model: Model, reached: readonly Reached[]): readonly (readonly Child[])[] =>
  reached.flatMap(({ reach, places }) =>
    (reach.before ? [] : reach.blocked).map(({ by, actions }) => [
      byText(model, by),
      actions.join(', '),
      setLink(model, reach.set),
      accountsText(model, places),
    ]),
  );

const memberRow = (model: Model, member: ReportMember, who: number): readonly Child[] => [
  [whoLink(model, who), ' ', standingMark(member.standing), member.later ? ` from ${member.from ?? ''}` : ''],
  untilText(member.until),
  member.reason ?? '',
  placeLink(model.report, member.at),
];

const memberTables = (model: Model, who: number): readonly Child[] => {
  const { type, external } = model.report.principals[who] ?? {};
  const columns = ['Name', 'Until', 'Why', 'Written at'];
  if (type === 'user')
    return [
      section(
        'Groups',
        table(
          { caption: 'Groups that it is a member of' },
          columns,
          model.groupsOf(who).map((one) => memberRow(model, one, one.group)),
        ),
      ),
    ];
  const nobody = external ? 'Its members are kept in the corporate directory.' : 'Nobody.';
  return [
    section(
      'People',
      table(
        { caption: 'Members', empty: nobody },
        columns,
        model.membersOf(who).map((one) => memberRow(model, one, one.user)),
      ),
    ),
  ];
};

const holdingTable = (model: Model, holdings: readonly Holding[]): HTMLElement =>
  table(
    { caption: 'Grants, each with where it is written', empty: 'It holds nothing.' },
    ['Gets', 'In', 'Until', 'Why', 'Through', 'Written at'],
    holdings.map((holding) => holdingRow(model, holding)),
  );

export const personView = (model: Model, type: string, name: string): HTMLElement => {
  const who = model.report.principals.findIndex((one) => one.type === type && one.name === name);
  const found = model.report.principals[who];
  if (found === undefined)
    return el('section', {}, el('h1', {}, name), el('p', {}, 'Nobody of that name is in the report.'));
  const holdings = model.holdings(who);
  const reached = reachedBy(model, holdings);
  return el(
    'section',
    {},
    el(
      'h1',
      {},
      found.name,
      ' ',
      el('small', {}, found.type === 'user' ? 'person' : 'group'),
      standingMark(found.standing),
    ),
    el('p', {}, found.description ?? '', ' ', placeLink(model.report, found.at)),
    section('Holds', holdingTable(model, holdings)),
    memberTables(model, who),
    section(
      'Cannot, because of guard rails',
      table(
        {
          caption: 'Sensitive actions that its sets and roles give and guard rails take back',
          empty: 'No guard rail takes a sensitive action away from what it holds.',
        },
        ['Guard rail', 'Stops', 'Of', 'In'],
        cannotRows(model, reached),
      ),
    ),
    section(
      'Reaches',
      reached.length === 0 ? el('p', { class: 'empty' }, 'Nothing.') : reached.map((one) => reachBlock(model, one)),
    ),
  );
};

const setHolders = (model: Model, set: number): readonly (readonly Child[])[] =>
  model.report.grants
    .filter((grant) => grant.set === set)
    .map((grant) => [
      [whoLink(model, grant.who), ' ', grantNotes({ grant })],
      accountsText(model, placesOf(grant.accounts)),
      untilText(grant.until),
      grant.reason ?? '',
      placeLink(model.report, grant.at),
    ]);

const hours = (seconds: number): string => counted(Math.round((seconds / 3600) * 10) / 10, 'hour');

const sessionWords = ({ session, policies }: ReportSet): string =>
  session === undefined
    ? 'The role could not be read.'
    : `Sessions of ${hours(session)}; ${policies.join(', ') || 'no policy'}.`;

const setFacts = (model: Model, found: ReportSet): readonly Child[] => [
  el(
    'h1',
    {},
    givenNameOf(found),
    ' ',
    el('small', {}, found.isRole ? 'by account access manager' : 'permission set'),
    standingMark(found.standing),
  ),
  el('p', {}, found.description ?? '', ' ', placeLink(model.report, found.at)),
  el('p', {}, sessionWords(found)),
];

export const setView = (model: Model, name: string): HTMLElement => {
  const set = model.report.sets.findIndex((one) => givenNameOf(one) === name);
  const found = model.report.sets[set];
  if (found === undefined)
    return el('section', {}, el('h1', {}, name), el('p', {}, 'No set or role of that name is in the report.'));
  const reached = model.report.reaches
    .filter((reach) => reach.set === set)
    .map((reach) => ({ reach, places: placesOf(reach.accounts) }));
  return el(
    'section',
    {},
    setFacts(model, found),
    section(
      'Held by',
      table(
        { caption: 'Who holds it where', empty: 'Nobody holds it.' },
        ['Who', 'In', 'Until', 'Why', 'Written at'],
        setHolders(model, set),
      ),
    ),
    section(
      'Stopped by guard rails',
      table(
        { caption: 'What guard rails take back', empty: 'Nothing.' },
        ['Guard rail', 'Stops', 'Of', 'In'],
        cannotRows(model, reached),
      ),
    ),
    section(
      'Gives',
      reached.map((one) => reachBlock(model, one)),
    ),
  );
};
