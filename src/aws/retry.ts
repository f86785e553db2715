/** When a call is made again, and how long after. */
import { failureOf, isNamed } from './failures.ts';
import type { AwsFailure } from './failures.ts';
import type { AwsService } from './buckets.ts';
import type { Clock } from './clock.ts';

export type ApiCall = { readonly service: AwsService; readonly operation: string };

type RetryPatience = { readonly tries: number; readonly wait: (tries: number) => number };

const seconds = (count: number): number => count * 1000;
const doubling = (first: number, cap: number) => (tries: number) =>
  Math.min(cap, first * 2 ** (tries - 1)) * (0.75 + Math.random() / 4);

/** The maximum of outstanding operations is reached. The next one starts when one ends, whatever the rate limit. */
const slot: RetryPatience = { tries: 180, wait: () => seconds(2) };
const throttled: RetryPatience = { tries: 10, wait: doubling(seconds(1), seconds(20)) };
/** Somebody else is changing the same thing; nothing was carried out. */
const busy: RetryPatience = { tries: 12, wait: doubling(seconds(0.5), seconds(10)) };
/** The type was enabled a moment ago and Organizations does not know it everywhere yet. */
const enabling: RetryPatience = { tries: 5, wait: doubling(seconds(1), seconds(4)) };
/** The call names something that was created a moment ago, and IAM does not know it everywhere yet. */
const settling: RetryPatience = { tries: 6, wait: doubling(seconds(0.5), seconds(4)) };
/** A role that was just made is no principal yet; terraform-provider-aws waits two minutes for it. */
const propagating: RetryPatience = { tries: 14, wait: doubling(seconds(1), seconds(10)) };
const transient: RetryPatience = { tries: 5, wait: doubling(seconds(0.2), seconds(5)) };

const throttlingNames = ['ThrottlingException', 'TooManyRequestsException', 'Throttling', 'ThrottledException'];
const busyNames = [
  'ConcurrentModificationException',
  'ConcurrentModification',
  'PolicyChangesInProgressException',
  'FinalizingOrganizationException',
  'EntityTemporarilyUnmodifiableException',
  // Of S3: "a conflicting conditional operation is currently in progress against this resource".
  'OperationAborted',
];
/** Calls that name a role or policy that this run may have created. For calls that remove, "not found" means it is gone. */
const buildingOperations = /^(Put|Attach|Update|Tag|Add)|^Create(Role|PolicyVersion)$/;
const lostNames = ['ServiceException', 'InternalServerException', 'ServiceFailure', 'TimeoutError', 'AbortError'];
const lostCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'];

const isBusy = ({ name, reason }: AwsFailure): boolean =>
  busyNames.includes(name) || (name === 'ConflictException' && reason === 'CONCURRENT_MODIFICATION');

/** The answer was lost: AWS may or may not have carried the call out. */
const isLost = (thrown: unknown): boolean => {
  const { name, status } = failureOf(thrown);
  const code = (thrown as { readonly code?: unknown } | null)?.code;
  return (status ?? 0) >= 500 || lostNames.includes(name) || (typeof code === 'string' && lostCodes.includes(code));
};

/**
 * A create whose answer was lost is not sent again before somebody has looked. CreateAccountAssignment may be: an
 * assignment that is made twice is there once; so may CreateEntitlement, which its reference calls idempotent.
 */
const mayRepeatUnseen = (operation: string): boolean =>
  !operation.startsWith('Create') || ['CreateAccountAssignment', 'CreateEntitlement'].includes(operation);

const iamPatience = ({ name, message }: AwsFailure, { operation }: ApiCall): RetryPatience | undefined => {
  if (name === 'NoSuchEntityException' && buildingOperations.test(operation)) return settling;
  if (name === 'DeleteConflictException') return settling;
  return name === 'MalformedPolicyDocumentException' && /invalid principal/i.test(message) ? propagating : undefined;
};

