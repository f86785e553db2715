/** Random cases for two evaluators that share no line: the product's, and a second, slow one. */
import fc from 'fast-check';
import { simulate } from '../../src/evaluate/simulate.ts';
import { slowly, type SlowCase } from './slow-evaluator.ts';

const own = '111122223333';
const other = '444455556666';
const questions: readonly (readonly [string, string])[] = [
  ...[`arn:aws:s3:::b/a`, 'arn:aws:s3:::b/ada', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b'].map(
    (arn) => ['s3:GetObject', arn] as const,
  ),
  ['s3:PutObject', 'arn:aws:s3:::b/a'],
  ['s3:ListAllMyBuckets', '*'],
  ['ec2:RunInstances', `arn:aws:ec2:eu-west-1:${own}:instance/i-1`],
  ['ec2:DescribeInstances', '*'],
  ['sqs:SendMessage', `arn:aws:sqs:us-east-1:${own}:q`],
  ['sqs:SendMessage', `arn:aws:sqs:us-east-1:${other}:q`],
  ['lambda:InvokeFunction', `arn:aws:lambda:us-east-2:${own}:function:f`],
  ['kms:Decrypt', `arn:aws:kms:eu-west-1:${own}:key/1`],
  ['kms:Decrypt', `arn:aws:kms:eu-west-1:${other}:alias/x`],
  ['kms:DeleteAlias', `arn:aws:kms:eu-west-1:${own}:alias/x`],
  ['kms:DeleteAlias', `arn:aws:kms:eu-west-1:${own}:alias/aws/s3`],
  ['kms:RetireGrant', `arn:aws:kms:eu-west-1:${own}:key/1`],
  ['sts:AssumeRole', `arn:aws:iam::${own}:role/T`],
  ['sts:AssumeRole', `arn:aws:iam::${other}:role/p/T`],
  ['sts:AssumeRole', `arn:aws:iam::${own}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`],
  ['sts:GetCallerIdentity', '*'],
  ['sts:GetSessionToken', '*'],
  ['sts:GetFederationToken', `arn:aws:sts::${own}:federated-user/b`],
  ['iam:PutRolePolicy', `arn:aws:iam::${own}:role/T`],
  ['iam:PutRolePolicy', `arn:aws:iam::${own}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef`],
  ['iam:GetUser', `arn:aws:iam::${own}:user/ada`],
];

const people = [
  ...[`arn:aws:iam::${own}:role/R`, `arn:aws:iam::${own}:role/p/R`, `arn:aws:sts::${own}:assumed-role/R/s`],
  ...[`arn:aws:iam::${own}:user/ada`, `arn:aws:iam::${own}:root`, `arn:aws:sts::${own}:federated-user/f`],
  ...[`arn:aws:iam::${other}:user/bob`, `arn:aws:iam::${other}:role/R`, 's3.amazonaws.com', '*'],
  `arn:aws:sts::${own}:assumed-role/AWSServiceRoleForX/s`,
  `arn:aws:iam::${own}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`,
];

const actionPattern = fc.constantFrom(
  ...[
    '*',
    '*',
    's3:*',
    's3:Get*',
    'S3:getobject',
    'sts:*',
    'kms:*',
    'kms:De*',
    'ec2:R?nInstances',
    'sqs:*',
    'iam:*',
    'lambda:*',
  ],
  's3:ListAllMyBuckets',
);
const resourcePattern = fc.constantFrom(
  ...[
    '*',
    '*',
    '*',
    'arn:aws:s3:::b/*',
    'arn:aws:s3:::b/${aws:username}',
    "arn:aws:s3:::b/${aws:PrincipalTag/team, 'a'}",
  ],
  ...[
    'arn:aws:s3:::b/${*}',
    'arn:aws:s3:::b/${Region}',
    'arn:aws:s3:::*',
    'arn:aws:s3',
    'arn:aws:sqs',
    'arn:aws:sqs:us-east-1',
  ],
  ...[
    `arn:aws:sqs:us-east-1:${own}`,
    'arn:aws:sqs:*',
    'arn:aws:sqs:*:q',
    'arn:aws:*:*:*:*',
    'arn:*:s3:::b/a',
    'arn:aws:iam',
  ],
  ...[
    `arn:aws:iam::${own}:ro*`,
    `arn:aws:iam::${own}:role/*`,
    'arn:aws:iam::*:*',
    'arn:aws:iam:*:role/T',
    'arn:aws:kms:*:*:key/*',
  ],
  ...[
    'arn:aws:lambda:*:*:functi*:f',
    'arn:aws:lambda:*:*:function:*',
    'arn:aws:ec2:*:*:*/*',
    `arn:aws:iam::${own}:user/\${aws:username}`,
  ],
);
const keys = [
  'aws:SourceVpc',
  'aws:PrincipalTag/team',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:TagKeys',
  'constructor',
  '__proto__',
];
const values = [
  'a',
  'b',
  'A',
  '*',
  '10',
  '9',
  '2026-01-01',
  'true',
  'false',
  '',
  `arn:aws:iam::${own}:role/R`,
  own,
  'arn:aws:iam::*:role/*',
];
const conditionValue = fc.constantFrom(
  ...values,
  'a*',
  '${aws:PrincipalTag/team}',
  "${aws:SourceVpc, 'a'}",
  '${nothing}',
  '${?}',
);
const operator = fc
  .tuple(
    fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(
      ...[
        'StringEquals',
        'StringNotEquals',
        'StringLike',
        'StringNotLike',
        'StringEqualsIgnoreCase',
        'StringNotEqualsIgnoreCase',
      ],
      ...[
        'NumericLessThan',
        'NumericEquals',
        'NumericNotEquals',
        'DateGreaterThan',
        'DateLessThanEquals',
        'Bool',
        'ArnLike',
        'ArnNotEquals',
      ],
    ),
    fc.constantFrom('', '', 'IfExists'),
  )
  .map((parts) => parts.join(''));
