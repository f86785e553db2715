/** People and groups by accounts: the cell says what, its color how much it can hurt. */
import type { Child } from './dom.ts';
import { counted, el, linkTo, placeLink, replace } from './dom.ts';
import type { Filter, Wanted } from './filter.ts';
import { noFilter, wantedOf } from './filter.ts';
import { gridView } from './grid.ts';
import type { Holding, Model, Risk } from './model.ts';
import { givenNameOf, untilOf, within, worse } from './model.ts';
import { blockedList, grantNotes, riskMark, riskSign, setLink, throughText, untilText, whoLink } from './words.ts';

const mostInCell = 2;

type Found = { readonly holding: Holding; readonly risk: Risk };
type Scene = { readonly model: Model; readonly wanted: Wanted };

const foundIn = ({ model, wanted }: Scene, who: number, account: number): readonly Found[] =>
  model
    .holdings(who)
    .filter((holding) => within(holding.grant.accounts, account) && wanted.isWanted(holding, account))
    .map((holding) => ({ holding, risk: model.riskOf(holding.grant, account) }))
    .sort((one, other) => (one.risk === other.risk ? 0 : worse(one.risk, other.risk) === one.risk ? -1 : 1));

const classOf = ({ holding: { grant, through }, risk }: Found): string =>
  ['held', risk, grant.standing ?? through?.standing ?? '', grant.later || through?.later ? 'later' : ''].join(' ');

const heldMark = ({ givenName, givenShort }: Model, found: Found): Child => {
  const until = untilOf(found.holding);
  const { set } = found.holding.grant;
  return el(
    'span',
    { class: classOf(found) },
    riskSign(found.risk),
    el('span', { class: 'name', title: givenName(set) }, givenShort(set)),
    until === undefined ? undefined : el('span', { class: 'end', title: `until ${until}` }, `–${until.slice(2)}`),
  );
};

const detailOf = (model: Model, { holding, risk }: Found, account: number): HTMLElement => {
  const { grant } = holding;
  const reach = model.reachOf(grant.set, account, grant.standing === 'removed' ? 'gone' : undefined);
  return el(
    'article',
    {},
    el('h3', {}, setLink(model, grant.set), ' ', riskMark(risk), ' ', grantNotes(holding)),
    el(
      'dl',
      {},
      el('dt', {}, 'Through'),
      el('dd', {}, throughText(model, holding)),
      el('dt', {}, 'Until'),
      el('dd', {}, untilText(untilOf(holding))),
      el('dt', {}, 'Why'),
      el('dd', {}, grant.reason ?? 'No reason is written.'),
      el('dt', {}, 'Written at'),
      el('dd', {}, placeLink(model.report, grant.at) ?? 'no file'),
    ),
    reach === undefined || reach.because.length === 0
      ? undefined
      : el('ul', {}, ...reach.because.map((because) => el('li', {}, because))),
    reach === undefined ? undefined : blockedList(reach),
  );
};

const showDetail = (scene: Scene, who: number, account: number): void => {
  const { model } = scene;
  const close = el('button', { type: 'button', class: 'close' }, 'Close');
  const name = model.report.accounts[account]?.name ?? '';
  const dialog = el(
    'dialog',
    { 'aria-label': `${model.nameOf(who)} in ${name}` },
    close,
    el('h2', {}, whoLink(model, who), ' in ', linkTo(name, 'account', name)),
    foundIn(scene, who, account).map((found) => detailOf(model, found, account)),
  );
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog || target instanceof HTMLAnchorElement) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
};

const cellOf = (scene: Scene, who: number, account: number): Child => {
  const found = foundIn(scene, who, account);
  if (found.length === 0) return undefined;
  const more = found.length - mostInCell;
  const button = el(
    'button',
    { type: 'button', tabindex: -1 },
    ...found.slice(0, mostInCell).map((one) => heldMark(scene.model, one)),
    more > 0 ? el('span', { class: 'more' }, `+${more}`) : undefined,
  );
  button.addEventListener('click', () => showDetail(scene, who, account));
  return button;
};

const rowHeader = (model: Model, who: number): Child => {
  const { type, external } = model.report.principals[who] ?? {};
  const people = model.membersOf(who).length;
  const kind = type === 'user' ? 'person' : external ? 'external group' : counted(people, 'person', 'people');
  const name = model.nameOf(who);
  return [
    el('span', { title: name }, linkTo(model.short(name), 'who', type ?? 'group', name)),
    el('span', { class: 'quiet' }, kind),
  ];
};

