/** The imitated AWS as one function: a request and a clock in, a response out. No I/O, no time of its own. */
import { callerOfKey, noteUse, scopeOf } from './caller.ts';
import { record } from './cloudtrail/record.ts';
import type { SandboxCall, ManagedPolicyCatalogue, CallInput, SandboxOperation, CallOutput } from './core.ts';
import { AwsError, nextUuid } from './core.ts';
import type { Delay } from './delay.ts';
import { readDelay } from './delay.ts';
import { comesFromEmptyPage, emptied, withoutMark } from './empty-pages.ts';
import type { HttpRequest, HttpResponse, ParsedRequest } from './http.ts';
import { checkInput, hasResult } from './model.ts';
import { modelOf, operationOf } from './services.ts';
import { settleAccounts } from './organizations/accounts.ts';
import { settleSso } from './identity-center/requests.ts';
import { inHurry } from './speed.ts';
import { charge } from './throttle.ts';
import { isRestCall, parseRestCall, restAnswer, restError } from './wire-rest.ts';
import { isJsonCall, jsonAnswer, jsonError, parseJsonCall } from './wire-json.ts';
import { isQueryCall, parseQueryCall, queryAnswer, queryError } from './wire-query.ts';
import { isS3Call, parseS3Call, s3Answer, s3Error } from './wire-s3.ts';
import type { SandboxWorld } from './world.ts';

/** Milliseconds since the epoch. */
export type SandboxClock = () => number;

export type Sandbox = {
  readonly handle: (request: HttpRequest, clock: SandboxClock) => HttpResponse;
  /** The state itself, not a copy: what a test changes here, the next call sees. */
  readonly world: () => SandboxWorld;
  /** How many calls may have changed the state so far. */
  readonly writes: () => number;
};

type HandlerContext = {
  readonly world: SandboxWorld;
  readonly speed: number;
  readonly catalogue: ManagedPolicyCatalogue;
  readonly delay: Delay;
  writes: number;
};

const isRead = (operation: string): boolean =>
  /^(Describe|List|Get|Head|IsMember|Lookup|Validate|Check)/.test(operation);

const countOf = (world: SandboxWorld, prefix: string): number =>
  Object.entries(world.requestLog).reduce((sum, [name, count]) => (name.includes(prefix) ? sum + count : sum), 0);

const log = ({ requestLog }: SandboxWorld, { service, operation }: ParsedRequest): void => {
  const name = `${service}:${operation}`;
  requestLog[name] = (requestLog[name] ?? 0) + 1;
};

/** Services whose pages have markers, or tokens of another name. */
const otherTokens: readonly string[] = ['iam', 'accessanalyzer', 'account-access', 's3', 'kms', 'lambda', 'ecr'];

/** Every fifth list call of the services that have NextToken. */
const answersEmptyPage = (world: SandboxWorld, { service, operation, input }: ParsedRequest): boolean =>
  world.settings.emptyPages &&
  !otherTokens.includes(service) &&
  operation.startsWith('List') &&
  !comesFromEmptyPage(input) &&
  countOf(world, ':List') % 5 === 0;

const sourceOf = ({ headers, ip = '127.0.0.1' }: HttpRequest): SandboxCall['source'] => ({
  ip,
  agent: headers['user-agent'] ?? '-',
});

type ArrivedRequest = { readonly request: HttpRequest; readonly now: number };

/** Throws for credentials that are no longer, or never were, any. */
const callOf = (
  { world, catalogue }: HandlerContext,
  { service, operation }: ParsedRequest,
  { request, now }: ArrivedRequest,
): SandboxCall => {
  const { accessKeyId, region } = scopeOf(request.headers['authorization']);
  const caller = callerOfKey(world, { accessKeyId, service, now });
  noteUse(world, { accessKeyId, service, region, now });
  const { account, principalArn } = caller;
  const source = sourceOf(request);
  return { service, operation, caller, account, principalArn, accessKeyId, source, region, now, catalogue };
};

const written = (
  room: HandlerContext,
  operation: SandboxOperation<SandboxWorld>,
  { input, call }: { input: CallInput; call: SandboxCall },
): CallOutput => {
  room.delay.remember(call.now);
  room.writes += 1;
  try {
    const output = operation(room.world, input, call);
    record(room.world, call, { input, output });
    return output;
  } catch (error) {
    if (error instanceof AwsError) record(room.world, call, { input, error });
    throw error;
  }
};

