/** Access policies of queues. */
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { isNamed } from '../failures.ts';
import { everyRow } from './reader.ts';
import type { ReaderPlace, ResourceReader } from './reader.ts';

export const openSqs = (config: SQSClientConfig): SQSClient => new SQSClient(config);

/** A queue's URL ends in its account and name (SQS Developer Guide, "Queue and message identifiers"). */
const arnOf = (url: string, { region }: ReaderPlace): string => {
  const [account = '', name = ''] = url.split('/').slice(-2);
  return `arn:aws:sqs:${region}:${account}:${name}`;
};

const urlOf = (arn: string): string => {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
};

export const sqsReader = (client: SQSClient, place: ReaderPlace): ResourceReader => ({
  list: async () => {
    const urls = await everyRow(async (token) => {
      const { QueueUrls, NextToken } = await client.send(
        new ListQueuesCommand({ MaxResults: 1000, ...(token === undefined ? {} : { NextToken: token }) }),
      );
      return { rows: QueueUrls, next: NextToken };
    });
    return urls.map((url) => ({ arn: arnOf(url, place), id: url, region: place.region }));
  },
  named: (arn) => ({ arn, id: urlOf(arn), region: place.region }),
  policy: async ({ id }) => {
    try {
      const asked = new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ['Policy'] });
      return (await client.send(asked)).Attributes?.Policy;
    } catch (thrown) {
      if (isNamed(thrown, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue')) return undefined;
      throw thrown;
    }
  },
});
