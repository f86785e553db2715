/** Which file is which, and which name is which: exactly as written. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/desired/load.ts';
import { base, desiredOf, lineOf, rulesOf, said } from './repository.ts';

const settings = base['access/settings.yaml'];
const tree = base['access/organization.yaml'];
const scp = base['scps/deny.yaml'];

describe('a file', () => {
  it.each([
    ['access/Settings.YML', 'access/settings.yaml'],
    ['access/settings.yml', 'access/settings.yaml'],
    ['access/SETTINGS.yaml', 'access/settings.yaml'],
    ['access/settings.yaml ', 'access/settings.yaml'],
    ['access/organization.yml', 'access/organization.yaml'],
    ['access/Organization.yaml', 'access/organization.yaml'],
    ['scps/Bindings.yaml', 'scps/bindings.yaml'],
    ['scps/bindings.yml', 'scps/bindings.yaml'],
  ])('called %s is not %s', (path, meant) => {
    const found = said({ [meant]: undefined, [path]: base[meant as keyof typeof base] });
    expect(found.join('\n')).toContain(`${path}:1:1 unexpected-file`);
    if (!path.endsWith(' ')) expect(found.join('\n')).toContain(`Call it ${meant}.`);
  });

  it.each([
    'access/groups/a.YAML',
    'access/groups/a.Yml',
    'access/Groups/a.yaml',
    'access/tests/a.yamL',
    'scps/a.JSON',
    'permission-sets/a.Json',
  ])('called %s is none that is read', (path) => {
    expect(said({ [path]: 'group: A\n' }).join('\n')).toContain(`${path}:1:1 unexpected-file`);
  });

  it('beside another whose path differs only in case, or in the encoding of its letters, is told of with both paths', () => {
    expect(said({ 'scps/DENY.yaml': scp.replace('Deny', 'Other') })).toContainEqual(
      expect.stringMatching(/^scps\/deny\.yaml:1:1 alike-files .*case.* "scps\/DENY\.yaml"/),
    );
    const twins = { 'access/groups/caf\u00e9.yaml': 'group: A\n', 'access/groups/cafe\u0301.yaml': 'group: B\n' };
    expect(said(twins).join('\n')).toMatch(/alike-files .*U\+/);
  });

  it('in a folder of another case is told of, and not read', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'names-'));
    const files = { ...base, 'Access/settings.yaml': settings, 'SCPs/a.yaml': scp, 'Permission-Sets/a.yaml': '' };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const { files: read, problems } = await load(dir);
    rmSync(dir, { recursive: true });
    expect(read.map(({ path }) => path).sort()).toEqual(Object.keys(base).sort());
    expect(
      problems
        .map(lineOf)
        .map((line) => line.split(' ').slice(0, 4).join(' '))
        .sort(),
    ).toEqual([
      'Access:1:1 unexpected-file is not',
      'Permission-Sets:1:1 unexpected-file is not',
      'SCPs:1:1 unexpected-file is not',
    ]);
  });
});

describe('a policy file', () => {
  const document =
    '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Deny", "Action": "s3:*", "Resource": "*" }] }';
  const naming = (file: string) => `scp: Other\ndescription: x\npolicyFile: ${file}\n`;

  it.each([
    ['../access/leave.json', 'access/leave.json'],
    ['../permission-sets/leave.json', 'permission-sets/leave.json'],
    ['below/../../access/leave.json', 'access/leave.json'],
    ['/scps/leave.json', 'scps/leave.json'],
    ['../scps-2/leave.json', 'scps-2/leave.json'],
  ])('outside of the folder that names it is refused where it is named: %s', (file, path) => {
    const found = said({ 'scps/other.yaml': naming(file), [path]: document });
    expect(found).toContainEqual(
      expect.stringMatching(/^scps\/other\.yaml:3:13 outside-folders .* Move the policy file to scps\/ or below\./),
    );
  });

  it('may not lie above the file that names it, in the same tree', () => {
    const found = said({ 'scps/below/other.yaml': naming('../leave.json'), 'scps/leave.json': document });
    expect(found.join('\n')).toContain('scps/below/other.yaml:3:13 outside-folders');
  });

  it.each(['leave.json', './leave.json', 'below/leave.json'])('beside it or below is read: %s', (file) => {
    const path = `scps/${file.replace('./', '')}`;
    expect(rulesOf({ 'scps/other.yaml': naming(file), [path]: document })).not.toContain('outside-folders');
    expect(Object.keys(desiredOf({ 'scps/other.yaml': naming(file), [path]: document }).state)).toContain('scp/Other');
  });
});

const composed = 'Caf\u00e9';
const decomposed = 'Cafe\u0301';

/** Repositories in which something is declared by each of two names. */
const declaring: Readonly<Record<string, (one: string, other: string) => Readonly<Record<string, string>>>> = {
  group: (one, other) => ({
    'access/groups/a.yaml': `group: "${one}"\n`,
    'access/groups/b.yaml': `group: "${other}"\n`,
  }),
  user: (one, other) => ({
    'access/users/a.yaml': `user: "${one}"\n`,
    'access/groups/b.yaml': `group: B\nmembers: ["${other}"]\n`,
  }),
  'control policy': (one, other) => ({
    'scps/a.yaml': scp.replace('Deny', `"${one}"`),
    'scps/b.yaml': scp.replace('Deny', `"${other}"`),
  }),
  account: (one, other) => ({
    'access/organization.yaml': `${tree}accounts: { "${one}": "666666666666", "${other}": "777777777777" }\n`,
  }),
  'OU under Root': (one, other) => ({ 'access/organization.yaml': `${tree}  "${one}": {}\n  "${other}": {}\n` }),
};

