import { afterEach, describe, expect, it, vi } from 'vitest';
import { developers } from './shop.ts';
import { bodyOn, checkOn, commentsOn, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
afterEach(() => stage.close());

const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');

describe('github plan', () => {
  it('says who gains, in one comment that is edited, and marks the line in one check', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { files: { 'access/groups/developers.yaml': more } });
    const ran = await stage.plan(pull);
    expect(ran).toMatchObject({ exit: 0 });
    const body = bodyOn(stage, pull, 'plan');
    expect(body.split('\n')[1]).toBe('**Access grows for `group:Shop-Developers` (2 people)**.');
    expect(body).toContain('assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production');
    expect(ran.summary).toContain('Access grows');
    const check = checkOn(stage, 'gatehouse/plan');
    expect(check).toMatchObject({ conclusion: 'success' });
    expect(check?.annotations).toMatchObject([{ path: 'access/groups/developers.yaml' }]);
    await stage.plan(pull);
    expect(commentsOn(stage, pull)).toHaveLength(1);
  });

  it('knows its own comment again when it writes as a GitHub App of the organization', async () => {
    stage = await openSettledStage();
    const pull = await proposeEdit(stage, 'more', { files: { 'access/groups/developers.yaml': more } });
    const token = () =>
      stage.github.appToken('acme-access', { contents: 'read', 'pull-requests': 'write', checks: 'write' });
    for (const turn of [1, 2])
      expect(await stage.plan(pull, { token: token() }), String(turn)).toMatchObject({ exit: 0 });
    expect(commentsOn(stage, pull)).toMatchObject([{ author: { login: 'acme-access[bot]' } }]);
  });
});
