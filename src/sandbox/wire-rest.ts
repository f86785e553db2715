/** restJson 1 of Access Analyzer and Lambda: the operation in method and path, members in path, query and JSON body. */
import type { CallInput, CallOutput } from './core.ts';
import { AwsError } from './core.ts';
import type { HttpRequest, HttpResponse, ParsedRequest } from './http.ts';

/** `{name}` in a path is a member. */
type RestRoute = {
  readonly service?: 'account-access' | 'lambda';
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Of the answer; absent: 200. */
  readonly status?: number;
};

const functions = '/2015-03-31/functions';
const ofLambda = { service: 'lambda' } as const;
const ofAccess = { service: 'account-access' } as const;

// Where no service stands it is Access Analyzer.
const routes: readonly RestRoute[] = [
  { ...ofLambda, operation: 'ListFunctions', method: 'GET', path: functions },
  { ...ofLambda, operation: 'CreateFunction', method: 'POST', path: functions, status: 201 },
  { ...ofLambda, operation: 'DeleteFunction', method: 'DELETE', path: `${functions}/{FunctionName}`, status: 204 },
  { ...ofLambda, operation: 'GetPolicy', method: 'GET', path: `${functions}/{FunctionName}/policy` },
  { ...ofLambda, operation: 'AddPermission', method: 'POST', path: `${functions}/{FunctionName}/policy`, status: 201 },
  {
    ...ofLambda,
    operation: 'RemovePermission',
    method: 'DELETE',
    path: `${functions}/{FunctionName}/policy/{StatementId}`,
    status: 204,
  },
  { ...ofAccess, operation: 'CreateApplication', method: 'POST', path: '/applications' },
  { ...ofAccess, operation: 'ListApplications', method: 'POST', path: '/applications-list' },
  { ...ofAccess, operation: 'GetApplication', method: 'GET', path: '/applications/{applicationArn}' },
  {
    ...ofAccess,
    operation: 'DeleteApplication',
    method: 'DELETE',
    path: '/applications/{applicationArn}',
    status: 204,
  },
  { ...ofAccess, operation: 'CreateEntitlement', method: 'POST', path: '/entitlements' },
  { ...ofAccess, operation: 'ListEntitlements', method: 'POST', path: '/entitlements-list' },
  { ...ofAccess, operation: 'GetEntitlement', method: 'GET', path: '/entitlements/{entitlementId}' },
  { ...ofAccess, operation: 'DeleteEntitlement', method: 'DELETE', path: '/entitlements/{entitlementId}', status: 204 },
  { ...ofAccess, operation: 'ListTagsForResource', method: 'GET', path: '/tags/{resourceArn}' },
  { ...ofAccess, operation: 'TagResource', method: 'POST', path: '/tags/{resourceArn}' },
  { ...ofAccess, operation: 'UntagResource', method: 'DELETE', path: '/tags/{resourceArn}' },
  { operation: 'ListAnalyzers', method: 'GET', path: '/analyzer' },
  { operation: 'CreateAnalyzer', method: 'PUT', path: '/analyzer' },
  { operation: 'GetFindingsStatistics', method: 'POST', path: '/analyzer/findings/statistics' },
  { operation: 'GetAnalyzer', method: 'GET', path: '/analyzer/{analyzerName}' },
  { operation: 'UpdateAnalyzer', method: 'PUT', path: '/analyzer/{analyzerName}' },
  { operation: 'DeleteAnalyzer', method: 'DELETE', path: '/analyzer/{analyzerName}' },
  { operation: 'ListArchiveRules', method: 'GET', path: '/analyzer/{analyzerName}/archive-rule' },
  { operation: 'CreateArchiveRule', method: 'PUT', path: '/analyzer/{analyzerName}/archive-rule' },
  { operation: 'GetArchiveRule', method: 'GET', path: '/analyzer/{analyzerName}/archive-rule/{ruleName}' },
  { operation: 'UpdateArchiveRule', method: 'PUT', path: '/analyzer/{analyzerName}/archive-rule/{ruleName}' },
  { operation: 'DeleteArchiveRule', method: 'DELETE', path: '/analyzer/{analyzerName}/archive-rule/{ruleName}' },
  { operation: 'ApplyArchiveRule', method: 'PUT', path: '/archive-rule' },
  { operation: 'GetAnalyzedResource', method: 'GET', path: '/analyzed-resource' },
  { operation: 'ListAnalyzedResources', method: 'POST', path: '/analyzed-resource' },
  { operation: 'StartResourceScan', method: 'POST', path: '/resource/scan' },
  { operation: 'ListAccessPreviews', method: 'GET', path: '/access-preview' },
  { operation: 'ListPolicyGenerations', method: 'GET', path: '/policy/generation' },
  { operation: 'ListFindings', method: 'POST', path: '/finding' },
  { operation: 'UpdateFindings', method: 'PUT', path: '/finding' },
  { operation: 'GetFinding', method: 'GET', path: '/finding/{id}' },
  { operation: 'ListFindingsV2', method: 'POST', path: '/findingv2' },
  { operation: 'GetFindingV2', method: 'GET', path: '/findingv2/{id}' },
  { operation: 'ValidatePolicy', method: 'POST', path: '/policy/validation' },
  { operation: 'CheckAccessNotGranted', method: 'POST', path: '/policy/check-access-not-granted' },
  { operation: 'CheckNoNewAccess', method: 'POST', path: '/policy/check-no-new-access' },
  { operation: 'CheckNoPublicAccess', method: 'POST', path: '/policy/check-no-public-access' },
  { operation: 'ListTagsForResource', method: 'GET', path: '/tags/{resourceArn}' },
  { operation: 'TagResource', method: 'POST', path: '/tags/{resourceArn}' },
  { operation: 'UntagResource', method: 'DELETE', path: '/tags/{resourceArn}' },
];

