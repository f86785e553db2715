/** The offline policy simulator: cases as JSON in, decisions out in the same order. */

import type { Decision } from './decide.ts';
import { decide } from './decide.ts';
import type { DocumentUse } from './document-shape.ts';
import { isScalar, readDocument } from './document-shape.ts';
import type { PolicyLevel, NamedPolicy, PolicyLayers } from './layers.ts';
import { parsePrincipal } from './principal.ts';
import type { RequestContext, AccessRequest } from './request.ts';
import type { At } from './shape.ts';
import { fail, keysWithin, Malformed, readList, readObject, readText } from './shape.ts';

type SimulateResult = Decision | { readonly error: string };

/** `name` and its like label a case and are not read. */
const labels = ['name', 'id', 'description', 'comment', 'expected'];
const policyKeys = ['identityPolicies', 'boundary', 'sessionPolicies', 'scps', 'rcps', 'resourcePolicy'];
const requestKeys = ['action', 'resource', 'resourceAccount', 'principal', 'context', 'canonicalUser'];

/** One case or a list of them. A malformed case gives an error and the others still run. */
export function simulate(input: unknown): { readonly results: readonly SimulateResult[]; readonly malformed: boolean } {
  const cases: readonly unknown[] = Array.isArray(input) ? (input as readonly unknown[]) : [input];
  const results = cases.map((value, index) =>
    simulateOne({ path: Array.isArray(input) ? `[${index}]` : 'case', value }),
  );
  return { results, malformed: results.some((result) => 'error' in result) };
}

function simulateOne(at: At): SimulateResult {
  try {
    keysWithin(at, [...labels, 'request', 'unknown', ...policyKeys]);
    return decide(readRequest(at), readPolicies(at));
  } catch (error) {
    if (error instanceof Malformed) return { error: error.message };
    return { error: `${at.path} cannot be decided: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function readRequest(at: At): AccessRequest {
  const request = member(at, 'request');
  keysWithin(request, requestKeys);
  const action = readText(member(request, 'action'));
  if (!/^[a-z0-9-]+:[a-z0-9]+$/i.test(action)) fail(member(request, 'action'), 'is not service:Action');
  return {
    action,
    resource: readText(member(request, 'resource')),
    principal: readPrincipal(member(request, 'principal')),
    ...optional(member(request, 'resourceAccount'), 'resourceAccount', readAccount),
    ...optional(member(request, 'context'), 'context', readContext),
    ...optional(member(request, 'canonicalUser'), 'canonicalUser', readText),
    ...optional(member(at, 'unknown'), 'unknown', readNames),
  };
}

function readPolicies(at: At): PolicyLayers {
  return {
    identityPolicies: readNamed(member(at, 'identityPolicies'), 'identity'),
    boundary: readNamed(member(at, 'boundary'), 'identity'),
    sessionPolicies: readNamed(member(at, 'sessionPolicies'), 'session'),
    scps: readLevels(member(at, 'scps')),
    rcps: readLevels(member(at, 'rcps')),
    resourcePolicy: readResourcePolicy(member(at, 'resourcePolicy')),
  };
}

function readPrincipal(at: At): string {
  const principal = readText(at);
  if (!parsePrincipal(principal)) fail(at, 'is not a role, user, session or provider ARN, a root user, a service or *');
  return principal;
}

function readAccount(at: At): string {
  const account = readText(at);
  return /^\d{12}$/.test(account) ? account : fail(at, 'is not an account id of 12 digits');
}

function readContext(at: At): RequestContext {
  for (const [key, value] of Object.entries(readObject(at))) {
    const values: readonly unknown[] = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    const wrong = values.find((item) => !isScalar(item));
    if (values.length > 0 && !values.every(isScalar)) {
      fail({ path: `${at.path}.${key}`, value: wrong }, 'is not a string, number or boolean');
    }
  }
  return at.value as RequestContext;
}

function readNames(at: At): readonly string[] {
  return readList(at).map((value, index) => readText({ path: `${at.path}[${index}]`, value }));
}

function readLevels(at: At): readonly PolicyLevel[] {
  return listOrNone(at).map((value, index) => {
    const level = { path: `${at.path}[${index}]`, value };
    keysWithin(level, ['level', 'policies']);
    const policies = readNamed(member(level, 'policies'), 'organization');
    return { level: readText(member(level, 'level')), policies };
  });
}

function readNamed(at: At, use: DocumentUse): readonly NamedPolicy[] {
  return listOrNone(at).map((value, index) => readPolicy({ path: `${at.path}[${index}]`, value }, use));
}

/** A policy without a document is one that nobody has: the decision depends on it. */
function readPolicy(at: At, use: DocumentUse): NamedPolicy {
  keysWithin(at, ['name', 'policy']);
  const name = readText(member(at, 'name'));
  const policy = member(at, 'policy');
  return { name, policy: policy.value === null ? null : readDocument(policy, use) };
}

/** With a name, or the bare document. */
function readResourcePolicy(at: At): NamedPolicy | undefined {
  if (at.value === undefined || at.value === null) return undefined;
  const value = readObject(at);
  if (Object.keys(value).length === 0) return undefined;
  if ('policy' in value || 'name' in value) return readPolicy(at, 'resource');
  return { name: 'resourcePolicy', policy: readDocument(at, 'resource') };
}

function member(at: At, key: string): At {
  return { path: at.path === 'case' ? key : `${at.path}.${key}`, value: readObject(at)[key] };
}

function listOrNone(at: At): readonly unknown[] {
  return at.value === undefined || at.value === null ? [] : readList(at);
}

function optional<Key extends string, Value>(at: At, key: Key, read: (at: At) => Value): Partial<Record<Key, Value>> {
  if (at.value === undefined || at.value === null) return {};
  return { [key]: read(at) } as Record<Key, Value>;
}
