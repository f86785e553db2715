import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintRules } from '../../src/evaluate/lint/rules.ts';
import { lintText } from './lint-files.ts';

const folder = join(import.meta.dirname, 'lint');
const read = (rule: string, name: string): string => readFileSync(join(folder, rule, `${name}.yaml`), 'utf8');
const ids = lintRules.map(({ id }) => id);

/** Lines that end in `# here`; of silences, which are comments themselves, the comment. */
const marked = (text: string): readonly number[] =>
  text.split('\n').flatMap((line, index) => (/# here$|# gatehouse:/.test(line) ? [index + 1] : []));

test('every rule has a folder and every folder a rule', () => {
  expect(readdirSync(folder).sort()).toEqual([...ids].sort());
});

describe.each(ids)('%s', (rule) => {
  test('is found on the marked lines and on no others', async () => {
    const text = read(rule, 'breaks');
    const { problems } = await lintText(text);
    const lines = new Set(problems.filter((problem) => problem.rule === rule).map(({ line }) => line));
    expect([...lines].sort((a, b) => a - b)).toEqual(marked(text));
  });

  test('is the severity and the word of the list', async () => {
    const { problems } = await lintText(read(rule, 'breaks'));
    const found = problems.find((problem) => problem.rule === rule);
    expect(found?.severity).toBe(lintRules.find(({ id }) => id === rule)?.severity);
  });

  test('leaves a right file alone, as every other rule does', async () => {
    const { problems } = await lintText(read(rule, 'holds'));
    expect(problems.map(({ line, rule: id, message }) => `${line} ${id} ${message}`)).toEqual([]);
  });
});

const said = async (text: string, around = {}): Promise<readonly string[]> =>
  (await lintText(text, around)).problems.map(
    ({ line, column, rule, message, hint }) =>
      `${line}:${column} ${rule} ${message}${hint === undefined ? '' : `. ${hint}`}`,
  );

const one = (use: string, statement: string): string =>
  `- use: ${use}\n  document: { Version: "2012-10-17", Statement: [${statement}] }\n`;

test('a misspelled action, key and operator are answered with the nearest ones, at their line and column', async () => {
  const text = `- use: scp
  document:
    Version: "2012-10-17"
    Statement:
      Effect: Deny
      Action: [guardduty:DeleteDetecter]
      Resource: "*"
      Condition: { StringNotEquls: { aws:PrincipalAccont: "111111111111" } }
`;
  expect(await said(text)).toEqual([
    '8:20 bad-operator "StringNotEquls" is not a condition operator. Did you mean StringNotEquals?',
    '6:16 empty-deny "guardduty:DeleteDetecter" is not an action. Did you mean guardduty:DeleteDetector?',
    '8:38 unknown-condition-key "aws:PrincipalAccont" is not a condition key. Did you mean aws:PrincipalAccount?',
  ]);
});

test('a silence holds for a line, for a statement, and not for its neighbors', async () => {
  const text = `- use: identity
  document:
    Version: "2012-10-17"
    Statement:
      # gatehouse: allow allow-not-action because the boundary limits it
      - Effect: Allow
        NotAction: iam:*
        Resource: "arn:aws:s3:::a"
      - { Effect: Allow, NotAction: "iam:*", Resource: "arn:aws:s3:::b" }
`;
  const { problems, silenced } = await lintText(text);
  expect(problems.map(({ line, rule }) => `${line} ${rule}`)).toEqual(['9 allow-not-action']);
  expect(silenced).toEqual([
    {
      rule: 'allow-not-action',
      place: { file: 'x.yaml', line: 5, column: 7 },
      reason: 'the boundary limits it',
    },
  ]);
});

test('nobody silences what shuts out break-glass', async () => {
  const text = `- use: scp
  document:
    Version: "2012-10-17"
    Statement:
      # gatehouse: allow shuts-out-break-glass because we trust ourselves
      - { Effect: Deny, Action: "kms:*", Resource: "*" }
`;
  expect((await lintText(text)).problems.map(({ rule }) => rule).sort()).toEqual([
    'shuts-out-break-glass',
    'unknown-silence',
  ]);
});

test('an allow-list without FullAWSAccess must leave room for break-glass and the reconciler', async () => {
  const allowLists = [{ target: 'ou:Sandbox', keys: ['scp/0'], accounts: ['222222222222'] }];
  const narrow = one('scp', '{ Effect: Allow, Action: ["s3:*", "sts:*", "kms:*"], Resource: "*" }');
  const wide = one('scp', '{ Effect: Allow, Action: ["s3:*", "sts:*", "kms:*", "iam:*"], Resource: "*" }');
  expect(await said(narrow, { allowLists })).toEqual([
    '2:3 shuts-out-break-glass without FullAWSAccess, nothing on ou:Sandbox allows iam:PutRolePolicy to BreakGlass',
    '2:3 shuts-out-reconciler without FullAWSAccess, nothing on ou:Sandbox allows iam:GetRole to GatehouseMember',
  ]);
  expect(await said(wide, { allowLists })).toEqual([]);
});

test('a boundary on break-glass must leave it what it is for', async () => {
  const boundary = (Action: readonly string[]) => ({
    keeper: 'break-glass' as const,
    name: 'Fence',
    at: { file: 'permission-sets/break-glass.yaml', line: 4, column: 1 },
    document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow' as const, Action, Resource: '*' }] },
  });
  expect(await said('[]\n', { boundaries: [boundary(['s3:*', 'sts:*', 'kms:*'])] })).toEqual([
    '4:1 shuts-out-break-glass the boundary Fence does not leave iam:PutRolePolicy to BreakGlass',
  ]);
  expect(await said('[]\n', { boundaries: [boundary(['*'])] })).toEqual([]);
});

test('a denial that names one account is judged in the accounts that it binds', async () => {
  const text = one(
    'scp',
    '{ Effect: Deny, Action: "iam:*", Resource: "*", Condition: { StringEquals: { aws:PrincipalAccount: "222222222222" } } }',
  );
  expect(await said(text)).toEqual([]);
  const bound = await lintText(text, {}, [['111111111111', '222222222222']]);
  expect(bound.problems.map(({ rule }) => rule)).toEqual(['shuts-out-break-glass', 'shuts-out-reconciler']);
});

test('a guard rail that holds a path elsewhere protects no exception here', async () => {
  const member = '"arn:aws:iam::*:role/gatehouse/GatehouseMember"';
  const exception = `Condition: { ArnNotLike: { aws:PrincipalArn: ${member} } }`;
  const text = [
    one('scp', `{ Effect: Deny, Action: "s3:DeleteBucket", Resource: "*", ${exception} }`),
    one(
      'scp',
      `{ Effect: Deny, Action: ["iam:Create*", "iam:Update*"], Resource: "arn:aws:iam::*:role/gatehouse/*", ${exception} }`,
    ),
  ].join('');
  expect(await said(text, { keepers: [] })).toEqual([]);
  const apart = await lintText(text, { keepers: [] }, [['111111111111'], ['222222222222']]);
  expect(apart.problems.map(({ rule, line }) => `${line} ${rule}`)).toContain('2 forgeable-exception');
});

test.each([
  ['s3:CreateMultipartUpload', 's3:PutObject'],
  ['s3:ListObjectsV2', 's3:ListBucket'],
  ['s3:HeadObject', 's3:GetObject'],
  ['lambda:Invoke', 'lambda:InvokeFunction'],
  ['sqs:SendMessageBatch', 'sqs:SendMessage'],
  ['ec2:DescribeInstancs', 'ec2:DescribeInstances'],
  ['iam:PutRolePolcy', 'iam:PutRolePolicy'],
  ['S3:deleteobjct', 's3:DeleteObject'],
  ['s3:GteObject', 's3:GetObject'],
])('%s is answered with the action that it means, %s', async (written, meant) => {
  const [found] = await said(one('identity', `{ Effect: Allow, Action: "${written}", Resource: "*" }`));
  expect(found).toContain(`Did you mean ${meant}?`);
});

test('no verb is answered with another one', async () => {
  // s3:PutObjectAcl is nearer by its letters than any that gets something.
  const [found] = await said(one('identity', '{ Effect: Allow, Action: "kms:CreateKeyPolicy", Resource: "*" }'));
  expect(found).not.toContain('Put');
});

test('what a variable without a value comes to is said for each place that it stands in', async () => {
  const text = one(
    'scp',
    '{ Effect: Deny, Action: "s3:*", NotResource: "arn:aws:s3:::${Name}", Condition: { ArnNotLike: { aws:PrincipalArn: "arn:aws:iam::*:role/${Role}" }, StringLike: { aws:PrincipalTag/team: "${team}" } } }',
  );
  const found = (await lintText(text, { keepers: [] })).problems.filter(({ rule }) => rule === 'bad-variable');
  expect(found.map(({ message }) => message.slice(message.indexOf(': ') + 2))).toEqual([
    'no resource is excepted by it',
    'nobody is excepted',
    'the condition never holds, and this statement denies nothing',
  ]);
});

test('a description that names an action is a promise, and one that spares it is none', async () => {
  const text = one('scp', '{ Effect: Deny, Action: "cloudtrail:DeleteTrail", Resource: "*" }');
  const described = async (description: string): Promise<readonly string[]> => {
    const { problems } = await lintText(text, { keepers: [], description });
    return problems.map(({ rule, message }) => `${rule} ${message}`);
  };
  expect(await described('Nobody calls cloudtrail:StopLogging')).toEqual([
    'unkept-promise the description "Nobody calls cloudtrail:StopLogging" names it, but cloudtrail:StopLogging is still possible under it: no statement denies it',
  ]);
  expect(await described('Prevents DeleteTrail and StopLogging')).toHaveLength(1);
  expect(await described('Trails stay, but cloudtrail:StopLogging is possible')).toEqual([]);
  expect(await described('Nobody calls cloudtrail:DeleteTrail')).toEqual([]);
});
