import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const shards = ['1/3', '2/3', '3/3'];

const planned = async ({ run, dir }: Repository, ...words: readonly string[]): Promise<Plan> => {
  const file = join(dir, 'out.json');
  expect((await run('plan', '--sandbox', '--out', file, ...words)).exit).toBe(0);
  return JSON.parse(readFileSync(file, 'utf8')) as Plan;
};

const isOfAccount = ({ kind }: Plan['changes'][number]): boolean => ['role', 'policy', 'oidc-provider'].includes(kind);

/**
 * What a plan says, whatever the order in which it is said, and without what reading cost. A run knows the roles
 * of its own accounts: what leads to roles elsewhere it rates as what nobody knows.
 */
const said = ({ fingerprint, summary, access, guards, tests, held, unread, unmanaged, coverage }: Plan) => ({
  fingerprint,
  summary,
  guards: guards.map(({ id, ok }) => [id, ok]).toSorted(),
  lists: [access, tests, held, unread, unmanaged, coverage].map((list) =>
    list
      .map((one) => JSON.stringify({ ...(typeof one === 'string' ? { one } : one), risk: '', riskReasons: [] }))
      .toSorted(),
  ),
});

const ranks = ['low', 'medium', 'high', 'critical'];

const risksOf = ({ access }: Plan): readonly (readonly [row: string, rank: number])[] =>
  access.map(({ risk, riskReasons: _, ...row }) => [JSON.stringify(row), ranks.indexOf(risk)]);

describe('several runs, each about some of the accounts', () => {
  it(
    'plan together what one run plans, and no role twice',
    () =>
      inSecureCart(async (repository) => {
        const { run, dir } = repository;
        const whole = await planned(repository);
        const parts: Plan[] = [];
        for (const shard of shards) {
          const file = join(dir, `${shard.slice(0, 1)}.json`);
          expect((await run('plan', '--sandbox', '--shard', shard, '--out', file)).exit).toBe(0);
          parts.push(JSON.parse(readFileSync(file, 'utf8')) as Plan);
        }
        const roles = parts.flatMap(({ changes }) => changes.filter(isOfAccount).map(({ id }) => id));
        expect(roles.toSorted()).toEqual(
          whole.changes
            .filter(isOfAccount)
            .map(({ id }) => id)
            .toSorted(),
        );
        expect(parts.every(({ changes }) => changes.some(isOfAccount))).toBe(true);
        const files = shards.map((shard) => join(dir, `${shard.slice(0, 1)}.json`));
        const merged = await planned(repository, '--merge', ...files);
        expect(said(merged)).toEqual(said(whole));
        expect(risksOf(merged).filter(([key, risk]) => risk < (new Map(risksOf(whole)).get(key) ?? 0))).toEqual([]);
        expect(said(await planned(repository, '--merge', ...files.toReversed()))).toEqual(said(whole));
      }),
    120_000,
  );

  it(
    'write roles only after the guard rails of the organization, and leave nothing to do',
    () =>
      inSecureCart(async ({ run }) => {
        const early = await run('apply', '--sandbox', '--yes', '--shard', '1/3');
        expect(early.exit).toBe(3);
        expect(early.err).toMatch(/refused: the organization's own part comes first, and has \S+ and \d+ more to do/);
        // A set that needs a policy of an account, and a role that another one must precede, are tried again.
        for (const shard of ['0/3', ...shards, ...shards, '0/3'])
          await run('apply', '--sandbox', '--yes', '--shard', shard);
        expect((await run('plan', '--sandbox', '--detailed-exitcode')).exit).toBe(0);
      }),
    120_000,
  );

  it(
    'plan the IAM of the named accounts alone, and refuse names and shards that are none',
    () =>
      inSecureCart(async (repository) => {
        const { changes } = await planned(repository, '--accounts', 'SecureCart-Production');
        const accounts = new Set(changes.filter(isOfAccount).map(({ key }) => /^\S+?\/(.+?):/.exec(key)?.[1]));
        expect([...accounts]).toEqual(['SecureCart-Production']);
        const { run } = repository;
        expect((await run('plan', '--sandbox', '--accounts', 'SecureCart-Prdo')).err).toContain('"SecureCart-Prdo"');
        for (const wrong of ['4/3', '1/0', '1', 'a/b']) {
          const refused = await run('plan', '--sandbox', '--shard', wrong);
          expect(refused).toMatchObject({ exit: 1, out: '' });
          expect(refused.err).toContain('i from 1 to n');
        }
      }),
    120_000,
  );

  it(
    'refuse no account, both ways of choosing them, and parts of plans that are put together',
    () =>
      inSecureCart(async ({ run, dir }) => {
        expect((await run('plan', '--sandbox', '--accounts', ',')).err).toContain('--accounts names no account');
        const both = ['--accounts', 'SecureCart-Dev', '--shard', '1/2'];
        expect((await run('plan', '--sandbox', ...both)).err).toContain('give one of them');
        expect((await run('plan', '--merge', join(dir, 'a.json'), '--shard', '1/2')).err).toContain(
          '--merge takes plans',
        );
        const kept = await run('plan', '--sandbox', '--since-last-read', 'a.json', '--keep-reading', 'b.json');
        expect(kept.err).toContain('--keep-reading keeps a whole reading');
        const one = await run('plan', '--sandbox', '--json', '--shard', '1/1');
        expect((JSON.parse(one.out) as Plan).part).toHaveLength(10);
        const none = await run('plan', '--sandbox', '--json', '--shard', '0/3');
        expect((JSON.parse(none.out) as Plan).part).toEqual([]);
        expect((JSON.parse(none.out) as Plan).changes.filter(isOfAccount)).toEqual([]);
      }),
    120_000,
  );

  it(
    'delete together no more than one run may, unless a plan about all of them was approved',
    () =>
      inSecureCart(async ({ run, dir }) => {
        expect((await run('apply', '--sandbox', '--yes')).exit).toBe(0);
        rmSync(join(dir, 'access/roles/security-audit.yaml'));
        const tests = join(dir, 'access/tests/roles.yaml');
        writeFileSync(tests, readFileSync(tests, 'utf8').split('# The Security account')[0] ?? '');
        const settings = join(dir, 'access/settings.yaml');
        const meant = 'exceptions: [{ guard: delete-budget, kind: role, count: 9, until: 2099-12-31, reason: SEC-1 }]';
        writeFileSync(settings, readFileSync(settings, 'utf8').replace('exceptions: []', meant));
        // The role is in nine of ten accounts; the share of one account is less than one of the nine that are meant.
        const alone = await run('apply', '--sandbox', '--yes', '--accounts', 'SecureCart-Dev');
        expect(alone).toMatchObject({ exit: 3 });
        expect(alone.err).toMatch(/refused: 1 deletions of kind role exceed the share of these accounts, 0,/);
        const files = shards.map((shard) => join(dir, `${shard.slice(0, 1)}.json`));
        for (const [at, shard] of shards.entries())
          expect((await run('plan', '--sandbox', '--shard', shard, '--out', files[at] ?? '')).exit).toBe(0);
        const merged = join(dir, 'merged.json');
        expect((await run('plan', '--merge', ...files, '--out', merged)).exit).toBe(0);
        for (const shard of shards)
          expect((await run('apply', '--sandbox', '--shard', shard, '--approved', merged)).exit).toBe(0);
        expect((await run('plan', '--sandbox', '--detailed-exitcode')).exit).toBe(0);
      }),
    240_000,
  );
});
