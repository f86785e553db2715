import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { CustomerPolicy, OidcProvider, Resource, Role } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  ORGANIZATION,
  account,
  allow,
  assignment,
  deny,
  desired,
  document,
  group,
  lets,
  live,
  membership,
  owned,
  scp,
  attachment,
  set,
} from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const dev = account('Dev', '222222222222');
const prod = account('Prod', '333333333333');
const base: readonly Resource[] = [dev, prod, group('Devs'), membership('Devs', 'ada')];

const ci: PrincipalElement = { AWS: 'arn:aws:iam::222222222222:role/gatehouse/CI' };
const role = (trust: PolicyDocument, parts: Partial<Role> = {}): Role => ({
  kind: 'role',
  account: 'Dev',
  name: 'Deploy',
  path: '/gatehouse/',
  trust,
  managedPolicies: [],
  customerManagedPolicies: [],
  inlinePolicies: {},
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
  ...parts,
});
const boundary = { permissionsBoundary: { customerManagedPolicy: { name: 'B', path: '/gatehouse/' } } };
const policy = (body: PolicyDocument, parts: Partial<CustomerPolicy> = {}): CustomerPolicy => ({
  kind: 'policy',
  account: 'Dev',
  name: 'B',
  path: '/gatehouse/',
  document: body,
  tags: {},
  ...parts,
});

const planned = (was: readonly Resource[], wanted: readonly Resource[]): Plan => {
  const want = desired([...base, ...wanted], { accountTags: { Prod: { env: 'prod' } }, memberGroups: ['Devs'] });
  const have = live([...base, ...was.map((one) => owned(one as Role))]);
  return withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
};

const changeOf = (was: readonly Resource[], wanted: readonly Resource[], key = 'role/Dev:Deploy'): Change | undefined =>
  planned(was, wanted).changes.find((change) => change.key === key);
const told = (change: Change | undefined): string => `${change?.risk}: ${(change?.riskReasons ?? []).join(' | ')}`;
const rows = ({ access }: Plan): readonly string[] =>
  access.map(({ principal, people, accounts, gained, lost, changed }) => {
    const said = [
      ...gained.map((i) => `+${i.actions.join()}`),
      ...lost.map((i) => `-${i.actions.join()}`),
      ...changed.map((i) => `~${i.actions.join()}${i.narrower ? ' narrower' : ''}`),
    ];
    return `${principal} (${people}) in ${accounts.join()}: ${said.join(' ')}`;
  });

const github = 'token.actions.githubusercontent.com';
const federated: PrincipalElement = { Federated: `arn:aws:iam::222222222222:oidc-provider/${github}` };
const web = 'sts:AssumeRoleWithWebIdentity';
const claims = (sub: string): Statement['Condition'] => ({
  StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com' },
  StringLike: { [`${github}:sub`]: sub },
});
const issuer = (name: string): PrincipalElement => ({ Federated: `arn:aws:iam::222222222222:oidc-provider/${name}` });
const tokenOf = (name: string, sub: string): Statement['Condition'] => ({
  StringEquals: { [`${name}:aud`]: 'sts.amazonaws.com' },
  StringLike: { [`${name}:sub`]: sub },
});
const cluster = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
const okta: PrincipalElement = { Federated: 'arn:aws:iam::222222222222:saml-provider/Okta' };
const reserved = 'arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Ops_????????????????';

