import { describe, expect, it } from 'vitest';
import { trustDocument } from '../../src/desired/trust/trust.ts';
import { waysInSaid } from '../../src/import/write/trust.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';
import { resourcesOf } from '../../src/model/resource.ts';
import type { WrittenTrust } from '../../src/model/written.ts';
import { account, live, role } from '../support/build.ts';
import { desiredIn, filesOf, imported, linesOf } from '../support/imported.ts';

const [own, other, stranger] = ['222222222222', '333333333333', '999999999999'] as const;
const names = new Map([
  [own, 'Own'],
  [other, 'Other'],
]);
const ids = new Map([...names].map(([id, name]) => [name, id]));
const compiled = (...entries: readonly WrittenTrust[]): PolicyDocument =>
  trustDocument(entries, { accountId: own, idOf: (name) => ids.get(name) });
const said = (trust: PolicyDocument) => waysInSaid(trust, { accountId: own, names });

const everyKind: readonly WrittenTrust[] = [
  { account: 'Own' },
  { account: 'Other', externalId: 'an-id', mfa: true },
  { role: 'gatehouse/CIRole' },
  { account: 'Other', role: 'CIRole', externalId: 'another' },
  { permissionSet: 'Developer' },
  { account: 'Other', permissionSet: 'Security' },
  { user: 'team/ada', mfa: true },
  { accountId: stranger, externalId: 'third-party' },
  { service: 'ec2.amazonaws.com' },
  { service: 'lambda.amazonaws.com', sourceAccount: 'Other' },
  { github: { repository: 'securecart/shop', ref: 'refs/heads/main' } },
  { github: { repository: 'securecart/shop', ref: 'refs/heads/main', environment: 'a:b' } },
  { github: { repository: 'securecart/shop', environment: 'live', ownerId: '1', repositoryId: '2' } },
  { accountId: stranger, role: 'vendor/Reader', externalId: 'third-party' },
  { accountId: stranger, user: 'ada', mfa: true },
  { account: 'Other', principalArn: 'arn:aws:iam::${account:Other}:role/deploy-*' },
  { account: 'Other', principalTags: { Team: ['a', 'b'], 'cost-center': '4*' } },
  { organization: 'o-a1b2c3d4e5' },
  { organization: 'o-a1b2c3d4e5', principalArn: 'arn:aws:iam::*:role/deploy', mfa: true },
  { organizationPath: ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/', 'o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/*'] },
  {
    oidc: {
      provider: 'gitlab.com',
      audience: 'https://gitlab.com',
      subject: 'project_path:acme/shop:ref_type:branch:ref:main',
    },
  },
  {
    oidc: {
      provider: 'app.terraform.io',
      audience: 'aws.workload.identity',
      subject: ['a:b:*', 'organization:acme:*'],
    },
  },
  {
    oidc: { provider: 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE1', audience: 'sts.amazonaws.com' },
    tagSession: true,
  },
  {
    oidc: {
      provider: 'token.actions.githubusercontent.com',
      audience: 'sts.amazonaws.com',
      subject: 'repo:acme/shop:*',
    },
  },
  { oidc: { provider: 'cognito-identity.amazonaws.com', audience: 'eu-west-1:0', claims: { amr: 'authenticated' } } },
  { saml: { provider: 'Okta', audience: 'https://signin.aws.amazon.com/saml' } },
  {
    saml: { provider: 'Okta', audience: 'https://signin.aws.amazon.com/saml', attributes: { sub_type: 'persistent' } },
    sessionTags: { Department: '*', Project: ['Analytics', 'Automation'] },
    transitiveTagKeys: ['Department', 'Project'],
    tagSession: true,
  },
  { saml: { provider: 'Okta' }, setSourceIdentity: true, sourceIdentity: '*@example.com', assume: false },
  {
    service: 'pods.eks.amazonaws.com',
    sourceAccount: 'Own',
    sourceArn: 'arn:aws:eks:eu-west-1:${account:Own}:cluster/x',
    tagSession: true,
  },
  { service: 'config.amazonaws.com', sourceOrganization: 'o-a1b2c3d4e5' },
  {
    service: 'sns.amazonaws.com',
    sourceOrganizationPath: 'o-a1b2c3d4e5/r-ab12/*',
    sourceAccount: ['Other', 'Own'].reverse(),
  },
  {
    service: 'rolesanywhere.amazonaws.com',
    sourceArn: 'arn:aws:rolesanywhere:eu-west-1:${account:Own}:trust-anchor/11111111-2222-3333-4444-555555555555',
    principalTags: { 'x509Subject/CN': 'build.example.com' },
    tagSession: true,
    setSourceIdentity: true,
  },
  { service: 'account-access.amazonaws.com', sourceAccount: 'Other', tagSession: true, setContext: true },
  {
    role: 'gatehouse/CIRole',
    sessionName: '${aws:username}',
    sourceIdentity: ['ada', 'bob'],
    sessionTagKeys: ['Project'],
  },
];

const filled = (entry: WrittenTrust): WrittenTrust =>
  JSON.parse(
    JSON.stringify(entry).replace(/\$\{account:(\w+)\}/g, (_, name: string) => ids.get(name) ?? ''),
  ) as WrittenTrust;

const allow = (more: object): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...more }],
});

describe('a trust policy in the words of the files', () => {
  it.each(everyKind.map((entry) => [JSON.stringify(entry), entry] as const))('is %s again', (_, entry) => {
    expect(said(compiled(filled(entry)))).toEqual({ words: [entry] });
  });

  it('has an entry for each of its ways in', () => {
    expect(said(compiled(...everyKind.map(filled)))).toEqual({ words: everyKind });
    const both = allow({ Principal: { Service: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'] } });
    expect(said(both)).toEqual({
      words: [{ service: 'ec2.amazonaws.com' }, { service: 'ecs-tasks.amazonaws.com' }],
    });
  });

  it('is the same whichever of two operators says it', () => {
    const by = (operator: string, value: string) =>
      allow({ Principal: { AWS: own }, Condition: { [operator]: { 'aws:PrincipalArn': value } } });
    const role = `arn:aws:iam::${own}:role/x-*`;
    expect(said(by('ArnEquals', role))).toEqual(said(by('ArnLike', role)));
    const name = { 'sts:RoleSessionName': 'ada' };
    const called = (operator: string) => allow({ Principal: { AWS: own }, Condition: { [operator]: name } });
    expect(said(called('StringLike'))).toEqual({ words: [{ account: 'Own', sessionName: 'ada' }] });
    const both = { StringLike: name, StringEquals: { 'sts:RoleSessionName': 'bob' } };
    expect(said(allow({ Principal: { AWS: own }, Condition: both }))).toHaveProperty('document');
  });

  it.each([
    ['anybody', allow({ Principal: '*' })],
    ['a session of a role', allow({ Principal: { AWS: `arn:aws:sts::${stranger}:assumed-role/X/y` } })],
    ['a provider of another account', allow({ Principal: { Federated: `arn:aws:iam::${other}:saml-provider/Okta` } })],
    [
      'a service for an unknown account',
      allow({
        Principal: { Service: 'config.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': stranger } },
      }),
    ],
    [
      'a wildcard that is none',
      allow({ Principal: { AWS: own }, Condition: { StringEquals: { 'sts:RoleSessionName': 'a*' } } }),
    ],
    ['the id of a deleted role', allow({ Principal: { AWS: 'AROAEXAMPLE' } })],
    [
      'a condition without a word',
      allow({ Principal: { AWS: own }, Condition: { IpAddress: { 'aws:SourceIp': '1' } } }),
    ],
    [
      'another call',
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:*', Principal: { AWS: own } }] },
    ],
    [
      'a denial',
      { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'sts:AssumeRole', Principal: { AWS: own } }] },
    ],
  ] as const)('stays as it is where it names %s', (_, trust) => {
    expect(said(trust as PolicyDocument)).toEqual({ document: trust });
  });
});

describe('roles of an import', () => {
  const accounts = [account('Own', own), account('Other', other)];
  const service = allow({ Principal: { Service: 'ec2.amazonaws.com' } });
  const ours = { path: '/gatehouse/', trust: service };

  it('stand in one file where they are the same in several accounts', async () => {
    const whole = live([...accounts, role('R', 'Own', ours), role('R', 'Other', ours)]);
    const draft = await imported(whole);
    expect(draft.files.filter(({ path }) => path.startsWith('access/roles/')).map(({ path }) => path)).toEqual([
      'access/roles/r.yaml',
    ]);
    expect(resourcesOf(desiredIn(filesOf(draft)).state, 'role')).toHaveLength(2);
    expect(draft.others).toEqual([]);
  });

  it('stand in one file where one of them trusts what is of the account of the other', async () => {
    const hub = role('Hub', 'Own', { path: '/gatehouse/', trust: service });
    const named = allow({ Principal: { AWS: `arn:aws:iam::${own}:role/gatehouse/Hub` } });
    const whole = live([...accounts, hub, ...['Own', 'Other'].map((on) => role('R', on, { ...ours, trust: named }))]);
    const beside = allow({
      Principal: { AWS: [`arn:aws:iam::${own}:role/gatehouse/Hub`, `arn:aws:iam::${stranger}:role/V`] },
    });
    const both = live([...accounts, hub, ...['Own', 'Other'].map((on) => role('R', on, { ...ours, trust: beside }))]);
    for (const one of [whole, both]) {
      const draft = await imported(one);
      expect(draft.files.filter(({ path }) => /roles\/r/.test(path)).map(({ path }) => path)).toEqual([
        'access/roles/r.yaml',
      ]);
      expect(draft.others).toEqual([]);
    }
  });

  it('have the document itself where the files have no words for who is trusted', async () => {
    const trust: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: '*',
          Condition: { IpAddress: { 'aws:SourceIp': '1' } },
        },
        { Effect: 'Deny', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${other}:user/ada` } },
      ],
    };
    const whole = live([...accounts, role('R', 'Own', { ...ours, trust })]);
    const draft = await imported(whole);
    expect(draft.leftOut).toEqual([]);
    expect(draft.files.find(({ path }) => path === 'access/roles/r.yaml')?.text).toContain('trustPolicy:');
    expect(linesOf(filesOf(draft), whole).filter((line) => /role/.test(line))).toEqual([]);
    expect(draft.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('never declare the way in, but settings name it', async () => {
    const trust = allow({ Principal: { AWS: other }, Condition: { StringEquals: { 'sts:ExternalId': 'secret-ish' } } });
    const draft = await imported(live([...accounts, role('GatehouseMember', 'Own', { ...ours, trust })]));
    expect(draft.leftOut.map(({ key }) => key)).toEqual(['role/Own:GatehouseMember']);
    expect(desiredIn(filesOf(draft)).settings.memberRole).toEqual({
      name: 'GatehouseMember',
      path: '/gatehouse/',
      externalId: 'secret-ish',
    });
  });
});
