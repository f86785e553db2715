import { describe, expect, it } from 'vitest';
import { emptyWorld } from '../../src/sandbox/empty.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { at, callTo, freshSandbox, refusalTo, start } from '../support/sandbox.ts';

const account = '123456789012';
const none = { has: () => true, arns: () => [], arnOf: () => undefined, document: () => undefined };

const scene = () => {
  const sandbox = createSandbox(emptyWorld({ account, region: 'us-east-1' }, start), { catalogue: none });
  return { world: sandbox.world(), call: callTo(sandbox), refusal: refusalTo(sandbox) };
};

describe('an empty AWS', () => {
  it('has no organization until somebody creates one', () => {
    const { call, refusal } = scene();
    expect(refusal('organizations:DescribeOrganization')).toBe('AWSOrganizationsNotInUseException');
    expect(refusal('organizations:ListAccounts')).toBe('AWSOrganizationsNotInUseException');
    const made = call('organizations:CreateOrganization', { FeatureSet: 'ALL' });
    expect(made['Organization']).toMatchObject({
      Id: expect.stringMatching(/^o-[a-z0-9]{10}$/) as string,
      FeatureSet: 'ALL',
      MasterAccountId: account,
      MasterAccountEmail: 'management@aws.example',
    });
    expect(call('organizations:DescribeOrganization')).toEqual(made);
    expect(refusal('organizations:CreateOrganization')).toBe('AlreadyInOrganizationException');
  });

  it('has a root with the management account in it afterwards, and SCPs when they are enabled', () => {
    const { call } = scene();
    call('organizations:CreateOrganization');
    const root = () => at(call('organizations:ListRoots'), 'Roots.0') as Readonly<Record<string, unknown>>;
    const RootId = root()['Id'];
    expect(RootId).toMatch(/^r-[a-z0-9]{4}$/);
    expect(root()['PolicyTypes']).toEqual([]);
    call('organizations:EnablePolicyType', { RootId, PolicyType: 'SERVICE_CONTROL_POLICY' });
    expect(root()['PolicyTypes']).toEqual([{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }]);
    expect(at(call('organizations:ListAccounts'), 'Accounts.0.Id')).toBe(account);
    for (const TargetId of [RootId, account])
      expect(
        at(
          call('organizations:ListPoliciesForTarget', { TargetId, Filter: 'SERVICE_CONTROL_POLICY' }),
          'Policies.0.Name',
        ),
      ).toBe('FullAWSAccess');
  });

  it('takes policies only when all features are enabled', () => {
    const { call, refusal } = scene();
    call('organizations:CreateOrganization', { FeatureSet: 'CONSOLIDATED_BILLING' });
    const RootId = at(call('organizations:ListRoots'), 'Roots.0.Id') as string;
    const enable = { RootId, PolicyType: 'TAG_POLICY' };
    expect(refusal('organizations:EnablePolicyType', enable)).toBe(
      'ConstraintViolationException/ORGANIZATION_NOT_IN_ALL_FEATURES_MODE',
    );
    const HandshakeId = at(call('organizations:EnableAllFeatures'), 'Handshake.Id') as string;
    expect(refusal('organizations:EnableAllFeatures')).toBe(
      'HandshakeConstraintViolationException/ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION',
    );
    call('organizations:AcceptHandshake', { HandshakeId });
    expect(at(call('organizations:DescribeOrganization'), 'Organization.FeatureSet')).toBe('ALL');
    expect(refusal('organizations:EnablePolicyType', enable)).toBe('accepted');
  });

  it('loses the organization again when no member is in it', () => {
    const { call, refusal } = scene();
    call('organizations:CreateOrganization');
    call('organizations:CreateAccount', { AccountName: 'One', Email: 'one@securecart.example' });
    expect(refusal('organizations:DeleteOrganization')).toBe('OrganizationNotEmptyException');
    const other = scene();
    other.call('organizations:CreateOrganization');
    other.call('organizations:DeleteOrganization');
    expect(other.refusal('organizations:DescribeOrganization')).toBe('AWSOrganizationsNotInUseException');
    expect(other.refusal('organizations:CreateOrganization')).toBe('accepted');
  });

  it('has Identity Center when somebody makes an instance, and permission sets in an organization alone', () => {
    const { call, refusal } = scene();
    expect(call('sso-admin:ListInstances')).toEqual({ Instances: [] });
    const { InstanceArn } = call('sso-admin:CreateInstance', { Name: 'test', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(refusal('sso-admin:CreateInstance')).toBe('ConflictException');
    expect(refusal('sso-admin:CreatePermissionSet', { InstanceArn, Name: 'Reader' })).toBe('ValidationException');
    call('organizations:CreateOrganization');
    expect(at(call('sso-admin:ListInstances'), 'Instances.0')).toMatchObject({
      InstanceArn,
      Name: 'test',
      Status: 'ACTIVE',
    });
    expect(refusal('sso-admin:CreatePermissionSet', { InstanceArn, Name: 'Reader' })).toBe('accepted');
    const IdentityStoreId = at(call('sso-admin:ListInstances'), 'Instances.0.IdentityStoreId');
    expect(refusal('identitystore:CreateGroup', { IdentityStoreId, DisplayName: 'Readers' })).toBe('accepted');
    call('sso-admin:DeleteInstance', { InstanceArn });
    expect(call('sso-admin:ListInstances')).toEqual({ Instances: [] });
    expect(refusal('identitystore:ListGroups', { IdentityStoreId })).toBe('ResourceNotFoundException');
  });

  it('takes over nothing where there is an organization', () => {
    expect(refusalTo(freshSandbox())('organizations:CreateOrganization')).toBe('AlreadyInOrganizationException');
    expect(refusalTo(freshSandbox())('sso-admin:CreateInstance')).toBe('ConflictException');
  });
});
