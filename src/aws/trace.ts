/** Who did it: the event history of CloudTrail, asked for what differs. */
import type { CloudTrail, Event } from '@aws-sdk/client-cloudtrail';
import type { Unread } from '../model/reads.ts';
import type { Change } from '../model/plan.ts';
import type { AccountId, Key } from '../model/resource.ts';
import type { Trace, Traces } from '../model/trace.ts';
import { awsFailureText } from './failures.ts';
import { mapBounded } from './pages.ts';
import { recordOf, traceOf } from './trace-events.ts';
import type { TrailRecord } from './trace-events.ts';
import { trailQuestionOf } from './trace-questions.ts';
import type { TrailLookup, TrailQuestion, TraceContext } from './trace-questions.ts';

/** CloudTrail of one account's part of a Region; rejects when the account cannot be entered. */
export type TrailClientOf = (where: { readonly account: AccountId; readonly region: string }) => Promise<CloudTrail>;

/** Two requests a second, so that these bounds are minutes: what is beyond them is named as not looked for. */
const mostLookups = 150;
const mostPages = 40;

type EventPage = { readonly events: readonly Event[]; readonly next: string | undefined };

const pageOf = async (trail: CloudTrail, lookup: TrailLookup, next: string | undefined): Promise<EventPage> => {
  const { attribute: AttributeKey, value: AttributeValue } = lookup;
  const { Events = [], NextToken } = await trail.lookupEvents({
    LookupAttributes: [{ AttributeKey, AttributeValue }],
    MaxResults: 50,
    ...(next === undefined ? {} : { NextToken: next }),
  });
  return { events: Events, next: NextToken === '' ? undefined : NextToken };
};

type RecordsByKey = ReadonlyMap<Key, TrailRecord>;
type LookupResult = { readonly found: RecordsByKey; readonly unread?: Unread };

const idOf = ({ account, region, attribute, value }: TrailLookup): string =>
  [account, region, attribute, value].join(' ');

const scopeOf = ({ account, region }: TrailLookup): string => `CloudTrail of account ${account} in ${region}`;

const unreadOf = (answers: readonly LookupResult[]): readonly Unread[] => {
  const all = answers.flatMap(({ unread }) => unread ?? []);
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
};

/** Newest first, so that the first event that fits is the last one that happened. */
const ask = async (
  trailOf: TrailClientOf,
  lookup: TrailLookup,
  questions: readonly TrailQuestion[],
): Promise<LookupResult> => {
  const found = new Map<Key, TrailRecord>();
  const take = (record: TrailRecord): void => {
    for (const { key, isIt } of questions) if (!found.has(key) && isIt(record)) found.set(key, record);
  };
  try {
    const trail = await trailOf(lookup);
    let next: string | undefined;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const page = await pageOf(trail, lookup, next);
      page.events.flatMap((event) => recordOf(event) ?? []).forEach(take);
      if (found.size === questions.length || page.next === undefined) return { found };
      next = page.next;
    }
    return {
      found,
      unread: { scope: scopeOf(lookup), reason: `only the newest ${mostPages * 50} events were looked at` },
    };
  } catch (thrown) {
    return { found, unread: { scope: scopeOf(lookup), reason: awsFailureText(thrown) } };
  }
};

type LookupGroup = { readonly lookup: TrailLookup; readonly questions: readonly TrailQuestion[] };

/** Questions that need the same events share the lookup. */
const grouped = (questions: readonly TrailQuestion[]): readonly LookupGroup[] => {
  const groups = new Map<string, { readonly lookup: TrailLookup; readonly questions: TrailQuestion[] }>();
  for (const question of questions)
    for (const lookup of question.lookups) {
      const group = groups.get(idOf(lookup)) ?? { lookup, questions: [] };
      group.questions.push(question);
      groups.set(idOf(lookup), group);
    }
  return [...groups.values()];
};

const newest = (answers: readonly LookupResult[]): Readonly<Record<Key, Trace>> => {
  const last = new Map<Key, TrailRecord>();
  for (const { found } of answers)
    for (const [key, record] of found) if ((last.get(key)?.at ?? -Infinity) < record.at) last.set(key, record);
  return Object.fromEntries([...last].map(([key, record]) => [key, traceOf(record)]));
};

type TraceInput = TraceContext & { readonly changes: readonly Change[] };

/**
 * Of each change, read as drift, the newest call that would have made the difference. The event history lags by minutes,
 * ends after 90 days, and is a hint: that nothing is found proves nothing. Never rejects for what could not be read.
 */
export const tracesOf = async (trailOf: TrailClientOf, { changes, ...here }: TraceInput): Promise<Traces> => {
  const groups = grouped(changes.flatMap((change) => trailQuestionOf(change, here) ?? []));
  const asked = groups.slice(0, mostLookups);
  const answers = await mapBounded(asked, ({ lookup, questions }) => ask(trailOf, lookup, questions));
  const left = groups.length - asked.length;
  const beyond =
    left > 0 ? [{ scope: 'CloudTrail', reason: `${left} more questions than ${mostLookups} were not asked` }] : [];
  return { found: newest(answers), unread: [...unreadOf(answers), ...beyond] };
};
