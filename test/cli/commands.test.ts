import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { gatehouse, inSecureCart } from '../support/run.ts';

const changesOf = (json: string): Plan['changes'] => (JSON.parse(json) as Plan).changes;

describe('the command line', { timeout: 300_000 }, () => {
  it('plans SecureCart, applies it, and has nothing left to do', () =>
    inSecureCart(async ({ run, dir }) => {
      const first = await run('plan', '--sandbox', '--json');
      expect(first.exit).toBe(0);
      expect(changesOf(first.out).length).toBeGreaterThan(100);
      expect((await run('plan', '--sandbox', '--detailed-exitcode')).exit).toBe(2);
      const applied = await run('apply', '--sandbox', '--yes');
      expect(applied).toMatchObject({ exit: 0 });
      expect(applied.err).toContain('organization o-securecart0');
      const second = await run('plan', '--sandbox', '--json', '--detailed-exitcode');
      expect(second.exit).toBe(0);
      expect(changesOf(second.out)).toEqual([]);
      expect((await run('drift', '--sandbox')).exit).toBe(0);
      const journal = readFileSync(join(dir, '.gatehouse/journal.jsonl'), 'utf8').trim().split('\n');
      const events = journal.map((line) => (JSON.parse(line) as { event: string }).event);
      expect(events.filter((event) => event === 'done')).toHaveLength(changesOf(first.out).length);
    }));

  it('applies what was approved and holds the rest by name', () =>
    inSecureCart(async ({ run, dir }) => {
      const file = join(dir, 'plan.json');
      await run('plan', '--sandbox', '--out', file);
      const extra = join(dir, 'access/groups/data-engineers.yaml');
      appendFileSync(extra, '  - { permissionSet: SecureCart-Product, accounts: [SecureCart-Dev] }\n');
      const applied = await run('apply', '--sandbox', '--approved', file);
      expect(applied.exit).toBe(3);
      expect(applied.out).toContain('assignment/group:SecureCart-DataEngineers:SecureCart-Product@SecureCart-Dev');
      const left = changesOf((await run('plan', '--sandbox', '--json')).out).map(({ key }) => key);
      expect(left).toEqual(['assignment/group:SecureCart-DataEngineers:SecureCart-Product@SecureCart-Dev']);
    }));

  it('refuses a plan file that somebody edited', () =>
    inSecureCart(async ({ run, dir }) => {
      const file = join(dir, 'plan.json');
      await run('plan', '--sandbox', '--out', file);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('SecureCart-Support', 'SecureCart-Ops'));
      const applied = await run('apply', '--sandbox', '--approved', file);
      expect(applied.exit).toBe(1);
      expect(applied.err).toMatch(/is not a plan that can be approved/);
      expect(changesOf((await run('plan', '--sandbox', '--json')).out).length).toBeGreaterThan(100);
    }));

  it('runs no access test about an action that does not exist: it would hold of nothing', () =>
    inSecureCart(async ({ run, dir }) => {
      const file = join(dir, 'access/tests/support.yaml');
      const written = readFileSync(file, 'utf8').split('\n').length;
      appendFileSync(
        file,
        `- { test: A typo, as: { group: SecureCart-Support }, in: { accounts: [SecureCart-Dev] }, denied: [s3:DeletBucket] }\n`,
      );
      for (const command of ['test', 'validate']) {
        const { exit, out, err } = await run(command);
        expect(exit).toBe(1);
        expect(`${out}${err}`).toContain(`access/tests/support.yaml:${written}:`);
        expect(`${out}${err}`).toMatch(
          /vacuous-test "s3:DeletBucket" is not an action[^]*Did you mean s3:DeleteBucket\?/,
        );
      }
    }));

  it('writes nothing when nobody can be asked', () =>
    inSecureCart(async ({ run }) => {
      const applied = await run('apply', '--sandbox');
      expect(applied.exit).toBe(3);
      expect(applied.err).toContain('neither --yes nor --approved');
      expect(changesOf((await run('plan', '--sandbox', '--json')).out).length).toBeGreaterThan(100);
    }));

  it('writes nothing to an organization that was not declared', () =>
    inSecureCart(async ({ run, dir }) => {
      await run('sandbox', 'reset');
      const settings = join(dir, 'access/settings.yaml');
      writeFileSync(settings, readFileSync(settings, 'utf8').replace('o-securecart0', 'o-anotherone0'));
      const applied = await run('apply', '--sandbox', '--yes');
      expect([1, 3]).toContain(applied.exit);
      expect(applied.out + applied.err).toContain('o-anotherone0');
    }));

  it('says every problem with its place and stops', () =>
    inSecureCart(async ({ run, dir }) => {
      const file = join(dir, 'access/groups/support.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('SecureCart-Production', 'SecureCart-Prdo'));
      const found = await run('validate');
      expect(found.exit).toBe(1);
      expect(found.out).toMatch(/access\/groups\/support\.yaml:\d+:\d+ unknown-account/);
      expect(found.out).toContain('SecureCart-Production');
      expect((await run('plan', '--sandbox')).exit).toBe(1);
    }));

  it('calls the local AWS by hand and answers as AWS does', () =>
    inSecureCart(async ({ run }) => {
      const accounts = await run('sandbox', 'call', 'organizations', 'ListAccounts');
      expect(accounts.exit).toBe(0);
      expect(accounts.out).toContain('012345678901');
      const refused = await run('sandbox', 'call', 'organizations', 'DescribeAccount', '{"AccountId":"123456789012"}');
      expect(refused.exit).toBe(1);
      expect(refused.out).toContain('AccountNotFoundException');
      expect((await run('sandbox', 'call', 'organizations', 'NoSuchThing')).out).toContain('NoSuchThing');
    }));

  it('writes schemas that know the repository’s own names', () =>
    inSecureCart(async ({ run, dir }) => {
      rmSync(join(dir, 'access/tests'), { recursive: true });
      expect((await run('schema', '--out', join(dir, 'schemas'))).exit).toBe(0);
      expect(readFileSync(join(dir, 'schemas/group.schema.json'), 'utf8')).toContain('SecureCart-DevAdmin');
    }));

  it('takes --now for an apply on the sandbox only', async () => {
    const ran = await gatehouse(['apply', '--now', '2026-12-01']);
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain('--now only together with --sandbox');
  });

  it('takes no day that the calendar does not have', async () => {
    for (const words of [
      ['plan', '--now', '2026-02-30'],
      ['validate', '--now', '2026-02-30T09:00:00Z'],
      ['--version', '--verbose', '--now', '2026-02-30'],
      ['grant', 'Group', 'Set', 'Account', '--until', '2026-02-30', '--reason', 'x'],
    ]) {
      const { exit, err } = await gatehouse(words);
      expect({ words, exit, says: err.includes('2026-02-30 is not a day of the calendar') }).toEqual({
        ...{ words, exit: 1, says: true },
      });
    }
  });

  it('says in one line which file is not there', async () => {
    const ran = await gatehouse(['validate', '--dir', '/nowhere/at/all']);
    expect(ran).toMatchObject({ exit: 1, err: 'gatehouse: /nowhere/at/all: there is no such file or folder\n' });
  });

  it('exits 1 for wrong usage and helps', async () => {
    expect((await gatehouse(['paln'])).exit).toBe(1);
    expect((await gatehouse(['plan', '--now', 'soon'])).exit).toBe(1);
    const help = await gatehouse(['--help']);
    const commands = [
      ...help.out.slice(help.out.indexOf('Begin:')).matchAll(/^ {2}([a-z-]+)(?: \[options\])?(?: <.*>)? {2,}/gm),
    ].map((match) => match[1] ?? '');
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands.filter((name) => !['sandbox', 'help', 'github'].includes(name))) {
      const { exit, out } = await gatehouse([command, '--help']);
      expect({ command, exit, example: out.includes('Example') }).toEqual({ command, exit: 0, example: true });
    }
  });
});
