import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { git } from '../support/github/git.ts';
import { cloneAs } from '../support/github/scenario.ts';
import type { PullRequest } from '../support/github/pull-state.ts';
import { developers, settings, shop } from './shop.ts';
import { approve, driftIssue, mergePull, openSettledStage } from './stage.ts';
import type { Ran, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
const open = { workflowPermissions: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: true } };
const permissions = { contents: 'write', 'pull-requests': 'write', issues: 'write' } as const;
const adopt = (): Promise<Ran> =>
  stage.drift(['--adopt'], { event: 'schedule', workflow: 'drift.yml', token: stage.github.jobToken(permissions) });

const revert = async (): Promise<void> => {
  const ran = await stage.run(['apply', '--yes', '--dir', await stage.checkout(), `--sandbox=${stage.aws}`]);
  expect(ran).toMatchObject({ exit: 0 });
};

const pulls = (): readonly PullRequest[] =>
  stage.github.repository.issues.filter((issue): issue is PullRequest => issue.pull !== undefined);
const textOn = (branch: string, path: string): Promise<string> =>
  git(stage.github.repository.dir, 'show', `${branch}:${path}`);
const branches = async (): Promise<readonly string[]> =>
  (await git(stage.github.repository.dir, 'branch', '--list', '--format=%(refname:short)', 'gatehouse/*')).split('\n');

const group = 'access/groups/developers.yaml';
const set = 'permission-sets/read-only.yaml';
/** AWS takes the description away with an update that has none. */
const adopted = (shop[set] ?? '').replace('description: Looks\n', '').replace('8h', '4h');
const writes = (requests: ReturnType<Stage['github']['requests']>) =>
  requests.filter(({ operation }) => !/^(GET |POST \/graphql)/.test(operation)).map(({ operation }) => operation);

