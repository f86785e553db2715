/**
 * restXml as S3 and S3 Control speak it: the bucket in the host or the first part of the path, the operation in method and query
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html), a policy as it is and all else as XML.
 */
import type { CallInput, CallOutput } from './core.ts';
import { AwsError } from './core.ts';
import type { HttpRequest, HttpResponse, ParsedRequest } from './http.ts';
import { textMember } from './members.ts';
import { xmlText } from './wire-query.ts';
import { jsonOf } from './xml-json.ts';

/** `query`: the parameter that names the operation. Those of an account have a path of their own. */
type S3Route = {
  readonly operation: string;
  readonly method: string;
  readonly of: 'service' | 'bucket' | 'account';
  readonly query?: string;
};

const routes: readonly S3Route[] = [
  { operation: 'ListBuckets', method: 'GET', of: 'service' },
  { operation: 'GetBucketLocation', method: 'GET', of: 'bucket', query: 'location' },
  { operation: 'GetBucketPolicy', method: 'GET', of: 'bucket', query: 'policy' },
  { operation: 'PutBucketPolicy', method: 'PUT', of: 'bucket', query: 'policy' },
  { operation: 'DeleteBucketPolicy', method: 'DELETE', of: 'bucket', query: 'policy' },
  { operation: 'GetBucketPolicyStatus', method: 'GET', of: 'bucket', query: 'policyStatus' },
  { operation: 'GetPublicAccessBlock', method: 'GET', of: 'bucket', query: 'publicAccessBlock' },
  { operation: 'PutPublicAccessBlock', method: 'PUT', of: 'bucket', query: 'publicAccessBlock' },
  { operation: 'DeletePublicAccessBlock', method: 'DELETE', of: 'bucket', query: 'publicAccessBlock' },
  { operation: 'CreateBucket', method: 'PUT', of: 'bucket' },
  { operation: 'HeadBucket', method: 'HEAD', of: 'bucket' },
  { operation: 'DeleteBucket', method: 'DELETE', of: 'bucket' },
  { operation: 'GetPublicAccessBlock', method: 'GET', of: 'account' },
  { operation: 'PutPublicAccessBlock', method: 'PUT', of: 'account' },
  { operation: 'DeletePublicAccessBlock', method: 'DELETE', of: 'account' },
];

const accountPath = '/v20180820/configuration/publicAccessBlock';
/** Other parameters of a bucket name operations that are not here. */
const plain: readonly string[] = ['x-id', 'max-buckets', 'continuation-token', 'prefix', 'bucket-region'];

/** Both sign for `s3`. */
export const isS3Call = ({ headers }: HttpRequest): boolean =>
  /Credential=[^,\s]*\/s3\/aws4_request/.test(headers['authorization'] ?? '');

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const bucketOf = ({ headers, path }: HttpRequest): string => {
  const [, inHost] = /^([a-z0-9][a-z0-9.-]*?)\.s3[.-]/.exec(headers['host'] ?? '') ?? [];
  return inHost ?? decoded(path.split('/')[1] ?? '');
};

const routeOf = (request: HttpRequest): S3Route | undefined => {
  const { method, path, query } = request;
  if (path === accountPath) return routes.find((route) => route.of === 'account' && route.method === method);
  const named = Object.keys(query).find((name) => !plain.includes(name));
  const of = bucketOf(request) === '' ? 'service' : 'bucket';
  return routes.find((route) => route.of === of && route.method === method && route.query === named);
};

/** XML's values are texts. */
const flagsIn = (value: unknown): CallOutput =>
  Object.fromEntries(
    Object.entries((typeof value === 'object' ? value : {}) as CallOutput).map(([name, text]) => [
      name,
      /^true$/i.test(String(text)),
    ]),
  );

const bodyIn = (operation: string, body: string): CallInput => {
  if (operation === 'PutBucketPolicy') return { Policy: body };
  const [root] = Object.entries(jsonOf(body) as CallOutput);
  if (root === undefined) return {};
  const [name, value] = root;
  if (name === 'PublicAccessBlockConfiguration') return { [name]: flagsIn(value) };
  return name === 'CreateBucketConfiguration' ? { [name]: typeof value === 'object' ? value : {} } : {};
};

const fromQuery: Readonly<Record<string, string>> = {
  'max-buckets': 'MaxBuckets',
  'continuation-token': 'ContinuationToken',
  prefix: 'Prefix',
  'bucket-region': 'BucketRegion',
};

const queryIn = (query: HttpRequest['query']): CallInput =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, text]) => {
      const member = Object.hasOwn(fromQuery, name) ? fromQuery[name] : undefined;
      if (member === undefined) return [];
      return [[member, member === 'MaxBuckets' && /^\d{1,9}$/.test(text) ? Number(text) : text]];
    }),
  );

