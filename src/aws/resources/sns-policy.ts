/** The policy of a topic, which is never without one: AWS's own default counts as none. */
import { GetTopicAttributesCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { statements } from '../../model/policy.ts';
import { parseDocument } from '../documents.ts';
import { isNamed } from '../failures.ts';
import { NoResource } from './policy-calls.ts';
import type { PolicyCaller } from './policy-calls.ts';

const ofTopic = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (thrown) {
    if (isNamed(thrown, 'NotFoundException', 'NotFound')) throw new NoResource();
    throw thrown;
  }
};

const defaultSid = '__default_statement_ID';

/**
 * As the console writes it for "only the topic owner" (SNS Developer Guide, "Creating an Amazon SNS topic"): everybody who acts
 * for the topic's own account. CreateTopic takes no such text, and SetTopicAttributes no empty one, so this is what a topic is
 * given back.
 */
const defaultPolicy = (arn: string, account: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: defaultSid,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          ...['SNS:GetTopicAttributes', 'SNS:SetTopicAttributes', 'SNS:AddPermission', 'SNS:RemovePermission'],
          ...['SNS:DeleteTopic', 'SNS:Subscribe', 'SNS:ListSubscriptionsByTopic', 'SNS:Publish'],
        ],
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });

/** Which actions it lists has changed over the years; the rest has not. */
export const isDefaultTopicPolicy = (text: string, account: string): boolean => {
  const document = parseDocument(text);
  const [only, ...more] = document === undefined ? [] : statements(document);
  if (only === undefined || more.length > 0) return false;
  const owner = Object.values(only.Condition ?? {}).flatMap((keys) => Object.entries(keys));
  return (
    only.Sid === defaultSid &&
    JSON.stringify(only.Principal) === JSON.stringify({ AWS: '*' }) &&
    owner.length === 1 &&
    owner.every(([key, value]) => key.toLowerCase() === 'aws:sourceowner' && String(value) === account)
  );
};

export const snsPolicy: PolicyCaller<'sns'> = (client, { arn, account }) => {
  const set = (text: string) =>
    ofTopic(
      client.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'Policy', AttributeValue: text })),
    );
  return {
    read: async () => {
      const { Attributes } = await ofTopic(client.send(new GetTopicAttributesCommand({ TopicArn: arn })));
      const text = Attributes?.['Policy'];
      return text === undefined || text === '' || isDefaultTopicPolicy(text, account) ? undefined : text;
    },
    put: set,
    remove: () => set(defaultPolicy(arn, account)),
  };
};
