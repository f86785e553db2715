/** What the commands ask of GitHub, counted: a number that grows here is a decision. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { developers } from './shop.ts';
import { approve, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Ran, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeAll(async () => {
  stage = await openSettledStage();
});
afterAll(() => stage.close());

const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');

/** Calls that GitHub saw, which are those that the command says it made. */
const counted = async (run: () => Promise<Ran>): Promise<number> => {
  const before = stage.github.requests().length;
  const { err } = await run();
  const calls = stage.github.requests().length - before;
  expect(err).toContain(`GitHub: ${calls} calls`);
  return calls;
};

it('each command makes as many calls to GitHub as it did', async () => {
  const pull = await proposeEdit(stage, 'more', { files: { 'access/groups/developers.yaml': more } });
  const counts: Record<string, number> = {};
  counts['plan, first'] = await counted(() => stage.plan(pull));
  counts['plan, again'] = await counted(() => stage.plan(pull));
  await approve(stage, pull, 'grace');
  counts['approve-check'] = await counted(() => stage.approvals(pull));
  await mergePull(stage, pull);
  counts['apply'] = await counted(() => stage.apply());
  counts['apply, nothing to do'] = await counted(() => stage.apply());
  await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '222222222222');
  counts['apply, drift held'] = await counted(() => stage.apply());
  counts['apply, drift held before'] = await counted(() => stage.apply());
  counts['drift, first'] = await counted(() => stage.drift());
  counts['drift, again'] = await counted(() => stage.drift());
  const main = await stage.checkout();
  counts['doctor'] = await counted(() => stage.run(['doctor', '--dir', main, `--sandbox=${stage.aws}`]));
  expect(counts).toEqual({
    'plan, first': 9,
    'plan, again': 9,
    'approve-check': 7,
    // One of them reads the statuses of the commit, so that a record that was deleted is missed.
    apply: 16,
    'apply, nothing to do': 6,
    'apply, drift held': 9,
    'apply, drift held before': 7,
    'drift, first': 2,
    'drift, again': 3,
    doctor: 11,
  });
});
