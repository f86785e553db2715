import { describe, expect, it } from 'vitest';
import { iamOf, userNamed } from '../../src/sandbox/iam/state.ts';
import { all, code, iamScene as scene, identityPolicy } from '../support/iam.ts';
import { management, production, start } from '../support/sandbox.ts';

const ada = { UserName: 'ada' };
const hour = 3_600_000;

describe('an IAM user', () => {
  it('has a password, two keys and a device, and goes when nothing hangs on it', () => {
    const { iam } = scene();
    iam('CreateUser', ada);
    expect(code(iam('CreateUser', { UserName: 'ADA' }))).toBe('EntityAlreadyExists');
    iam('CreateLoginProfile', { ...ada, Password: 'x' });
    const keys = [1, 2, 3].map(() => iam('CreateAccessKey', ada));
    expect(keys.map(code)).toEqual(['accepted', 'accepted', 'LimitExceeded']);
    const ids = keys.flatMap((body) => all(body, 'AccessKeyId'));
    iam('EnableMFADevice', {
      ...ada,
      SerialNumber: 'GAHT12345678',
      AuthenticationCode1: '123456',
      AuthenticationCode2: '654321',
    });
    iam('PutUserPolicy', { ...ada, PolicyName: 'p', PolicyDocument: identityPolicy });
    expect(all(iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'User' }), 'PolicyName')).toEqual(['p']);
    const left = () => /must ([a-z A-Z]+) first/.exec(iam('DeleteUser', ada))?.[1] ?? 'nothing';
    const undo: [string, Record<string, string>][] = [
      ...ids.map((AccessKeyId): [string, Record<string, string>] => ['DeleteAccessKey', { AccessKeyId }]),
      ['DeactivateMFADevice', { SerialNumber: 'GAHT12345678' }],
      ['DeleteLoginProfile', {}],
      ['DeleteUserPolicy', { PolicyName: 'p' }],
    ];
    const seen = undo.map(([operation, members]) => {
      const first = left();
      expect(code(iam(operation, { ...ada, ...members }))).toBe('accepted');
      return first;
    });
    expect(seen).toEqual([
      'delete access keys',
      'delete access keys',
      'deactivate MFA devices',
      'delete login profile',
      'delete policies',
    ]);
    expect([left(), code(iam('GetUser', ada))]).toEqual(['nothing', 'NoSuchEntity']);
  });

  it('calls with its own key, until the key is switched off', () => {
    const { iam, sts } = scene();
    iam('CreateUser', ada, { account: production });
    const [key = ''] = all(iam('CreateAccessKey', ada, { account: production }), 'AccessKeyId');
    const who = () => all(sts('GetCallerIdentity', {}, { key }), 'Arn')[0];
    expect(who()).toBe(`arn:aws:iam::${production}:user/ada`);
    iam('UpdateAccessKey', { ...ada, AccessKeyId: key, Status: 'Inactive' }, { account: production });
    expect(all(iam('ListAccessKeys', ada, { account: production }), 'Status')).toEqual(['Inactive']);
    expect(who()).not.toBe(`arn:aws:iam::${production}:user/ada`);
  });

  it('has a key whose last use is asked for', () => {
    const { iam, world } = scene();
    iam('CreateUser', ada);
    const [AccessKeyId = ''] = all(iam('CreateAccessKey', ada), 'AccessKeyId');
    const region = () => all(iam('GetAccessKeyLastUsed', { AccessKeyId }), 'Region');
    expect(region()).toEqual(['N/A']);
    const user = userNamed(world, management, 'ada');
    Object.assign(user?.keys[0] ?? {}, {
      lastUsed: { date: '2026-01-01T00:00:00.000Z', region: 'eu-west-1', service: 's3' },
    });
    expect(region()).toEqual(['eu-west-1']);
  });
});

