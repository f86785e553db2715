/** A reading that takes from the record of an earlier one what cannot have changed since. */
import type { ResourceService } from '../../kinds/resource-policies.ts';
import { resourceServiceNames } from '../../kinds/resource-policies.ts';
import { trailLateness } from '../../model/record.ts';
import type { AwsRecord, RecordOffer, RecordUse } from '../../model/record.ts';
import type { Resource } from '../../model/resource.ts';
import type { AwsConnection } from '../connection.ts';
import { awsFailureText } from '../failures.ts';
import { beginReading, readLive } from '../read.ts';
import type { LiveReading, ReadContext, ReadingBeginning } from '../read.ts';
import { begun } from '../pages.ts';
import type { TrailClientOf } from '../trace.ts';
import { movesIn, UnknownMoves } from './history.ts';
import type { Moves } from './history.ts';
import { keptOperations, policyOperation } from './kept.ts';
import { replay } from './replay.ts';
import { staleWhere } from './stale-rules.ts';
import type { StaleRule } from './stale-rules.ts';
import { noTape } from './tape.ts';
import type { TapeDeck } from './tape.ts';
import { touchedRules } from './touched.ts';

type SinceQuestion = {
  readonly record: RecordOffer;
  /** What the pull request touches, as it is and as it is to be. */
  readonly touched: readonly Resource[];
  /** Milliseconds since the epoch, by the clock that CloudTrail goes by. */
  readonly now: number;
};

/** What began before the record's reading and ended after it is found by the margin by which events are late. */
const overlap = trailLateness;
const oldest = 24 * 3_600_000;

const ageText = (age: number): string => {
  const hours = Math.floor(age / 3_600_000);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
};

type JudgedRecord = { readonly record: AwsRecord; readonly begun: ReadingBeginning; readonly region: string };

/** Undefined where the record can be used. */
const objection = ({ record, begun: beginning, region }: JudgedRecord, now: number): string | undefined => {
  const age = now - Date.parse(record.began);
  if (beginning.organization?.id !== record.organization) return 'the record is of another organization';
  if (beginning.caller !== record.account) return `the record was read by account ${record.account}`;
  if (record.region !== region) return `the record is of Identity Center in ${record.region}`;
  if (age < 0) return 'the record is of a time to come';
  return age > oldest ? `the record is ${ageText(age)} old` : undefined;
};

const recordedAccounts = ({ calls }: AwsRecord): readonly string[] => {
  const ofIam: readonly string[] = keptOperations.iam;
  return [...new Set(calls.flatMap(({ operation, account }) => (ofIam.includes(operation) ? (account ?? []) : [])))];
};

const recordedServices = ({ calls }: AwsRecord): readonly ResourceService[] => {
  const operations = new Set(calls.map(({ operation }) => operation));
  return resourceServiceNames.filter((service) => operations.has(policyOperation(service)));
};

/** Half the time that the whole reading took, as one history gives two pages a second; a few where that is nothing. */
const pagesFor = ({ took }: AwsRecord): number => Math.max(4, Math.floor(took / 1000));

type SinceScene = {
  readonly connection: AwsConnection;
  readonly context: ReadContext;
  readonly deck: TapeDeck;
};

const movesOf = async (
  { connection }: SinceScene,
  { record, begun: beginning, region }: JudgedRecord,
  now: number,
): Promise<Moves | string> => {
  const trailOf: TrailClientOf = async (place) =>
    connection.cloudTrail(place, await beginning.accounts.credentials(place.account));
  try {
    return await movesIn({
      ...{ connection, trailOf, region, now, account: beginning.caller },
      since: Date.parse(record.began) - overlap,
      managementAccountId: beginning.organization?.managementAccountId ?? '',
      members: recordedAccounts(record),
      services: recordedServices(record),
      mostPages: pagesFor(record),
    });
  } catch (thrown) {
    return thrown instanceof UnknownMoves ? thrown.message : `CloudTrail was not told: ${awsFailureText(thrown)}`;
  }
};

/**
 * Of what a directory sends, no event tells for certain: those of SCIM are there for tokens since September 2024 alone
 * (Identity Center user guide, "Logging IAM Identity Center SCIM API calls"), and of Active Directory's sync none is documented.
 */
const fedRules = ({ fed }: AwsRecord): readonly StaleRule[] => (fed ? [staleWhere(['memberships'])] : []);

/**
 * What a directory sent before the record was begun is in it, and of what it sent since, a reading with a record promises nothing
 * that is younger than events may be late.
 */
const fedAt = (record: AwsRecord, now: number): AwsRecord => ({
  ...record,
  fed: record.fed && Date.parse(record.began) < now - overlap,
});

type SinceReading = LiveReading & { readonly use: RecordUse };

const wholeReading = async (
  { connection, context, deck }: SinceScene,
  begun: ReadingBeginning,
  whole: string,
): Promise<SinceReading> => {
  deck.tape = noTape;
  return { ...(await readLive(connection, context, begun)), use: { whole } };
};

/** What an untold move is to a reading that has begun: nothing of the record is taken. */
const rulesOf = (
  { record }: JudgedRecord,
  touched: readonly Resource[],
  moves: Moves | string,
): readonly StaleRule[] | undefined =>
  typeof moves === 'string' ? undefined : [...moves.rules, ...touchedRules(record, touched), ...fedRules(record)];

const playedReading = async (
  scene: SinceScene,
  judged: JudgedRecord,
  { touched, now }: SinceQuestion,
): Promise<SinceReading> => {
  const { connection, context, deck } = scene;
  const moving = begun(movesOf(scene, judged, now));
  const played = replay(judged.record, begun(moving.then((moves) => rulesOf(judged, touched, moves))));
  deck.tape = played.tape;
  const [reading, moves] = await Promise.all([readLive(connection, context, judged.begun), moving]);
  if (typeof moves === 'string') return { ...reading, use: { whole: moves } };
  const use = {
    from: judged.record.began,
    taken: played.taken(),
    anew: played.stale(),
    moved: moves.events,
    certain: new Date(now - overlap).toISOString(),
  };
  return { ...reading, use };
};

/** Reads whole, and says why, wherever the record is not to be believed or does not fit what AWS lists now. */
export const readSince = async (scene: SinceScene, question: SinceQuestion): Promise<SinceReading> => {
  const { connection, context, deck } = scene;
  const { record, now } = question;
  const beginning = await beginReading(connection, context);
  if ('whole' in record) return wholeReading(scene, beginning, record.whole);
  const judged = {
    record: fedAt(record, now),
    begun: beginning,
    region: String(await connection.ssoAdmin.config.region()),
  };
  const against = objection(judged, now);
  if (against !== undefined) return wholeReading(scene, beginning, against);
  try {
    return await playedReading(scene, judged, question);
  } catch (thrown) {
    return await wholeReading(scene, beginning, `the record does not fit: ${awsFailureText(thrown)}`);
  } finally {
    deck.tape = noTape;
  }
};
