import { describe, expect, it } from 'vitest';
import { approvalOf, droppedEndOf, endOf, unapproved } from '../../src/approve/runs.ts';
import type { DeploymentRecord, JudgedSpan } from '../../src/approve/runs.ts';
import { pullOfCommit } from '../../src/approve/history.ts';
import type { PullRequest } from '../../src/model/github.ts';

/** Commits are their ages: '0' is the tip of main. */
const span = (end: number, changed: readonly string[], objection?: string): JudgedSpan => ({
  base: String(end + 1),
  end: String(end),
  name: `pull request #${100 - end}`,
  changes: (key) => changed.includes(key),
  ends: (key) => changed.includes(`${key} ends`),
  objection: async () => objection,
});

const lostSince = async () => Promise.resolve(undefined);
const judge = (spans: readonly JudgedSpan[], at: readonly string[], records: readonly DeploymentRecord[] = []) => {
  const history = { spans, records, ageOf: Number, depth: Number(spans.at(-1)?.base ?? 0), lostSince };
  return approvalOf('k', history, async (commit) => at.includes(commit));
};
const record = (age: number, ...open: readonly string[]): DeploymentRecord => ({ age, open: new Set(open) });

describe('what stands behind a key', () => {
  it('is the shortest run of pull requests at whose base AWS is', async () => {
    const spans = [span(0, ['k']), span(1, ['other'], 'no'), span(2, ['k'])];
    expect(await judge(spans, ['1'])).toMatchObject({ is: 'approved', from: '1' });
    expect(await judge(spans, ['3'])).toMatchObject({ is: 'approved', from: '3' });
    expect(await judge(spans, ['1', '3'])).toMatchObject({ from: '1' });
  });

  it('is broken by a span that changed the key and does not count', async () => {
    const spans = [span(0, ['k'], 'nobody approved'), span(1, ['k'])];
    expect(await judge(spans, ['1', '2'])).toMatchObject({
      is: 'held',
      reason: 'pull request #100 does not count: nobody approved',
    });
    expect(await judge([span(0, ['k']), span(1, ['k'], 'no')], ['2'])).toMatchObject({ is: 'elsewhere' });
  });

  it('is nothing where nobody changed the key: drift', async () => {
    const open = await judge([span(0, ['other'])], ['1']);
    expect(open).toEqual({ is: 'open', run: [] });
    expect(unapproved([])).toContain('drift');
  });

  it('is spent once a deployment at or after its last merge did not leave the key open', async () => {
    const spans = [span(1, ['k'])];
    expect(await judge(spans, ['2'], [record(1)])).toMatchObject({ is: 'held' });
    expect(await judge(spans, ['2'], [record(0)])).toMatchObject({ is: 'held' });
    expect(await judge(spans, ['2'], [record(2)])).toMatchObject({ is: 'approved' });
    expect(await judge(spans, ['2'], [record(1, 'k')])).toMatchObject({ is: 'approved' });
    expect(await judge(spans, ['2'], [record(0), record(1, 'k')])).toMatchObject({ is: 'held' });
  });
});

describe('the end of an entry that is over', () => {
  const judgeEnd = (...spans: readonly JudgedSpan[]) =>
    endOf('k', { spans, records: [], ageOf: Number, depth: 9, lostSince });

  it('counts where the newest word about it counts, whatever older ones said', async () => {
    expect(await judgeEnd(span(0, ['other']), span(1, ['k ends']), span(2, ['k ends'], 'no'))).toMatchObject({
      is: 'approved',
    });
    expect(await judgeEnd(span(0, ['k']))).toEqual({ is: 'open', run: [] });
  });

  it('holds where that word does not count', async () => {
    expect(await judgeEnd(span(0, ['k ends'], 'nobody approved'), span(1, ['k ends']))).toMatchObject({
      is: 'held',
      reason: 'the day it ended on came with pull request #100, which does not count: nobody approved',
    });
  });
});

describe('the end of what main says nothing of any more', () => {
  const judgeEnd = (records: readonly DeploymentRecord[], ...spans: readonly JudgedSpan[]) =>
    droppedEndOf('k', { spans, records, ageOf: Number, depth: 9, lostSince });

  it('counts as any end does, until it is carried out', async () => {
    expect(await judgeEnd([], span(1, ['k ends']))).toMatchObject({ is: 'approved' });
    expect(await judgeEnd([record(2)], span(1, ['k ends']))).toMatchObject({ is: 'approved' });
    expect(await judgeEnd([record(1, 'k')], span(1, ['k ends']))).toMatchObject({ is: 'approved' });
    expect(await judgeEnd([], span(1, ['k ends'], 'nobody approved'))).toMatchObject({ is: 'held' });
  });

  it('is spent then: whoever gave it again did so by hand', async () => {
    const reason = 'drift: it had ended and was taken away, and AWS changed since';
    expect(await judgeEnd([record(1)], span(1, ['k ends']))).toEqual({ is: 'held', reason });
    expect(await judgeEnd([record(0)], span(1, ['k ends']))).toEqual({ is: 'held', reason });
    expect(await judgeEnd([record(9)], span(1, ['other']))).toEqual({ is: 'held', reason });
    expect(await judgeEnd([record(10)], span(1, ['other']))).toEqual({ is: 'open', run: [] });
  });
});

describe('whose commit it is', () => {
  const pull = (number: number, rest: Partial<PullRequest> = {}): PullRequest => ({
    number,
    author: { login: 'linus', id: 1, bot: false },
    baseBranch: 'main',
    headSha: 'h',
    headRepository: 'o/r',
    mergedAt: '2026-11-01T08:00:00Z',
    mergeCommit: undefined,
    ...rest,
  });
  const of = (...pulls: readonly PullRequest[]) => pullOfCommit({ sha: 'x', parent: 'y', pulls }, 'main')?.number;

  it('is that of a pull request merged into this branch, and of several the one whose merge it is', () => {
    expect(of(pull(1))).toBe(1);
    expect(of(pull(1, { mergedAt: undefined }))).toBeUndefined();
    expect(of(pull(1, { baseBranch: 'other' }))).toBeUndefined();
    expect(of(pull(1), pull(2, { mergeCommit: 'x' }))).toBe(2);
    expect(of(pull(1), pull(2))).toBeUndefined();
  });
});
