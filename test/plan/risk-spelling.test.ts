import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { ConditionBlock, Statement } from '../../src/model/policy.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, account, assignment, desired, document, group, live, owned, set } from '../support/build.ts';
import { withAccess } from '../support/stages.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };

const of = (
  Effect: Statement['Effect'],
  Action: string | readonly string[],
  rest: Partial<Statement> = {},
): Statement => ({
  Effect,
  Action,
  Resource: '*',
  ...rest,
});
const allows = (action: string | readonly string[], rest: Partial<Statement> = {}) => of('Allow', action, rest);
const denies = (action: string | readonly string[], rest: Partial<Statement> = {}) => of('Deny', action, rest);
const everything = allows('*');

const met: readonly (readonly [what: string, block: ConditionBlock])[] = [
  ['encryption in transit', { Bool: { 'aws:SecureTransport': 'true' } }],
  ['a date gone by', { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }],
  ['a date that comes', { DateGreaterThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } }],
  ['seconds gone by', { NumericGreaterThan: { 'aws:EpochTime': '1577836800' } }],
  ['seconds gone by, as a date', { DateGreaterThanEquals: { 'aws:EpochTime': '1577836800' } }],
  ['a session younger than 2020', { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } }],
  ['any browser', { StringLike: { 'aws:UserAgent': '*' } }],
  ['a browser with a name', { StringLike: { 'aws:UserAgent': '?*' } }],
  ['one browser', { StringEquals: { 'aws:UserAgent': 'curl' } }],
  ['one page before', { StringLike: { 'aws:Referer': 'https://example.com/*' } }],
  ['one Region', { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }],
  ['Regions by a star', { StringLike: { 'aws:RequestedRegion': 'eu-*' } }],
  ['a key that may be left out', { StringEqualsIfExists: { 'aws:RequestTag/team': 'x' } }],
  ['a tag of the resource that may be missing', { StringEqualsIfExists: { 'aws:ResourceTag/team': 'x' } }],
  ['a key that is always there', { Null: { 'aws:CurrentTime': 'false' } }],
  ['a key that is never there', { Null: { 'aws:SourceArn': 'true' } }],
  ['a service that nobody is', { StringNotEquals: { 'aws:PrincipalServiceName': 'x.amazonaws.com' } }],
  ['another source than anybody has', { ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:::x' } }],
  ['a tag that nobody has', { StringNotEquals: { 'aws:PrincipalTag/blocked': 'yes' } }],
  ['a tag that somebody may have', { StringEquals: { 'aws:PrincipalTag/admin': 'yes' } }],
  ['all of no tags', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }],
  ['a bound that nobody reaches', { NumericLessThan: { 'aws:MultiFactorAuthAge': '999999999' } }],
  ['every address', { IpAddress: { 'aws:SourceIp': ['0.0.0.0/0', '::/0'] } }],
  ['the own organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } }],
  ['the own account', { StringEquals: { 'aws:PrincipalAccount': '222222222222' } }],
  ['resources of the own account', { StringEquals: { 'aws:ResourceAccount': '222222222222' } }],
  ['resources of the account that asks', { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } }],
  ['a role', { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } }],
  ['a role of its own', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }],
  ['no service', { Bool: { 'aws:PrincipalIsAWSService': 'false' } }],
  ['a key of another service', { StringNotEquals: { 's3:prefix': 'secret/' } }],
  ['a second factor', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }],
  [
    'several at once',
    {
      Bool: { 'aws:SecureTransport': 'true' },
      DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
      StringLike: { 'aws:UserAgent': '*', 'aws:RequestedRegion': '?*' },
    },
  ],
];

