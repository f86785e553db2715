/** IAM users: what `why` and `who-can` know of them, where AWS was read. */
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../src/model/iam-user.ts';
import type { PolicyDocument, PrincipalElement } from '../../src/model/policy.ts';
import { iamUser, inline, owners, roleWith, who, why } from '../support/asking.ts';
import { allow, assignment, deny, document, group, membership, set } from '../support/build.ts';

const trustOf = (Principal: PrincipalElement): PolicyDocument =>
  document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });

const dora = iamUser('dora', { groups: [owners] });

describe('who-can', () => {
  it('lists IAM users, each with the groups that it is a member of', async () => {
    const { can } = await who(
      { users: [dora, iamUser('idle'), iamUser('elsewhere', { account: 'Dev' })] },
      { action: 's3:DeleteBucket' },
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
    const named = roleWith('Deploy', trustOf({ AWS: 'arn:aws:iam::222222222222:user/dora' }));
    const given = { users: [dora], more: [named] };
    const { can } = await who(given, {
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::222222222222:role/Deploy',
    });
    expect(can.map(({ principal }) => principal).filter((name) => name.includes('dora'))).toEqual(['user:Prod:dora']);
  });

  it('says nothing where the IAM of the account could not be read', async () => {
    await expect(who({ users: [], unread: 'Prod' }, { action: 's3:GetObject' })).rejects.toThrow(
      'about its roles and users',
    );
  });
});

describe('why', () => {
  it.each<[string, IamUser, string, string, string]>([
    ['what a group gives', dora, 's3:DeleteBucket', 'allowed', 'identity'],
    ['what an SCP takes', dora, 'dynamodb:DeleteTable', 'denied', 'scp'],
    [
      'what the boundary does not give, whatever the group does',
      iamUser('dora', {
        groups: [owners],
        permissionsBoundary: { managedPolicy: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      }),
      's3:DeleteBucket',
      'denied',
      'boundary',
    ],
    ['what nothing gives', iamUser('dora'), 's3:DeleteBucket', 'denied', 'none'],
    ['what an own policy gives', iamUser('dora', inline(allow('s3:*'))), 's3:DeleteBucket', 'allowed', 'identity'],
    [
      'what a group takes',
      iamUser('dora', { ...inline(allow('s3:*')), groups: [{ ...owners, ...inline(deny('s3:*')) }] }),
      's3:DeleteBucket',
      'denied',
      'identity',
    ],
    [
      'a document that nobody can read',
      iamUser('dora', { inlinePolicies: { odd: null } }),
      's3:DeleteBucket',
      'depends',
      'identity',
    ],
  ])('knows %s', async (_, one, action, decision, by) => {
    const told = await why({ users: [one] }, { principal: 'user:dora', action });
    expect([told.principal, told.decision, told.chains[0]?.by]).toEqual(['user:Prod:dora', decision, by]);
  });

  it('knows a user by account and name, and by ARN', async () => {
    const given = { users: [iamUser('eli', { path: '/staff/', groups: [owners] })] };
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
    const open = roleWith('Deploy', trustOf({ AWS: 'arn:aws:iam::333333333333:root' }));
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
