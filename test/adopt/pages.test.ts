import { describe, expect, it } from 'vitest';
import { itemsOf } from '../../src/approve/fingerprints.ts';
import { adoptMarkdown, adoptTitle } from '../../src/render/adopt-pull.ts';
import { driftIssueMarkdown } from '../../src/render/drift-issue.ts';
import { assignment, create, criticalPlan, hugePlan, planOf } from '../render/plans.ts';

const traces = { found: {}, unread: [] };
const hostile = '@everyone</details>\n``` [x](http://evil.example) <img src=x>\u202e#1';
const changes = planOf([create(assignment(hostile, 'Read', 'Prod'))]);
const key = changes.changes[0]?.key ?? '';
const adopting = { risk: 'high', keys: [key], along: [], refused: [], traces, between: changes, issue: 7 } as const;

/** Outside of code, where GitHub reads markup. */
const prose = (markdown: string): string => markdown.replace(/(`{3,})[\s\S]*?\n *\1/g, '').replace(/`[^`\n]*`/g, '');

const expectHarmless = (markdown: string): void => {
  expect(prose(markdown)).not.toMatch(/@(?!\u200b)\w|<img|(?<!\\)\]\(http|\u202e/);
};

const found = { at: '2026-11-22T10:41:00Z', who: hostile, event: 'X', source: hostile, via: 'console' } as const;

describe('the pull request that adopts', () => {
  it('says who did it and when, what is refused and why, and which issue it is about; names are harmless', () => {
    const page = { ...adopting, traces: { found: { [key]: found }, unread: [] } };
    const text = adoptMarkdown({ ...page, along: [hostile], refused: [{ key: hostile, reason: hostile }] });
    expect(text).toContain('since 2026-11-22 10:41 UTC');
    expect(text).toContain('### Refused');
    expect(text).toContain('#7');
    expectHarmless(text);
    expect(adoptTitle(page)).toBe('Adopt drift: 1 difference of risk high');
  });

  it.each([8_000, 65_436])('fits %d characters with 3,000 differences, and counts what it leaves out', (limit) => {
    const keys = hugePlan.changes.map((change) => change.key);
    const refused = keys.map((one) => ({ key: one, reason: 'no file can say it' }));
    const text = adoptMarkdown({ ...adopting, keys, refused, between: hugePlan, limit });
    expect(text.length).toBeLessThanOrEqual(limit);
    expect(text).toContain('differences of risk high');
    expect(text).toMatch(/Left out of this comment:.*differences/);
  });
});

const issue = (items: Parameters<typeof driftIssueMarkdown>[0]['items'], plan = criticalPlan): string =>
  driftIssueMarkdown({ plan, items, traces, broken: [], coOwned: [], checkedAt: '2026-11-23T06:17:00.000Z' });

describe('the drift issue', () => {
  const [first] = itemsOf(criticalPlan);
  const edits = (text: string) => [{ path: 'access/groups/x.yaml', before: 'group: X\n', text: `group: X\n${text}\n` }];

  it('shows the YAML in a fence that nothing in it closes', () => {
    if (first === undefined) throw new Error('the plan changes nothing');
    const text = issue([{ ...first, edits: edits('# ```\n# </details>\n# @everyone\n~~~') }]);
    expect(text).toContain('  ````diff\n');
    expect(text.match(/<\/details>/g)?.length).toBe(text.match(/<details>/g)?.length);
    expectHarmless(text);
  });

  it('falls back to the command where the diff is long, and says why where there is none', () => {
    if (first === undefined) throw new Error('the plan changes nothing');
    const long = issue([{ ...first, edits: edits('# a line\n'.repeat(1_000)) }]);
    expect(long).not.toContain('the YAML that would adopt it');
    expect(long).toContain('gatehouse adopt');
    expect(issue([{ ...first, refused: 'no file can say it' }])).toContain('it cannot be adopted: no file can say it');
  });

  it('fits at any size, with as many diffs as there is room for', () => {
    const items = itemsOf(hugePlan).map((item, index) =>
      index < 25 ? { ...item, edits: edits('# a line\n'.repeat(200)) } : item,
    );
    const text = issue(items, hugePlan);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('the YAML that would adopt it');
    expect(text.split('revert it with fingerprint').length).toBeGreaterThan(20);
  });
});
