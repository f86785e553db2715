/** What the SNS API reference says of the members of each operation's input (https://docs.aws.amazon.com/sns/latest/api/). */
import { AwsError } from '../core.ts';
import type { ServiceModel } from '../model.ts';

export const snsInvalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

export const snsModel: ServiceModel = {
  types: {
    TopicName: { kind: 'text', min: 1, max: 256, pattern: '[A-Za-z0-9_-]{1,256}(?:\\.fifo)?' },
    TopicArn: { kind: 'text', min: 1 },
    Attributes: { map: 'text' },
  },
  answering: {
    CreateTopic: 'Name!=TopicName Attributes=Attributes',
    ListTopics: 'NextToken=text',
    GetTopicAttributes: 'TopicArn!=TopicArn',
  },
  silent: {
    DeleteTopic: 'TopicArn!=TopicArn',
    SetTopicAttributes: 'TopicArn!=TopicArn AttributeName!=text AttributeValue=text',
  },
  refusal: ([first], message) => {
    const member = first === undefined ? '' : `${first.at.charAt(0).toUpperCase()}${first.at.slice(1)}`;
    return first?.fault === 'required' ? new AwsError('ValidationError', message) : snsInvalid(member);
  },
};
