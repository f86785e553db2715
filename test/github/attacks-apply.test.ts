/** Attacks on the apply: what somebody tries who can push, merge, comment, write checks, or reach AWS. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { git } from '../support/github/git.ts';
import { callAs, cloneAs, pathOf } from '../support/github/scenario.ts';
import { developers, settings, shop } from './shop.ts';
import { approve, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Ran, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openSettledStage();
});
afterEach(() => stage.close());

const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';
const dispatched = { event: 'workflow_dispatch', workflow: 'apply.yml' };

/** Keys that AWS still lacks. */
const missing = async (): Promise<readonly string[]> => {
  const { out } = await stage.run(['plan', '--json', '--dir', await stage.checkout(), `--sandbox=${stage.aws}`]);
  return (JSON.parse(out) as Plan).changes.map(({ key }) => key);
};

const heldFor = ({ out, exit }: Ran, key: string): string => {
  expect(exit).toBe(3);
  return out.split('\n').find((line) => line.includes(`\`${key}\`: `)) ?? '';
};

describe('on the apply', () => {
  it('3: what was pushed after the approval is not approved', async () => {
    const pull = await proposeEdit(stage, 'hijack', { files: { [group]: developers.replace('Writes', 'Builds') } });
    await approve(stage, pull, 'grace');
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('hijack', 'origin/hijack');
    clone.write(group, more);
    await clone.push('One more thing');
    await mergePull(stage, pull);
    expect(heldFor(await stage.apply(), granted)).toContain('does not count: every pull request: needs 1 approval');
    expect(await missing()).toContain(granted);
  });

  it('5: a checkout that is not the tip of main applies nothing', async () => {
    const old = await stage.checkout();
    const pull = await proposeEdit(stage, 'newer', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const ran = await stage.run(['github', 'apply', '--dir', old, `--sandbox=${stage.aws}`], { event: 'push' });
    expect(ran).toMatchObject({ exit: 0 });
    expect(ran.err).toContain('main has moved on');
    expect(await missing()).toEqual([granted]);
  });

  it('6: a plan file is believed only as far as it hashes to the fingerprint, and no artifact is read', async () => {
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('main');
    clone.write(group, more);
    await clone.push('Past everybody');
    const file = join(stage.github.state.root, 'held.json');
    const first = await stage.apply(['--out', file]);
    expect(heldFor(first, granted)).toContain('no merged pull request brought it');
    expect(stage.github.requests().filter(({ path }) => path.includes('artifact'))).toEqual([]);
    const { fingerprint } = JSON.parse(readFileSync(file, 'utf8')) as Plan;
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('Shop-Production', 'Shop-Management'));
    const forged = await stage.apply(['--fingerprint', fingerprint, '--plan', file], { ...dispatched, actor: 'ada' });
    expect(forged).toMatchObject({ exit: 1 });
    expect(forged.err).toContain('is not a plan that can be approved');
    expect(await missing()).toEqual([granted]);
  });

  it('7: comments, checks, statuses and deployments that others write are no evidence', async () => {
    const pull = await proposeEdit(stage, 'forged', { files: { [group]: more } });
    const linus = callAs(stage.github, stage.github.token('linus'));
    const robot = callAs(stage.github, stage.github.appToken('robot', { checks: 'write', contents: 'write' }));
    const { headSha = '' } = stage.github.repository.issues.find(({ number }) => number === pull)?.pull ?? {};
    const output = { title: 'Approved by ada and grace', summary: '' };
    const check = {
      name: 'gatehouse/approvals',
      head_sha: headSha,
      status: 'completed',
      conclusion: 'success',
      output,
    };
    expect((await robot(`POST ${pathOf(stage.github)}/check-runs`, check)).status).toBe(201);
    await linus(`POST ${pathOf(stage.github)}/statuses/${headSha}`, {
      state: 'success',
      context: 'gatehouse/approvals',
    });
    await linus(`POST ${pathOf(stage.github)}/issues/${pull}/comments`, {
      body: '<!-- gatehouse:apply -->\nApproved.',
    });
    const sha = await mergePull(stage, pull);
    const made = await linus(`POST ${pathOf(stage.github)}/deployments`, {
      ref: sha,
      task: 'apply',
      environment: 'gatehouse',
      required_contexts: [],
      auto_merge: false,
      payload: { version: 1, open: [granted], approved: [granted] },
    });
    await linus(`POST ${pathOf(stage.github)}/deployments/${Number(made.body['id'])}/statuses`, { state: 'success' });
    expect(heldFor(await stage.apply(), granted)).toContain('needs 1 approval');
    expect(await missing()).toEqual([granted]);
  });

  it('7b: a deployment that somebody records of an older commit hides none of ours: what was done once stays done', async () => {
    const older = await git(stage.github.repository.dir, 'rev-parse', 'main');
    const pull = await proposeEdit(stage, 'once', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '222222222222');
    const linus = callAs(stage.github, stage.github.token('linus'));
    const record = { ref: older, task: 'apply', environment: 'gatehouse', required_contexts: [], auto_merge: false };
    const payload = { version: 1, open: [] };
    const made = await linus(`POST ${pathOf(stage.github)}/deployments`, { ...record, payload });
    await linus(`POST ${pathOf(stage.github)}/deployments/${made.id}/statuses`, { state: 'success' });
    expect(heldFor(await stage.apply(), granted)).toContain('drift');
    expect(await missing()).toEqual([granted]);
  });

  it('10: an administrator who merges without a review approves nothing', async () => {
    const pull = await proposeEdit(stage, 'bypass', { by: 'ada', files: { [group]: more } });
    await approve(stage, pull, 'eve');
    await mergePull(stage, pull);
    const ran = await stage.apply();
    expect(heldFor(ran, granted)).toContain('needs 1 approval from anybody who may write here');
    expect(await missing()).toEqual([granted]);
  });

  it('10b: by hand it takes people whom the settings list, on main, both of them', async () => {
    const pull = await proposeEdit(stage, 'critical', { files: { 'scps/bindings.yaml': 'ous: {}\n' } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const file = join(stage.github.state.root, 'held.json');
    const key = 'attachment/scp:DenyLeaveOrganization@root';
    expect(heldFor(await stage.apply(['--out', file]), key)).toContain('risk critical: needs 2 approvals');
    const { fingerprint } = JSON.parse(readFileSync(file, 'utf8')) as Plan;
    const words = ['--fingerprint', fingerprint, '--plan', file];
    for (const job of [
      { ...dispatched, actor: 'linus' },
      { ...dispatched, actor: 'ada', triggering: 'linus' },
      { ...dispatched, actor: 'ada', branch: 'critical' },
      { event: 'push', actor: 'ada' },
    ]) {
      expect(await stage.apply(words, job)).toMatchObject({ exit: 1 });
    }
    expect(await missing()).toContain(key);
    expect(await stage.apply(words, { ...dispatched, actor: 'ada' })).toMatchObject({ exit: 0 });
    expect(await missing()).toEqual([]);
  });

  it('11: what changed in AWS between approval and apply is held, with who did it', async () => {
    const longer = (shop['permission-sets/support.yaml'] ?? '').replace('4h', '8h');
    const pull = await proposeEdit(stage, 'longer', { files: { 'permission-sets/support.yaml': longer } });
    await approve(stage, pull, 'grace', 'ada');
    await mergePull(stage, pull);
    await stage.update('Shop-Support', 'PT12H');
    const ran = await stage.apply();
    expect(heldFor(ran, 'permission-set/Shop-Support')).toContain('live moved');
    expect(heldFor(ran, 'permission-set/Shop-Support')).toContain('fingerprint');
    expect(await missing()).toEqual(['permission-set/Shop-Support']);
  });

  it('11b: what was carried out once is not carried out again on the same word', async () => {
    const pull = await proposeEdit(stage, 'once', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    expect(await stage.apply()).toMatchObject({ exit: 0 });
    await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '222222222222');
    expect(heldFor(await stage.apply(), granted)).toContain('drift');
    expect(await missing()).toEqual([granted]);
  });

  it('22: another organization than the declared one is not written to', async () => {
    const files = { 'access/settings.yaml': settings.replace('o-shop000000', 'o-other00000') };
    const pull = await proposeEdit(stage, 'elsewhere', { files });
    await approve(stage, pull, 'grace', 'ada');
    await mergePull(stage, pull);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 1 });
    expect(ran.err).toContain('the credentials lead to organization o-shop000000');
  });
});
