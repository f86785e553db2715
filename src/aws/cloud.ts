/** Everything of AWS, as two verbs: the live state, and one change at a time made to it. */
import { heldText } from '../model/held-text.ts';
import { once } from '../model/lists.ts';
import type { HeldReason } from '../model/held.ts';
import type { Cloud, Live, Outcome } from '../model/cloud.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import type { Change } from '../model/plan.ts';
import { isGrant, keyOf, resourcesOf } from '../model/resource.ts';
import type { AwsRecord, RecordOffer } from '../model/record.ts';
import type { Key, Resource, State } from '../model/resource.ts';
import type { AttachedEffect } from '../change/role-steps.ts';
import type { Traces } from '../model/trace.ts';
import type { MemberAccounts } from './accounts.ts';
import type { AwsClients } from './clients.ts';
import type { Clock } from './clock.ts';
import { connectAws } from './connection.ts';
import type { AwsConnection } from './connection.ts';
import { awsFailureText, readError } from './failures.ts';
import { HeldError } from './held-error.ts';
import type { ReadListener } from './pages.ts';
import { closedNow } from './read-tree.ts';
import type { LiveReading, ReadContext } from './read.ts';
import { readKept } from './record/recorder.ts';
import { readSince } from './record/since.ts';
import { noTape } from './record/tape.ts';
import type { TapeDeck } from './record/tape.ts';
import { tracesOf } from './trace.ts';
import type { TrailClientOf } from './trace.ts';
import type { TraceContext } from './trace-questions.ts';
import { write } from './write.ts';
import { effectOfDocument } from './write-customer-policies.ts';
import { createWriting } from './writing.ts';
import type { WriteContext } from './writing.ts';

export type CloudContext = ReadContext &
  ReadListener & {
    readonly clock: Clock;
    /** Told of every attempt of every call, as "sso-admin:ListPermissionSets". */
    readonly onCall?: (operation: string) => void;
    /** Once aborted, changes that only wait for their turn are held; those that were begun are finished. */
    readonly interrupt?: AbortSignal;
    /** What this run may use of the rates that several runs share; by default all. */
    readonly share?: number;
    /** Whether what AWS answers to a whole reading is kept for later ones. */
    readonly keeps?: 'a record';
    /** Milliseconds since the epoch, as CloudTrail counts; by default the clock's, which may run faster on a local AWS. */
    readonly wall?: () => number;
  };

type CallMeter = {
  readonly count: (operation: string) => void;
  readonly reset: () => void;
  readonly calls: () => CallCounts;
};
type CallCounts = Readonly<Record<string, number>>;

