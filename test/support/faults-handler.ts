/** A schedule of faults between the SDK's clients and the sandbox. */
import type { ScheduledFault, FaultKind, FaultSchedule } from './faults.ts';
import type { SdkRequest, SdkRequestHandler, SdkResponse } from '../../src/sandbox/request-handler.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';

type SdkAnswer = { readonly response: SdkResponse };
type FaultedCall = { readonly service: string; readonly operation: string; readonly isWrite: boolean };

type FaultOptions = {
  readonly schedule: FaultSchedule;
  readonly world: SandboxWorld;
  /** Told of each fault when it strikes: what somebody else does, and the end of the process, happen there. */
  readonly struck: (kind: FaultKind, operation: string) => void;
};

type FaultInjector = {
  readonly around: (handler: SdkRequestHandler) => SdkRequestHandler;
  /** A process starts: it has fresh credentials. */
  readonly renew: () => void;
  /** From now on nothing goes wrong. */
  readonly cease: () => void;
};

const services: Readonly<Record<string, string>> = {
  AWSOrganizationsV20161128: 'organizations',
  SWBExternalService: 'sso-admin',
  AWSIdentityStore: 'identitystore',
};

const textOf = ({ body }: SdkRequest): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array | undefined);

/** AssumeRole opens a session and changes nothing that a plan knows of: to a schedule it is a read. */
const isWrite = (operation: string): boolean => !/^(Describe|List|Get|IsMember|AssumeRole|Lookup)/.test(operation);

const formCall = (request: SdkRequest): FaultedCall => {
  const form = new URLSearchParams(textOf(request));
  const operation = form.get('Action') ?? 'GetCallerIdentity';
  return { service: form.get('Version') === '2010-05-08' ? 'iam' : 'sts', operation, isWrite: isWrite(operation) };
};

const calledBy = (request: SdkRequest): FaultedCall => {
  const target = request.headers['x-amz-target'];
  if (target === undefined) return formCall(request);
  const [operation = '', prefix = ''] = target.split('.').toReversed();
  return { service: services[prefix] ?? 'cloudtrail', operation, isWrite: isWrite(operation) };
};

const speaksXml = ({ service }: FaultedCall): boolean => service === 'iam' || service === 'sts';

const errorAnswer = (statusCode: number, name: string, fields: Readonly<Record<string, unknown>> = {}): SdkAnswer => ({
  response: {
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: new TextEncoder().encode(JSON.stringify({ __type: name, Message: 'A fault of the schedule', ...fields })),
  },
});

