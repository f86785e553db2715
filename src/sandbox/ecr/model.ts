/** What the ECR API reference says of each operation's input (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/). */
import { AwsError } from '../core.ts';
import type { ServiceModel } from '../model.ts';

export const ecrInvalid = (member: string, why: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid parameter at '${member}' failed to satisfy constraint: '${why}'`);

const name = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*';

export const ecrModel: ServiceModel = {
  types: {
    RepositoryName: { kind: 'text', min: 2, max: 256, pattern: name },
    RepositoryNames: { list: 'RepositoryName', min: 1, max: 100 },
    RegistryId: { kind: 'text', pattern: '[0-9]{12}' },
    PolicyText: { kind: 'text', min: 0, max: 10_240 },
    MaxResults: { kind: 'integer', min: 1, max: 1000 },
  },
  answering: {
    CreateRepository: 'registryId=RegistryId repositoryName!=RepositoryName',
    DescribeRepositories: 'registryId=RegistryId repositoryNames=RepositoryNames nextToken=text maxResults=MaxResults',
    GetRepositoryPolicy: 'registryId=RegistryId repositoryName!=RepositoryName',
    SetRepositoryPolicy: 'registryId=RegistryId repositoryName!=RepositoryName policyText!=PolicyText force=flag',
    DeleteRepositoryPolicy: 'registryId=RegistryId repositoryName!=RepositoryName',
  },
  refusal: ([first]) => ecrInvalid(first?.at ?? '', first?.rule ?? ''),
};
