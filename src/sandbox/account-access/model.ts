/** What account access manager's API model says of the members of each operation's input (https://docs.aws.amazon.com/account-access/latest/APIReference/, botocore 1.43.107). */
import { AwsError } from '../core.ts';
import type { BrokenMember, ServiceModel, ShapeType } from '../model.ts';

const uuid = '([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}';

const types: Readonly<Record<string, ShapeType>> = {
  Account: { kind: 'text', min: 12, max: 12, pattern: '[0-9]{12}' },
  ApplicationArn: {
    kind: 'text',
    min: 49,
    max: 2048,
    pattern: 'arn:[a-z0-9-]+:account-access:[a-z0-9]+(-[a-z0-9]+)*:[0-9]{12}:application/[a-zA-Z0-9-]+',
  },
  Entitlement: { structure: 'principalRole=PrincipalRoleEntitlement', union: true },
  EntitlementFilter: { structure: 'principalRole=PrincipalRoleEntitlementFilter' },
  GroupId: { kind: 'text', min: 1, max: 47, pattern: uuid },
  IdentityCenter: { structure: 'instanceArn!=InstanceArn' },
  IdentityCenterPrincipal: { structure: 'userId=UserId groupId=GroupId', union: true },
  IdentitySource: { structure: 'identityCenter=IdentityCenter', union: true },
  InstanceArn: {
    kind: 'text',
    min: 10,
    max: 1224,
    pattern: 'arn:[a-z0-9-]+:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}',
  },
  PageSize: { kind: 'integer', min: 1, max: 100 },
  Principal: { structure: 'identityCenter=IdentityCenterPrincipal', union: true },
  PrincipalRoleEntitlement: { structure: 'principal!=Principal roleArn!=RoleArn' },
  PrincipalRoleEntitlementFilter: { structure: 'principal=Principal roleArn=RoleArn account=Account' },
  RoleArn: {
    kind: 'text',
    pattern: 'arn:[a-z0-9-]+:iam::[0-9]{12}:role/([a-zA-Z0-9+=,.@_-]+/)*[a-zA-Z0-9+=,.@_-]+',
  },
  TagKeys: { list: 'text' },
  TagsMap: { map: 'text' },
  UserId: { kind: 'text', min: 1, max: 47, pattern: uuid },
};

const answering: Readonly<Record<string, string>> = {
  CreateApplication: 'identitySource!=IdentitySource tags=TagsMap',
  CreateEntitlement: 'applicationArn!=ApplicationArn entitlement!=Entitlement',
  DeleteApplication: 'applicationArn!=ApplicationArn',
  DeleteEntitlement: 'applicationArn!=ApplicationArn entitlementId!=text',
  GetApplication: 'applicationArn!=ApplicationArn',
  GetEntitlement: 'applicationArn!=ApplicationArn entitlementId!=text',
  ListApplications: 'maxResults=PageSize nextToken=text',
  ListEntitlements: 'applicationArn!=ApplicationArn filter!=EntitlementFilter nextToken=text maxResults=PageSize',
  ListTagsForResource: 'resourceArn!=ApplicationArn',
  TagResource: 'resourceArn!=ApplicationArn tags!=TagsMap',
  UntagResource: 'resourceArn!=ApplicationArn tagKeys!=TagKeys',
};

const refusal = (_broken: readonly BrokenMember[], message: string): AwsError =>
  new AwsError('ValidationException', message);

export const accountAccessModel: ServiceModel = { types, answering, refusal };
