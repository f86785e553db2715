/**
 * Two states of one small organization that differ in nearly everything that matters for an order: members, assignments,
 * definitions of sets, guard rails, where they hang, and where an account is.
 */
import fc from 'fast-check';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Pair } from './arbitraries.ts';
import {
  account,
  allow,
  assignment,
  attachment,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  ou,
  owned,
  scp,
  set,
} from './build.ts';

const inIreland = (statement: Statement): Statement => ({
  ...statement,
  Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
});

const definitions: readonly PolicyDocument[] = [
  document(allow('s3:*')),
  document(allow('s3:GetObject', 'ec2:*')),
  document(allow('*')),
  document(allow('*'), deny('iam:*')),
  document(inIreland(allow('s3:*')), allow('iam:GetUser')),
];
const denials: readonly PolicyDocument[] = [
  document(deny('s3:*')),
  document(deny('s3:*'), deny('iam:*')),
  document(deny('iam:*')),
  document(inIreland(deny('s3:*'))),
  document(deny('ec2:*'), inIreland(deny('iam:*'))),
];

const sets = ['S1', 'S2'] as const;
const policies = ['P1', 'P2', 'P3'] as const;
const groups = ['G1', 'G2'] as const;
const targets = ['root', 'ou:Work', 'ou:Sand', 'account:A'] as const;

const hanging = policies.flatMap((name) => targets.map((on) => attachment(name, on)));
const joining = groups.flatMap((name) => ['ada', 'bob'].map((user) => membership(name, user)));
const giving = ['group:G1', 'group:G2', 'user:ada'].flatMap((who) =>
  sets.flatMap((name) => ['A', 'B'].map((on) => assignment(who, name, on))),
);

const some = <T>(items: readonly T[], least: number): fc.Arbitrary<readonly T[]> =>
  fc.subarray([...items], { minLength: least, maxLength: Math.ceil(items.length / 2) });

const world: fc.Arbitrary<readonly Resource[]> = fc
  .record({
    parent: fc.constantFrom('Work', 'Sand'),
    definitions: fc.tuple(fc.constantFrom(...definitions), fc.constantFrom(...definitions)),
    denials: fc.tuple(fc.constantFrom(...denials), fc.constantFrom(...denials), fc.constantFrom(...denials)),
    hanging: some(hanging, 1),
    joining: some(joining, 1),
    giving: some(giving, 2),
  })
  .map((one) => [
    ...['Work', 'Sand'].map((path) => owned(ou(path))),
    account('A', '222222222222', one.parent),
    account('B', '333333333333', 'Work'),
    ...groups.map((name) => group(name)),
    ...sets.map((name, at) => owned(set(name, { inlinePolicy: one.definitions[at] ?? document() }))),
    ...policies.map((name, at) => owned(scp(name, one.denials[at] ?? document()))),
    ...one.hanging,
    ...one.joining,
    ...one.giving,
  ]);

/** A part of the second world, so that some changes meet and others are missing. */
const mixed = (old: readonly Resource[], next: readonly Resource[], pick: number): readonly Resource[] => {
  const kinds = ['account', 'permission-set', 'scp', 'attachment', 'membership', 'assignment'];
  const changing = new Set(kinds.filter((_, at) => pick & (1 << at)));
  return [...old.filter(({ kind }) => !changing.has(kind)), ...next.filter(({ kind }) => changing.has(kind))];
};

export const densePairs: fc.Arbitrary<Pair> = fc
  .tuple(world, world, fc.integer({ min: 1, max: 63 }))
  .map(([old, next, pick]) => ({
    live: live(old),
    desired: desired(mixed(old, next, pick), { memberGroups: [...groups] }),
  }));
