/** What every writer is given. */
import type { AttachedEffect } from '../change/role-steps.ts';
import type { MemberAccounts } from './accounts.ts';
import { concurrency } from '../model/quotas.ts';
import type { Key, Resource } from '../model/resource.ts';
import { createBatches } from './batches.ts';
import type { ReadBatches } from './batches.ts';
import type { AwsConnection } from './connection.ts';
import { idIn } from './ids.ts';
import { HeldError } from './held-error.ts';
import type { AwsIds } from './ids.ts';
import { createLanes, createSlots } from './lanes.ts';
import type { AccountIam } from './look-iam.ts';
import type { LaneClaim, WriteLanes, CallSlots } from './lanes.ts';
import { createPollers } from './pollers.ts';
import type { RequestPollers } from './pollers.ts';

export type WriteContext = {
  readonly connection: AwsConnection;
  readonly ids: AwsIds;
  readonly lanes: WriteLanes;
  /** Called before the first write of a change. Throws when the run was interrupted and the change must not begin. */
  readonly begin: () => void;
  readonly identityStoreSlots: CallSlots;
  readonly iamSlots: CallSlots;
  readonly assignmentSlots: CallSlots;
  readonly provisionSlots: CallSlots;
  readonly entitlementSlots: CallSlots;
  readonly pollers: RequestPollers;
  /** Key -> the states from which this run has already written it. */
  readonly passed: Map<Key, readonly (Resource | undefined)[]>;
  /** ARNs of the sets that this run created: nobody had an assignment of them before. */
  readonly madeSets: Set<string>;
  readonly batches: ReadBatches;
  readonly accounts: MemberAccounts;
  /** Key of the customer policy -> what its document does. */
  readonly effects: Map<Key, AttachedEffect>;
};

const beginUnless = (interrupt: AbortSignal | undefined) => (): void => {
  if (interrupt?.aborted === true) throw new HeldError({ is: 'interrupted' });
};

/** Limits the changes of groups and memberships that are in flight. Waiting for a token bucket instead would count as begun. */
const identityStoreWrites = 16;
/** Accounts written to at the same time; each has rates of its own, and a process only so many connections. */
const iamWrites = 24;

type WriteStart = Pick<WriteContext, 'ids' | 'accounts' | 'effects'> & { readonly interrupt: AbortSignal | undefined };

export const createWriting = (connection: AwsConnection, { interrupt, ...beginning }: WriteStart): WriteContext => ({
  connection,
  ...beginning,
  lanes: createLanes(),
  begin: beginUnless(interrupt),
  identityStoreSlots: createSlots(identityStoreWrites),
  iamSlots: createSlots(iamWrites),
  assignmentSlots: createSlots(concurrency.outstandingAssignments),
  provisionSlots: createSlots(concurrency.outstandingProvisions),
  entitlementSlots: createSlots(concurrency.outstandingEntitlements),
  pollers: createPollers(connection, beginning.ids.instanceArn),
  passed: new Map(),
  madeSets: new Set(),
  batches: createBatches(),
});

/** Organizations answers writes that overlap with ConcurrentModificationException. */
export const organizationLane: readonly LaneClaim[] = [{ lane: 'organizations', token: 'write' }];

/** IAM changes of one account run one after the other: most of them need the one before. */
export const iamLane = (account: string, change: string): readonly LaneClaim[] => [
  { lane: `iam ${account}`, token: change },
];

export const iamRoom = async ({ ids, accounts }: WriteContext, account: string): Promise<AccountIam> => {
  const id = idIn(ids.accounts, account, 'account');
  return { account, id, iam: await accounts.iam(id) };
};

/** Milliseconds: IAM is eventually consistent, usually within seconds; half a minute in all. */
export const iamLooks: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
