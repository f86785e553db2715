/** The whole story: real git, the compiled command line, the local AWS, and a GitHub that answers as GitHub does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { cloneAs } from '../support/github/scenario.ts';
import { developers } from './shop.ts';
import { approve, bodyOn, commentsOn, driftIssue, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';
const production = '222222222222';
const dispatched = { event: 'workflow_dispatch', workflow: 'apply.yml' };

let stage: Stage;
afterEach(() => stage.close());

describe('the story, each job as a process of its own', () => {
  it('branch, edit, open, plan, edit again, approve, merge, apply, meddle, drift, revert', async () => {
    stage = await openSettledStage({ processes: true });
    const pull = await proposeEdit(stage, 'access', {
      files: { [group]: developers.replace('[Shop-Dev]', '[Shop-Prod]') },
    });
    expect(await stage.plan(pull)).toMatchObject({ exit: 1 });
    expect(bodyOn(stage, pull, 'plan')).toContain('Did you mean');
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('access', 'origin/access');
    clone.write(group, more);
    await clone.push('Mean Production');
    expect(await stage.plan(pull)).toMatchObject({ exit: 0 });
    expect(bodyOn(stage, pull, 'plan')).toContain('Access grows for');
    expect(commentsOn(stage, pull)).toHaveLength(1);
    expect(await stage.approvals(pull)).toMatchObject({ exit: 3 });
    await approve(stage, pull, 'grace');
    expect(await stage.approvals(pull)).toMatchObject({ exit: 0 });
    await mergePull(stage, pull);
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    expect(bodyOn(stage, pull, 'apply')).toContain(granted);
    expect(await stage.drift()).toMatchObject({ exit: 0 });
    expect(driftIssue(stage)).toBeUndefined();

    await stage.revoke('Shop-Developers', 'Shop-ReadOnly', production);
    const file = join(stage.github.state.root, 'drift.json');
    expect(await stage.drift(['--out', file])).toMatchObject({ exit: 2 });
    const issue = driftIssue(stage);
    expect(issue).toMatchObject({ state: 'open', title: expect.stringContaining('1 difference') as string });
    expect(issue?.body).toContain('DeleteAccountAssignment');
    expect(issue?.body).toContain('gatehouse adopt');
    const { fingerprint } = JSON.parse(readFileSync(file, 'utf8')) as Plan;
    expect(issue?.body).toContain(fingerprint);

    const reverted = await stage.apply(['--fingerprint', fingerprint, '--plan', file], {
      ...dispatched,
      actor: 'grace',
    });
    expect(reverted).toMatchObject({ exit: 0 });
    expect(await stage.drift()).toMatchObject({ exit: 0 });
    expect(driftIssue(stage)).toMatchObject({ state: 'closed', title: 'Gatehouse drift: none' });
    expect(stage.github.repository.issues.filter(({ labels }) => labels.includes('gatehouse-drift'))).toHaveLength(1);
  });
});

describe('stories', () => {
  beforeEach(async () => {
    stage = await openSettledStage();
  });

  it('a grant that begins later is done on its day, and goes after its last', async () => {
    const dated = developers.replace(
      'assignments:\n',
      'assignments:\n  - { permissionSet: Shop-ReadOnly, accounts: [Shop-Production], from: 2026-12-01, until: 2026-12-03 }\n',
    );
    const pull = await proposeEdit(stage, 'dated', { files: { [group]: dated } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const on = (day: string) =>
      stage.apply(['--now', `${day}T06:00:00Z`], { event: 'schedule', workflow: 'apply.yml' });
    expect((await on('2026-11-30')).out).toContain('Nothing was left to do');
    expect((await on('2026-12-01')).out).toContain('Applied: 1 done');
    expect((await on('2026-12-02')).out).toContain('Nothing was left to do');
    const last = await on('2026-12-04');
    expect(last.out).toContain('Applied: 1 done');
    expect(last.out).toContain(granted);
  });
});
