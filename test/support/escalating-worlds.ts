/** Small organizations in which a set may lead to more than it says: by a known path, by a role, or not at all. */
import fc from 'fast-check';
import type { ActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import type { ConditionBlock, PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { Resource, State } from '../../src/model/resource.ts';
import { stateOf } from '../../src/model/resource.ts';
import {
  account,
  assignment,
  customerPolicy,
  document,
  fullAccessEverywhere,
  group,
  management,
  ou,
  rcpType,
  role,
  scp,
  scpType,
  set,
  target,
} from './build.ts';

const named = [
  ...['iam:AttachRolePolicy', 'iam:PutUserPolicy', 'iam:CreateAccessKey', 'iam:UpdateAssumeRolePolicy'],
  ...['lambda:UpdateFunctionCode', 'ssm:StartSession', 'ec2:RunInstances', 'iam:PassRole', 'sts:AssumeRole'],
  ...['s3:GetObject', 'sqs:ListQueues'],
] as const;

/** These, and enough others that only an administrator has nearly all. */
export const actionCatalogue: ActionCatalogue = {
  version: 'test',
  actions: loadActionCatalogue().actions.filter(
    ({ service, name }, at) => at % 100 === 0 || named.some((one) => one === `${service}:${name}`),
  ),
};

const ids = { A: '222222222222', B: '333333333333' } as const;
const reserved = (name: string): string =>
  `arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_${name}_????????????????`;

const actions = fc.oneof(
  { weight: 6, arbitrary: fc.subarray([...named], { minLength: 1, maxLength: 4 }).map((Action) => ({ Action })) },
  { weight: 2, arbitrary: fc.constantFrom('iam:*', 'sts:*', '*', 'iam:*Role*').map((Action) => ({ Action })) },
  { weight: 1, arbitrary: fc.constantFrom(['iam:*'], ['iam:*', 'sts:*']).map((NotAction) => ({ NotAction })) },
);
const resources: fc.Arbitrary<Partial<Statement>> = fc.constantFrom(
  ...['*', '*', '*', 'arn:aws:iam::*:role/*', 'arn:aws:iam::*:role/R1', `arn:aws:iam::${ids.A}:role/R*`].map(
    (Resource) => ({ Resource }),
  ),
  { Resource: ['arn:aws:iam::${aws:PrincipalAccount}:role/R2', `arn:aws:iam::${ids.B}:role/R3`] },
  { Resource: 'arn:aws:s3:::b/*' },
  { NotResource: ['arn:aws:iam::*:role/R1', 'arn:aws:s3:::*'] },
);
const conditions: fc.Arbitrary<ConditionBlock | undefined> = fc.constantFrom(
  ...[undefined, undefined, undefined, undefined],
  { Bool: { 'aws:SecureTransport': 'true' } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
  { DateGreaterThan: { 'aws:CurrentTime': '2031-01-01T00:00:00Z' } },
  { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } },
  { StringEquals: { 'aws:PrincipalAccount': ids.B } },
  { ArnNotLike: { 'aws:PrincipalArn': [reserved('S'), 'arn:aws:iam::*:role/R2'] } },
  { ArnLike: { 'aws:PrincipalArn': reserved('S') } },
  { ArnNotLike: { 'aws:PrincipalArn': [reserved('Glass'), 'arn:aws:iam::*:role/gatehouse/*'] } },
  { StringEquals: { 'aws:PrincipalTag/team': 'x' } },
  { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  { StringNotEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
);

const statement = (effect: fc.Arbitrary<Statement['Effect']>): fc.Arbitrary<Statement> =>
  fc.tuple(effect, actions, resources, conditions).map(([Effect, action, resource, Condition]) => ({
    Effect,
    ...action,
    ...resource,
    ...(Condition === undefined ? {} : { Condition }),
  }));
const either = fc.constantFrom<Statement['Effect']>('Allow', 'Allow', 'Allow', 'Deny');
const some = (among: fc.Arbitrary<Statement>, maxLength: number): fc.Arbitrary<PolicyDocument> =>
  fc.array(among, { minLength: 1, maxLength }).map((list) => document(...list));

const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const reads: Statement = { Effect: 'Allow', Action: 'sqs:ListQueues', Resource: '*' };
const steps: Statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/R?' };

const trusted: readonly PrincipalElement[] = [
  { AWS: ids.A },
  { AWS: ids.A },
  { AWS: ids.B },
  { Service: 'ec2.amazonaws.com' },
  { AWS: `arn:aws:iam::${ids.A}:role/R1` },
  { AWS: `arn:aws:iam::${ids.B}:role/R3` },
];
const trust = fc
  .array(fc.tuple(fc.constantFrom(...trusted), fc.constantFrom(undefined, undefined, reserved('S'), reserved('T'))), {
    minLength: 1,
    maxLength: 2,
  })
  .map((list) =>
    document(
      ...list.map(([Principal, by]): Statement => {
        const isAccount = typeof Principal === 'object' && /^\d+$/.test(String(Principal['AWS']));
        const Condition = by === undefined || !isAccount ? {} : { Condition: { ArnLike: { 'aws:PrincipalArn': by } } };
        return { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...Condition };
      }),
    ),
  );

const homes = { R1: 'A', R2: 'A', R3: 'B', R4: 'B' } as const;
const roles: fc.Arbitrary<readonly Resource[]> = fc
  .tuple(
    ...Object.entries(homes).map(([name, home]) =>
      fc
        .tuple(trust, fc.constantFrom(everything, everything, reads, steps), fc.integer({ min: 0, max: 4 }))
        .map(([trusts, own, absent]) =>
          absent === 0 ? [] : [role(name, home, { trust: trusts, inlinePolicies: { own: document(own) } })],
        ),
    ),
  )
  .map((all) => all.flat());

const hung = (kind: 'scp' | 'rcp', on: string): Resource => ({
  kind: 'attachment',
  policy: { kind, name: kind === 'scp' ? 'Rail' : 'Wall' },
  target: target(on),
});
const places = ['root', 'ou:W', 'account:A'] as const;
const rails: fc.Arbitrary<readonly Resource[]> = fc
  .tuple(
    some(statement(fc.constant('Deny')), 2),
    some(statement(fc.constant('Deny')), 1),
    fc.subarray([...places], { maxLength: 1 }),
    fc.subarray([...places], { maxLength: 1 }),
  )
  .map(([rail, wall, scps, rcps]) => [
    scpType,
    rcpType,
    scp('Rail', rail),
    { kind: 'rcp' as const, name: 'Wall', description: '', document: wall },
    ...scps.map((on) => hung('scp', on)),
    ...rcps.map((on) => hung('rcp', on)),
  ]);

const limit = some(statement(fc.constantFrom('Allow', 'Allow', 'Deny')), 2).map((one) =>
  document(everything, ...[one.Statement].flat().filter(({ Effect }) => Effect === 'Deny')),
);

const passes: readonly Statement[] = [
  { Effect: 'Allow', Action: 'iam:PassRole', Resource: `arn:aws:iam::${ids.A}:role/R?` },
  { Effect: 'Allow', Action: 'ec2:RunInstances', Resource: '*' },
];

/** Often it may become or pass roles, for else few worlds have a way. */
const given = fc
  .tuple(some(statement(either), 3), fc.constantFrom([], [steps], passes))
  .map(([own, more]) => document(...[own.Statement].flat(), ...more));

/** A set `S` that a group comes to have in `A`; without the assignment, nobody has anything. */
export type EscalatingWorld = { readonly before: State; readonly after: State };

export const escalatingWorlds: fc.Arbitrary<EscalatingWorld> = fc
  .tuple(given, roles, rails, fc.option(fc.oneof(limit, limit, some(statement(either), 2)), { freq: 1 }))
  .map(([inlinePolicy, theRoles, theRails, boundary]) => {
    const bound = boundary === null ? [] : [customerPolicy('Bound', 'A', boundary)];
    const base: readonly Resource[] = [
      management,
      ou('W'),
      account('A', ids.A, 'W'),
      account('B', ids.B),
      group('G'),
      set('S', {
        inlinePolicy,
        ...(boundary === null ? {} : { permissionsBoundary: { customerManagedPolicy: { name: 'Bound', path: '/' } } }),
      }),
      ...bound,
      ...theRoles,
      ...theRails,
    ];
    const all = [...fullAccessEverywhere(base), ...base];
    return { before: stateOf(all), after: stateOf([...all, assignment('group:G', 'S', 'A')]) };
  });
