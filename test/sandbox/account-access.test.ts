import { describe, expect, it } from 'vitest';
import { callSandbox } from '../../src/sandbox/call.ts';
import { putRole } from '../../src/sandbox/iam/state.ts';
import { at, freshSandbox, production, start } from '../support/sandbox.ts';

const roleArn = `arn:aws:iam::${production}:role/Reader`;
const trustOf = (...Action: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'account-access.amazonaws.com' }, Action }],
  });

const furnished = () => {
  const sandbox = freshSandbox();
  const world = sandbox.world();
  let now = start;
  const answer = (operation: string, input: object = {}) =>
    callSandbox(sandbox, { service: 'account-access', operation, input: { ...input } }, () => now);
  const call = (operation: string, input: object = {}): unknown => {
    const given = answer(operation, input);
    return given.ok ? given.output : given;
  };
  const refused = (operation: string, input: object = {}): string => {
    const given = answer(operation, input);
    return given.ok ? 'accepted' : JSON.stringify(given);
  };
  const role = (name: string, trust: string, created = 0) =>
    putRole(world, { account: production, path: '/', name, trust, now: created });
  role('Reader', trustOf('sts:AssumeRole', 'sts:SetContext'));
  const [groupId = ''] = Object.keys(world.identityStore.groups);
  const [userId = ''] = Object.keys(world.identityStore.users);
  const applicationArn = at(call('ListApplications'), 'applications.0.applicationArn') as string;
  const of = (principal: object, arn = roleArn) => ({
    applicationArn,
    entitlement: { principalRole: { principal: { identityCenter: principal }, roleArn: arn } },
  });
  const wait = (ms: number) => (now += ms);
  return { sandbox, world, call, refused, role, groupId, userId, applicationArn, of, wait };
};

