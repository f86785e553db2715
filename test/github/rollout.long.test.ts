/** A guard rail comes to three OUs, one after the other: the drift job proposes each next stage, and people merge it. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { git } from '../support/github/git.ts';
import type { PullRequest } from '../support/github/pull-state.ts';
import { shop } from './shop.ts';
import { approve, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Ran, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
let clock = 0;
const on = (day: string): readonly string[] => {
  clock = Date.parse(`${day}T06:00:00Z`);
  return ['--now', `${day}T06:00:00Z`];
};
const ticking = (): string => {
  clock += 1000;
  return new Date(clock).toISOString().replace('.000Z', 'Z');
};
const setup = { workflowPermissions: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: true } };
const permissions = { contents: 'write', 'pull-requests': 'write', issues: 'write' } as const;

const branch = 'gatehouse/stage-DenyClose';
const bindings = 'scps/bindings.yaml';
const rollout = (second: string, third: string): string =>
  `ous:
  Root: [DenyLeaveOrganization]
rollout:
  DenyClose: # slowly
    - { ou: Sandbox, from: 2026-11-02 }
    - { ou: Workloads, ${second} }
    - { ou: Root, ${third} }
`;
const beginning = {
  'access/organization.yaml': `${shop['access/organization.yaml'] ?? ''}  Sandbox: {}\n`,
  'scps/deny-close.yaml':
    'scp: DenyClose\ndescription: No account closes itself\npolicy:\n  Version: "2012-10-17"\n  Statement: [{ Effect: Deny, Action: account:CloseAccount, Resource: "*" }]\n',
  [bindings]: rollout('after: 7d', 'after: 14d'),
};

const adopt = (day: string): Promise<Ran> => {
  const words = ['--adopt', ...on(day)];
  return stage.drift(words, { event: 'schedule', workflow: 'drift.yml', token: stage.github.jobToken(permissions) });
};
const pulls = (): readonly PullRequest[] =>
  stage.github.repository.issues.filter(
    (issue): issue is PullRequest => issue.pull !== undefined && issue.pull.head.ref === branch,
  );
const textOn = (ref: string): Promise<string> => git(stage.github.repository.dir, 'show', `${ref}:${bindings}`);
const tip = (): Promise<string> => git(stage.github.repository.dir, 'rev-parse', branch);
const merged = async (number: number): Promise<void> => {
  await approve(stage, number, 'ada', 'grace');
  await mergePull(stage, number);
};
const hangs = async (day: string): Promise<readonly string[]> => {
  expect(await stage.apply(on(day))).toMatchObject({ exit: 0 });
  const folder = await stage.checkout();
  const { out } = await stage.run(['plan', '--json', '--dir', folder, `--sandbox=${stage.aws}`, ...on(day)]);
  expect((JSON.parse(out) as Plan).changes).toEqual([]);
  const { Policies } = await stage.call('organizations', 'ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' });
  const policy = (Policies as readonly { readonly Name: string; readonly Id: string }[]).find(
    ({ Name }) => Name === 'DenyClose',
  );
  const { Targets } = await stage.call('organizations', 'ListTargetsForPolicy', { PolicyId: policy?.Id });
  return (Targets as readonly { readonly Name: string }[]).map(({ Name }) => Name).sort();
};

beforeEach(async () => {
  on('2026-11-02');
  stage = await openSettledStage({ setup, now: ticking });
  await merged(await proposeEdit(stage, 'begin', { files: beginning }));
  expect(await hangs('2026-11-02')).toEqual(['Sandbox']);
});
afterEach(() => stage.close());

it('is proposed when it is due, once, and counts from the day of the merge', async () => {
  expect(await adopt('2026-11-08')).toMatchObject({ exit: 0 });
  expect(pulls()).toEqual([]);
  expect((await adopt('2026-11-09')).err).toContain(`${branch}: opened #`);
  const [first] = pulls();
  expect(first).toMatchObject({ title: 'Bring SCP DenyClose to Workloads', state: 'open' });
  const text = rollout('from: 2026-11-09', 'after: 14d').trimEnd();
  expect(await textOn(branch)).toBe(text);
  const before = await tip();
  expect((await adopt('2026-11-11')).err).toContain(`${branch}: unchanged #`);
  expect([await tip(), pulls().length]).toEqual([before, 1]);
  expect(await hangs('2026-11-11')).toEqual(['Sandbox']);
  on('2026-11-12');
  await merged(first?.number ?? 0);
  expect(await hangs('2026-11-12')).toEqual(['Sandbox', 'Workloads']);
  expect((await adopt('2026-11-23')).err).toContain('Root waits until 2026-11-26: main has it since 2026-11-12');
  expect(pulls()).toHaveLength(1);
  expect((await adopt('2026-11-26')).err).toContain(`${branch}: opened #`);
  expect(await textOn(branch)).toBe(text.replace('after: 14d', 'from: 2026-11-26'));
  on('2026-11-26');
  await merged(pulls().find(({ state }) => state === 'open')?.number ?? 0);
  expect(await hangs('2026-11-27')).toEqual(['Root', 'Sandbox', 'Workloads']);
  expect(await adopt('2026-11-27')).toMatchObject({ exit: 0 });
  expect(pulls()).toHaveLength(2);
});

it('is not proposed again once it was closed, nor while AWS is not as main says', async () => {
  const { Policies } = await stage.call('organizations', 'ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' });
  const policy = (Policies as readonly { readonly Name: string; readonly Id: string }[]).find(
    ({ Name }) => Name === 'DenyClose',
  );
  const { Targets } = await stage.call('organizations', 'ListTargetsForPolicy', { PolicyId: policy?.Id });
  const [target] = Targets as readonly { readonly TargetId: string }[];
  const place = { PolicyId: policy?.Id, TargetId: target?.TargetId };
  await stage.call('organizations', 'DetachPolicy', place);
  expect((await adopt('2026-11-09')).err).toContain(
    'Workloads waits: AWS differs from main in attachment/scp:DenyClose',
  );
  expect(pulls()).toEqual([]);
  await stage.call('organizations', 'AttachPolicy', place);
  await adopt('2026-11-10');
  const [opened] = pulls();
  if (opened !== undefined) opened.state = 'closed';
  expect((await adopt('2026-11-11')).err).toContain('it was closed with the same edits');
  expect(pulls()).toHaveLength(1);
});

it('is closed with a sentence, and its branch goes, when its rollout is taken out of the file', async () => {
  expect((await adopt('2026-11-09')).err).toContain(`${branch}: opened #`);
  on('2026-11-10');
  const without = { [bindings]: 'ous:\n  Root: [DenyLeaveOrganization]\n  Sandbox: [DenyClose]\n' };
  await merged(await proposeEdit(stage, 'stop', { files: without }));
  expect((await adopt('2026-11-11')).err).toContain(`${branch}: closed #`);
  const [gone] = pulls();
  expect(gone).toMatchObject({ state: 'closed', body: expect.stringContaining('no longer stands in') as string });
  await expect(tip()).rejects.toThrow();
  expect((await adopt('2026-11-12')).err).not.toContain(branch);
});
