import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strangeValues } from '../../src/kinds/moved.ts';
import { canonical } from '../../src/kinds/equal.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';
import { rolePassages } from '../../src/change/role-steps.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { Role } from '../../src/model/resource.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { iamOf } from '../../src/sandbox/iam/state.ts';
import { create, remove, update } from '../contract/changes.ts';
import { accounts, bench } from './bench.ts';
import type { Bench } from './bench.ts';
import { givenBy, roles } from './role-powers.ts';

const iam = { accounts: ['Production'], policies: [] };
const production = accounts[0]?.id ?? '';

/** Of an AWS managed policy the adapter knows the name alone, so these say in it what they do. */
const known = roles.map((role): Role => {
  const managedPolicies = role.managedPolicies.filter((arn) => !/Mixed|Contrary/.test(arn));
  return { ...role, managedPolicies };
});

/** The role that the sandbox holds at this moment, read past every API. */
const heldBy = (sandbox: Sandbox): Role | undefined => {
  const { roles: all, instanceProfiles } = iamOf(sandbox.world(), production);
  const role = all['role/deployer'];
  if (role === undefined) return undefined;
  const documents = Object.entries(role.inline).map(([name, text]) => [name, JSON.parse(text) as PolicyDocument]);
  const owner = role.Tags.find(({ Key }) => Key === 'gatehouse:owner')?.Value;
  return {
    kind: 'role',
    account: 'Production',
    name: role.RoleName,
    path: role.Path,
    trust: JSON.parse(role.AssumeRolePolicyDocument) as PolicyDocument,
    managedPolicies: role.attached.map(({ PolicyArn }) => PolicyArn),
    customerManagedPolicies: [],
    inlinePolicies: Object.fromEntries(documents) as Role['inlinePolicies'],
    maxSessionDuration: role.MaxSessionDuration,
    instanceProfile: instanceProfiles['profile/deployer']?.role !== undefined,
    tags: {},
    ...(role.Description ? { description: role.Description } : {}),
    ...(role.PermissionsBoundary === undefined
      ? {}
      : { permissionsBoundary: { managedPolicy: role.PermissionsBoundary } }),
    ...(owner === undefined ? {} : { owner }),
  };
};

type Watched = Bench & { readonly seen: readonly (Role | undefined)[] };

const watched = (): Watched => {
  const seen: (Role | undefined)[] = [];
  const holder: { sandbox?: Sandbox } = {};
  const room = bench({
    answered: () => {
      if (holder.sandbox !== undefined) seen.push(heldBy(holder.sandbox));
    },
  });
  holder.sandbox = room.sandbox;
  return { ...room, seen };
};

const powers = (role: Role | undefined): readonly string[] => (role === undefined ? [] : [...givenBy(role)]);

const none: Role | undefined = undefined;

describe('a role in IAM, looked at after every call', () => {
  it('gives nobody what neither the plan’s before nor its after gives: made, changed and deleted', async () => {
    const pairs = fc.asyncProperty(known, known, async (before, after) => {
      const room = watched();
      const cloud = room.cloudOf({ iam });
      await cloud.read();
      for (const [change, from, to] of [
        [create(before), none, before],
        [update(before, after), before, after],
        [remove(after), after, none],
      ] as const) {
        const start = room.seen.length;
        expect(await cloud.apply(change)).toEqual({ id: change.id, key: change.key, status: 'done' });
        const either = new Set([...powers(from), ...powers(to)]);
        for (const state of room.seen.slice(start)) {
          expect(powers(state).filter((power) => !either.has(power))).toEqual([]);
          expect(strangeValues(state, [from, ...rolePassages(from, to), to])).toEqual([]);
        }
      }
      expect(heldBy(room.sandbox)).toBeUndefined();
    });
    await fc.assert(pairs, { numRuns: 25, seed: 11 });
  }, 120_000);

  it('ends as it was asked for when the run is killed at any call and run again', async () => {
    const [before, after] = fc.sample(known, { numRuns: 2, seed: 5 }) as [Role, Role];
    const calls = 60;
    for (let killedAt = 0; killedAt < calls; killedAt += 3) {
      const room = bench();
      const first = room.cloudOf({ iam });
      await first.read();
      await first.apply(create(before));
      let left = killedAt;
      const dying = bench({
        sandbox: room.sandbox,
        answered: () => {
          left -= 1;
          if (left < 0) throw new TypeError('killed');
        },
      }).cloudOf({ iam });
      await dying.read().then(
        () => dying.apply(update(before, after)),
        () => undefined,
      );
      const again = bench({ sandbox: room.sandbox }).cloudOf({ iam });
      const live = (await again.read()).state[keyOf(before)] as Role;
      if (canonical(live) !== canonical(after)) {
        expect(await again.apply(update(live, after))).toMatchObject({ status: 'done' });
      }
      expect(canonical(heldBy(room.sandbox) as Role)).toBe(canonical(after));
    }
  }, 120_000);
});
