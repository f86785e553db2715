/** Writes down what AWS answers to the questions that are kept. */
import type { UnknownFields } from '../../model/fields.ts';
import { fieldsIn } from '../../model/fields.ts';
import { recordFormat } from '../../model/record.ts';
import type { AwsRecord, RecordedCall } from '../../model/record.ts';
import type { Clock } from '../clock.ts';
import { failureOf } from '../failures.ts';
import type { AwsConnection } from '../connection.ts';
import { readLive } from '../read.ts';
import type { LiveReading, ReadContext } from '../read.ts';
import { isKept, isKeptError, questionText } from './kept.ts';
import { noTape } from './tape.ts';
import type { RecordedQuestion, Tape, TapeDeck } from './tape.ts';

type Recorder = { readonly tape: Tape; readonly calls: () => readonly RecordedCall[] };

const withoutMetadata = (answer: unknown): UnknownFields => {
  const { $metadata: _, ...rest } = fieldsIn(answer);
  return rest;
};

/** A question that is asked twice has its later answer. */
const recorder = (): Recorder => {
  const calls = new Map<string, RecordedCall>();
  const keep = (question: RecordedQuestion, told: Pick<RecordedCall, 'answer' | 'error'>): void => {
    calls.set(questionText(question), { ...question, ...told });
  };
  const tape: Tape = {
    answersFor: async () => false,
    ask: async (question, send) => {
      if (!isKept(question)) return send();
      try {
        const answer = await send();
        keep(question, { answer: withoutMetadata(answer) });
        return answer;
      } catch (thrown) {
        const { name } = failureOf(thrown);
        if (isKeptError(question, name)) keep(question, { error: name });
        throw thrown;
      }
    },
  };
  return { tape, calls: () => [...calls.values()] };
};

const named = (index: ReadonlyMap<string, string>): Readonly<Record<string, string>> => Object.fromEntries(index);

type Recording = Pick<AwsRecord, 'took' | 'region' | 'calls'> & { readonly began: number };

/** Undefined of an account of no organization, which is read in a few calls. */
const recordOfReading = ({ live, ids }: LiveReading, { began, ...rest }: Recording): AwsRecord | undefined => {
  if (live.absent?.includes('organization')) return undefined;
  return {
    format: recordFormat,
    organization: live.organization,
    account: live.callerAccountId,
    began: new Date(began).toISOString(),
    fed: live.fedBy !== undefined,
    ids: {
      ous: named(ids.ous),
      accounts: named(ids.accounts),
      policies: named(ids.policies),
      groups: named(ids.groups),
      users: named(ids.users),
      permissionSets: named(ids.permissionSets),
    },
    ...rest,
  };
};

type KeptScene = {
  readonly connection: AwsConnection;
  readonly context: ReadContext & { readonly clock: Clock; readonly keeps?: 'a record' };
  readonly deck: TapeDeck;
  readonly wall: () => number;
};

/** The whole of AWS; with its record, where one is to be kept. */
export const readKept = async ({
  connection,
  context,
  deck,
  wall,
}: KeptScene): Promise<LiveReading & { readonly record?: AwsRecord | undefined }> => {
  if (context.keeps === undefined) return readLive(connection, context);
  const written = recorder();
  const [began, clocked] = [wall(), context.clock.now()];
  deck.tape = written.tape;
  try {
    const reading = await readLive(connection, context);
    const region = String(await connection.ssoAdmin.config.region());
    const took = context.clock.now() - clocked;
    return { ...reading, record: recordOfReading(reading, { began, took, region, calls: written.calls() }) };
  } finally {
    deck.tape = noTape;
  }
};
