import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../src/sandbox/core.ts';
import { iamOf } from '../../src/sandbox/iam/state.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import {
  at,
  callerOf,
  delegate,
  identityWorld,
  management,
  production,
  refusalOf,
  rowsAt,
  staging,
  start,
  suspended,
  textAt,
} from '../support/identity-world.ts';

const document = JSON.stringify({ Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] });
const nobody = '1234567890-00000000-0000-0000-0000-000000000000';
const notProvisioned = { ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED' };

/** A set, a group and a user, and the calls that the tests make of them. */
const scene = (latencyMs = 0) => {
  const world = identityWorld(latencyMs);
  const { caller, sso, store } = callerOf(world);
  const createSet = (Name: string) => textAt(sso('CreatePermissionSet', { Name }), 'PermissionSet.PermissionSetArn');
  const createGroup = (DisplayName: string) => textAt(store('CreateGroup', { DisplayName }), 'GroupId');
  const set = createSet('Developer');
  const group = createGroup('Developers');
  const user = textAt(
    store('CreateUser', { UserName: 'ada', DisplayName: 'Ada', Name: { GivenName: 'Ada', FamilyName: 'L' } }),
    'UserId',
  );
  const tuple = (changed: CallInput = {}): CallInput => ({
    PermissionSetArn: set,
    TargetId: production,
    TargetType: 'AWS_ACCOUNT',
    PrincipalType: 'GROUP',
    PrincipalId: group,
    ...changed,
  });
  const assign = (changed: CallInput = {}) =>
    textAt(sso('CreateAccountAssignment', tuple(changed)), 'AccountAssignmentCreationStatus.RequestId');
  const revoke = (changed: CallInput = {}) =>
    textAt(sso('DeleteAccountAssignment', tuple(changed)), 'AccountAssignmentDeletionStatus.RequestId');
  const provision = (input: CallInput = { TargetType: 'ALL_PROVISIONED_ACCOUNTS' }) =>
    textAt(
      sso('ProvisionPermissionSet', { PermissionSetArn: set, ...input }),
      'PermissionSetProvisioningStatus.RequestId',
    );
  const created = (id: string) =>
    at(
      sso('DescribeAccountAssignmentCreationStatus', { AccountAssignmentCreationRequestId: id }),
      'AccountAssignmentCreationStatus',
    );
  const deleted = (id: string) =>
    at(
      sso('DescribeAccountAssignmentDeletionStatus', { AccountAssignmentDeletionRequestId: id }),
      'AccountAssignmentDeletionStatus',
    );
  const provisioned = (id: string) =>
    at(
      sso('DescribePermissionSetProvisioningStatus', { ProvisionPermissionSetRequestId: id }),
      'PermissionSetProvisioningStatus',
    );
  const assignments = (changed: CallInput = {}) =>
    rowsAt(
      sso('ListAccountAssignments', { PermissionSetArn: set, AccountId: production, ...changed }),
      'AccountAssignments',
    );
  const accounts = (filter: CallInput = {}) =>
    rowsAt(sso('ListAccountsForProvisionedPermissionSet', { PermissionSetArn: set, ...filter }), 'AccountIds');
  return {
    world,
    caller,
    sso,
    store,
    createSet,
    createGroup,
    set,
    group,
    user,
    tuple,
    assign,
    revoke,
    provision,
    created,
    deleted,
    provisioned,
    assignments,
    accounts,
  };
};

const rolesIn = (world: SandboxWorld, account: string): readonly string[] =>
  Object.values(world.iam[account]?.roles ?? {}).map((role) => role.RoleName);

describe('an assignment', () => {
  it('is in progress for as long as the latency says, then succeeds', () => {
    const { caller, sso, tuple, created, assignments } = scene(1000);
    const status = at(sso('CreateAccountAssignment', tuple()), 'AccountAssignmentCreationStatus');
    expect(status).toMatchObject({
      Status: 'IN_PROGRESS',
      TargetId: production,
      TargetType: 'AWS_ACCOUNT',
      CreatedDate: start / 1000,
    });
    caller.now += 999;
    expect(created(textAt(status, 'RequestId'))).toMatchObject({ Status: 'IN_PROGRESS' });
    expect(assignments()).toEqual([]);
    caller.now += 1;
    expect(created(textAt(status, 'RequestId'))).toMatchObject({ Status: 'SUCCEEDED' });
    expect(assignments()).toHaveLength(1);
  });

  it('provisions the current definition to that account as a reserved role', () => {
    const { world, sso, set, assign, accounts } = scene();
    sso('UpdatePermissionSet', { PermissionSetArn: set, SessionDuration: 'PT8H', Description: 'd' });
    sso('PutInlinePolicyToPermissionSet', { PermissionSetArn: set, InlinePolicy: document });
    sso('AttachManagedPolicyToPermissionSet', {
      PermissionSetArn: set,
      ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    });
    assign();
    expect(accounts()).toEqual([production]);
    const [role] = Object.values(world.iam[production]?.roles ?? {});
    expect(role?.RoleName).toMatch(/^AWSReservedSSO_Developer_[0-9a-f]{16}$/);
    expect(role).toMatchObject({
      Path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
      MaxSessionDuration: 28_800,
      Description: 'd',
      inline: { AwsSSOInlinePolicy: document },
      attached: [{ PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    });
  });

  it('that exists already is made again without a second row', () => {
    const { assign, created, assignments, world } = scene();
    assign();
    expect(created(assign())).toMatchObject({ Status: 'SUCCEEDED' });
    expect(assignments()).toHaveLength(1);
    expect(rolesIn(world, production)).toHaveLength(1);
  });

  it.each([
    ['an account outside the organization', { TargetId: '999999999999' }],
    ['a suspended account', { TargetId: suspended }],
    ['a group that does not exist', { PrincipalId: nobody }],
    ['a user that does not exist', { PrincipalType: 'USER', PrincipalId: nobody }],
  ])('to %s fails afterwards, with a reason', (_, changed) => {
    const { assign, created, world } = scene();
    const status = created(assign(changed));
    expect(status).toMatchObject({ Status: 'FAILED' });
    expect(textAt(status, 'FailureReason')).toContain('status error');
    expect(world.sso.assignments).toEqual([]);
    expect(world.sso.provisioned).toEqual([]);
  });

  it.each([
    { TargetId: '12' },
    { TargetType: 'GROUP' },
    { PrincipalType: 'ROLE' },
    { PrincipalId: 'ada' },
    { PermissionSetArn: 'x' },
  ])('with %j is refused at once', (changed) => {
    const { assign } = scene();
    expect(refusalOf(() => assign(changed)).code).toBe('ValidationException');
  });

  it('fails while the account lacks a customer managed policy or boundary of the set', () => {
    const { world, sso, set, assign, created } = scene();
    const reference = { Name: 'Orders', Path: '/gatehouse/' };
    sso('AttachCustomerManagedPolicyReferenceToPermissionSet', {
      PermissionSetArn: set,
      CustomerManagedPolicyReference: reference,
    });
    sso('PutPermissionsBoundaryToPermissionSet', {
      PermissionSetArn: set,
      PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'Boundary' } },
    });
    const put = (name: string) => {
      const Arn = `arn:aws:iam::${production}:policy${name}`;
      const PolicyName = name.slice(name.lastIndexOf('/') + 1);
      const policy = {
        PolicyName,
        PolicyId: 'ANPA',
        Arn,
        Path: '/',
        DefaultVersionId: 'v1',
        CreateDate: '',
        UpdateDate: '',
        versions: [],
        nextVersion: 1,
        Tags: [],
      };
      iamOf(world, production).policies[Arn] = policy;
    };
    expect(textAt(created(assign()), 'FailureReason')).toContain('policy/gatehouse/Orders does not exist');
    put('/gatehouse/Orders');
    expect(textAt(created(assign()), 'FailureReason')).toContain('policy/Boundary does not exist');
    put('/Boundary');
    expect(created(assign())).toMatchObject({ Status: 'SUCCEEDED' });
    expect(Object.values(world.iam[production]?.roles ?? {})[0]?.PermissionsBoundary).toBe(
      `arn:aws:iam::${production}:policy/Boundary`,
    );
  });

  it('outlives its group and its user', () => {
    const { store, group, user, assign, assignments, revoke, deleted } = scene();
    assign();
    assign({ PrincipalType: 'USER', PrincipalId: user });
    assignments();
    store('DeleteGroup', { GroupId: group });
    store('DeleteUser', { UserId: user });
    expect(assignments()).toHaveLength(2);
    expect(deleted(revoke())).toMatchObject({ Status: 'SUCCEEDED' });
    expect(assignments()).toHaveLength(1);
  });

  it('keeps its set from being deleted, from the request on', () => {
    const { caller, sso, set, assign, revoke } = scene(1000);
    const remove = () => sso('DeletePermissionSet', { PermissionSetArn: set });
    assign();
    expect(refusalOf(remove).code).toBe('ConflictException');
    caller.now += 1000;
    expect(refusalOf(remove)).toMatchObject({
      code: 'ConflictException',
      message: 'Could not delete because PermissionSet has ApplicationProfile associated with it',
    });
    revoke();
    expect(refusalOf(remove).code).toBe('ConflictException');
    caller.now += 1000;
    expect(remove()).toEqual({});
  });
});

describe('a revocation', () => {
  it('of what nobody has fails', () => {
    const { revoke, deleted } = scene();
    expect(deleted(revoke())).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'Received a 404 status error: Assignment not found.',
    });
  });

  it('takes the role away with the last assignment, and the next role has another suffix', () => {
    const { world, user, assign, revoke, assignments, accounts } = scene();
    assign();
    assign({ PrincipalType: 'USER', PrincipalId: user });
    assignments();
    const before = rolesIn(world, production);
    revoke();
    expect(accounts()).toEqual([production]);
    expect(rolesIn(world, production)).toEqual(before);
    revoke({ PrincipalType: 'USER', PrincipalId: user });
    expect(accounts()).toEqual([]);
    expect(rolesIn(world, production)).toEqual([]);
    assign();
    accounts();
    expect(rolesIn(world, production)).toHaveLength(1);
    expect(rolesIn(world, production)).not.toEqual(before);
  });
});

