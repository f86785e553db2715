/** How grants, risks, days and lists of accounts are said. */
import type { Given, ReportReach } from '../report.ts';
import type { Child } from './dom.ts';
import { counted, el, linkTo, number, placeLink, spoken, standingMark } from './dom.ts';
import type { Holding, Model, Risk } from './model.ts';
import { placesOf, untilOf } from './model.ts';

const signs: Readonly<Record<Risk, string>> = { low: '○', medium: '◐', high: '◆', critical: '▲' };

/** A sign beside the color: nobody has to tell colors apart. */
export const riskMark = (risk: Risk): HTMLElement =>
  el(
    'span',
    { class: `risk ${risk}`, title: `${risk} risk` },
    el('span', { 'aria-hidden': 'true' }, signs[risk]),
    ` ${risk}`,
  );

export const riskSign = (risk: Risk): Child => [
  el('span', { class: 'sign', 'aria-hidden': 'true' }, signs[risk]),
  spoken(`${risk} risk:`),
];

export const untilText = (until: string | undefined): Child =>
  until === undefined ? el('span', { class: 'quiet' }, 'no end') : el('time', { datetime: until }, until);

const fewAccounts = 8;
const namedAccounts = 200;

const accountLink = ({ report }: Model, place: number): Child => {
  const name = report.accounts[place]?.name ?? '';
  return linkTo(name, 'account', name);
};

const separated = (parts: readonly Child[]): readonly Child[] =>
  parts.flatMap((part, at) => (at === 0 ? [part] : [', ', part]));

const ousOf = ({ report }: Model, places: readonly number[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const place of places) {
    const ou = report.accounts[place]?.ou ?? '';
    counts.set(ou, (counts.get(ou) ?? 0) + 1);
  }
  return [...counts].map(([ou, count]) => `${ou === '' ? 'Root' : ou} (${number(count)})`);
};

/** A few by name; many by their OUs, and by name where one asks. */
export const accountsText = (model: Model, places: readonly number[]): Child => {
  if (places.length <= fewAccounts) return separated(places.map((place) => accountLink(model, place)));
  const more = places.length - namedAccounts;
  return el(
    'details',
    {},
    el('summary', {}, `${counted(places.length, 'account')}: ${ousOf(model, places).slice(0, 6).join(', ')}`),
    separated(places.slice(0, namedAccounts).map((place) => accountLink(model, place))),
    more > 0 ? ` and ${number(more)} more` : '',
  );
};

const principalLink = ({ report }: Model, who: number): Child => {
  const { type = 'group', name = '' } = report.principals[who] ?? {};
  return linkTo(name, 'who', type, name);
};
export const whoLink = principalLink;

export const setLink = ({ givenName }: Model, set: number): Child => {
  const name = givenName(set);
  return linkTo(name, 'set', name);
};

export const throughText = (model: Model, { through }: Holding): Child =>
  through === undefined
    ? 'itself'
    : ['member of ', principalLink(model, through.group), ' ', placeLink(model.report, through.at)];

export const grantNotes = ({ grant, through }: Holding): Child => [
  standingMark(grant.standing ?? through?.standing),
  grant.later || through?.later
    ? el('span', { class: 'standing later' }, `from ${grant.later ? (grant.from ?? '') : (through?.from ?? '')}`)
    : undefined,
  grant.undeclared ? el('span', { class: 'standing undeclared' }, 'in no file') : undefined,
];

export const holdingRow = (model: Model, holding: Holding): readonly Child[] => {
  const { grant } = holding;
  return [
    [setLink(model, grant.set), ' ', grantNotes(holding)],
    accountsText(model, placesOf(grant.accounts)),
    untilText(untilOf(holding)),
    grant.reason ?? '',
    throughText(model, holding),
    placeLink(model.report, grant.at),
  ];
};

const givenText = ({ service, level, actions, more, except = [], bound }: Given): Child => {
  const what = service === '*' ? 'Everything in AWS' : `${service} · ${level}`;
  const how = bound === 'possible' ? ' (on some resources or under conditions)' : '';
  const rest = more > 0 ? ` and ${number(more)} more` : '';
  const but = except.length === 0 ? '' : `all but ${except.join(', ')}`;
  const isWhole = service === '*' || actions.join() === '*';
  return el(
    'li',
    {},
    el('b', {}, what),
    how,
    isWhole && but === '' ? '' : ': ',
    isWhole ? but : `${actions.join(', ')}${rest}`,
  );
};

export const givenList = (given: readonly Given[]): Child =>
  given.length === 0 ? el('p', { class: 'empty' }, 'Nothing.') : el('ul', { class: 'given' }, ...given.map(givenText));

/** The accounts where guard rails take the same, with what they take. */
export const blockedList = (reach: ReportReach): Child =>
  reach.blocked.length === 0
    ? el('p', { class: 'empty' }, 'No guard rail takes a sensitive action away.')
    : el(
        'ul',
        { class: 'given' },
        ...reach.blocked.map(({ by, actions }) => el('li', {}, el('b', {}, by), ` stops ${actions.join(', ')}`)),
      );
