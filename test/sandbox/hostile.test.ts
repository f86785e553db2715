import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restRequest } from '../../src/sandbox/wire-rest.ts';
import { s3Request } from '../../src/sandbox/wire-s3.ts';
import {
  at,
  callTo,
  everyOperation,
  formRequest,
  freshSandbox,
  jsonRequest,
  management,
  production,
  start,
} from '../support/sandbox.ts';

const clock = () => start;
// Whoever deletes the instance of Identity Center leaves nothing to enter.
const json = everyOperation.filter(
  (name) => !/^(iam|sts|sns|accessanalyzer|lambda|s3\w*):|:DeleteInstance$/.test(name),
);
const rest = everyOperation.filter((name) => /^(accessanalyzer|lambda):/.test(name));
const s3 = everyOperation.filter((name) => /^s3\w*:/.test(name));
const query = everyOperation.filter((name) => /^(iam|sts|sns):/.test(name));

const versions: Readonly<Record<string, string>> = { iam: '2010-05-08', sts: '2011-06-15', sns: '2010-03-31' };

const sandbox = freshSandbox();
const { sso, identityStore, organizations } = sandbox.world();

const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"a:b","Resource":"*"}]}';
const [set] = Object.keys(sso.permissionSets);
const [user] = Object.keys(identityStore.users);
const [group] = Object.keys(identityStore.groups);

const call = callTo(sandbox);
const instance = { InstanceArn: sso.instanceArn };
const issuer = {
  OidcJwtConfiguration: {
    IssuerUrl: 'https://a.example',
    ClaimAttributePath: 'email',
    IdentityStoreAttributePath: 'emails.value',
    JwksRetrievalOption: 'OPEN_ID_DISCOVERY',
  },
};
const custom = 'arn:aws:sso::aws:applicationProvider/custom';
const { ApplicationArn } = call('sso-admin:CreateApplication', {
  ...instance,
  ApplicationProviderArn: custom,
  Name: 'a',
});
const { TrustedTokenIssuerArn } = call('sso-admin:CreateTrustedTokenIssuer', {
  ...instance,
  Name: 'z',
  TrustedTokenIssuerType: 'OIDC_JWT',
  TrustedTokenIssuerConfiguration: issuer,
});
const Target = { Id: '777777777777', Type: 'ACCOUNT' };
const HandshakeId = at(call('organizations:InviteAccountToOrganization', { Target }), 'Handshake.Id');
const account = { AccountName: 'New', Email: 'new@a.example' };
const CreateAccountRequestId = at(call('organizations:CreateAccount', account), 'CreateAccountStatus.Id');

const keyPolicy = JSON.stringify({
  Statement: [{ Effect: 'Allow', Resource: '*', Principal: { AWS: management }, Action: 'kms:*' }],
});
const KeyId = at(call('kms:CreateKey'), 'KeyMetadata.KeyId');
const { QueueUrl } = call('sqs:CreateQueue', { QueueName: 'q' });
call('secretsmanager:CreateSecret', { Name: 'a' });
call('ecr:CreateRepository', { repositoryName: 're/po' });

