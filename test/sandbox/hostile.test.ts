import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyOperation } from '../../src/sandbox/services.ts';
import { formRequest, freshSandbox, jsonRequest, management, production, start } from '../support/sandbox.ts';

const clock = () => start;
const operations = everyOperation();
const json = operations.filter((name) => !/^(iam|sts):/.test(name));
const query = operations.filter((name) => /^(iam|sts):/.test(name));

const sandbox = freshSandbox();
const { sso, identityStore, organizations } = sandbox.world();

/** Values that are right for some member of some operation, so that calls get past the first check. */
const plausible = fc.constantFrom<unknown>(
  sso.instanceArn,
  sso.identityStoreId,
  Object.keys(sso.permissionSets)[0],
  Object.keys(identityStore.groups)[0],
  Object.keys(identityStore.users)[0],
  organizations.rootId,
  'p-FullAWSAccess',
  management,
  production,
  'AWS_ACCOUNT',
  'GROUP',
  'USER',
  'SERVICE_CONTROL_POLICY',
  'PT1H',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"a:b","Resource":"*"}]}',
  '__proto__',
  '',
  null,
  0,
);
const values = fc.oneof({ weight: 3, arbitrary: plausible }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });
const names = [
  ...'InstanceArn PermissionSetArn PrincipalId PrincipalType TargetId TargetType AccountId Name Description'.split(' '),
  ...'SessionDuration RelayState Tags TagKeys ResourceArn ResourceId PolicyId Type Content Filter Filters'.split(' '),
  ...'IdentityStoreId GroupId UserId MemberId MembershipId GroupIds DisplayName UserName Emails Operations'.split(' '),
  ...'AlternateIdentifier InlinePolicy ManagedPolicyArn CustomerManagedPolicyReference PermissionsBoundary'.split(' '),
  ...'NextToken MaxResults ParentId ChildId ChildType RootId PolicyType OrganizationalUnitId ServicePrincipal'.split(
    ' ',
  ),
];
const inputs = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), values, { maxKeys: 60 });
const fullInputs = fc
  .tuple(fc.array(values, { minLength: names.length, maxLength: names.length }), inputs)
  .map(([full, some]) => ({ ...Object.fromEntries(names.map((name, index) => [name, full[index]])), ...some }));

describe('whatever is posted', () => {
  it('gets a protocol answer below 500: any operation with any JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...json), fc.oneof(inputs, fullInputs), (name, input) => {
        const { status, body } = sandbox.handle(jsonRequest(name, JSON.stringify(input)), clock);
        expect(status, body).toBeLessThan(500);
        expect(JSON.parse(body)).toBeTypeOf('object');
      }),
      { numRuns: 3000 },
    );
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
        const [service, Action = ''] = name.split(':');
        const Version = service === 'iam' ? '2010-05-08' : '2011-06-15';
        const { status, body } = sandbox.handle(formRequest({ ...some, Action, Version }), clock);
        expect(status, body).toBeLessThan(500);
        expect(body).toMatch(/^<(\w+Response) .*<\/\1>$/s);
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
