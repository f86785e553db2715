/** An access test that holds in one of the accounts that are alike is asked of no other of them, and says the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runTests } from '../../src/evaluate/access-test.ts';
import type { AccessTest } from '../../src/evaluate/access-test.ts';
import { alikeIn } from '../../src/evaluate/accounts-alike.ts';
import { declaredWorld } from '../../src/questions/worlds.ts';
import { alikeSides } from '../support/alike-organizations.ts';
import { NOW } from '../support/build.ts';

const numbers = fc.array(fc.nat({ max: 1000 }), { minLength: 120, maxLength: 120 });
const subjects: readonly AccessTest['as'][] = [
  { group: 'Team' },
  { group: 'Other' },
  { user: 'dan' },
  { user: 'ada' },
  { permissionSet: 'Writer' },
  { rootUser: true },
  { anyone: true, except: [{ group: 'Glass' }] },
];
const requests: readonly AccessTest['allowed'][number][] = [
  's3:PutObject',
  'ec2:RunInstances',
  'iam:CreateUser',
  's3:DeleteBucket',
  'organizations:LeaveOrganization',
  { action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/*' },
  { action: 'sts:AssumeRole', resource: 'arn:aws:iam::*:role/Deploy' },
  { action: 's3:GetObject', resourceAccount: 'Account-4' },
];

const place = { file: 'access/tests/all.yaml', line: 1, column: 1 };

const testsIn = (accounts: readonly string[]): readonly AccessTest[] =>
  subjects.flatMap((as) =>
    requests.flatMap((request) =>
      [
        { allowed: [request], denied: [] },
        { allowed: [], denied: [request] },
      ].map((asks) => ({ name: 'One', place, as, accounts, only: false, ...asks })),
    ),
  );

describe('access tests', () => {
  it('say of accounts that are alike what they say of each', { timeout: 240_000 }, async () => {
    let [alike, all] = [0, 0];
    await fc.assert(
      fc.asyncProperty(numbers, async (organization) => {
        const { desired } = alikeSides({ before: organization, after: organization, hasRoles: false });
        const world = declaredWorld(desired);
        const context = { now: NOW, worldAt: () => world };
        const names = Object.values(desired.accounts).filter((_, at) => at % 6 === 0);
        const classes = names.map((name) => alikeIn(world)(name) ?? name);
        [alike, all] = [alike + new Set(classes).size, all + classes.length];
        const together = await runTests(testsIn(names), context);
        const each = await Promise.all(names.map((name) => runTests(testsIn([name]), context)));
        const failures = together.map((_, at) => each.flatMap((results) => results[at]?.failures ?? []).slice(0, 20));
        expect(together.map((result) => result.failures)).toEqual(failures);
      }),
      { numRuns: 5 },
    );
    expect(alike).toBeLessThan(all);
  });
});