describe('two names', () => {
  it.each(Object.entries(declaring))(
    'of a %s that differ only in encoding are one problem that names both places',
    (what, files) => {
      const lines = said(files(composed, decomposed)).filter((line) => line.includes('alike-names'));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(`${what} "`);
      expect(lines[0]).toMatch(/encoding of its letters \(U\+\S+ for U\+\S+\) from ".*" in \S+:\d+/);
    },
  );

  it.each(Object.entries(declaring))('of a %s that differ only in case are too', (what, files) => {
    const lines = said(files('Readers', 'readers')).filter((line) => line.includes('alike-names'));
    expect(lines).toEqual([expect.stringContaining(`${what} "`)]);
    expect(lines[0]).toMatch(/case of its letters from ".*" in \S+:\d+/);
  });

  it('of permission sets that differ only in case are too', () => {
    expect(rulesOf({ 'permission-sets/r.yaml': 'permissionSet: READ\nmanagedPolicies: [ReadOnlyAccess]\n' })).toContain(
      'alike-names',
    );
  });

  it('of roles that differ only in case are refused where they meet in an account', () => {
    const role = (name: string) =>
      `role: ${name}\npath: /g/\naccounts: [Dev]\ntrust: [{ service: ec2.amazonaws.com }]\n`;
    expect(rulesOf({ 'access/roles/a.yaml': role('Deploy'), 'access/roles/b.yaml': role('DEPLOY') })).toContain(
      'declared-twice',
    );
  });

  it('in different OUs, or the same name many times, are none', () => {
    const files = {
      'access/organization.yaml': `${tree}  Other: { ous: { production: {} } }\n`,
      'access/groups/b.yaml': 'group: B\nmembers: [ada@x.example]\n',
      'access/groups/c.yaml': 'group: C\nmembers: [ada@x.example]\n',
    };
    expect(rulesOf(files)).not.toContain('alike-names');
  });

  it('are alike whatever the letters, once each pair is written in two ways', () => {
    const word = fc.string({
      unit: fc.constantFrom('\u00e9', '\u00c5', 'a', 'B', '\u1e69', '\u0439', 'z'),
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(word, fc.constantFrom('NFD', 'upper', 'lower'), (name, how) => {
        const first = name.normalize('NFC');
        const other =
          how === 'NFD' ? first.normalize('NFD') : how === 'upper' ? first.toUpperCase() : first.toLowerCase();
        const found = rulesOf({
          'access/groups/a.yaml': `group: "${first}"\n`,
          'access/groups/b.yaml': `group: "${other}"\n`,
        });
        expect(found).toContain(first === other ? 'declared-twice' : 'alike-names');
      }),
      { numRuns: 60 },
    );
  });
});
