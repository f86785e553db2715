/**
 * Codes and words with which IAM and STS refuse, as recorded from AWS by others
 * (https://github.com/localstack/localstack, tests/aws/services/iam and sts, snapshots of 2026).
 */
import { describe, expect, it } from 'vitest';
import { all, code, iamScene, identityPolicy, role, trustOf } from '../support/iam.ts';
import { management, production } from '../support/sandbox.ts';

type Form = Readonly<Record<string, string>>;

const arn = (rest: string) => `arn:aws:iam::${management}:${rest}`;
const tags = (...keys: string[]): Form =>
  Object.fromEntries(
    keys.flatMap((key, index) => [
      [`Tags.member.${index + 1}.Key`, key],
      [`Tags.member.${index + 1}.Value`, key],
    ]),
  );
const unescaped = (text: string) => text.replaceAll('&quot;', '"');

const peopled = () => {
  const scene = iamScene();
  const { iam } = scene;
  iam('CreateRole', role('R', tags('a')));
  iam('CreateUser', { UserName: 'u' });
  iam('CreateGroup', { GroupName: 'g' });
  iam('CreatePolicy', { PolicyName: 'P', PolicyDocument: identityPolicy });
  return scene;
};

const none = arn('policy/None');
const caseless = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.';

describe('IAM refuses', () => {
  it.each<[string, Form, string, string]>([
    [
      'AttachRolePolicy',
      { RoleName: 'R', PolicyArn: 'notanarnatallbutlongenough' },
      'ValidationError',
      'ARN notanarnatallbutlongenough is not valid.',
    ],
    [
      'AttachUserPolicy',
      { UserName: 'u', PolicyArn: none },
      'NoSuchEntity',
      `Policy ${none} does not exist or is not attachable.`,
    ],
    ['DetachGroupPolicy', { GroupName: 'g', PolicyArn: none }, 'NoSuchEntity', `Policy ${none} was not found.`],
    [
      'PutRolePermissionsBoundary',
      { RoleName: 'R', PermissionsBoundary: arn('no_policy/x') },
      'InvalidInput',
      `ARN ${arn('no_policy/x')} is not valid.`,
    ],
    [
      'PutUserPermissionsBoundary',
      { UserName: 'u', PermissionsBoundary: none },
      'NoSuchEntity',
      `Scope ARN: ${none} does not exist or is not attachable.`,
    ],
    [
      'CreatePolicy',
      { PolicyName: 'p', PolicyDocument: identityPolicy },
      'EntityAlreadyExists',
      'A policy called p already exists. Duplicate names are not allowed.',
    ],
    [
      'GetPolicyVersion',
      { PolicyArn: none, VersionId: 'v1' },
      'NoSuchEntity',
      `Policy ${none} version v1 does not exist or is not attachable.`,
    ],
    [
      'DeletePolicyVersion',
      { PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', VersionId: 'v1' },
      'AccessDenied',
      'Cannot delete policy versions for policies outside your own account.',
    ],
    ['TagRole', { RoleName: 'R', ...tags('x', 'X') }, 'InvalidInput', caseless],
    ['CreateUser', { UserName: 'v', ...tags('x', 'X') }, 'InvalidInput', caseless],
    ['TagPolicy', { PolicyArn: arn('policy/P'), ...tags('x', 'x') }, 'InvalidInput', 'Duplicate tag keys found.'],
    ['GetLoginProfile', { UserName: 'u' }, 'NoSuchEntity', 'Login Profile for User u cannot be found.'],
    ['GetInstanceProfile', { InstanceProfileName: 'x' }, 'NoSuchEntity', 'Instance Profile x cannot be found.'],
    ['GetUser', {}, 'ValidationError', 'Must specify userName when calling with non-User credentials'],
    [
      'CreateOpenIDConnectProvider',
      { Url: 'http://x.example' },
      'ValidationError',
      'Invalid Open ID Connect Provider URL',
    ],
    [
      'DeleteOpenIDConnectProvider',
      { OpenIDConnectProviderArn: arn('oidc-provider/x') },
      'NoSuchEntity',
      `OpenId connect Provider ${arn('oidc-provider/x')} cannot be found.`,
    ],
    [
      'GetSAMLProvider',
      { SAMLProviderArn: arn('saml-provider/x') },
      'NoSuchEntity',
      `Manifest not found for arn ${arn('saml-provider/x')}`,
    ],
    [
      'CreateServiceLinkedRole',
      { AWSServiceName: 'ecs.amazonaws.com', CustomSuffix: 'x' },
      'InvalidInput',
      'Custom suffix is not allowed for ecs.amazonaws.com',
    ],
    [
      'DeleteVirtualMFADevice',
      { SerialNumber: arn('mfa/x') },
      'NoSuchEntity',
      `MFA Device with serial number ${arn('mfa/x')} does not exist.`,
    ],
    [
      'GetServerCertificate',
      { ServerCertificateName: 'x' },
      'NoSuchEntity',
      'The Server Certificate with name x cannot be found.',
    ],
    [
      'GetSSHPublicKey',
      { UserName: 'u', SSHPublicKeyId: 'APKAAAAAAAAAAAAAAAAA', Encoding: 'SSH' },
      'NoSuchEntity',
      'The Public Key with id APKAAAAAAAAAAAAAAAAA cannot be found.',
    ],
    [
      'UploadSigningCertificate',
      { UserName: 'u', CertificateBody: 'x' },
      'MalformedCertificate',
      'Certificate x is malformed.',
    ],
    [
      'CreateServiceSpecificCredential',
      { UserName: 'u', ServiceName: 'x' },
      'NoSuchEntity',
      'No such service x is supported for Service Specific Credentials',
    ],
    ['DeleteAccountPasswordPolicy', {}, 'NoSuchEntity', 'The account policy with name PasswordPolicy cannot be found.'],
  ])('%s of %o', (operation, members, expected, words) => {
    const { iam } = peopled();
    if (operation === 'DeleteAccountPasswordPolicy') iam(operation);
    const body = iam(operation, members);
    expect([code(body), ...all(body, 'Message').map(unescaped)]).toEqual([expected, words]);
  });

  it('a policy of service-linked roles on any other role', () => {
    const { iam } = iamScene();
    const PolicyArn = 'arn:aws:iam::aws:policy/aws-service-role/AWSOrganizationsServiceTrustPolicy';
    iam('CreateRole', role('R'));
    expect(all(iam('AttachRolePolicy', { RoleName: 'R', PolicyArn }), 'Message')).toEqual([
      'Cannot attach a Service Role Policy to a Customer Role.',
    ]);
    expect(code(iam('AttachRolePolicy', { RoleName: 'R', PolicyArn }))).toBe('PolicyNotAttachable');
  });

  it('to touch a service-linked role, but for the task that deletes it', () => {
    const { iam } = iamScene();
    const made = iam('CreateServiceLinkedRole', { AWSServiceName: 'ecs.amazonaws.com' });
    expect(all(made, 'RoleName')).toEqual(['AWSServiceRoleForECS']);
    expect(code(iam('DeleteRole', { RoleName: 'AWSServiceRoleForECS' }))).toBe('UnmodifiableEntity');
    const [DeletionTaskId = ''] = all(
      iam('DeleteServiceLinkedRole', { RoleName: 'AWSServiceRoleForECS' }),
      'DeletionTaskId',
    );
    expect(all(iam('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId }), 'Status')).toEqual(['SUCCEEDED']);
  });

  it('more tags than fifty, and keeps a tag in its place', () => {
    const { iam } = peopled();
    const many = Array.from({ length: 50 }, (_, index) => `k${index}`);
    expect(all(iam('TagRole', { RoleName: 'R', ...tags(...many) }), 'Message')).toEqual([
      'The number of tags has reached the maximum limit.',
    ]);
    iam('TagRole', { RoleName: 'R', ...tags('b') });
    iam('TagRole', { RoleName: 'R', ...tags('A') });
    expect(all(iam('ListRoleTags', { RoleName: 'R' }), 'Key')).toEqual(['A', 'b']);
    const PolicyArn = arn('policy/P');
    iam('TagPolicy', { PolicyArn, ...tags('a', 'A') });
    expect(all(iam('ListPolicyTags', { PolicyArn }), 'Key')).toEqual(['A', 'a']);
    iam('UntagPolicy', { PolicyArn, 'TagKeys.member.1': 'a' });
    expect(all(iam('ListPolicyTags', { PolicyArn }), 'Key')).toEqual(['A']);
  });
});

describe('a group', () => {
  it('has members, policies and a place in the sweep, and goes when it is empty', () => {
    const { iam } = peopled();
    const g = { GroupName: 'g' };
    iam('AddUserToGroup', { ...g, UserName: 'u' });
    iam('UpdateUser', { UserName: 'u', NewUserName: 'renamed' });
    iam('PutGroupPolicy', { ...g, PolicyName: 'inline', PolicyDocument: identityPolicy });
    iam('AttachGroupPolicy', { ...g, PolicyArn: arn('policy/P') });
    expect(all(iam('GetGroup', g), 'UserName')).toEqual(['renamed']);
    expect(all(iam('ListGroupsForUser', { UserName: 'renamed' }), 'GroupName')).toEqual(['g']);
    const sweep = iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'Group', 'Filter.member.2': 'User' });
    expect(sweep).toContain('<GroupList><member>g</member></GroupList>');
    expect(all(sweep, 'PolicyName')).toEqual(['inline', 'P']);
    expect(all(iam('ListEntitiesForPolicy', { PolicyArn: arn('policy/P') }), 'GroupName')).toEqual(['g']);
    const left = () => /must ([a-z ]+) first/.exec(iam('DeleteGroup', g))?.[1] ?? 'nothing';
    expect(left()).toBe('remove users from group');
    iam('RemoveUserFromGroup', { ...g, UserName: 'renamed' });
    expect(left()).toBe('detach all policies');
    iam('DetachGroupPolicy', { ...g, PolicyArn: arn('policy/P') });
    expect(left()).toBe('delete policies');
    iam('DeleteGroupPolicy', { ...g, PolicyName: 'inline' });
    expect([left(), all(iam('ListGroups'), 'GroupName')]).toEqual(['nothing', []]);
  });
});

describe('the caller', () => {
  it('has a role in IAM, which tools ask for', () => {
    const { iam, sts } = iamScene();
    const [who = ''] = all(sts('GetCallerIdentity'), 'Arn');
    const [, RoleName = ''] = /assumed-role\/([^/]+)\//.exec(who) ?? [];
    expect(all(iam('GetRole', { RoleName }), 'RoleId')).toEqual([
      all(sts('GetCallerIdentity'), 'UserId')[0]?.split(':')[0],
    ]);
  });

  it('is the user of a call that names none', () => {
    const { iam } = iamScene();
    iam('CreateUser', { UserName: 'ada' });
    const [key = ''] = all(iam('CreateAccessKey', { UserName: 'ada' }), 'AccessKeyId');
    expect(all(iam('GetUser', {}, { key }), 'UserName')).toEqual(['ada']);
    expect(all(iam('ListAccessKeys', {}, { key }), 'AccessKeyId')).toEqual([key]);
    expect(all(iam('GetAccessKeyLastUsed', { AccessKeyId: key }), 'ServiceName')).toEqual(['iam']);
  });
});

describe('a role', () => {
  it('is answered as it was sent when it is made, and gets a description by itself', () => {
    const { iam } = iamScene();
    const made = iam(
      'CreateRole',
      role('R', { Description: 'd', AssumeRolePolicyDocument: trustOf({ AWS: production }) }),
    );
    expect(['Description', 'MaxSessionDuration', 'LastUsedDate'].filter((element) => made.includes(element))).toEqual(
      [],
    );
    expect(all(iam('UpdateRoleDescription', { RoleName: 'R', Description: 'new' }), 'Description')).toEqual(['new']);
    expect(all(iam('GetRole', { RoleName: 'R' }), 'CreateDate')[0]).toMatch(/:\d\dZ$/);
  });
});
