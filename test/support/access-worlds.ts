/**
 * Small organizations in pairs that are nearly equal, with policies down to single elements of statements: a world is a
 * list of choices, and its neighbor differs in a few of them.
 */
import fc from 'fast-check';
import type { ActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import type { PolicyLevel, NamedPolicy, PolicyLayers } from '../../src/evaluate/layers.ts';
import type { RequestContext } from '../../src/evaluate/request.ts';
import type { Catalogue } from '../../src/model/catalogue.ts';
import type { ConditionBlock, PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { Account, Resource, State } from '../../src/model/resource.ts';
import {
  FULL_AWS_ACCESS,
  RCP_FULL_AWS_ACCESS,
  pathToRoot,
  resourcesOf,
  stateOf,
  targetText,
} from '../../src/model/resource.ts';
import { fullAccessDocument } from '../../src/model/policy.ts';
import {
  MANAGEMENT,
  account,
  assignment,
  group,
  management,
  membership,
  rcpType,
  scpType,
  set,
  target,
} from './build.ts';

export const actions = [
  ...['s3:GetObject', 's3:PutObject', 's3:DeleteBucket', 'iam:PassRole', 'iam:CreateUser', 'ec2:RunInstances'],
  ...['kms:Decrypt', 'kms:RetireGrant', 'dynamodb:GetItem', 'lambda:CreateFunction', 'lambda:InvokeFunction'],
] as const;
/** Younger than the catalogue, but named by policies. */
export const unknownAction = 'quantum:Entangle';

export const actionCatalogue: ActionCatalogue = {
  version: 'test',
  actions: actions.map((text) => {
    const [service = '', name = ''] = text.split(':');
    return { service, name, level: name.startsWith('Get') ? 'Read' : 'Write' };
  }),
};

type Choices = readonly number[];
const pick = <T>(items: readonly T[], choice: number | undefined): T => items[(choice ?? 0) % items.length] as T;

const actionElements: readonly Partial<Statement>[] = [
  { Action: '*' },
  { Action: 's3:*' },
  { Action: ['s3:Get*', 'iam:*'] },
  { Action: ['S3:getobject', 'ec2:R?nInstances'] },
  { NotAction: 'iam:*' },
  { NotAction: ['s3:*', 'kms:*'] },
  { Action: ['kms:*', 'dynamodb:*'] },
  { Action: [unknownAction, 's3:PutObject'] },
  { Action: 'quantum:*' },
  { Action: 'lambda:*' },
];
const resourceElements: readonly Partial<Statement>[] = [
  { Resource: '*' },
  { Resource: '*' },
  { Resource: 'arn:aws:s3:::b/*' },
  { NotResource: 'arn:aws:s3:::b/a' },
  { Resource: ['arn:aws:s3:::${aws:PrincipalTag/team}/*', 'arn:aws:s3:::b/b'] },
  { Resource: 'arn:aws:*:222222222222:*' },
  { Resource: 'arn:aws:s3:::${aws:PrincipalAccount}/*' },
];
const reserved = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*';
const conditionElements: readonly ConditionBlock[] = [
  {},
  {},
  {},
  { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  { ArnNotLike: { 'aws:PrincipalArn': `${reserved}AWSReservedSSO_S1_*` } },
  { ArnLike: { 'aws:PrincipalARN': [`${reserved}AWSReservedSSO_S2_????????????????`] } },
  { StringLike: { 'aws:PrincipalArn': '*_S1_0123456789abcdef' } },
  { StringNotLike: { 'aws:PrincipalArn': '*b*' } },
  { StringEquals: { 'aws:PrincipalAccount': '222222222222' } },
  { StringNotEquals: { 'aws:PrincipalOrgID': 'o-securecart0' } },
  { Null: { 'aws:PrincipalTag/team': 'true' }, StringEquals: { 'aws:PrincipalAccount': '333333333333' } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { StringEqualsIfExists: { 'aws:username': 'ada', 'aws:PrincipalType': 'AssumedRole' } },
  { StringEquals: { 'aws:PrincipalTag/team': ['b', '${aws:RequestedRegion}'] } },
];
const effects = ['Allow', 'Allow', 'Deny'] as const;

const perStatement = 5;
/** From five choices; none when the first says so. */
const statementOf = (choices: Choices, among: readonly ('Allow' | 'Deny')[]): readonly Statement[] => {
  const [present, effect, action, resource, condition] = choices;
  if ((present ?? 0) % 4 === 0) return [];
  const Condition = pick(conditionElements, condition);
  return [
    {
      Effect: pick(among, effect),
      ...pick(actionElements, action),
      ...pick(resourceElements, resource),
      ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
    },
  ];
};

/** Takes choices one after the other. */
const reader = (choices: Choices) => {
  let at = 0;
  const take = (count: number): Choices => choices.slice(at, (at += count));
  const documentOf = (size: number, among: readonly ('Allow' | 'Deny')[]): PolicyDocument => ({
    Version: (take(1)[0] ?? 0) % 8 === 0 ? '2008-10-17' : '2012-10-17',
    Statement: Array.from({ length: size }, () => statementOf(take(perStatement), among)).flat(),
  });
  return { one: (of: number): number => (take(1)[0] ?? 0) % of, documentOf };
};
type Reader = ReturnType<typeof reader>;

const arnOf = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const managed: Readonly<Record<string, PolicyDocument>> = {
  [arnOf('Admin')]: fullAccessDocument,
  [arnOf('Narrow')]: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:*', 'iam:*'],
        Resource: ['arn:aws:s3:::b/*', '*'],
        Condition: { Null: { 'aws:PrincipalTag/team': 'false' } },
      },
    ],
  },
  [arnOf('Reader')]: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['s3:Get*', 'dynamodb:Get*'], Resource: '*' }],
  },
};
export const policyCatalogue: Catalogue = {
  date: '2026-11-23',
  names: () => ['Admin', 'Narrow', 'Reader'],
  arnOf,
  has: (arn) => arn in managed,
  document: (arn) => managed[arn],
};

