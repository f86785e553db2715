/**
 * AWS's quotas and rates as data, as read on 2026-11-22. Sources: Organizations "Quotas and service limits",
 * IAM Identity Center "Quotas", IAM "IAM and AWS STS quotas"; settings.yaml `quotas` overrides the adjustable ones.
 */

export const quotas = {
  scpsPerTarget: 10,
  rcpsPerTarget: 5,
  /** Characters of the content as it is sent. */
  scpSize: 10_240,
  rcpSize: 5_120,
  scpsPerOrganization: 10_000,
  rcpsPerOrganization: 2_000,
  /** Of each other type of Organizations policy whose limits AWS publishes; see kinds/control-policies.ts. */
  settingsPolicySize: 10_000,
  aiOptOutPolicySize: 2_500,
  settingsPoliciesPerTarget: 10,
  aiAndChatPoliciesPerTarget: 5,
  settingsPoliciesPerOrganization: 1_000,
  ousPerOrganization: 2_000,
  /** OUs below Root. */
  ouDepth: 5,
  ouNameLength: 128,
  controlPolicyNameLength: 128,
  controlPolicyDescriptionLength: 512,
  permissionSets: 3_500,
  permissionSetsPerAccount: 500,
  permissionSetNameLength: 32,
  permissionSetDescriptionLength: 700,
  relayStateLength: 240,
  /** AWS managed and customer managed together. */
  policiesPerPermissionSet: 25,
  /** Bytes as sent, and without white space. */
  inlinePolicySize: 32_768,
  inlinePolicyNonWhitespace: 10_240,
  permissionSetTags: 50,
  /** Of an Identity Center instance (AccessControlAttributeList). */
  attributesForAccessControl: 50,
  tagKeyLength: 128,
  tagValueLength: 256,
  groupNameLength: 1_024,
  groupDescriptionLength: 1_024,
  userNameLength: 128,
  userTextLength: 1_024,
  groupsPerSetAndAccount: 100,
  /** On one role by account access manager (its quotas page); adjustable. */
  groupsPerRole: 20,
  /** Without white space. */
  managedPolicySize: 6_144,
  roleInlineSize: 10_240,
  roleNameLength: 64,
  policyNameLength: 128,
  pathLength: 512,
  trustPolicySize: 2_048,
  managedPoliciesPerRole: 10,
  /** Bytes of the policies of resources, as they are sent: docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html. */
  bucketPolicySize: 20_480,
  /** docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html */
  topicPolicySize: 30_720,
  /** docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
  keyPolicySize: 32_768,
  /** docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
  secretPolicySize: 20_480,
  /** docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html */
  queuePolicySize: 8_192,
  /** docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  functionPolicySize: 20_480,
  /** docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html */
  repositoryPolicySize: 10_240,
  /** Seconds. */
  minSessionDuration: 3_600,
  maxSessionDuration: 43_200,
} as const;
export type QuotaName = keyof typeof quotas;

export const concurrency = {
  outstandingAssignments: 15,
  outstandingProvisions: 3,
  permissionSetsUpdatingPerAccount: 1,
  /** Of account access manager. */
  outstandingEntitlements: 15,
} as const;

/** Requests a second and burst of one token bucket. */
export type Rate = { readonly rate: number; readonly burst: number };

/** Organizations: one bucket per row of its documented table; rows that name several APIs are taken to share it. */
export const organizationsRates: readonly (Rate & { readonly operations: readonly string[] })[] = [
  { operations: ['DescribeOrganization', 'CreateOrganizationalUnit'], rate: 1, burst: 2 },
  { operations: ['ListRoots'], rate: 1, burst: 2 },
  { operations: ['DescribePolicy'], rate: 2, burst: 2 },
  { operations: ['AttachPolicy', 'DetachPolicy', 'CreatePolicy', 'DeletePolicy'], rate: 2, burst: 3 },
  { operations: ['UpdatePolicy'], rate: 2, burst: 3 },
  { operations: ['MoveAccount', 'UpdateOrganizationalUnit', 'DeleteOrganizationalUnit'], rate: 2, burst: 3 },
  { operations: ['DescribeOrganizationalUnit'], rate: 2, burst: 2 },
  { operations: ['EnablePolicyType', 'DisablePolicyType'], rate: 1, burst: 1 },
  { operations: ['ListPolicies', 'ListPoliciesForTarget', 'ListTargetsForPolicy'], rate: 5, burst: 8 },
  { operations: ['ListParents', 'ListAccountsForParent', 'ListOrganizationalUnitsForParent'], rate: 5, burst: 8 },
  { operations: ['ListChildren'], rate: 6, burst: 10 },
  { operations: ['ListAccounts'], rate: 8, burst: 12 },
  { operations: ['DescribeAccount'], rate: 20, burst: 30 },
  { operations: ['ListTagsForResource'], rate: 10, burst: 15 },
  { operations: ['TagResource', 'UntagResource'], rate: 4, burst: 6 },
  { operations: ['ListDelegatedAdministrators'], rate: 5, burst: 8 },
  { operations: ['ListAWSServiceAccessForOrganization', 'ListDelegatedServicesForAccount'], rate: 1, burst: 3 },
];
/** sso-admin: all its APIs together. */
export const ssoAdminRate: Rate = { rate: 20, burst: 20 };
/** Identity store: each API by itself. */
export const identityStoreRate: Rate = { rate: 20, burst: 20 };
/** account-access: all its APIs together (IAM User Guide, "Quotas and limits in account access manager"). */
export const accountAccessRate: Rate = { rate: 20, burst: 20 };
/** STS: 600 a second for each calling account and Region ("IAM and AWS STS quotas"); others of the account need theirs. */
export const stsRate: Rate = { rate: 100, burst: 100 };
/** IAM publishes no rates and throttles in the account that is called: a modest one for each account. */
export const iamReadRate: Rate = { rate: 10, burst: 20 };
export const iamWriteRate: Rate = { rate: 5, burst: 10 };
/** LookupEvents: "limited to two per second, per account, per Region" (CloudTrail API reference). */
export const lookupEventsRate: Rate = { rate: 2, burst: 2 };
/**
 * Reads of the policies of resources, of each service, account and Region. Lambda gives GetPolicy and the rest of its control
 * plane 15 a second (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), SNS 30 to ListTopics, KMS hundreds; those
 * that publish none are taken for no faster than the slowest.
 */
export const resourceReadRate: Rate = { rate: 10, burst: 15 };
/** Access Analyzer publishes no rates either. */
export const accessAnalyzerRate: Rate = { rate: 5, burst: 10 };
