/** Roles, their policies, their boundaries and who becomes them: what a crude account of access says of every moment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cloud, Outcome } from '../../src/model/cloud.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { statements } from '../../src/model/policy.ts';
import type { PolicyDocument, PrincipalElement, Statement } from '../../src/model/policy.ts';
import type { CustomerManagedPolicy, PermissionSet, Resource, Role, State } from '../../src/model/resource.ts';
import { permissionSetKey, resourcesOf } from '../../src/model/resource.ts';
import { plan, project } from '../../src/plan/plan.ts';
import {
  NOW,
  account,
  assignment,
  customerPolicy,
  desired,
  document,
  group,
  live,
  membership,
  owned,
  role,
  set,
} from '../support/build.ts';
import { carryOut } from '../support/carry-out.ts';

const id = '222222222222';
const actions = ['s3:*', 'ec2:*', 'iam:*'] as const;
const names = ['P', 'Q'] as const;
const roles = ['A', 'B', 'C'] as const;
const people = ['ada', 'bob'] as const;

/** Whom a role can trust, as they stand in its trust policy. */
const principals = ['service', 'S', ...roles] as const;
const arnOf = (name: string): string => `arn:aws:iam::${id}:role/${name}`;
const reserved = `arn:aws:iam::${id}:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_S_????????????????`;