const meter = (onCall: CloudContext['onCall']): CallMeter => {
  let calls: Record<string, number> = {};
  return {
    count: (operation) => {
      calls[operation] = (calls[operation] ?? 0) + 1;
      onCall?.(operation);
    },
    reset: () => {
      calls = {};
    },
    calls: () => Object.fromEntries(Object.entries(calls).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};

/** The label of the account in which access is written, if it has been closed since it was read. */
const closedMeanwhile = async ({ connection, ids }: WriteContext, change: Change): Promise<string | undefined> => {
  const resource = afterOf(change) ?? beforeOf(change);
  const id = isGrant(resource) ? ids.accounts.get(resource.account) : undefined;
  if (!isGrant(resource) || id === undefined) return undefined;
  return (await closedNow(connection, id).catch(() => false)) ? resource.account : undefined;
};

const carriedOut = async (writing: WriteContext, change: Change): Promise<Outcome> => {
  const { id, key } = change;
  const held = (reason: HeldReason): Outcome => ({ id, key, status: 'held', reason: heldText(reason) });
  try {
    await write(writing, change);
    return { id, key, status: 'done' };
  } catch (thrown) {
    if (thrown instanceof HeldError) return held(thrown.reason);
    const closed = await closedMeanwhile(writing, change);
    return closed === undefined
      ? { id, key, status: 'failed', reason: awsFailureText(thrown) }
      : held({ is: 'account-closed', account: closed });
  }
};

const policyEffects = (state: State): Map<Key, AttachedEffect> =>
  new Map(resourcesOf(state, 'policy').map((policy) => [keyOf(policy), effectOfDocument(policy.document)]));

type CloudAccess = Pick<TraceContext, 'ids' | 'caller'> & {
  readonly connection: AwsConnection;
  readonly accounts: MemberAccounts;
};

const tracesIn = async (
  { connection, accounts, ...here }: CloudAccess,
  changes: readonly Change[],
): Promise<Traces> => {
  const region = await connection.ssoAdmin.config.region();
  const trailOf: TrailClientOf = async (where) =>
    connection.cloudTrail(where, await accounts.credentials(where.account));
  return tracesOf(trailOf, { ...here, region, changes });
};

export type AwsCloud = Cloud & {
  /** Who made the differences that these changes would put right; of what was read last. */
  readonly traces: (changes: readonly Change[]) => Promise<Traces>;
  /** As `read`, with what cannot have changed taken from a record. Nothing is applied to what was read so. */
  readonly readSince: (record: RecordOffer, touched: readonly Resource[]) => Promise<Live>;
  /** Of the last whole reading, where one is kept; nothing of an account of no organization. */
  readonly record: () => AwsRecord | undefined;
};

/** What one reading leaves for what is done next. */
type CloudMemory = {
  writing?: WriteContext;
  asking?: CloudAccess;
  kept?: AwsRecord | undefined;
};

type CloudScene = { readonly clients: AwsClients; readonly context: CloudContext; readonly memory: CloudMemory };

const readersOf = ({ clients, context, memory }: CloudScene): Pick<AwsCloud, 'read' | 'readSince'> => {
  const meters = meter(context.onCall);
  const deck: TapeDeck = { tape: noTape };
  const wall = context.wall ?? context.clock.now;
  const { clock, share = 1, onRead } = context;
  const connected = once(() =>
    connectAws(clients, { clock, onCall: meters.count, share, deck, ...(onRead === undefined ? {} : { onRead }) }),
  );
  const begin = (): Promise<AwsConnection> => {
    meters.reset();
    return connected();
  };
  const noted = ({ live, ids, accounts }: LiveReading, connection: AwsConnection): void => {
    memory.asking = { connection, ids, accounts, caller: live.callerAccountId };
  };
  return {
    read: async () => {
      const connection = await begin();
      const { record, ...reading } = await readKept({ connection, context, deck, wall });
      const { live, route, ids, accounts } = reading;
      memory.kept = record;
      const fresh = { ids, accounts, effects: policyEffects(live.state) };
      const { interrupt } = context;
      // What is in flight keeps its lanes and slots; only the ids are new, and what was written is read.
      const writing = memory.writing ?? createWriting(connection, { ...fresh, interrupt });
      memory.writing = { ...writing, ...fresh, passed: new Map() };
      noted(reading, connection);
      return { ...live, reads: { route, calls: meters.calls() } };
    },
    readSince: async (record, touched) => {
      const connection = await begin();
      const { use, ...reading } = await readSince({ connection, context, deck }, { record, touched, now: wall() });
      noted(reading, connection);
      return { ...reading.live, reads: { route: reading.route, calls: meters.calls(), record: use } };
    },
  };
};

/** `apply` finds things by the names that `read` saw: it throws when nothing was read yet. */
export const awsCloud = (clients: AwsClients, context: CloudContext): AwsCloud => {
  const memory: CloudMemory = {};
  const readers = readersOf({ clients, context, memory });
  const told = (thrown: unknown): never => {
    throw readError(thrown);
  };
  return {
    read: () => readers.read().catch(told),
    readSince: (record, touched) => readers.readSince(record, touched).catch(told),
    record: () => memory.kept,
    apply: async (change) => {
      if (memory.writing === undefined) throw new Error('apply before read: nothing is known of AWS yet');
      return carriedOut(memory.writing, change);
    },
    traces: async (changes) => {
      if (memory.asking === undefined) throw new Error('traces before read: nothing is known of AWS yet');
      return tracesIn(memory.asking, changes);
    },
  };
};
