import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/evaluate/decide.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import { isLooser, isTighter } from '../../src/change/effect.ts';
import { between } from '../../src/plan/edit/middle-document.ts';
import { ofDocument } from '../../src/plan/edit/part-effects.ts';
import { allow, deny, document } from '../support/build.ts';

const classify = (before: PolicyDocument, after: PolicyDocument): 'same' | 'tighter' | 'looser' | 'both' => {
  const effect = ofDocument(before, after);
  if (isTighter(effect)) return isLooser(effect) ? 'both' : 'tighter';
  return isLooser(effect) ? 'looser' : 'same';
};

const on = (statement: Statement, ...resources: readonly string[]): Statement => ({
  ...statement,
  Resource: resources,
});
const except = (Effect: 'Allow' | 'Deny', ...actions: readonly string[]): Statement => ({
  Effect,
  NotAction: actions,
  Resource: '*',
});
const inIreland = (statement: Statement): Statement => ({
  ...statement,
  Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
});

describe('an edited guard rail', () => {
  it.each([
    ['a denial names one action more', [deny('s3:GetObject')], [deny('s3:GetObject', 'ec2:RunInstances')], 'tighter'],
    ['a denial names a whole service', [deny('s3:Get*')], [deny('S3:*')], 'tighter'],
    ['two denials are written as one', [deny('a:B'), deny('c:D')], [deny('a:B', 'c:D')], 'same'],
    ['a denial spares a resource', [deny('s3:*')], [on(deny('s3:*'), 'arn:aws:s3:::a/*')], 'looser'],
    ['a denial of the rest spares more', [except('Deny', 'iam:*')], [except('Deny', 'iam:*', 'sts:*')], 'looser'],
    ['an allow-list is shorter', [allow('s3:*', 'ec2:*')], [allow('s3:*')], 'tighter'],
    ['a condition comes', [deny('s3:*')], [inIreland(deny('s3:*'))], 'both'],
    ['one action goes and one comes', [deny('a:B', 'a:C')], [deny('a:B', 'a:D')], 'both'],
    ['a question mark stands in the middle', [deny('s3:Get?bject')], [deny('s3:GetObject')], 'both'],
  ] as const)('is judged where %s', (_, before, after, expected) => {
    expect(classify(document(...before), document(...after))).toBe(expected);
  });

  it('passes through the shorter allow-list and the denials of both', () => {
    const middle = between(document(allow('s3:*'), deny('a:B')), document(allow('*'), deny('a:C')));
    expect(middle).toEqual({ document: document(deny('a:C'), allow('s3:*'), deny('a:B')) });
  });

  it('repeats no old denial that the new ones say', () => {
    const middle = between(document(deny('s3:Get*'), deny('a:B')), document(deny('s3:*'), deny('a:C')));
    expect(middle).toEqual({ document: document(deny('s3:*'), deny('a:C'), deny('a:B')) });
  });
});

const actions = ['s3:GetObject', 's3:PutObject', 'ec2:RunInstances', 'iam:CreateUser'] as const;
const patterns = [...actions, 's3:*', 's3:Get*', 'S3:getObject', '*', 's3:?etObject'] as const;
const resources = ['*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::a/b', 'arn:aws:s3:::*', 'arn:aws:s3:*:*:b'] as const;
const someOf = (items: readonly string[]) => fc.subarray([...items], { minLength: 1, maxLength: 3 });
const statement: fc.Arbitrary<Statement> = fc
  .record({
    Effect: fc.constantFrom('Allow' as const, 'Deny' as const, 'Deny' as const),
    names: someOf(patterns),
    not: fc.nat(3),
    Resource: someOf(resources),
    cond: fc.nat(3),
  })
  .map(({ Effect, names, not, Resource, cond }): Statement => {
    const plain: Statement = { Effect, ...(not === 0 ? { NotAction: names } : { Action: names }), Resource };
    return cond === 0 ? inIreland(plain) : plain;
  });
const documents: fc.Arbitrary<PolicyDocument> = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((list) => document(...list));
const edited = fc.tuple(documents, documents, fc.nat(3)).map(([one, other, kept]) => {
  const [a, b] = [one.Statement as readonly Statement[], other.Statement as readonly Statement[]];
  return [one, document(...a.slice(0, kept), ...b.slice(0, 1))] as const;
});

const passes = (policy: PolicyDocument, action: string, resource: string, region: string): boolean =>
  decide(
    {
      action,
      resource,
      principal: 'arn:aws:iam::222222222222:role/r',
      context: { 'aws:RequestedRegion': region },
    },
    {
      identityPolicies: [{ name: 'all', policy: document(allow('*')) }],
      scps: [{ level: 'Root', policies: [{ name: 'P', policy }] }],
    },
  ).decision === 'allowed';

const openIn = (policy: PolicyDocument): ReadonlySet<string> =>
  new Set(
    actions.flatMap((action) =>
      ['arn:aws:s3:::a/b', 'arn:aws:s3:::c', 'arn:aws:s3:x:y:b'].flatMap((resource) =>
        ['eu-west-1', 'us-east-1'].flatMap((region) =>
          passes(policy, action, resource, region) ? [`${action} ${resource} ${region}`] : [],
        ),
      ),
    ),
  );

const isWithin = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].every((each) => other.has(each));

it('is called tighter only if it opens nothing, looser only if it closes nothing, and its middle state opens nothing', () => {
  fc.assert(
    fc.property(edited, ([before, after]) => {
      const [old, next] = [openIn(before), openIn(after)];
      const kind = classify(before, after);
      if (kind === 'tighter' || kind === 'same') expect(isWithin(next, old)).toBe(true);
      if (kind === 'looser' || kind === 'same') expect(isWithin(old, next)).toBe(true);
      const middle = between(before, after);
      if ('impossible' in middle) return;
      const open = openIn(middle.document);
      expect(isWithin(open, old) && isWithin(open, next)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
