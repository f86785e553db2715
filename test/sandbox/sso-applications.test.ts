import { describe, expect, it } from 'vitest';
import { at, callTo, freshSandbox, refusalTo, start } from '../support/sandbox.ts';

const custom = 'arn:aws:sso::aws:applicationProvider/custom';
const issuer = (IssuerUrl: string) => ({
  OidcJwtConfiguration: {
    IssuerUrl,
    ClaimAttributePath: 'email',
    IdentityStoreAttributePath: 'emails.value',
    JwksRetrievalOption: 'OPEN_ID_DISCOVERY',
  },
});

const scene = () => {
  const sandbox = freshSandbox();
  const world = sandbox.world();
  const InstanceArn = world.sso.instanceArn;
  const call = (name: string, input = {}) => callTo(sandbox)(`sso-admin:${name}`, { InstanceArn, ...input });
  const refusal = (name: string, input = {}) => refusalTo(sandbox)(`sso-admin:${name}`, { InstanceArn, ...input });
  const application = (more = {}) => {
    const { ApplicationArn } = call('CreateApplication', { ApplicationProviderArn: custom, Name: 'Notes', ...more });
    return { ApplicationArn };
  };
  return { world, call, refusal, application };
};

describe('an application', () => {
  it('is created, described, updated, listed, tagged and deleted', () => {
    const { call, refusal, application, world } = scene();
    const made = application({ Description: 'd', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(made.ApplicationArn).toMatch(
      /^arn:aws:sso::111111111111:application\/ssoins-[0-9a-f]{16}\/apl-[0-9a-f]{16}$/,
    );
    expect(call('DescribeApplication', made)).toMatchObject({
      Name: 'Notes',
      Description: 'd',
      Status: 'ENABLED',
      ApplicationAccount: '111111111111',
      InstanceArn: world.sso.instanceArn,
      CreatedDate: start / 1000,
    });
    expect(call('DescribeApplication', made)).not.toHaveProperty('PortalOptions');
    const PortalOptions = { SignInOptions: { Origin: 'APPLICATION', ApplicationUrl: 'https://a.example' } };
    call('UpdateApplication', { ...made, Status: 'DISABLED', Name: 'Other', PortalOptions });
    expect(call('DescribeApplication', made)).toMatchObject({ PortalOptions });
    expect(at(call('ListApplications'), 'Applications.0')).toMatchObject({ Name: 'Other', Status: 'DISABLED' });
    expect(call('ListApplications', { Filter: { ApplicationAccount: '222222222222' } })).toEqual({ Applications: [] });
    expect(call('ListTagsForResource', { ResourceArn: made.ApplicationArn })).toEqual({
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    call('DeleteApplication', made);
    expect(refusal('DescribeApplication', made)).toBe('ResourceNotFoundException');
  });

  it.each([
    [{ ApplicationProviderArn: 'arn:aws:sso::aws:applicationProvider/nobody' }, 'ResourceNotFoundException'],
    [{ ApplicationProviderArn: 'arn:aws:sso::aws:applicationProvider/custom-saml' }, 'ValidationException'],
    [{ PortalOptions: { SignInOptions: { Origin: 'APPLICATION' } } }, 'ValidationException'],
  ])('is not created with %j', (changed, code) => {
    expect(scene().refusal('CreateApplication', { ApplicationProviderArn: custom, Name: 'Notes', ...changed })).toBe(
      code,
    );
  });

  it('is assigned to users and groups that there are, once', () => {
    const { world, call, refusal, application } = scene();
    const made = application();
    const [group] = Object.values(world.identityStore.groups);
    const [member] = Object.values(world.identityStore.memberships);
    const byGroup = { ...made, PrincipalId: group?.groupId, PrincipalType: 'GROUP' };
    call('CreateApplicationAssignment', byGroup);
    expect(refusal('CreateApplicationAssignment', byGroup)).toBe('ConflictException');
    expect(refusal('CreateApplicationAssignment', { ...byGroup, PrincipalType: 'USER' })).toBe(
      'ResourceNotFoundException',
    );
    expect(call('DescribeApplicationAssignment', byGroup)).toEqual(byGroup);
    expect(call('ListApplicationAssignments', made)).toEqual({ ApplicationAssignments: [byGroup] });
    const user = { PrincipalId: member?.userId, PrincipalType: 'USER' };
    expect(call('ListApplicationAssignmentsForPrincipal', user)).toEqual({ ApplicationAssignments: [byGroup] });
    call('DeleteApplicationAssignment', byGroup);
    expect(refusal('DeleteApplicationAssignment', byGroup)).toBe('ResourceNotFoundException');
  });

  it.each([
    [
      'ApplicationAccessScope',
      { Scope: 'sso:account:access', AuthorizedTargets: [freshSandbox().world().sso.instanceArn] },
      'ListApplicationAccessScopes',
    ],
    [
      'ApplicationAuthenticationMethod',
      { AuthenticationMethodType: 'IAM', AuthenticationMethod: { Iam: { ActorPolicy: { Version: '2012-10-17' } } } },
      'ListApplicationAuthenticationMethods',
    ],
    ['ApplicationGrant', { GrantType: 'refresh_token', Grant: { RefreshToken: {} } }, 'ListApplicationGrants'],
  ])('has each %s until it is deleted', (kind, setting, list) => {
    const { call, refusal, application } = scene();
    const made = application();
    const rows = () => Object.values(call(list, made))[0];
    expect(refusal(`Get${kind}`, { ...made, ...setting })).toBe('ResourceNotFoundException');
    call(`Put${kind}`, { ...made, ...setting });
    expect(setting).toMatchObject(call(`Get${kind}`, { ...made, ...setting }));
    expect(rows()).toEqual([setting]);
    call(`Delete${kind}`, { ...made, ...setting });
    expect(rows()).toEqual([]);
  });

  it('asks for an assignment unless it is told not to', () => {
    const { call, application } = scene();
    const made = application();
    expect(call('GetApplicationAssignmentConfiguration', made)).toEqual({ AssignmentRequired: true });
    call('PutApplicationAssignmentConfiguration', { ...made, AssignmentRequired: false });
    expect(call('GetApplicationAssignmentConfiguration', made)).toEqual({ AssignmentRequired: false });
  });
});

describe('a trusted token issuer', () => {
  it('is created once, described, updated, listed, and kept while an application uses it', () => {
    const { call, refusal, application } = scene();
    const input = {
      Name: 'okta',
      TrustedTokenIssuerType: 'OIDC_JWT',
      TrustedTokenIssuerConfiguration: issuer('https://a.example'),
    };
    const { TrustedTokenIssuerArn } = call('CreateTrustedTokenIssuer', input);
    expect(refusal('CreateTrustedTokenIssuer', input)).toBe('ConflictException');
    expect(refusal('CreateTrustedTokenIssuer', { ...input, Name: 'other' })).toBe('ConflictException');
    const changed = { OidcJwtConfiguration: { ClaimAttributePath: 'sub' } };
    call('UpdateTrustedTokenIssuer', { TrustedTokenIssuerArn, Name: 'new', TrustedTokenIssuerConfiguration: changed });
    expect(call('DescribeTrustedTokenIssuer', { TrustedTokenIssuerArn })).toMatchObject({
      Name: 'new',
      TrustedTokenIssuerConfiguration: {
        OidcJwtConfiguration: { IssuerUrl: 'https://a.example', ClaimAttributePath: 'sub' },
      },
    });
    expect(at(call('ListTrustedTokenIssuers'), 'TrustedTokenIssuers.length')).toBe(1);
    const made = application();
    const AuthorizedTokenIssuers = [{ TrustedTokenIssuerArn, AuthorizedAudiences: ['a'] }];
    const grant = {
      GrantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      Grant: { JwtBearer: { AuthorizedTokenIssuers } },
    };
    call('PutApplicationGrant', { ...made, ...grant });
    expect(refusal('DeleteTrustedTokenIssuer', { TrustedTokenIssuerArn })).toBe('ConflictException');
    call('DeleteApplicationGrant', { ...made, ...grant });
    call('DeleteTrustedTokenIssuer', { TrustedTokenIssuerArn });
    expect(call('ListTrustedTokenIssuers')).toEqual({ TrustedTokenIssuers: [] });
  });
});

describe('the Regions of an instance', () => {
  it('are its own and those that are added, until they are removed', () => {
    const { call, refusal } = scene();
    const names = () =>
      (call('ListRegions')['Regions'] as { RegionName: string }[]).map(({ RegionName }) => RegionName);
    expect(call('DescribeRegion', { RegionName: 'eu-west-1' })).toMatchObject({
      IsPrimaryRegion: true,
      Status: 'ACTIVE',
    });
    expect(call('AddRegion', { RegionName: 'us-west-2' })).toEqual({ Status: 'ADDING' });
    expect(refusal('AddRegion', { RegionName: 'us-west-2' })).toBe('ConflictException');
    expect(names()).toEqual(['eu-west-1', 'us-west-2']);
    expect(refusal('RemoveRegion', { RegionName: 'eu-west-1' })).toBe('ValidationException');
    expect(call('RemoveRegion', { RegionName: 'us-west-2' })).toEqual({ Status: 'REMOVING' });
    expect(names()).toEqual(['eu-west-1']);
    expect(refusal('DescribeRegion', { RegionName: 'us-west-2' })).toBe('ResourceNotFoundException');
  });
});
