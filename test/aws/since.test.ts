/** How a reading uses the record of an earlier one, and when it does not. */
import { describe, expect, it } from 'vitest';
import type { Live } from '../../src/model/cloud.ts';
import type { AwsRecord, RecordOffer } from '../../src/model/record.ts';
import type { Resource } from '../../src/model/resource.ts';
import { callSandbox } from '../../src/sandbox/call.ts';
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import { furnish, plantResources, startTrail } from '../support/hand-changes.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { accounts, bench, catalogue, seed } from './bench.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { simulatedClock } from './simulated-clock.ts';

const iam = { accounts: 'all', policies: [] } as const;
const hour = 3_600_000;
const production = accounts[0]?.id ?? '';

const by = (room: Bench, service: string, operation: string, input: object, account?: string) => {
  const whose = account === undefined ? {} : { accessKeyId: accessKeyOf(account) };
  const call = { service, operation, input: { ...input }, ...whose };
  expect(callSandbox(room.sandbox, call, room.clock.now)).toMatchObject({ ok: true });
};

const recorded = async (room: Bench): Promise<AwsRecord> => {
  const cloud = room.cloudOf({ iam, keeps: 'a record' });
  await cloud.read();
  const record = cloud.record();
  if (record === undefined) throw new Error('no record was kept');
  return record;
};

const since = async (room: Bench, record: RecordOffer): Promise<Live['reads']> =>
  (await room.cloudOf({ iam }).readSince(record, [])).reads;

const whyWhole = async (options: BenchOptions, act: (room: Bench) => void = () => undefined): Promise<unknown> => {
  const first = bench();
  const record = await recorded(first);
  const room = bench({ ...options, sandbox: first.sandbox, clock: first.clock });
  act(room);
  return (await since(room, record)).record;
};

