/** The page that the jobs of a pull request and of the drift keep: data of the files, script and style of the program. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { developers } from './shop.ts';
import { bodyOn, driftIssue, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
afterEach(() => stage.close());

const built = (name: string): string => readFileSync(join(import.meta.dirname, '../../dist', name), 'utf8');

const reportIn = (page: string): Report =>
  JSON.parse(/<script type="application\/json" id="report">(.*)<\/script>/.exec(page)?.[1] ?? '') as Report;

/** Everything of the page but its data and its title. */
const withoutData = (page: string): string =>
  page.replace(/(id="report">).*(<\/script>)/, '$1$2').replace(/<title>.*<\/title>/, '');

it('the plan of a pull request keeps a page that says before and after, and its comment links the artifacts', async () => {
  stage = await openSettledStage();
  const hostile = '</script><script>alert(1)</script>';
  const pull = await proposeEdit(stage, 'more', {
    files: {
      'access/groups/developers.yaml': developers
        .replace('Writes the shop', JSON.stringify(hostile))
        .replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]'),
      'report-page.js': 'alert(3)',
      'report/report.html': '<script>alert(4)</script>',
    },
  });
  const [base, head] = [await stage.checkout(), await stage.checkout(pull)];
  const out = join(stage.github.state.root, 'kept');
  mkdirSync(out);
  writeFileSync(join(out, 'report.html'), 'of an earlier run');
  const words = ['--pr', String(pull), '--base', base, '--dir', head, `--sandbox=${stage.aws}`, '--report', out];
  const ran = await stage.run(['github', 'plan', ...words]);
  expect(ran.err).not.toContain('report page');
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  const report = reportIn(page);
  expect(report.subject).toBe('plan');
  expect(report.grants.some(({ standing }) => standing === 'added')).toBe(true);
  expect(report.repository).toMatch(/\/securecart\/aws-access\/blob\/[0-9a-f]{40}\/$/);
  expect(JSON.stringify(report)).toContain('alert(1)');
  expect(withoutData(page)).not.toContain('alert(');
  expect(page.match(/<script/g)).toHaveLength(2);
  expect([page.includes(built('report-page.js')), page.includes(built('report-page.css'))]).toEqual([true, true]);
  expect(readdirSync(out)).toEqual(['report.html']);
  expect(bodyOn(stage, pull, 'plan')).toMatch(/\[Look at it as a page\]\(http[^)]+\/actions\/runs\/\d+#artifacts\)/);
});

it('the drift keeps a page of what AWS has, and its issue links the artifacts', async () => {
  stage = await openSettledStage();
  await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '333333333333');
  const out = join(stage.github.state.root, 'kept');
  expect(await stage.drift(['--report', out])).toMatchObject({ exit: 2 });
  const { subject, changes } = reportIn(readFileSync(join(out, 'report.html'), 'utf8'));
  expect([subject, changes.length]).toEqual(['live', 1]);
  expect(driftIssue(stage)?.body).toMatch(/\[Look at it as a page\]\(http[^)]+\/actions\/runs\/\d+#artifacts\)/);
});

it('says a page that cannot be written, and comments without its link', async () => {
  stage = await openSettledStage();
  const file = join(stage.github.state.root, 'taken');
  writeFileSync(file, '');
  const pull = await proposeEdit(stage, 'more', { files: { 'access/groups/developers.yaml': `${developers}\n` } });
  const [base, head] = [await stage.checkout(), await stage.checkout(pull)];
  const words = ['--pr', String(pull), '--base', base, '--dir', head, `--sandbox=${stage.aws}`, '--report', file];
  const ran = await stage.run(['github', 'plan', ...words]);
  expect([ran.exit, ran.err]).toEqual([1, expect.stringContaining('the report page: ')]);
  expect(bodyOn(stage, pull, 'plan')).not.toContain('Look at it');
});
