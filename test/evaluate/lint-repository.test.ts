/** The lint on whole repositories, as `validate` and `plan` have it. */
import { expect, test } from 'vitest';
import { lintFiles } from '../../src/desired/lint-files.ts';
import type { LintOfFiles } from '../../src/desired/lint-files.ts';
import { load } from '../../src/desired/load.ts';
import type { Files } from '../../src/desired/load.ts';
import { understand } from '../../src/desired/understand.ts';
import { context, lineOf, repository } from '../desired/repository.ts';

const lintOf = (files: Files): Promise<LintOfFiles> => lintFiles(files, understand(files, context), context.catalogue);
const said = async (changes: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  (await lintOf(repository(changes))).problems.map(lineOf);

const settings = `organization: o-exampleorgid
region: eu-west-1
owner: example/aws-access
breakGlass: { group: Team, permissionSet: Read }
memberRole: { name: GatehouseMember, path: /gatehouse/ }
`;
const scp = (statement: string): string =>
  `scp: Deny\npolicy:\n  Version: "2012-10-17"\n  Statement:\n    - ${statement}\n`;

test('nothing is wrong with what SecureCart declares', async () => {
  const files = await load(process.cwd());
  expect(files.files.length).toBeGreaterThan(40);
  expect((await lintOf(files)).problems.map(lineOf)).toEqual([]);
});

test('a policy in a JSON file is read at its own lines, and silenced above the key that names it', async () => {
  const json =
    '{ "Version": "2012-10-17",\n  "Statement": { "Effect": "Allow",\n    "Action": "s3:GetObjekt", "Resource": "*" } }';
  const yaml = (comment: string): string => `permissionSet: Json\n${comment}inlinePolicyFile: json.json\n`;
  expect(await said({ 'permission-sets/json.json': json, 'permission-sets/json.yaml': yaml('') })).toEqual([
    'permission-sets/json.json:3:15 unknown-action "s3:GetObjekt" is not an action. Did you mean s3:GetObject?',
  ]);
  const comment = '# gatehouse: allow unknown-action because it is announced for December\n';
  const { problems, silenced } = await lintOf(
    repository({ 'permission-sets/json.json': json, 'permission-sets/json.yaml': yaml(comment) }),
  );
  expect(problems).toEqual([]);
  expect(silenced.map(lineOf)).toEqual([
    'permission-sets/json.yaml:2:1 unknown-action unknown-action is silenced: it is announced for December',
  ]);
});

test('break-glass and the reconciler of the settings are kept', async () => {
  const changes = {
    'access/settings.yaml': settings,
    'scps/deny.yaml': scp('{ Effect: Deny, Action: "iam:*", Resource: "*" }'),
  };
  expect(await said(changes)).toEqual([
    'scps/deny.yaml:5:7 shuts-out-break-glass denies iam:PutRolePolicy to Read, which must keep it',
    'scps/deny.yaml:5:7 shuts-out-reconciler denies iam:GetRole to GatehouseMember, which must keep it',
  ]);
});

test('a guard rail for one account is judged only where it hangs', async () => {
  const statement =
    '{ Effect: Deny, Action: "iam:*", Resource: "*", Condition: { StringEquals: { aws:PrincipalAccount: "${account:Prod}" } } }';
  const changes = { 'access/settings.yaml': settings, 'scps/deny.yaml': scp(statement) };
  expect(await said(changes)).toHaveLength(2);
  expect(await said({ ...changes, 'scps/bindings.yaml': 'ous: { Sandbox: [Deny] }\n' })).toEqual([]);
});

test('where FullAWSAccess is taken away, the allow-list leaves room for those who must be kept', async () => {
  const bindings = 'ous: { Sandbox: { policies: [Deny], fullAwsAccess: false } }\n';
  const changes = (actions: string) => ({
    'access/settings.yaml': settings,
    'scps/bindings.yaml': bindings,
    'scps/deny.yaml': scp(`{ Effect: Allow, Action: ${actions}, Resource: "*" }`),
  });
  expect(await said(changes('["s3:*", "kms:*", "sts:*"]'))).toEqual([
    'scps/deny.yaml:2:1 shuts-out-break-glass without FullAWSAccess, nothing on ou:Sandbox allows iam:PutRolePolicy to Read',
    'scps/deny.yaml:2:1 shuts-out-reconciler without FullAWSAccess, nothing on ou:Sandbox allows iam:GetRole to GatehouseMember',
  ]);
  expect(await said(changes('["s3:*", "kms:*", "sts:*", "iam:*"]'))).toEqual([]);
});

test('a boundary on the set of break-glass must leave it what it is for', async () => {
  const set = (boundary: string): string =>
    `permissionSet: Read\nmanagedPolicies: [AdministratorAccess]\npermissionsBoundary: { managedPolicy: ${boundary} }\n`;
  const changes = (boundary: string) => ({
    'access/settings.yaml': settings,
    'permission-sets/read.yaml': set(boundary),
  });
  expect(await said(changes('PowerUserAccess'))).toEqual([
    'permission-sets/read.yaml:3:22 shuts-out-break-glass the boundary arn:aws:iam::aws:policy/PowerUserAccess does not leave iam:PutRolePolicy to Read',
  ]);
  expect(await said(changes('AdministratorAccess'))).toEqual([]);
});

test('a document made to be slow is read in bounded time', async () => {
  const action = (index: number): string => `"s3:${'*a'.repeat(20)}${index}*"`;
  const statement = (index: number): string =>
    `{ Effect: Allow, Action: ${action(index)}, Resource: "arn:aws:s3:::${'*a?'.repeat(50)}${index}" }`;
  const statements = Array.from({ length: 100 }, (_, index) => `    - ${statement(index)}\n`).join('');
  const hostile = `permissionSet: Slow\ninlinePolicy:\n  Version: "2012-10-17"\n  Statement:\n${statements}`;
  const begun = performance.now();
  expect((await said({ 'permission-sets/slow.yaml': hostile })).length).toBeGreaterThan(50);
  expect(performance.now() - begun).toBeLessThan(20_000);
});

const tests = (requests: string): Readonly<Record<string, string>> => ({
  'access/tests/team.yaml': `- test: The team deletes nothing\n  as: { group: Team }\n  in: { accounts: [Dev] }\n  denied:\n${requests}`,
});

test('an access test about an action that does not exist is an error where the action stands', async () => {
  const requests = `    - s3:DeletBucket
    - { action: [s3:GetObject, "iam:Crate*"], resource: "*" }
    - nosuch:GetObject
    - GetObject
    - "*:NoSuch*"
`;
  const { problems } = await lintOf(repository(tests(requests)));
  expect(problems.map(({ severity }) => severity)).toEqual(problems.map(() => 'error'));
  expect(problems.map(lineOf)).toEqual([
    'access/tests/team.yaml:5:7 vacuous-test "s3:DeletBucket" is not an action. Did you mean s3:DeleteBucket?',
    'access/tests/team.yaml:6:32 vacuous-test "iam:Crate*" matches no action',
    'access/tests/team.yaml:7:7 vacuous-test "nosuch" is not a service',
    'access/tests/team.yaml:8:7 vacuous-test "GetObject" matches no action',
    'access/tests/team.yaml:9:7 vacuous-test "*:NoSuch*" matches no action',
  ]);
});

test('an access test may ask for every action, by any pattern that matches some, and without regard to case', async () => {
  expect(await said(tests('    - "*"\n    - "S3:getobject"\n    - "*:Delete*"\n    - "iam:?reate*"\n'))).toEqual([]);
});

test('an action of a real service that is near no known one may be newer than the catalogue: a warning', async () => {
  const { problems } = await lintOf(repository(tests('    - s3:TransmogrifyEverythingAtOnce\n')));
  expect(problems.map(({ severity, rule }) => [severity, rule])).toEqual([['warning', 'uncatalogued-action']]);
});

test('a newer action that resembles a known one is silenced where it stands', async () => {
  const requests = '    # gatehouse: allow vacuous-test because it was announced in November\n    - s3:GetObjectz\n';
  const { problems, silenced } = await lintOf(repository(tests(requests)));
  expect(problems).toEqual([]);
  expect(silenced).toHaveLength(1);
});

test('an access test of a resource on which the action never acts shows nothing', async () => {
  const requests = `    - action: s3:GetObject
      resource: "arn:aws:secretsmanager:eu-west-1:111111111111:secret:payments/stripe-a1B2c3"
    - action: [s3:GetObject, kms:Decrypt]
      resource: ["arn:aws:s3:::lake/*", "arn:aws:kms:eu-west-1:111111111111:key/*", "arn:aws:sqs:eu-west-1:111111111111:orders"]
    - { action: s3:ListBucket, resource: "arn:aws:s3:::lake/*" }
    - { action: "dynamodb:Delete*", resource: "arn:aws:sqs:eu-west-1:111111111111:orders" }
`;
  expect(await said(tests(requests))).toEqual([
    'access/tests/team.yaml:5:15 vacuous-test "s3:GetObject" never acts on "arn:aws:secretsmanager:eu-west-1:111111111111:secret:payments/stripe-a1B2c3": the test shows nothing. It acts on resources such as arn:aws:s3:::*/*.',
    'access/tests/team.yaml:7:16 vacuous-test "s3:GetObject" never acts on "arn:aws:sqs:eu-west-1:111111111111:orders": the test shows nothing. It acts on resources such as arn:aws:s3:::*/*.',
    'access/tests/team.yaml:9:17 vacuous-test "s3:ListBucket" never acts on "arn:aws:s3:::lake/*": the test shows nothing. It acts on resources such as arn:aws:s3:::*.',
    'access/tests/team.yaml:10:17 vacuous-test "dynamodb:Delete*" never acts on "arn:aws:sqs:eu-west-1:111111111111:orders": the test shows nothing. It acts on resources such as arn:aws:dynamodb:*:*:table/*.',
  ]);
});

test('an action acts on resources of other services, and one without resource types on whatever is named', async () => {
  const requests = `    - { action: iam:PassRole, resource: "arn:aws:iam::111111111111:role/x" }
    - { action: sts:AssumeRole, resource: "arn:aws:iam::111111111111:role/x" }
    - { action: tag:TagResources, resource: "arn:aws:sqs:eu-west-1:111111111111:orders" }
    - { action: s3:GetObject, resource: "arn:aws:s3:eu-west-1:111111111111:accesspoint/lake/object/x" }
    - { action: s3:ListAllMyBuckets, resource: "arn:aws:s3:::*" }
    - { action: "s3:*", resource: "arn:aws:s3:::lake" }
    - { action: [s3:GetObject, s3:ListBucket], resource: ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"] }
    - { action: "*:Delete*", resource: "arn:aws:sqs:eu-west-1:111111111111:orders" }
    - { action: cloudformation:CreateChangeSet, resource: "arn:aws:cloudformation:eu-west-1:aws:transform/Serverless-2016-10-31" }
    - { action: lambda:InvokeFunction, resource: "arn:aws:lambda:*:*:function:orders:live" }
    - { action: ec2:RunInstances, resource: "arn:aws:ec2:eu-west-1::image/ami-1" }
    - { action: kms:Decrypt, resource: "*" }
`;
  expect(await said(tests(requests))).toEqual([]);
});