const headersIn = (headers: HttpRequest['headers']): CallInput => {
  const confirmed = headers['x-amz-confirm-remove-self-bucket-access'];
  const owner = headers['x-amz-expected-bucket-owner'];
  return {
    ...(confirmed === undefined ? {} : { ConfirmRemoveSelfBucketAccess: confirmed === 'true' }),
    ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }),
  };
};

/** Throws the AwsError of a request that names no operation. */
export const parseS3Call = (request: HttpRequest): ParsedRequest => {
  const route = routeOf(request);
  if (route === undefined)
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      status: 405,
    });
  const { operation, of } = route;
  const body = request.body === '' ? {} : bodyIn(operation, request.body);
  if (of === 'account') {
    const AccountId = request.headers['x-amz-account-id'] ?? '';
    return { service: 's3control', operation, input: { AccountId, ...body } };
  }
  const bucket = of === 'bucket' ? { Bucket: bucketOf(request) } : {};
  return {
    service: 's3',
    operation,
    input: { ...queryIn(request.query), ...headersIn(request.headers), ...body, ...bucket },
  };
};

const elements = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return xmlText(String(value));
  return Object.entries(value)
    .flatMap(([name, member]) =>
      Array.isArray(member) ? (member as unknown[]).map((one) => [name, one]) : [[name, member]],
    )
    .map(([name, member]) => (member === undefined ? '' : `<${String(name)}>${elements(member)}</${String(name)}>`))
    .join('');
};

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

const document = (root: string, value: unknown): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="${namespace}">${elements(value)}</${root}>`;

/** The one member that is the answer's root, where an operation has such. */
const rootOf = (output: CallOutput): string =>
  ['LocationConstraint', 'PolicyStatus', 'PublicAccessBlockConfiguration'].find((name) => name in output) ?? '';

type S3Answered = Pick<ParsedRequest, 'operation' | 'service'> & { readonly requestId: string };

const bodyOf = (output: CallOutput, operation: string): string => {
  if (operation === 'GetBucketPolicy') return String(output['Policy']);
  if (operation === 'ListBuckets') return document('ListAllMyBucketsResult', output);
  const root = rootOf(output);
  return root === '' ? '' : document(root, output[root]);
};

const headersOf = (requestId: string, type: string) => ({
  'content-type': type,
  'x-amz-request-id': requestId,
});

export const s3Answer = (output: CallOutput, { operation, service, requestId }: S3Answered): HttpResponse => {
  const type = operation === 'GetBucketPolicy' ? 'application/json' : 'application/xml';
  const { headers, ...members } = output;
  return {
    status: operation.startsWith('Delete') && service === 's3' ? 204 : 200,
    headers: { ...headersOf(requestId, type), ...(headers as Record<string, string> | undefined) },
    body: bodyOf(members, operation),
  };
};

/** The answer to HEAD has no body. S3 Control wraps the error as the query protocol does. */
export const s3Error = (error: AwsError, { service, requestId }: S3Answered): HttpResponse => {
  const { headers, ...fields } = error.fields;
  const told = { Code: error.code, Message: error.message, ...fields };
  const plainError = `<Error>${elements({ ...told, RequestId: requestId })}</Error>`;
  return {
    status: error.status,
    headers: {
      ...headersOf(requestId, 'application/xml'),
      ...(headers as Record<string, string> | undefined),
    },
    body: `<?xml version="1.0" encoding="UTF-8"?>${service === 's3control' ? `<ErrorResponse>${plainError}</ErrorResponse>` : plainError}`,
  };
};

const queryTo = (input: CallInput): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fromQuery).flatMap(([name, member]) => (member in input ? [[name, String(input[member])]] : [])),
  );

const bodyTo = (input: CallInput): string => {
  const root = ['PublicAccessBlockConfiguration', 'CreateBucketConfiguration'].find((name) => name in input);
  if (root !== undefined) return document(root, input[root]);
  return typeof input['Policy'] === 'string' ? input['Policy'] : '';
};

/** The request of an operation, as a client would send it; undefined for one that is not here. */
export const s3Request = (
  service: string,
  operation: string,
  input: CallInput,
): Pick<HttpRequest, 'method' | 'path' | 'query' | 'body' | 'headers'> | undefined => {
  const isAccount = service === 's3control';
  const route = routes.find((one) => one.operation === operation && (one.of === 'account') === isAccount);
  if (route === undefined) return undefined;
  const path = route.of === 'bucket' ? `/${encodeURIComponent(textMember(input, 'Bucket'))}` : '/';
  return {
    method: route.method,
    path: isAccount ? accountPath : path,
    query: { ...queryTo(input), ...(route.query === undefined ? {} : { [route.query]: '' }) },
    headers: isAccount ? { 'x-amz-account-id': textMember(input, 'AccountId') } : {},
    body: bodyTo(input),
  };
};
