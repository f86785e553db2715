/** Waiting for what Identity Center does asynchronously, with one list call for all that is in flight. */
import type { Clock } from './clock.ts';
import type { AwsConnection } from './connection.ts';
import { isNamed } from './failures.ts';

export type RequestProgress = {
  readonly RequestId?: string | undefined;
  readonly Status?: 'IN_PROGRESS' | 'FAILED' | 'SUCCEEDED' | undefined;
  readonly FailureReason?: string | undefined;
};

export type ProgressSource = {
  /** The newest requests of its kind, with their status and without reasons. */
  readonly list: () => Promise<readonly RequestProgress[]>;
  readonly describe: (requestId: string) => Promise<RequestProgress>;
};

/** Resolves when AWS says that it succeeded; throws its reason when it failed. */
export type RequestPoller = { readonly settled: (begun: RequestProgress | undefined) => Promise<void> };

type RequestAge = { readonly id: string; readonly age: number };

type ProgressRows = { readonly rows: readonly RequestProgress[]; readonly now: number };

type RequestWaiter = {
  readonly id: string;
  readonly since: number;
  readonly done: (progress: RequestProgress) => void;
  readonly fail: (thrown: unknown) => void;
};

/** Milliseconds: half as old as the youngest request, so that quick ones are not kept waiting. */
const pollEvery = { least: 500, most: 4000 };
/** A set in thousands of accounts takes long; what takes longer is reported, and the next run finds how it ended. */
const patience = 30 * 60_000;

/** An asynchronous operation that AWS reported as failed. */
export class FailedOperation extends Error {
  override readonly name = 'FAILED';
}

const isEnded = ({ Status }: RequestProgress): boolean => Status === 'SUCCEEDED' || Status === 'FAILED';

/** A read may not know yet what was begun a moment ago. */
const unknownFor = 60_000;

/** `Describe` only for those that failed, whose reason the list lacks, and those that are not on its page. */
const latest = async (
  source: ProgressSource,
  rows: readonly RequestProgress[],
  { id, age }: RequestAge,
): Promise<RequestProgress> => {
  const row = rows.find(({ RequestId }) => RequestId === id);
  if (row !== undefined && row.Status !== 'FAILED') return row;
  try {
    return await source.describe(id);
  } catch (thrown) {
    if (isNamed(thrown, 'ResourceNotFoundException') && age < unknownFor) return { Status: 'IN_PROGRESS' };
    throw thrown;
  }
};

/** What the list cannot tell is asked one by one. */
const newest = (source: ProgressSource): Promise<readonly RequestProgress[]> => source.list().catch(() => []);

/** Whether the wait is over. A failed describe ends only the wait for its own request. */
const look = async (source: ProgressSource, waiter: RequestWaiter, { rows, now }: ProgressRows): Promise<boolean> => {
  const age = now - waiter.since;
  try {
    const progress = await latest(source, rows, { id: waiter.id, age });
    if (isEnded(progress)) waiter.done(progress);
    else if (age > patience) waiter.fail(new Error('still in progress after 30 minutes'));
    else return false;
  } catch (thrown) {
    waiter.fail(thrown);
  }
  return true;
};

/** Those whose wait is over. */
const check = async (
  source: ProgressSource,
  clock: Clock,
  waiters: readonly RequestWaiter[],
): Promise<readonly RequestWaiter[]> => {
  const rows = await newest(source);
  const over = await Promise.all(waiters.map((waiter) => look(source, waiter, { rows, now: clock.now() })));
  return waiters.filter((_, at) => over[at]);
};

export const createPoller = (source: ProgressSource, clock: Clock): RequestPoller => {
  let waiters: readonly RequestWaiter[] = [];
  const pause = (): Promise<void> => {
    const age = clock.now() - Math.max(...waiters.map(({ since }) => since));
    return clock.sleep(Math.min(pollEvery.most, Math.max(pollEvery.least, age / 2)));
  };
  const poll = async (): Promise<void> => {
    while (waiters.length > 0) {
      await pause();
      const ended = await check(source, clock, waiters);
      waiters = waiters.filter((waiter) => !ended.includes(waiter));
    }
  };
  const wait = (id: string): Promise<RequestProgress> =>
    new Promise((done, fail) => {
      const idle = waiters.length === 0;
      waiters = [...waiters, { id, since: clock.now(), done, fail }];
      if (idle) void poll();
    });
  return {
    settled: async (begun) => {
      const id = begun?.RequestId ?? '';
      const ended = begun?.Status === 'IN_PROGRESS' ? await wait(id) : begun;
      if (ended?.Status === 'SUCCEEDED') return;
      const reason = ended?.FailureReason ?? (await source.describe(id)).FailureReason;
      throw new FailedOperation(reason ?? 'AWS gives no reason');
    },
  };
};

const pageSize = 100;

export type RequestPollers = {
  readonly creation: RequestPoller;
  readonly deletion: RequestPoller;
  readonly provisioning: RequestPoller;
};

export const createPollers = ({ ssoAdmin, clock }: AwsConnection, InstanceArn: string): RequestPollers => {
  const page = { InstanceArn, MaxResults: pageSize };
  const creation: ProgressSource = {
    list: async () => (await ssoAdmin.listAccountAssignmentCreationStatus(page)).AccountAssignmentsCreationStatus ?? [],
    describe: async (id) =>
      (
        await ssoAdmin.describeAccountAssignmentCreationStatus({
          InstanceArn,
          AccountAssignmentCreationRequestId: id,
        })
      ).AccountAssignmentCreationStatus ?? {},
  };
  const deletion: ProgressSource = {
    list: async () => (await ssoAdmin.listAccountAssignmentDeletionStatus(page)).AccountAssignmentsDeletionStatus ?? [],
    describe: async (id) =>
      (
        await ssoAdmin.describeAccountAssignmentDeletionStatus({
          InstanceArn,
          AccountAssignmentDeletionRequestId: id,
        })
      ).AccountAssignmentDeletionStatus ?? {},
  };
  const provisioning: ProgressSource = {
    list: async () => (await ssoAdmin.listPermissionSetProvisioningStatus(page)).PermissionSetsProvisioningStatus ?? [],
    describe: async (id) =>
      (await ssoAdmin.describePermissionSetProvisioningStatus({ InstanceArn, ProvisionPermissionSetRequestId: id }))
        .PermissionSetProvisioningStatus ?? {},
  };
  return {
    creation: createPoller(creation, clock),
    deletion: createPoller(deletion, clock),
    provisioning: createPoller(provisioning, clock),
  };
};
