import { describe, expect, it } from 'vitest';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  account,
  allow,
  attachment,
  deny,
  desired,
  document,
  live,
  management,
  oidcProvider,
  ou,
  owned,
  role,
  scp,
} from '../support/build.ts';
import { knowledge, memberRole, ownRoles, trustingOwn } from '../support/guard-scenes.ts';
import { withProof } from '../support/stages.ts';

const base: readonly Resource[] = [owned(ou('Work')), account('Dev', '222222222222', 'Work')];
const refusals = (was: readonly Resource[], wanted: readonly Resource[]): readonly string[] => {
  const input = {
    desired: desired([...base, ...wanted], { settings: ownRoles }),
    live: live([...base, ...was]),
    knowledge,
  };
  const planned = withProof(plan(input.desired, input.live, NOW), input);
  return planned.guards.filter(({ id, ok }) => id === 'reconciler-access' && !ok).map(({ message }) => message);
};

const losing = (what: string): RegExp =>
  new RegExp(`^gatehouse/Member in Dev would lose ${what}[^.]* after the phase `);
const rail = (body: PolicyDocument): readonly Resource[] => [owned(scp('Rail', body)), attachment('Rail', 'ou:Work')];
const letsApply = `letting in arn:aws:iam::${management.id}:role/gatehouse/Apply`;

describe("the reconciler's way into an account survives a plan", () => {
  it.each<[what: string, after: readonly Resource[], expected: RegExp]>([
    ['that deletes its role', [], losing('being there')],
    ['that no longer lets it in', [memberRole({ trust: trustingOwn(['Plan']) })], losing(letsApply)],
    [
      'that asks for another external ID',
      [memberRole({ trust: trustingOwn(['Plan', 'Apply'], 'f') })],
      losing('letting in '),
    ],
    [
      'that takes its policies',
      [memberRole({ inlinePolicies: { own: document(allow('iam:Get*')) } })],
      losing('iam:CreateRole'),
    ],
    [
      'that sets a boundary',
      [memberRole({ permissionsBoundary: { managedPolicy: 'arn:aws:iam::aws:policy/ReadOnlyAccess' } })],
      losing('iam:CreateRole'),
    ],
    [
      'that hangs a guard rail above it',
      [memberRole(), ...rail(document(deny('iam:CreateRole')))],
      losing('iam:CreateRole'),
    ],
  ])('%s: refused', (_what, after, expected) => {
    expect(refusals([memberRole()], after)).toEqual([expect.stringMatching(expected)]);
  });

  it('is held to guard rails where no role of the account was read', () => {
    const unread = rail(document(deny('iam:CreateRole')));
    expect(refusals([], unread)).toEqual([expect.stringMatching(losing('iam:CreateRole'))]);
    const member = 'arn:aws:iam::*:role/gatehouse/Member';
    const excepting = { ...deny('iam:*'), Condition: { ArnNotLike: { 'aws:PrincipalArn': member } } };
    expect(refusals([], rail(document(excepting)))).toEqual([]);
    expect(refusals(unread, rail(document(deny('iam:CreateRole', 's3:*'))))).toEqual([]);
    const other = owned(role('Other', 'Dev'));
    expect(refusals([other], [other, ...unread])).toEqual([]);
  });

  it.each<[what: string, was: readonly Resource[], after: readonly Resource[]]>([
    ['that makes the role', [], [memberRole()]],
    ['that leaves it as it is', [memberRole()], [memberRole(), ...rail(document(deny('s3:*')))]],
    ['that gives it more', [memberRole()], [memberRole({ trust: trustingOwn(['Plan', 'Apply', 'Third']) })]],
    [
      'that takes what it could not do before',
      [memberRole({ inlinePolicies: {} })],
      [memberRole({ inlinePolicies: {}, tags: { a: 'b' } })],
    ],
    ['that deletes a role of the same name elsewhere', [memberRole({ path: '/team/' })], []],
  ])('%s: not refused', (_what, was, after) => {
    expect(refusals(was, after)).toEqual([]);
  });
});

const github = (...subjects: readonly string[]): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${management.id}:oidc-provider/token.actions.githubusercontent.com` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
    StringLike: { 'token.actions.githubusercontent.com:sub': subjects },
  },
});
const bySet: Statement = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${management.id}:root` },
  Action: 'sts:AssumeRole',
  Condition: {
    ArnLike: {
      'aws:PrincipalArn': `arn:aws:iam::${management.id}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Admin_????????????????`,
    },
  },
};

const saml = (provider: string): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${management.id}:saml-provider/${provider}` },
  Action: 'sts:AssumeRoleWithSAML',
  Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
});
const ofOrganization: Statement = {
  Effect: 'Allow',
  Principal: '*',
  Action: 'sts:AssumeRole',
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } },
};

const main = 'repo:securecart/aws-access:ref:refs/heads/main';
const applying = (...trust: readonly Statement[]): readonly Resource[] => [
  owned(oidcProvider('token.actions.githubusercontent.com', 'Management', 'sts.amazonaws.com')),
  owned(
    role('Apply', 'Management', {
      path: '/gatehouse/',
      trust: document(...trust),
      inlinePolicies: { own: document(allow('*')) },
    }),
  ),
];

describe('who assumes the role that applies can do so after a plan', () => {
  it.each<[what: string, was: readonly Statement[], after: readonly Statement[]]>([
    ['that trusts another repository', [github(main)], [github('repo:securecart/shop:*')]],
    ['that trusts another branch', [github(main)], [github('repo:securecart/aws-access:ref:refs/heads/next')]],
    ['that trusts people instead', [github(main)], [bySet]],
    ['that takes one of two ways in', [github(main), bySet], [github(main)]],
    ['that trusts another SAML provider', [saml('Okta')], [saml('Entra')]],
    [
      'that trusts another organization',
      [ofOrganization],
      [{ ...ofOrganization, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-elsewhere00' } } }],
    ],
    ['that denies everybody', [github(main)], [github(main), { ...github('*'), Effect: 'Deny', Condition: {} }]],
  ])('%s: refused', (_what, was, after) => {
    expect(refusals(applying(...was), applying(...after))).toEqual([
      expect.stringMatching(
        /^gatehouse\/Apply in Management would lose letting in those that assume it now after the phase /,
      ),
    ]);
  });

  it.each<[what: string, was: readonly Statement[], after: readonly Statement[]]>([
    ['that opens it further', [github(main)], [github(main, 'repo:securecart/aws-access:environment:apply'), bySet]],
    ['that narrows a pattern to one of its branches', [github('repo:securecart/aws-access:*')], [github(main)]],
    ['that takes one branch of two', [github(main, 'repo:securecart/aws-access:ref:refs/heads/next')], [github(main)]],
    ['that asks SAML for more', [{ ...saml('Okta'), Condition: {} }], [saml('Okta')]],
    ['that was open to nobody', [github()], [github(main)]],
  ])('%s: not refused', (_what, was, after) => {
    expect(refusals(applying(...was), applying(...after))).toEqual([]);
  });

  it('that deletes it: refused', () => {
    expect(refusals(applying(github(main)), [])).toEqual([
      expect.stringMatching(/^gatehouse\/Apply in Management would lose being there/),
    ]);
  });
});
