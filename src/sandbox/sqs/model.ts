/** What the SQS API reference says of each operation's input (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/). */
import { AwsError } from '../core.ts';
import type { ServiceModel } from '../model.ts';

export const sqsModel: ServiceModel = {
  types: {
    QueueName: { kind: 'text', min: 1, max: 80, pattern: '[A-Za-z0-9_-]{1,80}(?:\\.fifo)?' },
    Names: { list: 'text' },
    Attributes: { map: 'text' },
    MaxResults: { kind: 'integer', min: 1, max: 1000 },
  },
  answering: {
    CreateQueue: 'QueueName!=QueueName Attributes=Attributes',
    DeleteQueue: 'QueueUrl!=text',
    GetQueueUrl: 'QueueName!=text QueueOwnerAWSAccountId=text',
    ListQueues: 'QueueNamePrefix=text NextToken=text MaxResults=MaxResults',
    GetQueueAttributes: 'QueueUrl!=text AttributeNames=Names',
    SetQueueAttributes: 'QueueUrl!=text Attributes!=Attributes',
  },
  refusal: ([first]) => {
    const member = first === undefined ? '' : `${first.at.charAt(0).toUpperCase()}${first.at.slice(1)}`;
    if (first?.fault === 'required')
      return new AwsError('MissingParameter', `The request must contain the parameter ${member}.`);
    if (member === 'QueueName')
      return new AwsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    return new AwsError('InvalidParameterValue', `Value for parameter ${member} is invalid.`);
  },
};
