import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const now = ['--now', '2026-12-01'];
const developers = 'access/groups/developers.yaml';
const textOf = ({ dir }: Repository, path = developers): string => readFileSync(join(dir, path), 'utf8');

const write = ({ dir }: Repository, path: string, text: string): void => writeFileSync(join(dir, path), text);

/** A group of our own: what its file says is all that it is given. */
const interns = 'access/groups/interns.yaml';
const withInterns = (repository: Repository, ...entries: readonly string[]): void =>
  write(
    repository,
    interns,
    ['group: Interns # of the summer', 'members: [ada]', 'assignments:', ...entries, ''].join('\n'),
  );

const grant = (repository: Repository, ...words: readonly string[]) => repository.run('grant', ...words, ...now);
const revoke = (repository: Repository, ...words: readonly string[]) => repository.run('revoke', ...words, ...now);

const entriesIn = (repository: Repository): readonly string[] =>
  textOf(repository, interns).trimEnd().split('\n').slice(3);

describe('grant', () => {
  it('writes an entry below those of its set, and prints the pull request', () =>
    inSecureCart(async (repository) => {
      const before = textOf(repository);
      const terms = ['--until', '2027-01-31', '--reason', 'SEC-9'];
      const { exit, out, err } = await grant(
        repository,
        'SecureCart-Developers',
        'SecureCart-ReadOnly',
        'SecureCart-Staging',
        ...terms,
      );
      expect(err).toBe('');
      expect(exit).toBe(0);
      const [title, , reason, , sentence] = out.split('\n');
      expect(title).toBe('Give SecureCart-Developers SecureCart-ReadOnly in SecureCart-Staging until 2027-01-31');
      expect(reason).toBe('SEC-9');
      expect(sentence).toMatch(
        /^- SecureCart-Developers get SecureCart-ReadOnly in SecureCart-Staging until 2027-01-31 · SEC-9 \(medium: data-access\)$/,
      );
      expect(out).toContain('```diff\n--- a/access/groups/developers.yaml\n+++ b/access/groups/developers.yaml\n@@');
      const added = [
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Staging]',
        '    until: 2027-01-31',
        '    reason: SEC-9',
        '',
      ].join('\n');
      const below = '    reason: Troubleshooting without customer data\n';
      expect(textOf(repository)).toBe(before.replace(below, `${below}${added}`));
      expect((await repository.run('validate', ...now)).exit).toBe(0);
    }));

  it('says the same as JSON', () =>
    inSecureCart(async (repository) => {
      const { out } = await grant(
        repository,
        'group:SecureCart-Developers',
        'SecureCart-ReadOnly',
        '012345678901',
        '--json',
      );
      const said = JSON.parse(out) as { title: string; text: string; files: unknown; grants: readonly unknown[] };
      expect(said.title).toBe('Give SecureCart-Developers SecureCart-ReadOnly in SecureCart-Staging');
      expect(said.text).toContain('+    accounts: [SecureCart-Staging]');
      expect(said.files).toEqual([{ path: developers, change: 'edited' }]);
      expect(said.grants).toMatchObject([
        { change: 'gets', who: 'SecureCart-Developers', what: 'SecureCart-ReadOnly', where: ['SecureCart-Staging'] },
      ]);
    }));

  it('extends the entry of the same terms and keeps its comments', () =>
    inSecureCart(async (repository) => {
      withInterns(
        repository,
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Dev] # where they begin',
        '    until: 2027-01-31',
      );
      await grant(repository, 'Interns', 'SecureCart-ReadOnly', 'SecureCart-Staging', '--until', '2027-01-31');
      expect(entriesIn(repository)).toEqual([
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Dev, SecureCart-Staging] # where they begin',
        '    until: 2027-01-31',
      ]);
      await grant(repository, 'Interns', 'SecureCart-ReadOnly', 'ou:Sandbox', '--until', '2027-01-31');
      expect(entriesIn(repository)).toContain('    ous: [Sandbox]');
    }));

  it('writes a later end into the entry of exactly this', () =>
    inSecureCart(async (repository) => {
      withInterns(
        repository,
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Dev]',
        '    until: 2026-12-31 # the end of the contract',
        '    reason: SEC-1',
      );
      const { out } = await grant(
        repository,
        'Interns',
        'SecureCart-ReadOnly',
        'SecureCart-Dev',
        '--until',
        '2027-01-31',
      );
      expect(out).toContain('Nothing changes today: only what begins or ends on another day.');
      expect(entriesIn(repository)).toEqual([
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Dev]',
        '    until: 2027-01-31 # the end of the contract',
        '    reason: SEC-1',
      ]);
    }));

  it('takes the account out of the exceptions of the same terms', () =>
    inSecureCart(async (repository) => {
      withInterns(
        repository,
        '  - permissionSet: SecureCart-ReadOnly',
        '    ous: [Workloads]',
        '    except: [SecureCart-Production, SecureCart-Staging]',
      );
      await grant(repository, 'Interns', 'SecureCart-ReadOnly', 'SecureCart-Staging');
      expect(entriesIn(repository)).toContain('    except: [SecureCart-Production]');
    }));

  it('changes nothing where it is given already, for as long or longer', () =>
    inSecureCart(async (repository) => {
      withInterns(repository, '  - permissionSet: SecureCart-ReadOnly', '    ous: [Workloads]');
      const before = textOf(repository, interns);
      for (const where of ['SecureCart-Staging', 'ou:Workloads/Production', 'Workloads']) {
        const { exit, out, err } = await grant(
          repository,
          'Interns',
          'SecureCart-ReadOnly',
          where,
          '--until',
          '2027-01-31',
        );
        expect({ exit, out, err }).toEqual({
          exit: 2,
          out: '',
          err: `Nothing to change: ${interns}:4 gives it already, for as long or longer.\n`,
        });
      }
      expect(textOf(repository, interns)).toBe(before);
      expect((await grant(repository, 'Interns', 'SecureCart-ReadOnly', 'ou:Root')).exit).toBe(0);
    }));

  it('begins a file for a user whom no file names, and says so', () =>
    inSecureCart(async (repository) => {
      const { out } = await grant(repository, 'user:zoe', 'SecureCart-ReadOnly', 'SecureCart-Dev');
      expect(out).toContain('No file named the user zoe before.');
      expect(textOf(repository, 'access/users/zoe.yaml')).toContain('    accounts: [SecureCart-Dev]');
    }));

  it.each([
    [['SecureCart-Developer', 'SecureCart-ReadOnly', 'SecureCart-Dev'], 'Did you mean SecureCart-Developers?'],
    [
      ['SecureCart-Finance', 'ReadOnlyAccess', 'SecureCart-Dev'],
      '"ReadOnlyAccess" is not a permission set. Did you mean SecureCart-ReadOnly?',
    ],
    [
      ['SecureCart-Finance', 'SecureCart-ReadOnly', 'Production'],
      'Did you mean SecureCart-Production or ou:Workloads/Production?',
    ],
    [['SecureCart-Finance', 'SecureCart-ReadOnly', 'ou:Workloads/Prodution'], 'Did you mean ou:Workloads/Production?'],
    [['SecureCart-Finance', 'SecureCart-ReadOnly', 'SecureCart-Dev', '--until', '2026-11-30'], 'has passed'],
    [
      ['SecureCart-Finance', 'SecureCart-ReadOnly', 'SecureCart-Dev', '--until', '2027-02-30'],
      '2027-02-30 is not a day of the calendar',
    ],
    [
      ['SecureCart-Finance', 'SecureCart-ReadOnly', 'SecureCart-Dev', '--from', '2027-03-01', '--until', '2027-02-01'],
      'is after',
    ],
  ])('refuses %j', (words, message) =>
    inSecureCart(async (repository) => {
      const { exit, out, err } = await grant(repository, ...words);
      expect({ exit, out }).toEqual({ exit: 1, out: '' });
      expect(err).toContain(message);
    }),
  );

  it('understands names in short, and says what it took them for', () =>
    inSecureCart(async (repository) => {
      const short = await grant(repository, 'finance', 'readonly', '012345678901');
      expect([short.exit, short.err]).toEqual([
        0,
        'finance: group:SecureCart-Finance\nreadonly: SecureCart-ReadOnly\n012345678901: SecureCart-Staging\n',
      ]);
      const again = await grant(repository, 'SecureCart-Finance', 'SecureCart-ReadOnly', 'SecureCart-Staging');
      expect([again.exit, again.err]).toEqual([2, expect.stringContaining('gives it already')]);
      expect((await grant(repository, 'bruno', 'ReadOnly', 'nonproduction')).err).toBe(
        'bruno: user:bruno@securecart.example\nReadOnly: SecureCart-ReadOnly\nnonproduction: ou:Workloads/NonProduction\n',
      );
    }));

  it('ends its lines as the file does, and shows no line end as a change', () =>
    inSecureCart(async (repository) => {
      write(repository, developers, textOf(repository).replaceAll('\n', '\r\n'));
      const words = ['SecureCart-Developers', 'SecureCart-ReadOnly', 'SecureCart-Staging'];
      const { exit, out } = await grant(repository, ...words);
      expect(exit).toBe(0);
      expect(textOf(repository)).toContain('  - permissionSet: SecureCart-ReadOnly\r\n');
      expect(textOf(repository)).not.toMatch(/(?<!\r)\n/);
      expect(out).not.toContain('u{d}');
      expect(out.match(/^[+-] .*$/gm)).toHaveLength(3);
      await revoke(repository, ...words);
      expect(textOf(repository)).not.toMatch(/(?<!\r)\n/);
    }));

  it('writes nothing that validate would refuse', () =>
    inSecureCart(async (repository) => {
      const before = textOf(repository);
      const words = ['SecureCart-Developers', 'SecureCart-ReadOnly', 'SecureCart-Dev', '--reason', 'SEC\u200b-9'];
      const { exit, err } = await grant(repository, ...words);
      expect(exit).toBe(1);
      expect(err).toContain('nothing is written: validate would refuse it');
      expect(textOf(repository)).toBe(before);
      const unnamable = await grant(repository, 'user:a b\u200bc', 'SecureCart-ReadOnly', 'SecureCart-Dev');
      expect(unnamable.exit).toBe(1);
      expect(unnamable.err).toContain('no file can name user "a b\\u200bc"');
      expect(existsSync(join(repository.dir, 'access/users'))).toBe(false);
    }));
});

