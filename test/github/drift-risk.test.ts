/** How the drift issue rates what somebody gave away by hand, though putting it right only takes it back. */
import { afterEach, expect, it } from 'vitest';
import { openSaved } from '../../src/commands/run/open-sandbox.ts';
import { callSandbox } from '../../src/sandbox/call.ts';
import { driftIssue, openSettledStage } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

const widen = async (folder: string, name: string): Promise<void> => {
  const opened = await openSaved(folder);
  if (opened === undefined) throw new Error('nothing is in the local AWS yet');
  const { sso } = opened.sandbox.world();
  const PermissionSetArn = Object.values(sso.permissionSets).find((set) => set.name === name)?.arn;
  const on = { InstanceArn: sso.instanceArn, PermissionSetArn };
  for (const [operation, input] of [
    ['PutInlinePolicyToPermissionSet', { InlinePolicy: everything }],
    ['ProvisionPermissionSet', { TargetType: 'ALL_PROVISIONED_ACCOUNTS' }],
  ] as const) {
    const call = { service: 'sso-admin', operation, input: { ...on, ...input } };
    expect(callSandbox(opened.sandbox, call, Date.now)).toMatchObject({ ok: true });
  }
  await opened.save();
};

it('labels and titles the issue by the administrator that AWS has beyond main', async () => {
  stage = await openSettledStage();
  await widen(stage.aws, 'Shop-Support');
  expect(await stage.drift()).toMatchObject({ exit: 2 });
  const issue = driftIssue(stage);
  expect(issue?.title).toBe('Gatehouse drift: 1 difference, 1 critical, 1 promise broken');
  expect(issue?.labels).toContain('risk: critical');
  expect(issue?.body).toMatch(/\| \*\*critical\*\*: administrator[^|]*\| `group:Shop-Support`/);
});
