import { describe, expect, it } from 'vitest';
import { decide } from '../../src/evaluate/decide.ts';
import { simulate } from '../../src/evaluate/simulate.ts';

const allowAll = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const request = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/k',
  resourceAccount: '111111111111',
  principal: 'arn:aws:iam::111111111111:role/R',
};
const good = { request, identityPolicies: [{ name: 'p', policy: allowAll }] };
const withStatement = (statement: unknown) => ({
  ...good,
  identityPolicies: [{ name: 'p', policy: { Statement: [statement] } }],
});

describe('simulate', () => {
  it('answers one case with one result', () => {
    const reasons = [{ policy: 'p', statement: 0, effect: 'Allow', type: 'identity' }];
    const allowed = { decision: 'allowed', explicit: true, by: 'identity', reasons, dependsOn: [] };
    expect(simulate(good)).toEqual({ results: [allowed], malformed: false });
  });

  it('answers a list in its order, and a malformed case stops no other', () => {
    const denied = { ...good, scps: [{ level: 'Root', policies: [] }] };
    const { results, malformed } = simulate([denied, { request: 7 }, good]);
    expect(malformed).toBe(true);
    expect(results.map((each) => ('error' in each ? 'error' : each.decision))).toEqual(['denied', 'error', 'allowed']);
  });

  it('takes an empty list as no cases and missing, null or empty policies as none', () => {
    expect(simulate([])).toEqual({ results: [], malformed: false });
    const none = { boundary: [], sessionPolicies: null, scps: [], rcps: [], resourcePolicy: {} };
    expect(simulate({ ...good, ...none })).toEqual(simulate(good));
  });

  it('takes a resource policy with a name or as the bare document', () => {
    const bucket = { Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' } };
    const [bare, named] = simulate([
      { ...good, resourcePolicy: bucket },
      { ...good, resourcePolicy: { name: 'bucket', policy: bucket } },
    ]).results;
    expect(bare).toMatchObject({ decision: 'denied', by: 'resource', reasons: [{ policy: 'resourcePolicy' }] });
    expect(named).toMatchObject({ decision: 'denied', by: 'resource', reasons: [{ policy: 'bucket' }] });
  });

  it('reads names and notes on a case as labels', () => {
    expect(simulate({ name: 'n', description: 'd', ...good }).malformed).toBe(false);
  });

  const malformed: readonly [string, unknown, string][] = [
    ['no object', 5, 'case 5 is not an object'],
    ['no request', {}, 'request undefined is not an object'],
    ['no action', { request: { ...request, action: undefined } }, 'request.action undefined is not a string'],
    ['an action pattern', { request: { ...request, action: 's3:*' } }, 'request.action "s3:*" is not service:Action'],
    [
      'a group as principal',
      { request: { ...request, principal: 'arn:aws:iam::111111111111:group/G' } },
      'request.principal "arn:aws:iam::111111111111:group/G" is not a role',
    ],
    ['a bare word as principal', { request: { ...request, principal: 'ada' } }, 'request.principal "ada" is not'],
    [
      'an account id of 11 digits',
      { request: { ...request, resourceAccount: '11111111111' } },
      'request.resourceAccount "11111111111" is not an account id',
    ],
    [
      'an account id as a number',
      { request: { ...request, resourceAccount: 111111111111 } },
      'request.resourceAccount 111111111111 is not a string',
    ],
    [
      'an object in the context',
      { request: { ...request, context: { 'aws:SourceIp': [{}] } } },
      'request.context.aws:SourceIp {} is not a string',
    ],
    ['unknown as an object', { ...good, unknown: {} }, 'unknown {} is not a list'],
    ['a key that nobody reads', { ...good, scp: [] }, 'case.scp is not known'],
    ['a level without a name', { ...good, scps: [{ policies: [] }] }, 'scps[0].level undefined is not a string'],
    [
      'a policy without a name',
      { ...good, boundary: [{ policy: allowAll }] },
      'boundary[0].name undefined is not a string',
    ],
    [
      'a policy as text',
      { ...good, boundary: [{ name: 'b', policy: '{}' }] },
      'boundary[0].policy "{}" is not an object',
    ],
    ['no Statement', { ...good, boundary: [{ name: 'b', policy: {} }] }, 'boundary[0].policy {} has no Statement'],
    [
      'an unknown Version',
      { ...good, boundary: [{ name: 'b', policy: { ...allowAll, Version: '2012' } }] },
      'boundary[0].policy.Version "2012" is not',
    ],
    [
      'an Effect in lower case',
      withStatement({ Effect: 'allow' }),
      'identityPolicies[0].policy.Statement[0].Effect "allow" is not Allow or Deny',
    ],
    ['no Action', withStatement({ Effect: 'Allow', Resource: '*' }), 'has neither Action nor NotAction'],
    [
      'Action and NotAction',
      withStatement({ Effect: 'Allow', Resource: '*', Action: '*', NotAction: '*' }),
      'has both Action and NotAction',
    ],
    ['no Resource', withStatement({ Effect: 'Allow', Action: '*' }), 'has neither Resource nor NotResource'],
    [
      'an Action without a service',
      withStatement({ Effect: 'Allow', Action: 'GetObject', Resource: '*' }),
      'Statement[0].Action "GetObject" is not service:Action',
    ],
    [
      'a number as Resource',
      withStatement({ Effect: 'Allow', Action: '*', Resource: [1] }),
      'Statement[0].Resource[0] 1 is not a string',
    ],
    [
      'a Principal in an identity policy',
      withStatement({ Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' }),
      'has a principal',
    ],
    [
      'an operator that does not exist',
      withStatement({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringIs: { a: 'b' } } }),
      'Statement[0].Condition "StringIs" is not a condition operator',
    ],
    [
      'Null with IfExists',
      withStatement({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { NullIfExists: { a: 'true' } } }),
      'Statement[0].Condition "NullIfExists" is not a condition operator',
    ],
    [
      'a set operator that does not exist',
      withStatement({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { 'ForNoValues:Bool': { a: 'true' } } }),
      'Statement[0].Condition "ForNoValues:Bool" is not a condition operator',
    ],
    [
      'a null as condition value',
      withStatement({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Bool: { a: null } } }),
      'Condition.Bool.a null is not a string',
    ],
    [
      'no Principal in a resource policy',
      { ...good, resourcePolicy: allowAll },
      'resourcePolicy.Statement[0] {"Effect":"Allow","Action":"*","Resource":"*"} has neither Principal nor NotPrincipal',
    ],
    [
      'a kind of principal that does not exist',
      { ...good, resourcePolicy: { Statement: { Effect: 'Allow', Action: '*', Principal: { Aws: '*' } } } },
      'Principal.Aws is not known',
    ],
  ];
  for (const [what, input, message] of malformed) {
    it(`says what is wrong with ${what}`, () => {
      const { results, malformed: found } = simulate(input);
      expect(found).toBe(true);
      expect(results).toEqual([{ error: expect.stringContaining(message) as unknown }]);
    });
  }
});

describe('decide', () => {
  it('gives each reason the place of its statement, where there is one', () => {
    const places = [undefined, { file: 'scps/a.yaml', line: 7 }];
    const deny = { Effect: 'Deny', Action: 's3:*', Resource: '*' } as const;
    const Statement = [{ ...deny, Action: 's3:Get*' }, deny];
    const policies = [{ name: 'A', policy: { Statement }, places }];
    const { reasons } = decide(request, { scps: [{ level: 'Root', policies }] });
    const reason = { policy: 'A', effect: 'Deny', type: 'scp', level: 'Root' };
    expect(reasons).toEqual([
      { ...reason, statement: 0 },
      { ...reason, statement: 1, place: places[1] },
    ]);
  });

  it('takes the account in the ARN, else the principal’s, as the resource’s', () => {
    const Condition = { StringEquals: { 'aws:ResourceAccount': ['222222222222', '111111111111'] } };
    const policy = { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition } } as const;
    const given = { identityPolicies: [{ name: 'p', policy }] };
    const { principal, action } = request;
    const own = { principal, action, resource: 'arn:aws:s3:::b/k' };
    const foreign = { principal, action, resource: 'arn:aws:sqs:eu-west-1:222222222222:q' };
    expect([own, foreign].map((each) => decide(each, given))).toMatchObject([
      { decision: 'allowed' },
      { decision: 'denied', by: 'resource' },
    ]);
  });

  it('gives the anonymous no aws:PrincipalIsAWSService', () => {
    const Condition = { Bool: { 'aws:PrincipalIsAWSService': 'false' } };
    const deny = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', Condition } as const;
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } as const, deny];
    const given = { resourcePolicy: { name: 'bucket', policy: { Statement } } };
    expect(decide({ ...request, principal: '*' }, given).decision).toBe('allowed');
    expect(decide(request, given).decision).toBe('denied');
  });

  it('hangs on an operator that does not exist', () => {
    const policy = {
      Statement: { Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringIs: { a: 'b' } } },
    } as const;
    const given = {
      identityPolicies: [
        { name: 'p', policy: allowAll as never },
        { name: 'd', policy },
      ],
    };
    expect(decide(request, given)).toMatchObject({ decision: 'depends', dependsOn: ['operator:StringIs'] });
  });

  it('refuses a principal that is none', () => {
    expect(() => decide({ ...request, principal: 'ada' }, {})).toThrow('"ada" is not a principal');
  });
});

