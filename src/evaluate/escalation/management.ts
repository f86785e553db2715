/**
 * Ways to more rights that lead through Identity Center and the organization. Read 2026-11-29: AWS, "IAM Identity Center API
 * Reference", "Organizations API Reference" and the Service Authorization Reference.
 */
import type { EscalationPath } from './path.ts';

type PathRow = readonly [id: string, name: string, ...actions: readonly string[]];

const anywhere = ([id, name, ...actions]: PathRow): EscalationPath => ({
  id,
  name,
  actions,
  source: 'identity-center',
});
const managed =
  (source: EscalationPath['source']) =>
  ([id, name, ...actions]: PathRow): EscalationPath => ({
    id,
    name,
    actions,
    source,
    where: 'management',
  });

const everywhere: readonly PathRow[] = [
  ['sso-assign', 'assign a permission set to anybody', 'sso:CreateAccountAssignment'],
  ['sso-inline', 'write into a permission set', 'sso:PutInlinePolicyToPermissionSet', 'sso:ProvisionPermissionSet'],
  [
    'sso-attach',
    'attach a policy to a permission set',
    'sso:AttachManagedPolicyToPermissionSet',
    'sso:ProvisionPermissionSet',
  ],
  ['store-join', 'join a group', 'identitystore:CreateGroupMembership'],
];

/** What is written into a set takes effect at the next provisioning, whoever starts it. */
const centre: readonly PathRow[] = [
  ['sso-inline-later', 'write into a permission set that is provisioned later', 'sso:PutInlinePolicyToPermissionSet'],
  [
    'sso-attach-later',
    'attach a policy to a permission set that is provisioned later',
    'sso:AttachManagedPolicyToPermissionSet',
  ],
  [
    'sso-customer',
    'attach a customer managed policy to a permission set',
    'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  ],
  ['sso-boundary-delete', "take a permission set's boundary away", 'sso:DeletePermissionsBoundaryFromPermissionSet'],
  ['sso-boundary-put', 'give a permission set a wider boundary', 'sso:PutPermissionsBoundaryToPermissionSet'],
  ['sso-inline-delete', 'take a denial out of a permission set', 'sso:DeleteInlinePolicyFromPermissionSet'],
  ['sso-policy', 'write the policy of a permission set', 'sso:PutPermissionsPolicy'],
  ['sso-profile', 'assign a profile to anybody', 'sso:AssociateProfile'],
  ['sso-directory', 'connect another directory', 'sso:AssociateDirectory'],
  ['sso-trust', 'trust another identity provider', 'sso:CreateTrust'],
  ['sso-trust-update', 'put other keys into a trusted identity provider', 'sso:UpdateTrust'],
  ['sso-token-issuer', 'trust the tokens of another issuer', 'sso:CreateTrustedTokenIssuer'],
  ['sso-token-issuer-update', 'rewrite a trusted issuer of tokens', 'sso:UpdateTrustedTokenIssuer'],
  ['sso-attributes', 'let sessions carry other attributes', 'sso:CreateInstanceAccessControlAttributeConfiguration'],
  [
    'sso-attributes-update',
    'rewrite the attributes of sessions',
    'sso:UpdateInstanceAccessControlAttributeConfiguration',
  ],
  ['sso-mfa', 'let people sign in without a second factor', 'sso:PutMfaDeviceManagementForDirectory'],
  ['store-user', 'rewrite a user of the directory', 'identitystore:UpdateUser'],
  ['directory-join', 'join a group by the directory', 'sso-directory:AddMemberToGroup'],
  ['directory-password', "set a user's password", 'sso-directory:UpdatePassword'],
  ['directory-user', 'rewrite a user by the directory', 'sso-directory:UpdateUser'],
  ['directory-name', 'take the name of another user', 'sso-directory:UpdateUserName'],
  ['directory-email', "have a user's address count as proved", 'sso-directory:VerifyEmail'],
  ['directory-enable', 'let a user in again', 'sso-directory:EnableUser'],
  ['directory-mfa', "set a user's second factor", 'sso-directory:UpdateMfaDeviceForUser'],
  ['directory-mfa-delete', "take a user's second factor from the directory", 'sso-directory:DeleteMfaDeviceForUser'],
  [
    'directory-mfa-app',
    'give a user of the directory your second factor',
    'sso-directory:CompleteVirtualMfaDeviceRegistration',
  ],
  ['directory-mfa-key', 'give a user your security key', 'sso-directory:CompleteWebAuthnDeviceRegistration'],
  ['directory-token', 'write users and groups by SCIM', 'sso-directory:CreateBearerToken'],
  [
    'directory-idp',
    'take people from another identity provider',
    'sso-directory:CreateExternalIdPConfigurationForDirectory',
  ],
  [
    'directory-idp-update',
    'rewrite the identity provider of people',
    'sso-directory:UpdateExternalIdPConfigurationForDirectory',
  ],
  [
    'directory-idp-enable',
    'turn another identity provider on',
    'sso-directory:EnableExternalIdPConfigurationForDirectory',
  ],
  [
    'directory-idp-certificate',
    'trust another certificate of the identity provider',
    'sso-directory:ImportExternalIdPCertificate',
  ],
];

const organization: readonly PathRow[] = [
  [
    'organization-delegate',
    'make an account the administrator of a service for all accounts',
    'organizations:RegisterDelegatedAdministrator',
  ],
  ['organization-policy', 'let others manage the organization', 'organizations:PutResourcePolicy'],
  ['organization-detach', 'take a guard rail off', 'organizations:DetachPolicy'],
  ['organization-rewrite', 'rewrite a guard rail', 'organizations:UpdatePolicy'],
  ['organization-disable', 'turn all guard rails of a kind off', 'organizations:DisablePolicyType'],
  ['organization-move', 'move an account from under a guard rail', 'organizations:MoveAccount'],
  ['organization-release', 'let an account out of the organization', 'organizations:RemoveAccountFromOrganization'],
  ['organization-trust', 'let a service act in all accounts', 'organizations:EnableAWSServiceAccess'],
  [
    'organization-stacks',
    'roll a stack out to all accounts',
    'cloudformation:CreateStackSet',
    'cloudformation:CreateStackInstances',
  ],
  ['organization-root', 'allow sessions as root of member accounts', 'iam:EnableOrganizationsRootSessions'],
  [
    'organization-root-credentials',
    'manage the root users of member accounts',
    'iam:EnableOrganizationsRootCredentialsManagement',
  ],
];

export const identityCenterPaths: readonly EscalationPath[] = [
  ...everywhere.map(anywhere),
  ...centre.map(managed('identity-center')),
];

export const organizationPaths: readonly EscalationPath[] = organization.map(managed('organizations'));
