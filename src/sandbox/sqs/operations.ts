/** The imitated SQS, as far as policies of queues go. */
import type { CallInput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import { accessTo, authorize } from '../resources/authorize.ts';
import { checkedPolicy, shownPolicy } from '../resources/document.ts';
import type { PolicyRules } from '../resources/document.ts';
import { resourcePage } from '../resources/look.ts';
import type { TokenNames } from '../resources/look.ts';
import type { HeldResource } from '../resources/state.ts';
import { heldAt, heldIn, hold, letGo } from '../resources/state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const denied = (message: string): AwsError => new AwsError('AccessDeniedException', message, { status: 403 });

const invalidPolicy = (): AwsError => new AwsError('InvalidAttributeValue', 'Invalid value for the parameter Policy.');

/** 8,192 bytes ("Amazon SQS policy quotas", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html). */
const policyRules: PolicyRules = {
  size: 8192,
  whitespace: 'counts',
  vendor: 'sqs',
  resource: 'any',
  refusal: invalidPolicy,
};

const urlOf = ({ region, name, arn }: HeldResource): string =>
  `https://sqs.${region}.amazonaws.com/${arn.split(':')[4] ?? ''}/${name}`;

const missing = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

const queueFor = (
  world: SandboxWorld,
  input: CallInput,
  { call, action }: { readonly call: SandboxCall; readonly action: string },
): HeldResource => {
  const [, account = '', name = ''] = /^https?:\/\/[^/]+\/(\d{12})\/([^/]+)$/.exec(textMember(input, 'QueueUrl')) ?? [];
  const queue = heldAt(world, { account, region: call.region }, { service: 'sqs', name });
  if (queue === undefined) throw missing();
  authorize(world, call, { ...accessTo(`sqs:${action}`, queue), refuse: denied });
  return queue;
};

const settable: readonly string[] = [
  ...['Policy', 'DelaySeconds', 'MaximumMessageSize', 'MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds'],
  ...['RedrivePolicy', 'VisibilityTimeout', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'],
  ...['FifoQueue', 'ContentBasedDeduplication'],
];

/** An empty policy takes the policy away. */
const setAll = (world: SandboxWorld, queue: HeldResource, { input, now }: { input: CallInput; now: number }): void => {
  const given = Object.entries((input['Attributes'] ?? {}) as Record<string, string>);
  const unknown = given.find(([name]) => !settable.includes(name));
  if (unknown) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown[0]}.`);
  const text = given.find(([name]) => name === 'Policy')?.[1];
  const policy =
    text === undefined || text === '' ? undefined : checkedPolicy(world, text, { rules: policyRules, now });
  if (policy !== undefined) queue.policy = policy;
  else if (text === '') Reflect.deleteProperty(queue, 'policy');
  for (const [name, value] of given) if (name !== 'Policy') queue.attributes[name] = value;
};

const createQueue: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'QueueName');
  const arn = `arn:aws:sqs:${call.region}:${call.account}:${name}`;
  authorize(world, call, { action: 'sqs:CreateQueue', arn, refuse: denied });
  const known = heldAt(world, call, { service: 'sqs', name });
  if (known) return { QueueUrl: urlOf(known) };
  const { region, now } = call;
  const queue: HeldResource = { service: 'sqs', region, name, arn, createdAt: now, attributes: {} };
  setAll(world, queue, { input, now });
  return { QueueUrl: urlOf(hold(world, call.account, queue)) };
};

const deleteQueue: SandboxOperation<SandboxWorld> = (world, input, call) => {
  letGo(world, call.account, queueFor(world, input, { call, action: 'DeleteQueue' }));
  return {};
};

const getQueueUrl: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const account = optionalTextMember(input, 'QueueOwnerAWSAccountId') ?? call.account;
  const queue = heldAt(
    world,
    { account, region: call.region },
    { service: 'sqs', name: textMember(input, 'QueueName') },
  );
  if (queue === undefined) throw missing();
  authorize(world, call, { ...accessTo('sqs:GetQueueUrl', queue), refuse: denied });
  return { QueueUrl: urlOf(queue) };
};

const names: TokenNames = {
  size: 'MaxResults',
  cap: 1000,
  token: 'NextToken',
  next: 'NextToken',
  invalid: () => new AwsError('InvalidParameterValue', 'Invalid or expired next token.'),
};

/** "You must set MaxResults to receive NextToken in the response": without it the first thousand are all (ListQueues). */
const listQueues: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const arn = `arn:aws:sqs:${call.region}:${call.account}:*`;
  authorize(world, call, { action: 'sqs:ListQueues', arn, refuse: denied });
  const prefix = textMember(input, 'QueueNamePrefix');
  const urls = heldIn(world, call, 'sqs')
    .filter(({ name }) => name.startsWith(prefix))
    .map(urlOf);
  const { NextToken, ...page } = resourcePage('QueueUrls', urls, { input, names });
  return input['MaxResults'] === undefined || NextToken === undefined ? page : { ...page, NextToken };
};

const getQueueAttributes: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { arn, policy, attributes, createdAt } = queueFor(world, input, { call, action: 'GetQueueAttributes' });
  const asked = Array.isArray(input['AttributeNames']) ? (input['AttributeNames'] as unknown[]).map(String) : [];
  const all: Readonly<Record<string, string>> = {
    QueueArn: arn,
    CreatedTimestamp: String(Math.floor(createdAt / 1000)),
    VisibilityTimeout: '30',
    ...attributes,
    ...(policy === undefined ? {} : { Policy: shownPolicy(world, policy) }),
  };
  const unknown = asked.find((name) => !['All', 'Policy', ...settable].includes(name) && own(all, name) === undefined);
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const answered = Object.entries(all).filter(([name]) => asked.includes('All') || asked.includes(name));
  return answered.length === 0 ? {} : { Attributes: Object.fromEntries(answered) };
};

const setQueueAttributes: SandboxOperation<SandboxWorld> = (world, input, call) => {
  setAll(world, queueFor(world, input, { call, action: 'SetQueueAttributes' }), { input, now: call.now });
  return {};
};

export const sqsOperations: WorldOperations = {
  CreateQueue: createQueue,
  DeleteQueue: deleteQueue,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
};
