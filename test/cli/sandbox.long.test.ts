/** Several processes at once on the local AWS in one folder. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatehouse, inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

type World = {
  readonly identityStore: {
    readonly identityStoreId: string;
    readonly groups: Readonly<Record<string, { displayName: string }>>;
  };
};
const worldIn = ({ dir }: Repository): World =>
  JSON.parse(readFileSync(join(dir, '.gatehouse/sandbox.json'), 'utf8')) as World;

const lock = ({ dir }: Repository): string => join(dir, '.gatehouse/sandbox.lock');

/** Once the first has what it writes to. */
const untilHeld = async (repository: Repository): Promise<void> => {
  while (!existsSync(lock(repository))) await new Promise((resolve) => setTimeout(resolve, 20));
};

const held = (repository: Repository, holder: Readonly<Record<string, unknown>>): void => {
  mkdirSync(join(repository.dir, '.gatehouse'), { recursive: true });
  writeFileSync(lock(repository), JSON.stringify(holder));
};

describe('two processes on one local AWS', { timeout: 240_000 }, () => {
  it('lose nothing: the second waits, says for what, and goes on from what the first has left', () =>
    inSecureCart(async (repository) => {
      const { run, runProcess } = repository;
      expect((await run('sandbox', 'reset')).exit).toBe(0);
      const IdentityStoreId = worldIn(repository).identityStore.identityStoreId;
      const input = JSON.stringify({ IdentityStoreId, DisplayName: 'By-Hand' });
      const applying = runProcess('apply', '--sandbox', '--yes');
      await untilHeld(repository);
      const [applied, called, again, planned] = await Promise.all([
        applying,
        runProcess('sandbox', 'call', 'identitystore', 'CreateGroup', input, '--sandbox'),
        runProcess('apply', '--sandbox', '--yes'),
        runProcess('plan', '--sandbox'),
      ]);
      expect([applied.exit, called.exit, again.exit, planned.exit]).toEqual([0, 0, 0, 0]);
      expect(called.err).toMatch(/^Waiting for "gatehouse apply" \(process \d+\), which holds the local AWS in /);
      expect([again.out, planned.err]).toEqual([expect.stringContaining('Nothing to do'), '']);
      expect(Object.values(worldIn(repository).identityStore.groups)).toContainEqual(
        expect.objectContaining({ displayName: 'By-Hand' }),
      );
      expect((await run('plan', '--sandbox', '--detailed-exitcode')).exit).toBe(0);
      expect(existsSync(lock(repository))).toBe(false);
    }));

  it('do not wait for one that was killed', () =>
    inSecureCart(async (repository) => {
      // No process has this id: it is above what a kernel gives.
      held(repository, { pid: 99_999_999, command: 'apply' });
      const { exit, err } = await repository.runProcess('sandbox', 'reset', '--sandbox');
      expect([exit, err, existsSync(lock(repository))]).toEqual([0, '', false]);
    }));

  it('are refused where one serves it, unless they only read', () =>
    inSecureCart(async (repository) => {
      held(repository, { pid: process.pid, command: 'sandbox serve' });
      const called = await repository.runProcess('sandbox', 'call', 'organizations', 'ListRoots', '--sandbox');
      expect([called.exit, called.err]).toEqual([
        1,
        expect.stringMatching(/^gatehouse: refused: .*sandbox serve.*\n$/),
      ]);
      expect((await repository.runProcess('plan', '--sandbox')).exit).toBe(0);
    }));
});

describe('an account of the local AWS', () => {
  const call = ({ run }: Repository, account: string) =>
    run('sandbox', 'call', 'sts', 'GetCallerIdentity', '--account', account, '--sandbox');

  it('is meant by its name or its id, and one that it does not have is an error', () =>
    inSecureCart(async (repository) => {
      for (const account of ['SecureCart-Production', '222222222222']) {
        const { out, exit } = await call(repository, account);
        expect([exit, out]).toEqual([0, expect.stringContaining('222222222222')]);
      }
      const { err, exit } = await call(repository, 'SecureCart-Prod');
      expect([exit, err]).toEqual([1, expect.stringContaining('Did you mean SecureCart-Production?')]);
      expect((await call(repository, '000000000000')).exit).toBe(1);
    }));
});

