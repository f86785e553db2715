/** Resource policies of secrets. What the secrets say is never asked for. */
import { GetResourcePolicyCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { isNamed } from '../failures.ts';
import { everyRow } from './reader.ts';
import type { ReaderPlace, ResourceReader } from './reader.ts';

export const openSecretsManager = (config: SecretsManagerClientConfig): SecretsManagerClient =>
  new SecretsManagerClient(config);

export const secretsManagerReader = (client: SecretsManagerClient, { region }: ReaderPlace): ResourceReader => ({
  list: async () => {
    const secrets = await everyRow(async (token) => {
      const { SecretList, NextToken } = await client.send(
        new ListSecretsCommand({ MaxResults: 100, ...(token === undefined ? {} : { NextToken: token }) }),
      );
      return { rows: SecretList, next: NextToken };
    });
    return secrets.map(({ ARN = '' }) => ({ arn: ARN, id: ARN, region }));
  },
  named: (arn) => ({ arn, id: arn, region }),
  policy: async ({ id }) => {
    try {
      return (await client.send(new GetResourcePolicyCommand({ SecretId: id }))).ResourcePolicy;
    } catch (thrown) {
      if (isNamed(thrown, 'ResourceNotFoundException')) return undefined;
      throw thrown;
    }
  },
});
