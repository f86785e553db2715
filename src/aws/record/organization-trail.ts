/**
 * The events of all accounts in a few calls: an organization trail of all Regions that sends to CloudWatch Logs, in the account
 * that asks (CloudTrail user guide, "Creating a trail for an organization", "Sending events to CloudWatch Logs").
 */
import type {
  AdvancedEventSelector,
  EventSelector,
  GetEventSelectorsResponse,
  GetTrailStatusResponse,
  Trail,
} from '@aws-sdk/client-cloudtrail';
import type { ResourceService } from '../../kinds/resource-policies.ts';
import { trailLateness } from '../../model/record.ts';
import type { AwsConnection } from '../connection.ts';
import type { LogField } from '../logs-client.ts';
import { eventIn } from '../trace-events.ts';
import type { TrailRecord } from '../trace-events.ts';
import type { TrailClientOf } from '../trace.ts';
import { resourceEventsQuery, resourceSource } from './moved-resources.ts';

type OrganizationTrail = {
  readonly logGroup: string;
  readonly arn: string;
  readonly region: string;
  /** Sources of which it does not tell; AWS lets some be taken out, as the KMS. */
  readonly silent: readonly string[];
};

type OrganizationTrailQuestion = {
  readonly trailOf: TrailClientOf;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly now: number;
};

type EventsQuestion = OrganizationTrailQuestion & {
  readonly connection: AwsConnection;
  /** Accounts whose IAM is in the record. */
  readonly members: readonly string[];
  /** Services of whose resources policies are in the record. */
  readonly services: readonly ResourceService[];
};

const iamSource = 'iam.amazonaws.com';

const asked: readonly string[] = [
  'organizations.amazonaws.com',
  'sso.amazonaws.com',
  'sso-directory.amazonaws.com',
  'identitystore.amazonaws.com',
  'identitystore-scim.amazonaws.com',
  iamSource,
  'cloudtrail.amazonaws.com',
];

/**
 * Everything that is no reading by its name, so that an event that nobody here has heard of is among them. IAM's are asked for
 * only where the record has some: in many accounts there may be more of them than Logs Insights answers.
 */
const eventsQuery = ({ members, services }: EventsQuestion): string => {
  // A policy of a resource names roles, and names them otherwise once they are gone.
  const isOfIam = members.length > 0 || services.length > 0;
  const sources = asked.filter((source) => source !== iamSource || isOfIam);
  const ofIam = isOfIam ? ' or eventName = "AcquireRole"' : '';
  return [
    'fields @message',
    `filter eventSource in [${sources.map((source) => `"${source}"`).join(', ')}]${ofIam}`,
    'filter eventName not like /^(Get|List|Describe|Lookup|Search|Simulate|BatchGet)/',
  ].join(' | ');
};

/** The most that Logs Insights answers. */
const mostRows = 10_000;

const accountIn = (arn: string): string => arn.split(':')[4] ?? '';
const withoutStar = (arn: string): string => arn.replace(/:\*$/, '');

const isSuitable =
  (account: string) =>
  ({ IsOrganizationTrail, IsMultiRegionTrail, IncludeGlobalServiceEvents, CloudWatchLogsLogGroupArn }: Trail) =>
    IsOrganizationTrail === true &&
    IsMultiRegionTrail === true &&
    IncludeGlobalServiceEvents !== false &&
    accountIn(CloudWatchLogsLogGroupArn ?? '') === account;

const excludes = (selector: EventSelector): boolean =>
  (selector.ExcludeManagementEventSources ?? []).some((source) => asked.includes(source));

const isWriting = (selector: EventSelector): boolean =>
  selector.IncludeManagementEvents === true && selector.ReadWriteType !== 'ReadOnly' && !excludes(selector);

