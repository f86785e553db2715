/** What AWS refuses is refused first, at its place; what AWS takes is not. */
import { expect, test } from 'vitest';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { minified } from '../../src/model/policy.ts';
import { desiredOf, rulesOf, said } from './repository.ts';

const roleFile = 'access/roles/r.yaml';
const setFile = 'permission-sets/x.yaml';
const role = (more: string): Readonly<Record<string, string>> => ({
  [roleFile]: `role: R\naccounts: [Dev]\ntrust: [{ service: ec2.amazonaws.com }]\n${more}\n`,
});
const set = (more: string): Readonly<Record<string, string>> => ({ [setFile]: `permissionSet: X\n${more}\n` });
const errorsOf = (changes: Readonly<Record<string, string>>): readonly string[] =>
  said(changes).filter((line) => !/ (unused-permission-set|unbound-policy|mixed-scripts) /.test(line));

const refused: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'permission-sets/x.yaml:2:15 wrong-value team must be letters, digits, spaces and _.:/=+-@, as AWS demands in tags, not "R&D" (the "&")',
    set('tags: { team: "R&D" }'),
  ],
  [
    'permission-sets/x.yaml:2:9 wrong-value "a|b" must be letters, digits, spaces and _.:/=+-@, as AWS demands in tags (the "|")',
    set('tags: { "a|b": c }'),
  ],
  [
    'access/roles/r.yaml:4:12 wrong-value a must be letters, digits, spaces and _.:/=+-@, as AWS demands in tags, not "b\u2014c" (the U+2014 EM DASH)',
    role('tags: { a: "b\u2014c" }'),
  ],
  [
    'access/roles/r.yaml:4:14 wrong-value description must be text in Latin-1 characters, as AWS demands, not "Test role \u2014 with" (the U+2014 EM DASH)',
    role('description: "Test role \u2014 with"'),
  ],
  [
    'permission-sets/x.yaml:2:18 bad-duration sessionDuration must be a duration as text, not a number. Write "1h" or "PT1H".',
    set('sessionDuration: 3600'),
  ],
  [
    'permission-sets/x.yaml:2:18 bad-duration sessionDuration must be a duration as text, not a number. Write "90m" or "PT90M".',
    set('sessionDuration: 5400'),
  ],
  [
    'access/roles/r.yaml:4:18 declared-twice "team" and "Team" are one tag key to IAM, which reads the keys of a role\'s tags without case',
    role('tags: { Team: x, team: y }'),
  ],
  [
    'access/roles/r.yaml:4:19 unattachable-policy "AWSOrganizationsServiceTrustPolicy" is for a service-linked role; AWS attaches it to nothing else',
    role('managedPolicies: [AWSOrganizationsServiceTrustPolicy]'),
  ],
  [
    'permission-sets/x.yaml:2:51 declared-twice an account can have only one of "/y/C" and "/x/C": IAM tells names apart by neither path nor case',
    set('customerManagedPolicies: [{ name: C, path: /x/ }, { name: C, path: /y/ }]'),
  ],
  [
    'permission-sets/x.yaml:2:40 declared-twice an account can have only one of "/c" and "/C": IAM tells names apart by neither path nor case',
    set('customerManagedPolicies: [{ name: C }, { name: c }]'),
  ],
  [
    'permission-sets/x.yaml:2:85 not-a-policy "docdb\u2011elastic:*" is not an action such as s3:GetObject: it has the U+2011 NON-BREAKING HYPHEN',
    set(
      'inlinePolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: ["s3:*","docdb\u2011elastic:*"], Resource: "*" }] }',
    ),
  ],
];

test.each(refused)('%s', (line, changes) => {
  expect(errorsOf(changes)).toContain(line);
});

test.each([
  [
    'tags of letters of any script, spaces and the signs that AWS takes',
    set('tags: { "a b": "\u00e9\u6f22 1_.:/=+-@" }'),
  ],
  ['tag keys of a permission set that differ in case', set('tags: { Team: x, team: y }')],
  ['a description in Latin-1', role('description: "caf\u00e9 \u00a9"')],
  [
    'ten policies on a set',
    set(`customerManagedPolicies: [${Array.from({ length: 10 }, (_, i) => `{ name: p${i} }`).join()}]`),
  ],
  ['a policy of /service-role/', role('managedPolicies: [AWSLambdaBasicExecutionRole]')],
  ['a session of an hour as text', set('sessionDuration: 1h')],
])('%s is taken', (_, changes) => {
  expect(errorsOf(changes)).toEqual([]);
});