const queryError = (statusCode: number, name: string): SdkAnswer => ({
  response: {
    statusCode,
    headers: { 'content-type': 'text/xml' },
    body: new TextEncoder().encode(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>A fault of the schedule</Message></Error></ErrorResponse>`,
    ),
  },
});

const gateway = (): SdkAnswer => ({
  response: {
    statusCode: 502,
    headers: { 'content-type': 'text/html' },
    body: new TextEncoder().encode('<html><body>Bad Gateway</body></html>'),
  },
});

const lost = (name: string, code: string): Error => Object.assign(new Error('A fault of the schedule'), { name, code });

const throttling = (called: FaultedCall): SdkAnswer => {
  if (speaksXml(called)) return queryError(400, 'Throttling');
  return errorAnswer(400, called.service === 'organizations' ? 'TooManyRequestsException' : 'ThrottlingException');
};

const busy = (called: FaultedCall): SdkAnswer => {
  const { service } = called;
  if (speaksXml(called)) return queryError(409, 'ConcurrentModification');
  if (service === 'organizations') return errorAnswer(400, 'ConcurrentModificationException');
  return errorAnswer(
    400,
    'ConflictException',
    service === 'identitystore' ? { Reason: 'CONCURRENT_MODIFICATION' } : {},
  );
};

const serverError = (called: FaultedCall): SdkAnswer => {
  if (speaksXml(called)) return queryError(500, 'ServiceFailure');
  return errorAnswer(500, called.service === 'organizations' ? 'ServiceException' : 'InternalServerException');
};

const asynchronous: readonly string[] = [
  'CreateAccountAssignment',
  'DeleteAccountAssignment',
  'ProvisionPermissionSet',
];

const canStrike = (kind: FaultKind, called: FaultedCall): boolean => {
  const { service, operation } = called;
  if (kind === 'slots-taken' || kind === 'operation-fails' || kind === 'operation-slow')
    return asynchronous.includes(operation);
  if (kind === 'short-page') return operation.startsWith('List') && !speaksXml(called);
  if (kind === 'throttled' || kind === 'error-before') return service !== 'sts';
  return kind === 'busy' || kind.endsWith('-after') ? called.isWrite : true;
};

const slowness = 90_000;

const slowBy = ({ settings: { latencyMs } }: SandboxWorld, milliseconds: number): void => {
  latencyMs.assignment += milliseconds;
  latencyMs.provisioning += milliseconds;
};

const failBegun = ({ sso }: SandboxWorld, { response }: SdkAnswer): void => {
  const text = new TextDecoder().decode(response.body);
  const begun = sso.requests.find(({ requestId, status }) => status === 'IN_PROGRESS' && text.includes(requestId));
  if (begun === undefined) return;
  begun.status = 'FAILED';
  begun.failureReason = 'Received a 500 status error: a fault of the schedule';
};

const withShortPage = (request: SdkRequest): SdkRequest => {
  const input = JSON.parse(textOf(request)) as Readonly<Record<string, unknown>>;
  return { ...request, body: JSON.stringify({ ...input, MaxResults: 1 }) };
};

type PassedRequest = (request: SdkRequest) => Promise<SdkAnswer>;

const struckBefore = (kind: FaultKind, called: FaultedCall): SdkAnswer | undefined => {
  if (kind === 'throttled') return throttling(called);
  if (kind === 'slots-taken')
    return errorAnswer(400, 'ThrottlingException', {
      Message: 'There are too many requests processing. Please try again later.',
    });
  if (kind === 'busy') return busy(called);
  if (kind === 'error-before') return serverError(called);
  if (kind === 'reset-before' || kind === 'killed-before') throw lost('Error', 'ECONNRESET');
  if (kind === 'timeout-before') throw lost('TimeoutError', 'ETIMEDOUT');
  return undefined;
};

const struckAfter = (kind: FaultKind, called: FaultedCall, answer: SdkAnswer): SdkAnswer => {
  if (kind === 'error-after') return serverError(called);
  if (kind === 'gateway-after') return gateway();
  if (kind === 'reset-after' || kind === 'killed-after') throw lost('Error', 'ECONNRESET');
  if (kind === 'timeout-after') throw lost('TimeoutError', 'ETIMEDOUT');
  return answer;
};

const expiredAnswer = (called: FaultedCall): SdkAnswer =>
  speaksXml(called) ? queryError(403, 'ExpiredToken') : errorAnswer(400, 'ExpiredTokenException');

/** What AWS answers when the call itself is not refused. */
const passed = async (kind: FaultKind, world: SandboxWorld, pass: () => Promise<SdkAnswer>): Promise<SdkAnswer> => {
  if (kind !== 'operation-fails' && kind !== 'operation-slow') return pass();
  // Slow for as long as it takes to be answered, so that it has not ended before its fate is known.
  slowBy(world, slowness);
  const answer = await pass().finally(() => slowBy(world, -slowness));
  if (kind === 'operation-fails') failBegun(world, answer);
  return answer;
};

export const createFaults = ({ schedule, world, struck }: FaultOptions): FaultInjector => {
  let waiting: readonly ScheduledFault[] = schedule.faults;
  let expired = false;
  const answered = { calls: 0, writes: 0 };
  const due = (called: FaultedCall): FaultKind | undefined => {
    const fault = waiting.find(({ kind, of, at }) => answered[of] >= at && canStrike(kind, called));
    answered.calls += 1;
    if (called.isWrite) answered.writes += 1;
    if (fault === undefined) return undefined;
    waiting = waiting.filter((other) => other !== fault);
    struck(fault.kind, `${called.service}:${called.operation}`);
    if (fault.kind === 'credentials-expire') expired = true;
    return fault.kind;
  };
  const answer = async (request: SdkRequest, pass: PassedRequest): Promise<SdkAnswer> => {
    const called = calledBy(request);
    const kind = due(called);
    if (expired) return expiredAnswer(called);
    if (kind === undefined) return pass(request);
    const refusal = struckBefore(kind, called);
    if (refusal !== undefined) return refusal;
    const shown = kind === 'short-page' ? withShortPage(request) : request;
    return struckAfter(kind, called, await passed(kind, world, () => pass(shown)));
  };
  return {
    around: (handler) => ({ ...handler, handle: (request) => answer(request, (one) => handler.handle(one)) }),
    renew: () => {
      expired = false;
    },
    cease: () => {
      waiting = [];
      expired = false;
    },
  };
};