describe('revoke', () => {
  it('takes the entry away that gives nothing else, and what grant wrote', () =>
    inSecureCart(async (repository) => {
      const before = textOf(repository);
      await grant(
        repository,
        'SecureCart-Developers',
        'SecureCart-ReadOnly',
        'SecureCart-Staging',
        '--reason',
        'SEC-9',
      );
      const { exit, out } = await revoke(
        repository,
        'SecureCart-Developers',
        'SecureCart-ReadOnly',
        'SecureCart-Staging',
      );
      expect(exit).toBe(0);
      expect(out).toMatch(/^Take SecureCart-ReadOnly in SecureCart-Staging from SecureCart-Developers\n/);
      expect(out).toMatch(/- SecureCart-Developers lose SecureCart-ReadOnly in SecureCart-Staging/);
      expect(textOf(repository)).toBe(before);
    }));

  it('excepts the account where an OU gives it, and says where', () =>
    inSecureCart(async (repository) => {
      withInterns(repository, '  - permissionSet: SecureCart-ReadOnly', '    ous: [Workloads] # to look');
      const { out } = await revoke(repository, 'Interns', 'SecureCart-ReadOnly', 'SecureCart-Staging');
      expect(out).toContain(`${interns}:4 gives it to Workloads, so SecureCart-Staging is excepted there.`);
      await revoke(repository, 'Interns', 'SecureCart-ReadOnly', 'ou:Workloads/Production');
      expect(entriesIn(repository)).toEqual([
        '  - permissionSet: SecureCart-ReadOnly',
        '    ous: [Workloads] # to look',
        '    except: [SecureCart-Staging, Workloads/Production]',
      ]);
    }));

  it('takes an OU with the accounts in it, in every entry that holds now or later', () =>
    inSecureCart(async (repository) => {
      withInterns(
        repository,
        '  - permissionSet: SecureCart-ReadOnly',
        '    ous: [Sandbox, Workloads/NonProduction]',
        '    except: [SecureCart-Staging]',
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Staging]',
        '    from: 2027-01-01',
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Dev]',
        '    until: 2026-01-01',
      );
      expect((await revoke(repository, 'Interns', 'SecureCart-ReadOnly', 'Workloads')).exit).toBe(0);
      expect(entriesIn(repository)).toEqual([
        '  - permissionSet: SecureCart-ReadOnly',
        '    ous: [Sandbox]',
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Dev]',
        '    until: 2026-01-01',
      ]);
    }));

  it('sends who has it through a group to the group', () =>
    inSecureCart(async (repository) => {
      withInterns(repository, '  - permissionSet: SecureCart-ReadOnly', '    accounts: [SecureCart-Dev]');
      const { exit, err } = await revoke(repository, 'ada', 'SecureCart-ReadOnly', 'SecureCart-Dev');
      expect(exit).toBe(1);
      expect(err).toContain(
        `ada has SecureCart-ReadOnly in SecureCart-Dev (${interns}:4) through the group Interns (${interns}:2). Take it from the group`,
      );
      await grant(repository, 'ada', 'SecureCart-ReadOnly', 'SecureCart-Dev');
      const { out } = await revoke(repository, 'ada', 'SecureCart-ReadOnly', 'SecureCart-Dev');
      expect(out).toContain('Still there: ada has SecureCart-ReadOnly');
      expect(existsSync(join(repository.dir, 'access/users/ada.yaml'))).toBe(false);
    }));

  it('changes nothing where no entry gives it', () =>
    inSecureCart(async (repository) => {
      const ran = await revoke(repository, 'SecureCart-Finance', 'SecureCart-DevAdmin', 'SecureCart-Dev');
      expect(ran).toEqual({
        exit: 2,
        out: '',
        err: 'Nothing to change: no entry gives it to SecureCart-Finance there.\n',
      });
    }));
});