const opened: readonly (readonly [what: string, trusts: Statement, expected: RegExp | string])[] = [
  ['everybody', lets('*'), /^critical: trust-everybody: /],
  ['everybody with an account', lets({ AWS: '*' }), /^critical: trust-everybody: /],
  [
    'everybody but a few',
    { Effect: 'Allow', NotPrincipal: ci, Action: 'sts:AssumeRole' },
    /^critical: trust-everybody: /,
  ],
  [
    'everybody of another organization',
    lets('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-elsewhere00' } }),
    'high: trust-outside: any account of organization o-elsewhere00 is outside of the organization | trust-opened: any account of organization o-elsewhere00 may assume gatehouse/Deploy',
  ],
  [
    'a third party without an external ID',
    lets({ AWS: 'arn:aws:iam::101010101010:root' }),
    /^critical: trust-external-id: .* \| trust-outside: account:101010101010, which is not of the organization is outside/,
  ],
  [
    'a third party with its external ID',
    lets({ AWS: '101010101010' }, { StringEquals: { 'sts:ExternalId': 'e' } }),
    /^high: trust-outside: account:101010101010/,
  ],
  [
    'a service that acts for any customer',
    lets({ Service: 'config.amazonaws.com' }),
    /^high: trust-service-source: .*trust-opened: service:config.amazonaws.com may assume gatehouse\/Deploy$/,
  ],
  [
    'a service with its source',
    lets({ Service: 'config.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': '222222222222' } }),
    'medium: trust-opened: service:config.amazonaws.com may assume gatehouse/Deploy',
  ],
  [
    'a service of the own account',
    lets({ Service: 'ec2.amazonaws.com' }),
    'medium: trust-opened: service:ec2.amazonaws.com may assume gatehouse/Deploy',
  ],
  ['any repository', lets(federated, claims('repo:*'), web), /^critical: trust-open-subject: /],
  ['a web identity without a subject', lets(federated, undefined, web), /^critical: trust-open-subject: /],
  [
    'one repository on one branch',
    lets(federated, claims('repo:securecart/shop:ref:refs/heads/main'), web),
    'medium: trust-opened: github:securecart/shop:ref:refs/heads/main may assume gatehouse/Deploy',
  ],
  ['a role of ours', lets(ci), 'medium: trust-opened: role:gatehouse/CI in Dev may assume gatehouse/Deploy'],
  [
    'everybody of the organization',
    lets({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }),
    'medium: trust-opened: any account of the organization may assume gatehouse/Deploy',
  ],
  [
    'everybody below an OU of another organization',
    lets('*', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-elsewhere00/r-ab12/ou-ab12-11111111/*' } }),
    /^high: trust-outside: any account below o-elsewhere00\/r-ab12\/ou-ab12-11111111\/\* is outside/,
  ],
  [
    'everybody by a name that anybody may give a role',
    lets('*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy' } }),
    /^critical: trust-everybody: .*everybody, as arn:aws:iam::\*:role\/deploy may assume/,
  ],
  [
    'everybody, but of an account that is not ours',
    lets('*', { StringEquals: { 'aws:PrincipalAccount': '101010101010' } }),
    /^high: trust-outside: everybody is outside/,
  ],
  [
    'a project on GitLab',
    lets(issuer('gitlab.com'), tokenOf('gitlab.com', 'project_path:acme/shop:ref_type:branch:ref:main'), web),
    'medium: trust-opened: GitLab project acme/shop on branch main may assume gatehouse/Deploy',
  ],
  [
    'any project on GitLab',
    lets(issuer('gitlab.com'), tokenOf('gitlab.com', 'project_path:*'), web),
    /^critical: trust-open-subject: /,
  ],
  [
    'a workspace of Terraform',
    lets(
      issuer('app.terraform.io'),
      tokenOf('app.terraform.io', 'organization:acme:project:net:workspace:prod:run_phase:apply'),
      web,
    ),
    'medium: trust-opened: Terraform Cloud workspace acme/net/prod in run phase apply may assume gatehouse/Deploy',
  ],
  [
    'a service account of Kubernetes',
    lets(issuer(cluster), tokenOf(cluster, 'system:serviceaccount:shop:checkout'), web),
    'medium: trust-opened: EKS service account shop/checkout of a cluster in eu-west-1 may assume gatehouse/Deploy',
  ],
  [
    'an issuer of their own',
    lets(issuer('id.example.com'), tokenOf('id.example.com', 'robot-7'), web),
    'medium: trust-opened: id.example.com:robot-7 may assume gatehouse/Deploy',
  ],
  [
    'a SAML provider',
    lets(okta, { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } }, 'sts:AssumeRoleWithSAML'),
    'medium: trust-opened: SAML provider Okta may assume gatehouse/Deploy',
  ],
  [
    'a SAML provider for any answer',
    lets(okta, undefined, 'sts:AssumeRoleWithSAML'),
    /^high: trust-saml-audience: .*SAML provider Okta may assume gatehouse\/Deploy$/,
  ],
  [
    'pods of EKS',
    { ...lets({ Service: 'pods.eks.amazonaws.com' }), Action: ['sts:AssumeRole', 'sts:TagSession'] },
    'medium: trust-opened: EKS pods may assume gatehouse/Deploy',
  ],
  [
    'holders of a certificate',
    lets(
      { Service: 'rolesanywhere.amazonaws.com' },
      {
        ArnEquals: { 'aws:SourceArn': 'arn:aws:rolesanywhere:eu-west-1:222222222222:trust-anchor/11111111-2222' },
        StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'build.example.com' },
      },
    ),
    'medium: trust-opened: Roles Anywhere trust anchor 11111111-2222, certificate of build.example.com may assume gatehouse/Deploy',
  ],
  [
    'a service on behalf of another organization',
    lets({ Service: 'config.amazonaws.com' }, { StringEquals: { 'aws:SourceOrgID': 'o-elsewhere00' } }),
    /^high: trust-outside: service:config.amazonaws.com is outside of the organization/,
  ],
  [
    'a service on behalf of an account that is not ours',
    lets({ Service: 'account-access.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': '101010101010' } }),
    /^high: trust-outside: .*account-access.amazonaws.com.* is outside of the organization/,
  ],
  [
    'a service on behalf of a resource that is not ours',
    lets({ Service: 'sns.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:101010101010:t' } }),
    /^high: trust-outside: .*sns.amazonaws.com.* is outside of the organization/,
  ],
  [
    'a service on behalf of an account of ours',
    lets({ Service: 'sns.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': '333333333333' } }),
    /^medium: trust-opened/,
  ],
  [
    'nobody new, but with session tags',
    lets(ci, undefined, 'sts:TagSession'),
    'medium: trust-session: role:gatehouse/CI in Dev may add sts:TagSession to sessions of gatehouse/Deploy',
  ],
  [
    'an account of ours',
    lets({ AWS: '333333333333' }),
    'medium: trust-opened: account:Prod may assume gatehouse/Deploy',
  ],
  [
    'a permission set',
    lets({ AWS: '222222222222' }, { ArnLike: { 'aws:PrincipalArn': reserved } }),
    'medium: trust-opened: permission-set:Ops in Dev may assume gatehouse/Deploy',
  ],
];

describe('a trust that opens', () => {
  const user = lets({ AWS: 'arn:aws:iam::222222222222:user/ada' });
  it.each(opened)('to %s', (_what, statement, expected) => {
    const was = role(document(user));
    const change = changeOf([was], [role(document(user, statement))]);
    expect(told(change)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  const open: readonly (readonly [what: string, trusts: Statement, rule: string])[] = [
    ['everybody', lets('*'), 'trust-everybody'],
    ['everybody but a few', { Effect: 'Allow', NotPrincipal: ci, Action: 'sts:AssumeRole' }, 'trust-everybody'],
    ['any repository', lets(federated, claims('repo:*'), web), 'trust-open-subject'],
    [
      'any project on GitLab',
      lets(issuer('gitlab.com'), tokenOf('gitlab.com', 'project_path:*'), web),
      'trust-open-subject',
    ],
    [
      'tokens for another audience',
      lets(federated, { StringEquals: { [`${github}:sub`]: 'repo:securecart/shop:*' } }, web),
      'trust-open-subject',
    ],
    ['a third party without an external ID', lets({ AWS: '101010101010' }), 'trust-external-id'],
    [
      'a third party with one',
      lets({ AWS: '101010101010' }, { StringEquals: { 'sts:ExternalId': 'e' } }),
      'trust-outside',
    ],
    ["another owner's repository", lets(federated, claims('repo:acme/shop:ref:refs/heads/main'), web), 'trust-outside'],
  ];
  it.each(open)(
    'to %s is critical where the role may do much; where it may do little, somebody outside who is named is high',
    (_, statement, rule) => {
      const judged = (policies: Partial<Role>) =>
        changeOf([role(document(user), policies)], [role(document(user, statement), policies)]);
      const much = judged({ managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
      expect([much?.risk, much?.riskReasons?.some((reason) => reason.startsWith(`${rule}: `))]).toEqual([
        'critical',
        true,
      ]);
      const little = judged({ inlinePolicies: { own: document(allow('ec2:DescribeInstances')) } });
      expect(little?.risk).toBe(rule === 'trust-outside' ? 'high' : 'critical');
    },
  );

  it('weighs more in Production', () => {
    const inProd = { account: 'Prod' };
    const change = changeOf(
      [role(document(user), inProd)],
      [role(document(user, lets(ci)), inProd)],
      'role/Prod:Deploy',
    );
    expect(told(change)).toBe('high: trust-opened: role:gatehouse/CI in Dev may assume gatehouse/Deploy');
  });

  it('is told in the table of access by who may now assume which role, and who no longer', () => {
    expect(rows(planned([role(document(user))], [role(document(lets(ci)))]))).toEqual([
      'iam-user:ada in Dev as role:gatehouse/Deploy (0) in Dev: -sts:AssumeRole',
      'role:gatehouse/CI in Dev as role:gatehouse/Deploy (0) in Dev: +sts:AssumeRole',
    ]);
  });

  it('is one row for all accounts that say the same', () => {
    const inBoth = (statement: Statement) => ['Dev', 'Prod'].map((on) => role(document(statement), { account: on }));
    expect(rows(planned([], inBoth(lets(ci)))).map((row) => row.split(':').slice(0, 2).join())).toHaveLength(2);
    const both = inBoth(lets({ Service: 'ec2.amazonaws.com' }));
    const same = both.map((one) => ({ ...one, trust: document() }));
    expect(rows(planned(both, same))).toEqual([
      'service:ec2.amazonaws.com as role:gatehouse/Deploy (0) in Dev,Prod: -sts:AssumeRole',
    ]);
  });

  it('says nothing more of a role that comes or goes with its service, but of one that may act for others', () => {
    const served = (name: string) => [role(document(lets({ Service: name })))];
    expect(rows(planned([], served('ec2.amazonaws.com')))).toEqual([]);
    expect(rows(planned(served('ec2.amazonaws.com'), []))).toEqual([]);
    expect(rows(planned([], served('config.amazonaws.com')))).toEqual([
      'service:config.amazonaws.com as role:gatehouse/Deploy (0) in Dev: +sts:AssumeRole',
    ]);
  });

  it('does not open by one condition more, and opens by one less', () => {
    const mfa = lets({ AWS: 'arn:aws:iam::222222222222:user/ada' }, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
    const narrower = planned([role(document(user))], [role(document(mfa))]);
    expect(rows(narrower)).toEqual([
      'iam-user:ada in Dev as role:gatehouse/Deploy (0) in Dev: ~sts:AssumeRole narrower',
    ]);
    expect(told(narrower.changes[0])).toMatch(/^low: /);
    expect(told(changeOf([role(document(mfa))], [role(document(user))]))).toMatch(/^medium: trust-opened: /);
  });

  it('does not open by an operator that means the same, and by one call more only for that call', () => {
    const by = (operator: string, more: Partial<Statement> = {}) =>
      role(document({ ...lets({ AWS: '222222222222' }, { [operator]: { 'aws:PrincipalArn': arn } }), ...more }));
    const arn = 'arn:aws:iam::222222222222:role/x';
    expect(rows(planned([by('ArnEquals')], [by('ArnLike')]))).toEqual([]);
    expect(rows(planned([by('ArnEquals')], [by('ArnLike', { Action: ['sts:AssumeRole', 'sts:TagSession'] })]))).toEqual(
      ['account:Dev, as arn:aws:iam::222222222222:role/x as role:gatehouse/Deploy (0) in Dev: +sts:TagSession'],
    );
  });

  it('opens when a denial goes', () => {
    const denial: Statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Condition: { Bool: { a: 'false' } },
    };
    expect(told(changeOf([role(document(user, denial))], [role(document(user))]))).toMatch(
      /^high: trust-denial-removed/,
    );
  });

  it('lets nobody in by a dead id', () => {
    const dead = lets({ AWS: 'AROAEXAMPLEEXAMPLE123' });
    expect(rows(planned([role(document(dead))], [role(document(lets(ci)))]))).toEqual([
      'role:gatehouse/CI in Dev as role:gatehouse/Deploy (0) in Dev: +sts:AssumeRole',
    ]);
  });
});

describe('a role in a plan', () => {
  const user = document(lets({ AWS: 'arn:aws:iam::222222222222:user/ada' }));
  const writes = { inlinePolicies: { own: document(allow('s3:PutBucketPolicy')) } };

  it('is a principal: what it gains and loses is told once for alike accounts', () => {
    const was = ['Dev', 'Prod'].map((on) => role(user, { account: on }));
    const result = planned(
      was,
      was.map((one) => ({ ...one, ...writes })),
    );
    expect(rows(result)).toEqual([
      'role:gatehouse/Deploy (0) in Dev: +s3:PutBucketPolicy',
      'role:gatehouse/Deploy (0) in Prod: +s3:PutBucketPolicy',
    ]);
    expect(told(result.changes[0])).toMatch(/^high: permissions-management: s3:PutBucketPolicy/);
    expect(
      rows(
        planned(
          was.map((one) => ({ ...one, ...writes })),
          [],
        ),
      ),
    ).toContain('role:gatehouse/Deploy (0) in Dev: -s3:PutBucketPolicy');
  });

  it('is high without the boundary that it had', () => {
    const bound = role(user, { ...writes, ...boundary });
    const rail = policy(document(allow('s3:Get*')));
    const result = planned([bound, rail], [role(user, writes), rail]);
    expect(rows(result)).toEqual(['role:gatehouse/Deploy (0) in Dev: +s3:PutBucketPolicy']);
    expect(told(result.changes.find(({ kind }) => kind === 'role'))).toMatch(/boundary-removed: /);
    expect(told(changeOf([role(user, writes)], [bound, rail]))).not.toMatch(/boundary-removed: /);
  });

  it('gains by a guard rail that goes, if it is ours', () => {
    const rails = [owned(scp('Rail', document(deny('s3:*')))), attachment('Rail', 'account:Dev')];
    const ours = role(user, writes);
    expect(rows(planned([ours, ...rails], [ours]))).toEqual(['role:gatehouse/Deploy (0) in Dev: +s3:PutBucketPolicy']);
  });

  it('feels the edit of a policy that it shares with a permission set, and the edit is judged by both', () => {
    const Orders = { customerManagedPolicies: [{ name: 'B', path: '/gatehouse/' }] };
    const shared = [
      role(user, Orders),
      owned(set('S', Orders)),
      assignment('group:Devs', 'S', 'Dev'),
      assignment('group:Devs', 'S', 'Prod'),
    ];
    const result = planned(
      [...shared, policy(document(allow('s3:GetObject')))],
      [...shared, policy(document(allow('s3:GetObject', 's3:PutBucketPolicy')))],
    );
    expect(rows(result)).toEqual([
      'group:Devs (1) in Dev: +s3:PutBucketPolicy',
      'role:gatehouse/Deploy (0) in Dev: +s3:PutBucketPolicy',
    ]);
    expect(result.changes.map(told)).toEqual(['high: permissions-management: s3:PutBucketPolicy']);
  });

  it('may come to trust the tokens of a provider', () => {
    const provider: OidcProvider = {
      kind: 'oidc-provider',
      account: 'Dev',
      host: github,
      clientIds: ['sts.amazonaws.com'],
    };
    const key = `oidc-provider/Dev:${github}`;
    expect(told(changeOf([], [provider], key))).toBe(
      `medium: web-identity: roles of the account may trust tokens of ${github}`,
    );
  });
});
