import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { developers, writeShop } from './shop.ts';
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
    expect(body.split('\n')[1]).toMatch(/^\*\*Ready: it needs approval\.\*\* /);
    expect(body.split('\n')[3]).toBe('**Access grows for `group:Shop-Developers` (2 people)**.');
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

  it('says of a failing access test whether this pull request breaks it or the base does already', async () => {
    const until = (day: string): string => developers.replace('[Shop-Dev]', `[Shop-Dev]\n    until: ${day}`);
    const reads = 'allowed: [{ action: s3:GetObject, resource: "arn:aws:s3:::shop/a" }]';
    const asked = '  as: { group: Shop-Developers }\n  in: { accounts: [Shop-Dev] }\n';
    stage = await openSettledStage({
      write: (dir) => {
        writeShop(dir);
        writeFileSync(join(dir, 'access/groups/developers.yaml'), until('2036-05-31'));
        const dated = `- test: Developers have nothing from June on\n${asked}  at: 2036-06-01\n  denied: ["*"]\n`;
        writeFileSync(join(dir, 'access/tests/developers.yaml'), dated);
        writeFileSync(join(dir, 'access/tests/red.yaml'), `- test: Red on main\n${asked}  denied: [s3:GetObject]\n`);
      },
    });
    const novel = `- test: New and red\n${asked}  denied: [s3:GetObject]\n- test: New\n${asked}  ${reads}\n`;
    const pull = await proposeEdit(stage, 'longer', {
      files: { 'access/groups/developers.yaml': until('2036-12-31'), 'access/tests/new.yaml': novel },
    });
    expect(await stage.plan(pull)).toMatchObject({ exit: 3 });
    const said = (name: string): string | undefined =>
      bodyOn(stage, pull, 'plan')
        .split('\n')
        .findLast((line) => line.includes(name));
    expect(said('nothing from June on')).toMatch(/\(this change breaks it\)$/);
    expect(said('Red on main')).toMatch(/\(it fails already in the base's files and on what AWS has now\)$/);
    expect(said('New and red')).toMatch(/\(the test is new, and it fails on what AWS has now, too\)$/);
  });
});
