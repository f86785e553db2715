/** The imitated CloudTrail: event history here, the trails of an account beside it. */
import type { SandboxCall, CallInput, JsonObject, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError } from '../core.ts';
import { keptFor } from './record.ts';
import type { TrailEvent } from './state.ts';
import { trailOperations } from './trails.ts';
import { takePage } from '../pages.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const nameOf = ({ principalArn }: TrailEvent): string => principalArn.slice(principalArn.lastIndexOf('/') + 1);

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

const issuerOf = ({ principalArn, userId, roleArn, account }: TrailEvent): JsonObject => {
  const userName = principalArn.split('/').at(-2) ?? '';
  return {
    type: 'Role',
    principalId: userId.split(':')[0],
    arn: roleArn ?? `arn:aws:iam::${account}:role/${userName}`,
    accountId: accountOf(principalArn),
    userName,
  };
};

/** "CloudTrail userIdentity element". */
const identityOf = (event: TrailEvent): JsonObject => {
  const { principalArn, userId, accessKeyId } = event;
  const common = { principalId: userId, arn: principalArn, accountId: accountOf(principalArn), accessKeyId };
  if (principalArn.endsWith(':root')) return { type: 'Root', ...common };
  if (principalArn.includes(':user/')) return { type: 'IAMUser', ...common, userName: nameOf(event) };
  const attributes = {
    creationDate: new Date(event.at).toISOString(),
    mfaAuthenticated: String(event.console ?? false),
  };
  return { type: 'AssumedRole', ...common, sessionContext: { sessionIssuer: issuerOf(event), attributes } };
};

const recordOf = (event: TrailEvent): JsonObject => ({
  eventVersion: '1.11',
  userIdentity: identityOf(event),
  eventTime: new Date(event.at).toISOString().replace(/\.\d+Z$/, 'Z'),
  eventSource: event.source,
  eventName: event.name,
  awsRegion: event.region,
  sourceIPAddress: event.ip,
  userAgent: event.agent,
  ...(event.error === undefined ? {} : { errorCode: event.error.code, errorMessage: event.error.message }),
  requestParameters: event.request,
  responseElements: event.response,
  eventID: event.id,
  readOnly: false,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: event.account,
  eventCategory: 'Management',
  ...(event.console === undefined ? {} : { sessionCredentialFromConsole: 'true' }),
});

const types: Readonly<Record<string, string>> = {
  roleName: 'AWS::IAM::Role',
  userName: 'AWS::IAM::User',
  policyArn: 'AWS::IAM::Policy',
  policyName: 'AWS::IAM::Policy',
};

/** Event history names resources for few services; Organizations and Identity Center are not among them. */
const resourcesOf = ({ source, request }: TrailEvent): readonly { ResourceType: string; ResourceName: string }[] => {
  if (source !== 'iam.amazonaws.com') return [];
  return Object.entries(request as JsonObject).flatMap(([name, value]) => {
    const ResourceType = Object.hasOwn(types, name) ? types[name] : undefined;
    return ResourceType !== undefined && typeof value === 'string' ? [{ ResourceType, ResourceName: value }] : [];
  });
};

/** As trails send it. */
export const trailMessage = (event: TrailEvent): string => JSON.stringify(recordOf(event));

const eventOutput = (event: TrailEvent): CallOutput => ({
  EventId: event.id,
  EventName: event.name,
  ReadOnly: 'false',
  AccessKeyId: event.accessKeyId,
  EventTime: Math.floor(event.at / 1000),
  EventSource: event.source,
  Username: nameOf(event),
  Resources: resourcesOf(event),
  CloudTrailEvent: trailMessage(event),
});

const attributes: Readonly<Record<string, (event: TrailEvent) => readonly string[]>> = {
  EventId: ({ id }) => [id],
  EventName: ({ name }) => [name],
  ReadOnly: () => ['false'],
  Username: (event) => [nameOf(event)],
  ResourceType: (event) => resourcesOf(event).map(({ ResourceType }) => ResourceType),
  ResourceName: (event) => resourcesOf(event).map(({ ResourceName }) => ResourceName),
  EventSource: ({ source }) => [source],
  AccessKeyId: ({ accessKeyId }) => [accessKeyId],
};

const filterIn = (input: CallInput): ((event: TrailEvent) => boolean) => {
  const list = (input['LookupAttributes'] ?? []) as unknown;
  if (!Array.isArray(list) || list.length > 1)
    throw new AwsError('InvalidLookupAttributesException', 'You can specify one lookup attribute at most.');
  if (list.length === 0) return () => true;
  const { AttributeKey, AttributeValue } = (list[0] ?? {}) as JsonObject;
  const values =
    typeof AttributeKey === 'string' && Object.hasOwn(attributes, AttributeKey) ? attributes[AttributeKey] : undefined;
  if (values === undefined || typeof AttributeValue !== 'string' || AttributeValue === '')
    throw new AwsError('InvalidLookupAttributesException', 'The lookup attribute is none that can be looked up.');
  return (event) => values(event).includes(AttributeValue);
};

/** awsJson writes times as seconds since the epoch. */
const timeIn = (input: CallInput, member: string): number | undefined => {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value * 1000;
  throw new AwsError('SerializationException', `${member} is no timestamp.`);
};

const visible = (world: SandboxWorld, input: CallInput, call: SandboxCall): readonly TrailEvent[] => {
  const until = Math.min(timeIn(input, 'EndTime') ?? Infinity, call.now - world.settings.trailDelayMs);
  const start = timeIn(input, 'StartTime') ?? 0;
  if (start > (timeIn(input, 'EndTime') ?? Infinity))
    throw new AwsError('InvalidTimeRangeException', 'The start time is after the end time.');
  const since = Math.max(start, call.now - keptFor);
  const isHere = ({ account, region, at }: TrailEvent): boolean =>
    account === call.account && region === call.region && at >= since && at <= until;
  return world.cloudTrail.events.filter(isHere);
};

const lookupEvents: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const size = input['MaxResults'];
  if (size !== undefined && !(Number.isInteger(size) && (size as number) >= 1 && (size as number) <= 50))
    throw new AwsError('InvalidMaxResultsException', 'MaxResults must be between 1 and 50.');
  const wanted = filterIn(input);
  const newestFirst = visible(world, input, call).filter(wanted).toReversed();
  const page = takePage(newestFirst, { token: input['NextToken'], size, cap: 50 });
  if (!page) throw new AwsError('InvalidNextTokenException', 'The next token is invalid.');
  return {
    Events: page.items.map(eventOutput),
    ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
  };
};

export const cloudTrailOperations: WorldOperations = {
  LookupEvents: lookupEvents,
  ...trailOperations,
};