/** All management events that write, and nothing taken out. */
const isWhole = ({ FieldSelectors = [] }: AdvancedEventSelector): boolean =>
  FieldSelectors.some(({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes('Management') === true) &&
  FieldSelectors.every(
    ({ Field, Equals }) => Field === 'eventCategory' || (Field === 'readOnly' && Equals?.includes('false') === true),
  );

const silentSources = ({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse) =>
  AdvancedEventSelectors.some(isWhole)
    ? []
    : EventSelectors.flatMap(({ ExcludeManagementEventSources = [] }) => ExcludeManagementEventSources);

const tellsAll = ({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse): boolean =>
  EventSelectors.some(isWriting) || AdvancedEventSelectors.some(isWhole);

/** It has been on since before, and what it sends arrives. */
const isOn = (status: GetTrailStatusResponse, { since, now }: OrganizationTrailQuestion): boolean => {
  const { IsLogging, StartLoggingTime, LatestCloudWatchLogsDeliveryTime: sent } = status;
  const failed = status.LatestCloudWatchLogsDeliveryError ?? '';
  return (
    IsLogging === true &&
    failed === '' &&
    (StartLoggingTime?.getTime() ?? Infinity) <= since &&
    (sent?.getTime() ?? 0) >= now - trailLateness
  );
};

/** Undefined where there is none that tells everything since; then each account's own history is asked. */
export const organizationTrail = async (
  question: OrganizationTrailQuestion,
): Promise<OrganizationTrail | undefined> => {
  const { trailOf, account, region } = question;
  const { trailList = [] } = await (await trailOf({ account, region })).describeTrails({});
  const trail = trailList.find(isSuitable(account));
  const { TrailARN: arn = '', HomeRegion: home = region, CloudWatchLogsLogGroupArn: logGroup = '' } = trail ?? {};
  if (trail === undefined) return undefined;
  const client = await trailOf({ account, region: home });
  const [status, selectors] = await Promise.all([
    client.getTrailStatus({ Name: arn }),
    client.getEventSelectors({ TrailName: arn }),
  ]);
  if (!isOn(status, question) || !tellsAll(selectors)) return undefined;
  return { logGroup: withoutStar(logGroup), arn, region: home, silent: silentSources(selectors) };
};

const messageIn = (row: readonly LogField[]): string => row.find(({ field }) => field === '@message')?.value ?? '';

const ended = ['Complete', 'Failed', 'Cancelled', 'Timeout', 'Unknown'];

/** Undefined where Logs cannot tell all of them. */
const rowsOf = async (question: EventsQuestion, { logGroup, region }: OrganizationTrail, queryString: string) => {
  const { connection, account, since, now } = question;
  const logs = await connection.logs({ account, region });
  const { queryId = '' } = await logs.startQuery({
    logGroupIdentifiers: [logGroup],
    startTime: Math.floor(since / 1_000),
    endTime: Math.ceil(now / 1_000),
    queryString,
    limit: mostRows,
  });
  for (let tries = 0; tries < 30; tries += 1) {
    await connection.clock.sleep(tries === 0 ? 500 : 1_000);
    const { status = '', results = [] } = await logs.getQueryResults({ queryId });
    if (status === 'Complete') return results.length < mostRows ? results : undefined;
    if (ended.includes(status)) return undefined;
  }
  return undefined;
};

/** Somebody changed what a trail tells: what it did not tell meanwhile nobody knows. */
const changesTrails = ({ name, whole }: TrailRecord): boolean =>
  whole['eventSource'] === 'cloudtrail.amazonaws.com' &&
  /^(UpdateTrail|DeleteTrail|StopLogging|StartLogging|PutEventSelectors)$/.test(name);

/** Undefined where they cannot be told for certain. An event that cannot be read is as good as none that is known. */
const eventsTold = async (
  question: EventsQuestion,
  trail: OrganizationTrail,
  query: string,
): Promise<readonly TrailRecord[] | undefined> => {
  const rows = await rowsOf(question, trail, query);
  const events = rows?.map((row) => eventIn(messageIn(row)));
  if (events === undefined || events.includes('unreadable')) return undefined;
  return events.flatMap((event) => (typeof event === 'string' ? [] : [event]));
};

export type ToldEvents = {
  readonly events: readonly TrailRecord[];
  /** Of the services that have resources; undefined where they are too many. */
  readonly ofResources: readonly TrailRecord[] | undefined;
  /** Services of which the trail says nothing. */
  readonly silent: readonly ResourceService[];
};

/** Those of resources are asked for apart: of what has no policy in the record they may be too many to be told. */
export const eventsOfAll = async (
  question: EventsQuestion,
  trail: OrganizationTrail,
): Promise<ToldEvents | undefined> => {
  const silent = question.services.filter((service) => trail.silent.includes(resourceSource(service)));
  const services = question.services.filter((service) => !silent.includes(service));
  const [events, ofResources] = await Promise.all([
    eventsTold(question, trail, eventsQuery(question)),
    services.length === 0 ? [] : eventsTold(question, trail, resourceEventsQuery(services)),
  ]);
  return events === undefined || events.some(changesTrails) ? undefined : { events, ofResources, silent };
};
