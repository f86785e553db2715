import { expect, test } from 'vitest';
import { statements } from '../../src/model/policy.ts';
import type { OidcProvider, Role } from '../../src/model/resource.ts';
import { desiredOf, said } from './repository.ts';

const file = 'access/roles/r.yaml';
const role = (lines: readonly string[], accounts = 'Dev'): Readonly<Record<string, string>> => ({
  [file]: ['role: R', `accounts: [${accounts}]`, ...lines, ''].join('\n'),
});
const raw = (...lines: readonly string[]) => [
  'trustPolicy:',
  '  Version: "2012-10-17"',
  '  Statement:',
  ...lines.map((line) => `    - ${line}`),
];
const anybodyOfOurs =
  '{ Effect: Allow, Principal: "*", Action: "sts:AssumeRole", Condition: { StringEquals: { "aws:PrincipalOrgID": o-exampleorgid } } }';

test('a trust policy stands as it is, with the ids of accounts filled in', () => {
  const lines = raw(
    '{ Effect: Allow, Principal: { AWS: "arn:aws:iam::${account:Prod}:role/x" }, Action: ["sts:AssumeRole", "sts:TagSession"] }',
    '{ Effect: Deny, Principal: { AWS: "${account:Prod}" }, Action: "sts:TagSession" }',
  );
  const desired = desiredOf(role(lines, 'Dev, Staging'));
  for (const key of ['role/Dev:R', 'role/Staging:R'])
    expect(statements((desired.state[key] as Role).trust)).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::222222222222:role/x' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      },
      { Effect: 'Deny', Principal: { AWS: '222222222222' }, Action: 'sts:TagSession' },
    ]);
  expect(desired.origins['role/Dev:R#/trust/1']).toMatchObject({ file, line: 7 });
  expect(desired.origins['role/Dev:R#/trust/Statement/0']).toMatchObject({ file, line: 6 });
});

test('a provider of GitHub that a trust policy names is declared as that of an entry is', () => {
  const lines = raw(
    '{ Effect: Allow, Principal: { Federated: "arn:aws:iam::${account:Dev}:oidc-provider/token.actions.githubusercontent.com" }, Action: "sts:AssumeRoleWithWebIdentity" }',
  );
  const settings =
    'organization: o-exampleorgid\nregion: eu-west-1\nowner: example/aws-access\noidcProviders: manage\n';
  const { state } = desiredOf({ ...role(lines), 'access/settings.yaml': settings });
  const provider = state['oidc-provider/Dev:token.actions.githubusercontent.com'] as OidcProvider | undefined;
  expect(provider?.clientIds).toEqual(['sts.amazonaws.com']);
});

test.each([
  ['beside words', [...raw(anybodyOfOurs), 'trust: [{ service: ec2.amazonaws.com }]'], '3:1 conflicting-keys'],
  ['nothing at all', [], '1:1 missing-key'],
  ['no statement', ['trustPolicy: { Version: "2012-10-17", Statement: [] }'], '3:'],
  ['no principal', raw('{ Effect: Allow, Action: "sts:AssumeRole" }'), '6:7 not-a-policy Principal is missing'],
  [
    'a principal beside its opposite',
    raw('{ Effect: Allow, Principal: "*", NotPrincipal: { AWS: "222222222222" }, Action: "sts:AssumeRole" }'),
    '6:7 not-a-policy Principal and NotPrincipal',
  ],
  ['nobody', raw('{ Effect: Allow, Principal: {}, Action: "sts:AssumeRole" }'), '6:35 not-a-policy'],
  ['an empty list', raw('{ Effect: Allow, Principal: { AWS: [] }, Action: "sts:AssumeRole" }'), '6:35 not-a-policy'],
  ['no action', raw('{ Effect: Allow, Principal: "*" }'), '6:7 not-a-policy Action is missing'],
  ['no text', ['trustPolicy: yes'], '3:14 not-a-policy'],
  [
    'an unknown account',
    raw('{ Effect: Allow, Principal: { AWS: "${account:Nope}" }, Action: "sts:AssumeRole" }'),
    '6:42 unknown-account',
  ],
  ['two of a Sid', raw(...[1, 2].map(() => anybodyOfOurs.replace('{', '{ Sid: A,'))), '4:3 not-a-policy'],
] as const)('is refused with %s', (_, lines, where) => {
  const found = said(role(lines));
  expect(found.join('\n')).toContain(`${file}:${where}`);
});

test('a trust policy is measured as one in words', () => {
  const values = Array.from({ length: 70 }, (_, index) => `"${'x'.repeat(50)}${index}"`).join(', ');
  const long = `{ Effect: Allow, Principal: "*", Action: "sts:AssumeRole", Condition: { StringEquals: { "sts:ExternalId": [${values}] } } }`;
  expect(said(role(raw(long))).join('\n')).toMatch(/:4:3 policy-too-large the trust policy has \d+ characters/);
});
