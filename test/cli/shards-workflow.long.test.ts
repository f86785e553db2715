/** docs/shards.yml, step by step on the sandbox: one reading, five plans with it, one of them all, and that applied. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Plan } from '../../src/model/plan.ts';
import { inSecureCart } from '../support/run.ts';
import type { Ran, Repository } from '../support/run.ts';

type Step = { readonly uses?: string; readonly with?: { readonly arguments?: string } };
type Job = {
  readonly strategy?: { readonly matrix: { readonly shard: readonly number[] } };
  readonly steps: readonly Step[];
};

const text = readFileSync(join(import.meta.dirname, '../../docs/shards.yml'), 'utf8');
const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, Job>> };

/** What the action is asked to run, in the order of the jobs; once for each shard. */
const commandsOf = ({ strategy, steps }: Job): readonly (readonly string[])[] => {
  const shards = strategy?.matrix.shard ?? [0];
  const asked = steps.flatMap((step) => step.with?.arguments ?? []).filter((words) => words !== '--version');
  return shards.flatMap((shard) =>
    asked.map((words) =>
      words
        .replaceAll('${{ matrix.shard }}', String(shard))
        .replaceAll('${{ strategy.job-total }}', String(shards.length))
        .trim()
        .split('\n'),
    ),
  );
};

const planIn = ({ dir }: Repository, file: string): Plan => JSON.parse(readFileSync(join(dir, file), 'utf8')) as Plan;

const inFolder = (dir: string, words: readonly string[]): readonly string[] => {
  const at = words.indexOf('--dir');
  return [...words.slice(0, at), ...words.slice(at + 2)].map((word) =>
    word.endsWith('.json') ? join(dir, word) : word,
  );
};

const runJob = async ({ run, dir }: Repository, job: Job): Promise<readonly Ran[]> => {
  const ran: Ran[] = [];
  for (const words of job === undefined ? [] : commandsOf(job))
    ran.push(await run(...inFolder(dir, words), '--sandbox'));
  return ran;
};

type Failure = readonly [job: string, err: string];

const runAll = async (repository: Repository): Promise<readonly Failure[]> => {
  const failures: Failure[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    const ran = await runJob(repository, job);
    expect([name, ran.length]).toEqual([name, name === 'plan' ? 5 : 1]);
    failures.push(...ran.filter(({ exit }) => exit !== 0).map(({ err }) => [name, err] as const));
  }
  return failures;
};

it('applies the example with five shards, and leaves nothing to do', { timeout: 300_000 }, () =>
  inSecureCart(async (repository) => {
    expect(Object.keys(jobs)).toEqual(['read', 'plan', 'merge', 'apply']);
    expect(await runAll(repository)).toEqual([]);
    const plans = [1, 2, 3, 4, 5].map((shard) => planIn(repository, `plan-${shard}.json`));
    const ofSets = plans.map(({ reads }) => reads.calls['sso-admin:DescribePermissionSet'] ?? 0);
    expect(ofSets).toEqual([0, 0, 0, 0, 0]);
    expect(plans.every(({ reads }) => (reads.calls['iam:ListRoles'] ?? 0) > 0)).toBe(true);
    const from = plans[0]?.reads.record;
    expect(planIn(repository, 'merged.json').reads.record).toMatchObject({ from: from && 'from' in from && from.from });
    expect(await runAll(repository)).toEqual([]);
    expect((await repository.run('plan', '--sandbox', '--detailed-exitcode')).exit).toBe(0);
  }),
);
