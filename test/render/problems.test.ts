import { expect, test } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import { changeLine, outcomeLine, outcomesText } from '../../src/render/outcomes.ts';
import { plainPaint } from '../../src/render/paint.ts';
import { planJson } from '../../src/render/plan-json.ts';
import { problemsJson, problemsText } from '../../src/render/problems.ts';
import { criticalPlan, emptyPlan, smallPlan } from './plans.ts';

const problem = (more: Partial<Problem>): Problem => ({
  file: 'access/groups/dev.yaml',
  line: 14,
  column: 9,
  rule: 'unknown-account',
  severity: 'error',
  message: '"SecureCart-Prdo" is not an account.',
  ...more,
});

test('errors come first, by place, and the counts last', () => {
  const problems = [
    problem({ severity: 'note', rule: 'entry-ended', message: 'ended on 2026-01-31' }),
    problem({ line: 20 }),
    problem({ hint: 'Did you mean SecureCart-Production?' }),
  ];
  expect(problemsText(problems, plainPaint)).toBe(
    [
      'access/groups/dev.yaml:14:9 unknown-account "SecureCart-Prdo" is not an account.',
      '  Did you mean SecureCart-Production?',
      'access/groups/dev.yaml:20:9 unknown-account "SecureCart-Prdo" is not an account.',
      'access/groups/dev.yaml:14:9 entry-ended [note] ended on 2026-01-31',
      '',
      '2 errors and 1 note.',
    ].join('\n'),
  );
  expect(problemsText([], plainPaint)).toBe('No problems.');
});

test('a file name cannot paint the terminal or start a line', () => {
  expect(problemsText([problem({ file: 'a\u001b[2J\nb.yaml' })], plainPaint)).toContain(
    'a\\u{1b}[2J\\u{a}b.yaml:14:9 ',
  );
});

test('JSON gives the same data back and hides nothing', () => {
  const hostile = [problem({ message: 'x\u202ey\u{e0041}\u009b' })];
  const json = problemsJson(hostile);
  expect(JSON.parse(json)).toEqual({ problems: hostile });
  expect(json).not.toMatch(/[\u009b\u202e\u{e0041}]/u);
  expect(JSON.parse(planJson(criticalPlan))).toEqual(JSON.parse(JSON.stringify(criticalPlan)));
});

test('a change is one line for a log', () => {
  expect(criticalPlan.changes.map(changeLine)).toEqual([
    '+ assignment/group:SecureCart-Ops:AdministratorAccess@SecureCart-Production',
    '+ assignment/group:SecureCart-Vendors:SecureCart-Vendor@SecureCart-Staging',
    '- attachment/scp:DenyRootUser@root',
    '~ account/SecureCart-Sandbox  moves from Sandbox to Workloads/Production',
    '~ permission-set/LegacyAdmins  adopted: it exists in AWS and becomes ours, nothing else changes',
  ]);
  const [first] = criticalPlan.changes;
  expect(outcomeLine({ id: 'x', key: 'scp/X', status: 'held', reason: 'no\nwhy' }, undefined)).toBe(
    'held scp/X: no\\u{a}why',
  );
  expect(outcomeLine({ id: 'x', key: 'scp/X', status: 'done' }, first)).toBe(
    'done + assignment/group:SecureCart-Ops:AdministratorAccess@SecureCart-Production',
  );
});

test('an apply that did everything says so, and that sessions live on', () => {
  const style = { paint: plainPaint, width: 80 };
  const done = smallPlan.changes.map(({ id, key }) => ({ id, key, status: 'done' as const }));
  expect(outcomesText(done, smallPlan, style)).toBe(
    'Of 8 changes: 8 done.\n\nDone\n  · SCP DenyRootUser holds from now on in OU Workloads/Production\n  · SCP AllowedRegions says something else\n  · Permission set SecureCart-Developer changes\n\nAWS is what Git says. Open sessions keep their old access until they end.',
  );
  expect(outcomesText(done.slice(1), smallPlan, style)).toContain('7 done and 1 not tried');
  expect(outcomesText([], emptyPlan, style)).toBe('Nothing was to be done.');
});
