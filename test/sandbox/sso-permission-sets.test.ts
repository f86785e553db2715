import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../src/sandbox/core.ts';
import {
  at,
  callerOf,
  delegate,
  identityWorld,
  instanceArn,
  production,
  refusalOf,
  rowsAt,
  start,
  textAt,
} from '../support/identity-world.ts';

const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const granting = (statement: CallInput = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'Read', Effect: 'Allow', Action: 's3:Get*', Resource: '*', ...statement }],
  });
const inline = granting();

const withSet = () => {
  const world = identityWorld();
  const calls = callerOf(world);
  const arn = textAt(calls.sso('CreatePermissionSet', { Name: 'Developer' }), 'PermissionSet.PermissionSetArn');
  const onSet = (operation: string, input: CallInput = {}) => calls.sso(operation, { PermissionSetArn: arn, ...input });
  return { world, ...calls, arn, onSet };
};

describe('a permission set', () => {
  it('is created with an hour of session and an ARN below its instance', () => {
    const { sso } = callerOf(identityWorld());
    const set = at(sso('CreatePermissionSet', { Name: 'Developer' }), 'PermissionSet');
    expect(set).toMatchObject({ Name: 'Developer', SessionDuration: 'PT1H', CreatedDate: start / 1000 });
    expect(textAt(set, 'PermissionSetArn')).toMatch(
      /^arn:aws:sso:::permissionSet\/ssoins-1234567890abcdef\/ps-[0-9a-f]{16}$/,
    );
    expect(set).not.toHaveProperty('Description');
    expect(set).not.toHaveProperty('RelayState');
  });

  it.each([
    { Name: 'a'.repeat(32) },
    { Name: 'x', SessionDuration: 'PT12H' },
    { Name: 'x', SessionDuration: 'PT90M' },
    { Name: 'x', Description: 'é'.repeat(700) },
    { Name: 'x', RelayState: 'https://console.aws.amazon.com/' },
    { Name: 'x', Tags: [{ Key: 'team', Value: '' }] },
  ])('is accepted as %j', (input) => {
    expect(callerOf(identityWorld()).sso('CreatePermissionSet', input)).toHaveProperty('PermissionSet');
  });

  it.each([
    {},
    { Name: '' },
    { Name: 'a'.repeat(33) },
    { Name: 'with space' },
    { Name: 'x', SessionDuration: 'PT59M' },
    { Name: 'x', SessionDuration: 'PT99H' },
    { Name: 'x', SessionDuration: '3600' },
    { Name: 'x', Description: '' },
    { Name: 'x', Description: 'a'.repeat(701) },
    { Name: 'x', Description: 'snowman ☃' },
    { Name: 'x', RelayState: 'https://ümlaut' },
    { Name: 'x', Tags: [{ Key: 'aws:team', Value: 'a' }] },
    {
      Name: 'x',
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
    },
    { Name: 'x', Tags: [{ Key: '', Value: '1' }] },
  ])('is refused as %j', (input) => {
    expect(refusalOf(() => callerOf(identityWorld()).sso('CreatePermissionSet', input)).code).toBe(
      'ValidationException',
    );
  });

  it('has a name that no other set has', () => {
    const { sso } = withSet();
    expect(refusalOf(() => sso('CreatePermissionSet', { Name: 'Developer' }))).toMatchObject({
      code: 'ConflictException',
      message: 'PermissionSet with name Developer already exists.',
    });
  });

  it('loses description and relay state when an update leaves them out, but keeps its session duration', () => {
    const { onSet } = withSet();
    onSet('UpdatePermissionSet', { Description: 'd', RelayState: 'https://a', SessionDuration: 'PT8H' });
    onSet('UpdatePermissionSet');
    const set = at(onSet('DescribePermissionSet'), 'PermissionSet');
    expect(set).not.toHaveProperty('Description');
    expect(set).not.toHaveProperty('RelayState');
    expect(set).toHaveProperty('SessionDuration', 'PT8H');
  });

  it('is gone after its deletion', () => {
    const { onSet, sso } = withSet();
    onSet('DeletePermissionSet');
    expect(sso('ListPermissionSets')).toEqual({ PermissionSets: [] });
    expect(refusalOf(() => onSet('DescribePermissionSet')).code).toBe('ResourceNotFoundException');
  });

  it('is looked for in the instance that is named', () => {
    const { onSet } = withSet();
    const other = 'arn:aws:sso:::instance/ssoins-ffffffffffffffff';
    expect(refusalOf(() => onSet('DescribePermissionSet', { InstanceArn: other })).code).toBe(
      'ResourceNotFoundException',
    );
    expect(refusalOf(() => onSet('DescribePermissionSet', { InstanceArn: 'x' })).code).toBe('ValidationException');
  });

  it('is listed by the hundred', () => {
    const { sso } = callerOf(identityWorld());
    for (let index = 0; index < 101; index += 1) sso('CreatePermissionSet', { Name: `Set${index}` });
    const first = sso('ListPermissionSets');
    expect(rowsAt(first, 'PermissionSets')).toHaveLength(100);
    const second = sso('ListPermissionSets', { NextToken: first['NextToken'] });
    expect(rowsAt(second, 'PermissionSets')).toHaveLength(1);
    expect(second).not.toHaveProperty('NextToken');
    expect(refusalOf(() => sso('ListPermissionSets', { MaxResults: 101 })).code).toBe('ValidationException');
    expect(refusalOf(() => sso('ListPermissionSets', { NextToken: 'nonsense' })).code).toBe('ValidationException');
  });
});

