import { describe, expect, it } from 'vitest';
import type { Desired, Settings } from '../../src/model/desired.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { Resource, Role } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  account,
  allow,
  assignment,
  customerPolicy,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  oidcProvider,
  owned,
  role,
  set,
  trusting,
} from '../support/build.ts';

const dev = account('Dev', '222222222222');
const prod = account('Prod', '333333333333');
const entries = [role('Member', 'Dev'), role('Member', 'Prod')];
const base: readonly Resource[] = [dev, prod, group('Team')];

type Parts = Partial<Omit<Desired, 'settings'>> & { readonly settings?: Partial<Settings> };
type More = { readonly parts?: Parts; readonly live?: Partial<Live> };
const planned = (found: readonly Resource[], wanted: readonly Resource[], { parts = {}, live: have = {} }: More = {}) =>
  plan(desired([...base, ...wanted], parts), live([...base, ...entries, ...found.map((one) => owned(one))], have), NOW);
const lines = ({ changes }: Plan): readonly string[] =>
  changes.map(({ phase, action, key }) => `${phase}: ${action} ${key}`);
const heldIn = ({ held }: Plan): readonly string[] => held.map(({ key, reason }) => `${key}: ${reason}`);
const refused = ({ guards }: Plan): readonly string[] => guards.filter(({ ok }) => !ok).map(({ id }) => id);
const waitsFor = ({ changes }: Plan, key: string): readonly string[] =>
  (changes.find((one) => one.key === key)?.dependsOn ?? []).map(
    (id) => changes.find((one) => one.id === id)?.key ?? '',
  );

const roleArn = (name: string): string => `arn:aws:iam::222222222222:role/${name}`;
const named = (...names: readonly string[]) => ({
  customerManagedPolicies: names.map((name) => ({ name, path: '/' })),
});
const bounded = (name: string) => ({ permissionsBoundary: { customerManagedPolicy: { name, path: '/' } } });
const inline = (...statements: readonly Statement[]) => ({ inlinePolicies: { own: document(...statements) } });
const policy = (...statements: readonly Statement[]) => customerPolicy('P', 'Dev', document(...statements));
const r = (fields: Partial<Role> = {}): Role => role('R', 'Dev', fields);

describe('an edited role', () => {
  const ec2 = { Service: 'ec2.amazonaws.com' };
  const lambda = { Service: 'lambda.amazonaws.com' };
  const withMfa: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: ec2, Action: 'sts:AssumeRole', Condition: { Bool: { 'aws:x': 'true' } } },
    ],
  };
  it.each([
    ['trusts one more', { trust: trusting(ec2) }, { trust: trusting(ec2, lambda) }, 'grant'],
    ['trusts one less', { trust: trusting(ec2, lambda) }, { trust: trusting(ec2) }, 'revoke'],
    ['trusts another', { trust: trusting(ec2) }, { trust: trusting(lambda) }, 'grant'],
    ['trusts under a condition', { trust: trusting(ec2) }, { trust: withMfa }, 'revoke'],
    ['trusts without a condition', { trust: withMfa }, { trust: trusting(ec2) }, 'grant'],
    ['may do more', inline(allow('s3:*')), inline(allow('s3:*', 'sqs:*')), 'grant'],
    ['may do less', inline(allow('s3:*', 'sqs:*')), inline(allow('s3:*')), 'revoke'],
    ['is denied more', inline(allow('*')), inline(allow('*'), deny('s3:*')), 'revoke'],
    ['loses a policy', { managedPolicies: ['arn:a'] }, {}, 'revoke'],
    ['exchanges a policy', { managedPolicies: ['arn:a'] }, { managedPolicies: ['arn:b'] }, 'grant'],
    ['gets a boundary', {}, { permissionsBoundary: { managedPolicy: 'arn:b' } }, 'restrict'],
    ['loses its boundary', { permissionsBoundary: { managedPolicy: 'arn:b' } }, {}, 'grant'],
    [
      'gets a boundary and may do less',
      inline(allow('s3:*')),
      { permissionsBoundary: { managedPolicy: 'a' } },
      'revoke',
    ],
    ['lasts shorter', { maxSessionDuration: 7200 }, {}, 'revoke'],
    ['is described otherwise', {}, { description: 'x' }, 'grant'],
  ] as const)('that %s', (_, before, after, phase) => {
    expect(lines(planned([r(before)], [r(after)]))).toEqual([`${phase}: update role/Dev:R`]);
  });

  it('is the same whatever its Sids, its statements and the form of an account are', () => {
    const one: PolicyDocument = {
      Version: '2012-10-17',
      Statement: {
        Sid: 'x',
        Effect: 'Allow',
        Principal: { AWS: ['222222222222', roleArn('Member')] },
        Action: ['sts:AssumeRole'],
      },
    };
    const two = trusting({ AWS: roleArn('Member') }, { AWS: 'arn:aws:iam::222222222222:root' });
    expect(lines(planned([r({ trust: one })], [r({ trust: two })]))).toEqual([]);
  });

  it('that shows a dead id is rewritten', () => {
    const dead = trusting({ AWS: 'AROAEXAMPLEID' });
    const result = planned([r({ trust: dead })], [r({ trust: trusting({ AWS: roleArn('Member') }) })]);
    expect(lines(result)).toEqual(['grant: update role/Dev:R']);
  });

  it('is held when its path differs', () => {
    const result = planned([r({ path: '/old/' })], [r({ path: '/new/' })]);
    expect(lines(result)).toEqual([]);
    expect(heldIn(result)[0]).toMatch(/^role\/Dev:R: its path is \/old\/ and IAM cannot change it to \/new\//);
  });

  it('says how long sessions live of those who are trusted no longer', () => {
    const before = { trust: trusting(ec2, lambda), maxSessionDuration: 7200 };
    const { notes } = planned([r(before)], [r({ trust: trusting(ec2), maxSessionDuration: 7200 })]);
    expect(notes.map(({ message }) => message)).toEqual([
      'role/Dev:R trusts lambda.amazonaws.com no longer, or less: a session may live 2 h longer; docs/sessions.md says how to cut it',
    ]);
  });
});

