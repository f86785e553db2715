import { describe, expect, it } from 'vitest';
import { accountAccessModel } from '../../src/sandbox/account-access/model.ts';
import { accessAnalyzerModel } from '../../src/sandbox/access-analyzer/model.ts';
import { ssoAdminModel } from '../../src/sandbox/identity-center/model.ts';
import { identityStoreModel } from '../../src/sandbox/identity-store/model.ts';
import { organizationsModel } from '../../src/sandbox/organizations/model.ts';
import { everyOperation, freshSandbox, jsonRequest, management, production, start } from '../support/sandbox.ts';

const models = {
  organizations: organizationsModel,
  'sso-admin': ssoAdminModel,
  identitystore: identityStoreModel,
  accessanalyzer: accessAnalyzerModel,
  'account-access': accountAccessModel,
};

const answerTo = (name: string, input: Readonly<Record<string, unknown>>) => {
  const response = freshSandbox().handle(jsonRequest(name, JSON.stringify(input)), () => start);
  return JSON.parse(response.body) as Readonly<Record<string, unknown>>;
};

const { sso, identityStore } = freshSandbox().world();
const instance = { InstanceArn: sso.instanceArn };
const store = { IdentityStoreId: identityStore.identityStoreId };
const set = {
  ...instance,
  PermissionSetArn: `${sso.instanceArn.replace('instance', 'permissionSet')}/ps-0123456789abcdef`,
};
const group = '0123456789-01234567-0123-0123-0123-0123456789ab';

describe.each(Object.entries(models))('the model of %s', (service, model) => {
  it('has every operation of the sandbox', () => {
    const names = everyOperation.flatMap((name) => (name.startsWith(`${service}:`) ? [name.split(':')[1]] : []));
    expect(names.filter((name) => !Object.hasOwn(model.answering, name ?? ''))).toEqual([]);
  });

  it('has patterns that are regular expressions', () => {
    const patterns = Object.values(model.types).flatMap((type) =>
      'kind' in type && type.pattern ? [type.pattern] : [],
    );
    expect(() => patterns.map((pattern) => new RegExp(`^(?:${pattern})$`, 'u'))).not.toThrow();
  });
});

/** By the API references: https://docs.aws.amazon.com/organizations/latest/APIReference/ and the others. */
it.each([
  ['organizations:CreateOrganizationalUnit', { Name: 'x' }, 'InvalidInputException', 'INPUT_REQUIRED'],
  [
    'organizations:CreateOrganizationalUnit',
    { ParentId: 'root', Name: 'x' },
    'InvalidInputException',
    'INVALID_PATTERN',
  ],
  [
    'organizations:CreateOrganizationalUnit',
    { ParentId: 'r-abcd', Name: '' },
    'InvalidInputException',
    'MIN_LENGTH_EXCEEDED',
  ],
  [
    'organizations:CreateOrganizationalUnit',
    { ParentId: 'r-abcd', Name: 'x'.repeat(129) },
    'InvalidInputException',
    'MAX_LENGTH_EXCEEDED',
  ],
  ['organizations:ListAccounts', { MaxResults: 21 }, 'InvalidInputException', 'MAX_VALUE_EXCEEDED'],
  ['organizations:ListAccounts', { MaxResults: '5' }, 'SerializationException', undefined],
  ['organizations:ListPolicies', { Filter: 'SCP' }, 'InvalidInputException', 'INVALID_ENUM'],
  [
    'organizations:TagResource',
    { ResourceId: production, Tags: [{ Key: 'a' }] },
    'InvalidInputException',
    'INPUT_REQUIRED',
  ],
  [
    'organizations:UntagResource',
    { ResourceId: production, TagKeys: ['a!'] },
    'InvalidInputException',
    'INVALID_PATTERN',
  ],
  ['sso-admin:UntagResource', { ResourceArn: sso.instanceArn, TagKeys: ['a!'] }, 'ValidationException', undefined],
  ['sso-admin:UntagResource', { ResourceArn: sso.instanceArn, TagKeys: [] }, 'ValidationException', undefined],
  ['sso-admin:TagResource', { ResourceArn: sso.instanceArn }, 'ValidationException', undefined],
  [
    'sso-admin:UpdateInstance',
    { ...instance, EncryptionConfiguration: { KeyType: 'MINE' } },
    'ValidationException',
    undefined,
  ],
  [
    'sso-admin:CreateInstanceAccessControlAttributeConfiguration',
    {
      ...instance,
      InstanceAccessControlAttributeConfiguration: {
        AccessControlAttributes: [{ Key: 'team', Value: { Source: ['${path:user team!}'] } }],
      },
    },
    'ValidationException',
    undefined,
  ],
  ['sso-admin:CreatePermissionSet', { ...instance, Name: 'a b' }, 'ValidationException', undefined],
  [
    'sso-admin:DescribePermissionSet',
    { ...set, PermissionSetArn: 'arn:aws:sso:::permissionSet/x' },
    'ValidationException',
    undefined,
  ],
  ['sso-admin:ListPermissionSets', { ...instance, MaxResults: 101 }, 'ValidationException', undefined],
  ['sso-admin:CreatePermissionSet', { ...instance, Name: 5 }, 'SerializationException', undefined],
  ['identitystore:CreateUser', { ...store, UserName: 'a b' }, 'ValidationException', undefined],
  ['identitystore:CreateUser', { ...store, Emails: [{ Value: '' }] }, 'ValidationException', undefined],
  ['identitystore:GetGroupId', { ...store, AlternateIdentifier: {} }, 'ValidationException', undefined],
  [
    'identitystore:IsMemberInGroups',
    { ...store, MemberId: { UserId: group }, GroupIds: [] },
    'ValidationException',
    undefined,
  ],
] as const)('%s refuses %j', (name, input, code, reason) => {
  const answer = answerTo(name, input);
  expect(answer['__type']).toBe(code);
  expect(answer['Reason']).toBe(reason);
});

it('names every member that breaks a rule, and the rule', () => {
  expect(answerTo('sso-admin:CreatePermissionSet', { ...instance, Name: 'a b', Description: '' })['message']).toBe(
    "2 validation errors detected: Value at 'name' failed to satisfy constraint: Member must satisfy regular expression " +
      "pattern: [\\w+=,.@-]+; Value at 'description' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});

it('tells the id of the request in errors of the identity store', () => {
  expect(answerTo('identitystore:DescribeGroup', { ...store, GroupId: group })).toMatchObject({
    __type: 'ResourceNotFoundException',
    RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    ResourceId: group,
  });
  expect(answerTo('organizations:DescribeAccount', { AccountId: management.replace('1', '9') })).not.toHaveProperty(
    'RequestId',
  );
});
