import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Who } from '../../src/model/why.ts';
import type { Why } from '../../src/model/why.ts';
import { gatehouse, inSecureCart, runHere } from '../support/run.ts';

const production = 'SecureCart-Production';

describe('why', () => {
  it('says no in one line and names the statement that denied, exit 2', async () => {
    const { out, exit } = await gatehouse(['why', 'SecureCart-Developers', 'dynamodb:DeleteTable', production]);
    expect(exit).toBe(2);
    const told = out.replace(/\s+/g, ' ');
    expect(told).toContain(`No: denied. group:SecureCart-Developers dynamodb:DeleteTable in ${production} denied `);
    expect(told).toMatch(
      /holds SecureCart-ReadOnly in SecureCart-Production \(access\/groups\/developers\.yaml:\d+\) /,
    );
    expect(told).toMatch(/ Deny in ProtectProduction[^)]*scps\/protect-production\.yaml:\d+\)/);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('stands in Markdown as one block that none of its lines can close', async () => {
    const words = ['why', 'SecureCart-Developers', 'dynamodb:DeleteTable', production, '--format', 'markdown'];
    expect((await gatehouse(words)).out).toMatch(/^```text\nNo: denied\. [^`]*\n```\n$/);
  });

  it('says yes with the way of the person, exit 0', async () => {
    const words = ['why', 'user:ivana@securecart.example', 'budgets:ModifyBudget', 'SecureCart-Management'];
    const { out, exit } = await gatehouse([...words, '--json']);
    expect(exit).toBe(0);
    const why = JSON.parse(out) as Why;
    expect(why.decision).toBe('allowed');
    expect(why.chains[0]?.through.map(({ place }) => place?.file)).toEqual([
      'access/groups/finance.yaml',
      'access/groups/finance.yaml',
    ]);
    expect(why.chains[0]?.reasons[0]?.place?.file).toBe('permission-sets/finance.yaml');
  });

  it('says on what it depends, until that is known', async () => {
    const words = ['why', 'SecureCart-Ops', 's3:PutObject', production, '--resource', 'arn:aws:s3:::b/*'];
    const unknown = await gatehouse(words);
    expect(unknown.exit).toBe(2);
    expect(unknown.out).toMatch(/^It depends on s3:x-amz-acl, s3:x-amz-server-side-encryption\./);
    const known = ['--context', 's3:x-amz-acl=private', '--context', 's3:x-amz-server-side-encryption=AES256'];
    expect((await gatehouse([...words, ...known])).exit).toBe(0);
  });

  it.each([
    [['why', 'SecureCart-Suport', 's3:GetObject', production], 'Did you mean SecureCart-Support?'],
    [['why', 'SecureCart-Support', 's3:GetObject', 'SecureCart-Prod'], 'Did you mean SecureCart-Production?'],
    [['why', 'permission-set:SecureCart-Suport', 's3:GetObject', production], 'Did you mean SecureCart-Support?'],
    [['why', 'SecureCart-Support', 'GetObject', production], 'is not an action'],
    [['why', 'root', 's3:GetObject', production, '--context', 'x'], 'is not KEY=VALUE'],
    [['why', 'Dev', 's3:GetObject', production], 'Did you mean SecureCart-Developers, SecureCart-DevOps, '],
    [['who-can', 's3:GetObject', 'Zebra'], 'The accounts are SecureCart-Management, SecureCart-Security, '],
    [['why', 'root', 's3:GetObjct', production], 'Did you mean s3:GetObject?'],
    [['why', 'root', 's4:GetObject', production], 'is not an action of AWS. Did you mean s3:GetObject?'],
    [['why', 'root', 's3:Nothing*', production], 'matches no action of AWS'],
    [['who-can', 's3:NoSuch', production], '"s3:NoSuch" is not an action of AWS.'],
    [['why', 'root', 's3:GetObject', production, '--resource', 'notanarn'], '"notanarn" is not an ARN'],
    [
      ['why', `role:${production}:Nope`, 's3:GetObject', production],
      `"${production}:Nope" is not a role that is there.`,
    ],
    [['why', 'role:Nope', 's3:GetObject', production], '"Nope" is not of the form ACCOUNT:NAME'],
    [['simulate', '--case', '-', '--format', 'markdown'], 'has no Markdown'],
    [['grant', 'a', 'b', 'c', '--until', '31.01.2027'], "'31.01.2027' is invalid. Write 2027-01-31."],
    [['grant', 'a', 'b', 'c', '--until', 'soon'], 'is invalid. Write a day, such as 2027-01-31.'],
    [['expiring', '--within', 'x'], 'is invalid. Write a number of days, from 1 to 36500.'],
  ])('%j: %s', async (words, message) => {
    const { err, exit } = await gatehouse(words);
    expect(exit).toBe(1);
    expect(err).toContain(message);
  });
});

describe('names in short', () => {
  const session = 'arn:aws:sts::222222222222:assumed-role/AWSReservedSSO_SecureCart-Finance_0123456789abcdef/ivana';
  it.each([
    ['Support', 'Production', 'Support: group:SecureCart-Support\nProduction: SecureCart-Production\n'],
    ['securecart-support', production, 'securecart-support: group:SecureCart-Support\n'],
    ['ivana', '222222222222', 'ivana: user:ivana@securecart.example\n222222222222: SecureCart-Production\n'],
    ['permission-set:ReadOnly', production, 'permission-set:ReadOnly: permission-set:SecureCart-ReadOnly\n'],
    [
      'role:VendorRole',
      'Staging',
      'role:VendorRole: role:SecureCart-Staging:VendorRole\nStaging: SecureCart-Staging\n',
    ],
    ['account Dev', production, 'account Dev: account 888888888888\n'],
    [session, production, `${session.slice(0, 79)}…: permission-set:SecureCart-Finance\n`],
    ['SecureCart-Support', production, ''],
    ['user:ivana@securecart.example', production, ''],
    ['root', production, ''],
  ])('why %s … %s is understood, and says so', async (principal, account, said) => {
    const short = await gatehouse(['why', principal, 's3:getobject', account, '--json']);
    expect(short.err).toBe(said);
    const why = JSON.parse(short.out) as Why;
    expect(why.action).toBe('s3:GetObject');
    const full = await gatehouse(['why', why.principal, why.action, why.account, '--json']);
    expect([full.err, full.out, full.exit]).toEqual(['', short.out, short.exit]);
  });
});

describe('who-can', () => {
  it('lists everybody who can, through what, and nobody else', async () => {
    const { out, exit } = await gatehouse(['who-can', 'iam:CreateUser', production, '--json']);
    expect(exit).toBe(0);
    const who = JSON.parse(out) as Who;
    expect(who.can.map(({ principal, people }) => [principal, people?.length])).toEqual([
      ['group:SecureCart-BreakGlass', 2],
    ]);
    expect(who.depends).toEqual([]);
  });
});

describe('test', () => {
  it('runs on desired, and with --live on what AWS has', () =>
    inSecureCart(async ({ run }) => {
      const { exit, out } = await run('test');
      expect([exit, out]).toEqual([0, expect.stringMatching(/^[1-9]\d+ access tests hold\.\n$/)]);
      const live = await run('test', '--live', '--sandbox', '--json');
      expect(live.exit).toBe(1);
      const { tests } = JSON.parse(live.out) as {
        tests: readonly { name: string; ok: boolean; failures: unknown[] }[];
      };
      expect(tests).toHaveLength(parseInt(out, 10));
      expect(tests.every(({ ok, failures }) => ok === (failures.length === 0))).toBe(true);
      await run('apply', '--sandbox', '--yes');
      expect((await run('test', '--live', '--sandbox')).exit).toBe(0);
    }));

  it('stands in the way of plan and apply, with the statement and whether the change broke it', () =>
    inSecureCart(async ({ run, dir }) => {
      await run('apply', '--sandbox', '--yes');
      const file = join(dir, 'permission-sets/support.yaml');
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('- dynamodb:Query', '- dynamodb:Query\n        - dynamodb:Scan'),
      );
      const planned = await run('plan', '--sandbox', '--json');
      expect(planned.exit).toBe(3);
      const failing = (JSON.parse(planned.out) as Plan).tests.filter(({ ok }) => !ok);
      expect(failing.length).toBeGreaterThan(0);
      expect(failing[0]?.message).toMatch(
        /dynamodb:Scan.*permission-sets\/support\.yaml:\d+\) \(this change breaks it\)$/,
      );
      expect((await run('apply', '--sandbox', '--yes')).exit).toBe(3);
    }));
});

describe('from outside', () => {
  const roles = `arn:aws:iam::*:role/*`;
  const who = async (account: string, action: string): Promise<Who> =>
    JSON.parse((await gatehouse(['who-can', action, account, '--resource', roles, '--json'])).out) as Who;
  const vendor = 'account 101010101010';

  it('who-can names the accounts, services and providers that a trust lets in, and on what it depends', async () => {
    const found = await Promise.all(
      ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'].map((action) => who('SecureCart-DevOps', action)),
    );
    const names = found.flatMap(({ can, depends }) => [...can, ...depends].map(({ principal }) => principal));
    expect(names.some((name) => name.startsWith('provider arn:aws:iam::'))).toBe(true);
    const all = await Promise.all(
      ['SecureCart-Production', 'SecureCart-Sandbox', 'SecureCart-Staging'].map((account) =>
        who(account, 'sts:AssumeRole'),
      ),
    );
    const lines = all.flatMap(({ can, depends }) => [...can, ...depends]);
    expect(lines.map(({ principal }) => principal)).toContainEqual(expect.stringMatching(/^(service |account )/));
  });

  it('why answers for a third party, a service and anybody', async () => {
    const accounts = ['SecureCart-Production', 'SecureCart-Staging', 'SecureCart-Sandbox'];
    const asked = (principal: string, account: string, ...more: readonly string[]) =>
      gatehouse(['why', principal, 'sts:AssumeRole', account, '--json', ...more]);
    for (const account of accounts) {
      const nobody = JSON.parse((await asked('anyone', account)).out) as Why;
      expect([nobody.principal, nobody.decision, nobody.chains]).toEqual(['anyone', 'denied', []]);
    }
    const stranger = await asked('account 123123123123', 'SecureCart-Production');
    expect(stranger.exit).toBe(2);
    const trusted = JSON.parse((await asked(vendor, 'SecureCart-Staging')).out) as Why;
    expect([trusted.decision, trusted.chains[0]?.dependsOn]).toEqual(['depends', ['sts:externalid']]);
    const known = (id: string) => asked(vendor, 'SecureCart-Staging', '--context', `sts:ExternalId=${id}`);
    expect((await known('securecart-imaging-7f3a')).exit).toBe(0);
    expect((await known('another')).exit).toBe(2);
    expect((await asked('service lambda.amazonaws.com', 'SecureCart-Production')).exit).toBe(0);
    expect((await asked('service ec2.amazonaws.com', 'SecureCart-Staging')).exit).toBe(2);
    const told = await gatehouse(['why', 'anyone', 'sts:AssumeRole', 'SecureCart-Staging']);
    expect(told.out).toContain('no role that can be asked for lets it in');
  });
});

it('simulate reads a file that begins with a byte-order mark', async () => {
  const words = ['simulate', '--case', '-'];
  const one = JSON.stringify({ request: { action: 's3:GetObject', resource: '*', principal: '*' } });
  const [marked, plain] = [await runHere({ words, input: `\uFEFF${one}` }), await runHere({ words, input: one })];
  expect([marked.exit, marked.out]).toEqual([0, plain.out]);
});

it.each([
  [['simulate', '--case', '-'], '[\n  { "a": 1, },\n]', 'standard input:2:11: ', 'comma'],
  [['simulate', '--case', '-'], '\ufeff{ a: 1 }', 'standard input:1:3: ', 'Write "a".'],
  [['sandbox', 'call', 'iam', 'ListRoles', "{'a': 1}"], '', 'the input:1:2: ', 'double quotes'],
])('%j says where the JSON is wrong, and what to write', async (words, input, place, said) => {
  const { exit, out, err } = await runHere({ words, input });
  expect([exit, out]).toEqual([1, '']);
  expect(err).toContain(place);
  expect(err).toContain(said);
  expect(err).not.toMatch(/Unexpected|JSON at position/);
});
