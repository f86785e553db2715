import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import {
  at,
  callTo,
  freshSandbox,
  management,
  playground,
  production,
  refusalTo,
  seed,
  start,
} from '../support/sandbox.ts';

const minute = 60_000;
const day = 86_400_000;

const scene = (account = 0) => {
  const sandbox = freshSandbox({ latencyMs: { assignment: 0, provisioning: 0, policyType: 0, account } });
  const call = callTo(sandbox);
  const state = (AccountId: string, now = start) =>
    at(call('organizations:DescribeAccount', { AccountId }, { now }), 'Account.State');
  const create = (Email: string, more = {}) =>
    at(call('organizations:CreateAccount', { AccountName: 'New', Email, ...more }), 'CreateAccountStatus.Id') as string;
  const status = (CreateAccountRequestId: string, now = start) =>
    call('organizations:DescribeCreateAccountStatus', { CreateAccountRequestId }, { now })[
      'CreateAccountStatus'
    ] as Readonly<Record<string, unknown>>;
  return { sandbox, world: sandbox.world(), call, refusal: refusalTo(sandbox), state, create, status };
};

describe('a new account', () => {
  it('is there when its request has succeeded, at the root, with a role for the management account', () => {
    const { call, create, status, world } = scene(minute);
    const request = create('new@securecart.example', { RoleName: 'Admins', Tags: [{ Key: 'team', Value: 'a' }] });
    expect(status(request)).toEqual({
      Id: request,
      AccountName: 'New',
      State: 'IN_PROGRESS',
      RequestedTimestamp: start / 1000,
    });
    const done = status(request, start + minute);
    expect(done).toMatchObject({ State: 'SUCCEEDED', CompletedTimestamp: (start + minute) / 1000 });
    const id = done['AccountId'] as string;
    expect(at(call('organizations:ListParents', { ChildId: id }), 'Parents.0.Type')).toBe('ROOT');
    expect(at(call('organizations:ListTagsForResource', { ResourceId: id }), 'Tags')).toEqual([
      { Key: 'team', Value: 'a' },
    ]);
    expect(Object.values(world.iam[id]?.roles ?? {}).map(({ RoleName }) => RoleName)).toEqual(['Admins']);
    expect(
      at(
        call('organizations:ListPoliciesForTarget', { TargetId: id, Filter: 'SERVICE_CONTROL_POLICY' }),
        'Policies.length',
      ),
    ).toBe(1);
  });

  it('has an address that no other account has, and a role that is no service-linked one', () => {
    const { create, status, refusal, call } = scene();
    create('new@securecart.example');
    const second = create('New@securecart.example');
    expect(status(second)).toMatchObject({ State: 'FAILED', FailureReason: 'EMAIL_ALREADY_EXISTS' });
    const listed = (States: readonly string[]) =>
      at(call('organizations:ListCreateAccountStatus', { States }), 'CreateAccountStatuses.length');
    expect([listed(['FAILED']), listed(['SUCCEEDED']), listed([])]).toEqual([1, 1, 2]);
    const RoleName = 'AWSServiceRoleForMe';
    expect(refusal('organizations:CreateAccount', { AccountName: 'x', Email: 'x@a.example', RoleName })).toBe(
      'InvalidInputException/INVALID_ROLE_NAME',
    );
    expect(refusal('organizations:DescribeCreateAccountStatus', { CreateAccountRequestId: 'car-00000000' })).toBe(
      'CreateAccountStatusNotFoundException',
    );
  });

  it('is not removed before it is seven days old', () => {
    const { create, status, refusal } = scene();
    const AccountId = status(create('new@securecart.example'))['AccountId'];
    const remove = (now: number) => refusal('organizations:RemoveAccountFromOrganization', { AccountId }, { now });
    expect(remove(start + 6 * day)).toBe('ConstraintViolationException/WAIT_PERIOD_ACTIVE');
    expect(remove(start + 7 * day)).toBe('accepted');
    expect(remove(start + 7 * day)).toBe('AccountNotFoundException');
  });
});

describe('a closed account', () => {
  it('is closing, then suspended for ninety days, then closed for good', () => {
    const { call, refusal, state } = scene(minute);
    call('organizations:CloseAccount', { AccountId: production });
    expect(state(production)).toBe('PENDING_CLOSURE');
    expect(refusal('organizations:CloseAccount', { AccountId: production })).toBe('ConflictException');
    expect(state(production, start + minute)).toBe('SUSPENDED');
    expect(refusal('organizations:CloseAccount', { AccountId: production }, { now: start + minute })).toBe(
      'AccountAlreadyClosedException',
    );
    expect(state(production, start + minute + 90 * day)).toBe('CLOSED');
  });

  it.each([
    [management, {}, 'ConstraintViolationException/CANNOT_CLOSE_MANAGEMENT_ACCOUNT'],
    ['999999999999', {}, 'AccountNotFoundException'],
    [production, { account: playground }, 'AccessDeniedException'],
    [production, {}, 'accepted'],
  ])('%s is closed by %j: %s', (AccountId, from, expected) => {
    expect(scene().refusal('organizations:CloseAccount', { AccountId }, from)).toBe(expected);
  });

  it('is one of three at a time, and of 250 in thirty days', () => {
    const { refusal, create, world } = scene(minute);
    for (let index = 0; index < 260; index += 1) create(`a${index}@securecart.example`);
    refusal('organizations:ListAccounts', {}, { now: start + minute });
    const ids = Object.keys(world.organizations.accounts).filter((id) => id !== management);
    const close = (AccountId: string | undefined, now: number) =>
      refusal('organizations:CloseAccount', { AccountId }, { now });
    const answers = ids.slice(0, 4).map((id) => close(id, start + 2 * minute));
    expect(answers).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'ConstraintViolationException/CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED',
    ]);
    for (const [index, id] of ids.slice(3, 250).entries()) close(id, start + (index + 4) * minute);
    expect(close(ids[250], start + 300 * minute)).toBe('ConstraintViolationException/CLOSE_ACCOUNT_QUOTA_EXCEEDED');
    expect(close(ids[250], start + 31 * day)).toBe('accepted');
  });
});

