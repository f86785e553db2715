/** What GitHub is told, as it is read there; `vitest -u` rewrites test/github/golden. */
import { describe, expect, it, test } from 'vitest';
import { itemsOf } from '../../src/approve/fingerprints.ts';
import type { Plan } from '../../src/model/plan.ts';
import { applyMarkdown } from '../../src/render/apply-markdown.ts';
import { driftIssueMarkdown } from '../../src/render/drift-issue.ts';
import { pullRequestMarkdown } from '../../src/render/pull-request.ts';
import { criticalPlan, emptyPlan, hugePlan, smallPlan } from '../render/plans.ts';

const golden = (text: string, name: string) => expect(`${text}\n`).toMatchFileSnapshot(`golden/${name}`);
const link = 'https://github.com/securecart/aws-access/actions/runs/1';

const page = (plan: Plan) => ({
  plan,
  critical: [],
  lesser: [],
  approvals: ['risk high: 1 approval from team security or team platform'],
  others: [],
  notes: [],
  since: [],
  link,
});

const traces = {
  found: {
    [smallPlan.changes[0]?.key ?? '']: {
      at: '2026-11-22T10:41:00Z',
      who: 'ada@securecart.example (role AWSReservedSSO_AdministratorAccess)',
      event: 'AttachPolicy',
      source: '203.0.113.24',
      via: 'console',
    } as const,
  },
  unread: [],
};

const drift = (plan: Plan) => ({
  plan,
  items: itemsOf(plan),
  traces,
  broken: [{ name: 'Support never deletes', ok: false, message: 'group:SecureCart-Support may dynamodb:DeleteTable' }],
  coOwned: [{ kind: 'scp', key: 'scp/aws-guardrails-x', owner: 'AWS Control Tower' } as const],
  checkedAt: '2026-11-23T06:17:00.000Z',
  link,
});

test('the comment on a small change', () => golden(pullRequestMarkdown(page(smallPlan)), 'comment-small.md'));
test('the comment on a critical and refused change', () => {
  const critical = ['access/settings.yaml: breakGlass is changed', 'access test "Support never deletes" is removed'];
  const others = ['assignment/group:SecureCart-Ops:SecureCart-ReadOnly@SecureCart-Dev'];
  return golden(pullRequestMarkdown({ ...page(criticalPlan), critical, others }), 'comment-critical.md');
});
test('the comment when there is nothing to do', () =>
  golden(pullRequestMarkdown(page(emptyPlan)), 'comment-nothing.md'));
test('the head of the comment on 3,000 changes', () =>
  golden(pullRequestMarkdown(page(hugePlan)).slice(0, 4_000), 'comment-huge-head.md'));
test('the drift issue on small differences', () => golden(driftIssueMarkdown(drift(smallPlan)), 'drift-small.md'));
test('the drift issue on critical differences', () =>
  golden(driftIssueMarkdown(drift(criticalPlan)), 'drift-critical.md'));
test('the head of the drift issue on 3,000 differences', () =>
  golden(driftIssueMarkdown(drift(hugePlan)).slice(0, 4_000), 'drift-huge-head.md'));
test('the outcome of an apply', () => {
  const [first, second] = itemsOf(criticalPlan);
  const held = [first, second].flatMap((item) =>
    item === undefined
      ? []
      : [{ key: item.change.key, risk: item.change.risk, fingerprint: item.fingerprint, reason: 'live moved' }],
  );
  const failed = [{ id: '', key: 'ou/Sandbox', status: 'failed', reason: 'AccessDeniedException: no' } as const];
  const done = smallPlan.changes.map(({ key }) => key);
  const outcome = {
    sha: 'a'.repeat(40),
    told: smallPlan,
    done,
    failed,
    held,
    fingerprint: criticalPlan.fingerprint,
    refusals: [],
    link,
  };
  return golden(applyMarkdown(outcome), 'outcome.md');
});

const huge = (limit: number) =>
  pullRequestMarkdown({ ...page(hugePlan), critical: ['access/settings.yaml: x'], limit });

describe('at any size', () => {
  it.each([4_000, 20_000, 65_496])(
    'the comment fits %d characters and keeps its first sentence and what is critical',
    (limit) => {
      const text = huge(limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text.split('\n')[0]).toMatch(/^\*\*(Ready|Refused)/);
      expect(text.split('\n')[2]).toMatch(/^(\*\*)?Access grows for/);
      expect(text).toContain('Critical');
      expect(text).toContain('Left out of this comment');
      expect(text).toContain(link);
    },
  );

  it('the drift issue fits, and counts what it leaves out', () => {
    const text = driftIssueMarkdown(drift(hugePlan));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/Not shown here: [\d,]+ more differences/);
    expect(text.split('\n')[2]).toContain('33 of them critical');
    expect(text).toContain('Critical changes, by key (33)');
    expect(text).toMatch(/\| Team-500 .500 people. .*\*\*critical\*\*/);
    expect(text).toContain('Last looked for: 2026-11-23 06:17 UTC');
  });
});

describe('what a reviewer sees first', () => {
  const failing = (name: string) => ({ name, ok: false, message: `because of ${name}` });
  const effective = [
    {
      kind: 'guardduty-policy',
      accounts: ['Dev', 'Prod'],
      changes: [{ path: 'guardduty.enablement.default.foundational.status', before: 'enabled', after: 'disabled' }],
      risk: 'high',
    } as const,
  ];

  it('is a line for each of several tests that refuse, and why in a fold', () => {
    const text = pullRequestMarkdown(page({ ...criticalPlan, tests: [failing('One'), failing('Two')] }));
    const [open, folded] = text.split('<details><summary>Why these 2 access tests fail</summary>');
    expect(open).toMatch(/^- access test fails: One\n- access test fails: Two$/m);
    expect(open).not.toContain('because of');
    expect(folded).toMatch(/^\n\n- access test fails: One: because of One\n- access test fails: Two: because of Two\n/);
  });

  it('is the reason of a single one at once', () => {
    const text = pullRequestMarkdown(page({ ...criticalPlan, tests: [failing('One')] }));
    expect(text).toMatch(/^- access test fails: One: because of One$/m);
    expect(text).not.toContain('Why these');
  });

  it('is what settings policies come to', () => {
    expect(pullRequestMarkdown(page({ ...smallPlan, effective }))).toMatch(/^- GuardDuty policy of 2 accounts/m);
    expect(pullRequestMarkdown(page(smallPlan))).not.toContain('Effective policies');
  });
});
