/** What every writer is given. */
import type { AttachedEffect } from '../change/role-steps.ts';
import type { Accounts } from './accounts.ts';
import { concurrency } from '../model/quotas.ts';
import type { Key, Resource } from '../model/resource.ts';
import { createBatches } from './batches.ts';
import type { Batches } from './batches.ts';
import type { Connection } from './connection.ts';
import { idIn } from './ids.ts';
import { isNamed } from './failures.ts';
import type { Ids } from './ids.ts';
import { createLanes, createSlots } from './lanes.ts';
import type { Room } from './look-iam.ts';
import type { Claim, Lanes, Slots } from './lanes.ts';
import { createPollers } from './pollers.ts';
import type { Pollers } from './pollers.ts';

export type Writing = {
  readonly connection: Connection;
  readonly ids: Ids;
  readonly lanes: Lanes;
  /** Called when a change's turn has come and nothing of it was written; throws when it is not to begin. */
  readonly begin: () => void;
  readonly identityStoreSlots: Slots;
  readonly iamSlots: Slots;
  readonly assignmentSlots: Slots;
  readonly provisionSlots: Slots;
  readonly pollers: Pollers;
  /** Key -> the states from which this run has already written it. */
  readonly passed: Map<Key, readonly (Resource | undefined)[]>;
  /** ARNs of the sets that this run created: nobody had an assignment of them before. */
  readonly madeSets: Set<string>;
  readonly batches: Batches;
  readonly accounts: Accounts;
  /** Key of the customer policy -> what its document does. */
  readonly effects: Map<Key, AttachedEffect>;
};

const interruptedName = 'INTERRUPTED';
export const isInterruption = (thrown: unknown): boolean => isNamed(thrown, interruptedName);

const beginUnless = (interrupt: AbortSignal | undefined) => (): void => {
  if (interrupt?.aborted !== true) return;
  throw Object.assign(new Error('interrupted before it was begun'), { name: interruptedName });
};

/** Groups and memberships wait here and not for their bucket, where nobody could tell whether they were begun. */
const identityStoreWrites = 16;
/** Accounts written to at the same time; each has rates of its own, and a process only so many connections. */
const iamWrites = 24;

type Beginning = Pick<Writing, 'ids' | 'accounts' | 'effects'> & { readonly interrupt: AbortSignal | undefined };

export const createWriting = (connection: Connection, { interrupt, ...beginning }: Beginning): Writing => ({
  connection,
  ...beginning,
  lanes: createLanes(),
  begin: beginUnless(interrupt),
  identityStoreSlots: createSlots(identityStoreWrites),
  iamSlots: createSlots(iamWrites),
  assignmentSlots: createSlots(concurrency.outstandingAssignments),
  provisionSlots: createSlots(concurrency.outstandingProvisions),
  pollers: createPollers(connection, beginning.ids.instanceArn),
  passed: new Map(),
  madeSets: new Set(),
  batches: createBatches(),
});

/** Organizations answers writes that overlap with ConcurrentModificationException. */
export const organizationLane: readonly Claim[] = [{ lane: 'organizations', token: 'write' }];

/** IAM changes of one account come one after the other: most of them use what the one before has made. */
export const iamLane = (account: string, change: string): readonly Claim[] => [
  { lane: `iam ${account}`, token: change },
];

export const iamRoom = async ({ ids, accounts }: Writing, account: string): Promise<Room> => {
  const id = idIn(ids.accounts, account, 'account');
  return { account, id, iam: await accounts.iam(id) };
};

/** Milliseconds: IAM is eventually consistent, usually within seconds; half a minute in all. */
export const iamLooks: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
