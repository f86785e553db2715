/** When a call is made again, and how long after. */
import { failureOf, isNamed } from './failures.ts';
import type { Failure } from './failures.ts';
import type { Clock, Service } from './buckets.ts';

export type ApiCall = { readonly service: Service; readonly operation: string };

type Patience = { readonly tries: number; readonly wait: (tries: number) => number };

const seconds = (count: number): number => count * 1000;
const doubling = (first: number, cap: number) => (tries: number) =>
  Math.min(cap, first * 2 ** (tries - 1)) * (0.75 + Math.random() / 4);

/** The outstanding operations are at their maximum: a slot comes free when one of them ends, whatever the rate. */
const slot: Patience = { tries: 180, wait: () => seconds(2) };
const throttled: Patience = { tries: 10, wait: doubling(seconds(1), seconds(20)) };
/** Somebody else is changing the same thing; nothing was carried out. */
const busy: Patience = { tries: 12, wait: doubling(seconds(0.5), seconds(10)) };
const transient: Patience = { tries: 5, wait: doubling(seconds(0.2), seconds(5)) };

const throttlingNames = ['ThrottlingException', 'TooManyRequestsException', 'Throttling', 'ThrottledException'];
const busyNames = [
  'ConcurrentModificationException',
  'ConcurrentModification',
  'PolicyChangesInProgressException',
  'FinalizingOrganizationException',
];
const lostNames = ['ServiceException', 'InternalServerException', 'ServiceFailure', 'TimeoutError', 'AbortError'];
const lostCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'];

const isBusy = ({ name, reason }: Failure): boolean =>
  busyNames.includes(name) || (name === 'ConflictException' && reason === 'CONCURRENT_MODIFICATION');

/** The answer was lost: AWS may or may not have carried the call out. */
export const isLost = (thrown: unknown): boolean => {
  const { name, status } = failureOf(thrown);
  const code = (thrown as { readonly code?: unknown } | null)?.code;
  return (status ?? 0) >= 500 || lostNames.includes(name) || (typeof code === 'string' && lostCodes.includes(code));
};

/**
 * A create whose answer was lost is not sent again before somebody has looked. CreateAccountAssignment may be: an
 * assignment that is made twice is there once.
 */
const mayRepeatUnseen = (operation: string): boolean =>
  !operation.startsWith('Create') || operation === 'CreateAccountAssignment';

const patienceFor = (thrown: unknown, call: ApiCall): Patience | undefined => {
  const failure = failureOf(thrown);
  if (throttlingNames.includes(failure.name)) {
    return /too many requests processing/i.test(failure.message) ? slot : throttled;
  }
  if (isBusy(failure)) return busy;
  return isLost(thrown) && mayRepeatUnseen(call.operation) ? transient : undefined;
};

/** Milliseconds to wait before the next try, or undefined when there is to be none. */
export const waitBefore = (thrown: unknown, call: ApiCall, tries: number): number | undefined => {
  const patience = patienceFor(thrown, call);
  if (patience === undefined || tries >= patience.tries) return undefined;
  return Math.max(patience.wait(tries), seconds(failureOf(thrown).retryAfterSeconds ?? 0));
};

const settle: Patience = { tries: 12, wait: doubling(seconds(0.5), seconds(10)) };

/**
 * For writes that sso-admin answers with ConflictException, which names no reason: it may mean "busy" or "already so".
 * `isDone` looks before the write is repeated.
 */
export const patiently = async (clock: Clock, write: () => Promise<unknown>, isDone?: () => Promise<boolean>) => {
  for (let tries = 1; ; tries += 1) {
    try {
      await write();
      return;
    } catch (thrown) {
      if (!isNamed(thrown, 'ConflictException') && !isLost(thrown)) throw thrown;
      if ((await isDone?.()) === true) return;
      if (tries >= settle.tries) throw thrown;
      await clock.sleep(settle.wait(tries));
    }
  }
};