describe('a reading with a record', () => {
  it('asks only what lists what there is, where nothing moved', async () => {
    const room = bench();
    await room.clock.sleep(3 * hour);
    const record = await recorded(room);
    const { calls } = await since(room, record);
    expect(Object.keys(calls).filter((name) => name.startsWith('iam:'))).toEqual([]);
    expect(calls).toMatchObject({ 'organizations:ListAccounts': 1, 'identitystore:ListUsers': 1 });
    expect(calls).not.toHaveProperty('organizations:DescribePolicy');
    expect(calls).not.toHaveProperty('sso-admin:DescribePermissionSet');
  });

  it('asks one organization trail instead of every account, and none of its answers is believed after it was changed', async () => {
    const room = bench();
    startTrail({ sandbox: room.sandbox, now: room.clock.now });
    await room.clock.sleep(3 * hour);
    const record = await recorded(room);
    by(room, 'iam', 'CreateUser', { UserName: 'by-hand' }, production);
    const told = await since(room, record);
    expect(told.calls).toMatchObject({ 'logs:StartQuery': 1, 'sts:AssumeRole': 1, 'iam:ListRoles': 1 });
    expect(told.calls).not.toHaveProperty('cloudtrail:LookupEvents');
    expect(told.record).toMatchObject({ moved: 1 });
    by(room, 'cloudtrail', 'UpdateTrail', { Name: 'events', EnableLogFileValidation: false });
    expect((await since(room, record)).calls).toHaveProperty('cloudtrail:LookupEvents');
  });

  it('finds what a policy says of a role that is gone, whosever account the policy is in', async () => {
    const room = bench();
    startTrail({ sandbox: room.sandbox, now: room.clock.now });
    const trust = (principal: object) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
      });
    const gone = { RoleName: 'Gone@Hand', AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }) };
    by(room, 'iam', 'CreateRole', gone, production);
    const AssumeRolePolicyDocument = trust({ AWS: `arn:aws:iam::${production}:role/Gone@Hand` });
    by(room, 'iam', 'CreateRole', { RoleName: 'Trusting', AssumeRolePolicyDocument }, accounts[1]?.id);
    await room.clock.sleep(3 * hour);
    const record = await recorded(room);
    by(room, 'iam', 'DeleteRole', { RoleName: 'Gone@Hand' }, production);
    const { reads: _, ...warm } = await room.cloudOf({ iam }).readSince(record, []);
    const { reads: _cold, ...cold } = await room.cloudOf({ iam }).read();
    expect(warm).toEqual(cold);
    expect(JSON.stringify(warm)).not.toContain('role/Gone@Hand');
  });

  it('takes policies of resources from the record, asks for what was touched, and all where the trail says nothing of a service', async () => {
    const room = bench();
    const scene = { sandbox: room.sandbox, now: room.clock.now };
    startTrail(scene);
    const resources = plantResources(scene);
    await room.clock.sleep(3 * hour);
    const cloud = room.cloudOf({ resources, keeps: 'a record' });
    const { reads: whole } = await cloud.read();
    const record = cloud.record() ?? { whole: 'no record was kept' };
    const ofResources = async (touched: readonly Resource[]) => {
      const { calls } = (await room.cloudOf({ resources }).readSince(record, touched)).reads;
      return Object.entries(calls).filter(([name]) => /^(s3|sns|kms|secretsmanager|sqs|lambda|ecr):/.test(name));
    };
    expect(whole.calls).toMatchObject({ 'kms:GetKeyPolicy': 3, 'sqs:GetQueueAttributes': 3 });
    expect(await ofResources([])).toEqual([]);
    const [bucket] = resources;
    const document = { Version: '2012-10-17', Statement: [] };
    if (bucket === undefined) throw new Error('nothing was planted');
    expect(await ofResources([{ kind: 'resource-policy', ...bucket, document }])).toEqual([['s3:GetBucketPolicy', 1]]);
    const EventSelectors = [
      { ReadWriteType: 'All', IncludeManagementEvents: true, ExcludeManagementEventSources: ['kms.amazonaws.com'] },
    ];
    const answer = { operation: 'GetEventSelectors', body: JSON.stringify({ EventSelectors }) };
    const silent = bench({ answer, sandbox: room.sandbox, clock: room.clock });
    const { calls } = (await silent.cloudOf({ resources }).readSince(record, [])).reads;
    expect(calls).toMatchObject({ 'kms:GetKeyPolicy': 3, 'logs:StartQuery': 2 });
    expect(calls).not.toHaveProperty('s3:GetBucketPolicy');
  });

  it('asks for the members of all groups that a directory may have changed, once the record is older than events are late', async () => {
    const room = bench();
    await room.clock.sleep(3 * hour);
    const record = await recorded(room);
    expect(record).toHaveProperty('fed', true);
    expect((await since(room, record)).calls).not.toHaveProperty('identitystore:ListGroupMemberships');
    await room.clock.sleep(1.5 * hour);
    expect((await since(room, record)).calls).toHaveProperty('identitystore:ListGroupMemberships');
  });

  it.each<readonly [string, string, (world: SandboxWorld) => readonly [operation: string, input: object]]>([
    [
      'the tags of an OU',
      'organizations',
      ({ organizations }) => [
        'TagResource',
        { ResourceId: Object.keys(organizations.ous)[0], Tags: [{ Key: 'gatehouse:owner', Value: 'hand' }] },
      ],
    ],
    [
      'what a user was given',
      'sso-admin',
      ({ sso, identityStore }) => [
        'CreateAccountAssignment',
        {
          ...{ InstanceArn: sso.instanceArn, TargetType: 'AWS_ACCOUNT', TargetId: production, PrincipalType: 'USER' },
          PermissionSetArn: Object.keys(sso.permissionSets)[0],
          // Of whom AWS answered nothing, so that no account or set in the answer leads to the question.
          PrincipalId: Object.keys(identityStore.users).at(-1),
        },
      ],
    ],
    [
      'who came into a group',
      'identitystore',
      ({ identityStore: { identityStoreId: IdentityStoreId, groups, users } }) => [
        'CreateGroupMembership',
        {
          ...{ IdentityStoreId, GroupId: Object.keys(groups)[0] },
          MemberId: { UserId: Object.keys(users).at(-1) },
        },
      ],
    ],
  ])('finds %s', async (_what, service, deed) => {
    const clock = simulatedClock();
    const world = brownfield({ ...seed, externalGroups: [] }, clock.now());
    const room = bench({ clock, sandbox: createSandbox(world, { catalogue }) });
    furnish({ sandbox: room.sandbox, now: clock.now, random: () => 0 });
    by(room, 'identitystore', 'CreateUser', {
      ...{ IdentityStoreId: world.identityStore.identityStoreId, UserName: 'fay' },
      ...{ DisplayName: 'Fay', Name: { GivenName: 'Fay', FamilyName: 'F' } },
    });
    await clock.sleep(3 * hour);
    const record = await recorded(room);
    const { reads: _before, ...before } = await room.cloudOf({ iam }).read();
    by(room, service, ...deed(room.sandbox.world()));
    await clock.sleep(2 * hour);
    const { reads, ...warm } = await room.cloudOf({ iam }).readSince(record, []);
    const { reads: _cold, ...cold } = await room.cloudOf({ iam }).read();
    expect(warm).toEqual(cold);
    expect(warm).not.toEqual(before);
    expect(reads.record).toMatchObject({ moved: 1 });
  });

  it('asks for no event of IAM where the record has nothing of it', async () => {
    const room = bench();
    startTrail({ sandbox: room.sandbox, now: room.clock.now });
    await room.clock.sleep(3 * hour);
    const cloud = room.cloudOf({ iam: { ...iam, accounts: [] }, keeps: 'a record' });
    await cloud.read();
    by(room, 'iam', 'CreateUser', { UserName: 'by-hand' }, production);
    const told = await since(room, cloud.record() ?? { whole: 'no record was kept' });
    expect(told.record).toMatchObject({ moved: 0 });
    expect(told.calls).toMatchObject({ 'logs:StartQuery': 1, 'iam:ListRoles': 4 });
  });

  it('asks a delegated administrator for what it wrote, which the management account is not told', async () => {
    const room = bench();
    const delegated = { AccountId: production, ServicePrincipal: 'sso.amazonaws.com' };
    by(room, 'organizations', 'EnableAWSServiceAccess', { ServicePrincipal: 'sso.amazonaws.com' });
    by(room, 'organizations', 'RegisterDelegatedAdministrator', delegated);
    await room.clock.sleep(3 * hour);
    const cloud = room.cloudOf({ keeps: 'a record' });
    await cloud.read();
    const { instanceArn: InstanceArn, permissionSets } = room.sandbox.world().sso;
    const PermissionSetArn = Object.keys(permissionSets)[0];
    by(room, 'sso-admin', 'UpdatePermissionSet', { InstanceArn, PermissionSetArn, Description: 'By hand' }, production);
    const { reads: _, ...warm } = await room.cloudOf().readSince(cloud.record() ?? { whole: '' }, []);
    const { reads: _cold, ...cold } = await room.cloudOf().read();
    expect(warm).toEqual(cold);
    expect(JSON.stringify(warm)).toContain('By hand');
  });

  it.each([
    ['the trail may not be asked for', 'DescribeTrails'],
    ['its log group may not be asked', 'StartQuery'],
  ])('asks every account where %s', async (_why, deny) => {
    const room = bench();
    startTrail({ sandbox: room.sandbox, now: room.clock.now });
    await room.clock.sleep(3 * hour);
    const record = await recorded(room);
    const { calls, record: use } = await since(bench({ deny, sandbox: room.sandbox, clock: room.clock }), record);
    expect(calls).toMatchObject({ 'cloudtrail:LookupEvents': 5 });
    expect(use).not.toHaveProperty('whole');
  });

  it.each<readonly [string, BenchOptions, RegExp]>([
    ['CloudTrail refuses', { deny: 'LookupEvents' }, /^CloudTrail was not told: AccessDenied/],
    ['the writers are not told', { deny: 'ListDelegatedAdministrators' }, /^CloudTrail was not told: AccessDenied/],
  ])('reads whole where %s', async (_why, options, why) => {
    expect(await whyWhole(options)).toEqual({ whole: expect.stringMatching(why) as string });
  });

  it('reads whole where there are more events than are worth it', async () => {
    const busy = (room: Bench): void => {
      for (let at = 0; at < 401; at += 1) by(room, 'iam', 'CreateUser', { UserName: `busy-${at}` });
    };
    expect(await whyWhole({}, busy)).toEqual({ whole: expect.stringMatching(/has more than \d+ events$/) as string });
  });

  it('reads whole where other accounts may write to the organization', async () => {
    const shared = (room: Bench): void => {
      const Content = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            ...{ Sid: 'Policies', Effect: 'Allow', Principal: { AWS: production } },
            ...{ Action: ['organizations:AttachPolicy'], Resource: '*' },
          },
        ],
      });
      by(room, 'organizations', 'PutResourcePolicy', { Content });
    };
    expect(await whyWhole({}, shared)).toEqual({ whole: expect.stringMatching(/^a resource policy lets/) as string });
  });

  it('applies nothing to what it read so', async () => {
    const room = bench();
    const cloud = room.cloudOf({ iam });
    await cloud.readSince(await recorded(room), []);
    await expect(cloud.apply({} as never)).rejects.toThrow('apply before read');
  });
});