describe('the policies of a permission set', () => {
  it('are attached once and detached once', () => {
    const { onSet } = withSet();
    onSet('AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: readOnly });
    expect(onSet('ListManagedPoliciesInPermissionSet')).toEqual({
      AttachedManagedPolicies: [{ Name: 'ReadOnlyAccess', Arn: readOnly }],
    });
    expect(refusalOf(() => onSet('AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: readOnly })).code).toBe(
      'ConflictException',
    );
    onSet('DetachManagedPolicyFromPermissionSet', { ManagedPolicyArn: readOnly });
    expect(refusalOf(() => onSet('DetachManagedPolicyFromPermissionSet', { ManagedPolicyArn: readOnly })).code).toBe(
      'ResourceNotFoundException',
    );
  });

  it('refer to customer managed policies by name and path', () => {
    const { onSet } = withSet();
    const attach = (reference: CallInput) =>
      onSet('AttachCustomerManagedPolicyReferenceToPermissionSet', { CustomerManagedPolicyReference: reference });
    attach({ Name: 'Orders' });
    attach({ Name: 'Orders', Path: '/gatehouse/' });
    expect(refusalOf(() => attach({ Name: 'Orders', Path: '/' })).code).toBe('ConflictException');
    expect(refusalOf(() => attach({ Name: 'Orders', Path: 'gatehouse' })).code).toBe('ValidationException');
    onSet('DetachCustomerManagedPolicyReferenceFromPermissionSet', {
      CustomerManagedPolicyReference: { Name: 'Orders' },
    });
    expect(onSet('ListCustomerManagedPolicyReferencesInPermissionSet')).toEqual({
      CustomerManagedPolicyReferences: [{ Name: 'Orders', Path: '/gatehouse/' }],
    });
  });

  it('are twenty-five at most, managed and customer managed together', () => {
    const { onSet } = withSet();
    for (let index = 0; index < 13; index += 1)
      onSet('AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: `${readOnly}${index}` });
    for (let index = 0; index < 12; index += 1)
      onSet('AttachCustomerManagedPolicyReferenceToPermissionSet', {
        CustomerManagedPolicyReference: { Name: `Own${index}` },
      });
    expect(refusalOf(() => onSet('AttachManagedPolicyToPermissionSet', { ManagedPolicyArn: readOnly })).code).toBe(
      'ServiceQuotaExceededException',
    );
  });

  it.each([
    ['a policy of an account', 'arn:aws:iam::222222222222:policy/Own', 'ValidationException'],
    ['a policy that AWS does not have', 'arn:aws:iam::aws:policy/NoSuchPolicy', 'ResourceNotFoundException'],
  ])('are not %s', (_, ManagedPolicyArn, code) => {
    expect(refusalOf(() => withSet().onSet('AttachManagedPolicyToPermissionSet', { ManagedPolicyArn })).code).toBe(
      code,
    );
  });

  it('have an inline document that comes back as it was sent, and empty when there is none', () => {
    const { onSet } = withSet();
    expect(onSet('GetInlinePolicyForPermissionSet')).toEqual({ InlinePolicy: '' });
    onSet('PutInlinePolicyToPermissionSet', { InlinePolicy: inline });
    expect(onSet('GetInlinePolicyForPermissionSet')).toEqual({ InlinePolicy: inline });
    onSet('DeleteInlinePolicyFromPermissionSet');
    expect(onSet('GetInlinePolicyForPermissionSet')).toEqual({ InlinePolicy: '' });
  });

  const sized = (length: number, filler: string) =>
    filler === ' '
      ? `${inline}${' '.repeat(length - inline.length)}`
      : inline.replace('Read', `Read${filler.repeat(length - inline.length)}`);

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no Statement', '{"Version":"2012-10-17"}'],
    ['a character outside Latin-1', '{"Statement":[],"Id":"☃"}'],
    ['an action without a service', granting({ Action: 'Get*' })],
    ['no resource', granting({ Resource: undefined })],
    ['a resource that is no ARN', granting({ Resource: 'bucket' })],
    ['a principal', granting({ Principal: '*' })],
    ['an element that there is not', granting({ Principals: '*' })],
    ['an effect in small letters', granting({ Effect: 'allow' })],
    ['an operator that there is not', granting({ Condition: { StringIs: { 'aws:username': 'ada' } } })],
    ['more than 10,240 bytes besides white space', sized(10_241, '1')],
    ['more than 32,768 bytes', sized(32_769, ' ')],
  ])('have no inline document with %s', (_, InlinePolicy) => {
    expect(refusalOf(() => withSet().onSet('PutInlinePolicyToPermissionSet', { InlinePolicy })).code).toBe(
      'ValidationException',
    );
  });

  it('say with what size an inline document is too large', () => {
    expect(
      refusalOf(() => withSet().onSet('PutInlinePolicyToPermissionSet', { InlinePolicy: sized(10_241, '1') })),
    ).toEqual({
      code: 'ValidationException',
      message:
        'Current size of the non-whitespace characters present in the InlinePolicy Document is 10241 bytes ' +
        'which has exceeded the maximum limit of 10240 bytes',
      fields: {},
    });
  });

  it('have an inline document of up to 32,768 bytes, 10,240 besides white space', () => {
    expect(withSet().onSet('PutInlinePolicyToPermissionSet', { InlinePolicy: sized(10_240, '1') })).toEqual({});
    expect(withSet().onSet('PutInlinePolicyToPermissionSet', { InlinePolicy: sized(32_768, ' ') })).toEqual({});
  });

  it.each([
    { ManagedPolicyArn: readOnly },
    { CustomerManagedPolicyReference: { Name: 'Boundary', Path: '/gatehouse/' } },
  ])('are bounded by %j', (boundary) => {
    const { onSet } = withSet();
    expect(refusalOf(() => onSet('GetPermissionsBoundaryForPermissionSet')).code).toBe('ResourceNotFoundException');
    onSet('PutPermissionsBoundaryToPermissionSet', { PermissionsBoundary: boundary });
    expect(onSet('GetPermissionsBoundaryForPermissionSet')).toEqual({ PermissionsBoundary: boundary });
    onSet('DeletePermissionsBoundaryFromPermissionSet');
    expect(refusalOf(() => onSet('GetPermissionsBoundaryForPermissionSet')).code).toBe('ResourceNotFoundException');
  });

  it.each([{}, { ManagedPolicyArn: readOnly, CustomerManagedPolicyReference: { Name: 'B' } }])(
    'are not bounded by %j',
    (PermissionsBoundary) => {
      expect(
        refusalOf(() => withSet().onSet('PutPermissionsBoundaryToPermissionSet', { PermissionsBoundary })).code,
      ).toBe('ValidationException');
    },
  );
});

describe('tags', () => {
  it('are added, replaced and taken away by key', () => {
    const { sso, arn } = withSet();
    sso('TagResource', {
      ResourceArn: arn,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '1' },
      ],
    });
    sso('TagResource', { ResourceArn: arn, Tags: [{ Key: 'a', Value: '2' }] });
    sso('UntagResource', { ResourceArn: arn, TagKeys: ['b', 'absent'] });
    expect(sso('ListTagsForResource', { ResourceArn: arn })).toEqual({ Tags: [{ Key: 'a', Value: '2' }] });
  });

  it('are fifty at most', () => {
    const { sso, arn } = withSet();
    const tags = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => ({ Key: `k${from + index}`, Value: 'v' }));
    sso('TagResource', { ResourceArn: arn, Tags: tags(0, 50) });
    expect(refusalOf(() => sso('TagResource', { ResourceArn: arn, Tags: tags(50, 51) })).code).toBe(
      'ServiceQuotaExceededException',
    );
    expect(refusalOf(() => sso('TagResource', { ResourceArn: arn, Tags: tags(0, 76) })).code).toBe(
      'ValidationException',
    );
  });

  it('belong to the instance and to permission sets that exist', () => {
    const { sso, arn } = withSet();
    sso('TagResource', { ResourceArn: instanceArn, Tags: [{ Key: 'a', Value: '1' }] });
    expect(sso('ListTagsForResource', { ResourceArn: instanceArn })).toEqual({ Tags: [{ Key: 'a', Value: '1' }] });
    expect(refusalOf(() => sso('ListTagsForResource', { ResourceArn: `${arn.slice(0, -1)}z` })).code).toBe(
      'ResourceNotFoundException',
    );
  });
});

