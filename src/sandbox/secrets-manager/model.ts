/** What the Secrets Manager API reference says of each operation's input (https://docs.aws.amazon.com/secretsmanager/latest/apireference/). */
import { AwsError } from '../core.ts';
import type { ServiceModel } from '../model.ts';

export const secretsManagerModel: ServiceModel = {
  types: {
    NameType: { kind: 'text', min: 1, max: 512 },
    SecretIdType: { kind: 'text', min: 1, max: 2048 },
    SecretStringType: { kind: 'text', min: 1, max: 65_536 },
    DescriptionType: { kind: 'text', max: 2048 },
    NonEmptyResourcePolicyType: { kind: 'text', min: 1, max: 20_480 },
    MaxResultsType: { kind: 'integer', min: 1, max: 100 },
    NextTokenType: { kind: 'text', min: 1, max: 4096 },
  },
  answering: {
    CreateSecret: 'Name!=NameType Description=DescriptionType SecretString=SecretStringType',
    ListSecrets: 'MaxResults=MaxResultsType NextToken=NextTokenType',
    GetResourcePolicy: 'SecretId!=SecretIdType',
    PutResourcePolicy: 'SecretId!=SecretIdType ResourcePolicy!=NonEmptyResourcePolicyType BlockPublicPolicy=flag',
    DeleteResourcePolicy: 'SecretId!=SecretIdType',
    ValidateResourcePolicy: 'SecretId=SecretIdType ResourcePolicy!=NonEmptyResourcePolicyType',
  },
  refusal: (_broken, message) => new AwsError('ValidationException', message),
};
