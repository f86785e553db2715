/** What STS's API reference says of the members of each operation's input (https://docs.aws.amazon.com/STS/latest/APIReference/). */
import type { ServiceModel, ShapeType } from '../model.ts';

const types: Readonly<Record<string, ShapeType>> = {
  PolicyDescriptorType: { structure: 'arn=arnType' },
  ProvidedContext: { structure: 'ProviderArn=arnType ContextAssertion=contextAssertionType' },
  ProvidedContextsListType: { list: 'ProvidedContext', min: 1, max: 5 },
  SAMLAssertionType: { kind: 'text', min: 4, max: 100000 },
  Tag: { structure: 'Key!=tagKeyType Value!=tagValueType' },
  accessKeyIdType: { kind: 'text', min: 16, max: 128, pattern: '[\\w]*' },
  arnType: {
    kind: 'text',
    min: 20,
    max: 2048,
    pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
  },
  clientTokenType: { kind: 'text', min: 4, max: 20000 },
  contextAssertionType: { kind: 'text', min: 4, max: 2048 },
  durationSecondsType: { kind: 'number', min: 900, max: 129600 },
  externalIdType: { kind: 'text', min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' },
  policyDescriptorListType: { list: 'PolicyDescriptorType' },
  roleDurationSecondsType: { kind: 'number', min: 900, max: 43200 },
  roleSessionNameType: { kind: 'text', min: 2, max: 64, pattern: '[\\w+=,.@-]*' },
  serialNumberType: { kind: 'text', min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' },
  sessionPolicyDocumentType: { kind: 'text', min: 1, max: 2048, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
  sourceIdentityType: { kind: 'text', min: 2, max: 64, pattern: '[\\w+=,.@-]*' },
  tagKeyListType: { list: 'tagKeyType', max: 50 },
  tagKeyType: { kind: 'text', min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
  tagListType: { list: 'Tag', max: 50 },
  tagValueType: { kind: 'text', min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
  tokenCodeType: { kind: 'text', min: 6, max: 6, pattern: '[\\d]*' },
  unrestrictedSessionPolicyDocumentType: { kind: 'text', min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
  urlType: { kind: 'text', min: 4, max: 2048 },
  userNameType: { kind: 'text', min: 2, max: 32, pattern: '[\\w+=,.@-]*' },
};

/** Operations that answer with a result, and the members of their input: `!` must be there. */
const answering: Readonly<Record<string, string>> = {
  AssumeRole:
    'RoleArn!=arnType RoleSessionName!=roleSessionNameType PolicyArns=policyDescriptorListType Policy=unrestrictedSessionPolicyDocumentType DurationSeconds=roleDurationSecondsType Tags=tagListType TransitiveTagKeys=tagKeyListType ExternalId=externalIdType SerialNumber=serialNumberType TokenCode=tokenCodeType SourceIdentity=sourceIdentityType ProvidedContexts=ProvidedContextsListType',
  AssumeRoleWithSAML:
    'RoleArn!=arnType PrincipalArn!=arnType SAMLAssertion!=SAMLAssertionType PolicyArns=policyDescriptorListType Policy=sessionPolicyDocumentType DurationSeconds=roleDurationSecondsType',
  AssumeRoleWithWebIdentity:
    'RoleArn!=arnType RoleSessionName!=roleSessionNameType WebIdentityToken!=clientTokenType ProviderId=urlType PolicyArns=policyDescriptorListType Policy=sessionPolicyDocumentType DurationSeconds=roleDurationSecondsType',
  GetAccessKeyInfo: 'AccessKeyId!=accessKeyIdType',
  GetCallerIdentity: '',
  GetFederationToken:
    'Name!=userNameType Policy=sessionPolicyDocumentType PolicyArns=policyDescriptorListType DurationSeconds=durationSecondsType Tags=tagListType',
  GetSessionToken: 'DurationSeconds=durationSecondsType SerialNumber=serialNumberType TokenCode=tokenCodeType',
};

export const stsModel: ServiceModel = { types, answering, silent: {}, showsValues: true };
