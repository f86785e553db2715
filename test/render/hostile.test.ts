/** Any plan, with the worst names in every string: what a comment and a terminal must never let through. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessItem, Change, Plan } from '../../src/model/plan.ts';
import type { ControlPolicy, PermissionSet } from '../../src/model/resource.ts';
import { changeLine, outcomesText } from '../../src/render/outcomes.ts';
import { plainPaint } from '../../src/render/paint.ts';
import { driftMarkdown, planMarkdown } from '../../src/render/plan-markdown.ts';
import { driftText, planText } from '../../src/render/plan-text.ts';
import { codeSpan, fenceFor, markdownText, terminal } from '../../src/render/untrusted.ts';
import { columns } from '../../src/render/wrap.ts';
import { assignment, create, criticalPlan, hugePlan, planOf, remove, scp, smallPlan, update } from './plans.ts';

const pieces = [
  '@octocat', '#123', 'GH-42', 'securecart/shop#7', '<img src=x onerror=alert(1)>', '</details>', '<!--', '-->',
  '```', '````', '`', '~~~', '|', '\\|', '\\', '\n', '\r\n', '\n\n# Approved', '\t', '\u0000', '\u001b[31m', '\u009b2J',
  '\u202e', '\u2066', '\u200b', '\u{e0041}', '\ufeff', '\ud800', '[x](https://evil.example)', 'https://evil.example',
  'www.evil.example', 'eve@evil.example', '![i](//evil.example/i)', ':tada:', '$x$', '&lt;', '**b**', '_i_', '- [x] ok',
  '1. one', '> quote', '+ plus', '| a | b |', '| --- | --- |', 'deadbeef123', '[^1]', '日本語', ' ', '      ', '%',
] as const; // prettier-ignore

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 8 })
  .map((parts) => parts.join(''));
const texts = fc.array(hostile, { maxLength: 3 });
const risk = fc.constantFrom('low', 'medium', 'high', 'critical');
const phase = fc.constantFrom('prepare', 'restrict', 'grant', 'revoke', 'relax', 'remove');

const policy = fc
  .tuple(hostile, texts, hostile)
  .map(([name, actions, sid]): ControlPolicy =>
    scp(name, { Version: '2012-10-17', Statement: [{ Sid: sid, Effect: 'Deny', Action: actions, Resource: '*' }] }),
  );
const set = fc.tuple(hostile, hostile, texts).map(([name, description, list]): PermissionSet => ({
  kind: 'permission-set',
  name,
  description,
  relayState: description,
  sessionDuration: 3_600,
  tags: Object.fromEntries(list.map((text) => [text, text])),
  managedPolicies: list,
  customerManagedPolicies: list.map((text) => ({ name: text, path: text })),
  outdatedIn: list,
  owner: name,
}));
const extra = fc.record({ phase, risk, origin: fc.record({ file: hostile, line: fc.nat() }) });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(policy, policy, extra).map(([one, other, more]) => update(one, other, more)),
  fc.tuple(set, set, extra).map(([one, other, more]) => update(one, other, more)),
  fc.tuple(set, extra).map(([one, more]) => create(one, more)),
  fc.tuple(policy, extra).map(([one, more]) => remove(one, more)),
  fc.tuple(hostile, hostile, hostile, extra).map(([g, s, a, more]) => create(assignment(g, s, a), more)),
);

const item: fc.Arbitrary<AccessItem> = fc.record({
  service: hostile,
  level: hostile,
  actions: texts,
  bound: fc.constantFrom('certain', 'possible'),
});
const grant = fc.record({
  change: fc.constantFrom('gets', 'loses'),
  who: hostile,
  type: fc.constantFrom('group', 'user'),
  people: fc.nat(99),
  what: hostile,
  where: texts,
  through: hostile,
  until: hostile,
  reason: hostile,
  file: hostile,
  line: fc.nat(),
  risk,
  riskReasons: texts,
});
const items = fc.array(item, { maxLength: 2 });
const listOf = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });
const origin = fc.record({ file: hostile, line: fc.nat() });

const rest: fc.Arbitrary<Partial<Plan>> = fc.record({
  organization: hostile,
  fingerprint: hostile,
  access: listOf(
    fc.record({
      principal: hostile,
      people: fc.nat(99),
      accounts: texts,
      gained: items,
      lost: items,
      changed: items,
      risk,
    }),
  ),
  grants: listOf(grant),
  guards: listOf(fc.record({ id: hostile, ok: fc.boolean(), message: hostile })),
  tests: listOf(fc.record({ name: hostile, ok: fc.boolean() })),
  interruptions: listOf(fc.record({ principal: hostile, account: hostile, message: hostile })),
  expiring: listOf(fc.record({ key: hostile, until: hostile })),
  unmanaged: listOf(fc.record({ kind: fc.constant('assignment'), key: hostile })),
  unresolved: listOf(fc.record({ name: hostile, message: hostile, origin })),
  unread: listOf(fc.record({ scope: hostile, reason: hostile })),
  held: listOf(fc.record({ id: hostile, key: hostile, reason: hostile })),
  notes: listOf(fc.record({ message: hostile, origin })),
});
const anyPlan = fc
  .tuple(fc.array(change, { maxLength: 8 }), rest)
  .map(([changes, more]): Plan => planOf(changes, more));

const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The comment without its fences: a reader of CommonMark for the few constructs that the renderer uses. */
const outsideFences = (markdown: string): readonly string[] => {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const marks = /^(`{3,})(diff)?$/.exec(line)?.[1];
    if (fence === undefined && marks !== undefined) fence = marks;
    else if (fence !== undefined && marks !== undefined && marks.length >= fence.length) fence = undefined;
    else if (fence === undefined) kept.push(line);
  }
  expect(fence).toBeUndefined();
  return kept;
};
const ownTags = /<\/?(?:details|summary)>/g;
const bare = (line: string): string => line.replace(/(?<!\\)`[^`]*`/g, 'CODE').replace(ownTags, '');

const cellsIn = (row: string): number => row.match(/(?<!\\)(?:\\\\)*\|/g)?.length ?? 0;

/** Rows that follow each other. */
const tablesIn = (lines: readonly string[]): readonly (readonly string[])[] =>
  lines.reduce<string[][]>(
    (tables, line) => {
      if (line.startsWith('| ')) tables.at(-1)?.push(line);
      else if (tables.at(-1)?.length !== 0) tables.push([]);
      return tables;
    },
    [[]],
  );

const expectHarmless = (markdown: string): void => {
  expect(markdown.replace(/[\n\u200b]/g, '')).not.toMatch(invisible);
  expect(markdown.replace(ownTags, '')).not.toContain('<');
  for (const line of outsideFences(markdown).map(bare)) {
    expect(line).not.toMatch(/@[\w-]|#\d|GH-\d|:\/\/|www\.|(?<!\\)\]\(|(?<!\\)!\[/i);
    expect(line).not.toMatch(/(?<![0-9a-z])(?=\d*[a-f])[0-9a-f]*\d[0-9a-f]*(?<=[0-9a-f]{7})(?![0-9a-z])/i);
  }
  for (const rows of tablesIn(outsideFences(markdown).map(bare)).filter(({ length }) => length > 0))
    expect(new Set(rows.map(cellsIn)).size).toBe(1);
};

describe('a comment', () => {
  test('keeps its limit, its summary and its criticals, and lets nothing of a name act', () => {
    fc.assert(
      fc.property(anyPlan, fc.constantFrom(planMarkdown, driftMarkdown), (plan, render) => {
        const markdown = render(plan);
        expect(markdown.length).toBeLessThanOrEqual(65_536);
        const criticals = plan.changes.filter((one) => one.risk === 'critical').length;
        if (criticals > 0) expect(markdown).toContain(`Critical changes, by key (${String(criticals)})`);
        expectHarmless(markdown);
      }),
      { numRuns: 300 },
    );
  });

  test('of any limit keeps it, and still says what will happen and how much of it is critical', () => {
    const plans = fc.constantFrom(hugePlan, criticalPlan, smallPlan);
    fc.assert(
      fc.property(plans, fc.integer({ min: 1_200, max: 70_000 }), (plan, limit) => {
        const markdown = planMarkdown(plan, { limit });
        expect(markdown.length).toBeLessThanOrEqual(limit);
        expect(markdown).toContain('Gatehouse will create');
        if (plan !== smallPlan) expect(markdown).toMatch(/\d of them critical/);
        expect(outsideFences(markdown).filter((line) => line.startsWith('<details>')).length).toBe(
          outsideFences(markdown).filter((line) => line === '</details>').length,
        );
      }),
      { numRuns: 12 },
    );
  });

  test('counts what it leaves out', () => {
    const markdown = planMarkdown(hugePlan);
    const shown = markdown.split('\n').filter((line) => /^[+!] /.test(line) && !line.includes('"')).length;
    const leftOut = /([\d,]+) changes/.exec(markdown.split('**Left out')[1] ?? '')?.[1] ?? '';
    expect(shown + Number(leftOut.replace(',', ''))).toBe(3_000);
  });

  test('with no room for every change still shows the details of the critical ones', () => {
    const markdown = planMarkdown(hugePlan);
    for (const index of [0, 100, 2_900]) expect(markdown).toContain(`"eu-${String(index)}"`);
    expect(markdown.length).toBeGreaterThan(55_000);
  });

  test('takes no link that could end itself', () => {
    expect(planMarkdown(hugePlan, { link: 'https://x.example/a) @octocat' })).not.toContain('octocat');
    expect(planMarkdown(hugePlan, { link: 'javascript:alert(1)' })).not.toContain('javascript');
  });
});

describe('a terminal', () => {
  test('gets no control character, and no line wider than it is unless one word is', () => {
    fc.assert(
      fc.property(
        anyPlan,
        fc.constantFrom(planText, driftText),
        fc.constantFrom(40, 80, 200),
        (plan, render, width) => {
          const text = render(plan, { paint: plainPaint, width });
          expect(text.replaceAll('\n', '')).not.toMatch(invisible);
          for (const line of text.split('\n').filter((one) => columns(one) > width))
            expect(
              line
                .trim()
                .split(/ +/)
                .filter((word) => !/^([+~·✗…-]|(low|medium|high|critical):)$/.test(word)),
            ).toHaveLength(1);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('gets one line for a change and no control character from a reason', () => {
    fc.assert(
      fc.property(anyPlan, hostile, (plan, reason) => {
        const outcomes = plan.changes.map(({ id, key }) => ({ id, key, status: 'failed' as const, reason }));
        const text = [...plan.changes.map(changeLine), outcomesText(outcomes, plan, { paint: plainPaint, width: 80 })];
        expect(text.join('').replaceAll('\n', '')).not.toMatch(invisible);
        for (const line of plan.changes.map(changeLine)) expect(line).not.toContain('\n');
      }),
    );
  });
});

test.each([
  ['a\u001b[31m', 'a\\u{1b}[31m'],
  ['\\u{1b}', '\\u{5c}u{1b}'],
  ['C:\\dir', 'C:\\dir'],
  ['a\u00a0b', 'a\\u{a0}b'],
  ['日本語', '日本語'],
])('%j is shown as %s', (raw, shown) => {
  expect(terminal(raw)).toBe(shown);
});

test('two names that differ in what cannot be seen are shown differently', () => {
  fc.assert(fc.property(hostile, hostile, (one, other) => one === other || terminal(one) !== terminal(other)));
});

test('a code span and running text are what Markdown takes literally', () => {
  expect(codeSpan('a`b|c<d')).toBe('`a\\u{60}b\\u{7c}c\\u{3c}d`');
  expect(markdownText('*a* [b](c) | <d> & @e #1')).toBe('\\*a\\* \\[b\\](c) \\| &lt;d&gt; & @\u200be #\u200b1');
  expect(markdownText('R & D, AT&T &lt; &#60;')).toBe('R & D, AT&amp;T &amp;lt; &amp;#\u200b60;');
  expect(markdownText('x'.repeat(900))).toHaveLength(400);
  expect(fenceFor(['a ```` b'])).toBe('`````');
});
