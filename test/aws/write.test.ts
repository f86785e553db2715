import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editsOf } from '../../src/aws/edit-permission-set.ts';
import type { Outcome } from '../../src/model/cloud.ts';
import type { Change } from '../../src/model/plan.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { Assignment, PermissionSet } from '../../src/model/resource.ts';
import { create, permissionSet, remove, update } from '../contract/changes.ts';
import { accounts, bench, owner } from './bench.ts';
import type { Bench, BenchOptions } from './bench.ts';

const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const group = { kind: 'group', name: 'Developers', source: 'identity-center' } as const;

const assignment = (set: string, account: string, user = 'eve'): Assignment => ({
  kind: 'assignment',
  principal: { type: 'user', name: `${user}@securecart.example` },
  permissionSet: set,
  account,
});

const slow = { latencyMs: { assignment: 3_000, provisioning: 7_000, policyType: 5_000 }, throttling: true };

type Ready = Bench & { readonly applied: (...changes: readonly Change[]) => Promise<readonly Outcome[]> };

/** All at once, as a walk that waits for nothing would. */
const ready = async (settings: object = {}, options: BenchOptions = {}): Promise<Ready> => {
  const room = bench(options);
  const cloud = room.cloudOf();
  Object.assign(room.sandbox.world().settings, settings);
  await cloud.read();
  room.calls.clear();
  return { ...room, applied: (...changes) => Promise.all(changes.map((change) => cloud.apply(change))) };
};

const statuses = (outcomes: readonly Outcome[]): readonly string[] => outcomes.map(({ status }) => status);

describe('apply', () => {
  it('throws before anything was read', async () => {
    await expect(bench().cloudOf().apply(create(group))).rejects.toThrow(/before read/);
  });

  it('fails what names a thing that AWS does not have, and says which', async () => {
    const { applied } = await ready();
    expect(await applied(create(assignment('Missing', 'Production')))).toEqual([
      expect.objectContaining({ status: 'failed', reason: 'permission set "Missing" does not exist in AWS' }),
    ]);
  });

  it('gives AWS’s error name, reason and words when AWS refuses', async () => {
    const { applied } = await ready();
    const target = { type: 'account', name: 'Production' } as const;
    const [outcome] = await applied(
      remove({ kind: 'attachment', policy: { kind: 'scp', name: 'FullAWSAccess' }, target }),
    );
    expect(outcome?.reason).toMatch(
      /^ConstraintViolationException \(MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED\): [^\n]+$/,
    );
  });
});

describe('asynchronous writes', () => {
  it('are waited for to their end, with one list of statuses for all in flight', async () => {
    const room = await ready(slow);
    await room.applied(create(permissionSet('Reader')));
    const start = room.clock.now();
    const users = ['ada', 'bob', 'eve'];
    const all = accounts.flatMap(({ name }) => users.map((user) => create(assignment('Reader', name, user))));
    expect(statuses(await room.applied(...all))).toEqual(all.map(() => 'done'));
    expect(room.sandbox.world().sso.assignments).toHaveLength(all.length + 1);
    expect(room.clock.now() - start).toBeGreaterThanOrEqual(3_000);
    expect(room.calls.get('sso-admin:ListAccountAssignmentCreationStatus')).toBeLessThan(8);
    expect(room.calls.get('sso-admin:DescribeAccountAssignmentCreationStatus')).toBeUndefined();
  });

  it('are never refused for being too many or in each other’s way', async () => {
    const room = await ready(slow);
    const sets = ['A', 'B', 'C', 'D'];
    await room.applied(...sets.map((name) => create(permissionSet(name))));
    room.calls.clear();
    const all = sets.flatMap((set) =>
      accounts.flatMap(({ name }) => ['ada', 'bob', 'eve'].map((user) => create(assignment(set, name, user)))),
    );
    expect(statuses(await room.applied(...all))).toEqual(all.map(() => 'done'));
    expect(room.calls.get('sso-admin:CreateAccountAssignment')).toBe(all.length);
    const edits = sets.map((name) => update(permissionSet(name), permissionSet(name, { managedPolicies: [readOnly] })));
    expect(statuses(await room.applied(...edits))).toEqual(edits.map(() => 'done'));
    expect(room.calls.get('sso-admin:ProvisionPermissionSet')).toBe(sets.length * accounts.length);
  });

  it('that fail are failed, with the reason that AWS gives', async () => {
    const room = await ready(slow);
    const customerManagedPolicies = [{ name: 'Nowhere', path: '/' }];
    await room.applied(create(permissionSet('Broken', { customerManagedPolicies })));
    const [outcome] = await room.applied(create(assignment('Broken', 'Production')));
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(outcome?.reason).toMatch(/^FAILED: .*Nowhere does not exist/);
  });

  it('enable a policy type before they say so', async () => {
    const room = await ready(slow);
    const type = { kind: 'policy-type', type: 'RESOURCE_CONTROL_POLICY' } as const;
    const start = room.clock.now();
    expect(statuses(await room.applied(create(type)))).toEqual(['done']);
    expect(room.clock.now() - start).toBeGreaterThanOrEqual(5_000);
    expect((await room.cloudOf().read()).state['policy-type/RESOURCE_CONTROL_POLICY']).toEqual(type);
  });
});