const inPathOf = (route: RestRoute): RegExp => new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`);

/** The ARN in the path tells whose tags are meant. */
const isOf = ({ service }: RestRoute, path: string): boolean =>
  !path.startsWith('/tags/') || (service === 'account-access') === /:account-access:|%3Aaccount-access%3A/i.test(path);

const routeOf = ({ method, path }: HttpRequest): RestRoute | undefined =>
  routes.find((route) => route.method === method && inPathOf(route).test(path) && isOf(route, path));

const serviceOf = ({ service }: RestRoute): string => service ?? 'accessanalyzer';

export const isRestCall = (request: HttpRequest): boolean => routeOf(request) !== undefined;

type RestOperation = Pick<ParsedRequest, 'service' | 'operation'>;

/** The request of an operation, as a client would send it; undefined for one that is not here. */
export const restRequest = (
  { service, operation }: RestOperation,
  input: CallInput,
): Omit<HttpRequest, 'headers'> | undefined => {
  const route = routes.find((known) => serviceOf(known) === service && known.operation === operation);
  if (route === undefined) return undefined;
  const texts = Object.entries(input).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : [],
  );
  const path = texts.reduce((whole, [name, text]) => whole.replace(`{${name}}`, encodeURIComponent(text)), route.path);
  const query =
    route.method === 'GET' || route.method === 'DELETE'
      ? texts.filter(([name]) => !route.path.includes(`{${name}}`))
      : [];
  const body = route.method === 'GET' ? '' : JSON.stringify(input);
  return { method: route.method, path, query: Object.fromEntries(query), body };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('ValidationException', 'The path is not valid percent-encoding.');
  }
};

const bodyOf = (text: string): CallInput => {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as CallInput;
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
};

const numbers: readonly string[] = ['maxResults', 'MaxItems'];
const lists: readonly string[] = ['tagKeys'];

const fromQuery = (name: string, text: string): unknown => {
  if (lists.includes(name)) return text.split(',');
  return numbers.includes(name) && /^\d{1,9}$/.test(text) ? Number(text) : text;
};

/** Throws the AwsError of a request that means nothing. */
export const parseRestCall = (request: HttpRequest): ParsedRequest => {
  const route = routeOf(request);
  const inPath = Object.entries((route && inPathOf(route).exec(request.path)?.groups) ?? {}).map(([name, text]) => [
    name,
    decoded(text),
  ]);
  const inQuery = Object.entries(request.query).map(([name, text]) => [name, fromQuery(name, text)]);
  const input = { ...bodyOf(request.body), ...(Object.fromEntries([...inQuery, ...inPath]) as CallInput) };
  const service = route === undefined ? 'accessanalyzer' : serviceOf(route);
  return { service, operation: route?.operation ?? '', input };
};

const headersOf = (requestId: string) => ({ 'content-type': 'application/json', 'x-amzn-requestid': requestId });

type RestAnswered = RestOperation & { readonly requestId: string };

export const restAnswer = (output: CallOutput, { service, operation, requestId }: RestAnswered): HttpResponse => {
  const { status = 200 } = routes.find((known) => serviceOf(known) === service && known.operation === operation) ?? {};
  return { status, headers: headersOf(requestId), body: status === 204 ? '' : JSON.stringify(output) };
};

export const restError = (error: AwsError, requestId: string): HttpResponse => ({
  status: error.status,
  headers: {
    ...headersOf(requestId),
    'x-amzn-errortype': error.code,
    ...(error.status === 429 ? { 'retry-after': '1' } : {}),
  },
  body: JSON.stringify({ message: error.message, ...error.fields }),
});
