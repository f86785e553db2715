/** RCPs bind the roles of an account, and with them whoever becomes one of them. */
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../src/model/policy.ts';
import type { Resource, Role } from '../../src/model/resource.ts';
import type { Settings } from '../../src/model/desired.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  ORGANIZATION,
  account,
  allow,
  deny,
  desired,
  document,
  live,
  management,
  oidcProvider,
  ou,
  owned,
  rcpType,
  role,
  scp,
  attachment,
} from '../support/build.ts';
import { failing, hungRcp, knowledge, memberRole, ownRoles, rcp } from '../support/guard-scenes.ts';
import { withProof } from '../support/stages.ts';

const base: readonly Resource[] = [owned(ou('Work')), owned(ou('Lab')), rcpType];
const dev = account('Dev', '222222222222', 'Work');

type Side = { readonly dev?: Resource; readonly more?: readonly Resource[] };
const allOf = ({ dev: place = dev, more = [] }: Side): readonly Resource[] => [...base, place, ...more];

const refusals = (was: Side, wanted: Side, settings: Partial<Settings> = ownRoles): readonly string[] => {
  const want = desired(allOf(wanted), {
    settings,
    origins: { 'rcp/Rail#/document/Statement/0': { file: 'scps/rail.yaml', line: 7 } },
  });
  const input = { desired: want, live: live(allOf(was)), knowledge };
  return failing(withProof(plan(want, input.live, NOW), input)).filter((line) => line.startsWith('reconciler-access'));
};

const rail = (body: Statement, on = 'root'): readonly Resource[] => [rcp('Rail', body), hungRcp('Rail', on)];
const unless = (statement: Statement, Condition: NonNullable<Statement['Condition']>): Statement => ({
  ...statement,
  Condition,
});
const shut = deny('sts:AssumeRole');
const own = ['Plan', 'Apply'].map((name) => `arn:aws:iam::${management.id}:role/gatehouse/${name}`);
const byOwn = { ArnNotLike: { 'aws:PrincipalArn': own } };
const glass = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Glass_????????????????';
const openly: Role = { ...memberRole(), trust: trusting('sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity') };

function trusting(...Action: readonly string[]) {
  return document({ Effect: 'Allow', Principal: { AWS: own }, Action });
}

const beside = (one: Resource, ...more: readonly Resource[]): Side => ({ more: [one, ...more] });
const member = memberRole();

describe('an RCP does not shut the reconciler out of an account', () => {
  it('and the refusal names it, its place and the role', () => {
    expect(refusals(beside(member), beside(member, ...rail(shut)))).toEqual([
      `reconciler-access: gatehouse/Member in Dev would lose ${own
        .map((arn) => `letting in ${arn} (RCP Rail, scps/rail.yaml:7, denies it)`)
        .join(
          ', ',
        )} after the phase restrict. It is the reconciler's way in: leave its trust, policies and boundary as they are, and except it in guard rails.`,
    ]);
  });

  const elsewhere = { ...dev, parent: 'Lab' };
  it.each<[what: string, was: Side, wanted: Side]>([
    ['of all of STS', beside(member), beside(member, ...rail(deny('sts:*')))],
    [
      'of everything but reading',
      beside(member),
      beside(member, ...rail({ Effect: 'Deny', NotAction: 's3:Get*', Resource: '*' })),
    ],
    [
      'of its role alone',
      beside(member),
      beside(member, ...rail({ ...shut, Resource: 'arn:aws:iam::*:role/gatehouse/*' })),
    ],
    ['at the account', beside(member), beside(member, ...rail(shut, 'account:Dev'))],
    [
      'that excepts break-glass',
      beside(member),
      beside(member, ...rail(unless(shut, { ArnNotLike: { 'aws:PrincipalArn': glass } }))),
    ],
    [
      'that excepts one of the two',
      beside(member),
      beside(member, ...rail(unless(shut, { ArnNotEquals: { 'aws:PrincipalArn': own[0] ?? '' } }))),
    ],
    [
      'of another organization',
      beside(member),
      beside(member, ...rail(unless(shut, { StringNotEquals: { 'aws:PrincipalOrgID': 'o-other00000' } }))),
    ],
    [
      'for an address',
      beside(member),
      beside(member, ...rail(unless(shut, { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }))),
    ],
    ['that loses its exception', beside(member, ...rail(unless(shut, byOwn))), beside(member, ...rail(shut))],
    [
      'below which the account moves',
      { dev: elsewhere, more: [member, ...rail(shut, 'ou:Work')] },
      beside(member, ...rail(shut, 'ou:Work')),
    ],
    ['of the tags that its sessions may bring', beside(openly), beside(openly, ...rail(deny('sts:TagSession')))],
    ['of a source identity', beside(openly), beside(openly, ...rail(deny('sts:SetSourceIdentity')))],
    ['where no role of the account was read', {}, { more: rail(shut) }],
  ])('%s', (_what, was, wanted) => {
    expect(refusals(was, wanted).join()).toMatch(/^reconciler-access: gatehouse\/Member in Dev would lose letting in /);
  });

  it('of the role that AWS makes in each account, either', () => {
    const memberRole = { name: 'OrganizationAccountAccessRole' };
    const there = role(memberRole.name, 'Dev', {
      trust: trusting('sts:AssumeRole'),
      inlinePolicies: { own: document(allow('*')) },
    });
    const settings = { ...ownRoles, memberRole };
    expect(refusals(beside(there), beside(there, ...rail(shut)), settings).join()).toMatch(
      /OrganizationAccountAccessRole in Dev would lose letting in .* \(RCP Rail/,
    );
  });

  it('of the tags that its sessions have', () => {
    const settings = { ...ownRoles, memberRole: { ...ownRoles.memberRole, sessionTags: { team: 'security' } } };
    const others = unless(deny('sts:TagSession'), { StringNotEquals: { 'aws:RequestTag/team': 'security' } });
    expect(refusals(beside(openly), beside(openly, ...rail(deny('sts:TagSession'))), settings)).toHaveLength(1);
    expect(refusals(beside(openly), beside(openly, ...rail(others)), settings)).toEqual([]);
  });

  it.each<[what: string, wanted: readonly Resource[]]>([
    ['that excepts the two', rail(unless(shut, byOwn))],
    ['of strangers', rail(unless(shut, { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }))],
    [
      'of strangers, as data perimeters have it',
      rail(
        unless(deny('sts:AssumeRole', 's3:*'), {
          StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        }),
      ),
    ],
    ['of services', rail(unless(shut, { Bool: { 'aws:PrincipalIsAWSService': 'true' } }))],
    ['of another call', rail(deny('s3:GetObject'))],
    ['of tags that no session may bring', rail(deny('sts:TagSession', 'sts:SetSourceIdentity'))],
    ['of another role', rail({ ...shut, Resource: 'arn:aws:iam::*:role/Other' })],
    ['at another unit', rail(shut, 'ou:Lab')],
    ['of requests in the clear', rail(unless(shut, { Bool: { 'aws:SecureTransport': 'false' } }))],
  ])('but one %s may come', (_what, wanted) => {
    expect(refusals(beside(member), beside(member, ...wanted))).toEqual([]);
  });

  it('nor one that was there, or goes', () => {
    const there = beside(member, ...rail(shut));
    expect(refusals(there, beside(member, ...rail(shut), owned(scp('More')), attachment('More', 'ou:Lab')))).toEqual(
      [],
    );
    expect(refusals(there, beside(member))).toEqual([]);
  });
});

const github = (sub: string): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
    StringLike: { 'token.actions.githubusercontent.com:sub': sub },
  },
});

