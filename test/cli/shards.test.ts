import { readFileSync } from 'node:fs';
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

/** What a plan says, whatever the order in which it is said, and without what reading cost. */
const said = ({ fingerprint, summary, access, guards, tests, held, unread, unmanaged, coverage }: Plan) => ({
  fingerprint,
  summary,
  lists: [access, guards, tests, held, unread, unmanaged, coverage].map((list) =>
    list.map((one) => JSON.stringify(one)).toSorted(),
  ),
});

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
        expect(said(await planned(repository, '--merge', ...files))).toEqual(said(whole));
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
});
