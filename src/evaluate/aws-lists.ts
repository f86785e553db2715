/**
 * What AWS lists in prose, and lengthens from time to time: each list as data, with the page that it comes from and the day on
 * which that page was read. `datedLists` (dated-lists.ts) says which of them are old.
 */

/** A list, where it comes from and when it was read there. */
export type AwsList<Entries> = { readonly source: string; readonly read: string; readonly entries: Entries };

const userGuide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/**
 * Services whose ARNs have a name where others have a resource type: a wildcard there is one in a name. As the Service
 * Authorization Reference shows their ARNs.
 */
export const servicesWithoutTypes: AwsList<ReadonlySet<string>> = {
  source:
    'https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
  read: '2026-11-29',
  entries: new Set([
    ...['aws-marketplace', 'backup', 'codecommit', 'codepipeline', 'eventsbilltoaws', 'execute-api', 'kinesis'],
    ...['mapcredits', 'mediaconnect', 'mgh', 'neptune-db', 's3', 'servicequotas', 'sns', 'sqs', 'ssm-sap', 'wafv2'],
  ]),
};

/**
 * Actions without a resource type whose documentation shows an ARN all the same: it is asked of that ARN, which `*` matches
 * too. `REGION` and `ACCOUNT` are those of the request; a star is a character here.
 */
export const documentedArns: AwsList<ReadonlyMap<string, string>> = {
  source: `${userGuide}/id_roles_use_switch-role-cli.html, ${userGuide}/access_permissions-required.html and each service's own guide`,
  read: '2026-11-29',
  entries: new Map([
    ['s3:listallmybuckets', 'arn:aws:s3:::*'],
    ['s3:getaccountpublicaccessblock', 'arn:aws:s3:::*'],
    ['s3:listaccesspoints', 'arn:aws:s3:::*'],
    ['s3:putstoragelensconfiguration', 'arn:aws:s3:REGION:ACCOUNT:storage-lens/*'],
    ['dynamodb:describelimits', 'arn:aws:dynamodb:REGION:ACCOUNT:*'],
    ['dynamodb:describereservedcapacity', 'arn:aws:dynamodb:REGION:ACCOUNT:*'],
    ['dynamodb:describereservedcapacityofferings', 'arn:aws:dynamodb:REGION:ACCOUNT:*'],
    ['dynamodb:liststreams', 'arn:aws:dynamodb:REGION:ACCOUNT:table/*/stream/*'],
    ['dynamodb:listtables', 'arn:aws:dynamodb:REGION:ACCOUNT:*'],
    ['dynamodb:purchasereservedcapacityofferings', 'arn:aws:dynamodb:REGION:ACCOUNT:*'],
    ['firehose:listdeliverystreams', 'arn:aws:firehose:REGION:ACCOUNT:deliverystream/*'],
    ['iam:listroles', 'arn:aws:iam::ACCOUNT:role/'],
    ['iam:listusers', 'arn:aws:iam::ACCOUNT:user/'],
    ['logs:describeloggroups', 'arn:aws:logs:REGION:ACCOUNT:log-group:*'],
    ['ssm:listdocuments', 'arn:aws:ssm:REGION:ACCOUNT:document/*'],
  ]),
};

