/**
 * What CloudTrail says that was written since a time, in every account that can change what is read: by an organization trail where
 * there is one that tells, else by the event history of each account.
 */
import type { CloudTrail, Event } from '@aws-sdk/client-cloudtrail';
import type { ResourceService } from '../../kinds/resource-policies.ts';
import type { AccountId } from '../../model/resource.ts';
import type { AwsConnection } from '../connection.ts';
import { isNamed, isOurFault } from '../failures.ts';
import { allPages, mapBounded } from '../pages.ts';
import { eventIn } from '../trace-events.ts';
import type { TrailClientOf } from '../trace.ts';
import { movedBy } from './moved.ts';
import { resourceMovedBy, stalePolicies } from './moved-resources.ts';
import { eventsOfAll, organizationTrail } from './organization-trail.ts';
import type { ToldEvents } from './organization-trail.ts';
import { allStale, staleIam } from './stale-rules.ts';
import type { StaleRule } from './stale-rules.ts';

export type Moves = { readonly rules: readonly StaleRule[]; readonly events: number };

/** Says in one line why the record cannot be used. */
export class UnknownMoves extends Error {}

export type HistoryQuestion = {
  readonly connection: AwsConnection;
  readonly trailOf: TrailClientOf;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly now: number;
  readonly account: AccountId;
  readonly managementAccountId: AccountId;
  readonly region: string;
  /** Accounts whose IAM is in the record, but for the caller's own. */
  readonly members: readonly AccountId[];
  /** Services of whose resources policies are in the record. */
  readonly services: readonly ResourceService[];
  /** More pages of one history would take longer than reading AWS whole. */
  readonly mostPages: number;
};

type HistoryPlace = { readonly account: AccountId; readonly region: string };

/** Global services write their events there ("Global service events"). */
const globalRegion = 'us-east-1';

/** Whatever is no reading, so that an event that nobody here has heard of is seen, too. Newest first. */
const pageOf = async (trail: CloudTrail, since: number, token: string | undefined) => {
  const { Events = [], NextToken } = await trail.lookupEvents({
    LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
    StartTime: new Date(since),
    MaxResults: 50,
    ...(token === undefined ? {} : { NextToken: token }),
  });
  return { events: Events, next: NextToken === '' ? undefined : NextToken };
};

/** Undefined when there are more than may be asked for. */
const eventsIn = async (trail: CloudTrail, since: number, most: number): Promise<readonly Event[] | undefined> => {
  const found: Event[] = [];
  let next: string | undefined;
  for (let page = 0; page < most; page += 1) {
    const answer = await pageOf(trail, since, next);
    found.push(...answer.events);
    if (answer.next === undefined) return found;
    next = answer.next;
  }
  return undefined;
};

const rulesOfEvent = ({ CloudTrailEvent = '' }: Event): readonly StaleRule[] => {
  const event = eventIn(CloudTrailEvent);
  if (event === 'unreadable') return [allStale];
  return event === 'refused' ? [] : movedBy(event);
};

const movesOf = (events: readonly (readonly StaleRule[])[]): Moves => {
  const moved = events.filter((rules) => rules.length > 0);
  return { rules: moved.flat(), events: moved.length };
};

const rulesOf = (events: readonly Event[]): Moves => movesOf(events.map(rulesOfEvent));

const ofPlace = async ({ trailOf, since, mostPages }: HistoryQuestion, place: HistoryPlace): Promise<Moves> => {
  const events = await eventsIn(await trailOf(place), since, mostPages);
  if (events !== undefined) return rulesOf(events);
  throw new UnknownMoves(
    `CloudTrail of account ${place.account} in ${place.region} has more than ${mostPages * 50} events`,
  );
};

/** One that cannot be asked, or has so much to say that reading it is cheaper, is read. */
const ofMember = async ({ trailOf, since }: HistoryQuestion, account: AccountId): Promise<Moves> => {
  try {
    const events = await eventsIn(await trailOf({ account, region: globalRegion }), since, 1);
    if (events !== undefined) return rulesOf(events);
  } catch {
    // Told by the reading itself, if it cannot be read either.
  }
  return { rules: [staleIam(account)], events: 0 };
};

const delegated = ({ organizations }: AwsConnection): Promise<readonly AccountId[]> =>
  allPages(async (token) => {
    const { DelegatedAdministrators, NextToken } = await organizations.listDelegatedAdministrators({ ...token });
    return { rows: DelegatedAdministrators?.map(({ Id = '' }) => Id), next: NextToken };
  });

const hasResourcePolicy = async ({ organizations }: AwsConnection): Promise<boolean> => {
  try {
    await organizations.describeResourcePolicy({});
    return true;
  } catch (thrown) {
    if (isNamed(thrown, 'ResourcePolicyNotFoundException')) return false;
    throw thrown;
  }
};

/**
 * An event is in the history of the account that made the call ("Viewing events with CloudTrail event history"): the management
 * account's own says nothing of what a delegated administrator wrote.
 */
const writersOf = async (question: HistoryQuestion): Promise<readonly HistoryPlace[]> => {
  const { connection, account, managementAccountId, region } = question;
  if (account !== managementAccountId)
    throw new UnknownMoves('CloudTrail shows only the management account what is written there');
  const [others, isShared] = await Promise.all([delegated(connection), hasResourcePolicy(connection)]);
  if (isShared) throw new UnknownMoves('a resource policy lets any account that it names write to the organization');
  const regions = [...new Set([globalRegion, region])];
  return [account, ...others].flatMap((one) => regions.map((where) => ({ account: one, region: where })));
};

const fromHistories = async (question: HistoryQuestion): Promise<Moves> => {
  const places = await writersOf(question);
  const asked = new Set(places.map(({ account }) => account));
  const members = question.members.filter((account) => !asked.has(account));
  const all = await Promise.all([
    ...places.map((place) => ofPlace(question, place)),
    mapBounded(members, (account) => ofMember(question, account)),
  ]);
  const flat = all.flat();
  // Asking the history of each Region of each account would cost as many calls as the policies themselves.
  const rules = [...flat.flatMap((one) => one.rules), stalePolicies(question.services)];
  return { rules, events: flat.reduce((sum, { events }) => sum + events, 0) };
};

const movesTold = ({ services }: HistoryQuestion, { events, ofResources, silent }: ToldEvents): Moves => {
  const { rules, events: count } = movesOf([...events.map(movedBy), ...(ofResources ?? []).map(resourceMovedBy)]);
  return { rules: [...rules, stalePolicies(ofResources === undefined ? services : silent)], events: count };
};

/** Undefined where no trail tells of all accounts, or may not be asked. */
const fromTrail = async (question: HistoryQuestion): Promise<Moves | undefined> => {
  try {
    const trail = await organizationTrail(question);
    const told = trail === undefined ? undefined : await eventsOfAll(question, trail);
    return told === undefined ? undefined : movesTold(question, told);
  } catch (thrown) {
    if (isOurFault(thrown)) throw thrown;
    return undefined;
  }
};

/** Throws what CloudTrail says where it refuses. */
export const movesIn = async (question: HistoryQuestion): Promise<Moves> =>
  (await fromTrail(question)) ?? fromHistories(question);