const neverDenied: readonly (readonly [what: string, denial: Statement])[] = [
  [
    'before a date gone by',
    denies('*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } }),
  ],
  ['until a date that comes', denies('*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01' } } })],
  ['of sessions that are over', denies('*', { Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-01-01' } } })],
  ['without encryption', denies('*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
  ['of a tag', denies('*', { Condition: { StringEquals: { 'aws:PrincipalTag/x': 'blocked' } } })],
  ['of a browser', denies('*', { Condition: { StringLike: { 'aws:UserAgent': '*Mozilla*' } } })],
  ['of other Regions', denies('*', { Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1'] } } })],
  ['from elsewhere', denies('*', { Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })],
  ['of another role', denies('*', { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/nobody' } } })],
  ['of everybody else', denies('*', { Condition: { ArnNotLike: { 'aws:PrincipalArn': '*' } } })],
  ['of other accounts', denies('*', { Condition: { StringNotEquals: { 'aws:PrincipalAccount': '222222222222' } } })],
  ['by a service', denies('*', { Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } })],
  ['on a source that nobody has', denies('*', { Condition: { ArnLike: { 'aws:SourceArn': '*' } } })],
  ['of one bucket', denies('s3:*', { Resource: ['arn:aws:s3:::secret', 'arn:aws:s3:::secret/*'] })],
  ['of one role', denies('*', { Resource: 'arn:aws:iam::*:role/gatehouse/*' })],
  ['of roles of another account', denies('iam:*', { Resource: 'arn:aws:iam::999999999999:*' })],
  ['of a few services', denies(['a4b:*', 'organizations:*', 'account:*'])],
  ['of a tag that a resource may lack', denies('*', { Condition: { StringEquals: { 'aws:ResourceTag/x': 'y' } } })],
];

const spelled: readonly (readonly [what: string, statements: readonly Statement[]])[] = [
  ['every ARN', [allows('*', { Resource: 'arn:aws:*:*:*:*' })]],
  ['every ARN by one star', [allows('*', { Resource: 'arn:*' })]],
  ['two stars', [allows('*', { Resource: '**' })]],
  ['every action by two patterns', [allows(['*:*'])]],
  ['all but one service', [{ Effect: 'Allow', NotAction: 'a4b:*', Resource: '*' }]],
  ['all but the organization', [{ Effect: 'Allow', NotAction: ['organizations:*', 'account:*'], Resource: '*' }]],
  ['all but a bucket', [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::secret/*' }]],
  ['two halves', [allows('*', { Resource: ['arn:aws:iam::*:*', 'arn:aws:s3:::*'] })]],
  [
    'IAM in the own account',
    [allows('iam:*', { Resource: ['role', 'policy', 'user'].map((one) => `arn:aws:iam::222222222222:${one}/*`) })],
  ],
];

const attach = (rest: Partial<Statement>): Statement => allows('iam:AttachRolePolicy', rest);
const everyRole: readonly (readonly [what: string, statements: readonly Statement[]])[] = [
  ['a star', [attach({})]],
  ['every role', [attach({ Resource: 'arn:aws:iam::*:role/*' })]],
  ['every role with a name', [attach({ Resource: 'arn:aws:iam::*:role/?*' })]],
  ['every thing of IAM', [attach({ Resource: 'arn:aws:iam::*:*' })]],
  ['every role of the own account', [attach({ Resource: 'arn:aws:iam::222222222222:role/*' })]],
  ['every role of the asker', [attach({ Resource: 'arn:aws:iam::${aws:PrincipalAccount}:role/*' })]],
  ['every partition', [attach({ Resource: 'arn:*:iam::*:role/*' })]],
  [
    'every role but a few',
    [{ Effect: 'Allow', Action: 'iam:AttachRolePolicy', NotResource: 'arn:aws:iam::*:role/gatehouse/*' }],
  ],
  ['all but buckets', [{ Effect: 'Allow', Action: 'iam:AttachRolePolicy', NotResource: 'arn:aws:s3:::*' }]],
  [
    'every letter',
    [
      attach({
        Resource: [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'].map(
          (one) => `arn:aws:iam::*:role/${one}*`,
        ),
      }),
    ],
  ],
  [
    'the policy of administrators',
    [attach({ Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' } } })],
  ],
  ['roles without a boundary', [attach({ Condition: { Null: { 'iam:PermissionsBoundary': 'true' } } })]],
  [
    'two lists that are together all',
    [attach({ Resource: 'arn:aws:iam::*:role/a*' }), attach({ Resource: 'arn:aws:iam::*:role/???*' })],
  ],
];

const narrowed: readonly (readonly [what: string, statements: readonly Statement[]])[] = [
  ['one role with a short name', [attach({ Resource: 'arn:aws:iam::222222222222:role/CI' })]],
  ['roles under a path', [attach({ Resource: 'arn:aws:iam::*:role/app/*' })]],
  [
    'roles with a boundary',
    [attach({ Condition: { ArnEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/B' } } })],
  ],
  [
    'a harmless policy',
    [attach({ Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnlyAccess' } } })],
  ],
  ['roles with a tag', [attach({ Condition: { StringEquals: { 'aws:ResourceTag/team': 'x' } } })]],
  [
    'a role beside the denied ones',
    [attach({ Resource: 'arn:aws:iam::*:role/app/*' }), denies('iam:*', { Resource: 'arn:aws:iam::*:role/app/x' })],
  ],
  [
    'all roles, other ones denied',
    [attach({}), denies('*', { Resource: undefined as never, NotResource: 'arn:aws:iam::*:role/app/*' })],
  ],
  [
    'all roles, those without the boundary denied',
    [
      attach({}),
      denies('iam:*', {
        Condition: { ArnNotEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/B' } },
      }),
    ],
  ],
];

const closed: readonly (readonly [what: string, statements: readonly Statement[]])[] = [
  ['a date gone by', [attach({ Condition: { DateLessThan: { 'aws:CurrentTime': '2020-01-01' } } })]],
  ['a source that nobody has', [attach({ Condition: { ArnLike: { 'aws:SourceArn': '*' } } })]],
  ['no role', [attach({ Resource: 'arn:aws:s3:::*' })]],
  [
    'a role that is among the denied ones',
    [
      attach({ Resource: 'arn:aws:iam::*:role/app/x' }),
      denies('iam:*', { Resource: ['arn:aws:iam::*:role/web/*', 'arn:aws:iam::*:role/app/*'] }),
    ],
  ],
  [
    'a role that is not among the spared ones',
    [
      attach({ Resource: 'arn:aws:iam::222222222222:role/app/x' }),
      { Effect: 'Deny', Action: 'iam:*', NotResource: ['arn:aws:iam::*:role/web/*'] },
    ],
  ],
  [
    'nothing but what a denial leaves out',
    [
      { Effect: 'Allow', Action: 'iam:AttachRolePolicy', NotResource: 'arn:aws:iam::*:role/app/*' },
      { Effect: 'Deny', Action: 'iam:*', NotResource: 'arn:aws:iam::*:role/app/x' },
    ],
  ],
  ['users', [attach({ Resource: 'arn:aws:iam::222222222222:user/a*' })]],
  ['a denial of every role', [attach({}), denies('iam:*', { Resource: 'arn:aws:iam::*:role/*' })]],
  ['a denial of the own account', [attach({}), denies('iam:*', { Resource: 'arn:aws:iam::222222222222:*' })]],
  [
    'a denial from a date gone by',
    [attach({}), denies('iam:*', { Condition: { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01' } } })],
  ],
  ['a denial of all but buckets', [attach({}), { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::*' }]],
];

/** Sets that are not narrowed at all, by what they are. */
const administrators: readonly (readonly [what: string, statements: readonly Statement[]])[] = [
  ...met.map(([what, Condition]) => [`under ${what}`, [allows('*', { Condition })]] as const),
  ...neverDenied.map(([what, denial]) => [`with a denial ${what}`, [everything, denial]] as const),
  [
    'by the sum of two',
    [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' },
      allows(['iam:Create*', 'iam:Attach*', 'iam:Put*']),
    ],
  ],
];

const cases = [administrators, spelled, everyRole, narrowed, closed].flat();

/** The risks of new assignments in an account of no importance, each of a set of its own to a group of its own. */
const ratings = (): ReadonlyMap<readonly Statement[], string> => {
  const sets = cases.map(([, statements], at) => owned(set(`S${at}`, { inlinePolicy: document(...statements) })));
  const groups = cases.map((_, at) => group(`G${at}`));
  const base = [account('Dev', '222222222222'), ...groups, ...sets];
  const want = desired([...base, ...cases.map((_, at) => assignment(`group:G${at}`, `S${at}`, 'Dev'))]);
  const have = live(base);
  const planned = withAccess(plan(want, have, NOW), { desired: want, live: have, knowledge });
  const told = new Map(
    planned.changes.map(({ key, risk, riskReasons = [] }) => [key, `${risk}: ${riskReasons.join(' | ')}`]),
  );
  return new Map(cases.map(([, statements], at) => [statements, told.get(`assignment/group:G${at}:S${at}@Dev`) ?? '']));
};

let known: ReadonlyMap<readonly Statement[], string> | undefined;
const rated = (statements: readonly Statement[]): string | undefined => (known ??= ratings()).get(statements);

describe('the same access has the same risk', () => {
  it.each(administrators)('an administrator %s', (_, statements) => {
    expect(rated(statements)).toMatch(/^critical: administrator: /);
  });
  it.each(spelled)('an administrator spelled as %s', (_, statements) => {
    expect(rated(statements)).toMatch(/^critical: /);
  });
  it.each(everyRole)('a policy for %s', (_, statements) => {
    expect(rated(statements)).toMatch(/^critical: escalation: attach a policy to a role/);
  });
});

describe('what is known to narrow', () => {
  it.each(narrowed)('lessens a path: %s', (_, statements) => {
    expect(rated(statements)).toMatch(/^high: escalation: .*on some resources or under conditions/);
  });
  it.each(closed)('closes a path: %s', (_, statements) => {
    expect(rated(statements)).not.toMatch(/escalation/);
  });
});