/** A role or a trust that was just written is unknown to it for a while; terraform-provider-aws waits two minutes. */
const accountAccessPatience = ({ name, message }: AwsFailure, { operation }: ApiCall): RetryPatience | undefined => {
  if (operation !== 'CreateEntitlement') return undefined;
  return name === 'ValidationException' && /verifying role/i.test(message) ? propagating : undefined;
};

/** A principal that was made a moment ago, in each service's words for one that is not there. */
const isUnknownPrincipal = ({ name, message }: AwsFailure): boolean =>
  /^(MalformedPolicy|MalformedPolicyDocumentException|InvalidParameter|InvalidParameterException)$/.test(name) &&
  /invalid principal|principalnotfound/i.test(message);

const patienceFor = (thrown: unknown, call: ApiCall): RetryPatience | undefined => {
  const failure = failureOf(thrown);
  if (throttlingNames.includes(failure.name)) {
    return /too many requests processing/i.test(failure.message) ? slot : throttled;
  }
  if (isBusy(failure)) return busy;
  if (failure.name === 'PolicyTypeNotEnabledException') return enabling;
  if (/^Put|^SetTopic/.test(call.operation) && isUnknownPrincipal(failure)) return propagating;
  const ofIam = call.service === 'iam' ? iamPatience(failure, call) : undefined;
  if (ofIam !== undefined) return ofIam;
  const ofAccess = call.service === 'account-access' ? accountAccessPatience(failure, call) : undefined;
  if (ofAccess !== undefined) return ofAccess;
  return isLost(thrown) && mayRepeatUnseen(call.operation) ? transient : undefined;
};

/** Milliseconds to wait before the next try, or undefined when there is to be none. */
export const waitBefore = (thrown: unknown, call: ApiCall, tries: number): number | undefined => {
  const patience = patienceFor(thrown, call);
  if (patience === undefined || tries >= patience.tries) return undefined;
  return Math.max(patience.wait(tries), seconds(failureOf(thrown).retryAfterSeconds ?? 0));
};

const settle: RetryPatience = { tries: 8, wait: doubling(seconds(0.5), seconds(10)) };

/**
 * For writes that sso-admin answers with ConflictException, which names no reason: it may mean "busy" or "already so".
 * `isDone` looks before the write is repeated; then there is no answer to give back.
 */
export const patiently = async <T>(
  clock: Clock,
  write: () => Promise<T>,
  isDone?: () => Promise<boolean>,
): Promise<T | undefined> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (thrown) {
      if (!isNamed(thrown, 'ConflictException') && !isLost(thrown)) throw thrown;
      if ((await isDone?.()) === true) return undefined;
      if (tries >= settle.tries) throw thrown;
      await clock.sleep(settle.wait(tries));
    }
  }
};

/** What a create may find: the errors that mean "there already is one". */
export type ResourceCreation = {
  readonly create: () => Promise<string | undefined>;
  readonly find: () => Promise<string | undefined>;
  readonly duplicate?: string;
};
export type CreatedResource = { readonly id: string; readonly fresh: boolean };

const idOf = (id: string | undefined): string => {
  if (id === undefined) throw new Error('AWS named no id for what it created');
  return id;
};

/** Looks for the thing when AWS says that it exists, or when the answer was lost; creates it again only when it is not there. */
export const createdOrFound = async ({ create, find, duplicate }: ResourceCreation): Promise<CreatedResource> => {
  try {
    return { id: idOf(await create()), fresh: true };
  } catch (thrown) {
    if (!(duplicate !== undefined && isNamed(thrown, duplicate)) && !isLost(thrown)) throw thrown;
    const found = await find();
    if (found !== undefined) return { id: found, fresh: false };
    if (!isLost(thrown)) throw thrown;
    return { id: idOf(await create()), fresh: true };
  }
};

/** Runs `write`. The named errors mean that the state is already as wanted. */
export const unless = async (names: readonly string[], write: () => Promise<unknown>): Promise<void> => {
  try {
    await write();
  } catch (thrown) {
    if (!isNamed(thrown, ...names)) throw thrown;
  }
};
