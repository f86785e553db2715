/** SecureCart's own files on GitHub: groups, permission sets and roles from the pull request to the day on which they end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  appToken,
  approve,
  bodyOn,
  checkOn,
  driftIssue,
  mergePull,
  openSecureCartStage,
  proposeEdit,
} from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let stage: Stage;
beforeAll(async () => {
  stage = await openSecureCartStage();
  const main = await stage.checkout();
  expect(await stage.run(['apply', '--yes', '--dir', main, `--sandbox=${stage.aws}`])).toMatchObject({ exit: 0 });
});
afterAll(() => stage.close());

const root = join(import.meta.dirname, '../..');
const own = (path: string): string => readFileSync(join(root, path), 'utf8');
const visit = `role: VisitRole
path: /gatehouse/
accounts: [SecureCart-Staging, SecureCart-Dev]
trust: [{ accountId: "101010101010", externalId: securecart-visit-1 }]
inlinePolicies:
  read: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::securecart-staging-product-images/partner/*" }] }
maxSessionDuration: 1h
until: 2026-12-05
reason: SEC-90
`;
const reading =
  'assignments:\n  - { permissionSet: SecureCart-ReadOnly, accounts: [SecureCart-Dev], until: 2026-12-05, reason: SEC-90 }\n';
const files = {
  'access/roles/visit.yaml': visit,
  'access/roles/deployment.yaml': own('access/roles/deployment.yaml').replace(
    'maxSessionDuration: 1h',
    'maxSessionDuration: 2h',
  ),
  'access/groups/data-engineers.yaml': own('access/groups/data-engineers.yaml').replace('assignments:\n', reading),
};

const role = 'role/SecureCart-Staging:VisitRole';
const altered = 'role/SecureCart-Dev:VisitRole';
const devId = '888888888888';
const assigned = 'assignment/group:SecureCart-DataEngineers:SecureCart-ReadOnly@SecureCart-Dev';
const deployment = ['SecureCart-Staging', 'SecureCart-Production'].map((account) => `role/${account}:DeploymentRole`);

describe('SecureCart on GitHub', () => {
  it('plans, approves and applies groups and roles, and takes back by its date alone what ends and is as it was', async () => {
    const pull = await proposeEdit(stage, 'visit', { files });
    const job = () => ({ token: appToken(stage) });
    const planned = await stage.plan(pull, job());
    expect(planned).toMatchObject({ exit: 0 });
    for (const name of ['VisitRole', 'DeploymentRole', 'SecureCart-DataEngineers'])
      expect(bodyOn(stage, pull, 'plan')).toContain(name);
    await approve(stage, pull, 'sam', 'grace-gh');
    const blind = await stage.approvals(pull);
    expect([blind.exit, blind.out]).toEqual([3, expect.stringContaining('the token cannot read team') as string]);
    expect(await stage.approvals(pull, job())).toMatchObject({ exit: 0 });
    expect(checkOn(stage, 'gatehouse/approvals')).toMatchObject({ conclusion: 'success' });
    await mergePull(stage, pull);
    const applied = await stage.apply([], job());
    expect(applied).toMatchObject({ exit: 0 });
    for (const key of [role, assigned, ...deployment]) expect(bodyOn(stage, pull, 'apply')).toContain(key);
    expect(await stage.drift()).toMatchObject({ exit: 0, err: expect.stringContaining('Read') as string });
    expect(driftIssue(stage)).toBeUndefined();

    const onDay = (day: string) => ['--now', `${day}T06:00:00Z`];
    const hourly = { event: 'schedule', workflow: 'apply.yml' };
    expect((await stage.apply(onDay('2026-12-05'), { ...hourly, ...job() })).out).toContain('Nothing was left to do');
    const input = JSON.stringify({ RoleName: 'VisitRole', MaxSessionDuration: 7200 });
    const words = ['sandbox', 'call', 'iam', 'UpdateRole', input, '--account', devId, `--sandbox=${stage.aws}`];
    expect(await stage.run(words)).toMatchObject({ exit: 0 });
    const ended = await stage.apply(onDay('2026-12-06'), { ...hourly, ...job() });
    expect(ended).toMatchObject({ exit: 3 });
    expect(ended.out).toContain('Applied: 2 done and 1 held');
    for (const key of [role, assigned]) expect(ended.out).toContain(key);
    const drifted = await stage.drift(onDay('2026-12-06'));
    expect(drifted).toMatchObject({ exit: 2, out: expect.stringContaining(altered) as string });
    for (const key of [role, assigned]) expect(drifted.out).not.toContain(`${key}\n`);
  });
});