describe('where the reconciler lives in a member account', () => {
  const home = [
    owned(oidcProvider('token.actions.githubusercontent.com', 'Dev', 'sts.amazonaws.com')),
    owned(
      role('Apply', 'Dev', {
        path: '/gatehouse/',
        trust: document(github('repo:securecart/aws-access:*')),
        inlinePolicies: { own: document(allow('*')) },
      }),
    ),
  ];
  const settings = { ...ownRoles, delegatedAdministrator: 'Dev' };
  const web = deny('sts:AssumeRoleWithWebIdentity');
  const asked = (body: Statement): string =>
    refusals({ more: home }, { more: [...home, ...rail(body)] }, settings).join();

  it('an RCP leaves its pipeline its way in', () => {
    expect(asked(web)).toMatch(
      /^reconciler-access: gatehouse\/Apply in Dev would lose letting in those that assume it now \(RCP Rail, scps\/rail.yaml:7, denies it\)/,
    );
    expect(asked(unless(web, { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION } }))).toMatch(/RCP Rail/);
  });

  it.each<[what: string, body: Statement]>([
    [
      'of other repositories',
      unless(web, { StringNotLike: { 'token.actions.githubusercontent.com:sub': 'repo:securecart/*' } }),
    ],
    [
      'of strangers, of whom it is known that they are some',
      unless(web, {
        Null: { 'aws:PrincipalOrgID': 'false' },
        StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION },
      }),
    ],
    ['of roles', deny('sts:AssumeRole')],
  ])('which one %s does', (_what, body) => {
    expect(asked(body)).toEqual('');
  });
});

describe('what the two roles need to enter accounts', () => {
  it('is no longer missed where the trust asks for the name of the session', () => {
    const letIn = (name: string): Statement => ({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${management.id}:root` },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${management.id}:role/gatehouse/${name}` },
        StringLike: { 'sts:RoleSessionName': `gatehouse-${name}-*` },
        StringEquals: { 'sts:ExternalId': 'e' },
      },
    });
    const both = memberRole({ trust: document(letIn('Plan'), letIn('Apply')) });
    const one = memberRole({ trust: document(letIn('Plan')) });
    expect(refusals(beside(both), beside(one)).join()).toMatch(/would lose letting in .*gatehouse\/Apply/);
    expect(refusals(beside(both), beside(both, ...rail(shut))).join()).toMatch(/RCP Rail/);
  });

  it('is their own permission to do so, too', () => {
    const apply = (...statements: readonly Statement[]): Role =>
      owned(
        role('Apply', 'Management', {
          path: '/gatehouse/',
          trust: document({ Effect: 'Allow', Principal: { AWS: management.id }, Action: 'sts:AssumeRole' }),
          inlinePolicies: { own: document(...statements) },
        }),
      );
    const needed = allow('organizations:*', 'sso:*', 'identitystore:*');
    const entering = { ...allow('sts:AssumeRole'), Resource: 'arn:aws:iam::*:role/gatehouse/Member' };
    expect(refusals(beside(apply(needed, entering)), beside(apply(needed))).join()).toMatch(
      /gatehouse\/Apply in Management would lose sts:AssumeRole/,
    );
    expect(refusals(beside(apply(needed, entering)), beside(apply(needed, allow('sts:AssumeRole'))))).toEqual([]);
  });
});
