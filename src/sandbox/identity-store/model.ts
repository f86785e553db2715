/** What the identity store's API reference says of the members of each operation's input (https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/). */
import type { ServiceModel, ShapeType } from '../model.ts';
import { ssoRefusal } from '../identity-center/refusal.ts';

const types: Readonly<Record<string, ShapeType>> = {
  Address: {
    structure:
      'StreetAddress=SensitiveStringType Locality=SensitiveStringType Region=SensitiveStringType PostalCode=SensitiveStringType Country=SensitiveStringType Formatted=SensitiveStringType Type=SensitiveStringType Primary=flag',
  },
  Addresses: { list: 'Address', min: 1, max: 1 },
  AlternateIdentifier: { structure: 'ExternalId=ExternalId UniqueAttribute=UniqueAttribute', union: true },
  AttributeOperation: { structure: 'AttributePath!=AttributePath AttributeValue=any' },
  AttributeOperations: { list: 'AttributeOperation', min: 1, max: 100 },
  AttributePath: {
    kind: 'text',
    min: 1,
    max: 255,
    pattern: '(?:\\p{L}+:\\p{L}+:\\p{L}+(?:\\.\\p{L}+){0,3}|\\p{L}+(?:\\.\\p{L}+){0,2})',
  },
  Email: { structure: 'Value=SensitiveStringType Type=SensitiveStringType Primary=flag' },
  Emails: { list: 'Email', min: 1, max: 1 },
  ExtensionName: { kind: 'text', min: 1, max: 50, pattern: 'aws:identitystore:[a-z]{1,20}' },
  ExtensionNames: { list: 'ExtensionName', min: 1, max: 10 },
  Extensions: { map: 'any', key: 'ExtensionName' },
  ExternalId: { structure: 'Issuer!=ExternalIdIssuer Id!=ExternalIdIdentifier' },
  ExternalIdIdentifier: { kind: 'text', min: 1, max: 256, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+' },
  ExternalIdIssuer: { kind: 'text', min: 1, max: 256, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+' },
  Filter: { structure: 'AttributePath!=AttributePath AttributeValue!=SensitiveStringType' },
  Filters: { list: 'Filter', min: 0, max: 1 },
  GroupDisplayName: { kind: 'text', min: 1, max: 1024, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r \\u00a0]+' },
  GroupIds: { list: 'ResourceId', min: 1, max: 100 },
  IdentityStoreId: {
    kind: 'text',
    min: 1,
    max: 36,
    pattern: 'd-[0-9a-f]{10}$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  },
  MaxResults: { kind: 'integer', min: 1, max: 100 },
  MemberId: { structure: 'UserId=ResourceId', union: true },
  Name: {
    structure:
      'Formatted=SensitiveStringType FamilyName=SensitiveStringType GivenName=SensitiveStringType MiddleName=SensitiveStringType HonorificPrefix=SensitiveStringType HonorificSuffix=SensitiveStringType',
  },
  NextToken: { kind: 'text', min: 1, max: 65535, pattern: '[-a-zA-Z0-9+=/:_]*' },
  PhoneNumber: { structure: 'Value=SensitiveStringType Type=SensitiveStringType Primary=flag' },
  PhoneNumbers: { list: 'PhoneNumber', min: 1, max: 1 },
  Photo: { structure: 'Value!=SensitiveStringType Type=SensitiveStringType Display=SensitiveStringType Primary=flag' },
  Photos: { list: 'Photo', min: 1, max: 3 },
  ResourceId: {
    kind: 'text',
    min: 1,
    max: 47,
    pattern: '([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}',
  },
  Role: { structure: 'Value=SensitiveStringType Type=SensitiveStringType Primary=flag' },
  Roles: { list: 'Role', min: 1, max: 1 },
  SensitiveStringType: {
    kind: 'text',
    min: 1,
    max: 1024,
    pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r \\u00a0\\u3000]+',
  },
  UniqueAttribute: { structure: 'AttributePath!=AttributePath AttributeValue!=any' },
  UserName: { kind: 'text', min: 1, max: 128, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+' },
};

/** The members of each operation's input: `!` must be there. */
const answering: Readonly<Record<string, string>> = {
  CreateGroup: 'IdentityStoreId!=IdentityStoreId DisplayName=GroupDisplayName Description=SensitiveStringType',
  CreateGroupMembership: 'IdentityStoreId!=IdentityStoreId GroupId!=ResourceId MemberId!=MemberId',
  CreateUser:
    'IdentityStoreId!=IdentityStoreId UserName=UserName Name=Name DisplayName=SensitiveStringType NickName=SensitiveStringType ProfileUrl=SensitiveStringType Emails=Emails Addresses=Addresses PhoneNumbers=PhoneNumbers UserType=SensitiveStringType Title=SensitiveStringType PreferredLanguage=SensitiveStringType Locale=SensitiveStringType Timezone=SensitiveStringType Photos=Photos Website=SensitiveStringType Birthdate=SensitiveStringType Roles=Roles Extensions=Extensions',
  DeleteGroup: 'IdentityStoreId!=IdentityStoreId GroupId!=ResourceId',
  DeleteGroupMembership: 'IdentityStoreId!=IdentityStoreId MembershipId!=ResourceId',
  DeleteUser: 'IdentityStoreId!=IdentityStoreId UserId!=ResourceId',
  DescribeGroup: 'IdentityStoreId!=IdentityStoreId GroupId!=ResourceId',
  DescribeGroupMembership: 'IdentityStoreId!=IdentityStoreId MembershipId!=ResourceId',
  DescribeUser: 'IdentityStoreId!=IdentityStoreId UserId!=ResourceId Extensions=ExtensionNames',
  GetGroupId: 'IdentityStoreId!=IdentityStoreId AlternateIdentifier!=AlternateIdentifier',
  GetGroupMembershipId: 'IdentityStoreId!=IdentityStoreId GroupId!=ResourceId MemberId!=MemberId',
  GetUserId: 'IdentityStoreId!=IdentityStoreId AlternateIdentifier!=AlternateIdentifier',
  IsMemberInGroups: 'IdentityStoreId!=IdentityStoreId MemberId!=MemberId GroupIds!=GroupIds',
  ListGroupMemberships:
    'IdentityStoreId!=IdentityStoreId GroupId!=ResourceId MaxResults=MaxResults NextToken=NextToken',
  ListGroupMembershipsForMember:
    'IdentityStoreId!=IdentityStoreId MemberId!=MemberId MaxResults=MaxResults NextToken=NextToken',
  ListGroups: 'IdentityStoreId!=IdentityStoreId MaxResults=MaxResults NextToken=NextToken Filters=Filters',
  ListUsers:
    'IdentityStoreId!=IdentityStoreId Extensions=ExtensionNames MaxResults=MaxResults NextToken=NextToken Filters=Filters',
  UpdateGroup: 'IdentityStoreId!=IdentityStoreId GroupId!=ResourceId Operations!=AttributeOperations',
  UpdateUser: 'IdentityStoreId!=IdentityStoreId UserId!=ResourceId Operations!=AttributeOperations',
};

export const identityStoreModel: ServiceModel = { types, answering, refusal: ssoRefusal };
