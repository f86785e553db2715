import { describe, expect, it } from 'vitest';
import type { AccountFacts, AuditRole, AuditUser } from '../../src/model/audit.ts';
import type { PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { Resource } from '../../src/model/resource.ts';
import { customerPolicyKey, keyOf, roleKey } from '../../src/model/resource.ts';
import { permissionSet } from '../contract/changes.ts';
import { daysAgo, liveOf, reportOn, sound, told } from './facts.ts';

const user = (more: Partial<AuditUser>): AuditUser => ({
  name: 'break-glass-1',
  created: daysAgo(10),
  mfa: true,
  keys: [],
  ...more,
});
const key = { number: 1 as const, active: true, rotated: daysAgo(10), lastUsed: daysAgo(1) };
const trustOf = (Principal: PrincipalElement, more: Partial<Statement> = {}): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more }],
});
const role = (more: Partial<AuditRole>): AuditRole => ({
  name: 'Deploy',
  path: '/',
  created: daysAgo(200),
  lastUsed: daysAgo(1),
  trust: trustOf({ Service: 'ec2.amazonaws.com' }),
  ...more,
});
const gitlab = (claims: Readonly<Record<string, string>>): PolicyDocument =>
  trustOf(
    { Federated: 'arn:aws:iam::222222222222:oidc-provider/gitlab.com' },
    { Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: claims } },
  );
const github = 'token.actions.githubusercontent.com';
const workflow = (sub: string, aud: Readonly<Record<string, string>> = { [`${github}:aud`]: 'sts.amazonaws.com' }) =>
  trustOf(
    { Federated: `arn:aws:iam::222222222222:oidc-provider/${github}` },
    {
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: aud, StringLike: { [`${github}:sub`]: sub } },
    },
  );
const everybodyIf = (operator: string, keys: Readonly<Record<string, string>>): PolicyDocument =>
  trustOf('*', { Condition: { [operator]: keys } });