describe('the resource policy', () => {
  const policy = (statement = {}) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${production}:root` },
          Action: ['organizations:List*'],
          Resource: '*',
          ...statement,
        },
      ],
    });

  it('is put, told, tagged and deleted, and lets an account do what it says', () => {
    const { call, refusal } = scene();
    const asMember = () => refusal('organizations:ListAccounts', {}, { account: production });
    expect(refusal('organizations:DescribeResourcePolicy')).toBe('ResourcePolicyNotFoundException');
    expect(asMember()).toBe('AccessDeniedException');
    const made = call('organizations:PutResourcePolicy', { Content: policy(), Tags: [{ Key: 'a', Value: 'b' }] });
    expect(call('organizations:DescribeResourcePolicy')).toEqual(made);
    expect(asMember()).toBe('accepted');
    const ResourceId = at(made, 'ResourcePolicy.ResourcePolicySummary.Id');
    expect(at(call('organizations:ListTagsForResource', { ResourceId }), 'Tags')).toEqual([{ Key: 'a', Value: 'b' }]);
    call('organizations:DeleteResourcePolicy');
    expect([asMember(), refusal('organizations:DeleteResourcePolicy')]).toEqual([
      'AccessDeniedException',
      'ResourcePolicyNotFoundException',
    ]);
  });

  it.each([
    ['no JSON', 'INVALID_RESOURCE_POLICY_JSON'],
    [policy({ Action: 'iam:*' }), 'UNSUPPORTED_ACTION_IN_RESOURCE_POLICY'],
    [policy({ Principal: { AWS: 'somebody' } }), 'INVALID_PRINCIPAL'],
    [policy({ Principal: undefined }), 'INVALID_PRINCIPAL'],
  ])('is not %s', (Content, reason) => {
    expect(scene().refusal('organizations:PutResourcePolicy', { Content })).toBe(`InvalidInputException/${reason}`);
  });
});

describe('an invitation', () => {
  const Target = { Id: '777777777777', Type: 'ACCOUNT' };
  it('brings an account in when it is accepted', () => {
    const { call, refusal, state } = scene();
    const HandshakeId = at(call('organizations:InviteAccountToOrganization', { Target }), 'Handshake.Id') as string;
    expect(refusal('organizations:InviteAccountToOrganization', { Target })).toBe('DuplicateHandshakeException');
    call('organizations:AcceptHandshake', { HandshakeId });
    expect(state('777777777777')).toBe('ACTIVE');
    expect(refusal('organizations:AcceptHandshake', { HandshakeId })).toBe('HandshakeAlreadyInStateException');
    expect(refusal('organizations:CancelHandshake', { HandshakeId })).toBe('InvalidHandshakeTransitionException');
    expect(refusal('organizations:InviteAccountToOrganization', { Target })).toBe(
      'HandshakeConstraintViolationException/ALREADY_IN_AN_ORGANIZATION',
    );
  });

  it('is listed until it expires, and can be taken back', () => {
    const { call } = scene();
    const HandshakeId = at(call('organizations:InviteAccountToOrganization', { Target }), 'Handshake.Id') as string;
    const listed = (now: number) =>
      at(call('organizations:ListHandshakesForOrganization', {}, { now }), 'Handshakes.0.State');
    expect([listed(start), listed(start + 15 * day)]).toEqual(['OPEN', 'EXPIRED']);
    call('organizations:CancelHandshake', { HandshakeId });
    expect(at(call('organizations:DescribeHandshake', { HandshakeId }), 'Handshake.State')).toBe('CANCELED');
    expect(call('organizations:ListHandshakesForAccount')).toEqual({ Handshakes: [] });
  });
});

it('goes on from the state that an older release has left', () => {
  const made = brownfield(seed, start);
  const old = JSON.parse(JSON.stringify(made)) as SandboxWorld;
  delete old.settings.latencyMs.account;
  expect([...Object.keys(old.organizations), ...Object.keys(old.sso)]).not.toContain('handshakes');
  const call = callTo(
    createSandbox(old, {
      catalogue: { has: () => true, arns: () => [], arnOf: () => undefined, document: () => undefined },
    }),
  );
  const { InstanceArn } = at(call('sso-admin:ListInstances'), 'Instances.0') as { InstanceArn: string };
  for (const name of ['ListApplications', 'ListTrustedTokenIssuers', 'ListRegions'])
    expect(call(`sso-admin:${name}`, { InstanceArn })).toBeDefined();
  for (const name of ['ListCreateAccountStatus', 'ListHandshakesForOrganization', 'ListHandshakesForAccount'])
    expect(Object.values(call(`organizations:${name}`))[0]).toEqual([]);
  expect(at(call('organizations:DescribeOrganization'), 'Organization.FeatureSet')).toBe('ALL');
  call('organizations:CreateAccount', { AccountName: 'New', Email: 'new@securecart.example' });
  expect(at(call('organizations:ListCreateAccountStatus'), 'CreateAccountStatuses.0.State')).toBe('SUCCEEDED');
});
