import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { cloneAs } from '../support/github/scenario.ts';
import { developers } from './shop.ts';
import { approve, bodyOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
afterEach(() => stage.close());

const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';

describe('github apply', () => {
  it('does what a merged and approved pull request asks for, once, and records it', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 0 });
    expect(bodyOn(stage, pull, 'apply')).toContain('Applied: 1 done');
    expect(stage.github.repository.statuses.at(-1)).toMatchObject({ context: 'gatehouse/apply', state: 'success' });
    expect(stage.github.repository.deployments.at(-1)).toMatchObject({ payload: { open: [] } });
    const again = await stage.apply();
    expect(again.out).toContain('Nothing was left to do');
    expect(stage.github.repository.deployments).toHaveLength(1);
  });

  it.each(['squash', 'rebase'] as const)('takes a %s merge for what was reviewed', async (method) => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull, method);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 0 });
    expect(ran.out).toContain(granted);
  });

  it('holds what a merge holds beyond what was reviewed', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'evil-merge', { files: { [group]: developers.replace('Writes', 'Builds') } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const clone = await cloneAs(stage.github, 'ada');
    await clone.branch('main');
    clone.write(group, more);
    await clone.git('commit', '-q', '-a', '--amend', '-m', 'A merge like any other');
    await clone.git('push', '-q', '--force', 'origin', 'HEAD:main');
    const sha = await clone.git('rev-parse', 'HEAD');
    const merged = stage.github.repository.issues.find(({ number }) => number === pull)?.pull;
    if (merged !== undefined) Object.assign(merged, { landed: [sha], mergeCommit: sha });
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('main does not hold what its base and its final head come to');
  });

  it('holds the first adoption of what AWS had before, until somebody approves it by its fingerprint', async () => {
    stage = await openSettledStage();
    const set =
      'permissionSet: legacy-admins\ndescription: Old\nsessionDuration: 1h\nmanagedPolicies: [ReadOnlyAccess]\n';
    const pull = await proposeEdit(stage, 'adopt', { files: { 'permission-sets/legacy.yaml': set } });
    await approve(stage, pull, 'grace', 'ada');
    await mergePull(stage, pull);
    const file = join(stage.github.state.root, 'held.json');
    const ran = await stage.apply(['--out', file]);
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toMatch(/`permission-set\/legacy-admins`: first adoption/);
    const { fingerprint } = JSON.parse(readFileSync(file, 'utf8')) as Plan;
    const job = { event: 'workflow_dispatch', workflow: 'apply.yml', actor: 'grace' };
    expect(await stage.apply(['--fingerprint', fingerprint, '--plan', file], job)).toMatchObject({ exit: 0 });
  });
});
