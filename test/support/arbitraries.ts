/**
 * Small organizations in pairs that are nearly the same: one list of numbers decides what there is, and an edited copy of
 * the list gives the other side. Names come from small pools, so that things meet.
 */
import fc from 'fast-check';
import type { Live } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { Key, Resource, Scope } from '../../src/model/resource.ts';
import { FULL_AWS_ACCESS, keyOf, parentPath, stateOf } from '../../src/model/resource.ts';
import {
  OWNER,
  account,
  allow,
  assignment,
  attachment,
  deny,
  desired,
  document,
  externalGroup,
  group,
  live,
  management,
  membership,
  ou,
  scp,
  set,
} from './build.ts';

const ouPaths = ['Work', 'Work/Prod', 'Work/Test', 'Sand'] as const;
const accounts = ['A', 'B', 'C'] as const;
const policies = ['P1', 'P2', 'P3'] as const;
const targets = ['root', 'ou:Work', 'ou:Work/Prod', 'ou:Sand', 'account:A'] as const;
const groups = ['G1', 'G2'] as const;
const users = ['ada', 'bob', 'cyd'] as const;
const sets = ['S1', 'S2', 'S3'] as const;
const principals = ['group:G1', 'group:G2', 'group:X', 'user:ada'] as const;

const documents: readonly PolicyDocument[] = [
  document(deny('s3:*')),
  document(deny('s3:*'), deny('ec2:*')),
  document(deny('ec2:*')),
  document(allow('*'), deny('iam:*')),
];
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

/** Takes one decision after the other; decisions that are left over say 0. */
export const decider = (numbers: readonly number[]): ((choices: number) => number) => {
  let at = 0;
  return (choices) => {
    const number = numbers[at] ?? 0;
    at += 1;
    return number % choices;
  };
};

const decisions = 90;

type Blueprint = {
  readonly resources: readonly Resource[];
  readonly memberGroups: readonly string[];
  readonly withoutFullAccess: readonly Key[];
  readonly enabled: number;
};

const chosen = <T>(items: readonly T[], keep: (item: T) => unknown): readonly T[] => items.filter((item) => keep(item));

const permissionSet = (name: string, variant: number): Resource =>
  set(name, {
    managedPolicies: [[readOnly], [administrator, readOnly], [administrator], []][variant % 4] ?? [],
    ...(variant > 3 ? { inlinePolicy: documents[variant % 2] ?? document() } : {}),
    ...(variant === 2 ? { description: 'two' } : {}),
  });

/** What the numbers decide; every decision is taken whatever the others were, so that small edits stay small. */
const blueprint = (numbers: readonly number[]): Blueprint => {
  const decide = decider(numbers);
  const enabled = decide(8);
  const ousWished = ouPaths.map((path) => ({ path, wished: decide(4) > 0 }));
  const paths = ousWished
    .filter(({ path, wished }) => wished && (parentPath(path) === '' || ousWished[0]?.wished))
    .map(({ path }) => path);
  const parents = ['', ...paths];
  const placed = accounts.map((name, at) =>
    account(name, `22222222222${at}`, parents[decide(12) % parents.length] ?? ''),
  );
  const scps = policies.map((name) => ({ name, variant: decide(6) })).filter(({ variant }) => variant > 0);
  const hanging = policies.flatMap((name) => targets.map((on) => ({ name, on, wished: decide(3) === 1 })));
  const attachments = hanging
    .filter(({ name, on, wished }) => wished && scps.some((one) => one.name === name) && exists(on, paths))
    .map(({ name, on }) => attachment(name, on));
  const present = chosen(groups, () => decide(4) > 0);
  const external = decide(3) > 0;
  const members = groups.flatMap((name) => users.map((user) => ({ name, user, wished: decide(2) === 1 })));
  const given = sets.map((name) => ({ name, variant: decide(7) })).filter(({ variant }) => variant > 0);
  const wishes = principals.flatMap((who) =>
    sets.flatMap((name) => accounts.map((on) => ({ who, name, on, wished: decide(4) === 1 }))),
  );
  const known = ['user:ada', ...present.map((name) => `group:${name}`), ...(external ? ['group:X'] : [])];
  const assignments = wishes
    .filter(({ who, name, wished }) => wished && known.includes(who) && given.some((one) => one.name === name))
    .map(({ who, name, on }) => assignment(who, name, on));
  const closed = decide(5) === 4 && attachments.some(({ target }) => target.type === 'ou' && target.path === 'Sand');
  return {
    enabled,
    memberGroups: chosen(present, () => decide(3) > 0),
    withoutFullAccess: closed ? [keyOf(attachment(FULL_AWS_ACCESS, 'ou:Sand'))] : [],
    resources: [
      ...paths.map(ou),
      ...placed,
      ...scps.map(({ name, variant }) => scp(name, documents[variant % documents.length] ?? document())),
      ...attachments,
      ...present.map((name) => group(name)),
      ...(external ? [externalGroup('X')] : []),
      ...members
        .filter(({ name, wished }) => wished && present.some((one) => one === name))
        .map(({ name, user }) => membership(name, user)),
      ...given.map(({ name, variant }) => permissionSet(name, variant)),
      ...assignments,
    ],
  };
};

