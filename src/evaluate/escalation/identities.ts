/** Ways through users, roles, their policies and credentials in IAM and STS. */
import { lesser, pass, escalationPath } from './path.ts';
import type { EscalationPath } from './path.ts';

export const identities: readonly EscalationPath[] = [
  escalationPath('iam-001', 'write a new version of a policy', ['rhino', 'iam:CreatePolicyVersion']),
  escalationPath('set-default-policy-version', 'go back to an older version of a policy', [
    'rhino',
    'iam:SetDefaultPolicyVersion',
  ]),
  escalationPath('iam-002', 'create an access key for a user', ['rhino', 'iam:CreateAccessKey']),
  escalationPath('iam-003', 'replace an access key of a user', [
    'pathfinding',
    'iam:CreateAccessKey',
    'iam:DeleteAccessKey',
  ]),
  escalationPath('iam-004', "create a user's console password", ['rhino', 'iam:CreateLoginProfile']),
  escalationPath('iam-005', 'write a policy into a role', ['rhino', 'iam:PutRolePolicy']),
  escalationPath('iam-006', "change a user's console password", ['rhino', 'iam:UpdateLoginProfile']),
  escalationPath('iam-007', 'write a policy into a user', ['rhino', 'iam:PutUserPolicy']),
  escalationPath('iam-008', 'attach a policy to a user', ['rhino', 'iam:AttachUserPolicy']),
  escalationPath('iam-009', 'attach a policy to a role', ['rhino', 'iam:AttachRolePolicy']),
  escalationPath('iam-010', 'attach a policy to a group', ['rhino', 'iam:AttachGroupPolicy']),
  escalationPath('iam-011', 'write a policy into a group', ['rhino', 'iam:PutGroupPolicy']),
  escalationPath('iam-012', "rewrite a role's trust", ['rhino', 'iam:UpdateAssumeRolePolicy']),
  escalationPath('iam-013', 'add a user to a group of IAM', ['rhino', 'iam:AddUserToGroup']),
  escalationPath('iam-014', 'attach a policy to a role and become it', [
    'pathfinding',
    'iam:AttachRolePolicy',
    'sts:AssumeRole',
  ]),
  escalationPath('iam-015', 'attach a policy to a user and take its key', [
    'pathfinding',
    'iam:AttachUserPolicy',
    'iam:CreateAccessKey',
  ]),
  escalationPath('iam-016', "write a role's policy anew and become it", [
    'pathfinding',
    'iam:CreatePolicyVersion',
    'sts:AssumeRole',
  ]),
  escalationPath('iam-017', 'write a policy into a role and become it', [
    'pathfinding',
    'iam:PutRolePolicy',
    'sts:AssumeRole',
  ]),
  escalationPath('iam-018', 'write a policy into a user and take its key', [
    'pathfinding',
    'iam:PutUserPolicy',
    'iam:CreateAccessKey',
  ]),
  escalationPath('iam-019', 'attach a policy to a role and have it trust you', [
    'pathfinding',
    'iam:AttachRolePolicy',
    'iam:UpdateAssumeRolePolicy',
  ]),
  escalationPath('iam-020', "write a role's policy anew and have it trust you", [
    'pathfinding',
    'iam:CreatePolicyVersion',
    'iam:UpdateAssumeRolePolicy',
  ]),
  escalationPath('iam-021', 'write a policy into a role and have it trust you', [
    'pathfinding',
    'iam:PutRolePolicy',
    'iam:UpdateAssumeRolePolicy',
  ]),
  escalationPath('delete-role-boundary', "take a role's permissions boundary away", [
    'pathfinding',
    'iam:DeleteRolePermissionsBoundary',
  ]),
  escalationPath('delete-user-boundary', "take a user's permissions boundary away", [
    'pathfinding',
    'iam:DeleteUserPermissionsBoundary',
  ]),
  escalationPath('put-role-boundary', 'give a role a wider permissions boundary', [
    'iam-dataset',
    'iam:PutRolePermissionsBoundary',
  ]),
  escalationPath('put-user-boundary', 'give a user a wider permissions boundary', [
    'iam-dataset',
    'iam:PutUserPermissionsBoundary',
  ]),
  escalationPath('service-credential', 'create service credentials for a user', [
    'pathfinding',
    'iam:CreateServiceSpecificCredential',
  ]),
  escalationPath('service-credential-reset', 'reset service credentials of a user', [
    'service-reference',
    'iam:ResetServiceSpecificCredential',
  ]),
  escalationPath('saml-provider', 'put other keys into an identity provider of SAML', [
    'service-reference',
    'iam:UpdateSAMLProvider',
  ]),
  escalationPath('oidc-thumbprint', 'put another certificate into an identity provider of OIDC', [
    'service-reference',
    'iam:UpdateOpenIDConnectProviderThumbprint',
  ]),
  lesser('oidc-client', 'have an identity provider of OIDC take tokens of another client', [
    'service-reference',
    'iam:AddClientIDToOpenIDConnectProvider',
  ]),
  { ...escalationPath('sts-001', 'become a role', ['pathfinding', 'sts:AssumeRole']), byRoles: true },
  escalationPath('assume-root', 'become the root user of a member account', ['service-reference', 'sts:AssumeRoot']),
  escalationPath('trust-anchor-update', 'put another authority into a trust anchor', [
    'service-reference',
    'rolesanywhere:UpdateTrustAnchor',
  ]),
  pass('trust-anchor-create', 'holders of a certificate of your own', [
    'service-reference',
    'rolesanywhere',
    'rolesanywhere:CreateTrustAnchor',
    'rolesanywhere:CreateProfile',
  ]),
  lesser('trust-anchor', 'trust the certificates of another authority', [
    'service-reference',
    'rolesanywhere:CreateTrustAnchor',
  ]),
  lesser('access-key-update', 'turn an access key of a user on again', ['iam-dataset', 'iam:UpdateAccessKey']),
  lesser('ssh-key', 'upload a key for a user', ['service-reference', 'iam:UploadSSHPublicKey']),
  lesser('signing-certificate', 'upload a certificate for a user', [
    'service-reference',
    'iam:UploadSigningCertificate',
  ]),
  lesser('mfa-deactivate', "take a user's second factor away", ['service-reference', 'iam:DeactivateMFADevice']),
  lesser('mfa-create', 'create a second factor', ['iam-dataset', 'iam:CreateVirtualMFADevice']),
  lesser('mfa-enable', 'give a user your second factor', ['iam-dataset', 'iam:EnableMFADevice']),
  lesser('mfa-resync', "set a user's second factor anew", ['iam-dataset', 'iam:ResyncMFADevice']),
  lesser('update-role', 'make the sessions of a role longer', ['service-reference', 'iam:UpdateRole']),
  lesser('service-linked-role', 'create a role for a service', ['iam-dataset', 'iam:CreateServiceLinkedRole']),
  { ...escalationPath('pass-role', 'pass a role', ['iam-dataset', 'iam:PassRole']), byRoles: true },
  lesser('kms-grant', 'hand on the use of a key', ['iam-dataset', 'kms:CreateGrant']),
  lesser('codestar-project', 'create a project of CodeStar', ['iam-dataset', 'codestar:CreateProject']),
  lesser('codestar-member', 'join a project of CodeStar', ['iam-dataset', 'codestar:AssociateTeamMember']),
];