describe('what a role may do before and after', () => {
  const said = (before: Partial<Role>, after: Partial<Role>): readonly string[] =>
    planned([r(before)], [r(after)]).interruptions.map(({ principal, account: where }) => `${principal} in ${where}`);

  it('is interrupted, and said to be, where it passes from one policy to another', () => {
    expect(said({ managedPolicies: ['arn:a'] }, { managedPolicies: ['arn:b'] })).toEqual(['role:R in Dev']);
    expect(said({ managedPolicies: ['arn:a'] }, inline(allow('s3:*')))).toEqual(['role:R in Dev']);
  });

  it('is not where one document changes, or where policies only come or only go', () => {
    expect(said(inline(allow('s3:*')), inline(allow('sqs:*')))).toEqual([]);
    expect(said({ managedPolicies: ['arn:a'] }, { managedPolicies: ['arn:a', 'arn:b'] })).toEqual([]);
    expect(said({ managedPolicies: ['arn:a', 'arn:b'] }, { managedPolicies: ['arn:a'] })).toEqual([]);
  });
});

describe('an edited customer policy', () => {
  const more = policy(allow('s3:*', 'sqs:*'));
  const less = policy(allow('s3:*'));
  const other = policy(allow('sqs:*'));
  it.each([
    ['that nothing uses', [], less, more, 'prepare'],
    ['that gives more', [r(named('P'))], less, more, 'grant'],
    ['that gives less', [r(named('P'))], more, less, 'revoke'],
    ['that does both', [r(named('P'))], less, other, 'grant'],
    ['that bounds, tighter', [r(bounded('P'))], more, less, 'restrict'],
    ['that bounds, looser', [r(bounded('P'))], less, more, 'relax'],
    ['that bounds, both', [r(bounded('P'))], less, other, 'grant'],
    ['that bounds a set there', [set('S', bounded('P')), assignment('group:Team', 'S', 'Dev')], more, less, 'restrict'],
    [
      'that bounds a set elsewhere',
      [set('S', bounded('P')), assignment('group:Team', 'S', 'Prod')],
      more,
      less,
      'prepare',
    ],
  ] as const)('%s', (_, users, before, after, phase) => {
    expect(lines(planned([...users, before], [...users, after]))).toEqual([`${phase}: update policy/Dev:/+P`]);
  });

  it('that gives more waits for who lets go of it', () => {
    const result = planned(
      [r(named('P')), role('Q', 'Dev', named('P')), less],
      [r(), role('Q', 'Dev', named('P')), more],
    );
    expect(lines(result)).toEqual(['revoke: update role/Dev:R', 'revoke: update policy/Dev:/+P']);
    expect(waitsFor(result, 'policy/Dev:/+P')).toEqual(['role/Dev:R']);
  });

  it('that gives more waits for members who leave a group that has it', () => {
    const users = [set('S', named('P')), assignment('group:Team', 'S', 'Dev')];
    const result = planned([...users, membership('Team', 'ada'), less], [...users, more], {
      parts: { memberGroups: ['Team'] },
    });
    expect(lines(result)).toEqual(['revoke: delete membership/Team:ada', 'revoke: update policy/Dev:/+P']);
    expect(waitsFor(result, 'policy/Dev:/+P')).toEqual(['membership/Team:ada']);
  });

  it('that gives less is what a new user finds', () => {
    const q = role('Q', 'Dev', named('P'));
    const result = planned([q, more], [q, less, r(named('P'))]);
    expect(lines(result)).toEqual(['revoke: update policy/Dev:/+P', 'revoke: create role/Dev:R']);
    expect(waitsFor(result, 'role/Dev:R')).toEqual(['policy/Dev:/+P']);
  });

  it('that denies more comes before what its user is given', () => {
    const [before, after] = [policy(allow('s3:Get*')), policy(allow('s3:Get*'), deny('sqs:Purge*'))];
    const result = planned([r(named('P')), before], [r({ ...named('P'), ...inline(allow('sqs:*')) }), after]);
    expect(lines(result)).toEqual(['revoke: update policy/Dev:/+P', 'revoke: update role/Dev:R']);
  });

  it('that bounds and does both comes before who gets more and after who gets less', () => {
    const [small, large] = [inline(allow('s3:Get*')), inline(allow('s3:*', 'sqs:*'))];
    const of = (name: string, own: Partial<Role>): Role => role(name, 'Dev', { ...bounded('P'), ...own });
    const result = planned([of('A', small), of('B', large), less], [of('A', large), of('B', small), other]);
    expect(lines(result)).toEqual([
      'revoke: update role/Dev:B',
      'revoke: update policy/Dev:/+P',
      'revoke: update role/Dev:A',
    ]);
    expect(refused(result)).toEqual([]);
  });

  it('that bounds and does both is held while somebody in it does both', () => {
    const of = (action: string): Role => r({ ...bounded('P'), ...inline(allow(action)) });
    const result = planned([of('s3:*'), less], [of('sqs:*'), other]);
    expect(lines(result)).toEqual([]);
    expect(heldIn(result)).toEqual([
      'policy/Dev:/+P: it and role/Dev:R would each have to be changed before the other: use two pull requests',
      'role/Dev:R: it and policy/Dev:/+P would each have to be changed before the other: use two pull requests',
    ]);
  });
});