const run = (room: HandlerContext, parsed: ParsedRequest, call: SandboxCall): CallOutput => {
  const operation = operationOf(parsed.service, parsed.operation);
  if (!operation) throw unknown(parsed);
  log(room.world, parsed);
  if (room.world.settings.throttling) charge(room.world.buckets, call, room);
  settleAccounts(room.world, call.now);
  // IAM sees the roles of assignments that are due, whether or not anybody has asked Identity Center about them.
  settleSso(room.world, call.now);
  const input = withoutMark(parsed.input);
  const model = modelOf(parsed.service);
  if (model) checkInput(model, parsed.operation, input);
  if (isRead(parsed.operation)) {
    const output = operation(room.delay.seen(call.now), input, call);
    return answersEmptyPage(room.world, parsed) ? emptied(output, input) : output;
  }
  return written(room, operation, { input, call });
};

const unknown = ({ service, operation }: ParsedRequest): AwsError =>
  ['iam', 'sts', 'sns'].includes(service)
    ? new AwsError('InvalidAction', `The sandbox has no operation ${operation} of ${service}.`)
    : new AwsError('UnknownOperationException', `The sandbox has no operation ${operation} of ${service}.`);

/** What is thrown and is no AwsError is a defect of the sandbox: a fault of the service, as AWS would call it. */
const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), { status: 500 });

const requestIdOf = (world: SandboxWorld): string => nextUuid({ next: countOf(world, ':') * 64 });

const answerJson = (room: HandlerContext, request: HttpRequest, clock: SandboxClock): HttpResponse => {
  try {
    const parsed = parseJsonCall(request);
    const output = run(room, parsed, callOf(room, parsed, { request, now: clock() }));
    return jsonAnswer(output, requestIdOf(room.world));
  } catch (error) {
    return jsonError(asAwsError(error), request, requestIdOf(room.world));
  }
};

const answerQuery = (room: HandlerContext, request: HttpRequest, clock: SandboxClock): HttpResponse => {
  let parsed: ParsedRequest = { service: 'iam', operation: '', input: {} };
  try {
    parsed = parseQueryCall(request);
    const output = run(room, parsed, callOf(room, parsed, { request, now: clock() }));
    const model = modelOf(parsed.service);
    const answered = { ...parsed, requestId: requestIdOf(room.world) };
    return queryAnswer(model && hasResult(model, parsed.operation) ? output : undefined, answered);
  } catch (error) {
    return queryError(asAwsError(error), { ...parsed, requestId: requestIdOf(room.world) });
  }
};

const answerRest = (room: HandlerContext, request: HttpRequest, clock: SandboxClock): HttpResponse => {
  try {
    const parsed = parseRestCall(request);
    const output = run(room, parsed, callOf(room, parsed, { request, now: clock() }));
    return restAnswer(output, { ...parsed, requestId: requestIdOf(room.world) });
  } catch (error) {
    return restError(asAwsError(error), requestIdOf(room.world));
  }
};

const answerS3 = (room: HandlerContext, request: HttpRequest, clock: SandboxClock): HttpResponse => {
  let parsed: ParsedRequest = { service: 's3', operation: '', input: {} };
  try {
    parsed = parseS3Call(request);
    const output = run(room, parsed, callOf(room, parsed, { request, now: clock() }));
    return s3Answer(output, { ...parsed, requestId: requestIdOf(room.world) });
  } catch (error) {
    return s3Error(asAwsError(error), { ...parsed, requestId: requestIdOf(room.world) });
  }
};

const noProtocol = (request: HttpRequest): AwsError =>
  new AwsError('UnknownOperationException', `The sandbox has no operation at ${request.method} ${request.path}.`, {
    status: 404,
  });

type SandboxOptions = {
  readonly catalogue: ManagedPolicyCatalogue;
  /** How many times as fast its waits pass; 1 unless said. */
  readonly speed?: number;
};

/** The world is used and changed in place. */
export const createSandbox = (world: SandboxWorld, { catalogue, speed = 1 }: SandboxOptions): Sandbox => {
  const seen = speed === 1 ? world : inHurry(world, speed);
  const room: HandlerContext = { world: seen, speed, catalogue, delay: readDelay(seen), writes: 0 };
  return {
    world: () => world,
    writes: () => room.writes,
    handle: (request, clock) => {
      if (isJsonCall(request)) return answerJson(room, request, clock);
      if (isS3Call(request)) return answerS3(room, request, clock);
      if (isRestCall(request)) return answerRest(room, request, clock);
      if (isQueryCall(request)) return answerQuery(room, request, clock);
      return jsonError(noProtocol(request), request, requestIdOf(world));
    },
  };
};
