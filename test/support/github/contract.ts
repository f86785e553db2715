/** What GitHub's own OpenAPI description says of each call: which requests and which answers are well-formed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnySchemaObject, ErrorObject, Options, ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';

export type Json = null | boolean | number | string | readonly Json[] | Fields;
export type Fields = { readonly [key: string]: Json | undefined };

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: AnySchemaObject;
};
type Operation = {
  readonly parameters: readonly Parameter[];
  readonly body?: AnySchemaObject;
  readonly responses: Readonly<Record<string, AnySchemaObject>>;
};
type Description = {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly schemas: Readonly<Record<string, AnySchemaObject>>;
};

const description = JSON.parse(readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8')) as Description;

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const newAjv = (options: Pick<Options, 'coerceTypes'>): Ajv => {
  const ajv = new Ajv({ strict: false, verbose: true, ...options, formats: { 'date-time': moment } });
  for (const format of ['uri', 'email', 'date', 'binary', 'repo.nwo', 'hostname', 'float', 'int64', 'uri-template'])
    ajv.addFormat(format, true);
  return ajv.addSchema({ $id: 'github', components: { schemas: description.schemas } });
};
const bodies = newAjv({});
const words = newAjv({ coerceTypes: true });

/** References of the description are relative to its root. */
const anchored = (schema: AnySchemaObject): AnySchemaObject =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/')) as AnySchemaObject;

const compiled = new Map<string, ValidateFunction>();
const validatorOf = (name: string, schema: AnySchemaObject, ajv: Ajv = bodies): ValidateFunction => {
  const known = compiled.get(name) ?? ajv.compile(anchored(schema));
  compiled.set(name, known);
  return known;
};

const operationOf = (name: string): Operation => {
  const found = description.operations[name];
  if (found === undefined) throw new Error(`${name} is not among the operations of the cut description`);
  return found;
};

export type Route = { readonly operation: string; readonly parameters: Readonly<Record<string, string>> };

const placeholder = /\{(\w+)\}/g;
/** A path or a git ref may hold slashes, and only at the end of a path. */
const deep = new Set(['path', 'ref', 'basehead', 'branch']);
const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path.replace(placeholder, (_all, name: string) => `(?<${name}>${deep.has(name) ? '.+?' : '[^/]+'})`)}$`,
  );
const literals = (operation: string): number => operation.replace(placeholder, '').length;
const routes = Object.keys(description.operations)
  .sort((a, b) => literals(b) - literals(a))
  .map((operation) => {
    const [method = '', path = ''] = operation.split(' ');
    return { operation, method, pattern: patternOf(path) };
  });

/** The call that a method and a path make, and the words of the path; the most literal path wins. */
export const routeOf = (method: string, path: string): Route | undefined => {
  for (const route of routes) {
    const found = route.method === method ? route.pattern.exec(path) : null;
    if (found === null) continue;
    const parameters = Object.entries(found.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]);
    return { operation: route.operation, parameters: Object.fromEntries(parameters) as Record<string, string> };
  }
  return undefined;
};

/** GitHub's words for the commonest mistakes. */
const describe = (error: ErrorObject): string => {
  const place = error.instancePath.replaceAll('/', '.').replace(/^\./, '');
  if (error.keyword === 'maxItems') {
    const { limit } = error.params as { limit: number };
    const items = (error.data ?? []) as readonly unknown[];
    return `No more than ${limit} items are allowed; ${items.length} were supplied.`;
  }
  if (error.keyword === 'maxLength')
    return `Only ${(error.params as { limit: number }).limit} characters are allowed; ${String(error.data).length} were supplied.`;
  if (error.keyword === 'required')
    return `"${(error.params as { missingProperty: string }).missingProperty}" wasn't supplied.`;
  return `${place || 'the value'} ${error.message ?? error.keyword}`;
};

const failuresOf = (validator: ValidateFunction, value: unknown): readonly string[] =>
  validator(value) ? [] : (validator.errors ?? []).map(describe);

const undeclared = (kind: string, names: readonly string[], declared: ReadonlySet<string>): readonly string[] =>
  names.filter((name) => !declared.has(name)).map((name) => `"${name}" is not a ${kind} of this call.`);

const bodyKeys = (schema: AnySchemaObject): ReadonlySet<string> | undefined => {
  const { properties } = schema as { properties?: Record<string, unknown> };
  return properties === undefined ? undefined : new Set(Object.keys(properties));
};

const bodyFailures = (name: string, body: Fields | undefined): readonly string[] => {
  const { body: schema } = operationOf(name);
  if (schema === undefined) return body === undefined ? [] : ['This call takes no body.'];
  const value = body ?? {};
  const declared = bodyKeys(schema);
  const strangers = declared === undefined ? [] : undeclared('key', Object.keys(value), declared);
  return [...strangers, ...failuresOf(validatorOf(`${name} body`, schema), value)];
};

