/** What was done is told on GitHub whatever the disk of the job says. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { git } from '../support/github/git.ts';
import { developers } from './shop.ts';
import { approve, bodyOn, checkOn, driftIssue, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';

let stage: Stage;
let nowhere: string;
beforeEach(async () => {
  stage = await openSettledStage();
  nowhere = join(stage.github.state.root, 'not/there/file');
});
afterEach(() => stage.close());

describe('a job that can write neither its files nor its page', () => {
  const job = () => ({ env: { GITHUB_STEP_SUMMARY: nowhere } });

  it('tells its plan, its apply and the drift on GitHub all the same, and fails', async () => {
    const pull = await proposeEdit(stage, 'more', { files: { 'access/groups/developers.yaml': more } });
    const planned = await stage.plan(pull, job());
    expect(planned).toMatchObject({ exit: 1 });
    expect(bodyOn(stage, pull, 'plan')).toContain(granted);
    expect(checkOn(stage, 'gatehouse/plan')?.conclusion).toBe('success');
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const dir = await stage.checkout();
    mkdirSync(join(dir, '.gatehouse/journal.jsonl/x'), { recursive: true });
    writeFileSync(join(dir, '.git/info/exclude'), '.gatehouse\n');
    expect(await git(dir, 'status', '--porcelain')).toBe('');
    const applied = await stage.run(
      ['github', 'apply', '--dir', dir, `--sandbox=${stage.aws}`, '--out', nowhere],
      job(),
    );
    expect(applied).toMatchObject({ exit: 1 });
    expect(applied.err).toContain('the run goes on without it');
    expect(applied.err).toContain(`${nowhere}, the plan of what is held`);
    expect(bodyOn(stage, pull, 'apply')).toContain('Applied: 1 done');
    await stage.update('Shop-ReadOnly', 'PT1H');
    expect(await stage.drift(['--out', nowhere], { event: 'schedule', workflow: 'drift.yml', ...job() })).toMatchObject(
      {
        exit: 1,
      },
    );
    expect(driftIssue(stage)?.body).toContain('Shop-ReadOnly');
  });
});
