/** awsJson 1.1: the operation in X-Amz-Target, JSON in the body, errors by `__type`. */
import type { CallInput, CallOutput } from './core.ts';
import { AwsError } from './core.ts';
import type { HttpRequest, HttpResponse, ParsedRequest } from './http.ts';

/** The last dotted component of the target prefix: some clients send a longer prefix than others. */
const services: Readonly<Record<string, string>> = {
  AWSOrganizationsV20161128: 'organizations',
  SWBExternalService: 'sso-admin',
  AWSIdentityStore: 'identitystore',
  CloudTrail_20131101: 'cloudtrail',
  Logs_20140328: 'logs',
  TrentService: 'kms',
  secretsmanager: 'secretsmanager',
  AmazonSQS: 'sqs',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
};

export const isJsonCall = (request: HttpRequest): boolean => request.headers['x-amz-target'] !== undefined;

const inputOf = (body: string): CallInput => {
  let value: unknown;
  try {
    value = body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as CallInput;
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
};

/** Throws the AwsError of a target or body that means nothing. */
export const parseJsonCall = (request: HttpRequest): ParsedRequest => {
  const target = request.headers['x-amz-target'] ?? '';
  const parts = target.split('.');
  const operation = parts.at(-1) ?? '';
  const service = services[parts.at(-2) ?? ''];
  if (service === undefined || !Object.hasOwn(services, parts.at(-2) ?? ''))
    throw new AwsError('UnknownOperationException', `The sandbox has no operation ${JSON.stringify(target)}.`);
  return { service, operation, input: inputOf(request.body) };
};

const headersOf = (requestId: string) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amzn-requestid': requestId,
});

export const jsonAnswer = (output: CallOutput, requestId: string): HttpResponse => ({
  status: 200,
  headers: headersOf(requestId),
  body: JSON.stringify(output),
});

/** The exceptions of the identity store have it as a member too. */
const ownId = (target: string | undefined, requestId: string): CallOutput =>
  target?.split('.').at(-2) === 'AWSIdentityStore' ? { RequestId: requestId } : {};

/** SQS used to speak the query protocol: its clients still know the codes of that ("AWS JSON protocol", SQS Developer Guide). */
const queryCode = (error: AwsError, target: string | undefined): Readonly<Record<string, string>> => {
  if (target?.split('.').at(-2) !== 'AmazonSQS') return {};
  const code = error.code === 'QueueDoesNotExist' ? 'AWS.SimpleQueueService.NonExistentQueue' : error.code;
  return { 'x-amzn-query-error': `${code};Sender` };
};

// Organizations' model spells the member `Message`, the others' too; some clients look for the lower-case one first.
export const jsonError = (error: AwsError, { headers }: HttpRequest, requestId: string): HttpResponse => ({
  status: error.status,
  headers: {
    ...headersOf(requestId),
    'x-amzn-errortype': error.code,
    ...queryCode(error, headers['x-amz-target']),
  },
  body: JSON.stringify({
    __type: error.code,
    Message: error.message,
    message: error.message,
    ...ownId(headers['x-amz-target'], requestId),
    ...error.fields,
  }),
});
