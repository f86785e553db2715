import { afterEach, describe, expect, it } from 'vitest';
import { developers } from './shop.ts';
import { approve, bodyOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';

describe('github apply', () => {
  it('does what a merged and approved pull request asks for, once, and records it', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { files: { 'access/groups/developers.yaml': more } });
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
    const pull = await proposeEdit(stage, 'more', { files: { 'access/groups/developers.yaml': more } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull, method);
    const ran = await stage.apply();
    expect(ran.out).toContain(granted);
    expect(ran).toMatchObject({ exit: 0 });
  });
});