describe('github drift --adopt', () => {
  beforeEach(async () => {
    stage = await openSettledStage({ setup: open });
  });
  afterEach(() => stage.close());

  it('opens one pull request per risk; merged, the next drift is empty and the branches go', async () => {
    await stage.update('Shop-ReadOnly', 'PT4H');
    await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '333333333333');
    const ran = await adopt();
    expect(ran).toMatchObject({ exit: 2 });
    const opened = pulls();
    expect(opened.length).toBeGreaterThan(0);
    for (const { pull, title, body } of opened) {
      expect(pull.head.ref).toMatch(/^gatehouse\/adopt-(critical|high|medium|low)$/);
      expect(title).toMatch(/^Adopt drift: \d differences? of risk /);
      expect(body).toContain(`#${driftIssue(stage)?.number}`);
    }
    const bodies = opened.map(({ body }) => body).join('\n');
    // Which event is the last one is up to two clocks: the local AWS's ran ahead while the shop was applied.
    for (const key of ['permission-set/Shop-ReadOnly', 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Dev'])
      expect(bodies).toMatch(new RegExp(`${key}. since 20.*(PermissionSet|AccountAssignment)`));
    for (const { number } of opened) {
      await approve(stage, number, 'ada', 'grace');
      await mergePull(stage, number, 'squash');
    }
    expect(await textOn('main', set)).toBe(adopted.trimEnd());
    expect(await textOn('main', group)).not.toContain('Shop-Dev]');
    expect(await adopt()).toMatchObject({ exit: 0 });
    expect(driftIssue(stage)).toMatchObject({ state: 'closed' });
    expect(await branches()).toEqual(['']);
    expect(pulls()).toHaveLength(opened.length);
  });

  it('writes nothing the second time, and only what is new after that', async () => {
    await stage.update('Shop-ReadOnly', 'PT4H');
    await adopt();
    const [first] = pulls();
    const branch = first?.pull.head.ref ?? '';
    const before = await git(stage.github.repository.dir, 'rev-parse', branch);
    const seen = stage.github.requests().length;
    expect((await adopt()).err).toContain(`${branch}: unchanged #${first?.number}`);
    expect(writes(stage.github.requests().slice(seen))).toEqual(['PATCH /repos/{owner}/{repo}/issues/{issue_number}']);
    expect(await git(stage.github.repository.dir, 'rev-parse', branch)).toBe(before);
    await stage.update('Shop-ReadOnly', 'PT2H');
    expect((await adopt()).err).toContain(`${branch}: updated`);
    expect(await textOn(branch, set)).toContain('sessionDuration: 2h');
    expect(await git(stage.github.repository.dir, 'rev-list', '--count', `main..${branch}`)).toBe('1');
    expect(pulls()).toHaveLength(1);
  });

  it('closes what drifts no longer, with its branch', async () => {
    await stage.update('Shop-ReadOnly', 'PT4H');
    await adopt();
    await revert();
    expect((await adopt()).err).toContain('closed #');
    expect(pulls()).toMatchObject([
      { state: 'closed', body: expect.stringContaining('Nothing of this differs') as string },
    ]);
    expect(await branches()).toEqual(['']);
  });

  it('leaves a branch alone that somebody else pushed to, whatever drifts then', async () => {
    await stage.update('Shop-ReadOnly', 'PT4H');
    await adopt();
    const branch = pulls()[0]?.pull.head.ref ?? '';
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch(branch, `origin/${branch}`);
    clone.write(group, developers.replace('Writes', 'Makes'));
    await clone.push('A word');
    const theirs = await git(stage.github.repository.dir, 'rev-parse', branch);
    await stage.update('Shop-ReadOnly', 'PT2H');
    expect((await adopt()).err).toMatch(/left #\d+ .*linus has committed to it/);
    await revert();
    expect((await adopt()).err).toMatch(/left #\d+: linus has committed to it/);
    expect(await git(stage.github.repository.dir, 'rev-parse', branch)).toBe(theirs);
    expect(pulls()).toMatchObject([{ state: 'open' }]);
  });

  it('does not ask again for what was closed without merging, until the edits are others', async () => {
    await stage.update('Shop-ReadOnly', 'PT4H');
    await adopt();
    const [first] = pulls();
    if (first !== undefined) first.state = 'closed';
    expect((await adopt()).err).toContain('it was closed with the same edits');
    expect(pulls()).toHaveLength(1);
    await stage.update('Shop-ReadOnly', 'PT2H');
    expect((await adopt()).err).toContain('opened #');
    expect(pulls()).toHaveLength(2);
  });

  it('says that Actions may not open pull requests, and repairs itself once they may', async () => {
    stage.github.repository.setup.workflowPermissions = {
      ...open.workflowPermissions,
      can_approve_pull_request_reviews: false,
    };
    await stage.update('Shop-ReadOnly', 'PT4H');
    const ran = await adopt();
    expect(ran).toMatchObject({ exit: 1 });
    expect(ran.err).toContain('not permitted to create or approve pull requests');
    expect(driftIssue(stage)).toMatchObject({ state: 'open' });
    stage.github.repository.setup.workflowPermissions = open.workflowPermissions;
    expect((await adopt()).err).toContain('opened #');
  });

  it('adopts nothing on a main that has moved on since it was checked out', async () => {
    await stage.update('Shop-ReadOnly', 'PT4H');
    const dir = await stage.checkout();
    const clone = await cloneAs(stage.github, 'ada');
    clone.write(group, developers.replace('Writes', 'Makes'));
    await clone.push('A word');
    const token = stage.github.jobToken(permissions);
    const words = ['github', 'drift', '--adopt', '--dir', dir, `--sandbox=${stage.aws}`];
    const ran = await stage.run(words, { event: 'schedule', workflow: 'drift.yml', token });
    expect(ran.err).toContain('main has moved on');
    expect(pulls()).toHaveLength(0);
  });

  it('proposes neither to take a merge back that is not applied yet, nor what the reconciler wrote itself', async () => {
    const clone = await cloneAs(stage.github, 'ada');
    clone.write(group, developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]'));
    await clone.push('Merged, not applied');
    expect((await adopt()).err).toContain('it may be a merge that is not applied yet');
    await stage.update('Shop-ReadOnly', 'PT4H');
    clone.write('access/settings.yaml', settings.replace('gatehouse/GatehouseApply', 'gatehouse/Admin'));
    await clone.push('The local AWS writes as Admin');
    expect((await adopt()).err).toContain('Admin wrote what AWS has: the next apply decides');
    expect(pulls()).toHaveLength(0);
    expect(await branches()).toEqual(['']);
  });

  it('shows in the drift issue the YAML that would adopt it', async () => {
    await stage.update('Shop-ReadOnly', 'PT4H');
    await stage.drift();
    const body = driftIssue(stage)?.body ?? '';
    expect(body).toContain('<details><summary>the YAML that would adopt it</summary>');
    expect(body).toContain(`  --- a/${set}\n`);
    expect(body).toContain('  -sessionDuration: 8h\n  +sessionDuration: 4h\n');
  });
});

describe('the drift workflow', () => {
  const text = readFileSync(join(import.meta.dirname, '../../.github/workflows/drift.yml'), 'utf8');
  const { jobs } = parse(text) as {
    readonly jobs: Readonly<
      Record<string, { readonly if: string; readonly permissions: object; readonly needs?: string }>
    >;
  };

  it('lets only the job that adopts push, and only when it is asked to', () => {
    expect(jobs['drift']?.permissions).toEqual({ contents: 'read', 'id-token': 'write', issues: 'write' });
    expect(jobs['adopt']?.permissions).toEqual({ ...permissions, 'id-token': 'write' });
    expect(jobs['adopt']?.if).toBe(
      "github.ref == 'refs/heads/main' && (inputs.adopt || vars.GATEHOUSE_ADOPT == 'true')",
    );
    expect(text.match(/--adopt/g)).toHaveLength(1);
  });
});
