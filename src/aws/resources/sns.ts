/** Access policies of topics. */
import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SNSClientConfig } from '@aws-sdk/client-sns';
import { isNamed } from '../failures.ts';
import { everyRow } from './reader.ts';
import type { ReaderPlace, ResourceReader } from './reader.ts';

export const openSns = (config: SNSClientConfig): SNSClient => new SNSClient(config);

export const snsReader = (client: SNSClient, { region }: ReaderPlace): ResourceReader => ({
  list: async () => {
    const topics = await everyRow(async (token) => {
      const { Topics, NextToken } = await client.send(
        new ListTopicsCommand(token === undefined ? {} : { NextToken: token }),
      );
      return { rows: Topics, next: NextToken };
    });
    return topics.map(({ TopicArn = '' }) => ({ arn: TopicArn, id: TopicArn, region }));
  },
  named: (arn) => ({ arn, id: arn, region }),
  policy: async ({ id }) => {
    try {
      return (await client.send(new GetTopicAttributesCommand({ TopicArn: id }))).Attributes?.['Policy'];
    } catch (thrown) {
      if (isNamed(thrown, 'NotFoundException', 'NotFound')) return undefined;
      throw thrown;
    }
  },
});
