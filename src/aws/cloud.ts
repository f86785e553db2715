/** Everything of AWS, as two verbs: the live state, and one change at a time made to it. */
import { heldText } from '../model/held-text.ts';
import type { HeldReason } from '../model/held.ts';
import type { Cloud, Live, Outcome } from '../model/cloud.ts';
import { afterOf, beforeOf } from '../model/plan.ts';
import type { Change } from '../model/plan.ts';
import { isGrant, keyOf, resourcesOf } from '../model/resource.ts';
import type { Key, State } from '../model/resource.ts';
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
import { readLive } from './read.ts';
import type { ReadContext } from './read.ts';
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
};

/** `apply` finds things by the names that `read` saw: it throws when nothing was read yet. */
export const awsCloud = (clients: AwsClients, context: CloudContext): AwsCloud => {
  const meters = meter(context.onCall);
  let connecting: Promise<AwsConnection> | undefined;
  let writing: WriteContext | undefined;
  let asking: CloudAccess | undefined;
  const connected = () =>
    (connecting ??= connectAws(clients, {
      clock: context.clock,
      onCall: meters.count,
      share: context.share ?? 1,
      ...(context.onRead === undefined ? {} : { onRead: context.onRead }),
    }));
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
