/**
 * Small organizations of roles, what they are made of and who becomes them, and a crude account of who can do what there.
 * It knows nothing of how plans are made or proved.
 */
import fc from 'fast-check';
import { statements } from '../../src/model/policy.ts';
import type { PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { CustomerManagedPolicy, PermissionSet, Resource, Role, State } from '../../src/model/resource.ts';
import { FULL_AWS_ACCESS, pathToRoot, permissionSetKey, resourcesOf, targetText } from '../../src/model/resource.ts';
import {
  account,
  assignment,
  attachment,
  customerPolicy,
  document,
  group,
  membership,
  ou,
  owned,
  role,
  scp,
  set,
} from './build.ts';

const ids = { Dev: '222222222222', Ops: '333333333333' } as const;
const actions = ['s3:*', 'ec2:*', 'iam:*'] as const;
const names = ['P', 'Q'] as const;
const roles = ['A', 'B', 'C'] as const;
const people = ['ada', 'bob'] as const;
const rails = ['X', 'Y'] as const;

type RoleName = (typeof roles)[number];
/** Where each role is; the set `S` and the policies are in `Dev`, and in `Ops` nothing is but roles. */
export type Homes = Readonly<Record<RoleName, keyof typeof ids>>;
export const together: Homes = { A: 'Dev', B: 'Dev', C: 'Dev' };
export const apart: Homes = { A: 'Dev', B: 'Dev', C: 'Ops' };

/** Whom a role can trust, as they stand in its trust policy; `mfa`: only with a second factor. */
const principals = ['service', 'S', ...roles] as const;
const strict = ['S mfa', 'A mfa'] as const;

const isRole = (name: string): name is RoleName => roles.includes(name as RoleName);
const reserved = `arn:aws:iam::${ids.Dev}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_S_????????????????`;

const principalOf = (name: string, homes: Homes): PrincipalElement => {
  if (name === 'service') return { Service: 'ec2.amazonaws.com' };
  return { AWS: isRole(name) ? `arn:aws:iam::${ids[homes[name]]}:role/${name}` : `arn:aws:iam::${ids.Dev}:root` };
};

const trustOf = (principal: string, homes: Homes): Statement => {
  const [name = '', mfa] = principal.split(' ');
  const Condition = {
    ...(name === 'S' ? { ArnLike: { 'aws:PrincipalArn': reserved } } : {}),
    ...(mfa === undefined ? {} : { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
  };
  return {
    Effect: 'Allow',
    Principal: principalOf(name, homes),
    Action: 'sts:AssumeRole',
    ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
  };
};

const some = <T>(of: readonly T[]): fc.Arbitrary<readonly T[]> => fc.subarray([...of]);
const documents: fc.Arbitrary<PolicyDocument> = fc
  .tuple(some(actions), some(actions))
  .filter(([allowed, denied]) => allowed.length + denied.length > 0)
  .map(([allowed, denied]) =>
    document(
      ...allowed.map((Action): Statement => ({ Effect: 'Allow', Action, Resource: '*' })),
      ...denied.map((Action): Statement => ({ Effect: 'Deny', Action, Resource: '*' })),
    ),
  );

const referenceTo = (name: string): CustomerManagedPolicy => ({ name, path: '/' });
const boundary = (name: string | null) =>
  name === null ? {} : { permissionsBoundary: { customerManagedPolicy: referenceTo(name) } };

const fields = fc.record({
  own: fc.option(documents),
  attached: some(names),
  bound: fc.option(fc.constantFrom(...names), { freq: 2 }),
});

/** `absence`: whether a role, or the assignment, is missing. */
type Trusting = {
  readonly homes: Homes;
  readonly callers: readonly string[];
  readonly absence: fc.Arbitrary<boolean>;
};

const roleOf = (name: RoleName, { homes, callers, absence }: Trusting): fc.Arbitrary<readonly Resource[]> =>
  fc
    .tuple(fields, some(callers.filter((one) => !one.startsWith(name))), absence)
    .map(([{ own, attached, bound }, trusts, isAbsent]) =>
      isAbsent || trusts.length === 0
        ? []
        : [
            role(name, homes[name], {
              trust: document(...trusts.map((one) => trustOf(one, homes))),
              inlinePolicies: own === null ? {} : { own },
              customerManagedPolicies: homes[name] === 'Ops' ? [] : attached.map(referenceTo),
              ...boundary(homes[name] === 'Ops' ? null : bound),
            }),
          ],
    );

const setOf: fc.Arbitrary<PermissionSet> = fields.map(({ own, attached, bound }) =>
  set('S', {
    ...(own === null ? {} : { inlinePolicy: own }),
    customerManagedPolicies: attached.map(referenceTo),
    ...boundary(bound),
  }),
);

const worldsOf = (trusting: Trusting): fc.Arbitrary<readonly Resource[]> =>
  fc
    .tuple(
      setOf,
      fc.tuple(...roles.map((name) => roleOf(name, trusting))),
      fc.tuple(documents, documents),
      some(people),
      trusting.absence,
    )
    .map(([one, made, [p, q], members, isAbsent]) => [
      one,
      ...made.flat(),
      customerPolicy('P', 'Dev', p),
      customerPolicy('Q', 'Dev', q),
      ...members.map((user) => membership('Team', user)),
      ...(isAbsent ? [] : [assignment('group:Team', 'S', 'Dev')]),
    ]);

/** Roles, policies, a set and people; nothing else changes. */
export const worlds = worldsOf({ homes: together, callers: principals, absence: fc.boolean() });

const rarely = fc.nat(5).map((one) => one === 0);

const guards: fc.Arbitrary<readonly Resource[]> = fc
  .tuple(fc.tuple(...rails.map(() => some(actions))), some(rails), some(rails), fc.constantFrom('Work', 'Sand'))
  .map(([denied, onWork, onOps, parent]) => [
    ...rails.map((name, at) =>
      scp(name, document({ Effect: 'Deny', Action: denied[at]?.length ? denied[at] : ['sqs:*'], Resource: '*' })),
    ),
    ...onWork.map((name) => attachment(name, 'ou:Work')),
    ...onOps.map((name) => attachment(name, 'account:Ops')),
    account('Dev', ids.Dev, parent),
  ]);

/** With roles in two accounts, second factors, guard rails, and an account that moves. */
export const guardedWorlds: fc.Arbitrary<readonly Resource[]> = fc
  .tuple(worldsOf({ homes: apart, callers: [...principals, ...strict], absence: rarely }), guards)
  .map(([world, rest]) => [...rest, ...world]);

/** What every one of them has besides. */
export const base = [account('Dev', ids.Dev), group('Team'), owned(role('Member', 'Dev'))];
export const guardedBase = [
  owned(ou('Work')),
  owned(ou('Sand')),
  account('Ops', ids.Ops),
  group('Team'),
  ...(['Dev', 'Ops'] as const).map((name) => owned(role('Member', name))),
];

const trustedIn = ({ Principal }: Statement): string | undefined => {
  const name = typeof Principal === 'object' ? String(Principal['AWS'] ?? '') : '';
  return /role\/(.)$/.exec(name)?.[1];
};

/** IAM takes no trust in a role that is not there: roles that two trust each other cannot be made at once. */
export const stripped = (world: readonly Resource[]): readonly Resource[] => {
  const present = new Set(world.flatMap((one) => (one.kind === 'role' ? [one.name] : [])));
  const known = (statement: Statement): boolean => {
    const found = trustedIn(statement);
    return found === undefined || present.has(found);
  };
  const next = world.flatMap((one): readonly Resource[] => {
    if (one.kind !== 'role') return [one];
    const left = statements(one.trust).filter(known);
    return left.length === 0 ? [] : [{ ...one, trust: document(...left) }];
  });
  return next.length === world.length ? next : stripped(next);
};

const said = (doc: PolicyDocument | undefined, effect: Statement['Effect']): readonly string[] =>
  doc === undefined
    ? []
    : statements(doc).flatMap(({ Effect, Action }) => (Effect === effect ? [Action ?? []].flat() : []));

/** What guard rails deny where the account is. */
const forbiddenIn = (name: string, state: State): ReadonlySet<string> => {
  const here = resourcesOf(state, 'account').find((one) => one.name === name);
  const above = pathToRoot(here?.parent ?? '').map((path) => (path === '' ? 'root' : `ou:${path}`));
  const levels = [...above, `account:${name}`];
  const hanging = resourcesOf(state, 'attachment').filter(
    ({ policy, target }) => policy.name !== FULL_AWS_ACCESS && levels.includes(targetText(target)),
  );
  return new Set(
    hanging.flatMap(({ policy }) => {
      const found = state[`scp/${policy.name}`];
      return found?.kind === 'scp' ? said(found.document, 'Deny') : [];
    }),
  );
};

const ownPowers = (one: Role | PermissionSet, state: State): readonly string[] => {
  const find = ({ name }: CustomerManagedPolicy): PolicyDocument | undefined => {
    const found = state[`policy/Dev:/+${name}`];
    return found?.kind === 'policy' ? found.document : undefined;
  };
  const own = one.kind === 'role' ? Object.values(one.inlinePolicies) : [one.inlinePolicy];
  const all = [...own, ...one.customerManagedPolicies.map(find)];
  const denied = new Set(all.flatMap((doc) => said(doc, 'Deny')));
  const allowed = new Set(all.flatMap((doc) => said(doc, 'Allow')).filter((action) => !denied.has(action)));
  const { permissionsBoundary } = one;
  if (permissionsBoundary === undefined || 'managedPolicy' in permissionsBoundary) return [...allowed];
  const limit = find(permissionsBoundary.customerManagedPolicy);
  const forbidden = said(limit, 'Deny');
  return said(limit, 'Allow').filter((action) => allowed.has(action) && !forbidden.includes(action));
};

const powersOf = (one: Role | PermissionSet, state: State): readonly string[] => {
  const home = one.kind === 'role' ? one.account : 'Dev';
  const forbidden = forbiddenIn(home, state);
  return ownPowers(one, state).flatMap((action) => (forbidden.has(action) ? [] : [`${home} ${action}`]));
};

type Asking = { readonly state: State; readonly homes: Homes; readonly factors: 'one factor' | 'two factors' };

const trusts = (one: Role, from: string, { homes, factors }: Asking): boolean => {
  const asked = factors === 'two factors' ? [from, `${from} mfa`] : [from];
  const wanted = asked.map((name) => JSON.stringify(trustOf(name, homes)));
  return statements(one.trust).some((statement) => wanted.includes(JSON.stringify(statement)));
};

const becomes = (from: string, asking: Asking): ReadonlySet<string> => {
  const reached = new Set([from]);
  for (const at of reached)
    for (const one of resourcesOf(asking.state, 'role')) if (trusts(one, at, asking)) reached.add(one.name);
  return reached;
};

const startOf = (who: string, state: State): string | undefined => {
  if (who === 'service') return who;
  const isMember = resourcesOf(state, 'membership').some(({ user }) => user === who);
  return isMember && resourcesOf(state, 'assignment').length > 0 ? 'S' : undefined;
};

const accessOf = (who: string, asking: Asking): readonly string[] => {
  const { state, homes, factors } = asking;
  const start = startOf(who, state);
  if (start === undefined) return [];
  return [...becomes(start, asking)].flatMap((name) => {
    const one =
      name === 'S' ? state[permissionSetKey('S')] : isRole(name) ? state[`role/${homes[name]}:${name}`] : undefined;
    return one?.kind === 'role' || one?.kind === 'permission-set'
      ? powersOf(one, state).map((action) => `${who} with ${factors} ${action}`)
      : [];
  });
};

/** `WHO with one factor|two factors ACCOUNT ACTION`. */
export const accessIn = (state: State, homes: Homes): ReadonlySet<string> =>
  new Set(
    ['service', ...people].flatMap((who) =>
      (['one factor', 'two factors'] as const).flatMap((factors) => accessOf(who, { state, homes, factors })),
    ),
  );
