/** What IAM Identity Center's API reference says of the members of each operation's input (https://docs.aws.amazon.com/singlesignon/latest/APIReference/). */
import type { ServiceModel, ShapeType } from '../model.ts';
import { ssoRefusal } from './refusal.ts';

const types: Readonly<Record<string, ShapeType>> = {
  AccessControlAttribute: { structure: 'Key!=AccessControlAttributeKey Value!=AccessControlAttributeValue' },
  AccessControlAttributeKey: { kind: 'text', min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]+' },
  AccessControlAttributeList: { list: 'AccessControlAttribute', min: 0, max: 50 },
  AccessControlAttributeValue: { structure: 'Source!=AccessControlAttributeValueSourceList' },
  AccessControlAttributeValueSource: {
    kind: 'text',
    min: 0,
    max: 256,
    pattern: '[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@\\[\\]\\{\\}\\$\\\\"]*',
  },
  AccessControlAttributeValueSourceList: { list: 'AccessControlAttributeValueSource', min: 1, max: 1 },
  AccountId: { kind: 'text', min: 12, max: 12, pattern: '\\d{12}' },
  ApplicationArn: {
    kind: 'text',
    min: 10,
    max: 1224,
    pattern: 'arn:aws(-[a-z]{1,5}){0,3}:sso::\\d{12}:application/(sso)?ins-[a-zA-Z0-9-.]{16}/apl-[a-zA-Z0-9]{16}',
  },
  ApplicationNameType: { kind: 'text', min: 1, max: 100, pattern: '[\\S\\s]*' },
  ApplicationProviderArn: {
    kind: 'text',
    min: 10,
    max: 1224,
    pattern: 'arn:aws(-[a-z]{1,5}){0,3}:sso::aws:applicationProvider/[a-zA-Z0-9-/]+',
  },
  ApplicationStatus: { kind: 'text', oneOf: ['ENABLED', 'DISABLED'] },
  ApplicationUrl: {
    kind: 'text',
    min: 1,
    max: 512,
    pattern: 'http(s)?:\\/\\/[-a-zA-Z0-9+&@#\\/%?=~_|!:,.;]*[-a-zA-Z0-9+&bb@#\\/%?=~_|]',
  },
  ApplicationVisibility: { kind: 'text', oneOf: ['ENABLED', 'DISABLED'] },
  AuthenticationMethod: { structure: 'Iam=IamAuthenticationMethod', union: true },
  AuthenticationMethodType: { kind: 'text', oneOf: ['IAM'] },
  AuthorizationCodeGrant: { structure: 'RedirectUris=RedirectUris' },
  AuthorizedTokenIssuer: {
    structure: 'TrustedTokenIssuerArn=TrustedTokenIssuerArn AuthorizedAudiences=TokenIssuerAudiences',
  },
  AuthorizedTokenIssuers: { list: 'AuthorizedTokenIssuer', min: 1, max: 10 },
  ClaimAttributePath: { kind: 'text', min: 1, max: 255, pattern: '\\p{L}+(?:(\\.|_)\\p{L}+){0,2}' },
  ClientToken: { kind: 'text', min: 1, max: 64, pattern: '[!-~]+' },
  CustomerManagedPolicyReference: { structure: 'Name!=ManagedPolicyName Path=ManagedPolicyPath' },
  Description: { kind: 'text', min: 1, max: 128 },
  Duration: {
    kind: 'text',
    min: 1,
    max: 100,
    pattern:
      '(-?)P(?=\\d|T\\d)(?:(\\d+)Y)?(?:(\\d+)M)?(?:(\\d+)([DW]))?(?:T(?:(\\d+)H)?(?:(\\d+)M)?(?:(\\d+(?:\\.\\d+)?)S)?)?',
  },
  EncryptionConfiguration: { structure: 'KeyType!=KmsKeyType KmsKeyArn=KmsKeyArn' },
  Grant: {
    structure:
      'AuthorizationCode=AuthorizationCodeGrant JwtBearer=JwtBearerGrant RefreshToken=object TokenExchange=object',
    union: true,
  },
  GrantType: {
    kind: 'text',
    oneOf: [
      'authorization_code',
      'refresh_token',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:token-exchange',
    ],
  },
  IamAuthenticationMethod: { structure: 'ActorPolicy!=any' },
  InstanceAccessControlAttributeConfiguration: { structure: 'AccessControlAttributes!=AccessControlAttributeList' },
  InstanceArn: {
    kind: 'text',
    min: 10,
    max: 1224,
    pattern: 'arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}',
  },
  JMESPath: { kind: 'text', min: 1, max: 255, pattern: '\\p{L}+(?:\\.\\p{L}+){0,2}' },
  JwksRetrievalOption: { kind: 'text', oneOf: ['OPEN_ID_DISCOVERY'] },
  JwtBearerGrant: { structure: 'AuthorizedTokenIssuers=AuthorizedTokenIssuers' },
  KmsKeyArn: {
    kind: 'text',
    min: 20,
    max: 2048,
    pattern:
      'arn:aws(-[a-z]{1,5}){0,3}:kms:([a-z]{2,}(-[a-z0-9]+)+){1}:[0-9]{12}:key/(mrk-[a-f0-9]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})',
  },
  KmsKeyType: { kind: 'text', oneOf: ['AWS_OWNED_KMS_KEY', 'CUSTOMER_MANAGED_KEY'] },
  ListAccountAssignmentsFilter: { structure: 'AccountId=AccountId' },
  ListApplicationAccessScopesRequestMaxResultsInteger: { kind: 'integer', min: 1, max: 10 },
  ListApplicationAssignmentsFilter: { structure: 'ApplicationArn=ApplicationArn' },
  ListApplicationsFilter: { structure: 'ApplicationAccount=AccountId ApplicationProvider=ApplicationProviderArn' },
  ManagedPolicyArn: {
    kind: 'text',
    min: 20,
    max: 2048,
    pattern: 'arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy((/[A-Za-z0-9\\.,\\+@=_-]+)*)/([A-Za-z0-9\\.,\\+=@_-]+)',
  },
  ManagedPolicyName: { kind: 'text', min: 1, max: 128, pattern: '[\\w+=,.@-]+' },
  ManagedPolicyPath: { kind: 'text', min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' },
  MaxResults: { kind: 'integer', min: 1, max: 100 },
  NameType: { kind: 'text', min: 0, max: 255, pattern: '[\\w+=,.@-]+' },
  OidcJwtConfiguration: {
    structure:
      'IssuerUrl!=TrustedTokenIssuerUrl ClaimAttributePath!=ClaimAttributePath IdentityStoreAttributePath!=JMESPath JwksRetrievalOption!=JwksRetrievalOption',
  },
  OidcJwtUpdateConfiguration: {
    structure:
      'ClaimAttributePath=ClaimAttributePath IdentityStoreAttributePath=JMESPath JwksRetrievalOption=JwksRetrievalOption',
  },
  OperationStatusFilter: { structure: 'Status=StatusValues' },
  PermissionSetArn: {
    kind: 'text',
    min: 10,
    max: 1224,
    pattern: 'arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}',
  },
  PermissionSetDescription: {
    kind: 'text',
    min: 1,
    max: 700,
    pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
  },
  PermissionSetName: { kind: 'text', min: 1, max: 32, pattern: '[\\w+=,.@-]+' },
  PermissionSetPolicyDocument: { kind: 'text', min: 1, max: 32768, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
  PermissionsBoundary: {
    structure: 'CustomerManagedPolicyReference=CustomerManagedPolicyReference ManagedPolicyArn=ManagedPolicyArn',
  },
  PortalOptions: { structure: 'SignInOptions=SignInOptions Visibility=ApplicationVisibility' },
  PrincipalId: {
    kind: 'text',
    min: 1,
    max: 47,
    pattern: '([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}',
  },
  PrincipalType: { kind: 'text', oneOf: ['USER', 'GROUP'] },
  ProvisionTargetType: { kind: 'text', oneOf: ['AWS_ACCOUNT', 'ALL_PROVISIONED_ACCOUNTS'] },
  ProvisioningStatus: {
    kind: 'text',
    oneOf: ['LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED'],
  },
  RedirectUris: { list: 'text', min: 1, max: 10 },
  RegionName: { kind: 'text', min: 1, max: 32, pattern: '([a-z]+-){2,3}\\d' },
  RelayState: {
    kind: 'text',
    min: 1,
    max: 240,
    pattern: '[a-zA-Z0-9&$@#\\\\\\/%?=~\\-_\'"|!:,.;*+\\[\\] \\(\\)\\{\\}]+',
  },
  Scope: { kind: 'text', pattern: '([A-Za-z0-9_]{1,50})(:[A-Za-z0-9_]{1,50}){0,1}(:[A-Za-z0-9_]{1,50}){0,1}' },
  ScopeTarget: {
    kind: 'text',
    min: 1,
    max: 100,
    pattern:
      'arn:aws(-[a-z]{1,5}){0,3}:sso::(\\d{12}:application/(sso)?ins-[a-zA-Z0-9-.]{16}/apl-[a-zA-Z0-9]{16}|:instance/(sso)?ins-[a-zA-Z0-9-.]{16})',
  },
  ScopeTargets: { list: 'ScopeTarget', min: 1, max: 10 },
  SignInOptions: { structure: 'Origin!=SignInOrigin ApplicationUrl=ApplicationUrl' },
  SignInOrigin: { kind: 'text', oneOf: ['IDENTITY_CENTER', 'APPLICATION'] },
  StatusValues: { kind: 'text', oneOf: ['IN_PROGRESS', 'FAILED', 'SUCCEEDED'] },
  Tag: { structure: 'Key!=TagKey Value!=TagValue' },
  TagKey: { kind: 'text', min: 1, max: 128, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)' },
  TagKeyList: { list: 'TagKey', min: 1, max: 75 },
  TagList: { list: 'Tag', min: 0, max: 75 },
  TagValue: { kind: 'text', min: 0, max: 256, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)' },
  TaggableResourceArn: {
    kind: 'text',
    min: 10,
    max: 2048,
    pattern:
      'arn:aws(-[a-z]{1,5}){0,3}:sso::((:instance/(sso)?ins-[a-zA-Z0-9-.]{16})|(:permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16})|(\\d{12}:application/(sso)?ins-[a-zA-Z0-9-.]{16}/apl-[a-zA-Z0-9]{16})|(\\d{12}:trustedTokenIssuer/(sso)?ins-[a-zA-Z0-9-.]{16}/tti-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}))',
  },
  TargetId: { kind: 'text', min: 12, max: 12, pattern: '\\d{12}' },
  TargetType: { kind: 'text', oneOf: ['AWS_ACCOUNT'] },
  Token: { kind: 'text', min: 0, max: 2048, pattern: '[-a-zA-Z0-9+=/_]*' },
  TokenIssuerAudience: { kind: 'text', min: 1, max: 512 },
  TokenIssuerAudiences: { list: 'TokenIssuerAudience', min: 1, max: 10 },
  TrustedTokenIssuerArn: {
    kind: 'text',
    min: 10,
    max: 1224,
    pattern:
      'arn:aws(-[a-z]{1,5}){0,3}:sso::\\d{12}:trustedTokenIssuer/(sso)?ins-[a-zA-Z0-9-.]{16}/tti-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}',
  },
  TrustedTokenIssuerConfiguration: { structure: 'OidcJwtConfiguration=OidcJwtConfiguration', union: true },
  TrustedTokenIssuerName: { kind: 'text', min: 1, max: 255, pattern: '[\\w+=,.@-]+' },
  TrustedTokenIssuerType: { kind: 'text', oneOf: ['OIDC_JWT'] },
  TrustedTokenIssuerUpdateConfiguration: { structure: 'OidcJwtConfiguration=OidcJwtUpdateConfiguration', union: true },
  TrustedTokenIssuerUrl: {
    kind: 'text',
    min: 1,
    max: 512,
    pattern: 'https?:\\/\\/[-a-zA-Z0-9+&@\\/%=~_|!:,.;]*[-a-zA-Z0-9+&@\\/%=~_|]',
  },
  UUId: {
    kind: 'text',
    min: 36,
    max: 36,
    pattern: '\\b[0-9a-f]{8}\\b-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\\b[0-9a-f]{12}\\b',
  },
  UpdateApplicationPortalOptions: { structure: 'SignInOptions=SignInOptions' },
  UserBackgroundSessionApplicationStatus: { kind: 'text', oneOf: ['ENABLED', 'DISABLED'] },
};

/** The members of each operation's input: `!` must be there. */
const answering: Readonly<Record<string, string>> = {
  AddRegion: 'InstanceArn!=InstanceArn RegionName!=RegionName',
  AttachCustomerManagedPolicyReferenceToPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn CustomerManagedPolicyReference!=CustomerManagedPolicyReference',
  AttachManagedPolicyToPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn ManagedPolicyArn!=ManagedPolicyArn',
  CreateAccountAssignment:
    'InstanceArn!=InstanceArn TargetId!=TargetId TargetType!=TargetType PermissionSetArn!=PermissionSetArn PrincipalType!=PrincipalType PrincipalId!=PrincipalId',
  CreateApplication:
    'InstanceArn!=InstanceArn ApplicationProviderArn!=ApplicationProviderArn Name!=ApplicationNameType Description=Description PortalOptions=PortalOptions Tags=TagList Status=ApplicationStatus ClientToken=ClientToken',
  CreateApplicationAssignment: 'ApplicationArn!=ApplicationArn PrincipalId!=PrincipalId PrincipalType!=PrincipalType',
  CreateInstance: 'Name=NameType ClientToken=ClientToken Tags=TagList',
  CreateInstanceAccessControlAttributeConfiguration:
    'InstanceArn!=InstanceArn InstanceAccessControlAttributeConfiguration!=InstanceAccessControlAttributeConfiguration',
  CreatePermissionSet:
    'Name!=PermissionSetName Description=PermissionSetDescription InstanceArn!=InstanceArn SessionDuration=Duration RelayState=RelayState Tags=TagList',
  CreateTrustedTokenIssuer:
    'InstanceArn!=InstanceArn Name!=TrustedTokenIssuerName TrustedTokenIssuerType!=TrustedTokenIssuerType TrustedTokenIssuerConfiguration!=TrustedTokenIssuerConfiguration ClientToken=ClientToken Tags=TagList',
  DeleteAccountAssignment:
    'InstanceArn!=InstanceArn TargetId!=TargetId TargetType!=TargetType PermissionSetArn!=PermissionSetArn PrincipalType!=PrincipalType PrincipalId!=PrincipalId',
  DeleteApplication: 'ApplicationArn!=ApplicationArn',
  DeleteApplicationAccessScope: 'ApplicationArn!=ApplicationArn Scope!=Scope',
  DeleteApplicationAssignment: 'ApplicationArn!=ApplicationArn PrincipalId!=PrincipalId PrincipalType!=PrincipalType',
  DeleteApplicationAuthenticationMethod:
    'ApplicationArn!=ApplicationArn AuthenticationMethodType!=AuthenticationMethodType',
  DeleteApplicationGrant: 'ApplicationArn!=ApplicationArn GrantType!=GrantType',
  DeleteInlinePolicyFromPermissionSet: 'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn',
  DeleteInstance: 'InstanceArn!=InstanceArn',
  DeleteInstanceAccessControlAttributeConfiguration: 'InstanceArn!=InstanceArn',
  DeletePermissionSet: 'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn',
  DeletePermissionsBoundaryFromPermissionSet: 'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn',
  DeleteTrustedTokenIssuer: 'TrustedTokenIssuerArn!=TrustedTokenIssuerArn',
  DescribeAccountAssignmentCreationStatus: 'InstanceArn!=InstanceArn AccountAssignmentCreationRequestId!=UUId',
  DescribeAccountAssignmentDeletionStatus: 'InstanceArn!=InstanceArn AccountAssignmentDeletionRequestId!=UUId',
  DescribeApplication: 'ApplicationArn!=ApplicationArn',
  DescribeApplicationAssignment: 'ApplicationArn!=ApplicationArn PrincipalId!=PrincipalId PrincipalType!=PrincipalType',
  DescribeApplicationProvider: 'ApplicationProviderArn!=ApplicationProviderArn',
  DescribeInstance: 'InstanceArn!=InstanceArn',
  DescribeInstanceAccessControlAttributeConfiguration: 'InstanceArn!=InstanceArn',
  DescribePermissionSet: 'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn',
  DescribePermissionSetProvisioningStatus: 'InstanceArn!=InstanceArn ProvisionPermissionSetRequestId!=UUId',
  DescribeRegion: 'InstanceArn!=InstanceArn RegionName!=RegionName',
  DescribeTrustedTokenIssuer: 'TrustedTokenIssuerArn!=TrustedTokenIssuerArn',
  DetachCustomerManagedPolicyReferenceFromPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn CustomerManagedPolicyReference!=CustomerManagedPolicyReference',
  DetachManagedPolicyFromPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn ManagedPolicyArn!=ManagedPolicyArn',
  GetApplicationAccessScope: 'ApplicationArn!=ApplicationArn Scope!=Scope',
  GetApplicationAssignmentConfiguration: 'ApplicationArn!=ApplicationArn',
  GetApplicationAuthenticationMethod:
    'ApplicationArn!=ApplicationArn AuthenticationMethodType!=AuthenticationMethodType',
  GetApplicationGrant: 'ApplicationArn!=ApplicationArn GrantType!=GrantType',
  GetApplicationSessionConfiguration: 'ApplicationArn!=ApplicationArn',
  GetInlinePolicyForPermissionSet: 'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn',
  GetPermissionsBoundaryForPermissionSet: 'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn',
  ListAccountAssignmentCreationStatus:
    'InstanceArn!=InstanceArn MaxResults=MaxResults NextToken=Token Filter=OperationStatusFilter',
  ListAccountAssignmentDeletionStatus:
    'InstanceArn!=InstanceArn MaxResults=MaxResults NextToken=Token Filter=OperationStatusFilter',
  ListAccountAssignments:
    'InstanceArn!=InstanceArn AccountId!=TargetId PermissionSetArn!=PermissionSetArn MaxResults=MaxResults NextToken=Token',
  ListAccountAssignmentsForPrincipal:
    'InstanceArn!=InstanceArn PrincipalId!=PrincipalId PrincipalType!=PrincipalType Filter=ListAccountAssignmentsFilter NextToken=Token MaxResults=MaxResults',
  ListAccountsForProvisionedPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn ProvisioningStatus=ProvisioningStatus MaxResults=MaxResults NextToken=Token',
  ListApplicationAccessScopes:
    'ApplicationArn!=ApplicationArn MaxResults=ListApplicationAccessScopesRequestMaxResultsInteger NextToken=Token',
  ListApplicationAssignments: 'ApplicationArn!=ApplicationArn MaxResults=MaxResults NextToken=Token',
  ListApplicationAssignmentsForPrincipal:
    'InstanceArn!=InstanceArn PrincipalId!=PrincipalId PrincipalType!=PrincipalType Filter=ListApplicationAssignmentsFilter NextToken=Token MaxResults=MaxResults',
  ListApplicationAuthenticationMethods: 'ApplicationArn!=ApplicationArn NextToken=Token',
  ListApplicationGrants: 'ApplicationArn!=ApplicationArn NextToken=Token',
  ListApplicationProviders: 'MaxResults=MaxResults NextToken=Token',
  ListApplications: 'InstanceArn!=InstanceArn MaxResults=MaxResults NextToken=Token Filter=ListApplicationsFilter',
  ListCustomerManagedPolicyReferencesInPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn MaxResults=MaxResults NextToken=Token',
  ListInstances: 'MaxResults=MaxResults NextToken=Token',
  ListManagedPoliciesInPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn MaxResults=MaxResults NextToken=Token',
  ListPermissionSetProvisioningStatus:
    'InstanceArn!=InstanceArn MaxResults=MaxResults NextToken=Token Filter=OperationStatusFilter',
  ListPermissionSets: 'InstanceArn!=InstanceArn NextToken=Token MaxResults=MaxResults',
  ListPermissionSetsProvisionedToAccount:
    'InstanceArn!=InstanceArn AccountId!=AccountId ProvisioningStatus=ProvisioningStatus MaxResults=MaxResults NextToken=Token',
  ListRegions: 'InstanceArn!=InstanceArn MaxResults=MaxResults NextToken=Token',
  ListTagsForResource: 'InstanceArn=InstanceArn ResourceArn!=TaggableResourceArn NextToken=Token',
  ListTrustedTokenIssuers: 'InstanceArn!=InstanceArn MaxResults=MaxResults NextToken=Token',
  ProvisionPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn TargetId=TargetId TargetType!=ProvisionTargetType',
  PutApplicationAccessScope: 'Scope!=Scope AuthorizedTargets=ScopeTargets ApplicationArn!=ApplicationArn',
  PutApplicationAssignmentConfiguration: 'ApplicationArn!=ApplicationArn AssignmentRequired!=flag',
  PutApplicationAuthenticationMethod:
    'ApplicationArn!=ApplicationArn AuthenticationMethodType!=AuthenticationMethodType AuthenticationMethod!=AuthenticationMethod',
  PutApplicationGrant: 'ApplicationArn!=ApplicationArn GrantType!=GrantType Grant!=Grant',
  PutApplicationSessionConfiguration:
    'ApplicationArn!=ApplicationArn UserBackgroundSessionApplicationStatus=UserBackgroundSessionApplicationStatus',
  PutInlinePolicyToPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn InlinePolicy!=PermissionSetPolicyDocument',
  PutPermissionsBoundaryToPermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn PermissionsBoundary!=PermissionsBoundary',
  RemoveRegion: 'InstanceArn!=InstanceArn RegionName!=RegionName',
  TagResource: 'InstanceArn=InstanceArn ResourceArn!=TaggableResourceArn Tags!=TagList',
  UntagResource: 'InstanceArn=InstanceArn ResourceArn!=TaggableResourceArn TagKeys!=TagKeyList',
  UpdateApplication:
    'ApplicationArn!=ApplicationArn Name=ApplicationNameType Description=Description Status=ApplicationStatus PortalOptions=UpdateApplicationPortalOptions',
  UpdateInstance: 'Name=NameType InstanceArn!=InstanceArn EncryptionConfiguration=EncryptionConfiguration',
  UpdateInstanceAccessControlAttributeConfiguration:
    'InstanceArn!=InstanceArn InstanceAccessControlAttributeConfiguration!=InstanceAccessControlAttributeConfiguration',
  UpdatePermissionSet:
    'InstanceArn!=InstanceArn PermissionSetArn!=PermissionSetArn Description=PermissionSetDescription SessionDuration=Duration RelayState=RelayState',
  UpdateTrustedTokenIssuer:
    'TrustedTokenIssuerArn!=TrustedTokenIssuerArn Name=TrustedTokenIssuerName TrustedTokenIssuerConfiguration=TrustedTokenIssuerUpdateConfiguration',
};

export const ssoAdminModel: ServiceModel = { types, answering, refusal: ssoRefusal };