describe('who becomes a role through another', () => {
  const through = (name: string): Partial<Role> => ({ trust: trusting({ AWS: roleArn(name) }) });
  const closed = { trust: trusting({ Service: 'lambda.amazonaws.com' }) };
  const both = { trust: trusting({ Service: 'lambda.amazonaws.com' }, { Service: 'ec2.amazonaws.com' }) };

  it('is let into the first when the second has become less', () => {
    const [first, second] = [
      role('First', 'Dev', closed),
      role('Second', 'Dev', { ...through('First'), ...inline(allow('s3:*')) }),
    ];
    const result = planned([first, second], [role('First', 'Dev', both), role('Second', 'Dev', through('First'))]);
    expect(lines(result)).toEqual(['revoke: update role/Dev:Second', 'revoke: update role/Dev:First']);
    expect(waitsFor(result, 'role/Dev:First')).toEqual(['role/Dev:Second']);
  });

  it('is out of the first before the second becomes more', () => {
    const second = role('Second', 'Dev', through('First'));
    const result = planned(
      [role('First', 'Dev', both), second],
      [role('First', 'Dev', closed), role('Second', 'Dev', { ...through('First'), ...inline(allow('s3:*')) })],
    );
    expect(lines(result)).toEqual(['revoke: update role/Dev:First', 'revoke: update role/Dev:Second']);
  });

  it('is a member of a group too, by the set that the role trusts', () => {
    const pattern = 'arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_S_????????????????';
    const Condition = { ArnLike: { 'aws:PrincipalArn': pattern } };
    const trust = document({
      Effect: 'Allow',
      Principal: { AWS: '222222222222' },
      Action: 'sts:AssumeRole',
      Condition,
    });
    const users = [set('S'), assignment('group:Team', 'S', 'Dev')];
    const result = planned(
      [...users, membership('Team', 'ada'), r({ trust })],
      [...users, membership('Team', 'bob'), r({ trust, ...inline(allow('s3:*')) })],
      { parts: { memberGroups: ['Team'] } },
    );
    expect(waitsFor(result, 'role/Dev:R')).toEqual(['membership/Team:ada']);
  });

  it('is held where each would have to be first', () => {
    const of = (name: string, service: string, action: string, more: Partial<Role> = {}): Role =>
      role(name, 'Dev', { trust: trusting({ Service: service }), ...inline(allow(action)), ...more });
    const result = planned(
      [of('First', 'a.amazonaws.com', 's3:*'), of('Second', '', 's3:*', through('First'))],
      [of('First', 'b.amazonaws.com', 's3:*'), of('Second', '', 'sqs:*', through('First'))],
    );
    expect(lines(result)).toEqual([]);
    expect(result.held.map(({ key }) => key)).toEqual(['role/Dev:First', 'role/Dev:Second']);
  });
});

