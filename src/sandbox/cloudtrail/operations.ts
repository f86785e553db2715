/** The imitated CloudTrail: event history, and the trails of an account. */
import { AwsError, type Call, type Input, type Operation, type Output } from '../core.ts';
import { keptFor } from './record.ts';
import type { Trail, TrailEvent } from './state.ts';
import { faultOf, optionalText, text, type Members } from '../members.ts';
import { takePage } from '../pages.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;
type Fields = Readonly<Record<string, unknown>>;

const nameOf = ({ principalArn }: TrailEvent): string => principalArn.slice(principalArn.lastIndexOf('/') + 1);

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

const issuerOf = ({ principalArn, userId, roleArn, account }: TrailEvent): Fields => {
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
const identityOf = (event: TrailEvent): Fields => {
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

const recordOf = (event: TrailEvent): Fields => ({
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
  return Object.entries(request as Fields).flatMap(([name, value]) => {
    const ResourceType = Object.hasOwn(types, name) ? types[name] : undefined;
    return ResourceType !== undefined && typeof value === 'string' ? [{ ResourceType, ResourceName: value }] : [];
  });
};

const eventOutput = (event: TrailEvent): Output => ({
  EventId: event.id,
  EventName: event.name,
  ReadOnly: 'false',
  AccessKeyId: event.accessKeyId,
  EventTime: Math.floor(event.at / 1000),
  EventSource: event.source,
  Username: nameOf(event),
  Resources: resourcesOf(event),
  CloudTrailEvent: JSON.stringify(recordOf(event)),
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

const filterIn = (input: Input): ((event: TrailEvent) => boolean) => {
  const list = (input['LookupAttributes'] ?? []) as unknown;
  if (!Array.isArray(list) || list.length > 1)
    throw new AwsError('InvalidLookupAttributesException', 'You can specify one lookup attribute at most.');
  if (list.length === 0) return () => true;
  const { AttributeKey, AttributeValue } = (list[0] ?? {}) as Fields;
  const values =
    typeof AttributeKey === 'string' && Object.hasOwn(attributes, AttributeKey) ? attributes[AttributeKey] : undefined;
  if (values === undefined || typeof AttributeValue !== 'string' || AttributeValue === '')
    throw new AwsError('InvalidLookupAttributesException', 'The lookup attribute is none that can be looked up.');
  return (event) => values(event).includes(AttributeValue);
};

/** awsJson writes times as seconds since the epoch. */
const timeIn = (input: Input, member: string): number | undefined => {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value * 1000;
  throw new AwsError('SerializationException', `${member} is no timestamp.`);
};

const visible = (world: World, input: Input, call: Call): readonly TrailEvent[] => {
  const until = Math.min(timeIn(input, 'EndTime') ?? Infinity, call.now - world.settings.trailDelayMs);
  const start = timeIn(input, 'StartTime') ?? 0;
  if (start > (timeIn(input, 'EndTime') ?? Infinity))
    throw new AwsError('InvalidTimeRangeException', 'The start time is after the end time.');
  const since = Math.max(start, call.now - keptFor);
  const isHere = ({ account, region, at }: TrailEvent): boolean =>
    account === call.account && region === call.region && at >= since && at <= until;
  return world.cloudTrail.events.filter(isHere);
};

const lookupEvents: Operation<World> = (world, input, call) => {
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

/** The account's own, and those of the organization, which the management account keeps. */
const trailsOf = (world: World, account: string): readonly Trail[] => {
  const ofOrganization = (world.cloudTrail.trails[world.organizations.management] ?? []).filter(
    ({ IsOrganizationTrail }) => IsOrganizationTrail,
  );
  return [...new Set([...(world.cloudTrail.trails[account] ?? []), ...ofOrganization])];
};

const showsIn = (trail: Trail, region: string): boolean => trail.IsMultiRegionTrail || trail.HomeRegion === region;

const trailOutput = ({ isLogging: _logging, stoppedAt: _stopped, ...trail }: Trail): Output => ({
  ...trail,
  HasCustomEventSelectors: false,
  HasInsightSelectors: false,
});

const describeTrails: Operation<World> = (world, input, call) => {
  const named: unknown[] = Array.isArray(input['trailNameList']) ? (input['trailNameList'] as unknown[]) : [];
  const here = trailsOf(world, call.account).filter((trail) => showsIn(trail, call.region));
  const wanted = here.filter(
    ({ Name, TrailARN }) => named.length === 0 || named.some((one) => one === Name || one === TrailARN),
  );
  const shadows = input['includeShadowTrails'] !== false;
  return {
    trailList: wanted.filter(({ HomeRegion }) => shadows || HomeRegion === call.region).map(trailOutput),
  };
};

const statusMembers: Members = { Name: { kind: 'string', required: true, min: 1, max: 512 } };

const trailNamed = (world: World, input: Input, call: Call): Trail => {
  if (faultOf(input, statusMembers)) throw new AwsError('InvalidTrailNameException', 'The trail name is invalid.');
  const name = text(input, 'Name');
  const trail = trailsOf(world, call.account).find(
    ({ Name, TrailARN, HomeRegion }) => TrailARN === name || (Name === name && HomeRegion === call.region),
  );
  if (trail) return trail;
  throw new AwsError('TrailNotFoundException', `Unknown trail: ${name} for the user: ${call.account}`, { status: 404 });
};

/** A trail of the organization belongs to the management account. */
const trailToChange = (world: World, input: Input, call: Call): Trail => {
  const trail = trailNamed(world, input, call);
  if (world.cloudTrail.trails[call.account]?.includes(trail)) return trail;
  throw new AwsError('InsufficientDependencyServiceAccessPermissionException', 'The trail is of another account.');
};

const getTrailStatus: Operation<World> = (world, input, call) => {
  const { isLogging, stoppedAt } = trailNamed(world, input, call);
  return {
    IsLogging: isLogging,
    ...(isLogging ? { LatestDeliveryTime: Math.floor(call.now / 1000) } : {}),
    ...(stoppedAt === undefined ? {} : { StopLoggingTime: Math.floor(stoppedAt / 1000) }),
  };
};

const createTrail: Operation<World> = (world, input, call) => {
  const name = text(input, 'Name');
  if (!/^[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/.test(name))
    throw new AwsError('InvalidTrailNameException', 'The trail name is invalid.');
  const bucket = optionalText(input, 'S3BucketName');
  if (bucket === undefined) throw new AwsError('InvalidS3BucketNameException', 'The bucket name is invalid.');
  const trails = (world.cloudTrail.trails[call.account] ??= []);
  if (trails.some(({ Name }) => Name === name))
    throw new AwsError('TrailAlreadyExistsException', `Trail ${name} already exists for customer: ${call.account}`);
  const trail: Trail = {
    Name: name,
    TrailARN: `arn:aws:cloudtrail:${call.region}:${call.account}:trail/${name}`,
    HomeRegion: call.region,
    S3BucketName: bucket,
    IncludeGlobalServiceEvents: input['IncludeGlobalServiceEvents'] !== false,
    IsMultiRegionTrail: input['IsMultiRegionTrail'] === true,
    IsOrganizationTrail: input['IsOrganizationTrail'] === true,
    LogFileValidationEnabled: input['EnableLogFileValidation'] === true,
    // A trail that CreateTrail makes does not log before StartLogging.
    isLogging: false,
  };
  trails.push(trail);
  return trailOutput(trail);
};

export const cloudTrailOperations: Ops = {
  LookupEvents: lookupEvents,
  DescribeTrails: describeTrails,
  GetTrailStatus: getTrailStatus,
  CreateTrail: createTrail,
  StartLogging: (world, input, call) => {
    const trail = trailToChange(world, input, call);
    trail.isLogging = true;
    delete trail.stoppedAt;
    return {};
  },
  StopLogging: (world, input, call) => {
    Object.assign(trailToChange(world, input, call), { isLogging: false, stoppedAt: call.now });
    return {};
  },
};
