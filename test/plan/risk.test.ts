import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Change } from '../../src/model/plan.ts';
import type { PermissionSet, Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  account,
  allow,
  assignment,
  attachment,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  owned,
  scp,
  set,
} from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const dev = account('Dev', '222222222222');
const prod = account('Prod', '333333333333');
const base: readonly Resource[] = [dev, prod, group('Devs'), membership('Devs', 'ada')];

const judged = (was: readonly Resource[], wanted: readonly Resource[]): ReadonlyMap<string, Change> => {
  const want = desired([...base, ...wanted], {
    accountTags: { Prod: { env: 'prod' } },
    memberGroups: ['Devs'],
    settings: { breakGlass: { group: 'Devs', permissionSet: 'Glass' } },
  });
  const have = live([...base, ...was]);
  const planned = withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
  return new Map(planned.changes.map((change) => [change.key, change]));
};

const judgment = (change: Change | undefined): string =>
  `${change?.risk ?? 'no change'}: ${(change?.riskReasons ?? []).join(' | ')}`;

const given = (fields: Partial<PermissionSet>, on = 'Dev'): string => {
  const given = owned(set('S', fields));
  return judgment(judged([given], [given, assignment('group:Devs', 'S', on)]).get(`assignment/group:Devs:S@${on}`));
};

const inline = (...actions: readonly string[]): Partial<PermissionSet> => ({
  inlinePolicy: document(allow(...actions)),
});

describe('the risk of a change', () => {
  it('is critical for an administrator, whatever the guard rails above', () => {
    expect(given({ managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] })).toMatch(
      /^critical: administrator: /,
    );
    expect(given({ managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] })).not.toMatch(/administrator/);
  });

  it('names an escalation path with its actions and its source, when one session has all of them', () => {
    expect(given(inline('iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'))).toMatch(
      /^critical: escalation: pass a role to a Lambda function and invoke it, by iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction \[rhino\]/,
    );
    expect(given(inline('lambda:CreateFunction', 'lambda:InvokeFunction'))).not.toMatch(/escalation/);
    expect(given(inline('iam:PassRole'))).not.toMatch(/escalation/);
  });

  it('is high, not critical, for a path on some resources only', () => {
    const Resource = 'arn:aws:iam::*:role/app/*';
    const narrow = document({ ...allow('iam:PutRolePolicy'), Resource });
    expect(given({ inlinePolicy: narrow })).toMatch(/^high: escalation: .*on some resources or under conditions/);
  });

  it('is high for permissions management', () => {
    expect(given(inline('s3:PutBucketPolicy'))).toBe('high: permissions-management: s3:PutBucketPolicy');
  });

  it('rises for data and for writes in a production account', () => {
    expect(given(inline('s3:GetObject'))).toBe('medium: data-access: s3:GetObject');
    expect(given(inline('s3:GetObject'), 'Prod')).toMatch(/^high: data-access: s3:GetObject/);
    expect(given(inline('sqs:SendMessage'))).toBe('medium: access-gained: writes');
    expect(given(inline('sqs:SendMessage'), 'Prod')).toBe('high: production: writes in a production account');
    expect(given(inline('sqs:ListQueues'), 'Prod')).toBe('medium: production: reads in a production account');
    expect(given(inline('sqs:ListQueues'))).toBe('low: access-gained: reads');
  });

  it('is critical for a guard rail whose weakening opens something to somebody, else high', () => {
    const s = owned(set('S', inline('sqs:SendMessage')));
    const hold = [s, assignment('group:Devs', 'S', 'Dev'), owned(scp('Guard', document(deny('sqs:*', 'sns:*'))))];
    const was = [...hold, attachment('Guard', 'account:Dev'), attachment('Guard', 'account:Prod')];
    const found = judged(was, hold);
    expect(judgment(found.get('attachment/scp:Guard@account:Dev'))).toBe(
      'critical: guard-rail-weakened: opens something to group:Devs',
    );
    expect(judgment(found.get('attachment/scp:Guard@account:Prod'))).toBe(
      'high: guard-rail-weakened: nobody gains by it today',
    );
  });

  it('says whom a new guard rail takes something from', () => {
    const s = owned(set('S', inline('sqs:SendMessage')));
    const hold = [s, assignment('group:Devs', 'S', 'Dev'), owned(scp('Guard', document(deny('sqs:*'))))];
    expect(judgment(judged(hold, [...hold, attachment('Guard', 'root')]).get('attachment/scp:Guard@root'))).toBe(
      'high: guard-rail-tightened: takes something from group:Devs',
    );
  });

  it('is critical for what touches break-glass, and low for what nobody feels', () => {
    const glass = owned(set('Glass', { ...inline('sqs:ListQueues'), description: 'old' }));
    const other = owned(set('Other', { description: 'old' }));
    const found = judged(
      [glass, other],
      [
        { ...glass, description: 'new' },
        { ...other, description: 'new' },
      ],
    );
    expect(judgment(found.get('permission-set/Glass'))).toMatch(/^critical: .*break-glass: /);
    expect(judgment(found.get('permission-set/Other'))).toBe("low: no-access: changes nobody's access");
  });

  it('is critical for a member who joins a group of administrators', () => {
    const admin = owned(set('S', { managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] }));
    const was = [admin, assignment('group:Devs', 'S', 'Dev')];
    expect(judgment(judged(was, [...was, membership('Devs', 'bob')]).get('membership/Devs:bob'))).toMatch(
      /^critical: administrator/,
    );
  });
});
