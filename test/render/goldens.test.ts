/** A handful of plans as a reviewer sees them; `vitest -u` rewrites test/render/golden, and the pull request shows how. */
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/model/cloud.ts';
import { outcomesText } from '../../src/render/outcomes.ts';
import { plainPaint } from '../../src/render/paint.ts';
import { driftMarkdown, planMarkdown } from '../../src/render/plan-markdown.ts';
import { driftText, planText } from '../../src/render/plan-text.ts';
import { endingInVerdict } from '../../src/render/verdict.ts';
import { criticalPlan, emptyPlan, hugePlan, smallPlan } from './plans.ts';

const style = { paint: plainPaint, width: 80 };
const golden = (text: string, name: string) => expect(`${text}\n`).toMatchFileSnapshot(`golden/${name}`);
const quiet = { ...emptyPlan, unmanaged: smallPlan.unmanaged };

test('a small plan in a terminal', () => golden(planText(smallPlan, style), 'small.txt'));
test('a small plan in a terminal, with everything', () =>
  golden(planText(smallPlan, { ...style, verbose: 'all', out: 'plan.json' }), 'small-verbose.txt'));
test('a small plan in a comment', () => golden(planMarkdown(smallPlan), 'small.md'));
test('a critical and refused plan in a terminal', () => golden(planText(criticalPlan, style), 'critical.txt'));
test('a critical and refused plan in a comment', () => golden(planMarkdown(criticalPlan), 'critical.md'));
test('a plan that is longer than the screen ends in its verdict', () => {
  const [text, longer] = [planText(smallPlan, style), { ...style, rows: 24 }];
  const told = { plan: smallPlan, voice: 'plan' } as const;
  expect(endingInVerdict(text, told, { ...style, rows: text.split('\n').length + 1 })).toBe(text);
  expect(endingInVerdict(text, told, style)).toBe(text);
  expect(endingInVerdict(text, told, longer)).toBe(`${text}\n\nGatehouse will create 5, change 2 and delete 1.`);
  const refused = { ...told, plan: criticalPlan };
  expect(endingInVerdict(planText(criticalPlan, style), refused, longer)).toMatch(/\n\nRefused: .*\.$/);
  const drift = { ...told, voice: 'drift' } as const;
  expect(endingInVerdict(driftText(smallPlan, style), drift, longer)).toMatch(
    /\n\nAWS differs from Git: [^\n]*\n[^\n]*\.$/,
  );
});

test('a plan with nothing to do', () => golden(planText(quiet, style), 'nothing.txt'));
test('a comment with nothing to do', () => golden(planMarkdown(quiet), 'nothing.md'));
test('a plan of 3,000 changes in a terminal', () => golden(planText(hugePlan, style), 'huge.txt'));
test('a plan of 3,000 changes in a short comment', () =>
  golden(
    planMarkdown(hugePlan, { limit: 8_000, link: 'https://github.com/securecart/aws-access/actions/runs/1' }),
    'huge.md',
  ));
test('drift in a terminal', () => golden(driftText(smallPlan, style), 'drift.txt'));
test('drift in an issue', () => golden(driftMarkdown(smallPlan), 'drift.md'));

const outcomes = smallPlan.changes.slice(0, 7).map(({ id, key }, index): Outcome => {
  if (index === 2)
    return {
      id,
      key,
      status: 'failed',
      reason: 'ConstraintViolationException: You have attached the maximum number of policies',
    };
  return index > 3 ? { id, key, status: 'held', reason: 'a guard rail did not rise' } : { id, key, status: 'done' };
});
test('the outcomes of an apply that failed in part', () =>
  golden(outcomesText(outcomes, smallPlan, style), 'outcomes.txt'));
