/** Roles given themselves, by account access manager: grant and revoke with role:NAME. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const now = ['--now', '2026-12-01'];
const textOf = ({ dir }: Repository, path: string): string => readFileSync(join(dir, path), 'utf8');
const write = ({ dir }: Repository, path: string, text: string): void => writeFileSync(join(dir, path), text);

const interns = 'access/groups/interns.yaml';
const withInterns = (repository: Repository, ...entries: readonly string[]): void =>
  write(repository, interns, ['group: Interns', 'members: [ada]', 'assignments:', ...entries, ''].join('\n'));

const grant = (repository: Repository, ...words: readonly string[]) => repository.run('grant', ...words, ...now);
const revoke = (repository: Repository, ...words: readonly string[]) => repository.run('revoke', ...words, ...now);

/** By its trust as it is, the role is the vendor's alone. */
const openVendorRole = (repository: Repository): void => {
  const path = 'access/roles/vendor.yaml';
  const entry =
    '  - { service: account-access.amazonaws.com, sourceAccount: SecureCart-Management, tagSession: true, setContext: true }';
  write(repository, path, textOf(repository, path).replace('trust:\n', `trust:\n${entry}\n`));
};

const entriesIn = (repository: Repository): readonly string[] =>
  textOf(repository, interns).trimEnd().split('\n').slice(3);

describe('grant of a role', { timeout: 300_000 }, () => {
  it('gives a role itself, in an entry or in one of the same terms', () =>
    inSecureCart(async (repository) => {
      openVendorRole(repository);
      withInterns(
        repository,
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Dev]',
        '  - role: CentralLogsReader',
        '    accounts: [SecureCart-LogArchive]',
        '    until: 2026-12-24',
      );
      const terms = ['--until', '2027-01-31', '--reason', 'SEC-9'];
      const { exit, out, err } = await grant(repository, 'Interns', 'role:VendorRole', 'SecureCart-Staging', ...terms);
      expect([exit, err]).toEqual([0, '']);
      const [title, , reason, , sentence] = out.split('\n');
      expect(title).toBe('Give Interns role VendorRole in SecureCart-Staging until 2027-01-31');
      expect(reason).toBe('SEC-9');
      expect(sentence).toMatch(
        /^- Interns \(1 person\) get role \S*VendorRole in SecureCart-Staging until 2027-01-31 · SEC-9/,
      );
      const longer = ['Interns', 'role:CentralLogsReader', 'SecureCart-LogArchive', '--until', '2027-01-31'];
      expect((await grant(repository, ...longer)).exit).toBe(0);
      expect(entriesIn(repository)).toEqual([
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Dev]',
        '  - role: CentralLogsReader',
        '    accounts: [SecureCart-LogArchive]',
        '    until: 2027-01-31',
        '  - role: VendorRole',
        '    accounts: [SecureCart-Staging]',
        '    until: 2027-01-31',
        '    reason: SEC-9',
      ]);
      const there = await grant(
        repository,
        'Interns',
        'role:centrallogsreader',
        'SecureCart-LogArchive',
        '--until',
        '2027-01-01',
      );
      expect([there.exit, there.out]).toEqual([2, '']);
      expect(there.err).toBe(
        `role:centrallogsreader: role:CentralLogsReader\nNothing to change: ${interns}:6 gives it already, for as long or longer.\n`,
      );
    }));

  it('gives no role where the account has none, or its trust opens it to nobody, and says where it is written', () =>
    inSecureCart(async (repository) => {
      const elsewhere = await grant(repository, 'SecureCart-Ops', 'role:CentralLogsReader', 'SecureCart-Dev');
      expect([elsewhere.exit, elsewhere.out]).toEqual([1, '']);
      expect(elsewhere.err).toContain('nothing is written: validate would refuse it');
      expect(elsewhere.err).toMatch(/access\/groups\/ops\.yaml:\d+:\d+/);
      expect(elsewhere.err).toContain('"CentralLogsReader" is not declared in "SecureCart-Dev"');
      const closed = await grant(repository, 'SecureCart-Ops', 'role:VendorRole', 'SecureCart-Staging');
      expect(closed.exit).toBe(1);
      expect(closed.err).toContain('does not allow account-access.amazonaws.com sts:AssumeRole and sts:SetContext');
      expect(closed.err).toContain('Add to its trust: { service: account-access.amazonaws.com');
    }));

  it.each([
    [
      ['SecureCart-Finance', 'CentralLogsReader', 'SecureCart-LogArchive'],
      '"CentralLogsReader" is not a permission set. For the role itself, write role:CentralLogsReader',
    ],
    [
      ['SecureCart-Finance', 'role:CentralLogReader', 'SecureCart-LogArchive'],
      '"CentralLogReader" is not a role of a file in access/roles. Did you mean CentralLogsReader?',
    ],
  ])('refuses %j', (words, message) =>
    inSecureCart(async (repository) => {
      const { exit, out, err } = await grant(repository, ...words);
      expect({ exit, out }).toEqual({ exit: 1, out: '' });
      expect(err).toContain(message);
    }),
  );
});

describe('revoke of a role', { timeout: 300_000 }, () => {
  it('takes a role itself, and nothing of a set', () =>
    inSecureCart(async (repository) => {
      openVendorRole(repository);
      withInterns(
        repository,
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Staging, SecureCart-LogArchive]',
        '  - role: CentralLogsReader',
        '    accounts: [SecureCart-LogArchive]',
      );
      const through = await revoke(repository, 'ada', 'role:CentralLogsReader', 'SecureCart-LogArchive');
      expect([through.exit, through.err]).toEqual([
        1,
        expect.stringContaining(
          `ada has role CentralLogsReader in SecureCart-LogArchive (${interns}:6) through the group Interns (${interns}:2).`,
        ),
      ]);
      const { exit, out } = await revoke(repository, 'Interns', 'role:CentralLogsReader', 'SecureCart-LogArchive');
      expect(exit).toBe(0);
      expect(out).toMatch(/^Take role CentralLogsReader in SecureCart-LogArchive from Interns\n/);
      expect(out).toMatch(/- Interns \(1 person\) lose role gatehouse\/CentralLogsReader in SecureCart-LogArchive/);
      expect(entriesIn(repository)).toEqual([
        '  - permissionSet: SecureCart-ReadOnly',
        '    accounts: [SecureCart-Staging, SecureCart-LogArchive]',
      ]);
      const none = await revoke(repository, 'Interns', 'role:SecurityAuditRole', 'SecureCart-Staging');
      expect([none.exit, none.out]).toEqual([2, '']);
    }));
});
