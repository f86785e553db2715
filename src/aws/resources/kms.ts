/** Policies of the keys that customers manage: those of AWS's keys are AWS's. */
import { GetKeyPolicyCommand, KMSClient, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { isNamed } from '../failures.ts';
import { everyRow } from './reader.ts';
import type { ReaderPlace, ResourceReader } from './reader.ts';

export const openKms = (config: KMSClientConfig): KMSClient => new KMSClient(config);

/**
 * "The alias of an AWS managed key begins with aws/" (CreateAlias), so that one list says whose the keys are, where
 * DescribeKey would be asked of each.
 */
const keysOfAws = async (client: KMSClient): Promise<ReadonlySet<string>> => {
  const aliases = await everyRow(async (token) => {
    const { Aliases, NextMarker } = await client.send(
      new ListAliasesCommand({ Limit: 100, ...(token === undefined ? {} : { Marker: token }) }),
    );
    return { rows: Aliases, next: NextMarker };
  });
  return new Set(
    aliases.flatMap(({ AliasName = '', TargetKeyId }) =>
      AliasName.startsWith('alias/aws/') && TargetKeyId !== undefined ? [TargetKeyId] : [],
    ),
  );
};

export const kmsReader = (client: KMSClient, { region }: ReaderPlace): ResourceReader => ({
  list: async () => {
    const [keys, ofAws] = await Promise.all([
      everyRow(async (token) => {
        const { Keys, NextMarker } = await client.send(
          new ListKeysCommand({ Limit: 1000, ...(token === undefined ? {} : { Marker: token }) }),
        );
        return { rows: Keys, next: NextMarker };
      }),
      keysOfAws(client),
    ]);
    return keys
      .filter(({ KeyId = '' }) => !ofAws.has(KeyId))
      .map(({ KeyId = '', KeyArn = '' }) => ({ arn: KeyArn, id: KeyId, region }));
  },
  named: (arn) => ({ arn, id: arn.split('/').at(-1) ?? arn, region }),
  policy: async ({ id }) => {
    try {
      return (await client.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: 'default' }))).Policy;
    } catch (thrown) {
      if (isNamed(thrown, 'NotFoundException')) return undefined;
      throw thrown;
    }
  },
});