/** Regions of the partition `aws`, opt-in ones too. AWS opens new ones: a name of their form that is not here is only doubted. */
export const awsRegions: AwsList<readonly string[]> = {
  source:
    'https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html, as the partitions of botocore 1.43.11 have them',
  read: '2026-11-29',
  entries: [
    ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1'],
    ...['ap-south-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
    ...['ap-southeast-6', 'ap-southeast-7', 'ca-central-1', 'ca-west-1', 'eu-central-1', 'eu-central-2', 'eu-north-1'],
    ...[
      'eu-south-1',
      'eu-south-2',
      'eu-west-1',
      'eu-west-2',
      'eu-west-3',
      'il-central-1',
      'me-central-1',
      'me-south-1',
    ],
    ...['mx-central-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
  ],
};

type CallerCredentials = 'temporary' | 'long-term';
/** An operation that AWS settles by who calls it, whatever the policies say. */
export type SettledOperation = {
  readonly allowed: readonly CallerCredentials[];
  readonly denied: readonly CallerCredentials[];
  readonly because: string;
};

export const settledOperations: AwsList<ReadonlyMap<string, SettledOperation>> = {
  source: `${userGuide}/id_credentials_temp_request.html (comparison, "Who can call"), ${userGuide}/id_credentials_temp_control-access_getsessiontoken.html`,
  read: '2026-11-29',
  entries: new Map<string, SettledOperation>([
    [
      'sts:getcalleridentity',
      {
        allowed: ['temporary', 'long-term'],
        denied: [],
        because: 'AWS asks for no permission to call sts:GetCallerIdentity, and no policy can deny it',
      },
    ],
    [
      'sts:getsessiontoken',
      {
        allowed: ['long-term'],
        denied: ['temporary'],
        because:
          'sts:GetSessionToken needs no permission and is only for IAM users and the root user; no policy decides it',
      },
    ],
    [
      'sts:getfederationtoken',
      {
        allowed: [],
        denied: ['temporary'],
        because: 'only IAM users and the root user can call sts:GetFederationToken',
      },
    ],
  ]),
};

/** Objects that no policy of a customer opens to these calls. */
export type ProtectedObject = { readonly arns: string; readonly actions: readonly string[]; readonly because: string };

const roleWrites = [
  ...['iam:attachrolepolicy', 'iam:deleterole', 'iam:deleterolepermissionsboundary', 'iam:deleterolepolicy'],
  ...['iam:detachrolepolicy', 'iam:putrolepermissionsboundary', 'iam:putrolepolicy', 'iam:updateassumerolepolicy'],
];

export const protectedObjects: AwsList<readonly ProtectedObject[]> = {
  source:
    `${userGuide}/access_policies_managed-vs-inline.html, ${userGuide}/id_roles_create-service-linked-role.html, ` +
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html (UnmodifiableEntity), ' +
    'https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html',
  read: '2026-11-29',
  entries: [
    {
      arns: 'arn:aws:iam::aws:policy/*',
      actions: [
        ...['iam:createpolicyversion', 'iam:deletepolicy', 'iam:deletepolicyversion', 'iam:setdefaultpolicyversion'],
        ...['iam:tagpolicy', 'iam:untagpolicy'],
      ],
      because: 'only AWS changes AWS managed policies',
    },
    {
      arns: 'arn:aws:iam::*:role/aws-service-role/*',
      actions: [...roleWrites, 'sts:assumerole'],
      because: 'only the service that a service-linked role is linked to changes or assumes it',
    },
    {
      arns: 'arn:aws:iam::*:role/aws-reserved/*',
      actions: [
        ...roleWrites,
        'iam:tagrole',
        'iam:untagrole',
        'iam:updaterole',
        'iam:updateroledescription',
        'sts:assumerole',
      ],
      because: 'only IAM Identity Center changes its roles, and only a sign-in through it assumes them',
    },
    {
      arns: 'arn:aws:kms:*:*:alias/aws/*',
      actions: ['kms:createalias', 'kms:deletealias', 'kms:updatealias'],
      because: 'aliases that begin with alias/aws/ belong to AWS managed keys, and only AWS changes them',
    },
  ],
};

/** Operations of an API that obey an action of another name, by service; all in lower case but the action. */
export const actionsOfOperations: AwsList<Readonly<Record<string, ReadonlyMap<string, string>>>> = {
  source:
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html, ' +
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html, ' +
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html and each service's own guide",
  read: '2026-11-29',
  entries: {
    s3: new Map([
      ['completemultipartupload', 'PutObject'],
      ['copyobject', 'PutObject'],
      ['createmultipartupload', 'PutObject'],
      ['deletebucketcors', 'PutBucketCORS'],
      ['deletebucketencryption', 'PutEncryptionConfiguration'],
      ['deletebucketlifecycle', 'PutLifecycleConfiguration'],
      ['deletebucketreplication', 'PutReplicationConfiguration'],
      ['deletebuckettagging', 'PutBucketTagging'],
      ['deleteobjects', 'DeleteObject'],
      ['deletepublicaccessblock', 'PutBucketPublicAccessBlock'],
      ['getbucketaccelerateconfiguration', 'GetAccelerateConfiguration'],
      ['getbucketencryption', 'GetEncryptionConfiguration'],
      ['getbucketlifecycleconfiguration', 'GetLifecycleConfiguration'],
      ['getbucketnotificationconfiguration', 'GetBucketNotification'],
      ['getbucketreplication', 'GetReplicationConfiguration'],
      ['getobjectlockconfiguration', 'GetBucketObjectLockConfiguration'],
      ['getpublicaccessblock', 'GetBucketPublicAccessBlock'],
      ['headbucket', 'ListBucket'],
      ['headobject', 'GetObject'],
      ['listbuckets', 'ListAllMyBuckets'],
      ['listmultipartuploads', 'ListBucketMultipartUploads'],
      ['listobjects', 'ListBucket'],
      ['listobjectsv2', 'ListBucket'],
      ['listobjectversions', 'ListBucketVersions'],
      ['listparts', 'ListMultipartUploadParts'],
      ['putbucketaccelerateconfiguration', 'PutAccelerateConfiguration'],
      ['putbucketencryption', 'PutEncryptionConfiguration'],
      ['putbucketlifecycleconfiguration', 'PutLifecycleConfiguration'],
      ['putbucketnotificationconfiguration', 'PutBucketNotification'],
      ['putbucketreplication', 'PutReplicationConfiguration'],
      ['putobjectlockconfiguration', 'PutBucketObjectLockConfiguration'],
      ['putpublicaccessblock', 'PutBucketPublicAccessBlock'],
      ['selectobjectcontent', 'GetObject'],
      ['uploadpart', 'PutObject'],
      ['uploadpartcopy', 'PutObject'],
    ]),
    lambda: new Map([['invoke', 'InvokeFunction']]),
    sqs: new Map([
      ['changemessagevisibilitybatch', 'ChangeMessageVisibility'],
      ['deletemessagebatch', 'DeleteMessage'],
      ['sendmessagebatch', 'SendMessage'],
    ]),
    sns: new Map([['publishbatch', 'Publish']]),
    kms: new Map([['reencrypt', 'ReEncryptFrom']]),
    dynamodb: new Map([
      ['executestatement', 'PartiQLSelect'],
      ['transactgetitems', 'GetItem'],
      ['transactwriteitems', 'PutItem'],
    ]),
  },
};
