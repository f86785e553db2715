/** Everything of AWS, as two verbs: the live state, and one change at a time made to it. */
import type { Cloud, Live, Outcome } from '../model/cloud.ts';
import type { Change } from '../model/plan.ts';
import type { Clients } from './clients.ts';
import type { Clock } from './clock.ts';
import { connect } from './connection.ts';
import type { Connection } from './connection.ts';
import { failureOf, failureText, readError } from './failures.ts';
import { isMoved } from './moved.ts';
import { readLive } from './read.ts';
import type { ReadContext } from './read.ts';
import { write } from './write.ts';
import { createWriting, isInterruption } from './writing.ts';
import type { Writing } from './writing.ts';

export type CloudContext = ReadContext & {
  readonly clock: Clock;
  /** Told of every attempt of every call, as "sso-admin:ListPermissionSets". */
  readonly onCall?: (operation: string) => void;
  /** Once aborted, changes that only wait for their turn are held; those that were begun are finished. */
  readonly interrupt?: AbortSignal;
};

type Meter = { readonly count: (operation: string) => void; readonly reset: () => void; readonly calls: () => Calls };
type Calls = Readonly<Record<string, number>>;

const meter = (onCall: CloudContext['onCall']): Meter => {
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

const carriedOut = async (writing: Writing, change: Change): Promise<Outcome> => {
  const { id, key } = change;
  try {
    await write(writing, change);
    return { id, key, status: 'done' };
  } catch (thrown) {
    if (isMoved(thrown) || isInterruption(thrown))
      return { id, key, status: 'held', reason: failureOf(thrown).message };
    return { id, key, status: 'failed', reason: failureText(thrown) };
  }
};

/** `apply` finds things by the names that `read` saw: it throws when nothing was read yet. */
export const awsCloud = (clients: Clients, context: CloudContext): Cloud => {
  const meters = meter(context.onCall);
  let connecting: Promise<Connection> | undefined;
  let writing: Writing | undefined;
  const connected = () => (connecting ??= connect(clients, { clock: context.clock, onCall: meters.count }));
  const read = async (): Promise<Live> => {
    meters.reset();
    const connection = await connected();
    const { live, route, ids } = await readLive(connection, context);
    // What is in flight keeps its lanes and slots; only the ids are new, and what was written is read.
    writing = {
      ...(writing ?? createWriting(connection, { ids, interrupt: context.interrupt })),
      ids,
      passed: new Map(),
    };
    return { ...live, reads: { route, calls: meters.calls() } };
  };
  return {
    read: () =>
      read().catch((thrown: unknown) => {
        throw readError(thrown);
      }),
    apply: async (change) => {
      if (writing === undefined) throw new Error('apply before read: nothing is known of AWS yet');
      return carriedOut(writing, change);
    },
  };
};