describe('an interruption', () => {
  it('holds what only waits for its turn and finishes what was begun', async () => {
    const controller = new AbortController();
    const room = bench();
    Object.assign(room.sandbox.world().settings, slow);
    const cloud = room.cloudOf({ interrupt: controller.signal });
    await cloud.read();
    await Promise.all(['A', 'B'].map((name) => cloud.apply(create(permissionSet(name)))));
    const applying = ['A', 'B'].map((name) => cloud.apply(create(assignment(name, 'Production'))));
    await room.clock.sleep(1_000);
    controller.abort();
    const late = [create(group), create(permissionSet('C')), create({ kind: 'ou', path: 'Late', name: 'Late' })];
    expect(await Promise.all(applying)).toMatchObject([
      { status: 'done' },
      { status: 'held', reason: 'interrupted before it was begun' },
    ]);
    expect(statuses(await Promise.all(late.map(cloud.apply)))).toEqual(['held', 'held', 'held']);
    const { state } = await room.cloudOf().read();
    for (const { key } of late) expect(state).not.toHaveProperty([key]);
  });
});

describe('the edit of a permission set', () => {
  it('is provisioned once where the set is, and not at all where it is nowhere or only tags change', async () => {
    const room = await ready();
    const set = permissionSet('Edited', { owner, scope: 'all' });
    const edited = { ...set, managedPolicies: [readOnly], description: 'More', sessionDuration: 7200 };
    const tagged = { ...edited, tags: { team: 'x' } };
    await room.applied(create(set));
    await room.applied(create(assignment('Edited', 'Production')));
    expect(room.calls.get('sso-admin:ProvisionPermissionSet')).toBeUndefined();
    await room.applied(update(set, edited));
    expect(room.calls.get('sso-admin:ProvisionPermissionSet')).toBe(1);
    await room.applied(update(edited, tagged));
    expect(room.calls.get('sso-admin:ProvisionPermissionSet')).toBe(1);
    expect((await room.cloudOf().read()).state['permission-set/Edited']).toEqual(tagged);
  });

  it('is not asked for when an account is merely outdated: that account alone is provisioned', async () => {
    const room = await ready();
    const set = permissionSet('Stale');
    await room.applied(create(set));
    await room.applied(...accounts.map(({ name }) => create(assignment('Stale', name))));
    const [role] = room.sandbox.world().sso.provisioned.filter(({ accountId }) => accountId === '222222222222');
    Object.assign(role ?? {}, { revision: 0 });
    const cloud = room.cloudOf();
    const live = (await cloud.read()).state['permission-set/Stale'] as PermissionSet;
    expect(live.outdatedIn).toEqual(['Production']);
    room.calls.clear();
    expect(await cloud.apply(update(live, { ...live, outdatedIn: [] }))).toMatchObject({ status: 'done' });
    expect([...room.calls.keys()].filter((operation) => !/:List|:Describe|:Get/.test(operation))).toEqual([
      'sso-admin:ProvisionPermissionSet',
    ]);
    expect(room.calls.get('sso-admin:ProvisionPermissionSet')).toBe(1);
    expect((await cloud.read()).state['permission-set/Stale']).toEqual(set);
  });

  it('is held together: no assignment is made of a half-edited set', async () => {
    const room = await ready(slow);
    const set = permissionSet('Whole');
    const edited = permissionSet('Whole', { managedPolicies: [readOnly], description: 'x', sessionDuration: 7200 });
    await room.applied(create(set));
    await room.applied(create(assignment('Whole', 'Production')));
    room.calls.clear();
    const both = [update(set, edited), create(assignment('Whole', 'Staging'))];
    expect(statuses(await room.applied(...both))).toEqual(['done', 'done']);
    const order = [...room.calls.keys()];
    expect(order.indexOf('sso-admin:CreateAccountAssignment')).toBeGreaterThan(
      order.indexOf('sso-admin:ProvisionPermissionSet'),
    );
    const roles = room.sandbox.world().sso.provisioned.filter(({ roleName }) => roleName.includes('Whole'));
    expect(roles.map(({ definition }) => definition.managedPolicies)).toEqual([[readOnly], [readOnly]]);
  });
});

