/** What the roles may do: what Gatehouse calls, and by name what it must never be able to do. */
import { resourceOfArn, resourceServiceNames } from '../kinds/resource-policies.ts';
import type { ResourceService } from '../kinds/resource-policies.ts';
import type { RoleDocument, RoleStatement } from './trust.ts';
import { readPoliciesOfAll } from './resource-reading.ts';
import { issuer } from './trust.ts';

export type RoleNames = {
  /** Where the reconciler runs: the management account, or Identity Center's delegated administrator. */
  readonly account: string;
  readonly organization: string;
  /** Who reads the policies of all resources: the member role, or one of its own; absent: nobody. */
  readonly resourceReader?: { readonly role: string; readonly externalId?: string };
  /** `path/name` without a leading slash, as settings.yaml has them. */
  readonly plan: string;
  readonly apply: string;
  readonly member: string;
  readonly externalId?: string;
  /** ARNs of the resources whose policies are declared: in the reconciler's own account, and in others. */
  readonly resources?: Readonly<Record<'home' | 'members', readonly string[]>>;
};

const reading: readonly string[] = [
  'access-analyzer:CheckAccessNotGranted',
  'access-analyzer:CheckNoNewAccess',
  'access-analyzer:Get*',
  'access-analyzer:List*',
  'access-analyzer:ValidatePolicy',
  'cloudtrail:LookupEvents',
  'iam:GenerateCredentialReport',
  'iam:Get*',
  'iam:List*',
];

const readingOrganization: readonly string[] = [
  'account-access:GetApplication',
  'account-access:ListApplications',
  'account-access:ListEntitlements',
  'identitystore:Describe*',
  'identitystore:GetGroupId',
  'identitystore:GetGroupMembershipId',
  'identitystore:GetUserId',
  'identitystore:List*',
  'organizations:Describe*',
  'organizations:List*',
  'sso:Describe*',
  'sso:Get*',
  'sso:List*',
];

const writingOrganization: readonly string[] = [
  'account-access:CreateEntitlement',
  'account-access:DeleteEntitlement',
  'identitystore:CreateGroup',
  'identitystore:CreateGroupMembership',
  'identitystore:CreateUser',
  'identitystore:DeleteGroup',
  'identitystore:DeleteGroupMembership',
  'identitystore:UpdateGroup',
  'organizations:AttachPolicy',
  'organizations:CreateOrganizationalUnit',
  'organizations:CreatePolicy',
  'organizations:DeleteOrganizationalUnit',
  'organizations:DeletePolicy',
  'organizations:DetachPolicy',
  'organizations:EnablePolicyType',
  'organizations:MoveAccount',
  'organizations:TagResource',
  'organizations:UntagResource',
  'organizations:UpdateOrganizationalUnit',
  'organizations:UpdatePolicy',
  'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  'sso:AttachManagedPolicyToPermissionSet',
  'sso:CreateAccountAssignment',
  'sso:CreateInstanceAccessControlAttributeConfiguration',
  'sso:CreatePermissionSet',
  'sso:DeleteAccountAssignment',
  'sso:DeleteInlinePolicyFromPermissionSet',
  'sso:DeletePermissionSet',
  'sso:DeletePermissionsBoundaryFromPermissionSet',
  'sso:DetachCustomerManagedPolicyReferenceFromPermissionSet',
  'sso:DetachManagedPolicyFromPermissionSet',
  'sso:ProvisionPermissionSet',
  'sso:PutInlinePolicyToPermissionSet',
  'sso:PutPermissionsBoundaryToPermissionSet',
  'sso:TagResource',
  'sso:UntagResource',
  'sso:UpdateInstanceAccessControlAttributeConfiguration',
  'sso:UpdatePermissionSet',
];

const writingIam: readonly string[] = [
  'iam:AddClientIDToOpenIDConnectProvider',
  'iam:AddRoleToInstanceProfile',
  'iam:AttachRolePolicy',
  'iam:CreateInstanceProfile',
  'iam:CreateOpenIDConnectProvider',
  'iam:CreatePolicy',
  'iam:CreatePolicyVersion',
  'iam:CreateRole',
  'iam:DeleteInstanceProfile',
  'iam:DeleteOpenIDConnectProvider',
  'iam:DeletePolicy',
  'iam:DeletePolicyVersion',
  'iam:DeleteRole',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:RemoveClientIDFromOpenIDConnectProvider',
  'iam:RemoveRoleFromInstanceProfile',
  'iam:TagOpenIDConnectProvider',
  'iam:TagPolicy',
  'iam:TagRole',
  'iam:UntagOpenIDConnectProvider',
  'iam:UntagPolicy',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole',
];

/** Provisioning a set in the management account uses the caller's own rights there (Identity Center user guide). */
const provisioning: readonly string[] = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRole',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:UpdateRole',
  'iam:UpdateRoleDescription',
];

