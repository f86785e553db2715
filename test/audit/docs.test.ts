/** docs/audit.md holds every rule by its id. UPDATE_DOCS=1 writes the table anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { auditRules } from '../../src/evaluate/audit/rules.ts';

const path = join(import.meta.dirname, '../../docs/audit.md');

const table = [
  '| rule | severity | what is wrong | what to do |',
  '| --- | --- | --- | --- |',
  ...auditRules.map(
    ({ id, severity, explanation, todo, link }) =>
      `| \`${id}\` | ${severity} | ${explanation} | ${todo} [AWS](${link}) |`,
  ),
].join('\n');

test('the page of the audit has each rule, with its severity, its remedy and a page of AWS', () => {
  const page = readFileSync(path, 'utf8');
  const [opening, closing] = ['<!-- audit rules: generated -->', '<!-- end -->'];
  const [start, end] = [page.indexOf(opening), page.indexOf(closing)];
  const wanted = `${page.slice(0, start)}${opening}\n${table}\n${page.slice(end)}`;
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(path, wanted);
  expect(readFileSync(path, 'utf8')).toBe(wanted);
});

test('no two rules share an id, and every link leads to AWS', () => {
  const ids = auditRules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { link } of auditRules) expect(link).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/-]+\.html$/);
});