describe('when the network or AWS falters', () => {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Deny' as const, Action: 's3:*', Resource: '*' }] };
  const scp = { kind: 'scp', name: 'DenyStorage', description: 'No storage', document } as const;
  const all = [
    { kind: 'ou', path: 'Workloads', name: 'Workloads' },
    scp,
    { kind: 'attachment', policy: { kind: 'scp', name: scp.name }, target: { type: 'root' } },
    group,
    { kind: 'membership', group: group.name, user: 'eve@securecart.example' },
    permissionSet('Lost', { managedPolicies: [readOnly], inlinePolicy: document }),
    assignment('Lost', 'Production'),
  ] as const;
  const writes = [
    'CreateOrganizationalUnit',
    'CreatePolicy',
    'AttachPolicy',
    'CreateGroup',
    'CreateGroupMembership',
    'CreatePermissionSet',
    'AttachManagedPolicyToPermissionSet',
    'PutInlinePolicyToPermissionSet',
    'CreateAccountAssignment',
  ];

  it('a write whose answer was lost is found out, not failed and not done twice', async () => {
    const room = await ready({}, { lose: writes });
    for (const resource of all) expect(await room.applied(create(resource))).toMatchObject([{ status: 'done' }]);
    const live = await room.cloudOf().read();
    for (const resource of all) expect(live.state).toHaveProperty([keyOf(resource)], resource);
    const { organizations, identityStore, sso } = room.sandbox.world();
    expect(Object.values(organizations.ous)).toHaveLength(1);
    expect(Object.values(identityStore.groups)).toHaveLength(2);
    expect(Object.values(sso.permissionSets)).toHaveLength(3);
  });

  it('what AWS refuses for a while is tried again, and what it refuses for good is failed', async () => {
    const errors = [
      ['AttachPolicy', '{"__type":"ConcurrentModificationException","Message":"busy"}'],
      ['CreatePolicy', '{"__type":"PolicyChangesInProgressException","Message":"busy"}'],
      ['CreateOrganizationalUnit', '{"__type":"TooManyRequestsException","Message":"slow down"}'],
      ['CreateAccountAssignment', '{"__type":"ConflictException","message":"another operation is running"}'],
      ['CreatePermissionSet', '{"__type":"ThrottlingException","message":"Rate exceeded"}'],
      [
        'CreateAccountAssignment',
        '{"__type":"ThrottlingException","message":"There are too many requests processing. Please try again later."}',
      ],
      ['CreateGroup', '{"__type":"ConflictException","Message":"busy","Reason":"CONCURRENT_MODIFICATION"}'],
    ] as const;
    for (const [operation, body] of errors) {
      const patient = await ready({}, { refuse: { operation, times: 3, body } });
      for (const resource of all) expect(await patient.applied(create(resource))).toMatchObject([{ status: 'done' }]);
    }
    const [operation, body] = errors[0];
    const room = await ready({}, { refuse: { operation, times: 10_000, body } });
    await room.applied(create(scp));
    expect(await room.applied(create(all[2]))).toMatchObject([
      { status: 'failed', reason: 'ConcurrentModificationException: busy' },
    ]);
  });
});

