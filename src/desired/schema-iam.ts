/** The form of access/roles/ and access/policies/; part of schema.ts, and build time only like it. */
import { Type } from 'typebox';
import { quotas } from '../model/quotas.ts';
import {
  accountId,
  awsName,
  awsTags,
  closed,
  customerManagedPolicies,
  document,
  duration,
  externalId,
  from,
  latin1,
  listOf,
  managedPolicies,
  mapOf,
  nameOf,
  optional,
  path,
  permissionsBoundary,
  policyFile,
  policyPath,
  reason,
  targeting,
  text,
  until,
} from './schema-words.ts';

const fixedText = { pattern: '^[^*?\\s]+$', 'x-says': 'text without spaces, * or ?' };
const github = Type.Object(
  {
    repository: text('owner/name', { pattern: '^[\\w.-]+/[\\w.-]+$', 'x-says': 'owner/name' }),
    ref: optional(
      text('A git ref', {
        pattern: '^refs/[^*?\\s]+$',
        examples: ['refs/heads/main'],
        'x-says': 'a ref such as refs/heads/main',
      }),
    ),
    environment: optional(
      text('A deployment environment', { pattern: '^[^*?\\r\\n]+$', 'x-says': 'a name without * or ?' }),
    ),
    ownerId: optional(Type.String({ pattern: '^[0-9]+$', 'x-says': 'digits in quotes' })),
    repositoryId: optional(Type.String({ pattern: '^[0-9]+$', 'x-says': 'digits in quotes' })),
  },
  closed,
);
const trust = Type.Object(
  {
    account: optional(nameOf('account', 'A declared account; of a role or a permission set by default the own')),
    role: optional(
      text('A role of that account, with its path', {
        pattern: '^/?([!-.0-~]+/)*[\\w+=,.@-]+$',
        examples: ['gatehouse/CIRole'],
        'x-says': 'a role with its path, such as gatehouse/CIRole',
      }),
    ),
    permissionSet: optional(nameOf('permissionSet', 'Holders of this set')),
    user: optional(text('An IAM user of the account, with its path', { minLength: 1, ...fixedText })),
    mfa: optional(Type.Boolean({ description: 'true: only with a second factor' })),
    service: optional(
      text('An AWS service', {
        pattern: '^[a-z0-9.-]+\\.amazonaws\\.com$',
        examples: ['ec2.amazonaws.com'],
        'x-says': 'a service such as ec2.amazonaws.com',
      }),
    ),
    sourceAccount: optional(nameOf('account', 'The account that the service acts for')),
    sourceArn: optional(
      text('What the service acts for; * and ? are wildcards', { pattern: '^arn:', 'x-says': 'an ARN' }),
    ),
    accountId: optional(accountId),
    externalId: optional(text('The ID that a third party must send', externalId)),
    github: optional(github),
  },
  {
    ...closed,
    description: 'Who may assume the role: one of account, role, permissionSet, github, service, accountId, user',
  },
);
export const roleName = Type.String({
  minLength: 1,
  maxLength: quotas.roleNameLength,
  description: 'Name of the role',
  ...awsName,
});
export const role = Type.Object(
  {
    role: roleName,
    path: optional(path),
    description: optional(text('What it is for', { maxLength: 1000, ...latin1 })),
    ...targeting,
    trust: optional(listOf(trust, { minItems: 1, description: 'Who may assume the role, in words' })),
    trustPolicy: optional(document('The same as a policy document, where the words of trust do not suffice')),
    managedPolicies,
    customerManagedPolicies,
    inlinePolicies: optional(
      mapOf(document('A policy'), { propertyNames: { minLength: 1, maxLength: 128, ...awsName } }),
    ),
    permissionsBoundary,
    maxSessionDuration: optional(duration),
    instanceProfile: optional(Type.Boolean()),
    from,
    until,
    reason,
    tags: optional(awsTags('Tags in AWS')),
  },
  { ...closed, description: 'One role in one or many accounts' },
);
export const policy = Type.Object(
  {
    policy: Type.String({
      minLength: 1,
      maxLength: quotas.policyNameLength,
      description: 'Name of the policy',
      ...awsName,
    }),
    path: optional(policyPath),
    description: optional(text('What it allows', { maxLength: 1000 })),
    ...targeting,
    document: optional(document('The policy')),
    documentFile: policyFile('The same, as a .json file beside this one'),
    from,
    until,
    reason,
    tags: optional(awsTags('Tags in AWS')),
  },
  { ...closed, description: 'One customer managed policy in one or many accounts' },
);
