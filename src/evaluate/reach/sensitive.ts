/**
 * Actions that a reviewer wants to see by name. Read 2026-11-23 from the Service Authorization Reference: what takes
 * records or protection away for good, opens a door from outside, or reads secrets and customers' data.
 */

/** Gone is gone, or nobody watches any more. */
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

/** Reads or takes customers' data and secrets. */
export const dataActions: readonly string[] = [
  ...['athena:GetQueryResults', 'dynamodb:BatchGetItem', 'dynamodb:ExportTableToPointInTime', 'dynamodb:GetItem'],
  ...['dynamodb:GetRecords', 'dynamodb:PartiQLSelect', 'dynamodb:Query', 'dynamodb:Scan', 'ebs:GetSnapshotBlock'],
  ...['kinesis:GetRecords', 'kms:Decrypt', 'lakeformation:GetDataAccess', 'rds-data:ExecuteStatement'],
  ...['rds-db:connect', 'redshift-data:GetStatementResult', 'redshift:GetClusterCredentials', 's3:GetObject'],
  ...['s3:GetObjectVersion', 'secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'],
  ...['sqs:ReceiveMessage', 'ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
];

export const sensitiveActions: readonly string[] = [...destructiveActions, ...openingActions, ...dataActions];
