/** Reads the report that lies in the page and shows the view that the address asks for. */
import type { Report } from '../report.ts';
import { accountView } from './account.ts';
import { changesView } from './changes.ts';
import { counted, el, number, replace, route } from './dom.ts';
import { endingView } from './ending.ts';
import { accountsView, peopleView } from './lists.ts';
import { matrixView } from './matrix.ts';
import type { Model } from './model.ts';
import { modelOf } from './model.ts';
import { personView, setView } from './person.ts';
import { promisesView } from './promises.ts';
import { searchable } from './search.ts';
import { treeView } from './tree.ts';
import { trustsView } from './trusts.ts';

type View = (model: Model, ...parts: readonly string[]) => HTMLElement;

const views: Readonly<Record<string, View>> = {
  matrix: matrixView,
  people: peopleView,
  accounts: accountsView,
  who: (model, type = '', name = '') => searchable(personView(model, type, name)),
  set: (model, name = '') => searchable(setView(model, name)),
  account: (model, name = '') => searchable(accountView(model, name)),
  tree: (model, part, name) => searchable(treeView(model, part, name)),
  trust: (model) => searchable(trustsView(model)),
  changes: (model) => searchable(changesView(model)),
  ending: (model) => searchable(endingView(model)),
  promises: (model) => searchable(promisesView(model)),
};

type Tab = { readonly view: string; readonly text: string };

const changesTab = ({ subject, changes }: Report): readonly Tab[] => {
  if (subject === 'desired') return [];
  return [{ view: 'changes', text: `${subject === 'plan' ? 'Plan' : 'Drift'} (${number(changes.length)})` }];
};

const tabsOf = (report: Report): readonly Tab[] => [
  ...changesTab(report),
  { view: 'matrix', text: 'Matrix' },
  { view: 'people', text: 'People' },
  { view: 'accounts', text: 'Accounts' },
  { view: 'tree', text: 'Guard rails' },
  { view: 'trust', text: 'Trust' },
  { view: 'ending', text: 'Ending' },
  { view: 'promises', text: 'Promises' },
];

const partsOf = (hash: string): readonly string[] => {
  try {
    const parts = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
    return parts[0] === '' ? ['matrix'] : parts;
  } catch {
    return ['matrix'];
  }
};

const subjects: Readonly<Record<Report['subject'], string>> = {
  desired: 'what the files ask for',
  live: 'what AWS has',
  plan: 'what a plan does',
};

const headerOf = (report: Report): HTMLElement =>
  el(
    'header',
    {},
    el('a', { class: 'skip', href: '#main' }, 'Skip to the content'),
    el('p', { class: 'title' }, el('b', {}, report.organization), ` · ${subjects[report.subject]}`),
    el(
      'p',
      { class: 'quiet' },
      `${report.generatedAt.slice(0, 16).replace('T', ' ')} UTC · ${counted(report.accounts.length, 'account')} · `,
      `${counted(report.principals.filter(({ type }) => type === 'group').length, 'group')} · `,
      `${counted(report.principals.filter(({ type }) => type === 'user').length, 'person', 'people')} · `,
      counted(report.sets.filter(({ isRole }) => !isRole).length, 'permission set'),
    ),
    report.notes.map((note) => el('p', { class: 'note' }, note)),
  );

const start = (report: Report): void => {
  const model = modelOf(report);
  const main = el('main', { id: 'main', tabindex: -1 });
  const nav = el('nav', { 'aria-label': 'Views' });
  const show = (): void => {
    const [name = 'matrix', ...parts] = partsOf(location.hash);
    const view = views[name] ?? matrixView;
    replace(
      nav,
      tabsOf(report).map(({ view: to, text }) =>
        el('a', { href: route(to), ...(to === name ? { 'aria-current': 'page' } : {}) }, text),
      ),
    );
    replace(main, view(model, ...parts));
    document.documentElement.scrollTop = 0;
    document.title = `${main.querySelector('h1')?.textContent ?? 'Report'} · ${report.organization}`;
  };
  document.body.append(headerOf(report), nav, main, el('footer', {}, 'Made by Gatehouse. Nothing is loaded or sent. '));
  addEventListener('hashchange', () => {
    show();
    main.focus();
  });
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
      return;
    event.preventDefault();
    main.querySelector<HTMLInputElement>('input[type=search]')?.focus();
  });
  show();
};

start(JSON.parse(document.querySelector('#report')?.textContent ?? '{}') as Report);
