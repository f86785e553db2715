import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { PermissionSet, Resource } from '../../src/model/resource.ts';
import type { Settings } from '../../src/model/desired.ts';
import { encrypting, sparedActions } from '../../src/plan/guards/spared.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  MANAGEMENT,
  NOW,
  account,
  allow,
  attachment,
  customerPolicy,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  ou,
  owned,
  rcpType,
  scp,
  set,
} from '../support/build.ts';
import {
  administrators,
  failing,
  glassAssigned,
  glassSettings,
  hungRcp,
  knowledge,
  rcp,
} from '../support/guard-scenes.ts';
import { withProof } from '../support/stages.ts';

const dev = account('Dev', '222222222222', 'Work');
const base: readonly Resource[] = [owned(ou('Work')), owned(ou('Sand')), owned(group('Glass')), group('Team'), rcpType];
const glassSet = (fields: Partial<PermissionSet> = {}): PermissionSet => administrators('Glass', fields);
const team = (inlinePolicy: PolicyDocument): PermissionSet => owned(set('Team', { inlinePolicy }));
const standing: readonly Resource[] = [membership('Glass', 'ada'), ...glassAssigned()];

type Side = { readonly set?: PermissionSet; readonly dev?: Resource; readonly more?: readonly Resource[] };
const resources = ({ set: one = glassSet(), dev: place = dev, more = [] }: Side): readonly Resource[] => [
  ...base,
  place,
  one,
  ...standing,
  ...more,
];

type More = { readonly absent?: readonly string[]; readonly settings?: Partial<Settings> };

const refusals = (was: Side, wanted: Side, { absent = [], settings = {} }: More = {}): readonly string[] => {
  const want = desired(resources(wanted), {
    memberGroups: ['Glass'],
    absent,
    settings: { ...glassSettings, ...settings },
  });
  const input = { desired: want, live: live(resources(was)), knowledge };
  const { guards } = withProof(plan(want, input.live, NOW), input);
  return guards.filter(({ id, ok }) => id === 'break-glass-access' && !ok).map(({ message }) => message);
};

const rail = (...body: readonly Statement[]): readonly Resource[] => [
  owned(scp('Rail', document(...body))),
  attachment('Rail', 'root'),
];

const resourceRail = (...body: readonly Statement[]): readonly Resource[] => [
  rcp('Rail', ...body),
  hungRcp('Rail', 'root'),
];

const glassRole = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Glass_????????????????';
const excepting = (statement: Statement): Statement => ({
  ...statement,
  Condition: { ArnNotLike: { 'aws:PrincipalArn': [glassRole, 'arn:aws:iam::*:role/gatehouse/*'] } },
});
const seven = [
  ...['sts:GetCallerIdentity', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 's3:DeleteBucketPolicy'],
  ...['kms:PutKeyPolicy', 'organizations:DetachPolicy', 'sso:CreateAccountAssignment'],
];

