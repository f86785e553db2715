/** The imitated CloudWatch Logs: what organization trails send there, and as much of Logs Insights as asks for it. */
import { trailMessage } from '../cloudtrail/operations.ts';
import type { TrailEvent, Trail } from '../cloudtrail/state.ts';
import type { CallInput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError, nextUuid } from '../core.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

type EventFilter = (event: TrailEvent) => boolean;

const fieldOf = (event: TrailEvent, name: string): string | undefined =>
  ({ eventSource: event.source, eventName: event.name, awsRegion: event.region, recipientAccountId: event.account })[
    name
  ];

/** "CloudWatch Logs Insights language query syntax", filter: `in`, `=`, `like` and `not like` with a regular expression. */
const conditionOf = (text: string): EventFilter => {
  const list = /^(\w+) in \[(.*)\]$/.exec(text);
  if (list) {
    const values = [...(list[2] ?? '').matchAll(/"([^"]*)"/g)].map(([, value]) => value);
    return (event) => values.includes(fieldOf(event, list[1] ?? ''));
  }
  const same = /^(\w+) = "([^"]*)"$/.exec(text);
  if (same) return (event) => fieldOf(event, same[1] ?? '') === same[2];
  const like = /^(\w+) (not )?like \/(.*)\/$/.exec(text);
  if (!like) throw new AwsError('MalformedQueryException', `The sandbox does not understand ${text}.`);
  const pattern = new RegExp(like[3] ?? '');
  return (event) => pattern.test(fieldOf(event, like[1] ?? '') ?? '') === (like[2] === undefined);
};

const filterOf = (query: string): EventFilter => {
  const clauses = query.split(' | ').filter((clause) => clause.startsWith('filter '));
  const all = clauses.map((clause) => clause.slice('filter '.length).split(' or ').map(conditionOf));
  return (event) => all.every((any) => any.some((condition) => condition(event)));
};

const groupOf = (input: CallInput): string => {
  const named: readonly unknown[] = Array.isArray(input['logGroupIdentifiers']) ? input['logGroupIdentifiers'] : [];
  const [first = input['logGroupName']] = named;
  return typeof first === 'string' ? first : '';
};

const sendingTo = (world: SandboxWorld, group: string, { account }: SandboxCall): Trail => {
  const trail = (world.cloudTrail.trails[account] ?? []).find(
    ({ CloudWatchLogsLogGroupArn }) => CloudWatchLogsLogGroupArn?.replace(/:\*$/, '') === group,
  );
  if (trail) return trail;
  throw new AwsError('ResourceNotFoundException', `Log group ${group} does not exist for account ID ${account}`);
};

const numberIn = (input: CallInput, member: string): number => {
  const value = input[member];
  if (typeof value === 'number') return value;
  throw new AwsError('InvalidParameterException', `${member} is no number.`);
};

/** An organization trail sends what every account does, as late as the event history tells it. */
const sent = (world: SandboxWorld, trail: Trail, call: SandboxCall): readonly TrailEvent[] =>
  world.cloudTrail.events.filter(
    ({ account, at }) =>
      (trail.IsOrganizationTrail || account === call.account) &&
      at >= (trail.startedAt ?? Infinity) &&
      at <= Math.min(trail.stoppedAt ?? Infinity, call.now - world.settings.trailDelayMs),
  );

const startQuery: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const trail = sendingTo(world, groupOf(input), call);
  const [from, to] = [numberIn(input, 'startTime') * 1_000, numberIn(input, 'endTime') * 1_000];
  const query = input['queryString'];
  const wanted = filterOf(typeof query === 'string' ? query : '');
  const most = typeof input['limit'] === 'number' ? input['limit'] : 1_000;
  const found = sent(world, trail, call).filter((event) => event.at >= from && event.at <= to && wanted(event));
  const queryId = nextUuid(world.cloudTrail.ids);
  const rows = found
    .toReversed()
    .slice(0, most)
    .map((event) => trailMessage(event));
  world.cloudTrail.queries = { ...world.cloudTrail.queries, [queryId]: rows };
  return { queryId };
};

const getQueryResults: SandboxOperation<SandboxWorld> = (world, input) => {
  const rows = world.cloudTrail.queries?.[String(input['queryId'])];
  if (rows === undefined) throw new AwsError('ResourceNotFoundException', 'There is no such query.');
  return { status: 'Complete', results: rows.map((value) => [{ field: '@message', value }]) };
};

export const logsOperations: WorldOperations = { StartQuery: startQuery, GetQueryResults: getQueryResults };
