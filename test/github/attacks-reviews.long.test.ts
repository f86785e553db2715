/** Attacks on what an approval was given for: the same commits, and another base, another head, another day. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callAs, cloneAs, pathOf } from '../support/github/scenario.ts';
import type { Clone } from '../support/github/scenario.ts';
import { developers } from './shop.ts';
import { approve, mergePull, openSettledStage } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
let clone: Clone;
beforeEach(async () => {
  stage = await openSettledStage();
  clone = await cloneAs(stage.github, 'linus');
});
afterEach(() => stage.close());

const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';

const linus = (operation: string, body: Readonly<Record<string, string | boolean>>) =>
  callAs(stage.github, stage.github.token('linus'))(operation.replace(' ', ` ${pathOf(stage.github)}`), body);

const openPull = async (head: string, base: string): Promise<number> =>
  Number((await linus('POST /pulls', { base, head, title: head })).body['number']);

const turnTo = (pull: number, base: string) => linus(`PATCH /pulls/${pull}`, { base });

/** `big` gives access, and `small`, which says hello, lies on top of it. */
const pushBoth = async (): Promise<void> => {
  await clone.branch('big');
  clone.write('access/groups/developers.yaml', more);
  await clone.push('Big');
  await clone.branch('small', 'origin/big');
  clone.write('access/groups/developers.yaml', more.replace('Writes', 'Builds'));
  await clone.push('Small');
};

const expectHeld = async (pull: number, why: string): Promise<void> => {
  expect((await stage.approvals(pull)).exit).toBe(3);
  await mergePull(stage, pull);
  const ran = await stage.apply();
  expect(ran).toMatchObject({ exit: 3 });
  expect(ran.out).toContain(`\`${granted}\`: `);
  expect(ran.out).toContain(why);
};

const expectDone = async (pull: number): Promise<void> => {
  expect((await stage.approvals(pull)).exit).toBe(0);
  await mergePull(stage, pull);
  expect(await stage.apply()).toMatchObject({ exit: 0, out: expect.stringContaining(granted) as string });
};

describe('an approval', () => {
  it('that was given against another base does not count, and one given since does', async () => {
    await pushBoth();
    const pull = await openPull('small', 'big');
    await approve(stage, pull, 'grace');
    await turnTo(pull, 'main');
    expect((await stage.approvals(pull)).out).toContain('grace approved it before its base was changed');
    await approve(stage, pull, 'ada');
    await expectDone(pull);
  });

  it('that was given against another base holds what was merged on it', async () => {
    await pushBoth();
    const pull = await openPull('small', 'big');
    await approve(stage, pull, 'grace');
    await turnTo(pull, 'main');
    await expectHeld(pull, 'needs 1 approval');
  });

  it('is not given back by turning the pull request to the base at which it was given', async () => {
    await pushBoth();
    await clone.git('push', '-q', 'origin', 'origin/main:refs/heads/other');
    const pull = await openPull('small', 'main');
    await approve(stage, pull, 'grace');
    await turnTo(pull, 'other');
    await turnTo(pull, 'main');
    await expectHeld(pull, 'needs 1 approval');
  });

  it('that was given while main held more than it does now does not count', async () => {
    const before = await clone.git('rev-parse', 'origin/main');
    await pushBoth();
    await clone.git('push', '-q', 'origin', 'origin/big:main');
    const pull = await openPull('small', 'main');
    await approve(stage, pull, 'grace');
    await clone.git('push', '-q', '--force', 'origin', `${before}:main`);
    await expectHeld(pull, 'needs 1 approval');
  });

  it('of a commit that was the head before another was forced in its place does not count', async () => {
    await pushBoth();
    const pull = await openPull('small', 'main');
    await approve(stage, pull, 'grace');
    await clone.git('commit', '-q', '--amend', '-m', 'Another');
    await clone.git('push', '-q', '--force', 'origin', 'HEAD:small');
    await expectHeld(pull, 'needs 1 approval');
  });

  it.each([
    ['the head was forced elsewhere and back', ['elsewhere']],
    ['it was closed and opened again', ['close']],
    ['it was a draft', ['draft']],
  ] as const)('still counts where %s: the commits and the base are those that were read', async (_, [what]) => {
    await pushBoth();
    const pull = await openPull('small', 'main');
    const issue = stage.github.repository.issues.find(({ number }) => number === pull);
    if (issue?.pull !== undefined) issue.pull.draft = what === 'draft';
    await approve(stage, pull, 'grace');
    if (issue?.pull !== undefined) issue.pull.draft = false;
    if (what === 'elsewhere')
      for (const [from, force] of [
        ['origin/big', '--force'],
        ['HEAD', '--force'],
      ] as const) {
        await clone.git('push', '-q', force, 'origin', `${from}:small`);
        await linus(`PATCH /pulls/${pull}`, { title: from });
      }
    if (what === 'close') for (const state of ['closed', 'open']) await linus(`PATCH /pulls/${pull}`, { state });
    await expectDone(pull);
  });
});