const exists = (on: string, paths: readonly string[]): boolean =>
  !on.startsWith('ou:') || paths.includes(on.slice('ou:'.length));

/** How live things are tagged, by the number's remainder. */
const tagged = (resource: Resource, number: number): Resource => {
  if (resource.kind === 'ou') return number % 3 > 0 ? { ...resource, owner: OWNER } : resource;
  if (resource.kind !== 'scp' && resource.kind !== 'rcp' && resource.kind !== 'permission-set') return resource;
  const tags: readonly { readonly owner?: string; readonly scope?: Scope }[] = [
    { owner: OWNER, scope: 'all' },
    { owner: OWNER, scope: 'all' },
    { owner: OWNER, scope: 'declared' },
    {},
    { owner: 'somebody/else', scope: 'all' },
  ];
  return { ...resource, ...tags[number % tags.length] };
};

const withoutKeys = (resources: readonly Resource[], keys: readonly Key[]): readonly Resource[] =>
  resources.filter((one) => !keys.includes(keyOf(one)));

const liveOf = ({ resources, withoutFullAccess, enabled }: Blueprint, tags: readonly number[]): Live => {
  const own = resources.map((one, at) => tagged(one, tags[at % Math.max(1, tags.length)] ?? 0));
  const closed = (one: Resource): boolean => one.kind === 'attachment' || one.kind === 'policy-type';
  const whole = live(own);
  const state =
    enabled === 0
      ? stateOf([management, ...own.filter((one) => !closed(one))])
      : stateOf(withoutKeys(Object.values(whole.state), withoutFullAccess));
  return { ...whole, state };
};

const desiredOf = ({ resources, memberGroups, withoutFullAccess }: Blueprint): Desired => {
  const managed = resources.filter((one) => one.kind !== 'membership' || memberGroups.includes(one.group));
  return desired(managed, { absent: withoutFullAccess, memberGroups });
};

export type Pair = { readonly desired: Desired; readonly live: Live };

const numbers = fc.array(fc.nat({ max: 839 }), { minLength: decisions, maxLength: decisions });
const edits = fc.array(fc.tuple(fc.nat({ max: decisions - 1 }), fc.nat({ max: 839 })), { maxLength: 12 });

const edited = (list: readonly number[], changes: readonly (readonly [number, number])[]): readonly number[] => {
  const at = new Map(changes);
  return list.map((number, index) => at.get(index) ?? number);
};

const pairWith = (tags: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Pair> =>
  fc.tuple(numbers, edits, tags).map(([list, changes, marks]) => ({
    live: liveOf(blueprint(list), marks),
    desired: desiredOf(blueprint(edited(list, changes))),
  }));

/** Everything live was made by us. */
export const ownedPairs: fc.Arbitrary<Pair> = pairWith(fc.constant([1]));
/** Live things are ours, adopted, nobody's or somebody else's. */
export const brownfieldPairs: fc.Arbitrary<Pair> = pairWith(
  fc.array(fc.nat({ max: 839 }), { minLength: 7, maxLength: 7 }),
);

/** Git says exactly what is live, all of it ours. */
export const settledPairs: fc.Arbitrary<Pair> = numbers.map((list) => {
  const plan = blueprint([1, ...list.slice(1)]);
  return { live: liveOf(plan, [1]), desired: { ...desiredOf(plan), memberGroups: [] } };
});

const renamedGroup = 'G1';
/** The same with G1, Work and P1 renamed in the files. */
export const renamedPairs: fc.Arbitrary<Pair> = ownedPairs.map((pair) => ({
  live: pair.live,
  desired: renamedDesired(pair.desired),
}));

const newPath = (path: string): string => path.replace(/^Work(?=\/|$)/, 'Apps');
const newName = (name: string, from: string): string => (name === from ? `${from}-new` : name);

const renamedResource = (one: Resource): Resource => {
  switch (one.kind) {
    case 'ou':
      return ou(newPath(one.path));
    case 'account':
      return { ...one, parent: newPath(one.parent) };
    case 'scp':
      return { ...one, name: newName(one.name, 'P1') };
    case 'attachment':
      return {
        ...one,
        policy: { kind: one.policy.kind, name: newName(one.policy.name, 'P1') },
        target: one.target.type === 'ou' ? { type: 'ou', path: newPath(one.target.path) } : one.target,
      };
    case 'group':
      return { ...one, name: newName(one.name, renamedGroup) };
    case 'membership':
      return { ...one, group: newName(one.group, renamedGroup) };
    case 'assignment':
      return one.principal.type === 'group'
        ? { ...one, principal: { type: 'group', name: newName(one.principal.name, renamedGroup) } }
        : one;
    default:
      return one;
  }
};

const renamedDesired = (whole: Desired): Desired => ({
  ...whole,
  state: stateOf(Object.values(whole.state).map(renamedResource)),
  memberGroups: whole.memberGroups.map((name) => newName(name, renamedGroup)),
  previously: { 'group/G1-new': ['G1'], 'ou/Apps': ['Work'], 'scp/P1-new': ['Gone', 'P1'] },
});