const targets = ['root', 'ou:W', 'ou:W/P', 'account:A', 'account:B'] as const;
const accountsOf = (read: Reader): readonly Account[] => [
  account('A', '222222222222', pick(['W/P', 'W', ''], read.one(3))),
  account('B', '333333333333', pick(['W', '', 'W/P'], read.one(3))),
];

const hung = (kind: 'scp' | 'rcp', name: string, on: string): Resource => ({
  kind: 'attachment',
  policy: { kind, name },
  target: target(on),
});

const railsOf = (read: Reader): readonly Resource[] => [
  ...(['P1', 'P2', 'R1'] as const).flatMap((name): readonly Resource[] => {
    const kind = name === 'R1' ? 'rcp' : 'scp';
    const document = read.documentOf(2, kind === 'rcp' ? ['Deny'] : ['Deny', 'Deny', 'Allow']);
    return [
      { kind, name, description: '', document },
      ...targets.flatMap((on) => (read.one(4) === 1 ? [hung(kind, name, on)] : [])),
    ];
  }),
  ...targets.flatMap((on) => (read.one(12) === 1 ? [] : [hung('scp', FULL_AWS_ACCESS, on)])),
  ...(read.one(10) === 1 ? [] : [scpType]),
  ...(read.one(3) === 1 ? [] : [rcpType]),
];

const setOf = (name: string, read: Reader): Resource => {
  const managedPolicies = pick(
    [[], [arnOf('Admin')], [arnOf('Reader')], [arnOf('Reader'), arnOf('Admin')]],
    read.one(4),
  );
  const boundary = pick([undefined, undefined, arnOf('Reader'), arnOf('Narrow')], read.one(4));
  return set(name, {
    managedPolicies,
    inlinePolicy: read.documentOf(3, effects),
    ...(boundary === undefined ? {} : { permissionsBoundary: { managedPolicy: boundary } }),
  });
};

const principals = ['group:G1', 'group:G2', 'user:ada'] as const;
const peopleOf = (read: Reader): readonly Resource[] => [
  group('G1'),
  group('G2'),
  ...['G1', 'G2'].flatMap((name) =>
    ['ada', 'bob'].flatMap((user) => (read.one(2) === 1 ? [membership(name, user)] : [])),
  ),
  ...principals.flatMap((who) =>
    ['S1', 'S2'].flatMap((name) =>
      ['A', 'B', MANAGEMENT].flatMap((on) => (read.one(3) === 1 ? [assignment(who, name, on)] : [])),
    ),
  ),
];