const butSeven: Statement = { Effect: 'Deny', NotAction: seven, Resource: '*' };
const byCustomer = (policy: PolicyDocument): Side => ({
  set: glassSet({ customerManagedPolicies: [{ name: 'Own', path: '/' }] }),
  more: ['Dev', MANAGEMENT].map((on) => owned(customerPolicy('Own', on, policy))),
});
const bounded = (policy: PolicyDocument): Side => ({
  set: glassSet({ permissionsBoundary: { customerManagedPolicy: { name: 'Own', path: '/' } } }),
  more: ['Dev', MANAGEMENT].map((on) => owned(customerPolicy('Own', on, policy))),
});
const fromOffice: Statement = { ...deny('*'), Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.1/32' } } };

describe('break-glass keeps what it has today', () => {
  it.each<[what: string, wanted: Side, was?: Side]>([
    ['a denial in its set of all but what is asked first', { set: glassSet({ inlinePolicy: document(butSeven) }) }],
    [
      'a denial of looking around',
      { set: glassSet({ inlinePolicy: document(deny('iam:List*', 'iam:Get*', 'sts:AssumeRole', 'sso:Delete*')) }) },
    ],
    ['a boundary that allows just that', bounded(document(allow(...seven)))],
    [
      "a boundary of AWS's",
      { set: glassSet({ permissionsBoundary: { managedPolicy: 'arn:aws:iam::aws:policy/ReadOnlyAccess' } }) },
    ],
    ['an SCP with all but that', { more: rail(butSeven) }],
    ['an SCP with a resource spared', { more: rail({ ...deny('iam:*'), NotResource: 'arn:aws:iam::*:role/Some' }) }],
    ['an SCP on one resource', { more: rail({ ...deny('s3:*'), Resource: 'arn:aws:s3:::logs' }) }],
    ['an SCP on where one comes from', { more: rail(fromOffice) }],
    [
      'an SCP that some requests meet',
      { more: rail({ ...deny('ec2:*'), Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }) },
    ],
    [
      'an SCP on people without MFA',
      { more: rail({ ...deny('iam:*'), Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }) },
    ],
    ['an RCP', { more: resourceRail(deny('s3:GetObject')) }],
    [
      'a guard rail that comes with the policy type',
      { more: resourceRail(deny('s3:GetObject')) },
      { more: [rcp('Rail', deny('s3:GetObject'))] },
    ],
    [
      'a guard rail that takes more',
      { more: rail(deny('s3:*', 'dynamodb:DeleteTable')) },
      { more: rail(deny('s3:*')) },
    ],
    ['a guard rail of which an exception goes', { more: rail(deny('s3:*')) }, { more: rail(excepting(deny('s3:*'))) }],
    [
      'a move below a guard rail',
      {
        dev: { ...dev, parent: 'Sand' },
        more: [owned(scp('Rail', document(deny('s3:*')))), attachment('Rail', 'ou:Sand')],
      },
      { more: [owned(scp('Rail', document(deny('s3:*')))), attachment('Rail', 'ou:Sand')] },
    ],
    ['a policy of its set that comes to deny', byCustomer(document(deny('s3:*'))), byCustomer(document(allow('s3:*')))],
  ])('against %s', (_what, wanted, was = {}) => {
    expect(refusals(was, wanted).join()).toMatch(/Break-glass would lose in /);
  });

  it('against an allow-list instead of FullAWSAccess', () => {
    const list = [owned(scp('List', document(allow(...seven, 's3:*')))), attachment('List', 'ou:Work')];
    expect(refusals({}, { more: list }, { absent: ['attachment/scp:FullAWSAccess@ou:Work'] }).join()).toMatch(
      /no SCP at Work allows it/,
    );
  });

  it('and says what is taken, when and by what', () => {
    expect(refusals({}, { more: rail(deny('DynamoDB:deleteTable', 'sqs:*')) })).toEqual([
      expect.stringContaining(
        'Break-glass would lose in Dev after the phase restrict: dynamodb:DeleteTable, sqs:* (Rail denies it). Except its roles by their protected path',
      ),
    ]);
  });

  const encryption: Statement = {
    ...deny('s3:PutObject'),
    Condition: {
      Null: { 's3:x-amz-server-side-encryption': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption': ['AES256', 'aws:kms'] },
    },
  };
  it.each<[what: string, wanted: Side, was?: Side]>([
    ['a guard rail that excepts it', { more: rail(excepting(deny('*'))) }],
    [
      'a tightened set of others',
      { set: glassSet(), more: [team(document(deny('*')))] },
      { more: [team(document(allow('*')))] },
    ],
    [
      'a guard rail of the root user',
      { more: rail({ ...deny('*'), Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } } }) },
    ],
    ['leaving', { more: rail(deny('organizations:LeaveOrganization', 'account:CloseAccount')) }],
    ['turning the light off', { more: rail(deny('cloudtrail:StopLogging', 'guardduty:DeleteDetector')) }],
    ['what is not encrypted', { more: rail(encryption) }],
    [
      'what is sent in the clear',
      { more: rail({ ...deny('*'), Condition: { Bool: { 'aws:SecureTransport': 'false' } } }) },
    ],
    ['what was so before', { more: rail(deny('sqs:*'), excepting(deny('ec2:*'))) }, { more: rail(deny('sqs:*')) }],
    ['what was wider', { more: rail(deny('sqs:Get*')) }, { more: rail(deny('sqs:*')) }],
    [
      'a longer list of addresses',
      {
        more: rail({
          ...deny('sqs:*'),
          Condition: { NotIpAddress: { 'aws:SourceIp': ['192.0.2.1/32', '192.0.2.2/32'] } },
        }),
      },
      { more: rail({ ...deny('sqs:*'), Condition: { NotIpAddress: { 'aws:SourceIp': ['192.0.2.1/32'] } } }) },
    ],
    ['a guard rail that comes down', {}, { more: rail(deny('sqs:*')) }],
  ])('but not from %s', (_what, wanted, was = {}) => {
    expect(refusals(was, wanted)).toEqual([]);
  });
});

