/** Policies of private repositories. */
import { DescribeRepositoriesCommand, ECRClient, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import type { ECRClientConfig } from '@aws-sdk/client-ecr';
import { isNamed } from '../failures.ts';
import { everyRow } from './reader.ts';
import type { ReaderPlace, ResourceReader } from './reader.ts';

export const openEcr = (config: ECRClientConfig): ECRClient => new ECRClient(config);

export const ecrReader = (client: ECRClient, { region }: ReaderPlace): ResourceReader => ({
  list: async () => {
    const found = await everyRow(async (token) => {
      const { repositories, nextToken } = await client.send(
        new DescribeRepositoriesCommand({ maxResults: 1000, ...(token === undefined ? {} : { nextToken: token }) }),
      );
      return { rows: repositories, next: nextToken };
    });
    return found.map(({ repositoryName = '', repositoryArn = '' }) => ({
      arn: repositoryArn,
      id: repositoryName,
      region,
    }));
  },
  named: (arn) => ({ arn, id: arn.slice(arn.indexOf('/') + 1), region }),
  policy: async ({ id }) => {
    try {
      return (await client.send(new GetRepositoryPolicyCommand({ repositoryName: id }))).policyText;
    } catch (thrown) {
      if (isNamed(thrown, 'RepositoryPolicyNotFoundException', 'RepositoryNotFoundException')) return undefined;
      throw thrown;
    }
  },
});