const outside: readonly (readonly [what: string, trust: PolicyDocument])[] = [
  ['a trust in another organization', everybodyIf('StringEquals', { 'aws:PrincipalOrgID': 'o-2' })],
  [
    'a trust below an OU of another organization',
    everybodyIf('ForAnyValue:StringLike', { 'aws:PrincipalOrgPaths': 'o-2/r-1/*' }),
  ],
  ["a trust in another owner's repository", workflow('repo:somebody/shop:ref:refs/heads/main')],
];
const open: readonly (readonly [what: string, trust: PolicyDocument])[] = [
  [
    'a trust in a name that anybody may give a role',
    everybodyIf('ArnLike', { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' }),
  ],
  ['a trust in any project of an issuer', gitlab({ 'gitlab.com:aud': 'x' })],
  ['a trust in any repository of GitHub', workflow('repo:*')],
  ['a trust in a workflow for any audience', workflow('repo:acme/shop:*', {})],
];
const policy = (Action: string[], more: Partial<Statement> = {}) => ({
  name: 'Helper',
  path: '/',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow' as const, Action, Resource: '*', ...more }] },
});
const trail = sound.trails?.[0] ?? { name: '', logging: true, multiRegion: true, validation: true };

describe('a sound account', () => {
  it('has nothing to be found', () => {
    expect(told({})).toEqual([]);
  });

  it('may have a break-glass user whose key and password are young and used', () => {
    const password = { changed: daysAgo(90), lastUsed: daysAgo(1) };
    expect(told({ account: { users: [user({ password, keys: [{ ...key, rotated: daysAgo(90) }] })] } })).toEqual([]);
  });

  it('says nothing of a part that could not be read, and names it', () => {
    const { users: _users, trails: _trails, analyzers: _analyzers, ...rest } = sound;
    const unread = [{ scope: 'iam/Production', reason: 'AccessDenied' }];
    const report = reportOn({ account: { ...rest, users: [], unread } });
    expect([report.findings, report.unread]).toEqual([[], unread]);
    const bare: AccountFacts = { account: 'Dev', id: '333333333333', unread };
    expect(told({ others: [bare] })).toEqual([]);
  });
});

describe('what is wrong in an account', () => {
  it.each<[string, Partial<AccountFacts>, string]>([
    ['a root key', { root: { accessKeys: true, password: false, mfa: false } }, 'root-access-key'],
    ['a root password without MFA', { root: { accessKeys: false, password: true, mfa: false } }, 'root-without-mfa'],
    [
      'a console user without MFA',
      { users: [user({ mfa: false, password: { changed: daysAgo(1), lastUsed: daysAgo(1) } })] },
      'user-without-mfa',
    ],
    ['an old key', { users: [user({ keys: [{ ...key, rotated: daysAgo(91) }] })] }, 'user-key-old'],
    [
      'a key that was never used',
      { users: [user({ keys: [{ number: 2, active: true, rotated: daysAgo(1) }] })] },
      'user-key-unused',
    ],
    [
      'an old password',
      { users: [user({ password: { changed: daysAgo(91), lastUsed: daysAgo(1) } })] },
      'user-password-old',
    ],
    [
      'a password that was never used',
      { users: [user({ password: { changed: daysAgo(1) } })] },
      'user-password-unused',
    ],
    ['an ordinary user', { users: [user({ name: 'ada' })] }, 'iam-user'],
    ['no password policy', { passwordPolicy: 'none' }, 'password-policy-absent'],
    ['a short password', { passwordPolicy: { minimumLength: 13, reusePrevention: 24 } }, 'password-policy-weak'],
    [
      'a password that comes again',
      { passwordPolicy: { minimumLength: 14, reusePrevention: 23 } },
      'password-policy-weak',
    ],
    ['no trail', { trails: [] }, 'trail-absent'],
    [
      'a stopped trail beside one that logs',
      { trails: [trail, { ...trail, name: 'old', logging: false }] },
      'trail-stopped',
    ],
    ['a trail of one Region', { trails: [{ ...trail, multiRegion: false }] }, 'trail-single-region'],
    ['a trail without validation', { trails: [{ ...trail, validation: false }] }, 'trail-without-validation'],
    ['no analyzer', { analyzers: [] }, 'analyzer-absent'],
    [
      'an analyzer of unused access alone',
      { analyzers: [{ name: 'u', access: 'unused', of: 'account' }] },
      'analyzer-absent',
    ],
    ['a role that nobody assumes', { roles: [role({ lastUsed: daysAgo(91) })] }, 'role-unused'],
    ['a trust in a dead role', { roles: [role({ trust: trustOf({ AWS: ['AROAEXAMPLEEXAMPLE1'] }) })] }, 'trust-dead'],
    [
      'a trust in a stranger',
      { roles: [role({ trust: trustOf({ AWS: 'arn:aws:iam::999999999999:root' }) })] },
      'trust-outside-organization',
    ],
    ['a trust in everybody', { roles: [role({ trust: trustOf('*') })] }, 'trust-open'],
    ...open.map(([what, trust]): [string, Partial<AccountFacts>, string] => [
      what,
      { roles: [role({ trust })] },
      'trust-open',
    ]),
    ...outside.map(([what, trust]): [string, Partial<AccountFacts>, string] => [
      what,
      { roles: [role({ trust })] },
      'trust-outside-organization',
    ]),
    ['a policy that rewrites policies', { policies: [policy(['iam:Create*'])] }, 'policy-escalation'],
  ])('is found: %s', (_name, account, rule) => {
    expect(reportOn({ account }).findings.map((finding) => finding.rule)).toEqual([rule]);
  });

  it.each<[string, Partial<AccountFacts>]>([
    ['an inactive old key', { users: [user({ keys: [{ ...key, active: false, rotated: daysAgo(900) }] })] }],
    ['a root password with MFA', { root: { accessKeys: false, password: true, mfa: true } }],
    [
      'two trails that have it all between them',
      {
        trails: [
          { ...trail, validation: false },
          { ...trail, multiRegion: false },
        ],
      },
    ],
    [
      'a role that is younger than ninety days',
      { roles: [{ ...role({ created: daysAgo(90) }), lastUsed: daysAgo(90) }] },
    ],
    [
      'the ways in, used or not',
      {
        roles: [
          role({ name: 'GatehouseMember', lastUsed: daysAgo(300) }),
          role({ name: 'OrganizationAccountAccessRole', lastUsed: daysAgo(300) }),
        ],
      },
    ],
    ['a trust in the management account', { roles: [role({ trust: trustOf({ AWS: '111111111111' }) })] }],
    [
      'a trust in everybody of the organization',
      { roles: [role({ trust: trustOf('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }) })] },
    ],
    [
      'a trust below an OU of the organization',
      { roles: [role({ trust: everybodyIf('ForAnyValue:StringLike', { 'aws:PrincipalOrgPaths': 'o-1/r-1/*' }) })] },
    ],
    [
      'a trust in one project of an issuer',
      { roles: [role({ trust: gitlab({ 'gitlab.com:aud': 'x', 'gitlab.com:sub': 'project_path:a/b:x' }) })] },
    ],
    ['a denial of strangers', { roles: [role({ trust: trustOf('*', { Effect: 'Deny' }) })] }],
    [
      'the same rights on one resource',
      { policies: [policy(['iam:Create*'], { Resource: 'arn:aws:iam::1:policy/x' })] },
    ],
    [
      'the same rights under a condition',
      { policies: [policy(['iam:Create*'], { Condition: { Bool: { 'aws:ViaAWSService': 'true' } } })] },
    ],
  ])('is not found where there is nothing wrong: %s', (_name, account) => {
    expect(told({ account })).toEqual([]);
  });

  it('is not found again where the repository declares it', () => {
    const roles = [role({ trust: trustOf({ AWS: '999999999999' }) })];
    const policies = [policy(['iam:*'])];
    const declared = new Set([
      roleKey({ account: 'Production', name: 'Deploy' }),
      customerPolicyKey({ account: 'Production', name: 'Helper', path: '/' }),
    ]);
    expect(told({ account: { roles, policies } })).toHaveLength(2);
    expect(told({ account: { roles, policies }, context: { declared } })).toEqual([]);
  });

  it('counts a policy that denies what it allows for what is left', () => {
    const Statement = [
      { Effect: 'Allow' as const, NotAction: 'ec2:*', Resource: '*' },
      {
        Effect: 'Deny' as const,
        Action: [
          'iam:*',
          'sso:*',
          'identitystore:*',
          'lambda:*',
          'glue:*',
          'cloudformation:*',
          'sagemaker:*',
          'ssm:*',
          'ec2-instance-connect:*',
          ...['sts', 'rolesanywhere', 'greengrass', 'ecs', 'eks', 'codebuild', 'codepipeline', 'apprunner'].map(
            (service) => `${service}:*`,
          ),
          ...['states', 'elasticbeanstalk', 'bedrock-agentcore', 'elasticmapreduce'].map((service) => `${service}:*`),
        ],
        Resource: '*',
      },
    ];
    const narrowed = { name: 'Helper', path: '/', document: { Version: '2012-10-17', Statement } };
    expect(told({ account: { policies: [narrowed] } })).toEqual([]);
  });

  it('is found by the organization’s analyzer in the account that owns the resource', () => {
    const finding = {
      access: 'external' as const,
      type: 'ExternalAccess',
      resource: 'arn:aws:s3:::open',
      ownerAccount: sound.id,
    };
    const management: AccountFacts = {
      ...sound,
      account: 'Management',
      id: '111111111111',
      analyzers: [{ name: 'all', access: 'external', of: 'organization' }],
      analyzerFindings: [
        finding,
        finding,
        { ...finding, access: 'unused', type: 'UnusedIAMRole', ownerAccount: '111111111111' },
      ],
    };
    const report = reportOn({ account: { analyzers: [] }, others: [management] });
    expect(report.findings.map(({ rule, account, subject }) => [rule, account, subject])).toEqual([
      ['external-access', 'Production', 'arn:aws:s3:::open'],
      ['unused-access', 'Management', 'arn:aws:s3:::open'],
    ]);
  });
});

describe('what is wrong in Identity Center', () => {
  const assignment = (type: 'group' | 'user', name: string, account = 'Production'): Resource => ({
    kind: 'assignment',
    principal: { type, name },
    permissionSet: 'Reader',
    account,
  });
  const group = (name: string): Resource => ({ kind: 'group', name, source: 'identity-center' });
  const member = (of: string): Resource => ({ kind: 'membership', group: of, user: 'ada' });
  const inUse = [
    permissionSet('Reader', { sessionDuration: 8 * 3600 }),
    group('Devs'),
    member('Devs'),
    assignment('group', 'Devs'),
  ];
  const found = (more: readonly Resource[], delegates: readonly string[] = []) =>
    told({ live: liveOf([...inUse, ...more]), delegates });

  it('is nothing when everything is in use once', () => {
    expect(found([])).toEqual([]);
  });

  it.each<[string, readonly Resource[], string]>([
    ['a set that nobody has', [permissionSet('Spare', { sessionDuration: 3600 })], 'permission-set-unassigned'],
    ['a group that nobody is in', [group('Ghosts')], 'group-empty'],
    ['a user with a set', [assignment('user', 'bob')], 'user-assigned: user bob: Reader in Production'],
    ['a long session', [permissionSet('Reader', { sessionDuration: 8 * 3600 + 1 })], 'session-long'],
    [
      'a set that somebody has by two groups',
      [group('Ops'), member('Ops'), assignment('group', 'Ops')],
      'assignment-duplicate: ada: Reader in Production: by group Devs and group Ops',
    ],
  ])('is found: %s', (_name, more, expected) => {
    const all = found(more);
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(expected);
  });

  it('is found where a delegate can edit who reaches the management account', () => {
    const reaching = [assignment('group', 'Devs', 'Management')];
    expect(found(reaching)).toEqual([]);
    expect(found(reaching, ['Production'])).toEqual([
      'delegate-reaches-management: group Devs: it holds access in Management, and Production may edit its members',
    ]);
    expect(found(reaching, ['Management'])).toEqual([]);
  });
});

describe('what is wrong in account access manager', () => {
  const entitlement: Resource = {
    kind: 'entitlement',
    principal: { type: 'group', name: 'Devs' },
    role: 'gatehouse/Deploy',
    account: 'Production',
  };
  const entitling = trustOf(
    { Service: 'account-access.amazonaws.com' },
    { Action: ['sts:AssumeRole', 'sts:SetContext', 'sts:TagSession'] },
  );
  const people: readonly Resource[] = [
    { kind: 'group', name: 'Devs', source: 'external' },
    { kind: 'membership', group: 'Devs', user: 'ada' },
  ];
  const live = liveOf([...people, entitlement]);
  const deploy = role({ path: '/gatehouse/', trust: entitling });
  const declared = new Set([keyOf(entitlement)]);

  it('is nothing where a file gives what is there, on a role that lets it in', () => {
    expect(told({ live, account: { roles: [deploy] }, context: { declared } })).toEqual([]);
  });

  it('is an entitlement that no file gives', () => {
    expect(told({ live, account: { roles: [deploy] } })).toEqual([
      'entitlement-undeclared: group Devs: no file gives it: role gatehouse/Deploy in Production',
    ]);
  });

  it('is one on a role that is not there or shuts it out, where the roles were read', () => {
    const context = { declared };
    expect(told({ live, account: { roles: [] }, context })).toEqual([
      'entitlement-idle: group Devs: there is no such role: role gatehouse/Deploy in Production',
    ]);
    expect(told({ live, account: { roles: [{ ...deploy, trust: role({}).trust }] }, context })).toEqual([
      'entitlement-idle: group Devs: its trust lets account access manager in no more: role gatehouse/Deploy in Production',
    ]);
    const unread = liveOf([...people, { ...entitlement, account: 'Management' }]);
    expect(told({ live: unread, context })).toEqual([
      'entitlement-undeclared: group Devs: no file gives it: role gatehouse/Deploy in Management',
    ]);
  });
});

describe('a waiver', () => {
  const account = { passwordPolicy: 'none' as const };
  const waiver = { finding: 'password-policy-absent', until: '2026-11-23', reason: 'SEC-1' };
  const waivedBy = (waivers: readonly (typeof waiver & { account?: string })[]) => {
    const { findings, waived } = reportOn({ account, context: { waivers } });
    return [findings.length, waived.length];
  };

  it('takes a finding out until the end of its day, and lists it with its reason', () => {
    expect(reportOn({ account, context: { waivers: [waiver] } }).waived).toMatchObject([
      { rule: 'password-policy-absent', until: '2026-11-23', reason: 'SEC-1' },
    ]);
    expect(waivedBy([waiver])).toEqual([0, 1]);
    expect(waivedBy([{ ...waiver, until: '2026-11-22' }])).toEqual([1, 0]);
  });

  it('is for one rule and, where it says so, for one account', () => {
    expect(waivedBy([{ ...waiver, finding: 'trail-absent' }])).toEqual([1, 0]);
    expect(waivedBy([{ ...waiver, account: 'Production' }])).toEqual([0, 1]);
    expect(waivedBy([{ ...waiver, account: 'Staging' }])).toEqual([1, 0]);
  });

  it('that waives nothing is told, with why', () => {
    const waivers = [
      waiver,
      { ...waiver, until: '2026-11-22' },
      { ...waiver, finding: 'trail-absent' },
      { ...waiver, account: 'Elsewhere' },
    ];
    expect(reportOn({ account, context: { waivers } }).idleWaivers).toEqual([
      { ...waivers[1], why: 'ended' },
      { ...waivers[2], why: 'unused' },
      { ...waivers[3], why: 'unused' },
    ]);
  });
});

describe('a role that may give itself everything', () => {
  const administrators = [{ kind: 'role' as const, account: 'Production', name: 'Deploy', by: ['Boss'] }];
  const found = (trust: PolicyDocument, declared: readonly string[] = []) =>
    told({ account: { roles: [role({ trust })] }, context: { administrators, declared: new Set(declared) } });

  it.each([...open, ['a trust in everybody', trustOf('*')] as const])(
    'is critical with %s, declared or not',
    (_, trust) => {
      for (const declared of [[], [roleKey({ account: 'Production', name: 'Deploy' })]]) {
        const [line, ...rest] = found(trust, declared);
        expect(line).toMatch(/^trust-open-administrator: /);
        expect(rest).toEqual([]);
      }
    },
  );

  it('is critical with a third party without an external id, and high with one', () => {
    expect(found(trustOf({ AWS: '999999999999' })).join()).toMatch(
      /^trust-open-administrator.*999999999999 without an external id$/,
    );
    const withId = trustOf({ AWS: '999999999999' }, { Condition: { StringEquals: { 'sts:ExternalId': 'e' } } });
    expect(found(withId).join()).toMatch(/^trust-outside-organization.*999999999999 with an external id$/);
  });

  it('is found where somebody else has the name in another account only as what it is there', () => {
    const elsewhere = administrators.map((one) => ({ ...one, account: 'Management' }));
    const roles = [role({ trust: trustOf('*') })];
    expect(told({ account: { roles }, context: { administrators: elsewhere } }).join()).toMatch(/^trust-open\b(?!-)/);
  });
});

describe('an administrator among the IAM users', () => {
  const password = { changed: daysAgo(1), lastUsed: daysAgo(1) };
  const found = (one: Partial<AuditUser>, of = 'Production'): readonly string[] => {
    const administrators = [{ kind: 'user' as const, account: of, name: one.name ?? 'break-glass-1', by: ['Boss'] }];
    const all = told({ account: { users: [user(one)] }, context: { administrators } });
    return all.filter((line) => line.startsWith('user-administrator'));
  };

  it.each<[string, Partial<AuditUser>, readonly string[]]>([
    [
      'with a password and a key',
      { name: 'ada', password, keys: [key, { ...key, number: 2, active: false }] },
      ['user-administrator: user ada: a console password with MFA and an active access key; by Boss'],
    ],
    ['with nothing to sign in by', { name: 'ada', keys: [{ ...key, active: false }] }, []],
    ['kept for emergencies, with a password', { password }, []],
    [
      'kept for emergencies, with a key',
      { keys: [key] },
      ['user-administrator: user break-glass-1: an active access key; by Boss'],
    ],
  ])('%s', (_, one, lines) => {
    expect(found(one)).toEqual(lines);
  });

  it('is one of another account', () => {
    expect(found({ name: 'ada', password }, 'Dev')).toEqual([]);
  });
});

describe('the report', () => {
  it('has the worst first', () => {
    const account = {
      passwordPolicy: 'none' as const,
      root: { accessKeys: true, password: false, mfa: false },
      roles: [role({ lastUsed: daysAgo(100) }), role({ trust: trustOf('*') })],
    };
    expect(reportOn({ account }).findings.map(({ severity }) => severity)).toEqual([
      'critical',
      'high',
      'medium',
      'low',
    ]);
  });
});