/** For each member the values that get a call past its checks, and so into the operation. */
const right: Readonly<Record<string, readonly unknown[]>> = {
  InstanceArn: [sso.instanceArn],
  PermissionSetArn: [set],
  ResourceArn: [set],
  PrincipalId: [user, group],
  PrincipalType: ['GROUP', 'USER'],
  TargetId: [production, organizations.rootId],
  TargetType: ['AWS_ACCOUNT', 'ALL_PROVISIONED_ACCOUNTS'],
  AccountId: [production, management],
  Name: ['a', 'b', { GivenName: 'a', FamilyName: 'b' }],
  Description: ['a'],
  SessionDuration: ['PT1H'],
  RelayState: ['https://a.example/'],
  Tags: [[{ Key: 'a', Value: 'b' }]],
  TagKeys: [['a']],
  ResourceId: [production, organizations.rootId],
  PolicyId: ['p-FullAWSAccess', ...Object.keys(organizations.policies)],
  Type: ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'],
  PolicyType: ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'],
  Content: [policy],
  InlinePolicy: [policy],
  Filter: ['SERVICE_CONTROL_POLICY', { Status: 'FAILED' }],
  Filters: [undefined, [{ AttributePath: 'DisplayName', AttributeValue: 'a' }]],
  IdentityStoreId: [identityStore.identityStoreId],
  GroupId: [group],
  GroupIds: [[group]],
  UserId: [user],
  MemberId: [{ UserId: user }],
  MembershipId: Object.keys(identityStore.memberships),
  DisplayName: ['a', 'b'],
  UserName: ['a', 'b'],
  Emails: [undefined, [{ Value: 'a@b.example' }]],
  Operations: [[{ AttributePath: 'displayName', AttributeValue: 'c' }]],
  AlternateIdentifier: [{ UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'a' } }],
  ManagedPolicyArn: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  CustomerManagedPolicyReference: [{ Name: 'a', Path: '/' }],
  PermissionsBoundary: [{ ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  NextToken: [undefined],
  MaxResults: [undefined, 1, 20],
  ParentId: [organizations.rootId],
  SourceParentId: [organizations.rootId],
  DestinationParentId: [organizations.rootId],
  ChildId: [production],
  ChildType: ['ACCOUNT', 'ORGANIZATIONAL_UNIT'],
  RootId: [organizations.rootId],
  ServicePrincipal: [undefined, 'sso.amazonaws.com'],
  ApplicationArn: [ApplicationArn],
  ApplicationProviderArn: [custom],
  TrustedTokenIssuerArn: [TrustedTokenIssuerArn],
  TrustedTokenIssuerType: ['OIDC_JWT'],
  TrustedTokenIssuerConfiguration: [issuer],
  Scope: ['a:b'],
  AuthenticationMethodType: ['IAM'],
  AuthenticationMethod: [{ Iam: { ActorPolicy: {} } }],
  GrantType: ['refresh_token'],
  Grant: [{ RefreshToken: {} }],
  AssignmentRequired: [true],
  RegionName: ['us-east-1', sso.region],
  AccountName: ['New'],
  Email: ['a@a.example', 'b@a.example'],
  CreateAccountRequestId: [CreateAccountRequestId],
  HandshakeId: [HandshakeId],
  Target: [Target, { ...Target, Id: '888888888888' }],
  KeyId: [KeyId],
  TargetKeyId: [KeyId],
  AliasName: ['alias/a'],
  Policy: [undefined, keyPolicy],
  PolicyName: ['default'],
  SecretId: ['a'],
  SecretString: ['a'],
  ResourcePolicy: [keyPolicy.replaceAll('kms:', 'secretsmanager:')],
  QueueName: ['q'],
  QueueUrl: [QueueUrl],
  Attributes: [{ VisibilityTimeout: '1' }],
  repositoryName: ['re/po'],
  policyText: [keyPolicy.replaceAll('kms:', 'ecr:').replace('"Resource":"*",', '')],
  InstanceAccessControlAttributeConfiguration: [
    { AccessControlAttributes: [{ Key: 'team', Value: { Source: ['${path:userType}'] } }] },
  ],
};

const odd = fc.oneof(
  fc.constantFrom<unknown>('__proto__', 'constructor', '', null, 0, [], {}),
  fc.constantFrom(...Object.values(right).flat()),
  fc.jsonValue({ maxDepth: 3 }),
);
const member = (values: readonly unknown[]) =>
  fc.oneof({ weight: 15, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: odd });
const inputs = fc.record(Object.fromEntries(Object.entries(right).map(([name, values]) => [name, member(values)])));

describe('whatever is posted', () => {
  it('gets a protocol answer below 500: any operation with any JSON', () => {
    const entered = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...json), inputs, (name, input) => {
        const { status, body } = sandbox.handle(jsonRequest(name, JSON.stringify(input)), clock);
        expect(status, body).toBeLessThan(500);
        expect(JSON.parse(body)).toBeTypeOf('object');
        if (status === 200) entered.add(name);
      }),
      { numRuns: 3000, seed: 1 },
    );
    // The property says little unless most operations are really entered.
    expect(entered.size).toBeGreaterThan(json.length / 2);
  });

  it('gets a protocol answer below 500: any operation with any form', () => {
    const members = fc.constantFrom(
      'RoleName',
      'PolicyArn',
      'RoleArn',
      'Tags.member.1.Key',
      'Filter.member.1',
      'Marker',
    );
    const form = fc.dictionary(fc.oneof(members, fc.string()), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.constantFrom(...query), form, (name, some) => {
        const [service = '', Action = ''] = name.split(':');
        const Version = versions[service] ?? '';
        const { status, body } = sandbox.handle(formRequest({ ...some, Action, Version }), clock);
        expect(status, body).toBeLessThan(500);
        expect(body).toMatch(/^<(\w+Response) .*<\/\1>$/s);
      }),
      { numRuns: 1000 },
    );
  });

  it('gets a protocol answer below 500: any operation of paths with any members', () => {
    const names = fc.constantFrom('analyzerArn', 'analyzerName', 'type', 'id', 'ids', 'filter', 'policyDocument');
    const values = fc.oneof(
      fc.string(),
      fc.constantFrom<unknown>(`{"Statement":[{"Action":1}]}`, 'ACCOUNT', 1, null, {}),
    );
    fc.assert(
      fc.property(fc.constantFrom(...rest), fc.dictionary(names, values), (name, input) => {
        const [service = '', operation = ''] = name.split(':');
        const request = restRequest({ service, operation }, { policyType: 'IDENTITY_POLICY', ...input });
        if (request === undefined) throw new Error(`${name} has no path`);
        const { status, body } = sandbox.handle({ ...request, headers: {} }, clock);
        expect(status, body).toBeLessThan(500);
        expect(JSON.parse(body)).toBeTypeOf('object');
      }),
      { numRuns: 1000 },
    );
  });

  it('gets a protocol answer below 500: any operation of S3 with any members', () => {
    const names = fc.constantFrom('Bucket', 'Policy', 'AccountId', 'PublicAccessBlockConfiguration', 'MaxBuckets');
    const values = fc.oneof(fc.string(), fc.constantFrom<unknown>('a-bucket', policy, management, 1, null, {}));
    const authorization = 'AWS4-HMAC-SHA256 Credential=a/20261122/us-east-1/s3/aws4_request';
    fc.assert(
      fc.property(fc.constantFrom(...s3), fc.dictionary(names, values), (name, input) => {
        const [service = '', operation = ''] = name.split(':');
        const request = s3Request(service, operation, input);
        if (request === undefined) throw new Error(`${name} has no path`);
        const { status, body } = sandbox.handle({ ...request, headers: { ...request.headers, authorization } }, clock);
        expect(status, body).toBeLessThan(500);
      }),
      { numRuns: 1000 },
    );
  });

  it('gets a protocol answer below 500: any request', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
    const headers = fc.record(
      { 'x-amz-target': text, 'content-type': text, authorization: text },
      { requiredKeys: [] },
    );
    const request = fc.record({ method: text, path: text, query: fc.dictionary(text, text), headers, body: text });
    fc.assert(
      fc.property(request, (hostile) => {
        const { status } = sandbox.handle(hostile, clock);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves a world that survives JSON', () => {
    const world = sandbox.world();
    expect(JSON.parse(JSON.stringify(world))).toEqual(world);
  });
});
