import { describe, expect, it } from 'vitest';
import { all, code, documents, iamScene as scene, identityPolicy, role } from '../support/iam.ts';
import { management } from '../support/sandbox.ts';

const PolicyArn = `arn:aws:iam::${management}:policy/Reader`;
const reader = { PolicyName: 'Reader', PolicyDocument: identityPolicy };
const next = (number: number) => ({
  PolicyArn,
  PolicyDocument: identityPolicy.replace('s3:*', `s3:Version${number}`),
});

describe('versions of a customer managed policy', () => {
  it('are five at most, and numbers are never used again', () => {
    const { iam } = scene();
    iam('CreatePolicy', reader);
    const made = [2, 3, 4, 5, 6].map((number) => code(iam('CreatePolicyVersion', next(number))));
    expect(made).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'LimitExceeded']);
    iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v5' });
    iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v4' });
    iam('CreatePolicyVersion', next(6));
    iam('CreatePolicyVersion', next(7));
    expect(all(iam('ListPolicyVersions', { PolicyArn }), 'VersionId')).toEqual(['v7', 'v6', 'v3', 'v2', 'v1']);
  });

  it('have one in force, which is not deleted', () => {
    const { iam } = scene();
    iam('CreatePolicy', reader);
    const inForce = () => all(iam('GetPolicy', { PolicyArn }), 'DefaultVersionId')[0];
    iam('CreatePolicyVersion', next(2));
    expect(inForce()).toBe('v1');
    iam('CreatePolicyVersion', { ...next(3), SetAsDefault: 'true' });
    expect(inForce()).toBe('v3');
    expect(code(iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v3' }))).toBe('DeleteConflict');
    expect(code(iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v9' }))).toBe('NoSuchEntity');
    iam('SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v2' });
    expect(inForce()).toBe('v2');
    const [document] = documents(iam('GetPolicyVersion', { PolicyArn, VersionId: 'v2' }), 'Document');
    expect(document).toEqual(JSON.parse(next(2).PolicyDocument));
    const details = iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'LocalManagedPolicy' });
    expect(documents(details, 'Document')).toHaveLength(3);
  });

  it('go before the policy goes', () => {
    const { iam } = scene();
    iam('CreatePolicy', reader);
    iam('CreatePolicyVersion', next(2));
    expect(code(iam('DeletePolicy', { PolicyArn }))).toBe('DeleteConflict');
    iam('DeletePolicyVersion', { PolicyArn, VersionId: 'v2' });
    expect(code(iam('DeletePolicy', { PolicyArn }))).toBe('accepted');
  });

  it('of AWS’s own policies are changed by nobody', () => {
    const { iam } = scene();
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    expect(code(iam('CreatePolicyVersion', { ...next(2), PolicyArn: arn }))).toBe('AccessDenied');
  });
});

describe('a customer managed policy', () => {
  it('is not deleted while a role carries it or is bounded by it, and says who does', () => {
    const { iam } = scene();
    iam('CreatePolicy', reader);
    iam('CreateRole', role('Carries'));
    iam('AttachRolePolicy', { RoleName: 'Carries', PolicyArn });
    iam('CreateRole', role('Bounded', { PermissionsBoundary: PolicyArn }));
    const entities = (more = {}) => all(iam('ListEntitiesForPolicy', { PolicyArn, ...more }), 'RoleName');
    expect(entities()).toEqual(['Carries', 'Bounded']);
    expect(entities({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['Bounded']);
    expect(entities({ PolicyUsageFilter: 'PermissionsPolicy' })).toEqual(['Carries']);
    expect(entities({ EntityFilter: 'User' })).toEqual([]);
    expect(code(iam('DeletePolicy', { PolicyArn }))).toBe('DeleteConflict');
    iam('DetachRolePolicy', { RoleName: 'Carries', PolicyArn });
    expect(code(iam('DeletePolicy', { PolicyArn }))).toBe('DeleteConflict');
    iam('DeleteRolePermissionsBoundary', { RoleName: 'Bounded' });
    expect(code(iam('DeletePolicy', { PolicyArn }))).toBe('accepted');
  });

  it('has tags, which the sweep over the account leaves out', () => {
    const { iam } = scene();
    iam('CreatePolicy', { ...reader, 'Tags.member.1.Key': 'gatehouse:owner', 'Tags.member.1.Value': 'x' });
    expect(all(iam('ListPolicyTags', { PolicyArn }), 'Key')).toEqual(['gatehouse:owner']);
    expect(iam('GetAccountAuthorizationDetails')).not.toContain('gatehouse:owner');
    iam('UntagPolicy', { PolicyArn, 'TagKeys.member.1': 'gatehouse:owner' });
    iam('TagPolicy', { PolicyArn, 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' });
    expect(all(iam('GetPolicy', { PolicyArn }), 'Key')).toEqual(['a']);
  });

  it('is no larger than 6,144 characters, white space apart', () => {
    const { iam } = scene();
    const create = (PolicyDocument: string) => code(iam('CreatePolicy', { ...reader, PolicyDocument }));
    expect(create(identityPolicy.replace('s3', 's'.repeat(6144)))).toBe('LimitExceeded');
    expect(create(`${identityPolicy}${'\n'.repeat(7000)}`)).toBe('accepted');
  });

  it('shares the sweep with AWS’s policies that are in use', () => {
    const { iam } = scene();
    iam('CreateRole', role('R', { PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
    iam('AttachRolePolicy', { RoleName: 'R', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
    const sweep = (filter: string) => all(iam('GetAccountAuthorizationDetails', { 'Filter.member.1': filter }), 'Arn');
    expect(sweep('AWSManagedPolicy')).toEqual([
      'arn:aws:iam::aws:policy/AdministratorAccess',
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
    ]);
    expect(sweep('LocalManagedPolicy')).toEqual([]);
  });
});
