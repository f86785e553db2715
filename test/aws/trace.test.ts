import { describe, expect, it } from 'vitest';
import { callSandbox } from '../../src/sandbox/call.ts';
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import type { Change } from '../../src/model/plan.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { Assignment, Attachment, Resource, Role } from '../../src/model/resource.ts';
import { create, permissionSet, remove, update } from '../contract/changes.ts';
import { identityPolicy, trustOf } from '../support/iam.ts';
import { accounts, bench } from './bench.ts';

const production = accounts[0]?.id ?? '';
const scp: Resource = {
  kind: 'scp',
  name: 'DenyLeaving',
  description: 'Nobody leaves',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'organizations:Leave*', Resource: '*' }] },
  scope: 'all',
  owner: 'securecart/aws-access',
};
const attachment: Attachment = {
  kind: 'attachment',
  policy: { kind: 'scp', name: 'DenyLeaving' },
  target: { type: 'account', name: 'Production' },
};
const assignment: Assignment = {
  kind: 'assignment',
  principal: { type: 'user', name: 'ada@securecart.example' },
  permissionSet: 'Reader',
  account: 'Production',
};
const role: Role = {
  kind: 'role',
  account: 'Production',
  name: 'Deploy',
  path: '/gatehouse/',
  trust: JSON.parse(trustOf({ Service: 'ec2.amazonaws.com' })) as Role['trust'],
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicies: {},
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
};

/** An organization with a set, an SCP and their bindings, made by the adapter; then somebody in the console. */
const scene = async (deny?: string) => {
  const room = bench(deny === undefined ? {} : { deny });
  const cloud = room.cloudOf();
  await cloud.read();
  for (const one of [scp, attachment, permissionSet('Reader'), assignment]) await cloud.apply(create(one));
  await room.clock.sleep(60_000);
  const by = (service: string, operation: string, input: object, account = '111111111111') => {
    const from = { ip: '203.0.113.24', agent: 'console.amazonaws.com' };
    const call = { service, operation, input: { ...input }, accessKeyId: accessKeyOf(account), from };
    const answer = callSandbox(room.sandbox, call, room.clock.now);
    expect(answer).toMatchObject({ ok: true });
  };
  await cloud.read();
  const who = async (...changes: Change[]) => (await cloud.traces(changes)).found;
  return { ...room, cloud, by, who, world: room.sandbox.world() };
};

describe('who did it', () => {
  it('is found for what was made, altered and removed, by the ids that AWS knows', async () => {
    const { by, who, world } = await scene();
    const policy = Object.values(world.organizations.policies).find(({ Name }) => Name === 'DenyLeaving');
    const { instanceArn: InstanceArn, permissionSets } = world.sso;
    const PermissionSetArn = Object.values(permissionSets).find(({ name }) => name === 'Reader')?.arn;
    by('organizations', 'DetachPolicy', { PolicyId: policy?.Id, TargetId: production });
    by('sso-admin', 'PutInlinePolicyToPermissionSet', { InstanceArn, PermissionSetArn, InlinePolicy: identityPolicy });
    const reader = permissionSet('Reader');
    const found = await who(create(attachment), update(reader, reader), remove(assignment));
    expect(found).toMatchObject({
      [keyOf(attachment)]: {
        event: 'DetachPolicy',
        via: 'console',
        source: '203.0.113.24',
        who: 'sandbox (role Admin)',
      },
      [keyOf(reader)]: { event: 'PutInlinePolicyToPermissionSet' },
      [keyOf(assignment)]: { event: 'CreateAccountAssignment', via: 'api' },
    });
  });

  it('is the last who touched it', async () => {
    const { by, who, world, clock } = await scene();
    const PolicyId = Object.values(world.organizations.policies).find(({ Name }) => Name === 'DenyLeaving')?.Id;
    by('organizations', 'UpdatePolicy', { PolicyId, Description: 'once' });
    await clock.sleep(5000);
    by('organizations', 'UpdatePolicy', { PolicyId, Description: 'twice' });
    const at = clock.now();
    const found = await who(update(scp, scp));
    expect(Date.parse(found[keyOf(scp)]?.at ?? '')).toBe(Math.floor(at / 1000) * 1000);
  });

  it('is the last of all the calls that can alter a permission set', async () => {
    const { by, who, world, clock } = await scene();
    const { instanceArn: InstanceArn, permissionSets } = world.sso;
    const PermissionSetArn = Object.values(permissionSets).find(({ name }) => name === 'Reader')?.arn;
    by('sso-admin', 'UpdatePermissionSet', { InstanceArn, PermissionSetArn, Description: 'first' });
    await clock.sleep(5000);
    by('sso-admin', 'PutInlinePolicyToPermissionSet', { InstanceArn, PermissionSetArn, InlinePolicy: identityPolicy });
    const reader = permissionSet('Reader');
    expect((await who(update(reader, reader)))[keyOf(reader)]?.event).toBe('PutInlinePolicyToPermissionSet');
  });

  it('is asked in the account itself for a role', async () => {
    const { by, who } = await scene();
    const { name: RoleName } = role;
    by('iam', 'CreateRole', { RoleName, Path: '/gatehouse/', AssumeRolePolicyDocument: trustOf('*') }, production);
    by('iam', 'PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: identityPolicy }, production);
    expect((await who(remove(role)))[keyOf(role)]?.event).toBe('CreateRole');
    expect((await who(update(role, role)))[keyOf(role)]?.event).toBe('PutRolePolicy');
    expect(await who(create(role))).toEqual({});
  });

  it('shares one question among changes of a kind', async () => {
    const { who, calls } = await scene();
    await who(...['Production', 'Staging', 'Sandbox'].map((account) => remove({ ...assignment, account })));
    expect(calls.get('cloudtrail:LookupEvents')).toBe(1);
  });

  it('leaves out a call that AWS refused', async () => {
    const { sandbox, clock, who, world } = await scene();
    const PolicyId = Object.values(world.organizations.policies).find(({ Name }) => Name === 'DenyLeaving')?.Id;
    const input = { PolicyId, Content: 'no policy' };
    callSandbox(sandbox, { service: 'organizations', operation: 'UpdatePolicy', input }, clock.now);
    expect(await who(update(scp, scp))).toEqual({});
  });

  it('never takes a refusal for nothing: what could not be asked is named', async () => {
    const { cloud } = await scene('LookupEvents');
    const { found, unread } = await cloud.traces([remove(assignment), remove(attachment)]);
    expect(found).toEqual({});
    expect(unread).toMatchObject([
      { scope: 'CloudTrail of account 111111111111 in eu-west-1', reason: expect.stringContaining('Denied') as string },
      { scope: 'CloudTrail of account 111111111111 in us-east-1' },
    ]);
  });
});
