import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/evaluate/decide.ts';
import { decide } from '../../src/evaluate/decide.ts';
import type { PolicyLevel, NamedPolicy, PolicyLayers } from '../../src/evaluate/layers.ts';
import type { AccessRequest } from '../../src/evaluate/request.ts';
import type { ConditionBlock, PolicyDocument, Statement } from '../../src/model/policy.ts';

const accounts = ['111122223333', '444455556666'] as const;
const keys = ['aws:SourceVpc', 'aws:PrincipalTag/team', 'aws:PrincipalAccount', 'aws:RequestedRegion'] as const;
const values = ['a', 'b', '*', '10', '2026-01-01', 'true', 'arn:aws:iam::111122223333:role/R', accounts[0]] as const;

const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 'sts:AssumeRole', 'kms:Decrypt', 'ec2:RunInstances');
const actionPattern = fc.constantFrom('*', 's3:*', 's3:Get*', 'S3:getobject', 'sts:*', 'kms:*', 'ec2:R?nInstances');
const resource = fc.constantFrom(
  ...['arn:aws:s3:::b/a', 'arn:aws:s3:::b/b', '*', 'arn:aws:iam::111122223333:role/T'],
  'arn:aws:kms:eu-west-1:111122223333:key/1',
);
const resourcePattern = fc.constantFrom(
  ...['*', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/${aws:PrincipalTag/team}', 'arn:aws:*:role/T'],
  "arn:aws:s3:::b/${aws:SourceVpc, 'b'}",
);
const principal = fc.constantFrom(
  ...['arn:aws:iam::111122223333:role/R', 'arn:aws:iam::111122223333:user/u', 'arn:aws:iam::444455556666:user/u'],
  ...['arn:aws:sts::111122223333:assumed-role/R/s', 'arn:aws:iam::111122223333:root', 's3.amazonaws.com', '*'],
  'arn:aws:sts::111122223333:federated-user/f',
);
const principalElement = fc.constantFrom<NonNullable<Statement['Principal']>>(
  ...['*' as const, { AWS: accounts[0] }, { AWS: 'arn:aws:iam::111122223333:role/R' }],
  ...[{ AWS: 'arn:aws:sts::111122223333:assumed-role/R/s' }, { Service: 's3.amazonaws.com' }],
);
const operator = fc
  .tuple(
    fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(
      'StringEquals',
      'StringNotLike',
      'StringLike',
      'StringNotEqualsIgnoreCase',
      'NumericLessThan',
      'DateGreaterThan',
      'Bool',
      'ArnNotLike',
    ),
    fc.constantFrom('', '', 'IfExists'),
  )
  .map((parts) => parts.join(''));
const conditionValue = fc.constantFrom<string>(...values, 'a*', '${aws:PrincipalTag/team}', "${aws:SourceVpc, 'a'}");
const condition: fc.Arbitrary<ConditionBlock> = fc.oneof(
  fc.dictionary(
    fc.oneof(operator),
    fc.dictionary(fc.constantFrom<string>(...keys), fc.array(conditionValue, { minLength: 1, maxLength: 2 }), {
      minKeys: 1,
      maxKeys: 1,
    }),
    { maxKeys: 2 },
  ),
  fc.constantFrom(...keys).map((key) => ({ Null: { [key]: 'true' } })),
);

const effect = fc.constantFrom<Statement['Effect']>('Allow', 'Allow', 'Deny');
const statement: fc.Arbitrary<Statement> = fc
  .record({ Effect: effect, actions: actionPattern, resources: resourcePattern, Condition: condition, not: fc.nat(9) })
  .map(({ Effect, actions, resources, Condition, not }) => ({
    Effect,
    ...(not === 0 ? { NotAction: actions } : { Action: actions }),
    ...(not === 1 ? { NotResource: resources } : { Resource: resources }),
    ...(not > 5 ? {} : { Condition }),
  }));
const documentOf = (statements: fc.Arbitrary<Statement>): fc.Arbitrary<PolicyDocument> =>
  fc.array(statements, { minLength: 1, maxLength: 3 }).map((Statement) => ({ Version: '2012-10-17', Statement }));
const named = (statements: fc.Arbitrary<Statement>): fc.Arbitrary<NamedPolicy> =>
  documentOf(statements).map((policy) => ({ name: 'p', policy }));
const aimed = fc.tuple(statement, principalElement).map(([each, Principal]): Statement => ({ ...each, Principal }));
const fullAccess: NamedPolicy = {
  name: 'full',
  policy: { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } },
};
const list = fc.array(named(statement), { maxLength: 2 });
const orFull = (policies: readonly NamedPolicy[]): readonly NamedPolicy[] =>
  policies.length > 0 ? [fullAccess, ...policies] : policies;
const level = (of: fc.Arbitrary<Statement>): fc.Arbitrary<PolicyLevel> =>
  fc.array(named(of), { maxLength: 2 }).map((policies) => ({ level: 'L', policies: [fullAccess, ...policies] }));
const policies: fc.Arbitrary<PolicyLayers> = fc.record(
  {
    identityPolicies: fc.tuple(list, fc.boolean()).map(([each, full]) => (full ? [fullAccess, ...each] : each)),
    boundary: list.map(orFull),
    sessionPolicies: list.map(orFull),
    scps: fc.array(level(statement), { maxLength: 2 }),
    rcps: fc.array(level(aimed), { maxLength: 2 }),
    resourcePolicy: named(aimed),
  },
  { requiredKeys: ['identityPolicies'] },
);

