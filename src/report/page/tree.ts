/** The tree of OUs with the guard rails that hang on it, and what each takes away. */
import type { RailTarget, ReportRail, ReportReach } from '../report.ts';
import { railLink, statementList } from './account.ts';
import type { Child } from './dom.ts';
import { counted, el, linkTo, number, placeLink, section, standingMark, table } from './dom.ts';
import type { Model } from './model.ts';
import { placesOf } from './model.ts';
import { accountsText, setLink } from './words.ts';

const mostAccounts = 40;

type Branch = { readonly path: string; readonly branches: readonly Branch[] };

const isChild = (path: string, of: string): boolean =>
  of === ''
    ? path !== '' && !path.includes('/')
    : path.startsWith(`${of}/`) && !path.slice(of.length + 1).includes('/');

const branchOf = (paths: readonly string[], path: string): Branch => ({
  path,
  branches: paths.filter((one) => isChild(one, path)).map((one) => branchOf(paths, one)),
});

const hungOn = (
  { report }: Model,
  type: RailTarget['type'],
  name: string,
): readonly (readonly [ReportRail, RailTarget])[] =>
  report.rails.flatMap((rail) =>
    rail.on.filter((target) => target.type === type && target.name === name).map((target) => [rail, target] as const),
  );

const railItem = (model: Model, rail: ReportRail, target: RailTarget): HTMLElement =>
  el(
    'li',
    {},
    railLink(rail),
    ' ',
    el('span', { class: 'quiet' }, rail.kind.toUpperCase()),
    ' ',
    standingMark(target.standing ?? rail.standing),
    rail.description === '' ? '' : ` ${rail.description} `,
    ' ',
    placeLink(model.report, target.at),
  );

const railItems = (model: Model, type: RailTarget['type'], name: string): Child => {
  const hung = hungOn(model, type, name);
  return hung.length === 0
    ? undefined
    : el('ul', { class: 'rails' }, ...hung.map(([rail, target]) => railItem(model, rail, target)));
};

const accountItems = (model: Model, path: string): readonly Child[] => {
  const here = model.report.accounts.filter(({ ou }) => ou === path);
  const more = here.length - mostAccounts;
  return [
    ...here
      .slice(0, mostAccounts)
      .map((account) =>
        el(
          'li',
          { class: 'leaf' },
          linkTo(account.name, 'account', account.name),
          ' ',
          el('span', { class: 'quiet' }, account.kind === 'elsewhere' ? 'account' : account.kind),
          railItems(model, 'account', account.name),
        ),
      ),
    more > 0 ? el('li', { class: 'quiet' }, `and ${number(more)} more accounts`) : undefined,
  ];
};

const branchItem = (model: Model, { path, branches }: Branch): HTMLElement => {
  const ou = model.report.ous.find((one) => one.path === path);
  const below = model.report.accounts.filter((account) => account.ou === path || account.ou.startsWith(`${path}/`));
  const name = path === '' ? 'Root' : path.slice(path.lastIndexOf('/') + 1);
  const count = path === '' ? model.report.accounts.length : below.length;
  return el(
    'li',
    {},
    el('b', {}, name),
    ' ',
    el('span', { class: 'quiet' }, counted(count, 'account')),
    ' ',
    standingMark(ou?.standing),
    placeLink(model.report, ou?.at),
    railItems(model, path === '' ? 'root' : 'ou', path),
    el(
      'ul',
      { class: 'tree' },
      accountItems(model, path),
      branches.map((branch) => branchItem(model, branch)),
    ),
  );
};

const sharesOf = ({ blocked }: ReportReach, rail: string): readonly string[] =>
  blocked.filter(({ by }) => by.split(', ').includes(rail)).flatMap(({ actions }) => actions);

/** From whom it takes something that their sets would give. */
const takenRows = (model: Model, rail: string): readonly (readonly Child[])[] =>
  model.report.reaches.flatMap((reach) => {
    const actions = reach.before ? [] : sharesOf(reach, rail);
    if (actions.length === 0) return [];
    return [[setLink(model, reach.set), actions.join(', '), accountsText(model, placesOf(reach.accounts))]];
  });

const targetText = ({ type, name }: RailTarget): Child =>
  type === 'account' ? linkTo(name, 'account', name) : type === 'root' ? 'Root' : name;

const targetTable = ({ report }: Model, { on }: ReportRail): HTMLElement =>
  table(
    { caption: 'Where it hangs', empty: 'Nowhere.' },
    ['On', 'Written at'],
    on.map((target) => [[targetText(target), ' ', standingMark(target.standing)], placeLink(report, target.at)]),
  );

const railView = (model: Model, name: string): HTMLElement => {
  const rail = model.report.rails.find((one) => one.name === name);
  if (rail === undefined)
    return el('section', {}, el('h1', {}, name), el('p', {}, 'No such guard rail is in the report.'));
  return el(
    'section',
    {},
    el(
      'h1',
      {},
      rail.name,
      ' ',
      el('small', {}, rail.kind === 'scp' ? 'service control policy' : 'resource control policy'),
      standingMark(rail.standing),
    ),
    el('p', {}, rail.description, ' ', placeLink(model.report, rail.at)),
    section('Takes away', statementList(model, rail.statements)),
    section('Hangs on', targetTable(model, rail)),
    section(
      'Felt by',
      table(
        {
          caption: 'Sensitive actions that a set gives and this takes back',
          empty: 'No set that is given would have given a sensitive action that it stops.',
        },
        ['Set', 'Cannot', 'In'],
        takenRows(model, name),
      ),
    ),
  );
};

export const treeView = (model: Model, part = '', name = ''): HTMLElement => {
  if (part === 'rail') return railView(model, name);
  const paths = model.report.ous.map(({ path }) => path).toSorted();
  return el(
    'section',
    {},
    el('h1', {}, 'Guard rails'),
    el('p', { class: 'quiet' }, 'What hangs on an OU binds every account below it, but never the management account.'),
    el('ul', { class: 'tree top' }, branchItem(model, branchOf(paths, ''))),
  );
};
