/** A small brownfield and one-line calls to it, as the wire carries them. */
import { accessKeyOf } from '../../src/sandbox/caller.ts';
import type { ManagedPolicyCatalogue } from '../../src/sandbox/core.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import type { HttpRequest, HttpResponse } from '../../src/sandbox/http.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { services } from '../../src/sandbox/services.ts';
import type { SandboxSettings } from '../../src/sandbox/world.ts';

export const management = '111111111111';
export const production = '222222222222';
export const playground = '333333333333';
export const start = Date.parse('2026-11-22T00:00:00Z');

const prefix = 'arn:aws:iam::aws:policy/';
const managed = [
  'AdministratorAccess',
  'ReadOnlyAccess',
  'job-function/Billing',
  'aws-service-role/AWSOrganizationsServiceTrustPolicy',
].map((name) => `${prefix}${name}`);
const allowAll = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

const catalogue: ManagedPolicyCatalogue = {
  has: (arn) => managed.includes(arn),
  arns: () => managed,
  arnOf: (name) => managed.find((arn) => arn.endsWith(`/${name}`)),
  document: (arn) => (managed.includes(arn) ? allowAll : undefined),
};

export const seed = {
  organizationId: 'o-securecart0',
  region: 'eu-west-1',
  management: { name: 'SecureCart-Management', id: management },
  accounts: [
    { name: 'SecureCart-Production', id: production },
    { name: 'SecureCart-Sandbox', id: playground },
  ],
  users: ['ada@securecart.example'],
  externalGroups: [{ name: 'SecureCart-Developers', members: ['ada@securecart.example', 'bob@securecart.example'] }],
};

export const freshSandbox = (settings: Partial<SandboxSettings> = {}): Sandbox => {
  const world = brownfield(seed, start);
  Object.assign(world.settings, settings);
  return createSandbox(world, { catalogue });
};

const targets: Readonly<Record<string, string>> = {
  organizations: 'AWSOrganizationsV20161128',
  'sso-admin': 'SWBExternalService',
  identitystore: 'AWSIdentityStore',
  cloudtrail: 'CloudTrail_20131101',
  kms: 'TrentService',
  secretsmanager: 'secretsmanager',
  sqs: 'AmazonSQS',
  ecr: 'AmazonEC2ContainerRegistry_V20150921',
};

const signedBy = (account: string): string =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyOf(account)}/20261122/eu-west-1/x/aws4_request, SignedHeaders=host, Signature=0`;

export type From = { readonly account?: string; readonly now?: number };

const request = (headers: Record<string, string>, body: string, account: string): HttpRequest => ({
  method: 'POST',
  path: '/',
  query: {},
  headers: { authorization: signedBy(account), ...headers },
  body,
});

export const jsonRequest = (name: string, body: string, account = management): HttpRequest => {
  const [service = '', operation = ''] = name.split(':');
  return request(
    { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${targets[service] ?? service}.${operation}` },
    body,
    account,
  );
};

export const formRequest = (form: Readonly<Record<string, string>>, account = management): HttpRequest =>
  request({ 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams(form).toString(), account);

type Answer = Readonly<Record<string, unknown>>;

const bodyOf = ({ body }: HttpResponse): Answer => JSON.parse(body) as Answer;

/** The output of `service:Operation`; throws what it refused with. */
export const callTo =
  (sandbox: Sandbox) =>
  (name: string, input: Answer = {}, { account = management, now = start }: From = {}): Answer => {
    const response = sandbox.handle(jsonRequest(name, JSON.stringify(input), account), () => now);
    if (response.status === 200) return bodyOf(response);
    throw new Error(`${name} answered ${response.status} ${response.body}`);
  };

/** The error of `service:Operation` as `Code` or `Code/Reason`; `accepted` when there is none. */
export const refusalTo =
  (sandbox: Sandbox) =>
  (name: string, input: Answer = {}, { account = management, now = start }: From = {}): string => {
    const response = sandbox.handle(jsonRequest(name, JSON.stringify(input), account), () => now);
    if (response.status === 200) return 'accepted';
    const { __type, Reason } = bodyOf(response) as { __type: string; Reason?: string };
    return Reason === undefined ? __type : `${__type}/${Reason}`;
  };

/** The value at a dotted path. */
export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], value);

/** `service:Operation` of everything that the sandbox answers. */
export const everyOperation: readonly string[] = Object.entries(services).flatMap(([service, operations]) =>
  Object.keys(operations).map((name) => `${service}:${name}`),
);
