/** Attacks that take what AWS had before, or have done again what was done once. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSaved } from '../../src/commands/run/open-sandbox.ts';
import { callSandbox } from '../../src/sandbox/call.ts';
import { callAs, pathOf } from '../support/github/scenario.ts';
import { developers, shop } from './shop.ts';
import { approve, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Ran, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openSettledStage();
});
afterEach(() => stage.close());

type Answer = Readonly<Record<string, unknown>>;

const call = async (service: string, operation: string, input: object): Promise<Answer> => {
  const opened = await openSaved(stage.aws);
  if (opened === undefined) throw new Error('nothing is in the local AWS yet');
  const { ok, output } = callSandbox(opened.sandbox, { service, operation, input: { ...input } }, Date.now);
  if (!ok) throw new Error(`${operation}: ${JSON.stringify(output)}`);
  await opened.save();
  return output as Answer;
};

const first = (answer: Answer, key: string): Answer => (answer[key] as readonly Answer[])[0] ?? {};

const approved = async (files: Readonly<Record<string, string>>): Promise<Ran> => {
  const pull = await proposeEdit(stage, `b${Object.keys(files).join('').length}`, { files });
  await approve(stage, pull, 'grace', 'ada');
  await mergePull(stage, pull);
  return stage.apply();
};

/** A group that somebody made by hand, with a member of its own. */
const byHand = async (DisplayName: string): Promise<void> => {
  const { IdentityStoreId } = first(await call('sso-admin', 'ListInstances', {}), 'Instances');
  const { GroupId } = await call('identitystore', 'CreateGroup', { IdentityStoreId, DisplayName });
  const { UserId } = first(await call('identitystore', 'ListUsers', { IdentityStoreId }), 'Users');
  await call('identitystore', 'CreateGroupMembership', { IdentityStoreId, GroupId, MemberId: { UserId } });
};

describe('what AWS had before is taken over by nobody but by hand', () => {
  it('not through a rename of a guard rail of another tool', async () => {
    const Content = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'cloudtrail:*', Resource: '*' }],
    });
    const made = { Name: 'other-tool', Description: 'x', Type: 'SERVICE_CONTROL_POLICY', Content };
    const { Policy } = await call('organizations', 'CreatePolicy', made);
    const { Id } = (Policy as { readonly PolicySummary: Answer }).PolicySummary;
    const lunch = `scp: Lunch\ndescription: x\npreviously: [other-tool]\npolicy:\n  Version: "2012-10-17"\n  Statement: [{ Effect: Deny, Action: "a4b:CreateRoom", Resource: "*" }]\n`;
    const ran = await approved({ 'scps/lunch.yaml': lunch });
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('`scp/Lunch`: first adoption');
    expect(JSON.stringify(await call('organizations', 'DescribePolicy', { PolicyId: Id }))).toContain('cloudtrail');
  });

  it('not through a rename of a group, with or without members', async () => {
    await byHand('HandMade');
    const lunch = 'group: Lunch\nsource: identity-center\npreviously: [HandMade]\nmembers: [lena@shop.example]\n';
    const ran = await approved({ 'access/groups/lunch.yaml': lunch });
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('`group/Lunch`: first adoption');
    expect(ran.out).toContain('**Applied: 3 held.**');
  });

  it('not through an assignment to a group that is new in the files and has people', async () => {
    await byHand('HandMade');
    const file = `${developers.replace('Shop-Developers', 'HandMade').replace(/description.*\nsource.*\nmembers.*\n/, 'source: identity-center\n')}`;
    const ran = await approved({ 'access/groups/hand.yaml': file });
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('first adoption: AWS had group/HandMade');
  });

  it('while an OU of our own is renamed as before', async () => {
    const organization = (shop['access/organization.yaml'] ?? '').replace(
      '  Workloads:\n',
      '  Loads:\n    previously: [Workloads]\n',
    );
    expect(await approved({ 'access/organization.yaml': organization })).toMatchObject({ exit: 0 });
  });
});

describe('what was done once is not done again', () => {
  const grant = async (): Promise<void> => {
    const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
    expect(await approved({ 'access/groups/developers.yaml': more })).toMatchObject({ exit: 0 });
    await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '222222222222');
  };

  it('because somebody says that its deployment failed', async () => {
    await grant();
    const linus = callAs(stage.github, stage.github.token('linus'));
    for (const { id } of stage.github.repository.deployments)
      await linus(`POST ${pathOf(stage.github)}/deployments/${id}/statuses`, { state: 'failure' });
    expect((await stage.apply()).out).toContain('was carried out, and AWS changed since');
  });

  it('because somebody deletes the record of it', async () => {
    await grant();
    const linus = callAs(stage.github, stage.github.token('linus'));
    const ids = stage.github.repository.deployments.map(({ id }) => id);
    for (const id of ids) {
      await linus(`POST ${pathOf(stage.github)}/deployments/${id}/statuses`, { state: 'inactive' });
      await linus(`DELETE ${pathOf(stage.github)}/deployments/${id}`);
    }
    expect(stage.github.repository.deployments).toEqual([]);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toMatch(/the record of what was applied at .+, deployment \d+, is gone/);
  });

  it('because no room is left for the status that names the record', async () => {
    await grant();
    const { repository, state } = stage.github;
    const [ours] = repository.statuses;
    const creator = state.users.get('linus');
    if (ours === undefined || creator === undefined) throw new Error('nothing was said of the apply');
    const full = Array.from({ length: 1_000 }, (_, id) => ({ ...ours, id, creator, description: 'x' }));
    repository.statuses.splice(0, Infinity, ...full);
    repository.deployments.splice(0, Infinity);
    expect((await stage.apply()).out).toContain('has too many commit statuses to tell');
  });

  it('while a run whose record never came about goes on', async () => {
    const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
    const pull = await proposeEdit(stage, 'more', { files: { 'access/groups/developers.yaml': more } });
    await approve(stage, pull, 'grace', 'ada');
    await mergePull(stage, pull);
    stage.github.fail({
      operation: 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
      nth: 1,
      as: 500,
      times: 9,
    });
    expect(await stage.apply()).toMatchObject({ exit: 1 });
    stage.github.heal();
    await stage.revoke('Shop-Developers', 'Shop-ReadOnly', '222222222222');
    expect((await stage.apply()).out).toContain('Applied: 1 done');
  });

  it('because a job says so, or because of a hundred deployments of others', async () => {
    await grant();
    const [ours] = stage.github.repository.deployments;
    const job = callAs(stage.github, stage.github.jobToken({ deployments: 'write' }));
    await job(`POST ${pathOf(stage.github)}/deployments/${ours?.id ?? 0}/statuses`, { state: 'inactive' });
    const creator = stage.github.state.users.get('linus');
    for (let id = 1; ours !== undefined && creator !== undefined && id <= 120; id += 1)
      stage.github.repository.deployments.push({ ...ours, id: 100_000 + id, creator, app: undefined, statuses: [] });
    expect((await stage.apply()).out).toContain('was carried out, and AWS changed since');
  });
});
