/** One API call by hand: the same request that a client would send, without a client. */
import type { CallInput } from './core.ts';
import type { SandboxClock, Sandbox } from './handle.ts';
import type { HttpRequest } from './http.ts';
import { restRequest } from './wire-rest.ts';
import { s3Request } from './wire-s3.ts';
import { answerIn } from './xml-json.ts';

/** `accessKeyId` says who calls; without it the management account's administrator does. */
export type HandCall = {
  readonly service: string;
  readonly operation: string;
  readonly input: CallInput;
  readonly accessKeyId?: string;
  /** Where from, and with what; by default this machine, by hand. */
  readonly from?: { readonly ip: string; readonly agent: string };
};
/** `output` is the answer or the error: the wire's JSON, or its XML as JSON for IAM and STS. */
type HandAnswer = { readonly ok: boolean; readonly output: unknown };

const targets: Readonly<Record<string, string>> = {
  organizations: 'AWSOrganizationsV20161128',
  'sso-admin': 'SWBExternalService',
  identitystore: 'AWSIdentityStore',
  cloudtrail: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
  kms: 'TrentService',
  secretsmanager: 'secretsmanager',
  sqs: 'AmazonSQS',
  ecr: 'AmazonEC2ContainerRegistry_V20150921',
};
const versions: Readonly<Record<string, string>> = {
  iam: '2010-05-08',
  sts: '2011-06-15',
  sns: '2010-03-31',
};

const flat = (value: unknown, name: string): readonly [string, string][] => {
  if (Array.isArray(value)) return value.flatMap((item, index) => flat(item, `${name}.member.${index + 1}`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, item]) => flat(item, name === '' ? key : `${name}.${key}`));
  return [[name, String(value)]];
};

const handAgent = 'gatehouse sandbox call';

const senderOf = ({ service, accessKeyId, from }: HandCall, region: string): Readonly<Record<string, string>> => ({
  'user-agent': from?.agent ?? handAgent,
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId ?? 'AKIASANDBOX'}/20260101/${region}/${service.replace('s3control', 's3')}/aws4_request, SignedHeaders=host, Signature=0`,
});

const requestOf = (call: HandCall, region: string): HttpRequest => {
  const { service, operation, input } = call;
  const source = call.from === undefined ? {} : { ip: call.from.ip };
  const base = { method: 'POST', path: '/', query: {}, ...source };
  const sender = senderOf(call, region);
  const isS3 = service === 's3' || service === 's3control';
  const s3 = isS3 ? s3Request(service, operation, input) : undefined;
  if (s3 !== undefined) return { ...s3, ...source, headers: { ...sender, ...s3.headers } };
  const rest = restRequest({ service, operation }, input);
  if (rest !== undefined) return { ...rest, ...source, headers: { ...sender, 'content-type': 'application/json' } };
  const version = Object.hasOwn(versions, service) ? versions[service] : undefined;
  if (version !== undefined) {
    const body = new URLSearchParams([['Action', operation], ['Version', version], ...flat(input, '')]);
    const headers = { ...sender, 'content-type': 'application/x-www-form-urlencoded' };
    return { ...base, headers, body: body.toString() };
  }
  const target = Object.hasOwn(targets, service) ? targets[service] : service;
  const headers = {
    ...sender,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `${target}.${operation}`,
  };
  return { ...base, headers, body: JSON.stringify(input) };
};

/** The wire writes an error's message in both spellings, for services that differ in them. */
const once = (output: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { message, ...rest } = output;
  return '__type' in output && message === rest['Message'] ? rest : output;
};

export const callSandbox = (sandbox: Sandbox, call: HandCall, clock: SandboxClock): HandAnswer => {
  const { status, body, headers } = sandbox.handle(requestOf(call, sandbox.world().sso.region), clock);
  const ok = status < 300;
  if (body === '') return { ok, output: {} };
  if (!body.startsWith('{')) return { ok, output: answerIn(body) };
  // Services of this protocol name the error in a header alone.
  const error = ok ? undefined : headers['x-amzn-errortype'];
  const code = error === undefined ? {} : { __type: error };
  return { ok, output: once({ ...code, ...(JSON.parse(body) as Readonly<Record<string, unknown>>) }) };
};
