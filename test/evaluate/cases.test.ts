import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Decision } from '../../src/evaluate/decide.ts';
import { simulate } from '../../src/evaluate/simulate.ts';

type Json = Readonly<Record<string, unknown>>;
type Expected = Partial<Omit<Decision, 'reasons'>> & { readonly reasons?: readonly string[] };
type Case = { readonly name: string; readonly url: string; readonly expect: Expected } & Json;
type Operator = { operator: string; url: string; values: unknown[]; rows: [unknown, boolean][] };

const request = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::bucket/key',
  resourceAccount: '111122223333',
  principal: 'arn:aws:iam::111122223333:role/R',
};
const toEverybody = { Principal: '*' };
const documents: Readonly<Record<string, Json | null>> = {
  all: { Effect: 'Allow', Action: '*', Resource: '*' },
  nothing: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' },
  denyGet: { Effect: 'Deny', Action: 's3:Get*', Resource: '*' },
  denyAll: { Effect: 'Deny', Action: '*', Resource: '*' },
  denyOtherRegions: {
    ...{ Effect: 'Deny', Action: '*', Resource: '*' },
    Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  },
  allowMfa: {
    ...{ Effect: 'Allow', Action: '*', Resource: '*' },
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  },
  ownFolder: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}*' },
  ownFolderElsewhere: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::other/${aws:PrincipalTag/team}*' },
  notInCatalogue: null,
  toAccount: { Effect: 'Allow', Action: '*', Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
  toRole: { Effect: 'Allow', Action: '*', Principal: { AWS: 'arn:aws:iam::111122223333:role/R' } },
  toGithub: {
    ...{ Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity' },
    Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
    Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:securecart/shop:*' } },
  },
};

describe('each element of a statement', () => {
  for (const row of read<Case>('elements')) {
    it(row.name, () => {
      const policy = documentOf(row['statement'], row['version']);
      check(row, { request: requestOf(row), identityPolicies: [{ name: 'p', policy }] });
    });
  }
});

describe('each way to name a principal', () => {
  for (const row of read<Case>('principals')) {
    it(row.name, () => {
      const { principal, canonicalUser } = row;
      const statements = [statementOf('Allow', row['allow']), statementOf('Deny', row['deny'])].filter((each) => each);
      check(row, {
        request: { ...request, principal, canonicalUser },
        identityPolicies: row['identity'] ? [named('all')] : [],
        boundary: row['boundary'] ? [named(row['boundary'] === 'allow' ? 'all' : 'nothing')] : [],
        sessionPolicies: row['session'] ? [named('nothing')] : [],
        ...(statements.length > 0 && { resourcePolicy: { name: 'bucket', policy: documentOf(statements) } }),
      });
    });
  }
});

describe('each kind of policy', () => {
  for (const row of read<Case>('layers')) {
    it(row.name, () => {
      const { action = request.action, on: resource = request.resource, principal = request.principal, context } = row;
      const [resourcePolicy] = (row['resource'] as string[] | undefined) ?? [];
      check(row, {
        request: { action, resource, principal, context, ...(row['on'] ? {} : { resourceAccount: '111122223333' }) },
        identityPolicies: namedAll(row['identity']),
        boundary: namedAll(row['boundary']),
        sessionPolicies: namedAll(row['session']),
        scps: levels(row['scps']),
        rcps: levels(row['rcps'], toEverybody),
        unknown: row['unknown'],
        ...(resourcePolicy && { resourcePolicy: named(resourcePolicy, toEverybody) }),
      });
    });
  }
});

/** A policy per kind, each as its statements; `request` over one that is there for all. */
describe('each thing that AWS says of ARNs, variables, calls and objects', () => {
  const named = (kind: string, statements: unknown): readonly Json[] =>
    statements === undefined ? [] : [{ name: kind, policy: documentOf(statements) }];
  const level = (kind: string, statements: unknown): readonly Json[] =>
    statements === undefined ? [] : [{ level: 'Root', policies: [...named(kind, statements), namedFull] }];
  const namedFull = { name: 'full', policy: documentOf({ ...documents['all'], Principal: '*' }) };
  for (const row of read<Case>('words')) {
    it(row.name, () => {
      const { identity, boundary, session, scp, rcp, resource } = row;
      check(row, {
        request: requestOf(row),
        identityPolicies: named('identity', identity ?? documents['all']),
        boundary: named('boundary', boundary),
        sessionPolicies: named('session', session),
        scps: level('scp', scp),
        rcps: level('rcp', rcp),
        unknown: row['unknown'],
        ...(resource === undefined ? {} : { resourcePolicy: documentOf(resource) }),
      });
    });
  }
});

describe('each condition operator', () => {
  for (const { operator, values, rows } of read<Operator>('operators')) {
    for (const [value, holds] of rows) {
      it(`${operator} ${JSON.stringify(values)} ${holds ? 'holds' : 'does not hold'} for ${JSON.stringify(value)}`, () => {
        const Condition = { [operator]: { 'test:Key': values } };
        const context = value === 'absent' ? {} : { 'test:key': value };
        const allowed = decisionUnder([{ ...documents['all'], Condition }], context);
        const denied = decisionUnder([documents['all'], { ...documents['denyAll'], Condition }], context);
        expect([allowed, denied]).toEqual(holds ? ['allowed', 'denied'] : ['denied', 'allowed']);
      });
    }
  }

  it('has a table of its own with a row that holds, one that does not and one without the key', () => {
    const table = read<Operator>('operators');
    for (const { url, operator } of table) {
      const rows = table.filter((each) => each.operator === operator).flatMap((each) => each.rows);
      expect(url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(new Set(rows.map(([, holds]) => holds)).size).toBe(2);
      expect(rows.some(([value]) => value === 'absent')).toBe(true);
    }
  });
});

function check(row: Case, input: Json): void {
  expect(row.url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  const [result] = simulate(JSON.parse(JSON.stringify(input))).results;
  expect(summaryOf(result as Decision)).toMatchObject(row.expect);
}

/** Reasons as `type policy[statement] effect`. */
function summaryOf(result: Decision): Json {
  if (!('reasons' in result)) return result;
  const reasons = result.reasons.map((each) => `${each.type} ${each.policy}[${each.statement}] ${each.effect}`);
  return { ...result, reasons };
}

function decisionUnder(statements: unknown, context: Json): unknown {
  const identityPolicies = [{ name: 'p', policy: documentOf(statements) }];
  const [result] = simulate({ request: { ...request, context }, identityPolicies }).results;
  return result && 'decision' in result ? result.decision : result;
}

function documentOf(Statement: unknown, version?: unknown): Json {
  return { Version: version ?? '2012-10-17', Statement };
}

function requestOf(row: Case): Json {
  return { ...request, ...(row['request'] as Json | undefined) };
}

function statementOf(Effect: string, principal: unknown): Json | undefined {
  if (principal === undefined) return undefined;
  const NotPrincipal = (principal as Json)['notPrincipal'];
  const element = NotPrincipal === undefined ? { Principal: principal } : { NotPrincipal };
  return { Effect, Action: '*', Resource: '*', ...element };
}

function named(name: string, extra: Json = {}): Json {
  const statement = documents[name];
  return { name, policy: statement ? documentOf({ ...extra, ...statement }) : null };
}

function namedAll(names: unknown): readonly Json[] {
  return ((names ?? []) as string[]).map((name) => named(name));
}

function levels(byLevel: unknown, extra: Json = {}): readonly Json[] {
  return Object.entries((byLevel ?? {}) as Record<string, string[]>).map(([level, names]) => ({
    level,
    policies: names.map((name) => named(name, extra)),
  }));
}

function read<Row>(name: string): readonly Row[] {
  return parse(readFileSync(new URL(`cases/${name}.yaml`, import.meta.url), 'utf8')) as Row[];
}
