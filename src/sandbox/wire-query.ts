/** awsQuery: the operation and its members in a form, XML back. */
import type { CallInput, CallOutput } from './core.ts';
import { AwsError } from './core.ts';
import type { HttpRequest, HttpResponse, ParsedRequest } from './http.ts';

type QueryService = { readonly service: string; readonly namespace: string };

/** They share path and content type: the version tells them apart. */
const services: Readonly<Record<string, QueryService>> = {
  '2010-05-08': { service: 'iam', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
  '2011-06-15': { service: 'sts', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  '2010-03-31': { service: 'sns', namespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
};

export const isQueryCall = (request: HttpRequest): boolean =>
  /^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '') ||
  request.query['Action'] !== undefined;

const formOf = (request: HttpRequest): URLSearchParams => {
  const form = new URLSearchParams(request.body);
  for (const [name, value] of Object.entries(request.query)) form.append(name, value);
  return form;
};

type ParameterTree = Map<string, ParameterTree | string>;

const maxDepth = 8;

const plant = (tree: ParameterTree, path: readonly string[], value: string): void => {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(head, value);
    return;
  }
  const known = tree.get(head);
  const branch: ParameterTree = known instanceof Map ? known : new Map<string, ParameterTree | string>();
  tree.set(head, branch);
  plant(branch, rest, value);
};

const numbered = (list: ParameterTree): readonly unknown[] =>
  [...list].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => valueOf(value));

/**
 * `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`: what has a `member` is a list, in the order of its numbers, and
 * what has an `entry` is a map of keys to values.
 */
const valueOf = (tree: ParameterTree | string): unknown => {
  if (typeof tree === 'string') return tree;
  const list = tree.get('member');
  if (list instanceof Map) return numbered(list);
  const map = tree.get('entry');
  if (map instanceof Map)
    return Object.fromEntries(numbered(map).map((one) => Object.values(one as CallInput).slice(0, 2)));
  return Object.fromEntries([...tree].map(([name, value]) => [name, valueOf(value)]));
};

const inputOf = (form: URLSearchParams): CallInput => {
  const tree: ParameterTree = new Map();
  for (const [name, value] of form) {
    const path = name.split('.');
    if (path.length > maxDepth) throw new AwsError('MalformedInput', 'A member name has too many parts.');
    if (name !== 'Action' && name !== 'Version') plant(tree, path, value);
  }
  return valueOf(tree) as CallInput;
};

/** Throws the AwsError of a form that names no operation of a service that is here. */
export const parseQueryCall = (request: HttpRequest): ParsedRequest => {
  const form = formOf(request);
  const operation = form.get('Action') ?? '';
  const version = form.get('Version') ?? '';
  if (operation === '') throw new AwsError('MissingAction', 'The request must contain the parameter Action.');
  const known = Object.hasOwn(services, version) ? services[version] : undefined;
  if (!known)
    throw new AwsError(
      'InvalidAction',
      `Could not find operation ${operation} for version ${version || 'NO_VERSION_SPECIFIED'}`,
    );
  return { service: known.service, operation, input: inputOf(form) };
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** XML 1.0 has no way to write most control characters and lone surrogates: those become U+FFFD. */
export const xmlText = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu, (mark) => (/[\t\n\r]/.test(mark) ? mark : '\ufffd'))
    .replace(/[&<>"\r]/g, (character) => entities[character] ?? character);

const element = (name: string, value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (name === 'entry' && Array.isArray(value)) return value.map((item) => element('entry', item)).join('');
  if (Array.isArray(value)) return `<${name}>${value.map((item) => element('member', item)).join('')}</${name}>`;
  return `<${name}>${content(value)}</${name}>`;
};

const content = (value: unknown): string => {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, member]) => element(name, member))
      .join('');
  return xmlText(String(value));
};

/** A map as awsQuery writes it: entries with key and value. */
export const asEntries = (map: Readonly<Record<string, unknown>>): CallOutput => ({
  entry: Object.entries(map).map(([key, value]) => ({ key, value })),
});

const namespaceOf = (service: string): string =>
  Object.values(services).find((known) => known.service === service)?.namespace ?? 'https://iam.amazonaws.com/';

const headersOf = (requestId: string) => ({ 'content-type': 'text/xml', 'x-amzn-requestid': requestId });

type QueryContext = { readonly service: string; readonly operation: string; readonly requestId: string };

/** Undefined: an operation that only acknowledges. One with a result has its element even when it is empty. */
export const queryAnswer = (
  output: CallOutput | undefined,
  { service, operation, requestId }: QueryContext,
): HttpResponse => ({
  status: 200,
  headers: headersOf(requestId),
  body:
    `<${operation}Response xmlns="${namespaceOf(service)}">` +
    (output === undefined ? '' : element(`${operation}Result`, output)) +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
});

export const queryError = (error: AwsError, { service, requestId }: QueryContext): HttpResponse => ({
  status: error.status,
  headers: headersOf(requestId),
  body:
    `<ErrorResponse xmlns="${namespaceOf(service)}">` +
    element('Error', {
      Type: error.status < 500 ? 'Sender' : 'Receiver',
      Code: error.code,
      Message: error.message || undefined,
    }) +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`,
});
