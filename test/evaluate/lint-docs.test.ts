/** docs/rules.md holds every rule by its id. UPDATE_DOCS=1 writes the tables anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules } from '../../src/desired/rules.ts';
import { lintRules } from '../../src/evaluate/lint/rules.ts';

type Row = { readonly id: string; readonly severity: string; readonly explanation: string };

const path = join(import.meta.dirname, '../../docs/rules.md');

const tableOf = (rows: readonly Row[]): string =>
  [
    '| rule | severity | what it says |',
    '| --- | --- | --- |',
    ...rows.map(({ id, severity, explanation }) => `| \`${id}\` | ${severity} | ${explanation} |`),
  ].join('\n');

const withTable = (page: string, title: string, rows: readonly Row[]): string => {
  const opening = `<!-- ${title}: generated -->`;
  const start = page.indexOf(opening);
  if (start < 0) throw new Error(`${title} have no place in docs/rules.md`);
  const end = page.indexOf('<!-- end -->', start);
  return `${page.slice(0, start)}${opening}\n${tableOf(rows)}\n${page.slice(end)}`;
};

test('the page of the rules has each of them, with its severity and its line', () => {
  const page = readFileSync(path, 'utf8');
  const wanted = withTable(withTable(page, 'lint rules', lintRules), 'file rules', rules);
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(path, wanted);
  expect(readFileSync(path, 'utf8')).toBe(wanted);
});
