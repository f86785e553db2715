import { expect, test } from 'vitest';
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { CustomerPolicy, Role } from '../../src/model/resource.ts';
import { desiredOf, rulesOf, said } from './repository.ts';

const file = 'access/roles/r.yaml';
const role = (trust: string, rest = 'accounts: [Dev]'): Readonly<Record<string, string>> => ({
  [file]: `role: R\npath: /g/\n${rest}\ntrust:\n  - ${trust}\n`,
});
const trustOf = (trust: string): PolicyDocument => (desiredOf(role(trust)).state['role/Dev:R'] as Role).trust;

test('a role of another account is trusted by its ARN', () => {
  expect(trustOf('{ account: Prod, role: g/CIRole, externalId: abc }')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RoleCIRoleProd',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::222222222222:role/g/CIRole' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'abc' } },
      },
    ],
  });
});

const only = (trust: string): unknown => {
  const {
    Sid: _,
    Effect: __,
    ...rest
  } = (trustOf(trust).Statement as readonly { Sid: string; Effect: string }[])[0] ?? {
    Sid: '',
    Effect: '',
  };
  return rest;
};
const assume = 'sts:AssumeRole';
const dev = 'arn:aws:iam::033333333333';

test('a role without an account is one of the own account', () => {
  expect(only('{ role: /g/Other }')).toEqual({ Principal: { AWS: `${dev}:role/g/Other` }, Action: assume });
});

test('an account alone is all of it', () => {
  expect(only('{ account: Prod }')).toEqual({ Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: assume });
});

test('a permission set is the account under the reserved path, in any Region and with any suffix', () => {
  expect(only('{ permissionSet: Write }')).toEqual({
    Principal: { AWS: `${dev}:root` },
    Action: assume,
    Condition: {
      ArnLike: {
        'aws:PrincipalArn': `${dev}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Write_????????????????`,
      },
    },
  });
});

