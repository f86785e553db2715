/** The imitated SNS, as far as access policies of topics go. */
import type { CallInput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { textMember } from '../members.ts';
import { accessTo, authorize } from '../resources/authorize.ts';
import { checkedPolicy, shownPolicy } from '../resources/document.ts';
import type { PolicyRules } from '../resources/document.ts';
import { arnParts, heldMeant, resourcePage } from '../resources/look.ts';
import type { TokenNames } from '../resources/look.ts';
import type { HeldResource } from '../resources/state.ts';
import { heldAt, heldIn, hold, letGo } from '../resources/state.ts';
import { asEntries } from '../wire-query.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { snsInvalid } from './model.ts';

const denied = (message: string): AwsError => new AwsError('AuthorizationError', message, { status: 403 });

/**
 * The actions that a topic's policy may name ("Valid policy actions", https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html);
 * Receive stands in policies of old.
 */
const actions: readonly string[] = [
  ...['AddPermission', 'DeleteTopic', 'GetDataProtectionPolicy', 'GetTopicAttributes', 'ListSubscriptionsByTopic'],
  ...['ListTagsForResource', 'Publish', 'PutDataProtectionPolicy', 'RemovePermission', 'SetTopicAttributes'],
  ...['Subscribe', 'Receive'],
];

const policyRules = (arn: string): PolicyRules => ({
  size: 30_720,
  whitespace: 'counts',
  vendor: 'sns',
  actions,
  resource: (resource) => resource === arn,
  refusal: (fault, detail) => {
    if (fault === 'action') return snsInvalid('Policy statement action out of service scope!');
    // For a service that does not exist there is no word but this one.
    if (fault === 'principal' && detail.includes('"AWS"')) return snsInvalid('Policy Error: PrincipalNotFound');
    if (fault === 'resource') return snsInvalid('Policy statement resource out of service scope!');
    return snsInvalid('Policy Error: null');
  },
});

/** What a topic has until somebody sets another: only those of its own account may use it. */
export const firstTopicPolicy = (arn: string, account: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
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

const topicFor = (
  world: SandboxWorld,
  input: CallInput,
  { call, action }: { readonly call: SandboxCall; readonly action: string },
): HeldResource => {
  const text = textMember(input, 'TopicArn');
  const arn = arnParts('sns', text);
  if (arn === undefined) throw snsInvalid('TopicArn');
  const topic = heldMeant(world, call, { service: 'sns', name: arn.resource, arn });
  authorize(world, call, { ...accessTo(`SNS:${action}`, topic ?? { arn: text }), refuse: denied });
  if (topic) return topic;
  throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
};

const attributesIn = (input: CallInput): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries((input['Attributes'] ?? {}) as Record<string, unknown>).map(([name, value]) => [
      name,
      String(value),
    ]),
  );

const settable = /^(Policy|DisplayName|DeliveryPolicy|KmsMasterKeyId|FifoTopic|SignatureVersion|TracingConfig)$/;

type AttributeSetting = { readonly name: string; readonly value: string; readonly now: number };

const set = (world: SandboxWorld, topic: HeldResource, { name, value, now }: AttributeSetting): void => {
  if (!settable.test(name)) throw snsInvalid('AttributeName');
  if (name !== 'Policy') topic.attributes[name] = value;
  else topic.policy = checkedPolicy(world, value, { rules: policyRules(topic.arn), now });
};

const createTopic: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'Name');
  const arn = `arn:aws:sns:${call.region}:${call.account}:${name}`;
  authorize(world, call, { action: 'SNS:CreateTopic', arn, refuse: denied });
  if (heldAt(world, call, { service: 'sns', name })) return { TopicArn: arn };
  const { region, now } = call;
  const topic: HeldResource = { service: 'sns', region, name, arn, createdAt: now, attributes: {} };
  topic.policy = { text: firstTopicPolicy(arn, call.account), principals: {} };
  for (const [member, value] of Object.entries(attributesIn(input))) set(world, topic, { name: member, value, now });
  hold(world, call.account, topic);
  return { TopicArn: arn };
};

const names: TokenNames = {
  size: 'none',
  cap: 100,
  token: 'NextToken',
  next: 'NextToken',
  invalid: () => snsInvalid('NextToken'),
};

const listTopics: SandboxOperation<SandboxWorld> = (world, input, call) => {
  authorize(world, call, {
    action: 'SNS:ListTopics',
    arn: `arn:aws:sns:${call.region}:${call.account}:*`,
    refuse: denied,
  });
  const topics = heldIn(world, call, 'sns').map(({ arn }) => ({ TopicArn: arn }));
  return resourcePage('Topics', topics, { input, names });
};

const getTopicAttributes: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { arn, policy, attributes } = topicFor(world, input, { call, action: 'GetTopicAttributes' });
  return {
    Attributes: asEntries({
      TopicArn: arn,
      Owner: arn.split(':')[4],
      DisplayName: '',
      ...attributes,
      Policy: policy && shownPolicy(world, policy),
      SubscriptionsConfirmed: '0',
      SubscriptionsPending: '0',
      SubscriptionsDeleted: '0',
    }),
  };
};

const setTopicAttributes: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const topic = topicFor(world, input, { call, action: 'SetTopicAttributes' });
  const [name, value] = [textMember(input, 'AttributeName'), textMember(input, 'AttributeValue')];
  set(world, topic, { name, value, now: call.now });
  return {};
};

const deleteTopic: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const arn = arnParts('sns', textMember(input, 'TopicArn'));
  if (arn === undefined) throw snsInvalid('TopicArn');
  if (heldMeant(world, call, { service: 'sns', name: arn.resource, arn }) === undefined) return {};
  letGo(world, call.account, topicFor(world, input, { call, action: 'DeleteTopic' }));
  return {};
};

export const snsOperations: WorldOperations = {
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  ListTopics: listTopics,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
};