const worldOf = (choices: Choices): State => {
  const read = reader(choices);
  return stateOf([
    management,
    ...accountsOf(read),
    ...railsOf(read),
    setOf('S1', read),
    setOf('S2', read),
    ...peopleOf(read),
  ]);
};

const length = 150;
const choices = fc.array(fc.nat(839), { minLength: length, maxLength: length });
/** Two worlds that differ in at most four choices. */
export const neighbors: fc.Arbitrary<readonly [State, State]> = fc
  .tuple(choices, fc.array(fc.tuple(fc.nat(length - 1), fc.nat(839)), { minLength: 1, maxLength: 4 }))
  .map(([one, edits]) => {
    const changed = new Map(edits);
    return [worldOf(one), worldOf(one.map((choice, at) => changed.get(at) ?? choice))] as const;
  });

export type Ask = { readonly resource: string; readonly context: RequestContext; readonly suffix: string };
export const asks: fc.Arbitrary<Ask> = fc.record({
  resource: fc.constantFrom('arn:aws:s3:::b/a', 'arn:aws:s3:::b/b', 'arn:aws:s3:::222222222222/x', '*'),
  suffix: fc.constantFrom('0123456789abcdef', '0000000000000000', 'fedcba9876543210'),
  context: fc
    .record(
      {
        'aws:RequestedRegion': fc.constantFrom('eu-west-1', 'us-east-1'),
        'aws:PrincipalTag/team': fc.constantFrom('b', 'c', 'eu-west-1'),
        'aws:MultiFactorAuthPresent': fc.constantFrom('true', 'false'),
      },
      { requiredKeys: [] },
    )
    .map((context) => ({ 'aws:PrincipalOrgID': 'o-securecart0', ...context })),
});

const bound = new WeakMap<State, Map<string, PolicyLayers>>();

/** The policies that bind a set's session in an account, put together here anew rather than asked of the product. */
export const policiesOf = (state: State, setName: string, accountName: string): PolicyLayers => {
  const known = bound.get(state) ?? new Map<string, PolicyLayers>();
  bound.set(state, known);
  const made = known.get(`${setName}@${accountName}`) ?? madePolicies(state, setName, accountName);
  known.set(`${setName}@${accountName}`, made);
  return made;
};

const madePolicies = (state: State, setName: string, accountName: string): PolicyLayers => {
  const found = resourcesOf(state, 'permission-set').find(({ name }) => name === setName);
  const where = resourcesOf(state, 'account').find(({ name }) => name === accountName);
  if (!found || !where) throw new Error('no such set or account');
  const boundary = found.permissionsBoundary;
  return {
    identityPolicies: [
      ...found.managedPolicies.map((arn): NamedPolicy => ({ name: arn, policy: managed[arn] ?? null })),
      { name: 'inline', policy: found.inlinePolicy ?? null },
    ],
    boundary:
      boundary && 'managedPolicy' in boundary
        ? [{ name: 'boundary', policy: managed[boundary.managedPolicy] ?? null }]
        : [],
    scps: levelsOf(state, 'scp', where),
    rcps: levelsOf(state, 'rcp', where),
  };
};

const levelsOf = (state: State, kind: 'scp' | 'rcp', where: Account): readonly PolicyLevel[] => {
  const type = kind === 'scp' ? 'SERVICE_CONTROL_POLICY' : 'RESOURCE_CONTROL_POLICY';
  if (where.name === MANAGEMENT || !resourcesOf(state, 'policy-type').some((one) => one.type === type)) return [];
  const ous = pathToRoot(where.parent).map((path) => (path === '' ? 'root' : `ou:${path}`));
  return [...ous.reverse(), `account:${where.name}`].map((level) => ({
    level,
    policies: [
      ...(kind === 'rcp' ? [{ name: RCP_FULL_AWS_ACCESS, policy: fullAccessDocument }] : []),
      ...resourcesOf(state, 'attachment')
        .filter((one) => one.policy.kind === kind && targetText(one.target) === level)
        .map(({ policy }) => ({
          name: policy.name,
          policy:
            policy.name === FULL_AWS_ACCESS
              ? fullAccessDocument
              : (resourcesOf(state, kind).find(({ name }) => name === policy.name)?.document ?? null),
        })),
    ],
  }));
};
