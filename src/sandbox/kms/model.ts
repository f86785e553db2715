/** What the KMS API reference says of the members of each operation's input (https://docs.aws.amazon.com/kms/latest/APIReference/). */
import { AwsError } from '../core.ts';
import type { ServiceModel } from '../model.ts';

export const kmsModel: ServiceModel = {
  types: {
    KeyIdType: { kind: 'text', min: 1, max: 2048 },
    PolicyType: { kind: 'text', min: 1, max: 131_072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    PolicyNameType: { kind: 'text', min: 1, max: 128, pattern: '[\\w]+' },
    DescriptionType: { kind: 'text', min: 0, max: 8192 },
    AliasNameType: { kind: 'text', min: 1, max: 256, pattern: '[a-zA-Z0-9:/_-]+' },
    LimitType: { kind: 'integer', min: 1, max: 1000 },
    MarkerType: { kind: 'text', min: 1, max: 1024, pattern: '[\\u0020-\\u00FF]*' },
  },
  answering: {
    CreateKey: 'Policy=PolicyType Description=DescriptionType BypassPolicyLockoutSafetyCheck=flag',
    ListKeys: 'Limit=LimitType Marker=MarkerType',
    ListAliases: 'KeyId=KeyIdType Limit=LimitType Marker=MarkerType',
    CreateAlias: 'AliasName!=AliasNameType TargetKeyId!=KeyIdType',
    DescribeKey: 'KeyId!=KeyIdType',
    GetKeyPolicy: 'KeyId!=KeyIdType PolicyName=PolicyNameType',
    PutKeyPolicy: 'KeyId!=KeyIdType PolicyName=PolicyNameType Policy!=PolicyType BypassPolicyLockoutSafetyCheck=flag',
  },
  refusal: (_broken, message) => new AwsError('ValidationException', message),
};