const host = 'token.actions.githubusercontent.com';
const federated = {
  Principal: { Federated: `${dev}:oidc-provider/${host}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
};

test('a repository is trusted on its ref', () => {
  expect(only('{ github: { repository: o/r, ref: refs/heads/main } }')).toEqual({
    ...federated,
    Condition: {
      StringEquals: { [`${host}:aud`]: 'sts.amazonaws.com', [`${host}:sub`]: 'repo:o/r:ref:refs/heads/main' },
    },
  });
});

test('a repository with ids is trusted by the ids, and an environment with a ref on both', () => {
  const trust =
    '{ github: { repository: o/r, environment: "a:b", ref: refs/heads/main, ownerId: "1", repositoryId: "2" } }';
  expect(only(trust)).toEqual({
    ...federated,
    Condition: {
      StringEquals: {
        [`${host}:aud`]: 'sts.amazonaws.com',
        [`${host}:sub`]: 'repo:o@1/r@2:environment:a%3Ab',
        [`${host}:repository_id`]: '2',
        [`${host}:ref`]: 'refs/heads/main',
      },
    },
  });
});

test('a service is trusted for what it acts for', () => {
  const trust = '{ service: lambda.amazonaws.com, sourceAccount: Dev, sourceArn: "arn:aws:lambda:*:${account:Dev}:f" }';
  expect(only(trust)).toEqual({
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: assume,
    Condition: {
      StringEquals: { 'aws:SourceAccount': '033333333333' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:033333333333:f' },
    },
  });
});

test('a third party is trusted with its external ID, a user with a second factor', () => {
  expect(only('{ accountId: "999999999999", externalId: xyz }')).toEqual({
    Principal: { AWS: 'arn:aws:iam::999999999999:root' },
    Action: assume,
    Condition: { StringEquals: { 'sts:ExternalId': 'xyz' } },
  });
  expect(only('{ user: ada, mfa: true }')).toEqual({
    Principal: { AWS: `${dev}:user/ada` },
    Action: assume,
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  });
});

test('every trust entry has a Sid of its own and is found again', () => {
  const { state, origins } = desiredOf(
    role('{ account: Prod, externalId: aa }\n  - { account: Prod, externalId: bb }'),
  );
  const { trust } = state['role/Dev:R'] as Role;
  expect((trust.Statement as readonly { Sid: string }[]).map(({ Sid }) => Sid)).toEqual([
    'AccountProd',
    'AccountProd2',
  ]);
  expect(origins['role/Dev:R#/trust/1']).toEqual({ file, line: 6, column: 5 });
  expect(origins['role/Dev:R#/trust/Statement/1']).toEqual({ file, line: 6, column: 5 });
});

test('a role is resolved with every field in every account', () => {
  const text = `role: R
ous: [Workloads]
except: [Prod]
description: d
trust: [{ service: ec2.amazonaws.com }]
managedPolicies: [SecurityAudit]
customerManagedPolicies: [{ name: P, path: /g/ }]
permissionsBoundary: { customerManagedPolicy: { name: B } }
inlinePolicies:
  deploy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::b-\${account:Prod}" }] }
maxSessionDuration: 2h
instanceProfile: true
tags: { team: x }
`;
  const { state, origins } = desiredOf({ [file]: text });
  expect(Object.keys(state).filter((key) => key.startsWith('role/'))).toEqual(['role/Dev:R', 'role/Staging:R']);
  expect({ ...state['role/Staging:R'], trust: undefined }).toEqual({
    kind: 'role',
    account: 'Staging',
    name: 'R',
    path: '/',
    description: 'd',
    trust: undefined,
    managedPolicies: ['arn:aws:iam::aws:policy/SecurityAudit'],
    customerManagedPolicies: [{ name: 'P', path: '/g/' }],
    permissionsBoundary: { customerManagedPolicy: { name: 'B', path: '/' } },
    inlinePolicies: {
      deploy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::b-222222222222' }],
      },
    },
    maxSessionDuration: 7200,
    instanceProfile: true,
    tags: { team: 'x' },
  });
  expect(origins['role/Staging:R#/inlinePolicies/deploy/Statement/0']).toMatchObject({ file, line: 10 });
  expect(origins['role/Staging:R#/maxSessionDuration']).toMatchObject({ line: 11 });
});

test('a role ends on its day', () => {
  const text = (until: string) => role('{ service: ec2.amazonaws.com }', `accounts: [Dev]\nuntil: ${until}`);
  const [today, past] = [desiredOf(text('2026-11-23')), desiredOf(text('2026-11-22'))];
  expect(today.ending).toMatchObject([{ key: 'role/Dev:R', until: '2026-11-23' }]);
  expect(past.ended).toMatchObject([{ key: 'role/Dev:R', until: '2026-11-22' }]);
  expect(past.state['role/Dev:R']).toBeUndefined();
});

const github = '{ github: { repository: o/r, ref: refs/heads/main } }';
const providers = (changes: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(desiredOf(changes).state).filter((key) => key.startsWith('oidc-provider/'));

test('an OIDC provider comes with the first trust of GitHub, unless the settings require one', () => {
  const settings = 'organization: o-exampleorgid\nregion: eu-west-1\nowner: example/aws-access\n';
  expect(providers(role(github))).toEqual([`oidc-provider/Dev:${host}`]);
  expect(providers(role('{ account: Prod }'))).toEqual([]);
  expect(providers(role(github, 'accounts: [Dev]\nuntil: 2026-11-22'))).toEqual([]);
  expect(providers({ ...role(github), 'access/settings.yaml': `${settings}oidcProviders: require\n` })).toEqual([]);
});

test('a customer policy is resolved in every account', () => {
  const text = `policy: P
path: /g/
description: d
ous: [Workloads/NonProduction]
document: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:*", Resource: "*" } }
until: 2027-01-31
`;
  const { state, origins, ending } = desiredOf({ 'access/policies/p.yaml': text });
  expect(state['policy/Dev:/g/+P']).toEqual({
    kind: 'policy',
    account: 'Dev',
    name: 'P',
    path: '/g/',
    description: 'd',
    document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
    tags: {},
  } satisfies CustomerPolicy);
  expect(state['policy/Staging:/g/+P']).toBeDefined();
  expect(origins['policy/Dev:/g/+P#/document/Statement/0']).toMatchObject({ file: 'access/policies/p.yaml', line: 5 });
  expect(ending.map(({ key }) => key)).toEqual(['policy/Dev:/g/+P', 'policy/Staging:/g/+P']);
});

test.each([
  ['{ mfa: true }', 'missing-key'],
  ['{ account: Prod, service: ec2.amazonaws.com }', 'conflicting-keys'],
  ['{ service: ec2.amazonaws.com, externalId: abc }', 'conflicting-keys'],
  ['{ role: g/CIRole, mfa: true }', 'conflicting-keys'],
  ['{ account: Prdo }', 'unknown-account'],
  ['{ permissionSet: Wirte }', 'unknown-permission-set'],
  ['{ permissionSet: Write, account: Prod }', 'unassigned-trust'],
  ['{ github: { repository: o/r } }', 'missing-key'],
  ['{ github: { repository: o/r, ref: refs/heads/main, ownerId: "1" } }', 'missing-key'],
  ['{ github: { repository: o/r, ref: refs/heads/* } }', 'wrong-value'],
  ['{ service: ec2 }', 'wrong-value'],
  ['{ account: Prod }\n  - { account: Prod }', 'declared-twice'],
  ['{ oidc: { provider: "https://gitlab.com" } }', 'wrong-value'],
  ['{ oidc: { audience: x } }', 'missing-key'],
  ['{ oidc: { provider: gitlab.com, audience: [] } }', 'too-many'],
  ['{ oidc: { provider: gitlab.com }, saml: { provider: Okta } }', 'conflicting-keys'],
  ['{ oidc: { provider: gitlab.com }, mfa: true }', 'conflicting-keys'],
  ['{ saml: { provider: "Okta/EU" } }', 'wrong-value'],
  ['{ saml: { provider: Okta }, externalId: abc }', 'conflicting-keys'],
  ['{ organization: acme }', 'wrong-value'],
  ['{ organization: o-a1b2c3d4e5, service: ec2.amazonaws.com }', 'conflicting-keys'],
  ['{ organizationPath: Workloads/Production }', 'wrong-value'],
  ['{ tagSession: true }', 'missing-key'],
  ['{ service: config.amazonaws.com, assume: false }', 'missing-key'],
  ['{ service: config.amazonaws.com, sourceAccount: [Prod, Prdo] }', 'unknown-account'],
  ['{ account: Prod, principalArn: "arn:aws:iam::${account:Prdo}:role/x" }', 'unknown-account'],
  ['{ role: R, account: Prod, accountId: "222222222222" }', 'conflicting-keys'],
])('a trust is refused: %s', (trust, rule) => {
  expect(rulesOf(role(trust))).toEqual([rule]);
});

test('one name is declared once in an account, and may differ between accounts', () => {
  const other = (text: string) => ({ ...role('{ account: Prod }'), 'access/roles/s.yaml': text });
  expect(said(other('role: r\naccounts: [Dev, Staging]\ntrust: [{ account: Prod }]\n'))).toEqual([
    'access/roles/s.yaml:1:7 declared-twice role "r" is declared here and in access/roles/r.yaml:1 for account "Dev"',
  ]);
  expect(rulesOf(other('role: R\naccounts: [Staging]\ntrust: [{ account: Prod }]\n'))).toEqual([]);
});

test('a role under the paths of AWS is refused', () => {
  const text = 'role: R\npath: /aws-service-role/x/\naccounts: [Dev]\ntrust: [{ account: Prod }]\n';
  expect(rulesOf({ [file]: text })).toEqual(['reserved-name']);
});

test("a trust policy larger than AWS's limit is refused", () => {
  const trusts = [...Array(20).keys()].map((index) => `{ role: g/Role${'x'.repeat(20)}${index} }`).join('\n  - ');
  expect(rulesOf(role(trusts))).toEqual(['policy-too-large']);
});

test('inline policies count together', () => {
  const actions = [...Array(300).keys()].map((index) => `s3:Get${'x'.repeat(15)}${index}`).join(', ');
  const document = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: [${actions}], Resource: "*" }] }`;
  const text = (names: readonly string[]) =>
    `${role('{ account: Prod }')[file] ?? ''}inlinePolicies:\n${names.map((name) => `  ${name}: ${document}\n`).join('')}`;
  expect(rulesOf({ [file]: text(['a']) })).toEqual([]);
  expect(rulesOf({ [file]: text(['a', 'b']) })).toEqual(['policy-too-large']);
});