const arns = ['AdministratorAccess', 'ReadOnlyAccess', 'AWSDenyAll'].map((name) => `arn:aws:iam::aws:policy/${name}`);

type Given = { managed: readonly string[]; boundary: string | undefined };

/** What a set gives when each policy is one permission: those that its boundary lets through, and none under a denial. */
const gives = ({ managed, boundary }: Given): readonly string[] =>
  managed.some((arn) => arn.includes('Deny'))
    ? []
    : managed.filter((arn) => boundary === undefined || boundary === arn);

/** Carries the edits out on a note of what the set has, and tells what it gives after each. */
const moments = async (before: PermissionSet, after: PermissionSet): Promise<readonly (readonly string[])[]> => {
  const boundaryArn = ({ permissionsBoundary }: PermissionSet) =>
    permissionsBoundary !== undefined && 'managedPolicy' in permissionsBoundary
      ? permissionsBoundary.managedPolicy
      : undefined;
  let given: Given = { managed: before.managedPolicies, boundary: boundaryArn(before) };
  const set = (next: Partial<Given>) => async () => void (given = { ...given, ...next });
  const ssoAdmin = {
    attachManagedPolicyToPermissionSet: ({ ManagedPolicyArn }: { ManagedPolicyArn: string }) =>
      set({ managed: [...given.managed, ManagedPolicyArn] })(),
    detachManagedPolicyFromPermissionSet: ({ ManagedPolicyArn }: { ManagedPolicyArn: string }) =>
      set({ managed: given.managed.filter((arn) => arn !== ManagedPolicyArn) })(),
    putPermissionsBoundaryToPermissionSet: (input: { PermissionsBoundary: { ManagedPolicyArn: string } }) =>
      set({ boundary: input.PermissionsBoundary.ManagedPolicyArn })(),
    deletePermissionsBoundaryFromPermissionSet: set({ boundary: undefined }),
  };
  const connection = { ssoAdmin } as unknown as Parameters<typeof editsOf>[0]['connection'];
  const address = { InstanceArn: 'i', PermissionSetArn: 'p' };
  const seen = [gives(given)];
  for (const { carryOut } of editsOf({ connection, address, before, after })) {
    await carryOut();
    seen.push(gives(given));
  }
  expect([...given.managed].sort()).toEqual([...after.managedPolicies].sort());
  expect(given.boundary).toBe(boundaryArn(after));
  return seen;
};

describe('the order of edits', () => {
  it('gives at no moment what neither the old nor the new set gives', async () => {
    const sets = fc.record({
      managed: fc.subarray(arns),
      boundary: fc.option(fc.constantFrom(...arns), { nil: undefined }),
    });
    const build = ({ managed, boundary }: Given): PermissionSet =>
      permissionSet('Any', {
        managedPolicies: managed,
        ...(boundary === undefined ? {} : { permissionsBoundary: { managedPolicy: boundary } }),
      });
    await fc.assert(
      fc.asyncProperty(sets, sets, async (before, after) => {
        const allowed = new Set([...gives(before), ...gives(after)]);
        for (const moment of await moments(build(before), build(after))) {
          expect(moment.filter((arn) => !allowed.has(arn))).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