describe('people can sign in to break-glass', () => {
  const signing = 'sts:AssumeRoleWithSAML';
  it.each<[what: string, body: Statement]>([
    ['that forbids it', deny(signing)],
    ['of everything in STS', deny('sts:*')],
    ['of the tags that come along', deny('sts:TagSession')],
    ['that excepts the role, which is not who calls', excepting(deny(signing))],
    [
      'for callers of the organization, of which the provider is none',
      { ...deny('sts:*'), Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-securecart0' } } },
    ],
  ])('against an RCP %s', (_what, body) => {
    expect(refusals({}, { more: resourceRail(body) }).join()).toMatch(/by which people sign in/);
  });

  it('where the RCP stays off it, was there, or goes', () => {
    const others = {
      ...deny('sts:AssumeRole'),
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } },
    };
    expect(refusals({}, { more: resourceRail(others) })).toEqual([]);
    const shut = resourceRail(deny(signing));
    expect(refusals({ more: shut }, { more: [...shut, team(document(allow('*')))] })).toEqual([]);
    expect(refusals({ more: shut }, {})).toEqual([]);
  });
});

describe('break-glass that is only built now', () => {
  const built = (body: Statement): string => {
    const parts = { memberGroups: ['Glass'], settings: glassSettings };
    const want = desired([...resources({ more: resourceRail(body) })], parts);
    const input = { desired: want, live: live([...base, dev, ...resourceRail(body)]), knowledge };
    return failing(withProof(plan(want, input.live, NOW), input)).join();
  };

  it('is not done below an RCP that forbids what repairs an account', () => {
    expect(built(deny('s3:DeleteBucketPolicy'))).toMatch(
      /break-glass-access: .*would not work in Dev .*s3:DeleteBucketPolicy \(RCP Rail denies it\)/,
    );
    const strangers = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } };
    expect(built({ ...deny('s3:*', 'kms:*', 'sts:*'), Condition: strangers })).toEqual('');
  });
});

describe('what a guard rail may take', () => {
  it('is writing, and nothing that gives or takes permissions', () => {
    const { actions } = knowledge.actions;
    const patterns = sparedActions().map((text) => text.split('*')[0] ?? text);
    const levels = patterns.map((begin) => [
      begin,
      ...new Set(
        actions.flatMap(({ service, name, level }) => (`${service}:${name}`.startsWith(begin) ? [level] : [])),
      ),
    ]);
    expect(levels).toEqual(patterns.map((begin) => [begin, 'Write']));
  });

  it('is listed in docs/guards.md', () => {
    const text = readFileSync('docs/guards.md', 'utf8');
    const named = [...text.matchAll(/`([A-Za-z0-9:*-]+)`/g)].map(([, name = '']) => name.toLowerCase());
    const wanted = [...sparedActions(), ...Object.keys(encrypting)].map((name) => name.toLowerCase());
    expect(wanted.filter((name) => !named.includes(name))).toEqual([]);
  });
});