export type Asked = {
  readonly route: Route;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Fields | undefined;
};

/** What is wrong with a request, in words; empty when GitHub's description allows it. */
export const requestFailures = ({ route, query, body }: Asked): readonly string[] => {
  const { parameters } = operationOf(route.operation);
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const values: Readonly<Record<string, string>> = { ...query, ...route.parameters };
  const schema = {
    type: 'object',
    properties: Object.fromEntries(parameters.map((one) => [one.name, one.schema])),
    required: parameters.filter((one) => one.required && one.in !== 'header').map((one) => one.name),
  };
  return [
    ...undeclared('parameter', Object.keys(query), new Set(inQuery.map((one) => one.name))),
    ...failuresOf(validatorOf(`${route.operation} parameters`, schema, words), { ...values }),
    ...bodyFailures(route.operation, body),
  ];
};

/** What is wrong with an answer; a status that the description does not know is wrong too. */
export const responseFailures = (operation: string, status: number, body: Json | undefined): readonly string[] => {
  const schema = operationOf(operation).responses[String(status)];
  if (schema === undefined) return [`${status} is not an answer of ${operation}.`];
  if (Object.keys(schema).length === 0) return [];
  return failuresOf(validatorOf(`${operation} ${status}`, schema), body);
};

const isFields = (json: Json | undefined): json is Fields =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const resolved = (schema: AnySchemaObject): AnySchemaObject => {
  const ref = (schema as { $ref?: string }).$ref;
  return ref === undefined ? schema : (description.schemas[ref.replace('#/components/schemas/', '')] ?? {});
};

type Choices = {
  anyOf?: readonly AnySchemaObject[];
  oneOf?: readonly AnySchemaObject[];
  allOf?: readonly AnySchemaObject[];
};

/** The object schemas that a value may have to satisfy; `null` asks for nothing. */
const branches = (schema: AnySchemaObject): readonly AnySchemaObject[] => {
  const own = resolved(schema);
  const { anyOf, oneOf, allOf } = own as Choices;
  return [own, ...[...(allOf ?? []), ...(anyOf ?? oneOf ?? [])].flatMap(branches)];
};

const isNullable = (schema: AnySchemaObject): boolean =>
  branches(schema).some((one) => {
    const { type } = one as { type?: string | readonly string[] };
    return type === 'null' || (Array.isArray(type) && type.includes('null'));
  });

/** Links and opaque ids, which nothing reads, and what may be null: the rest a view has to say itself. */
const blank = (key: string, schema: AnySchemaObject): Json | undefined => {
  if (isNullable(schema)) return null;
  if (/(^|_)url$/.test(key)) return `https://github.example/${key}`;
  return key === 'node_id' ? 'N_fake' : undefined;
};

type Shape = { properties?: Record<string, AnySchemaObject>; required?: readonly string[]; items?: AnySchemaObject };

const fits = (fields: Fields, { properties = {}, required = [] }: Shape): boolean =>
  Object.keys(fields).every((key) => key in properties) &&
  required.every((key) => key in fields || blank(key, properties[key] ?? {}) !== undefined);

/** Of several shapes the first that knows every key that the value has, and misses none that a view has to say. */
const shapeFor = (schema: AnySchemaObject, fields: Fields): Shape => {
  const shapes = (branches(schema) as readonly Shape[]).filter((one) => one.properties !== undefined);
  return shapes.find((one) => fits(fields, one)) ?? shapes[0] ?? {};
};

const completeFields = (schema: AnySchemaObject, fields: Fields): Fields => {
  const { properties = {}, required = [] } = shapeFor(schema, fields);
  const missing = required.filter((key) => !(key in fields)).map((key) => [key, blank(key, properties[key] ?? {})]);
  const given = Object.entries(fields).map(([key, value]) => [key, complete(properties[key] ?? {}, value)]);
  return Object.fromEntries([...missing, ...given]) as Fields;
};

const complete = (schema: AnySchemaObject, value: Json | undefined): Json | undefined => {
  if (Array.isArray(value)) {
    const { items } = (branches(schema) as readonly Shape[]).find((one) => one.items !== undefined) ?? {};
    return value.map((one: Json) => complete(items ?? {}, one) ?? null);
  }
  return isFields(value) ? completeFields(schema, value) : value;
};

/** Adds the links that GitHub's answers are full of, so that the fake's views say only what matters. */
export const completed = (operation: string, status: number, body: Json | undefined): Json | undefined =>
  complete(operationOf(operation).responses[String(status)] ?? {}, body);
