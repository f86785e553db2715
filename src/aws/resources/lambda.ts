/** Resource policies of functions; versions and aliases have policies of their own, which are not read. */
import { GetPolicyCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { isNamed } from '../failures.ts';
import { everyRow } from './reader.ts';
import type { ReaderPlace, ResourceReader } from './reader.ts';

export const openLambda = (config: LambdaClientConfig): LambdaClient => new LambdaClient(config);

export const lambdaReader = (client: LambdaClient, { region }: ReaderPlace): ResourceReader => ({
  list: async () => {
    const functions = await everyRow(async (token) => {
      const { Functions, NextMarker } = await client.send(
        new ListFunctionsCommand(token === undefined ? {} : { Marker: token }),
      );
      return { rows: Functions, next: NextMarker };
    });
    return functions.map(({ FunctionName = '', FunctionArn = '' }) => ({ arn: FunctionArn, id: FunctionName, region }));
  },
  named: (arn) => ({ arn, id: arn.split(':').at(-1) ?? arn, region }),
  policy: async ({ id }) => {
    try {
      return (await client.send(new GetPolicyCommand({ FunctionName: id }))).Policy;
    } catch (thrown) {
      if (isNamed(thrown, 'ResourceNotFoundException')) return undefined;
      throw thrown;
    }
  },
});
