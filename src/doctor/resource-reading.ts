/** What reads the policies of all resources, where access/settings.yaml asks for it: lists and policies, and nothing that lies in them. */
import type { RoleStatement } from './trust.ts';

const actions: readonly string[] = [
  'ecr:DescribeRepositories',
  'ecr:GetRepositoryPolicy',
  'kms:GetKeyPolicy',
  'kms:ListAliases',
  'kms:ListKeys',
  'lambda:GetPolicy',
  'lambda:ListFunctions',
  's3:GetAccountPublicAccessBlock',
  's3:GetBucketPolicy',
  's3:GetBucketPublicAccessBlock',
  's3:ListAllMyBuckets',
  'secretsmanager:GetResourcePolicy',
  'secretsmanager:ListSecrets',
  'sns:GetTopicAttributes',
  'sns:ListTopics',
  'sqs:GetQueueAttributes',
  'sqs:ListQueues',
];

export const readPoliciesOfAll: RoleStatement = {
  Sid: 'ReadPoliciesOfResources',
  Effect: 'Allow',
  Action: actions,
  Resource: '*',
};