describe('a provisioning', () => {
  const edits: readonly [string, CallInput][] = [
    ['UpdatePermissionSet', { SessionDuration: 'PT2H' }],
    ['PutInlinePolicyToPermissionSet', { InlinePolicy: document }],
    ['AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    [
      'PutPermissionsBoundaryToPermissionSet',
      { PermissionsBoundary: { ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' } },
    ],
  ];

  it.each(edits)('is due after %s', (operation, input) => {
    const { sso, set, assign, provision, provisioned, accounts, world } = scene();
    assign();
    expect(accounts(notProvisioned)).toEqual([]);
    const role = rolesIn(world, production);
    sso(operation, { PermissionSetArn: set, ...input });
    expect(accounts(notProvisioned)).toEqual([production]);
    expect(sso('ListPermissionSetsProvisionedToAccount', { AccountId: production, ...notProvisioned })).toEqual({
      PermissionSets: [set],
    });
    expect(accounts({ ProvisioningStatus: 'LATEST_PERMISSION_SET_PROVISIONED' })).toEqual([]);
    expect(provisioned(provision())).toMatchObject({ Status: 'SUCCEEDED' });
    expect(accounts(notProvisioned)).toEqual([]);
    expect(rolesIn(world, production)).toEqual(role);
  });

  it('leaves the role as it was until then', () => {
    const { sso, set, assign, provision, accounts, world } = scene();
    assign();
    sso('PutInlinePolicyToPermissionSet', { PermissionSetArn: set, InlinePolicy: document });
    const inline = () => Object.values(world.iam[production]?.roles ?? {}).map((role) => role.inline);
    expect(inline()).toEqual([{}]);
    provision({ TargetType: 'AWS_ACCOUNT', TargetId: production });
    accounts();
    expect(inline()).toEqual([{ AwsSSOInlinePolicy: document }]);
  });

  it('is not due after a change of tags', () => {
    const { sso, set, assign, accounts } = scene();
    assign();
    accounts();
    sso('TagResource', { ResourceArn: set, Tags: [{ Key: 'a', Value: 'b' }] });
    expect(accounts(notProvisioned)).toEqual([]);
  });

  it('of an account that does not have the set fails', () => {
    const { provision, provisioned } = scene();
    const status = provisioned(provision({ TargetType: 'AWS_ACCOUNT', TargetId: production }));
    expect(status).toMatchObject({ Status: 'FAILED', AccountId: production });
    expect(textAt(status, 'FailureReason')).toContain('404');
  });

  it('of an account that loses the set meanwhile fails', () => {
    const { caller, assign, revoke, provision, provisioned } = scene(1000);
    assign();
    caller.now += 1000;
    revoke();
    caller.now += 500;
    const id = provision();
    caller.now += 1000;
    expect(provisioned(id)).toMatchObject({ Status: 'FAILED' });
  });

  it('of all accounts, of which there are none yet, succeeds', () => {
    const { provision, provisioned } = scene();
    expect(provisioned(provision())).toMatchObject({ Status: 'SUCCEEDED' });
  });

  it('names its account when it is for one', () => {
    const { provision } = scene();
    expect(refusalOf(() => provision({ TargetType: 'AWS_ACCOUNT' })).code).toBe('ValidationException');
  });
});

describe('what is outstanding', () => {
  it('is fifteen creations at most', () => {
    const { caller, createGroup, assign } = scene(1000);
    for (let index = 0; index < 15; index += 1) assign({ PrincipalId: createGroup(`Group${index}`) });
    expect(refusalOf(() => assign())).toMatchObject({
      code: 'ThrottlingException',
      message: 'There are too many requests processing. Please try again later.',
    });
    caller.now += 1000;
    expect(assign()).toHaveLength(36);
  });

  it('is three provisionings at most', () => {
    const { provision } = scene(1000);
    for (let index = 0; index < 3; index += 1) provision();
    expect(refusalOf(() => provision()).code).toBe('ThrottlingException');
  });

  it('is one permission set in an account at a time', () => {
    const { caller, createSet, assign } = scene(1000);
    const other = createSet('Auditor');
    assign();
    expect(refusalOf(() => assign({ PermissionSetArn: other })).code).toBe('ConflictException');
    assign({ PermissionSetArn: other, TargetId: staging });
    caller.now += 1000;
    expect(assign({ PermissionSetArn: other })).toHaveLength(36);
  });

  it('is listed by status, newest first, without the reason', () => {
    const { caller, sso, assign } = scene(1000);
    const failing = assign({ TargetId: '999999999999' });
    caller.now += 500;
    const running = assign();
    caller.now += 500;
    const list = (filter: CallInput) =>
      rowsAt(sso('ListAccountAssignmentCreationStatus', filter), 'AccountAssignmentsCreationStatus');
    expect(list({})).toEqual([
      { Status: 'IN_PROGRESS', RequestId: running, CreatedDate: (start + 500) / 1000 },
      { Status: 'FAILED', RequestId: failing, CreatedDate: start / 1000 },
    ]);
    expect(list({ Filter: { Status: 'IN_PROGRESS' } })).toHaveLength(1);
    expect(refusalOf(() => list({ Filter: { Status: 'DONE' } })).code).toBe('ValidationException');
    expect(sso('ListAccountAssignmentDeletionStatus')).toEqual({ AccountAssignmentsDeletionStatus: [] });
    expect(sso('ListPermissionSetProvisioningStatus')).toEqual({ PermissionSetsProvisioningStatus: [] });
  });
});

describe('a finished request', () => {
  it('is forgotten after a week', () => {
    const { caller, assign, created } = scene();
    const id = assign();
    caller.now += 7 * 86_400_000;
    expect(created(id)).toMatchObject({ Status: 'SUCCEEDED' });
    caller.now += 1;
    expect(refusalOf(() => created(id)).code).toBe('ResourceNotFoundException');
  });
});

describe('what an account takes', () => {
  it('is a hundred groups for one permission set, and any number of users', () => {
    const { user, createGroup, assign, assignments } = scene();
    for (let index = 0; index < 100; index += 1) assign({ PrincipalId: createGroup(`Group${index}`) });
    expect(assignments()).toHaveLength(100);
    expect(refusalOf(() => assign()).code).toBe('ServiceQuotaExceededException');
    expect(assign({ PrincipalType: 'USER', PrincipalId: user })).toHaveLength(36);
  });

  it('is five hundred permission sets', () => {
    const { createSet, assign, accounts } = scene();
    for (let index = 0; index < 500; index += 1) assign({ PermissionSetArn: createSet(`Set${index}`) });
    expect(accounts()).toEqual([]);
    expect(refusalOf(() => assign()).code).toBe('ServiceQuotaExceededException');
    expect(assign({ TargetId: staging })).toHaveLength(36);
  });
});

describe("a principal's assignments", () => {
  it("are a user's own and those of its groups, each with the principal that has it", () => {
    const { sso, store, group, user, assign } = scene();
    store('CreateGroupMembership', { GroupId: group, MemberId: { UserId: user } });
    assign();
    assign({ PrincipalType: 'USER', PrincipalId: user, TargetId: staging });
    const list = (input: CallInput) =>
      rowsAt(sso('ListAccountAssignmentsForPrincipal', input), 'AccountAssignments').map((row) =>
        at(row, 'PrincipalId'),
      );
    expect(list({ PrincipalType: 'USER', PrincipalId: user })).toEqual([group, user]);
    expect(list({ PrincipalType: 'GROUP', PrincipalId: group })).toEqual([group]);
    expect(list({ PrincipalType: 'USER', PrincipalId: user, Filter: { AccountId: staging } })).toEqual([user]);
  });

  it('are for the management account to ask', () => {
    const { caller, sso, group } = scene();
    caller.account = delegate;
    expect(
      refusalOf(() => sso('ListAccountAssignmentsForPrincipal', { PrincipalType: 'GROUP', PrincipalId: group })).code,
    ).toBe('AccessDeniedException');
  });
});

describe('the delegated administrator', () => {
  it('assigns in member accounts', () => {
    const { caller, assign, created } = scene();
    caller.account = delegate;
    expect(created(assign())).toMatchObject({ Status: 'SUCCEEDED' });
  });

  it('neither assigns in the management account nor changes, provisions or assigns a set that it has', () => {
    const { caller, sso, set, assign, provision, assignments } = scene();
    caller.account = delegate;
    expect(refusalOf(() => assign({ TargetId: management })).code).toBe('AccessDeniedException');
    caller.account = management;
    assign({ TargetId: management });
    caller.account = delegate;
    expect(assignments({ AccountId: management })).toHaveLength(1);
    const refused = [
      () => assign(),
      () => provision(),
      () => sso('UpdatePermissionSet', { PermissionSetArn: set }),
      () => sso('DeleteInlinePolicyFromPermissionSet', { PermissionSetArn: set }),
      () => sso('TagResource', { ResourceArn: set, Tags: [] }),
      () => sso('DeletePermissionSet', { PermissionSetArn: set }),
    ];
    expect(refused.map((call) => refusalOf(call).code)).toEqual(refused.map(() => 'AccessDeniedException'));
  });
});