describe('the credential report', () => {
  it('is asked for, waited for, read, and expires after four hours', () => {
    const { iam } = scene({ credentialReportMs: 2000 });
    const state = (now: number) => all(iam('GenerateCredentialReport', {}, { now }), 'State')[0];
    const read = (now: number) => code(iam('GetCredentialReport', {}, { now }));
    expect(read(start)).toBe('ReportNotPresent');
    expect([state(start), read(start), state(start + 1999)]).toEqual(['STARTED', 'ReportInProgress', 'INPROGRESS']);
    expect([state(start + 2000), read(start + 2000)]).toEqual(['COMPLETE', 'accepted']);
    expect([read(start + 2000 + 4 * hour), state(start + 2000 + 4 * hour)]).toEqual(['ReportExpired', 'STARTED']);
  });

  it('has a row for the root user and for each user, in the columns of IAM', () => {
    const { iam, world } = scene();
    iam('CreateUser', ada);
    iam('CreateLoginProfile', { ...ada, Password: 'x' });
    iam('CreateAccessKey', ada);
    iam('CreateUser', { UserName: 'bob' });
    iamOf(world, management).root.keys = [{ id: 'AKIAROOT', CreateDate: '2020-01-01T00:00:00.000Z', status: 'Active' }];
    iam('GenerateCredentialReport');
    iam('GenerateCredentialReport');
    const [content = ''] = all(iam('GetCredentialReport'), 'Content');
    const [head = '', ...rows] = Buffer.from(content, 'base64').toString().split('\n');
    const columns = head.split(',');
    expect(columns).toHaveLength(22);
    const cell = (row: string | undefined, column: string) => row?.split(',')[columns.indexOf(column)];
    const shown = rows.map((row) =>
      ['user', 'password_enabled', 'mfa_active', 'access_key_1_active', 'access_key_1_last_rotated'].map((column) =>
        cell(row, column),
      ),
    );
    expect(shown).toEqual([
      ['<root_account>', 'not_supported', 'true', 'true', '2020-01-01T00:00:00+00:00'],
      ['ada', 'true', 'false', 'true', '2026-11-22T00:00:00+00:00'],
      ['bob', 'false', 'false', 'false', 'N/A'],
    ]);
    expect(rows.every((row) => row.split(',').length === columns.length)).toBe(true);
  });
});

describe('the account', () => {
  it('counts in its summary what a root user has', () => {
    const { iam, world } = scene();
    const value = (key: string, account: string): string | undefined =>
      new RegExp(`<key>${key}</key><value>(\\d+)</value>`).exec(iam('GetAccountSummary', {}, { account }))?.[1];
    expect([value('AccountPasswordPresent', management), value('AccountMFAEnabled', management)]).toEqual(['1', '1']);
    expect([value('AccountPasswordPresent', production), value('AccountMFAEnabled', production)]).toEqual(['0', '0']);
    expect(value('AccountAccessKeysPresent', production)).toBe('0');
    iamOf(world, production).root.keys = [{ id: 'AKIAROOT', CreateDate: '2020-01-01T00:00:00.000Z', status: 'Active' }];
    expect(value('AccountAccessKeysPresent', production)).toBe('1');
  });

  it('has a password policy that is set as a whole, and an alias', () => {
    const { iam } = scene();
    const minimum = () => all(iam('GetAccountPasswordPolicy'), 'MinimumPasswordLength');
    expect(minimum()).toEqual(['14']);
    iam('UpdateAccountPasswordPolicy', { MinimumPasswordLength: '20' });
    expect([minimum(), all(iam('GetAccountPasswordPolicy'), 'RequireSymbols')]).toEqual([['20'], ['false']]);
    iam('DeleteAccountPasswordPolicy');
    expect(code(iam('GetAccountPasswordPolicy'))).toBe('NoSuchEntity');
    iam('CreateAccountAlias', { AccountAlias: 'securecart' });
    expect(all(iam('ListAccountAliases'), 'member')).toEqual(['securecart']);
  });
});