describe('what is named', () => {
  it('is made first and goes last', () => {
    const p = policy(allow('s3:*'));
    const users = [r(named('P')), set('S', bounded('P')), assignment('group:Team', 'S', 'Dev')];
    const made = planned([], [p, ...users]);
    expect(lines(made)).toEqual([
      'prepare: create policy/Dev:/+P',
      'grant: create permission-set/S',
      'grant: create assignment/group:Team:S@Dev',
      'grant: create role/Dev:R',
    ]);
    expect(waitsFor(made, 'role/Dev:R')).toEqual(['policy/Dev:/+P']);
    expect(waitsFor(made, 'assignment/group:Team:S@Dev')).toContain('policy/Dev:/+P');
    const gone = planned([p, ...users], [set('S'), assignment('group:Team', 'S', 'Dev'), role('Other', 'Dev')]);
    expect(lines(gone)).toEqual([
      'grant: update permission-set/S',
      'grant: create role/Dev:Other',
      'revoke: delete role/Dev:R',
      'remove: delete policy/Dev:/+P',
    ]);
    expect([...waitsFor(gone, 'policy/Dev:/+P')].sort()).toEqual(['permission-set/S', 'role/Dev:R']);
  });

  it('stays while a set of others names it in that account', () => {
    const foreign = [{ ...set('S', named('P')), owner: 'others' }, assignment('group:Team', 'S', 'Dev')];
    const found = live([...base, ...entries, owned(policy(allow('s3:*'))), ...foreign]);
    const result = plan(desired(base), found, NOW);
    expect(heldIn(result)).toEqual(['policy/Dev:/+P: still used by permission-set/S, which is not ours to remove']);
  });

  it('is held when its name is taken under another path', () => {
    const moved = { ...policy(allow('s3:*')), path: '/new/' };
    expect(heldIn(planned([policy(allow('s3:*'))], [moved]))).toEqual([
      'policy/Dev:/new/+P: policy/Dev:/+P has its name. Delete that in one pull request, declare this in the next',
    ]);
  });

  it('is a trusted role too, which is made first and goes last', () => {
    const trust = { trust: trusting({ AWS: roleArn('Q') }) };
    const made = planned([], [r(trust), role('Q', 'Dev')]);
    expect(lines(made)).toEqual(['grant: create role/Dev:Q', 'grant: create role/Dev:R']);
    expect(waitsFor(made, 'role/Dev:R')).toEqual(['role/Dev:Q']);
    const gone = planned([r(trust), role('Q', 'Dev')], [r()]);
    expect(waitsFor(gone, 'role/Dev:Q')).toEqual(['role/Dev:R']);
  });

  it('cannot be made when each is named by the other; both may go together', () => {
    const pair = ['Q', 'R'].map((name) =>
      role(name, 'Dev', { trust: trusting({ AWS: roleArn(name === 'Q' ? 'R' : 'Q') }) }),
    );
    const made = planned([], pair);
    expect(lines(made)).toEqual([]);
    expect(made.held.map(({ key }) => key)).toEqual(['role/Dev:Q', 'role/Dev:R']);
    expect(lines(planned(pair, []))).toEqual(['revoke: delete role/Dev:Q', 'revoke: delete role/Dev:R']);
  });

  it('is an OIDC provider too', () => {
    const trust = { trust: trusting({ Federated: 'arn:aws:iam::222222222222:oidc-provider/h' }) };
    const made = planned([], [r(trust), oidcProvider('h', 'Dev', 'sts')]);
    expect(lines(made)).toEqual(['grant: create oidc-provider/Dev:h', 'grant: create role/Dev:R']);
    const gone = planned([r(trust), oidcProvider('h', 'Dev', 'sts')], [r()]);
    expect(lines(gone)).toEqual(['grant: update role/Dev:R', 'remove: delete oidc-provider/Dev:h']);
    expect(waitsFor(gone, 'oidc-provider/Dev:h')).toEqual(['role/Dev:R']);
    expect(refused(gone)).toEqual([]);
  });

  it('keeps the audiences that others have added to a provider', () => {
    expect(lines(planned([oidcProvider('h', 'Dev', 'b', 'a')], [oidcProvider('h', 'Dev', 'a')]))).toEqual([]);
    expect(planned([oidcProvider('h', 'Dev', 'b')], [oidcProvider('h', 'Dev', 'a')]).changes).toMatchObject([
      { after: { clientIds: ['a', 'b'] } },
    ]);
  });
});

