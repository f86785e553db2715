/** A sandbox, the adapter on it and one simulated time for both. */
import { awsCloud } from '../../src/aws/cloud.ts';
import type { AwsCloud, CloudContext } from '../../src/aws/cloud.ts';
import { createClients } from '../../src/aws/clients.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import type { ManagedPolicyCatalogue } from '../../src/sandbox/core.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequest, SdkRequestHandler, SdkResponse } from '../../src/sandbox/request-handler.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import type { SeedInput } from '../../src/sandbox/seed.ts';

import { simulatedClock } from './simulated-clock.ts';
import type { SimulatedClock } from './simulated-clock.ts';

export const region = 'eu-west-1';
export const owner = 'securecart/aws-access';
export const management = { name: 'Management', id: '111111111111' };
export const accounts = [
  { name: 'Production', id: '222222222222' },
  { name: 'Staging', id: '333333333333' },
  { name: 'Sandbox', id: '444444444444' },
];

export const seed: SeedInput = {
  organizationId: 'o-securecart0',
  region,
  management,
  accounts,
  users: ['ada@securecart.example', 'bob@securecart.example', 'eve@securecart.example'],
  externalGroups: [{ name: 'Directory-Finance', members: ['bob@securecart.example'] }],
};

const isKnown = (arn: string): boolean => /^arn:aws:iam::aws:policy\/[\w/-]+$/.test(arn) && !arn.includes('Missing');
const allowAll = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** As far as the tests need it. */
export const catalogue: ManagedPolicyCatalogue = {
  has: isKnown,
  arns: () => [],
  arnOf: (name) => `arn:aws:iam::aws:policy/${name}`,
  document: (arn) => (isKnown(arn) ? allowAll : undefined),
};

export const labels = Object.fromEntries([management, ...accounts].map(({ id, name }) => [id, name]));

export type Bench = {
  readonly sandbox: Sandbox;
  readonly clock: SimulatedClock;
  readonly clients: AwsClients;
  readonly calls: Map<string, number>;
  readonly cloudOf: (context?: Partial<CloudContext>) => AwsCloud;
};

export type BenchOptions = {
  /** Names the account that calls; without it the management account's administrator does. */
  readonly accessKeyId?: string;
  /** One that is there already. */
  readonly sandbox?: Sandbox;
  readonly clock?: SimulatedClock;
  readonly endpoint?: string;
  /** An operation that AWS denies. */
  readonly deny?: string;
  /** What AWS answers to one operation, whatever the sandbox would. */
  readonly answer?: { readonly operation: string; readonly body: string };
  /** Operations that AWS carries out once without its answer getting through. */
  readonly lose?: readonly string[];
  /** Errors that AWS gives so many times before it does what is asked; of IAM and STS `body` is the code. */
  readonly refuse?: { readonly operation: string; readonly times: number; readonly body: string };
  /** Told when the sandbox has done what it was asked, before anybody else knows. */
  readonly answered?: (operation: string) => void;
};

const responding = (statusCode: number, body: string): { response: SdkResponse } => ({
  response: {
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: new TextEncoder().encode(body),
  },
});

const xmlError = (statusCode: number, code: string): { response: SdkResponse } => ({
  response: {
    statusCode,
    headers: { 'content-type': 'text/xml' },
    body: new TextEncoder().encode(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>You are not authorized.</Message></Error></ErrorResponse>`,
    ),
  },
});

const textOf = (body: unknown): string => (body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body));

/** Of account access manager, whose operations are paths. */
const entitling: Readonly<Record<string, string>> = {
  'POST /entitlements': 'CreateEntitlement',
  'POST /entitlements-list': 'ListEntitlements',
  'DELETE /entitlements/': 'DeleteEntitlement',
};

/** The operation, and for IAM and STS that it is one of theirs. */
const calledBy = ({
  headers,
  body,
  method,
  path,
}: SdkRequest): { readonly operation: string | undefined; readonly xml: boolean } => {
  const target = headers['x-amz-target'];
  const byPath = entitling[`${method} ${path.replace(/[^/]*$/, (last) => (method === 'DELETE' ? '' : last))}`];
  if (byPath !== undefined) return { operation: byPath, xml: false };
  if (target !== undefined) return { operation: target.split('.').at(-1), xml: false };
  return { operation: new URLSearchParams(textOf(body)).get('Action') ?? undefined, xml: true };
};

const interfering = (inner: SdkRequestHandler, options: BenchOptions): SdkRequestHandler => {
  const { deny, answer, refuse } = options;
  const losing = new Set(options.lose);
  let refusals = 0;
  const handle = async (request: SdkRequest): Promise<{ response: SdkResponse }> => {
    const { operation, xml } = calledBy(request);
    if (operation !== undefined && operation === deny) {
      if (xml) return xmlError(403, 'AccessDenied');
      return responding(400, '{"__type":"AccessDeniedException","Message":"You are not authorized.\\nReally."}');
    }
    if (operation !== undefined && operation === answer?.operation) return responding(200, answer.body);
    if (operation !== undefined && operation === refuse?.operation && refusals < refuse.times) {
      refusals += 1;
      if (xml) return xmlError(400, refuse.body);
      return responding(400, refuse.body);
    }
    const given = await inner.handle(request);
    if (operation !== undefined) options.answered?.(operation);
    return operation !== undefined && losing.delete(operation) ? responding(503, '') : given;
  };
  return { ...inner, handle };
};

export const bench = (options: BenchOptions = {}): Bench => {
  const clock = options.clock ?? simulatedClock();
  const sandbox = options.sandbox ?? createSandbox(brownfield(seed, clock.now()), { catalogue });
  const clients = createClients({
    region,
    requestHandler: clock.watching(interfering(requestHandler(sandbox, clock.now), options)),
    credentials: { accessKeyId: options.accessKeyId ?? 'AKIASANDBOX', secretAccessKey: 'secret' },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
  });
  const calls = new Map<string, number>();
  const onCall = (operation: string) => calls.set(operation, (calls.get(operation) ?? 0) + 1);
  const cloudOf = (context: Partial<CloudContext> = {}) =>
    awsCloud(clients, { labels, owner, permissionSets: [], clock, onCall, ...context });
  return { sandbox, clock, clients, calls, cloudOf };
};
