/**
 * Actions that a reviewer wants to see by name. Read 2026-11-23 from the Service Authorization Reference: what takes
 * records or protection away for good, or opens a door from outside; data-actions.ts lists what reads.
 */

import { dataActions } from './data-actions.ts';

/** Deletes what cannot be restored, or stops that somebody watches. */
const destructiveActions: readonly string[] = [
  ...['backup:DeleteBackupVault', 'backup:DeleteRecoveryPoint', 'cloudformation:DeleteStack'],
  ...[
    'cloudtrail:DeleteTrail',
    'cloudtrail:StopLogging',
    'cloudtrail:UpdateTrail',
    'config:DeleteConfigurationRecorder',
  ],
  ...['config:StopConfigurationRecorder', 'dynamodb:DeleteTable', 'dynamodb:DeleteBackup', 'ec2:DeleteFlowLogs'],
  ...['ec2:DeleteSnapshot', 'ec2:DeleteVolume', 'ec2:TerminateInstances', 'ecr:DeleteRepository', 'ecs:DeleteCluster'],
  ...['eks:DeleteCluster', 'guardduty:DeleteDetector', 'guardduty:UpdateDetector', 'kms:DisableKey'],
  ...['kms:ScheduleKeyDeletion', 'logs:DeleteLogGroup', 'rds:DeleteDBCluster', 'rds:DeleteDBInstance'],
  ...['redshift:DeleteCluster', 'route53:DeleteHostedZone', 's3:DeleteBucket', 's3:DeleteObjectVersion'],
  ...['s3:PutLifecycleConfiguration', 'secretsmanager:DeleteSecret', 'securityhub:DisableSecurityHub'],
];

/** Opens something, or hands on permissions. */
const openingActions: readonly string[] = [
  ...['account:CloseAccount', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:ModifySnapshotAttribute'],
  ...['ec2:ModifyImageAttribute', 'iam:AttachRolePolicy', 'iam:CreateAccessKey', 'iam:CreateOpenIDConnectProvider'],
  ...['iam:CreateRole', 'iam:CreateSAMLProvider', 'iam:CreateUser', 'iam:PassRole', 'iam:PutRolePolicy'],
  ...['iam:UpdateAssumeRolePolicy', 'kms:CreateGrant', 'kms:PutKeyPolicy', 'lambda:AddPermission'],
  ...['organizations:AttachPolicy', 'organizations:DetachPolicy', 'organizations:DisablePolicyType'],
  ...['organizations:LeaveOrganization', 'organizations:MoveAccount', 'organizations:UpdatePolicy'],
  ...['ram:CreateResourceShare', 'rds:ModifyDBSnapshotAttribute', 's3:PutBucketAcl', 's3:PutBucketPolicy'],
  ...['s3:PutBucketPublicAccessBlock', 's3:PutAccountPublicAccessBlock', 'sso:CreateAccountAssignment'],
  ...['sso:CreatePermissionSet', 'sso:PutInlinePolicyToPermissionSet', 'sts:AssumeRole'],
];

export const sensitiveActions: readonly string[] = [...destructiveActions, ...openingActions, ...dataActions];
