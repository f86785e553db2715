/**
 * Cuts GitHub's OpenAPI description (MIT) down to `operations` and writes openapi.json beside this file.
 * The description is npm's @octokit/openapi, file generated/api.github.com.json; unpacked it is 385 MB, so it is no dependency:
 * `GITHUB_OPENAPI=FILE node -e "import('vite').then(({ runnerImport }) => runnerImport('./test/support/github/cut-openapi.ts'))"`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from './operations.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };

const isFields = (json: Json | undefined): json is Fields =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
const fieldsOf = (json: Json | undefined): Fields => (isFields(json) ? json : {});

const prose = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'deprecated', 'title', 'tags']);
/** Under these keys stand names that the API chose, such as a property called `description`. */
const naming = new Set(['properties', 'patternProperties']);

/** OpenAPI 3.0 says `nullable`; JSON Schema says it with the type. */
const withNull = (schema: Fields): Fields => {
  const { nullable, ...rest } = schema;
  if (nullable !== true) return schema;
  if (typeof rest['type'] !== 'string') return { anyOf: [{ type: 'null' }, rest] };
  const choices = rest['enum'];
  return {
    ...rest,
    type: [rest['type'], 'null'],
    ...(Array.isArray(choices) ? { enum: [...new Set([...(choices as readonly Json[]), null])] } : {}),
  };
};

const strip = (json: Json, isNames: 'names' | 'schema'): Json => {
  if (Array.isArray(json)) return (json as readonly Json[]).map((item) => strip(item, 'schema'));
  if (!isFields(json)) return json;
  const kept = Object.entries(json).filter(
    ([key]) => isNames === 'names' || (!prose.has(key) && !key.startsWith('x-')),
  );
  const cut = Object.fromEntries(
    kept.map(([key, value]) => [key, strip(value, isNames === 'schema' && naming.has(key) ? 'names' : 'schema')]),
  );
  return isNames === 'names' ? cut : withNull(cut);
};

const refsIn = (json: Json): readonly string[] => {
  if (Array.isArray(json)) return (json as readonly Json[]).flatMap(refsIn);
  if (!isFields(json)) return [];
  const own = typeof json['$ref'] === 'string' ? [json['$ref']] : [];
  return [...own, ...Object.values(json).flatMap(refsIn)];
};

const at = (root: Fields, ref: string): Json =>
  ref
    .replace('#/', '')
    .split('/')
    .reduce<Json>((found, key) => fieldsOf(found)[key] ?? null, root);

const deref = (root: Fields, json: Json | undefined): Fields => {
  const fields = fieldsOf(json);
  return typeof fields['$ref'] === 'string' ? fieldsOf(at(root, fields['$ref'])) : fields;
};

const schemaOf = (root: Fields, holder: Json | undefined): Json | undefined => {
  const content = fieldsOf(deref(root, holder)['content']);
  return fieldsOf(content['application/json'] ?? content['application/scim+json'])['schema'];
};

const parameterOf = (root: Fields, json: Json): Fields => {
  const { name, in: place, required, schema } = deref(root, json);
  return { name: name ?? '', in: place ?? '', required: required ?? false, schema: schema ?? {} };
};

/** Parameters, the body's schema and each status's schema; errors share one shape and are not kept. */
const operationOf = (root: Fields, key: string): Fields => {
  const [method = '', path = ''] = key.split(' ');
  const operation = fieldsOf(fieldsOf(fieldsOf(root['paths'])[path])[method.toLowerCase()]);
  if (Object.keys(operation).length === 0) throw new Error(`GitHub's description has no ${key}`);
  const answers = Object.entries(fieldsOf(operation['responses'])).filter(([status]) => /^[23]/.test(status));
  const body = schemaOf(root, operation['requestBody']);
  return {
    operationId: operation['operationId'] ?? '',
    parameters: ((operation['parameters'] ?? []) as readonly Json[]).map((one) => parameterOf(root, one)),
    ...(body === undefined ? {} : { body }),
    responses: Object.fromEntries(answers.map(([status, answer]) => [status, schemaOf(root, answer) ?? {}])),
  };
};

const withSchemas = (root: Fields, kept: Fields): Fields => {
  const found = new Map<string, Json>();
  const waiting = [...refsIn(kept)];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    const name = ref.replace('#/components/schemas/', '');
    if (found.has(name)) continue;
    const schema = strip(at(root, ref), 'schema');
    found.set(name, schema);
    waiting.push(...refsIn(schema));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const root = JSON.parse(readFileSync(process.env['GITHUB_OPENAPI'] ?? 'api.github.com.json', 'utf8')) as Fields;
const kept = Object.fromEntries(
  operations.map((key) => {
    const { parameters, body, responses, ...rest } = operationOf(root, key);
    const parts = { parameters: parameters ?? [], ...(body === undefined ? {} : { body }), responses: responses ?? {} };
    const cut = Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, strip(part, name === 'responses' ? 'names' : 'schema')]),
    );
    return [key, { ...rest, ...cut }];
  }),
);
const cut = {
  notice:
    "Cut from GitHub's OpenAPI description as published in @octokit/openapi, under the MIT License in openapi-license.txt.",
  version: fieldsOf(root['info'])['version'] ?? '',
  operations: kept,
  schemas: withSchemas(root, kept),
};
writeFileSync(join(import.meta.dirname, 'openapi.json'), `${JSON.stringify(cut)}\n`);