const columnHeader = (model: Model, place: number): Child => {
  const account = model.report.accounts[place];
  if (account === undefined) return undefined;
  const mark = account.kind === 'elsewhere' ? account.ou || 'Root' : `${account.ou || 'Root'} · ${account.kind}`;
  return [
    el('span', { title: account.name }, linkTo(model.short(account.name), 'account', account.name)),
    el('span', { class: 'quiet' }, mark),
  ];
};

type Choice = readonly [value: string, text: string];

const select = (name: keyof Filter, label: string, choices: readonly Choice[]): HTMLElement =>
  el(
    'label',
    {},
    el('span', {}, label),
    el('select', { name }, ...choices.map(([value, text]) => el('option', { value }, text))),
  );

const search = (name: keyof Filter, label: string): HTMLElement =>
  el(
    'label',
    {},
    el('span', {}, label),
    el('input', { type: 'search', name, autocomplete: 'off', spellcheck: 'false' }),
  );

const alike = (names: readonly string[]): readonly Choice[] => names.map((name) => [name, name]);

const filterForm = ({ report }: Model): HTMLFormElement =>
  el(
    'form',
    { class: 'filter', role: 'search', 'aria-label': 'Filter the matrix' },
    search('who', 'Person or group'),
    search('account', 'Account'),
    select('type', 'Rows', [
      ['', 'everybody'],
      ['group', 'groups'],
      ['user', 'people'],
    ]),
    select('ou', 'OU', [['', 'all'], ...alike(report.ous.map(({ path }) => path))]),
    select('tag', 'Tag', [['', 'all'], ...alike([...new Set(report.accounts.flatMap(({ tags }) => tags))].sort())]),
    select('set', 'Set or role', [['', 'all'], ...alike(report.sets.map(givenNameOf))]),
    select('risk', 'Risk', [
      ['', 'all'],
      ['medium', 'medium and more'],
      ['high', 'high and more'],
      ['critical', 'critical'],
    ]),
    select('ends', 'Ends', [
      ['', 'whenever'],
      ['any', 'has an end'],
      ['30', 'within 30 days'],
      ['90', 'within 90 days'],
    ]),
    report.subject === 'plan'
      ? select('changes', 'Plan', [
          ['', 'both sides'],
          ['changes', 'changes'],
          ['before', 'before'],
          ['after', 'after'],
        ])
      : undefined,
    el('button', { type: 'reset' }, 'Clear'),
  );

const filterIn = (form: HTMLFormElement): Filter => {
  const data = new FormData(form);
  const said = Object.keys(noFilter).map((name) => {
    const value = data.get(name);
    return [name, typeof value === 'string' ? value : ''];
  });
  return { ...noFilter, ...(Object.fromEntries(said) as Filter) };
};

const legend = (): HTMLElement =>
  el(
    'p',
    { class: 'legend' },
    'Risk: ',
    (['critical', 'high', 'medium', 'low'] as const).map((risk) => [riskMark(risk), ' ']),
    el('span', { class: 'quiet' }, 'Arrow keys move, Enter opens a cell, / searches.'),
  );

export const matrixView = (model: Model): HTMLElement => {
  const form = filterForm(model);
  const status = el('p', { role: 'status', class: 'status' });
  const place = el('div', { class: 'place-of-grid' });
  const show = (): void => {
    const wanted = wantedOf(model, filterIn(form));
    const scene = { model, wanted };
    const { rows, columns } = wanted;
    replace(status, `${counted(rows.length, 'row')}, ${counted(columns.length, 'account')}`);
    const at = (list: readonly number[], index: number): number => list[index] ?? 0;
    replace(
      place,
      rows.length === 0 || columns.length === 0
        ? el('p', { class: 'empty' }, 'Nobody holds anything of that kind.')
        : gridView({
            caption: 'Who holds what in which account',
            corner: 'Who',
            rows: rows.length,
            columns: columns.length,
            rowHeader: (row) => rowHeader(model, at(rows, row)),
            columnHeader: (column) => columnHeader(model, at(columns, column)),
            cell: (row, column) => cellOf(scene, at(rows, row), at(columns, column)),
          }),
    );
  };
  form.addEventListener('input', show);
  form.addEventListener('reset', () => requestAnimationFrame(show));
  form.addEventListener('submit', (event) => event.preventDefault());
  show();
  return el('section', { class: 'matrix' }, el('h1', {}, 'Who reaches what'), form, status, place, legend());
};