test('a raised quota of the accounts counts for permission sets too', () => {
  const names = Array.from({ length: 11 }, (_, i) => `{ name: p${i} }`).join();
  const settings =
    'organization: o-exampleorgid\nregion: eu-west-1\nowner: x\nquotas: { managedPoliciesPerRole: 20 }\n';
  const changes = set(`customerManagedPolicies: [${names}]`);
  expect(rulesOf(changes)).toContain('over-role-quota');
  expect(rulesOf({ ...changes, 'access/settings.yaml': settings })).not.toContain('over-role-quota');
});

/** A policy of so many characters without white space, `é` in all of its resource. */
const inlineOf = (letter: string, count: number): Readonly<Record<string, string>> =>
  set(
    `inlinePolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${letter.repeat(count)}" }] }`,
  );

test('an inline policy of a set is measured in bytes, as Identity Center measures it', () => {
  expect(rulesOf(inlineOf('e', 10_000))).not.toContain('policy-too-large');
  expect(rulesOf(inlineOf('\u00e9', 5_000))).not.toContain('policy-too-large');
  expect(rulesOf(inlineOf('\u00e9', 5_100))).toContain('policy-too-large');
});

test('a character beyond Latin-1 in a policy is sent as a JSON escape, and is the same document', () => {
  const { pieces } = { pieces: desiredOf(inlineOf('\u20ac\u{1f600}', 1)).state };
  const found = Object.values(pieces).find((one) => one.kind === 'permission-set' && one.name === 'X');
  const document = found?.kind === 'permission-set' ? found.inlinePolicy : undefined;
  if (document === undefined) throw new Error('no document');
  const sent = minified(document);
  expect(sent).toMatch(/^[\t\n\r\u0020-\u00ff]+$/);
  expect(sent).toContain('b/\\u20ac\\ud83d\\ude00');
  expect(JSON.parse(sent)).toEqual(document);
});

test('no policy of /aws-service-role/ may be attached, whatever it is called', () => {
  const catalogue = loadCatalogue();
  const linked = [...catalogue.names()].filter((name) => catalogue.arnOf(name)?.includes(':policy/aws-service-role/'));
  expect(linked.length).toBeGreaterThan(50);
  for (const name of linked.slice(0, 10))
    expect(rulesOf(role(`permissionsBoundary: { managedPolicy: ${name} }`))).toContain('unattachable-policy');
});

const policyOf = (document: string): Readonly<Record<string, string>> => ({
  'access/policies/p.yaml': `policy: P\naccounts: [Dev]\ndocument: ${document}\n`,
});
const statement = (more: string): string => `{ Version: "2012-10-17", Statement: [{ Effect: Allow, ${more} }] }`;

test.each([
  ['no Version', '{ Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }] }'],
  [
    'an old Version',
    '{ Version: "2008-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }] }',
  ],
  ['no resource', statement('Action: "s3:GetObject", Resource: []')],
  ['no action', statement('Action: [], Resource: "*"')],
  ['no excepted action', statement('NotAction: [], Resource: "*"')],
])('a customer managed policy with %s is refused', (_, document) => {
  expect(rulesOf(policyOf(document))).toContain('not-a-policy');
});

test('a customer managed policy of 2012 with an action and a resource is taken', () => {
  expect(errorsOf(policyOf(statement('Action: "s3:GetObject", Resource: "*"')))).toEqual([]);
});

test('an inline policy without Version is only warned of', () => {
  const document = '{ Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }] }';
  expect(rulesOf(set(`inlinePolicy: ${document}`))).not.toContain('not-a-policy');
});

test('a tag of our own is one of the fifty', () => {
  const tags = (count: number): string => Array.from({ length: count }, (_, i) => `t${i}: x`).join();
  expect(rulesOf(role(`tags: { ${tags(49)} }`))).not.toContain('too-many');
  expect(rulesOf(role(`tags: { ${tags(50)} }`))).toContain('too-many');
});