describe('a bad case', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
  const deep = nested(100_000);

  it.each<readonly [string, unknown]>([
    ['nested in the context', { ...good, request: { ...request, context: { key: deep } } }],
    ['nested in an Action', withStatement({ Effect: 'Allow', Action: deep, Resource: '*' })],
    ['nested in a Resource', withStatement({ Effect: 'Allow', Action: '*', Resource: deep })],
    ['nested in a Condition', withStatement({ ...allowAll.Statement[0], Condition: { StringEquals: { key: deep } } })],
    ['nested in a Principal', { ...good, resourcePolicy: { Statement: { Effect: 'Deny', Principal: { AWS: deep } } } }],
    ['nested in a Statement', { ...good, identityPolicies: [{ name: 'p', policy: { Statement: deep } }] }],
    ['nested as the case itself', deep],
    ['nested under a key that nobody reads', { ...good, other: deep }],
    ['nested in a name', { ...good, identityPolicies: [{ name: deep, policy: allowAll }] }],
    ['nested in what is unknown', { ...good, unknown: deep }],
  ])('%s, 100,000 deep, costs no other its answer', (_, bad) => {
    const { results, malformed } = simulate([good, bad, good]);
    expect(malformed).toBe(true);
    expect(results.map((each) => ('error' in each ? 'error' : each.decision))).toEqual(['allowed', 'error', 'allowed']);
    expect(JSON.stringify(results[1]).length).toBeLessThan(300);
  });

  it('is quoted in a line, however wide it is', () => {
    const { results } = simulate({
      request: { ...request, action: Array.from({ length: 10_000 }, () => ({ a: 'b' })) },
    });
    expect(JSON.stringify(results[0]).length).toBeLessThan(200);
  });
});
