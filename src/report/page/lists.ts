/** Everybody, and every account, as lists that can be searched. */
import type { Child } from './dom.ts';
import { counted, el, linkTo, number, replace } from './dom.ts';
import { gridView } from './grid.ts';
import type { Holding, Model, Risk } from './model.ts';
import { placesOf, sizeOf, untilOf, worse } from './model.ts';
import { riskMark, whoLink } from './words.ts';

type Line = { readonly text: string; readonly header: Child; readonly cells: readonly Child[] };
type ListOf = {
  readonly title: string;
  readonly first: string;
  readonly columns: readonly string[];
  readonly lines: readonly Line[];
};

/** The same virtual table as the matrix, with named columns. */
const listView = ({ title, first, columns, lines }: ListOf): HTMLElement => {
  const input = el('input', { type: 'search', name: 'list', autocomplete: 'off', spellcheck: 'false' });
  const status = el('p', { role: 'status', class: 'status' });
  const place = el('div', { class: 'place-of-grid list' });
  const show = (): void => {
    const part = input.value.trim().toLowerCase();
    const found = lines.filter(({ text }) => text.toLowerCase().includes(part));
    replace(status, `${number(found.length)} of ${number(lines.length)}`);
    replace(
      place,
      gridView({
        caption: title,
        corner: first,
        rows: found.length,
        columns: columns.length,
        rowHeader: (row) => found[row]?.header,
        columnHeader: (column) => columns[column],
        cell: (row, column) => found[row]?.cells[column],
      }),
    );
  };
  input.addEventListener('input', show);
  show();
  const form = el('form', { class: 'filter', role: 'search' }, el('label', {}, el('span', {}, 'Search'), input));
  form.addEventListener('submit', (event) => event.preventDefault());
  return el('section', {}, el('h1', {}, title), form, status, place);
};

/** Of each set its worst anywhere: exact for a cell, near enough for a list of thousands. */
const worstOfSets = ({ report }: Model): ReadonlyMap<number, Risk> => {
  const worst = new Map<number, Risk>();
  for (const { set, risk, before } of report.reaches) if (!before) worst.set(set, worse(worst.get(set) ?? 'low', risk));
  return worst;
};

const nextEnd = (holdings: readonly Holding[]): string =>
  holdings
    .map(untilOf)
    .reduce<string>((first, one = '') => (one !== '' && (first === '' || one < first) ? one : first), '');

const accountsHeld = (holdings: readonly Holding[]): number => {
  const [only] = holdings;
  if (holdings.length === 1 && only !== undefined) return sizeOf(only.grant.accounts);
  return new Set(holdings.flatMap(({ grant }) => placesOf(grant.accounts))).size;
};

/** "2 sets, 1 role" */
const heldCount = ({ report }: Model, holdings: readonly Holding[]): string => {
  const held = [...new Set(holdings.map(({ grant }) => grant.set))];
  const roles = held.filter((set) => report.sets[set]?.isRole).length;
  const sets = held.length - roles;
  const parts = [
    ...(sets > 0 || roles === 0 ? [counted(sets, 'set')] : []),
    ...(roles > 0 ? [counted(roles, 'role')] : []),
  ];
  return parts.join(', ');
};

export const peopleView = (model: Model): HTMLElement => {
  const worst = worstOfSets(model);
  const lines = model.report.principals.map(({ type, name, external }, who): Line => {
    const holdings = model.holdings(who);
    const risk = holdings.reduce<Risk>((most, { grant }) => worse(most, worst.get(grant.set) ?? 'low'), 'low');
    const members = model.membersOf(who).length;
    const groups = counted(model.groupsOf(who).length, 'group');
    const people = external ? 'external' : counted(members, 'person', 'people');
    return {
      text: name,
      header: whoLink(model, who),
      cells: [
        type === 'user' ? 'person' : 'group',
        type === 'user' ? groups : people,
        heldCount(model, holdings),
        counted(accountsHeld(holdings), 'account'),
        holdings.length === 0 ? '' : riskMark(risk),
        nextEnd(holdings),
      ],
    };
  });
  const columns = ['Kind', 'Of', 'Holds', 'In', 'Worst risk', 'Next end'];
  return listView({ title: 'People and groups', first: 'Name', columns, lines });
};

const holderCounts = ({ report }: Model): readonly number[] => {
  const counts = report.accounts.map(() => 0);
  for (const { accounts } of report.grants)
    for (const place of placesOf(accounts)) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
};

export const accountsView = (model: Model): HTMLElement => {
  const { report } = model;
  const grants = holderCounts(model);
  const roles = report.accounts.map(() => 0);
  for (const { account } of report.roles) roles[account] = (roles[account] ?? 0) + 1;
  const lines = report.accounts.map((account, place): Line => ({
    text: `${account.name} ${account.id} ${account.ou} ${account.tags.join(' ')}`,
    header: linkTo(account.name, 'account', account.name),
    cells: [
      account.id,
      account.ou || 'Root',
      account.kind === 'elsewhere' ? '' : account.kind,
      account.tags.join(', '),
      counted(grants[place] ?? 0, 'grant'),
      counted(roles[place] ?? 0, 'role'),
    ],
  }));
  const columns = ['Id', 'OU', 'Kind', 'Tags', 'Grants', 'Roles'];
  return listView({ title: 'Accounts', first: 'Account', columns, lines });
};