const trustOf = (principal: string): Statement => {
  const principalOf = (): PrincipalElement => {
    if (principal === 'service') return { Service: 'ec2.amazonaws.com' };
    return { AWS: principal === 'S' ? `arn:aws:iam::${id}:root` : arnOf(principal) };
  };
  return {
    Effect: 'Allow',
    Principal: principalOf(),
    Action: 'sts:AssumeRole',
    ...(principal === 'S' ? { Condition: { ArnLike: { 'aws:PrincipalArn': reserved } } } : {}),
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

const roleOf = (name: string): fc.Arbitrary<readonly Resource[]> =>
  fc
    .tuple(fields, some(principals.filter((one) => one !== name)), fc.boolean())
    .map(([{ own, attached, bound }, trusts, is]) =>
      is || trusts.length === 0
        ? []
        : [
            role(name, 'Dev', {
              trust: document(...trusts.map(trustOf)),
              inlinePolicies: own === null ? {} : { own },
              customerManagedPolicies: attached.map(referenceTo),
              ...boundary(bound),
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

const worlds: fc.Arbitrary<readonly Resource[]> = fc
  .tuple(setOf, fc.tuple(...roles.map(roleOf)), fc.tuple(documents, documents), some(people), fc.boolean())
  .map(([one, made, [p, q], members, assigned]) => [
    one,
    ...made.flat(),
    customerPolicy('P', 'Dev', p),
    customerPolicy('Q', 'Dev', q),
    ...members.map((user) => membership('Team', user)),
    ...(assigned ? [assignment('group:Team', 'S', 'Dev')] : []),
  ]);

/** IAM takes no trust in a role that is not there: roles that two trust each other cannot be made at once. */
const stripped = (world: readonly Resource[]): readonly Resource[] => {
  const present = new Set(world.flatMap((one) => (one.kind === 'role' ? [one.name] : [])));
  const known = ({ Principal }: Statement): boolean => {
    const name = typeof Principal === 'object' ? String(Principal['AWS'] ?? '') : '';
    const found = /role\/(.)$/.exec(name)?.[1];
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

const powersOf = (one: Role | PermissionSet, state: State): readonly string[] => {
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

const trusts = (one: Role, from: string): boolean =>
  statements(one.trust).some((statement) => JSON.stringify(statement) === JSON.stringify(trustOf(from)));

const becomes = (from: string, state: State): ReadonlySet<string> => {
  const reached = new Set([from]);
  for (const at of reached) for (const one of resourcesOf(state, 'role')) if (trusts(one, at)) reached.add(one.name);
  return reached;
};

const startOf = (who: string, state: State): string | undefined => {
  if (who === 'service') return who;
  const isMember = resourcesOf(state, 'membership').some(({ user }) => user === who);
  return isMember && resourcesOf(state, 'assignment').length > 0 ? 'S' : undefined;
};

const accessIn = (state: State): ReadonlySet<string> =>
  new Set(
    ['service', ...people].flatMap((who) => {
      const start = startOf(who, state);
      if (start === undefined) return [];
      return [...becomes(start, state)].flatMap((name) => {
        const one = name === 'S' ? state[permissionSetKey('S')] : state[`role/Dev:${name}`];
        return one?.kind === 'role' || one?.kind === 'permission-set'
          ? powersOf(one, state).map((action) => `${who} ${action}`)
          : [];
      });
    }),
  );

type Moments = Cloud & { readonly states: readonly State[] };

/** Every change is one moment; of a batch that may go at once the order is shuffled. */
const cloudOf = (start: State, refuses: (change: Change) => boolean): Moments => {
  const states: State[] = [start];
  return {
    states,
    read: () => Promise.reject(new Error('is not read')),
    apply: (change): Promise<Outcome> => {
      const { id: changeId, key } = change;
      if (refuses(change)) return Promise.resolve({ id: changeId, key, status: 'failed', reason: 'refused' });
      states.push(project(states.at(-1) ?? start, [change]));
      return Promise.resolve({ id: changeId, key, status: 'done' });
    },
  };
};

const base = [account('Dev', id), group('Team'), owned(role('Member', 'Dev'))];

const planned = (before: readonly Resource[], after: readonly Resource[]): Plan =>
  plan(
    desired([...base, ...after], { memberGroups: ['Team'] }),
    live([...base, ...before.map((one) => owned(one))]),
    NOW,
  );

const shuffled = ({ changes, ...rest }: Plan, seed: number): Plan => {
  const rank = ({ id: changeId }: Change): number =>
    (Number.parseInt(changeId.slice(0, 8), 16) ^ (seed * 2_654_435)) >>> 0;
  const byPhase = [...changes].sort((a, b) => (a.phase === b.phase ? rank(a) - rank(b) : 0));
  return { ...rest, changes: byPhase };
};

describe('while roles and what they are made of change, whichever calls fail', () => {
  it('nobody gets what neither the old nor the new state gives', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, worlds, fc.nat(99), fc.nat(6), async (one, other, seed, everyNth) => {
        const [before, after] = [stripped(one), stripped(other)];
        const result = planned(before, after);
        fc.pre(result.guards.every(({ id: guard, ok }) => ok || guard !== 'policy-order'));
        const start = live([...base, ...before.map((resource) => owned(resource))]).state;
        const refuses = ({ id: changeId }: Change): boolean =>
          everyNth > 0 && (Number.parseInt(changeId.slice(0, 8), 16) + seed) % (everyNth + 1) === 0;
        const final = project(start, result.changes);
        const given = new Set([...accessIn(start), ...accessIn(final)]);
        const cloud = cloudOf(start, refuses);
        await carryOut(cloud, shuffled(result, seed));
        const extra = cloud.states.flatMap((state) => [...accessIn(state)].filter((access) => !given.has(access)));
        expect(extra).toEqual([]);
      }),
      { numRuns: 800 },
    );
  }, 120_000);

  it('what was carried out whole is wanted no more, and comes in one order however it is listed', () => {
    fc.assert(
      fc.property(worlds, worlds, (one, other) => {
        const [before, after] = [stripped(one), stripped(other)];
        const result = planned(before, after);
        fc.pre(result.held.length === 0 && result.guards.every(({ ok }) => ok));
        expect(planned([...before].reverse(), [...after].reverse()).changes).toEqual(result.changes);
        const start = live([...base, ...before.map((resource) => owned(resource))]);
        const done = { ...start, state: project(start.state, result.changes) };
        const again = plan(desired([...base, ...after], { memberGroups: ['Team'] }), done, NOW);
        expect(again.changes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