const contextValue = fc.oneof(
  fc.constantFrom<string>(...values),
  fc.array(fc.constantFrom<string>(...values, ''), { maxLength: 2 }),
);
const request: fc.Arbitrary<AccessRequest> = fc.record({
  action,
  resource,
  principal,
  resourceAccount: fc.constantFrom(...accounts),
  context: fc.dictionary(fc.constantFrom<string>(...keys), contextValue, { maxKeys: 4 }),
});

const rank = { denied: 0, depends: 1, allowed: 2 } as const;
const runs = { numRuns: 2000 };

describe('the laws of a decision', () => {
  it('a further Deny, wherever it is, never widens', () => {
    fc.assert(
      fc.property(
        request,
        policies,
        fc.tuple(statement, fc.constantFrom('identityPolicies', 'boundary', 'sessionPolicies', 'resourcePolicy')),
        (asked, given, [extra, where]) => {
          const before = decide(asked, given);
          const after = decide(asked, withDeny(given, where, extra));
          expect(rank[after.decision]).toBeLessThanOrEqual(rank[before.decision]);
        },
      ),
      runs,
    );
  });

  it('a further level of SCPs or RCPs never widens', () => {
    fc.assert(
      fc.property(request, policies, level(aimed), (asked, given, extra) => {
        const before = rank[decide(asked, given).decision];
        const scps = decide(asked, { ...given, scps: [...(given.scps ?? []), extra] });
        const rcps = decide(asked, { ...given, rcps: [...(given.rcps ?? []), extra] });
        expect(Math.max(rank[scps.decision], rank[rcps.decision])).toBeLessThanOrEqual(before);
      }),
      runs,
    );
  });

  it('a further Allow in an identity policy never narrows', () => {
    fc.assert(
      fc.property(
        request,
        policies,
        named(statement.map((each) => ({ ...each, Effect: 'Allow' as const }))),
        (asked, given, extra) => {
          const after = decide(asked, { ...given, identityPolicies: [...(given.identityPolicies ?? []), extra] });
          expect(rank[after.decision]).toBeGreaterThanOrEqual(rank[decide(asked, given).decision]);
        },
      ),
      runs,
    );
  });

  it('the order of statements, policies and levels does not matter', () => {
    fc.assert(
      fc.property(request, policies, (asked, given) => {
        expect(verdict(decide(asked, turned(given)))).toEqual(verdict(decide(asked, given)));
      }),
      runs,
    );
  });

  it('what is decided with an unknown key is decided so for each of its values and without it', () => {
    const sampled = fc.option(contextValue, { nil: undefined });
    let decided = 0;
    fc.assert(
      fc.property(
        request,
        policies,
        fc.constantFrom(...keys),
        fc.array(sampled, { minLength: 4, maxLength: 8 }),
        (asked, given, key, samples) => {
          const blind = decide({ ...asked, unknown: [key] }, given);
          if (blind.decision === 'depends') {
            expect(blind.dependsOn).toEqual([key]);
            return;
          }
          decided += 1;
          for (const sample of samples) {
            const context = Object.fromEntries(Object.entries(asked.context ?? {}).filter(([name]) => name !== key));
            const seen = { ...asked, context: sample === undefined ? context : { ...context, [key]: sample } };
            expect(decide(seen, given).decision).toBe(blind.decision);
          }
        },
      ),
      runs,
    );
    expect(decided).toBeGreaterThan(400);
  });

  it('is neither always allowed nor always denied on what these laws try', () => {
    const seen = fc.sample(fc.tuple(request, policies), 2000).map(([asked, given]) => decide(asked, given));
    for (const decision of ['allowed', 'denied'] as const) {
      expect(seen.filter((each) => each.decision === decision).length).toBeGreaterThan(200);
    }
    expect(new Set(seen.map((each) => each.by))).toEqual(
      new Set(['none', 'identity', 'boundary', 'session', 'scp', 'rcp', 'resource', 'trust']),
    );
  });
});

function withDeny(
  given: PolicyLayers,
  where: 'identityPolicies' | 'boundary' | 'sessionPolicies' | 'resourcePolicy',
  extra: Statement,
): PolicyLayers {
  const deny: Statement = { ...extra, Effect: 'Deny', ...(where === 'resourcePolicy' ? { Principal: '*' } : {}) };
  if (where === 'resourcePolicy') {
    const before = given.resourcePolicy?.policy?.Statement ?? [];
    return {
      ...given,
      resourcePolicy: { name: 'r', policy: { Version: '2012-10-17', Statement: [...[before].flat(), deny] } },
    };
  }
  const own = given[where] ?? [];
  // A list that was empty did not limit; a policy that only denies would begin to, which is no widening either.
  return { ...given, [where]: [...own, { name: 'd', policy: { Version: '2012-10-17', Statement: [deny] } }] };
}

function turned(given: PolicyLayers): PolicyLayers {
  const policy = (each: NamedPolicy): NamedPolicy => ({
    ...each,
    policy: each.policy && { ...each.policy, Statement: [each.policy.Statement].flat().reverse() },
  });
  const turn = (each: readonly NamedPolicy[] = []): readonly NamedPolicy[] => each.map(policy).reverse();
  const turnLevels = (each: readonly PolicyLevel[] = []): readonly PolicyLevel[] =>
    each.map((one) => ({ ...one, policies: turn(one.policies) })).reverse();
  return {
    identityPolicies: turn(given.identityPolicies),
    boundary: turn(given.boundary),
    sessionPolicies: turn(given.sessionPolicies),
    scps: turnLevels(given.scps),
    rcps: turnLevels(given.rcps),
    resourcePolicy: given.resourcePolicy && policy(given.resourcePolicy),
  };
}

function verdict({ decision, explicit, by, dependsOn, reasons }: Decision): unknown {
  return { decision, explicit, by, dependsOn, reasons: reasons.length };
}
