import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/evaluate/decide.ts';
import { decide } from '../../src/evaluate/decide.ts';
import type { NamedPolicy, PolicyLayers } from '../../src/evaluate/layers.ts';
import type { Statement } from '../../src/model/policy.ts';

const request = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/k',
  resourceAccount: '111122223333',
  principal: 'arn:aws:iam::111122223333:role/R',
};
const place = { file: 'a.yaml', line: 7 };
const allow: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const deny: Statement = { ...allow, Effect: 'Deny' };

function named(name: string, ...Statement: readonly Statement[]): NamedPolicy {
  return { name, policy: { Version: '2012-10-17', Statement } };
}

const equals = (...keys: readonly string[]): NonNullable<Statement['Condition']> => ({
  StringEquals: Object.fromEntries(keys.map((key) => [key, 'x'])),
});

describe('the reasons of a decision', () => {
  it('have the keys that apply and no others, whether statements have places and levels or not', () => {
    const written = { ...named('p', allow), places: [place] };
    const scps = [{ level: 'Root', policies: [written, named('q', allow)] }];
    const { reasons } = decide(request, { identityPolicies: [written, named('q', allow)], scps });
    const [p, q] = ['p', 'q'].map((policy) => ({ policy, statement: 0, effect: 'Allow' }));
    expect(reasons).toStrictEqual([
      { ...p, type: 'scp', level: 'Root', place },
      { ...q, type: 'scp', level: 'Root' },
      { ...p, type: 'identity', place },
      { ...q, type: 'identity' },
    ]);
  });

  it('of a denial are its Deny statements, in the order of the kinds of policies', () => {
    const both = (name: string): readonly NamedPolicy[] => [named(name, allow, deny)];
    const shared = { ...named('shared', { ...allow, Principal: '*' }, { ...deny, Principal: '*' }) };
    const policies: PolicyLayers = {
      ...{ identityPolicies: both('i'), boundary: both('b'), sessionPolicies: both('s'), resourcePolicy: shared },
      ...{ scps: [{ level: 'Root', policies: both('scp') }], rcps: [{ level: 'Root', policies: [shared] }] },
    };
    const { by, reasons } = decide(request, policies);
    expect(by).toBe('scp');
    expect(reasons.map(({ type, statement }) => `${type} ${statement}`)).toEqual(
      ['scp', 'rcp', 'resource', 'identity', 'boundary', 'session'].map((type) => `${type} 1`),
    );
  });

  it('of a denial are the statements that deny, not those that might', () => {
    const maybe = { ...deny, Condition: equals('aws:SourceVpc') };
    const { reasons } = decide(
      { ...request, unknown: ['aws:SourceVpc'] },
      { identityPolicies: [named('p', maybe, deny)] },
    );
    expect(reasons.map(({ statement }) => statement)).toEqual([1]);
  });

  it('of an allowance are the statements that allow, not those that might', () => {
    const maybe = { ...allow, Condition: equals('aws:SourceVpc') };
    const { reasons } = decide(
      { ...request, unknown: ['aws:SourceVpc'] },
      { identityPolicies: [named('p', maybe, allow)] },
    );
    expect(reasons.map(({ statement }) => statement)).toEqual([1]);
  });
});

describe('what a decision depends on', () => {
  const unknown = ['b', 'a', 'c'];
  const keysOf = (policies: PolicyLayers): Decision => decide({ ...request, unknown }, policies);

  it('is named once and in order, from what may allow and from what may deny', () => {
    const { dependsOn, by } = keysOf({
      identityPolicies: [
        named('p', { ...allow, Condition: equals('c', 'b') }, { ...deny, Condition: equals('b', 'a') }),
      ],
    });
    expect({ dependsOn, by }).toEqual({ dependsOn: ['a', 'b', 'c'], by: 'identity' });
  });

  it('leaves out a Deny that cannot hold and a policy without a document has no statement to show', () => {
    const off = { ...deny, Condition: { StringEquals: { a: 'x', d: 'x' } } };
    const { dependsOn, reasons } = keysOf({ identityPolicies: [{ name: 'n', policy: null }, named('p', allow, off)] });
    expect({ dependsOn, reasons }).toEqual({ dependsOn: ['policy:n'], reasons: [] });
  });

  it('may be what a resource policy says, and names it before the identity policies', () => {
    const Condition = equals('a');
    const decision = keysOf({
      identityPolicies: [named('p', { ...allow, Condition: equals('b') })],
      resourcePolicy: named('r', { ...allow, Principal: '*', Condition }),
    });
    expect(decision).toMatchObject({ decision: 'depends', explicit: false, by: 'resource', dependsOn: ['a', 'b'] });
    expect(decision.reasons.map(({ policy }) => policy)).toEqual(['r', 'p']);
  });

  it('is nothing where a resource policy might deny and nothing allows', () => {
    const resourcePolicy = named('r', { ...deny, Principal: '*', Condition: equals('a') });
    expect(keysOf({ resourcePolicy })).toMatchObject({ decision: 'denied', explicit: false, dependsOn: [] });
  });

  it('may be the value that Null asks for', () => {
    const decision = keysOf({ identityPolicies: [named('p', { ...allow, Condition: { Null: { a: 'true' } } })] });
    expect(decision).toMatchObject({ decision: 'depends', dependsOn: ['a'] });
  });

  it('is turned by NotResource without being lost', () => {
    const other: Statement = { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::b/${a}' };
    const decision = keysOf({ identityPolicies: [named('p', allow, other)] });
    expect(decision).toMatchObject({ decision: 'depends', dependsOn: ['a'] });
  });
});

describe('a document that no linter let pass', () => {
  it('allows nothing by an action without a service', () => {
    const only = (Action: string) => ({ identityPolicies: [named('p', { ...allow, Action })] });
    expect(decide(request, only('GetObject')).decision).toBe('denied');
    expect(decide({ ...request, action: 'GetObject' }, only('GetObject')).decision).toBe('denied');
  });

  it('allows nothing without any action, and names nobody without any principal', () => {
    expect(decide(request, { identityPolicies: [named('p', { Effect: 'Allow', Resource: '*' })] }).decision).toBe(
      'denied',
    );
    expect(decide({ ...request, principal: '*' }, { resourcePolicy: named('r', allow) }).decision).toBe('denied');
  });
});