describe('an account that cannot be entered', () => {
  const unread = [{ scope: 'iam/Dev', reason: 'AccessDenied' }];

  it('holds its own roles by name and no others', () => {
    const wanted = [r(), role('R', 'Prod')];
    const result = planned([], wanted, { live: { unread } });
    expect(lines(result)).toEqual(['grant: create role/Prod:R']);
    expect(heldIn(result)).toEqual(['role/Dev:R: iam/Dev: not read: AccessDenied']);
  });

  it('leaves unknown, and says so, whether a policy is there that a set names', () => {
    const wanted = [set('S', named('P')), assignment('group:Team', 'S', 'Dev')];
    const result = planned([], wanted, { live: { unread } });
    expect(refused(result)).toEqual([]);
    expect(result.notes.map(({ message }) => message)).toEqual([
      'permission-set/S names policy/Dev:/+P; whether it is there is unknown, because the IAM of Dev was not read',
    ]);
  });
});

describe('whose a role is', () => {
  it('is told by its tag: ours goes, others stay and are reported', () => {
    const found = live([...base, ...entries, owned(r()), { ...role('Theirs', 'Dev'), owner: 'others' }]);
    const result = plan(desired([...base, role('Kept', 'Prod')]), found, NOW);
    expect(lines(result)).toEqual(['grant: create role/Prod:Kept', 'revoke: delete role/Dev:R']);
    expect(result.unmanaged.map(({ key }) => key)).toEqual(['role/Dev:Member', 'role/Dev:Theirs', 'role/Prod:Member']);
  });

  it('is said when it is declared and carries no tag, or that of another owner', () => {
    const adopted = plan(desired([...base, r()]), live([...base, ...entries, r()]), NOW);
    expect(adopted.changes).toMatchObject([{ key: 'role/Dev:R', action: 'update', adopts: true, risk: 'low' }]);
    const foreign = plan(desired([...base, r()]), live([...base, ...entries, { ...r(), owner: 'others' }]), NOW);
    expect(heldIn(foreign)).toEqual(['role/Dev:R: tagged for another owner, others']);
  });

  it('keeps deletions within their budget', () => {
    const gone = [1, 2, 3].map((number) => role(`R${number}`, 'Dev'));
    const settings = { budgets: { delete: { role: 2 } } };
    expect(refused(planned([...gone, r()], [r()], { parts: { settings } }))).toEqual(['delete-budget']);
  });
});

it('estimates calls by account, one to enter each', () => {
  const one = planned([], [r(inline(allow('s3:*')))]);
  const two = planned([], [r(inline(allow('s3:*'))), role('R', 'Prod', inline(allow('s3:*')))]);
  expect(one.estimate).toEqual({ calls: 8, seconds: 1 });
  expect(two.estimate).toEqual({ calls: 16, seconds: 1 });
});
