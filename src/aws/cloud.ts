/** Everything of AWS, as two verbs: the live state, and one change at a time made to it. */
import type { Cloud, Live, Outcome } from '../model/cloud.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import type { Change } from '../model/plan.ts';
import { keyOf, resourcesOf } from '../model/resource.ts';
import type { Key, State } from '../model/resource.ts';
import type { AttachedEffect } from '../change/role-steps.ts';
import type { Traces } from '../model/trace.ts';
import type { Accounts } from './accounts.ts';
import type { Clients } from './clients.ts';
import type { Clock } from './clock.ts';
import { connect } from './connection.ts';
import type { Connection } from './connection.ts';
import { failureOf, failureText, readError } from './failures.ts';
import { isMoved } from './moved.ts';
import { closedNow } from './read-tree.ts';
import { readLive } from './read.ts';
import type { ReadContext } from './read.ts';
import { tracesOf } from './trace.ts';
import type { TrailOf } from './trace.ts';
import type { Whereabouts } from './trace-questions.ts';
import { write } from './write.ts';
import { effectOfDocument } from './write-customer-policies.ts';
import { createWriting, isInterruption } from './writing.ts';
import type { Writing } from './writing.ts';

export type CloudContext = ReadContext & {
  readonly clock: Clock;
  /** Told of every attempt of every call, as "sso-admin:ListPermissionSets". */
  readonly onCall?: (operation: string) => void;
  /** Once aborted, changes that only wait for their turn are held; those that were begun are finished. */
  readonly interrupt?: AbortSignal;
  /** What this run may use of the rates that several runs share; by default all. */
  readonly share?: number;
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

/** The label of the account that an assignment is written in, if it has been closed since it was read. */
const closedMeanwhile = async ({ connection, ids }: Writing, change: Change): Promise<string | undefined> => {
  const resource = afterOf(change) ?? beforeOf(change);
  const id = resource?.kind === 'assignment' ? ids.accounts.get(resource.account) : undefined;
  if (resource?.kind !== 'assignment' || id === undefined) return undefined;
  return (await closedNow(connection, id).catch(() => false)) ? resource.account : undefined;
};

const carriedOut = async (writing: Writing, change: Change): Promise<Outcome> => {
  const { id, key } = change;
  try {
    await write(writing, change);
    return { id, key, status: 'done' };
  } catch (thrown) {
    if (isMoved(thrown) || isInterruption(thrown))
      return { id, key, status: 'held', reason: failureOf(thrown).message };
    const closed = await closedMeanwhile(writing, change);
    if (closed === undefined) return { id, key, status: 'failed', reason: failureText(thrown) };
    return { id, key, status: 'held', reason: `account ${closed} has been closed since the plan was made` };
  }
};

const policyEffects = (state: State): Map<Key, AttachedEffect> =>
  new Map(resourcesOf(state, 'policy').map((policy) => [keyOf(policy), effectOfDocument(policy.document)]));

type Asking = Pick<Whereabouts, 'ids' | 'caller'> & { readonly connection: Connection; readonly accounts: Accounts };

const tracesIn = async ({ connection, accounts, ...here }: Asking, changes: readonly Change[]): Promise<Traces> => {
  const region = await connection.ssoAdmin.config.region();
  const trailOf: TrailOf = async (where) => connection.cloudTrail(where, await accounts.credentials(where.account));
  return tracesOf(trailOf, { ...here, region, changes });
};

export type AwsCloud = Cloud & {
  /** Who made the differences that these changes would put right; of what was read last. */
  readonly traces: (changes: readonly Change[]) => Promise<Traces>;
};

/** `apply` finds things by the names that `read` saw: it throws when nothing was read yet. */
export const awsCloud = (clients: Clients, context: CloudContext): AwsCloud => {
  const meters = meter(context.onCall);
  let connecting: Promise<Connection> | undefined;
  let writing: Writing | undefined;
  let asking: Asking | undefined;
  const connected = () =>
    (connecting ??= connect(clients, { clock: context.clock, onCall: meters.count, share: context.share ?? 1 }));
  const read = async (): Promise<Live> => {
    meters.reset();
    const connection = await connected();
    const { live, route, ids, accounts } = await readLive(connection, context);
    const fresh = { ids, accounts, effects: policyEffects(live.state) };
    // What is in flight keeps its lanes and slots; only the ids are new, and what was written is read.
    writing = {
      ...(writing ?? createWriting(connection, { ...fresh, interrupt: context.interrupt })),
      ...fresh,
      passed: new Map(),
    };
    asking = { connection, ids, accounts, caller: live.callerAccountId };
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
    traces: async (changes) => {
      if (asking === undefined) throw new Error('traces before read: nothing is known of AWS yet');
      return tracesIn(asking, changes);
    },
  };
};
