/** The access tests, as promises that are kept or not. */
import type { ReportTest } from '../report.ts';
import type { Child } from './dom.ts';
import { counted, el, placeLink, section, spoken, table } from './dom.ts';
import type { Model } from './model.ts';

const nameCell = ({ name, ok }: ReportTest): Child => [
  el('span', { class: ok ? 'kept' : 'broken', 'aria-hidden': 'true' }, ok ? '✓ ' : '✗ '),
  spoken(ok ? 'kept: ' : 'broken: '),
  name,
];

const dayText = ({ day }: ReportTest): string => (day === undefined ? 'today' : day);

const keptTable = ({ report }: Model, tests: readonly ReportTest[]): HTMLElement =>
  table(
    { caption: 'Access tests that hold' },
    ['Promise', 'Asked of', 'Written at'],
    tests.map((test) => [nameCell(test), dayText(test), placeLink(report, test.at)]),
  );

const brokenTable = ({ report }: Model, tests: readonly ReportTest[]): HTMLElement =>
  table(
    { caption: 'Access tests that fail' },
    ['Promise', 'Asked of', 'Why not', 'Written at'],
    tests.map((test) => [nameCell(test), dayText(test), test.message ?? '', placeLink(report, test.at)]),
  );

export const promisesView = (model: Model): HTMLElement => {
  const { tests } = model.report;
  const [broken, kept] = [tests.filter(({ ok }) => !ok), tests.filter(({ ok }) => ok)];
  return el(
    'section',
    {},
    el('h1', {}, 'Promises'),
    el('p', {}, `${counted(kept.length, 'promise')} of ${tests.length} kept.`),
    broken.length === 0 ? undefined : section('Broken', brokenTable(model, broken)),
    section('Kept', keptTable(model, kept)),
  );
};