const changingIam: readonly string[] = [
  'iam:Add*',
  'iam:Attach*',
  'iam:Create*',
  'iam:Delete*',
  'iam:Detach*',
  'iam:Put*',
  'iam:Remove*',
  'iam:Set*',
  'iam:Tag*',
  'iam:Untag*',
  'iam:Update*',
];

const deny = (Sid: string, Action: readonly string[], Resource: string | readonly string[] = '*'): RoleStatement => ({
  Sid,
  Effect: 'Deny',
  Action,
  Resource,
});
const allow = (
  Sid: string,
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
): RoleStatement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
});

/** By which the policy of a resource is read and written; what is only read is never written. */
const resourceCalls: Readonly<Record<ResourceService, { readonly read: string; readonly write: readonly string[] }>> = {
  s3: { read: 's3:GetBucketPolicy', write: ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy'] },
  sns: { read: 'sns:GetTopicAttributes', write: ['sns:SetTopicAttributes'] },
  kms: { read: 'kms:GetKeyPolicy', write: ['kms:PutKeyPolicy'] },
  secretsmanager: {
    read: 'secretsmanager:GetResourcePolicy',
    write: ['secretsmanager:DeleteResourcePolicy', 'secretsmanager:PutResourcePolicy'],
  },
  sqs: { read: 'sqs:GetQueueAttributes', write: [] },
  lambda: { read: 'lambda:GetPolicy', write: [] },
  ecr: { read: 'ecr:GetRepositoryPolicy', write: [] },
};

/** More would make the document of the role too long: then all of the service. */
const mostNamed = 20;

const namedOrAll = (arns: readonly string[]): readonly string[] => {
  if (arns.length <= mostNamed) return arns;
  const [first = ''] = arns;
  return [
    first.replace(
      /^(arn:aws:s3:::).*|^(arn:aws:[^:]+:).*/,
      (_, s3?: string, other?: string) => `${s3 ?? `${other}*:*:`}*`,
    ),
  ];
};

const byService = (arns: readonly string[]): readonly (readonly [ResourceService, readonly string[]])[] =>
  resourceServiceNames.flatMap((service) => {
    const own = arns.filter((arn) => resourceOfArn(arn)?.service === service);
    return own.length === 0 ? [] : [[service, namedOrAll([...own].sort())] as const];
  });

const title = (service: ResourceService): string => service.charAt(0).toUpperCase() + service.slice(1);

/** Of the declared resources and no others. */
const readPolicies = (arns: readonly string[] = []): readonly RoleStatement[] =>
  byService(arns).map(([service, own]) => allow(`ReadPolicies${title(service)}`, resourceCalls[service].read, own));

const writePolicies = (arns: readonly string[] = []): readonly RoleStatement[] =>
  byService(arns).flatMap(([service, own]) => {
    const { write } = resourceCalls[service];
    return write.length === 0 ? [] : [allow(`WritePolicies${title(service)}`, write, own)];
  });

/** Nothing that Gatehouse does touches the organization as such. */
const neverTheOrganization = deny('NeverTheOrganization', [
  'organizations:CloseAccount',
  'organizations:CreateAccount',
  'organizations:CreateGovCloudAccount',
  'organizations:DeleteOrganization',
  'organizations:DeregisterDelegatedAdministrator',
  'organizations:DisableAWSServiceAccess',
  'organizations:DisablePolicyType',
  'organizations:EnableAWSServiceAccess',
  'organizations:InviteAccountToOrganization',
  'organizations:LeaveOrganization',
  'organizations:PutResourcePolicy',
  'organizations:RegisterDelegatedAdministrator',
  'organizations:RemoveAccountFromOrganization',
  'sso:CreateInstance',
  'sso:DeleteInstance',
]);

/** Gatehouse writes roles and policies, never people and their keys. */
const neverPeople = deny('NeverPeople', [
  'iam:*AccessKey*',
  'iam:*LoginProfile',
  'iam:*MFADevice',
  'iam:*SAMLProvider',
  'iam:*ServiceSpecificCredential',
  'iam:*SigningCertificate',
  'iam:AddUserToGroup',
  'iam:AttachUserPolicy',
  'iam:CreateUser',
  'iam:DeleteUser',
  'iam:PutUserPolicy',
  'iam:UpdateUser',
]);

const arnOf = (account: string, role: string): string => `arn:aws:iam::${account}:role/${role}`;

const enterMembers = ({ organization, member }: RoleNames): RoleStatement => ({
  ...allow('EnterMembers', 'sts:AssumeRole', arnOf('*', member)),
  Condition: { StringEquals: { 'aws:ResourceOrgID': organization } },
});

const policy = (...Statement: readonly RoleStatement[]): RoleDocument => ({ Version: '2012-10-17', Statement });

/** A query writes nothing, and reads whatever the log group holds: only those that CloudTrail's console or docs/setup.md name so. */
const askTheTrail = ({ account }: RoleNames): RoleStatement =>
  allow('AskTheTrail', 'logs:StartQuery', [
    `arn:aws:logs:*:${account}:log-group:aws-cloudtrail-logs-*`,
    `arn:aws:logs:*:${account}:log-group:gatehouse-*`,
  ]);

const readingTrail: readonly string[] = [
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetEventSelectors',
  'cloudtrail:GetTrailStatus',
  'logs:GetQueryResults',
];

const enterReaders = (names: RoleNames): readonly RoleStatement[] =>
  names.resourceReader === undefined || names.resourceReader.role === names.member
    ? []
    : [{ ...enterMembers({ ...names, member: names.resourceReader.role }), Sid: 'EnterResourceReaders' }];

/** In its own account the plan reads as itself. */
const readingHere = ({ resourceReader }: RoleNames): readonly RoleStatement[] =>
  resourceReader === undefined ? [] : [readPoliciesOfAll];

export const planPermissions = (names: RoleNames): RoleDocument =>
  policy(
    allow('Read', [...reading, ...readingOrganization, ...readingTrail].sort()),
    askTheTrail(names),
    ...readPolicies(names.resources?.home),
    ...readingHere(names),
    enterMembers(names),
    ...enterReaders(names),
  );

const neverItself = ({ account, plan, apply }: RoleNames): RoleStatement =>
  deny('NeverItself', changingIam, [
    arnOf(account, plan),
    arnOf(account, apply),
    `arn:aws:iam::${account}:oidc-provider/${issuer}`,
  ]);

const passToInstances: RoleStatement = {
  ...allow('PassToInstances', 'iam:PassRole', 'arn:aws:iam::*:role/*'),
  Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
};

/** `ownRoles`: whether the repository declares roles or policies in the reconciler's own account. */
export const applyPermissions = (names: RoleNames, ownRoles: 'own roles' | 'no roles of its own'): RoleDocument =>
  policy(
    allow('Read', [...reading, ...readingOrganization].sort()),
    allow('Write', writingOrganization),
    allow('ProvisionHere', provisioning, `arn:aws:iam::${names.account}:role/aws-reserved/sso.amazonaws.com/*`),
    ...(ownRoles === 'own roles' ? [allow('WriteRolesHere', writingIam), passToInstances] : []),
    ...readPolicies(names.resources?.home),
    ...writePolicies(names.resources?.home),
    enterMembers(names),
    neverTheOrganization,
    neverItself(names),
    neverPeople,
    { Sid: 'NoOtherRole', Effect: 'Deny', Action: 'sts:AssumeRole', NotResource: arnOf('*', names.member) },
  );

const shortName = (role: string): string => role.split('/').at(-1) ?? role;

/** How the session in a member account is called: by the session that entered it, whose name the workflow chose. */
const sessionsOf = (role: string): string => `gatehouse-${shortName(role)}-*`;

const letIn = (names: RoleNames, Sid: string, role: string): RoleStatement => ({
  Sid,
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${names.account}:root` },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: {
    ArnEquals: { 'aws:PrincipalArn': arnOf(names.account, role) },
    StringLike: { 'sts:RoleSessionName': sessionsOf(role) },
    ...(names.externalId === undefined ? {} : { StringEquals: { 'sts:ExternalId': names.externalId } }),
  },
});

/** The account as principal and the role as condition: a role that is made anew keeps its way in. */
export const memberTrust = (names: RoleNames): RoleDocument =>
  policy(letIn(names, 'ThePlanReads', names.plan), letIn(names, 'TheApplyWrites', names.apply));

/** Of a role that reads the policies of all resources and does nothing else; only the plan enters it. */
export const readerTrust = ({ externalId: _, resourceReader, ...names }: RoleNames): RoleDocument => {
  const { externalId } = resourceReader ?? {};
  const entered = { ...names, ...(externalId === undefined ? {} : { externalId }) };
  return policy(letIn(entered, 'ThePlanReads', names.plan));
};

export const readerPermissions: RoleDocument = policy(readPoliciesOfAll);

/** One role for both: it writes only in sessions that the apply role opened, whose names the trust keeps for it. */
export const memberPermissions = (names: RoleNames): RoleDocument => {
  const ofTheApply = { StringLike: { 'aws:userid': `*:${sessionsOf(names.apply)}` } };
  return policy(
    allow('Read', reading),
    ...readPolicies(names.resources?.members),
    ...(names.resourceReader?.role === names.member ? [readPoliciesOfAll] : []),
    { ...allow('Write', writingIam), Condition: ofTheApply },
    ...writePolicies(names.resources?.members).map((one) => ({ ...one, Condition: ofTheApply })),
    { ...passToInstances, Condition: { ...passToInstances.Condition, ...ofTheApply } },
    deny('NeverItself', changingIam, [
      arnOf('*', names.member),
      arnOf('*', 'OrganizationAccountAccessRole'),
      arnOf('*', 'aws-reserved/*'),
      arnOf('*', 'aws-service-role/*'),
    ]),
    neverPeople,
  );
};