describe('an answer of the local AWS', () => {
  it('is JSON whatever its wire is, and says the message of an error once', () =>
    inSecureCart(async ({ run }) => {
      const call = async (...words: readonly string[]) => {
        const { out, exit } = await run('sandbox', 'call', ...words, '--sandbox');
        return [exit, JSON.parse(out) as unknown];
      };
      expect(await call('iam', 'ListAccountAliases')).toMatchObject([0, { IsTruncated: 'false' }]);
      const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
      const role = { RoleName: 'By-Hand', Description: 'a & b < c', AssumeRolePolicyDocument };
      expect(await call('iam', 'CreateRole', JSON.stringify(role))).toMatchObject([0, { Role: { Path: '/' } }]);
      // CreateRole answers without the description (localstack's recordings of AWS).
      const made = await call('iam', 'GetRole', '{"RoleName":"By-Hand"}');
      expect(made).toMatchObject([0, { Role: { RoleName: 'By-Hand', Description: 'a & b < c' } }]);
      expect(await call('iam', 'DeleteRole', '{"RoleName":"By-Hand"}')).toEqual([0, {}]);
      expect(await call('iam', 'DeleteRole', '{"RoleName":"By-Hand"}')).toMatchObject([1, { __type: 'NoSuchEntity' }]);
      const [exit, error] = await call('organizations', 'DescribeAccount', '{"AccountId":"000000000000"}');
      expect([exit, Object.keys(error as object)]).toEqual([1, ['__type', 'Message']]);
    }));
});

describe('what a plan says to do next', () => {
  it('speaks of the same repository and the same AWS', () =>
    inSecureCart(async ({ dir, run }) => {
      const again = `--dir ${dir} --sandbox`;
      const next = async (...words: readonly string[]): Promise<string> =>
        (await run(...words, '--sandbox')).out.replace(/\s+/g, ' ');
      expect(await next('plan')).toContain(
        `: npx gatehouse plan ${again} --out plan.json, then npx gatehouse apply ${again} --approved plan.json`,
      );
      const file = join(dir, 'plan of today.json');
      expect(await next('plan', '--out', file)).toContain(`: npx gatehouse apply ${again} --approved '${file}'`);
      expect(await next('drift', '--shard', '0/1')).toContain(`: npx gatehouse plan ${again} --shard 0/1 --out`);
    }));

  it('is nothing when the plan could not be written', () =>
    inSecureCart(async ({ dir, run }) => {
      const { out, err, exit } = await run('plan', '--sandbox', '--out', join(dir, 'no/such/plan.json'));
      expect([exit, out]).toEqual([1, '']);
      expect(err).toMatch(/^gatehouse: .*plan\.json: there is no such file or folder\n$/);
    }));
});

describe('help and usage', () => {
  it('are no wider than a terminal, examples apart, and say what stands everywhere', async () => {
    for (const words of [[], ['plan'], ['why'], ['doctor'], ['sandbox', 'call'], ['github', 'apply']]) {
      const { out } = await gatehouse([...words, '--help']);
      expect(out.split('\n').filter((line) => line.length > 80 && !line.startsWith('  $ '))).toEqual([]);
      for (const option of ['--dir <dir>', '--sandbox[=dir]', '--json', '--now <moment>'])
        expect(out).toContain(option);
    }
  });

  it.each([[['plan', '--sandbox', '.gatehouse']], [['--sandbox', 'elsewhere', 'plan']]])(
    '%j: say where the folder stands',
    async (words) => {
      const { err, exit } = await gatehouse(words);
      const folder = words[words.indexOf('--sandbox') + 1] ?? '';
      expect([exit, err]).toEqual([1, expect.stringContaining(`stands after =, as in --sandbox=${folder}`)]);
    },
  );
});