const test = fc.tuple(
  fc.oneof({ weight: 6, arbitrary: operator }, { weight: 1, arbitrary: fc.constant('Null') }),
  fc.constantFrom(...keys),
  fc.array(conditionValue, { minLength: 1, maxLength: 2 }),
);
const condition = fc.array(test, { maxLength: 2 }).map((tests) => {
  const block: Record<string, Record<string, readonly string[]>> = Object.create(null) as never;
  for (const [name, key, written] of tests)
    block[name] = Object.fromEntries([...Object.entries(block[name] ?? {}), [key, written]]);
  return block;
});
type Sentence = Readonly<Record<string, unknown>>;
const sentence: fc.Arbitrary<Sentence> = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    actions: fc.array(actionPattern, { minLength: 1, maxLength: 2 }),
    resources: fc.array(resourcePattern, { minLength: 1, maxLength: 2 }),
    Condition: condition,
    not: fc.nat(11),
  })
  .map(({ Effect, actions, resources, Condition, not }) => ({
    Effect,
    ...(not === 0 ? { NotAction: actions } : { Action: actions }),
    ...(not === 1 ? { NotResource: resources } : { Resource: resources }),
    ...(not > 6 ? {} : { Condition }),
  }));
const whole: Sentence = { Effect: 'Allow', Action: '*', Resource: '*' };
const version = fc.constantFrom('2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17');
const policyOf = (one: fc.Arbitrary<Sentence>) =>
  fc
    .tuple(version, fc.array(one, { minLength: 1, maxLength: 3 }))
    .map(([Version, Statement]) => ({ name: 'p', policy: { Version, Statement } }));
const full = { name: 'full', policy: { Version: '2012-10-17', Statement: [whole] } };
const list = fc.array(policyOf(sentence), { maxLength: 2 });
const granted = fc.tuple(list, fc.boolean()).map(([policies, isFull]) => (isFull ? [full, ...policies] : policies));
const level = fc
  .tuple(granted, fc.constantFrom('Root', 'Workloads'))
  .map(([policies, name]) => ({ level: name, policies }));
const principalElement = fc.constantFrom<unknown>(
  ...[
    '*',
    { AWS: '*' },
    { AWS: own },
    { AWS: `arn:aws:iam::${own}:root` },
    { AWS: [`arn:aws:iam::${own}:role/R`, other] },
  ],
  ...[
    { AWS: `arn:aws:sts::${own}:assumed-role/R/s` },
    { AWS: `arn:aws:iam::${own}:user/ada` },
    { Service: 's3.amazonaws.com' },
  ],
  { AWS: `arn:aws:sts::${own}:federated-user/f` },
);
const aimed = fc
  .tuple(sentence, principalElement, fc.nat(7))
  .map(([one, who, not]): Sentence => ({ ...one, ...(not === 0 ? { NotPrincipal: who } : { Principal: who }) }));
const context = fc
  .array(
    fc.tuple(
      fc.constantFrom(...keys.filter((key) => !/Arn|Account/.test(key))),
      fc.array(fc.constantFrom(...values), { maxLength: 2 }),
    ),
    {
      maxLength: 4,
    },
  )
  .map((entries) => Object.fromEntries(entries));

const complete = (policies: readonly { policy: { Statement: readonly Sentence[] } }[]): boolean =>
  policies.every(({ policy }) =>
    policy.Statement.every((one) =>
      [one['Resource'], one['NotResource']]
        .flat()
        .every(
          (text) =>
            typeof text !== 'string' ||
            !text.startsWith('arn:') ||
            text.replace(/\$\{[^}]*\}/g, 'v').split(':').length > 5,
        ),
    ),
  );

const slowCase = fc
  .record({
    question: fc.constantFrom(...questions),
    principal: fc.constantFrom(...people),
    context,
    owner: fc.constantFrom(undefined, undefined, own, other),
    identityPolicies: granted,
    boundary: fc.oneof(fc.constant([]), granted),
    sessionPolicies: fc.oneof(fc.constant([]), granted),
    scps: fc.array(level, { maxLength: 2 }),
    rcps: fc.array(level, { maxLength: 2 }),
    resourcePolicy: fc.option(policyOf(aimed), { nil: undefined }),
  })
  .map(
    ({ question: [action, resource], principal, context: given, owner, resourcePolicy, sessionPolicies, ...rest }) => ({
      request: {
        action,
        resource,
        principal,
        context: given,
        ...(owner === undefined ? {} : { resourceAccount: owner }),
      },
      ...rest,
      // STS takes no session policy with an incomplete ARN.
      sessionPolicies: complete(sessionPolicies) ? sessionPolicies : [],
      ...(resourcePolicy === undefined ? {} : { resourcePolicy: resourcePolicy.policy }),
    }),
  );

export type Agreement = Readonly<Record<'allowed' | 'denied', number>>;

/** Throws, with the smallest case that it finds, where the two differ. */
export const agreementOn = (cases: number, seed: number): Agreement => {
  const seen = { allowed: 0, denied: 0 };
  fc.assert(
    fc.property(slowCase, (one) => {
      const [result] = simulate(one).results;
      const decision = result && 'decision' in result ? result.decision : result?.error;
      const expected = slowly(one as unknown as SlowCase);
      if (decision !== expected) throw new Error(`${decision ?? 'nothing'} where the slow evaluator says ${expected}`);
      seen[expected] += 1;
    }),
    { numRuns: cases, seed },
  );
  return seen;
};
