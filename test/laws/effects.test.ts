/** No key is written whose risk on AWS as it is demands an entry that the reviews of the pull requests behind it do not meet. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heldByEffect } from '../../src/approve/asked-again.ts';
import type { Backer } from '../../src/approve/asked-again.ts';
import { asLive } from '../../src/approve/between.ts';
import { verdictOf } from '../../src/approve/ballot.ts';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { Assignment, PermissionSet, Resource } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, treeOf } from '../github/trees.ts';
import { withAccess } from '../support/stages.ts';

const base = treeOf().desired;
const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const groups = ['Shop-Support', 'Shop-Developers'];
const accounts = ['Shop-Management', 'Shop-Production', 'Shop-Dev'];
const pulls = ['one', 'two', 'three'];

const handMade: PermissionSet = {
  kind: 'permission-set',
  name: 'HandMade',
  sessionDuration: 3600,
  tags: {},
  managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  customerManagedPolicies: [],
  outdatedIn: [],
};

const assigned = (group: string, permissionSet: string, account: string): Assignment => ({
  kind: 'assignment',
  principal: { type: 'group', name: group },
  permissionSet,
  account,
});
const withMore = <T extends Desired | Live>(one: T, more: readonly Resource[]): T => ({
  ...one,
  state: { ...one.state, ...Object.fromEntries(more.map((resource) => [keyOf(resource), resource])) },
});

const foreign = fc.subarray(groups.flatMap((group) => accounts.map((account) => assigned(group, 'HandMade', account))));
const wanted = fc.subarray<Resource>(
  groups.flatMap((group) => [
    ...accounts.map((account) => assigned(group, 'Shop-ReadOnly', account)),
    ...['zoe@shop.example', 'max@shop.example'].map((user): Resource => ({ kind: 'membership', group, user })),
  ]),
  { minLength: 1 },
);

const reviews = fc.array(fc.subarray(['ada', 'grace', 'linus'], { minLength: 1 }), { minLength: 3, maxLength: 3 });

const withoutSome = (whole: Plan, keys: ReadonlySet<string>): readonly Change[] =>
  whole.changes.filter(({ key }) => !keys.has(key));

const backerOf = (end: Desired, logins: readonly string[]): Backer => ({
  name: 'a pull request',
  base,
  end,
  paths: [],
  verdict: (requirements) => {
    const voters = logins.map((login) => ({ login, canWrite: true, teams: [] }));
    return Promise.resolve(verdictOf({ requirements, voters, unreadableTeams: [] }));
  },
});

const tally = { held: 0, critical: 0, written: 0 };

test('what is written has the approvals that its effect demands', async () => {
  await fc.assert(
    fc.asyncProperty(foreign, wanted, reviews, async (found, asked, approvers) => {
      const desired = withMore(base, asked);
      const bare = asLive(base, desired);
      const live = { ...withMore(bare, found.length === 0 ? [] : [handMade, ...found]), users: [...bare.users] };
      const whole = plan(desired, live, NOW);
      const pullOf = (at: number): readonly string[] => approvers[at % pulls.length] ?? [];
      const loginsBy = new Map(whole.changes.map(({ key }, at) => [key, pullOf(at)]));
      const behind = new Map([...loginsBy].map(([key, logins]) => [key, [backerOf(desired, logins)]]));
      const held = await heldByEffect({ plan: whole, desired, live, now: NOW }, behind, (keys) =>
        withoutSome(whole, new Set(keys.keys())),
      );
      const changes = withoutSome(whole, new Set(held.keys()));
      const written = withAccess({ ...whole, changes }, { desired, live, knowledge }).changes;
      tally.held += held.size;
      tally.written += written.length;
      for (const { key, risk } of written) {
        const logins = loginsBy.get(key) ?? [];
        if (risk === 'critical') tally.critical += 1;
        if (risk === 'critical') expect(logins, key).toEqual(expect.arrayContaining(['ada', 'grace']));
        if (risk === 'high') expect(logins, key).toContain('ada');
      }
    }),
    { numRuns: 15 },
  );
  for (const count of Object.values(tally)) expect(count).toBeGreaterThan(0);
}, 60_000);
