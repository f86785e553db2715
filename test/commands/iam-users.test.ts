/** IAM users: what `why` and `who-can` know of them, where AWS was read. */
import { describe, expect, it } from 'vitest';
import { whoOf } from '../../src/commands/who-can.ts';
import { askerFor, whyOf } from '../../src/commands/why.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import type { IamGroup, IamUser } from '../../src/model/iam-user.ts';
import type { PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { Resource, Role } from '../../src/model/resource.ts';
import type { Who, Why } from '../../src/render/why.ts';
import {
  account,
  allow,
  assignment,
  attachment,
  deny,
  desired,
  document,
  group,
  membership,
  ou,
  scp,
  scpType,
  set,
} from '../support/build.ts';

const now = '2026-11-23T12:00:00Z';
const prod = account('Prod', '222222222222', 'Workloads');
const dev = account('Dev', '333333333333');

const granted = { managedPolicies: [], customerManagedPolicies: [], inlinePolicies: {} };
const user = (name: string, parts: Partial<IamUser> = {}): IamUser => ({
  ...granted,
  name,
  account: 'Prod',
  path: '/',
  groups: [],
  ...parts,
});
const owners: IamGroup = {
  ...granted,
  name: 'owners',
  managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
};
const inline = (...list: readonly Statement[]) => ({ inlinePolicies: { own: document(...list) } });

const rails: readonly Resource[] = [
  ou('Workloads'),
  prod,
  dev,
  scpType,
  scp('NoTables', document(deny('dynamodb:DeleteTable'))),
  attachment('NoTables', 'ou:Workloads'),
];

const trustOf = (Principal: PrincipalElement): PolicyDocument =>
  document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
const role = (name: string, trust: PolicyDocument): Role => ({
  ...granted,
  kind: 'role',
  account: 'Prod',
  name,
  path: '/',
  trust,
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
});

type Given = { readonly users?: readonly IamUser[]; readonly more?: readonly Resource[]; readonly unread?: string };

const askerOf = ({ users, more = [], unread }: Given, action: string) =>
  askerFor(
    createWorld({
      state: desired([...rails, ...more]).state,
      catalogue: loadCatalogue(),
      origins: {},
      region: 'eu-west-1',
      organization: 'o-securecart0',
      managementAccount: 'Management',
      ...(users === undefined ? {} : { iamUsers: users }),
      ...(unread === undefined ? {} : { unreadIam: new Set([unread]) }),
    }),
    action,
    now,
  );

type Words = { readonly principal: string; readonly action: string; readonly in?: string; readonly resource?: string };

const why = async (given: Given, { principal, action, in: where = 'Prod', resource }: Words): Promise<Why> => {
  const asker = await askerOf(given, action);
  const on = resource === undefined ? {} : { resource };
  const found = asker.world.accounts.get(where);
  if (found === undefined) throw new Error(where);
  return whyOf({ options: { principal, action, account: where, context: [], ...on }, account: found, asker });
};

const who = async (given: Given, action: string, resource?: string): Promise<Who> => {
  const on = resource === undefined ? {} : { resource };
  return whoOf(await askerOf(given, action), { action, account: 'Prod', context: [], ...on });
};

const dora = user('dora', { groups: [owners] });

describe('who-can', () => {
  it('lists IAM users, each with the groups that it is a member of', async () => {
    const { can } = await who(
      { users: [dora, user('idle'), user('elsewhere', { account: 'Dev' })] },
      's3:DeleteBucket',
    );
    const line = can.find(({ principal }) => principal === 'user:Prod:dora');
    expect(can.filter(({ principal }) => principal.startsWith('user:'))).toEqual([line]);
    expect(line?.chain.through.map(({ text }) => text)).toEqual([
      'IAM user dora of Prod (live, never written)',
      'dora is a member of the IAM group owners',
    ]);
    expect(line?.chain.reasons.map(({ policy }) => policy)).toContain('AdministratorAccess of group owners');
  });

  it('lists a user whom a trust names once', async () => {
    const named = role('Deploy', trustOf({ AWS: 'arn:aws:iam::222222222222:user/dora' }));
    const given = { users: [dora], more: [named] };
    const { can } = await who(given, 'sts:AssumeRole', 'arn:aws:iam::222222222222:role/Deploy');
    expect(can.map(({ principal }) => principal).filter((name) => name.includes('dora'))).toEqual(['user:Prod:dora']);
  });

  it('says nothing where the IAM of the account could not be read', async () => {
    await expect(who({ users: [], unread: 'Prod' }, 's3:GetObject')).rejects.toThrow('about its roles and users');
  });
});

describe('why', () => {
  it.each<[string, IamUser, string, string, string]>([
    ['what a group gives', dora, 's3:DeleteBucket', 'allowed', 'identity'],
    ['what an SCP takes', dora, 'dynamodb:DeleteTable', 'denied', 'scp'],
    [
      'what the boundary does not give, whatever the group does',
      user('dora', {
        groups: [owners],
        permissionsBoundary: { managedPolicy: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      }),
      's3:DeleteBucket',
      'denied',
      'boundary',
    ],
    ['what nothing gives', user('dora'), 's3:DeleteBucket', 'denied', 'none'],
    ['what an own policy gives', user('dora', inline(allow('s3:*'))), 's3:DeleteBucket', 'allowed', 'identity'],
    [
      'what a group takes',
      user('dora', { ...inline(allow('s3:*')), groups: [{ ...owners, ...inline(deny('s3:*')) }] }),
      's3:DeleteBucket',
      'denied',
      'identity',
    ],
    [
      'a document that nobody can read',
      user('dora', { inlinePolicies: { odd: null } }),
      's3:DeleteBucket',
      'depends',
      'identity',
    ],
  ])('knows %s', async (_, one, action, decision, by) => {
    const told = await why({ users: [one] }, { principal: 'user:dora', action });
    expect([told.principal, told.decision, told.chains[0]?.by]).toEqual(['user:Prod:dora', decision, by]);
  });

  it('knows a user by account and name, and by ARN', async () => {
    const given = { users: [user('eli', { path: '/staff/', groups: [owners] })] };
    for (const principal of ['user:Prod:eli', 'user:Prod:staff/eli', 'arn:aws:iam::222222222222:user/staff/eli'])
      expect(await why(given, { principal, action: 's3:GetObject' })).toMatchObject({
        principal: 'user:Prod:eli',
        decision: 'allowed',
      });
  });

  it('takes a name that Identity Center has for its own, and the account before it for the IAM user', async () => {
    const held = [group('G'), membership('G', 'dora'), set('Idle'), assignment('group:G', 'Idle', 'Prod')];
    const given = { users: [dora], more: held };
    expect(await why(given, { principal: 'user:dora', action: 's3:GetObject' })).toMatchObject({
      principal: 'user:dora',
      decision: 'denied',
    });
    expect((await why(given, { principal: 'user:Prod:dora', action: 's3:GetObject' })).decision).toBe('allowed');
  });

  it('lets a role or user of another account in only by a trust', async () => {
    const open = role('Deploy', trustOf({ AWS: 'arn:aws:iam::333333333333:root' }));
    const asked = (one: IamUser, action: string) =>
      why({ users: [one], more: [open] }, { principal: 'user:Dev:dora', action });
    const there = { ...dora, account: 'Dev' };
    expect(await asked(there, 's3:GetObject')).toMatchObject({ principal: 'user:Dev:dora', decision: 'denied' });
    expect((await asked(there, 'sts:AssumeRole')).decision).toBe('allowed');
    expect((await asked({ ...there, groups: [] }, 'sts:AssumeRole')).decision).toBe('denied');
  });

  it('says of a user that nobody knows which there are, and where they are known', async () => {
    const asked = { principal: 'user:dor', action: 's3:GetObject' };
    await expect(why({}, asked)).rejects.toThrow('IAM users are known with --live alone');
    await expect(why({ users: [dora] }, asked)).rejects.toThrow(/Did you mean dora\?$/);
    await expect(why({ users: [], unread: 'Prod' }, asked)).rejects.toThrow('about its roles and users');
  });
});