describe('the instance', () => {
  it('is listed and described as active', () => {
    const { sso } = callerOf(identityWorld());
    expect(at(sso('ListInstances'), 'Instances.0')).toMatchObject({ InstanceArn: instanceArn, Status: 'ACTIVE' });
    expect(sso('DescribeInstance')).toMatchObject({ OwnerAccountId: '111111111111', Status: 'ACTIVE' });
  });

  it('has no access control attributes until somebody creates the configuration', () => {
    const { sso } = callerOf(identityWorld());
    const configuration = { AccessControlAttributes: [{ Key: 'team', Value: { Source: ['${path:team}'] } }] };
    const input = { InstanceAccessControlAttributeConfiguration: configuration };
    const describeIt = () => sso('DescribeInstanceAccessControlAttributeConfiguration');
    expect(refusalOf(describeIt).code).toBe('ResourceNotFoundException');
    sso('CreateInstanceAccessControlAttributeConfiguration', input);
    expect(describeIt()).toEqual({ Status: 'ENABLED', ...input });
    expect(refusalOf(() => sso('CreateInstanceAccessControlAttributeConfiguration', input)).code).toBe(
      'ConflictException',
    );
    sso('DeleteInstanceAccessControlAttributeConfiguration');
    expect(refusalOf(describeIt).code).toBe('ResourceNotFoundException');
  });

  it('is visible to every account, but used only by the management account and its delegate', () => {
    const { caller, sso } = callerOf(identityWorld());
    caller.account = production;
    expect(rowsAt(sso('ListInstances'), 'Instances')).toHaveLength(1);
    expect(refusalOf(() => sso('ListPermissionSets')).code).toBe('AccessDeniedException');
    caller.account = delegate;
    expect(sso('ListPermissionSets')).toEqual({ PermissionSets: [] });
  });
});