describe('account access manager', () => {
  it('puts a group and a user on a role, once each, and lists them by what must match', () => {
    const { call, of, groupId, userId, applicationArn } = furnished();
    const first = call('CreateEntitlement', of({ groupId }));
    expect(call('CreateEntitlement', of({ groupId }))).toEqual(first);
    call('CreateEntitlement', of({ userId }));
    const listed = (principalRole: object, more: object = {}) =>
      call('ListEntitlements', { applicationArn, filter: { principalRole }, ...more });
    expect(at(listed({}), 'entitlements.length')).toBe(2);
    expect(at(listed({ principal: { identityCenter: { userId } } }), 'entitlements.length')).toBe(1);
    expect(at(listed({ account: production }), 'entitlements.length')).toBe(2);
    expect(at(listed({ roleArn: `${roleArn}x` }), 'entitlements.length')).toBe(0);
    const page = listed({}, { maxResults: 1 });
    const next = listed({}, { maxResults: 1, nextToken: at(page, 'nextToken') });
    expect([at(page, 'entitlements.length'), at(next, 'entitlements.length'), at(next, 'nextToken')]).toEqual([
      1,
      1,
      undefined,
    ]);
    const entitlementId = at(first, 'entitlementId');
    expect(call('GetEntitlement', { applicationArn, entitlementId })).toMatchObject({
      entitlement: { principalRole: { roleArn, account: production, principal: { identityCenter: { groupId } } } },
    });
    call('DeleteEntitlement', { applicationArn, entitlementId });
    expect(at(listed({}), 'entitlements.length')).toBe(1);
  });

  it('demands a filter', () => {
    const { refused, applicationArn } = furnished();
    expect(refused('ListEntitlements', { applicationArn })).toMatch(/ValidationException/);
  });

  it.each([
    ['that is not there', undefined],
    ['whose trust lets nobody set the context', trustOf('sts:AssumeRole')],
    ["whose trust is another service's", trustOf('sts:AssumeRole', 'sts:SetContext').replace('account-access', 'ec2')],
  ])('does not verify a role %s', (_name, trust) => {
    const { refused, role, of, groupId } = furnished();
    if (trust !== undefined) role('Other', trust);
    const arn = roleArn.replace('Reader', 'Other');
    expect(refused('CreateEntitlement', of({ groupId }, arn))).toMatch(/ValidationException.*verifying role/);
  });

  it('does not verify a role that was made a moment ago', () => {
    const { world, refused, role, of, groupId, wait } = furnished();
    Object.assign(world.settings, { principalDelayMs: 10_000 });
    role('Young', trustOf('sts:*'), start);
    const young = of({ groupId }, roleArn.replace('Reader', 'Young'));
    expect(refused('CreateEntitlement', young)).toMatch(/verifying role/);
    wait(10_000);
    expect(refused('CreateEntitlement', young)).toBe('accepted');
  });

  it('knows its principals, its applications and its entitlements', () => {
    const { refused, of, applicationArn } = furnished();
    const nobody = { groupId: '00000000-0000-4000-8000-000000000000' };
    expect(refused('CreateEntitlement', of(nobody))).toMatch(/principal does not exist/);
    const entitlementId = '00000000-0000-4000-8000-000000000000';
    expect(refused('DeleteEntitlement', { applicationArn, entitlementId })).toMatch(/Entitlement not found/);
    const other = applicationArn.replace(/[^/]+$/, '0000000000000000');
    expect(refused('GetApplication', { applicationArn: other })).toMatch(/ResourceNotFoundException/);
  });

  it('has twenty groups on a role at most, and fifteen writes that are being carried out', () => {
    const { world, refused, of, groupId, userId, role, wait } = furnished();
    const [application] = world.accountAccess?.applications ?? [];
    const others = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        id: `e${n}`,
        principal: { groupId: `g${n}` },
        roleArn,
        createdAt: start,
      }));
    if (application) application.entitlements = others(20);
    expect(refused('CreateEntitlement', of({ groupId }))).toMatch(/ServiceQuotaExceededException/);
    expect(refused('CreateEntitlement', of({ userId }))).toBe('accepted');
    Object.assign(world.settings, { latencyMs: { ...world.settings.latencyMs, assignment: 5_000 } });
    const many = Array.from({ length: 16 }, (_, n) => `Many${n}`);
    many.forEach((name) => role(name, trustOf('sts:*')));
    const answers = many.map((name) => refused('CreateEntitlement', of({ groupId }, roleArn.replace('Reader', name))));
    expect(answers.filter((said) => said === 'accepted')).toHaveLength(15);
    expect(answers.at(-1)).toMatch(/ThrottlingException.*too many requests processing/);
    wait(5_000);
    expect(refused('CreateEntitlement', of({ groupId }, roleArn.replace('Reader', 'Many15')))).toBe('accepted');
  });

  it('loses every entitlement with its application, which trusted access alone lets be made', () => {
    const { world, call, refused, of, groupId, applicationArn } = furnished();
    call('CreateEntitlement', of({ groupId }));
    call('DeleteApplication', { applicationArn });
    expect(call('ListApplications')).toEqual({ applications: [] });
    const wanted = { identitySource: { identityCenter: { instanceArn: world.sso.instanceArn } } };
    world.organizations.serviceAccess.length = 0;
    expect(refused('CreateApplication', wanted)).toMatch(/Trusted access/);
    world.organizations.serviceAccess.push({
      ServicePrincipal: 'account-access.amazonaws.com',
      DateEnabled: start,
    });
    const made = call('CreateApplication', wanted);
    expect(call('CreateApplication', wanted)).toEqual(made);
    expect(call('GetApplication', made as object)).toMatchObject({ status: 'ACTIVE' });
    const filter = { principalRole: {} };
    expect(call('ListEntitlements', { ...(made as object), filter })).toMatchObject({ entitlements: [] });
  });

  it('tags its application', () => {
    const { call, applicationArn: resourceArn } = furnished();
    call('TagResource', { resourceArn, tags: { a: '1', b: '2' } });
    call('UntagResource', { resourceArn, tagKeys: ['a'] });
    expect(call('ListTagsForResource', { resourceArn })).toEqual({ tags: { b: '2' } });
  });
});
