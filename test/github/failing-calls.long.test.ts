/** GitHub failing at each call of each command: AWS is right or untouched, the exit says it, and the next run repairs what is said. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callsOf, momentOf, troublesOf } from './moments.ts';
import type { Moment } from './moments.ts';
import { developers } from './shop.ts';
import { approve, bodyOn, checkOn, commentsOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Ran, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeAll(async () => {
  stage = await openSettledStage();
});
afterAll(() => stage.close());

const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');

type Story = {
  readonly run: () => Promise<Ran>;
  /** Exit of a run that nothing disturbs. */
  readonly quiet: number;
  /** What AWS may have been written when the run was disturbed. */
  readonly written: readonly (readonly string[])[];
  /** Said and done, after the next run. */
  readonly repaired: (moment: Moment) => void;
};

/** What is asked to find the record of the last drift run: without an answer AWS is read whole. */
const ofRecord = /\/(deployments|actions\/(workflows|runs|artifacts))\b/;

/** How many calls were disturbed. Where nothing came of it, the next run is the quiet one. */
const disturbed = async ({ run, quiet, written, repaired }: Story): Promise<number> => {
  const moment = momentOf(stage);
  const calls = await callsOf(stage, async () => expect(await run()).toMatchObject({ exit: quiet }));
  repaired(moment);
  for (const { name, repeated, begin } of troublesOf(calls)) {
    moment.restore();
    begin(stage);
    const { exit, err } = await run();
    stage.github.heal();
    expect(repeated || ofRecord.test(name) ? [1, quiet] : [1], name).toContain(exit);
    if (exit !== quiet) expect(err, name).toMatch(/GitHub (refused|was not reached)/);
    expect(written, name).toContainEqual(moment.writes());
    if (moment.isNow()) continue;
    expect(await run(), name).toMatchObject({ exit: quiet });
    repaired(moment);
  }
  moment.restore();
  return calls.length;
};

const proposed = async (branch: string) => {
  const pull = await proposeEdit(stage, branch, { files: { [group]: more } });
  const [base, head] = [await stage.checkout(), await stage.checkout(pull)];
  const words = (command: string) => ['github', command, '--pr', String(pull), '--base', base, '--dir', head];
  return { pull, plan: [...words('plan'), `--sandbox=${stage.aws}`], check: words('approve-check') };
};

describe('when GitHub fails at any one call', () => {
  it('of a plan, AWS is untouched and the next run says it in one comment and one check', async () => {
    const { pull, plan } = await proposed('planned');
    const repaired = () => {
      expect(commentsOn(stage, pull)).toHaveLength(1);
      expect(bodyOn(stage, pull, 'plan')).toContain('Access grows for `group:Shop-Developers`');
      expect(checkOn(stage, 'gatehouse/plan')).toMatchObject({ conclusion: 'success' });
    };
    const run = () => stage.run(plan);
    expect(await disturbed({ run, quiet: 0, written: [[]], repaired })).toBeGreaterThanOrEqual(5);
  });

  it('of a check of the approvals, nothing is green by mistake and the next run says it', async () => {
    const { pull, check } = await proposed('checked');
    await approve(stage, pull, 'grace');
    const repaired = () => expect(checkOn(stage, 'gatehouse/approvals')).toMatchObject({ conclusion: 'success' });
    const run = () => stage.run(check);
    expect(await disturbed({ run, quiet: 0, written: [[]], repaired })).toBeGreaterThanOrEqual(6);
  });

  it('of drift, AWS is untouched and the next run says it in one issue, open or closed', async () => {
    const issues = () => stage.github.repository.issues.filter(({ labels }) => labels.includes('gatehouse-drift'));
    const dir = await stage.checkout();
    const run = () => stage.run(['github', 'drift', '--dir', dir, `--sandbox=${stage.aws}`]);
    const settled = momentOf(stage);
    await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '333333333333');
    const found = () => expect(issues()).toMatchObject([{ state: 'open' }]);
    expect(await disturbed({ run, quiet: 2, written: [[]], repaired: found })).toBeGreaterThanOrEqual(2);
    await run();
    const told = structuredClone(issues());
    settled.restore();
    stage.github.repository.issues.push(...told);
    const closed = () => expect(issues()).toMatchObject([{ state: 'closed', title: 'Gatehouse drift: none' }]);
    expect(await disturbed({ run, quiet: 0, written: [[]], repaired: closed })).toBeGreaterThanOrEqual(2);
  });

  it('of an apply, AWS is right or untouched and the next run says it in one comment, a status and a record', async () => {
    const { pull } = await proposed('applied');
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const dir = await stage.checkout();
    const repaired = (moment: Moment) => {
      expect(moment.writes()).toEqual(['CreateAccountAssignment']);
      expect(commentsOn(stage, pull)).toHaveLength(1);
      expect(bodyOn(stage, pull, 'apply')).not.toBe('');
      expect(stage.github.repository.statuses.at(-1)).toMatchObject({ context: 'gatehouse/apply', state: 'success' });
      const last = stage.github.repository.deployments.at(-1);
      expect([last?.payload, last?.statuses.at(-1)?.state]).toEqual([{ version: 1, open: [] }, 'success']);
    };
    const run = () => stage.run(['github', 'apply', '--dir', dir, `--sandbox=${stage.aws}`], { event: 'push' });
    const written = [[], ['CreateAccountAssignment']];
    expect(await disturbed({ run, quiet: 0, written, repaired })).toBeGreaterThanOrEqual(12);
  });
});
