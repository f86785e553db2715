import { expect, test } from 'vitest';
import { rules } from '../../src/desired/rules.ts';
import { validate } from '../support/understood.ts';
import type { Problem } from '../../src/model/problem.ts';
import { base, context, repository, rulesOf, said } from './repository.ts';

const policy = (statement: string): string =>
  `permissionSet: X\ninlinePolicy: { Version: "2012-10-17", Statement: [${statement}] }\n`;
const group = (lines: string): string => `group: G\nassignments:\n${lines}`;
const organization = (lines: string): string => `management: { name: M, id: "111111111111" }\n${lines}`;
const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(', ');
const set = 'permission-sets/x.yaml';
const team = 'access/groups/g.yaml';
const tree = 'access/organization.yaml';
const settings = 'access/settings.yaml';
const big = (count: number): string =>
  policy(`{ Effect: Allow, Action: [${many(count, (i) => `"s3:Get${i}"`)}], Resource: "*" }`);
const scpOf = (name: string): string =>
  `scp: ${name}\npolicy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "*", Resource: "*" }] }\n`;

const asking = 'access/tests/x.yaml';
const asked = (who: string, account = 'Dev'): string =>
  `- { test: T, as: { ${who} }, in: { accounts: [${account}] }, denied: ["*"] }\n`;
const aRole = {
  'access/roles/r.yaml': 'role: Deploy\npath: /g/\naccounts: [Dev]\ntrust: [{ service: ec2.amazonaws.com }]\n',
};

const letsIn = {
  service: 'service: account-access.amazonaws.com',
  sourceAccount: 'sourceAccount: Management',
  setContext: 'setContext: true',
  tagSession: 'tagSession: true',
};
const entitledBut = (...without: readonly string[]) => {
  const words = Object.entries(letsIn).flatMap(([key, word]) => (without.includes(key) ? [] : [word]));
  return { 'access/roles/r.yaml': `role: Deploy\naccounts: [Dev]\ntrust: [{ ${words.join(', ')} }]\n` };
};
const entitled = entitledBut();
const entitledBy = (account: string) => ({
  'access/roles/r.yaml': entitled['access/roles/r.yaml'].replace(/sourceAccount: \w+/, `sourceAccount: ${account}`),
});

const excepting = (guard: string): string =>
  `${base[settings]}exceptions: [{ guard: ${guard}, until: 2027-01-01, reason: SEC-1 }]\n`;

/** Every rule that a text can break, with the smallest repository that breaks it. */
const settingsWith = (more: string): string => `organization: o-exampleorgid\nregion: eu-west-1\nowner: x\n${more}\n`;
const keysPolicy = `policy: Keys
accounts: [Dev]
document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "kms:ListKeys", Resource: "*" }] }
until: 2027-01-01
`;
/** Break-glass, whose group says this besides its name. */
const glassWith = (rest: string): Readonly<Record<string, string>> => ({
  'access/settings.yaml': settingsWith('breakGlass: { group: Glass, permissionSet: Glass }'),
  'permission-sets/glass.yaml':
    'permissionSet: Glass\nmanagedPolicies: [AdministratorAccess]\ncustomerManagedPolicies: [{ name: Keys, path: / }]\n',
  'access/groups/glass.yaml': `group: Glass\n${rest}\n`,
});
const datedRole = (path: string, role: string): Readonly<Record<string, string>> => ({
  'access/settings.yaml': settingsWith(
    'reconciler: { plan: gatehouse/Plan, apply: gatehouse/Apply }\nmemberRole: { name: Member, path: /gatehouse/, externalId: some-external-id }',
  ),
  'access/roles/one.yaml': `role: ${role}\npath: /${path}\naccounts: [Dev]\ntrust: [{ service: ec2.amazonaws.com }]\nuntil: 2027-01-01\n`,
});

const creating = (more = ''): Readonly<Record<string, string>> => ({
  'access/users/eve.yaml': `user: eve\ncreate: true\ndisplayName: Eve Moneypenny\nname: { given: Eve, family: Moneypenny }\n${more}`,
});

const cases: readonly (readonly [rule: string, changes: Record<string, string | undefined>])[] = [
  ['yaml-syntax', { [team]: 'group: [' }],
  ['yaml-syntax', { [team]: 'group: G\n---\ngroup: H\n' }],
  [
    'json-syntax',
    {
      'permission-sets/x.yaml': 'permissionSet: X\ninlinePolicyFile: x.json\n',
      'permission-sets/x.json': '{ "a": 1, }',
    },
  ],
  ['yaml-anchor', { [team]: 'group: &a G\n' }],
  ['yaml-anchor', { [team]: 'group: !!str G\n' }],
  ['yaml-anchor', { [team]: '%YAML 1.1\n---\ngroup: G\n' }],
  ['too-deep', { [team]: `${'['.repeat(100_000)}` }],
  ['too-deep', { [team]: `${'- '.repeat(100_000)}` }],
  ['too-deep', { [team]: Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n') }],
  ['control-character', { [team]: 'group: G # \u202e evil\n' }],
  ['control-character', { [team]: 'group: "G\\u001b[31m"\n' }],
  ['control-character', { [team]: 'group: G\u0000\n' }],
  ['duplicate-key', { [team]: 'group: G\ngroup: G\n' }],
  ['unexpected-file', { 'access/x.yaml': 'a: 1\n' }],
  ['missing-file', { [tree]: undefined }],
  ['missing-file', { [set]: 'permissionSet: X\ninlinePolicyFile: x.json\n' }],
  ['outside-folders', { [set]: 'permissionSet: X\ninlinePolicyFile: ../../etc/x.json\n' }],
  ['outside-folders', { [set]: 'permissionSet: X\ninlinePolicyFile: ../access/x.json\n', 'access/x.json': '{}' }],
  ['unused-file', { 'permission-sets/x.json': '{}' }],
  ['unknown-key', { [team]: 'group: G\nmember: []\n' }],
  ['unknown-key', { [team]: 'group: G\n__proto__: { a: 1 }\n' }],
  ['missing-key', { [team]: 'description: x\n' }],
  ['wrong-type', { [team]: 'group: 12\n' }],
  ['wrong-type', { [team]: 'group: G\nmembers:\n' }],
  ['wrong-value', { [team]: 'group: G\nsource: extern\n' }],
  ['conflicting-keys', { 'scps/x.yaml': scpOf('X').replace('scp: X', 'scp: X\nrcp: Y') }],
  ['unquoted-account-id', { [tree]: organization('accounts: { A: 012345678901 }\n') }],
  ['unquoted-account-id', { [tree]: organization('accounts: { A: { id: 222222222222 } }\n') }],
  [
    'ambiguous-number',
    {
      [set]: policy('{ Effect: Allow, Action: "*", Resource: "*", Condition: { StringEquals: { a: 012345678901 } } }'),
    },
  ],
  ['bad-account-id', { [tree]: organization('accounts: { A: "123" }\n') }],
  ['bad-name', { [set]: 'permissionSet: a b\n' }],
  ['bad-name', { [team]: 'group: "a\\nb"\n' }],
  ['alike-names', { 'access/groups/t.yaml': 'group: TEAM\n' }],
  ['alike-files', { 'access/groups/Team.yaml': 'group: Other\n' }],
  ['mixed-scripts', { [team]: 'group: Supp\u043ert\n' }],
  ['reserved-name', { [set]: 'permissionSet: X\ntags: { "gatehouse:owner": me }\n' }],
  ['reserved-name', { [tree]: organization('ous: { Root: {} }\n') }],
  ['reserved-name', { 'scps/x.yaml': scpOf('FullAWSAccess') }],
  ['reserved-name', { 'scps/bindings.yaml': 'ous: { Root: [Deny, FullAWSAccess] }\n' }],
  ['bad-date', { [team]: group('  - { permissionSet: Read, accounts: [Dev], until: 2027-02-30 }\n') }],
  ['bad-duration', { [set]: 'permissionSet: X\nsessionDuration: 13h\n' }],
  ['bad-duration', { [set]: 'permissionSet: X\nsessionDuration: soon\n' }],
  [
    'from-after-until',
    { [team]: group('  - { permissionSet: Read, accounts: [Dev], from: 2027-02-02, until: 2027-02-01 }\n') },
  ],
  ['ended', { [team]: group('  - { permissionSet: Read, accounts: [Dev], until: 2026-11-22 }\n') }],
  ['too-long', { [set]: `permissionSet: ${'x'.repeat(33)}\n` }],
  ['policy-too-large', { [set]: big(1_000) }],
  [
    'policy-too-large',
    { 'scps/x.yaml': `scp: X\npolicy:${big(1_000).split('inlinePolicy:')[1] ?? ''}`.replace('Allow', 'Deny') },
  ],
  [
    'over-role-quota',
    { [set]: `permissionSet: X\ncustomerManagedPolicies: [${many(11, (i) => `{ name: p${i} }`)}]\n` },
  ],
  ['unattachable-policy', { [set]: 'permissionSet: X\nmanagedPolicies: [AWSOrganizationsServiceTrustPolicy]\n' }],
  ['too-many', { [set]: `permissionSet: X\ncustomerManagedPolicies: [${many(26, (i) => `{ name: p${i} }`)}]\n` }],
  ['not-a-policy', { [set]: policy('{ Effect: Alow, Action: "s3:GetObject", Resource: "*" }') }],
  ['not-a-policy', { [set]: policy('{ Effect: Allow, Resource: "*" }') }],
  ['not-a-policy', { [set]: policy('{ Effect: Allow, Action: "s3.GetObject", Resource: "*" }') }],
  ['not-a-policy', { [set]: policy('{ Effect: Allow, Action: "s3:GetObject", Resource: "bucket" }') }],
  ['not-a-policy', { [set]: policy('{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }') }],
  ['not-a-policy', { [set]: 'permissionSet: X\ninlinePolicy: { Version: "2012-10-17" }\n' }],
  ['not-a-policy', { 'scps/x.yaml': scpOf('X').replace('scp:', 'rcp:') }],
  ['declared-twice', { [team]: 'group: Team\n' }],
  ['declared-twice', { [team]: group('  - { permissionSet: Read, accounts: [Dev, Dev] }\n') }],
  [
    'declared-twice',
    { [team]: group('  - { permissionSet: Read, accounts: [Dev] }\n  - { permissionSet: Read, accounts: [Dev] }\n') },
  ],
  [
    'declared-twice',
    { [set]: 'permissionSet: X\nmanagedPolicies: [ReadOnlyAccess, "arn:aws:iam::aws:policy/ReadOnlyAccess"]\n' },
  ],
  ['declared-twice', { 'scps/x.yaml': scpOf('Deny') }],
  ['duplicate-account-id', { [tree]: organization('accounts: { A: "111111111111" }\n') }],
  [
    'ou-too-deep',
    {
      [tree]: organization(
        'ous: { a: { ous: { b: { ous: { c: { ous: { d: { ous: { e: { ous: { f: {} } } } } } } } } } } }\n',
      ),
    },
  ],
  ['unknown-account', { [team]: group('  - { permissionSet: Read, accounts: [Deb] }\n') }],
  [
    'unknown-account',
    { [set]: policy('{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::${account:Deb}" }') },
  ],
  ['unknown-ou', { [team]: group('  - { permissionSet: Read, ous: [Production] }\n') }],
  ['unassigned-trust', { 'access/roles/r.yaml': 'role: R\naccounts: [Prod]\ntrust: [{ permissionSet: Write }]\n' }],
  ['unknown-role', { ...aRole, [team]: group('  - { role: Deploi, accounts: [Dev] }\n') }],
  ['unknown-role', { ...entitled, [team]: group('  - { role: Deploy, accounts: [Dev, Prod] }\n') }],
  ['role-not-entitled', { ...aRole, [team]: group('  - { role: Deploy, accounts: [Dev] }\n') }],
  ['role-not-entitled', { ...entitledBut('setContext'), [team]: group('  - { role: Deploy, accounts: [Dev] }\n') }],
  [
    'entitlement-without-tags',
    { ...entitledBut('tagSession'), [team]: group('  - { role: Deploy, accounts: [Dev] }\n') },
  ],
  [
    'entitlement-from-anywhere',
    { ...entitledBut('sourceAccount'), [team]: group('  - { role: Deploy, accounts: [Dev] }\n') },
  ],
  ['entitlement-from-anywhere', { ...entitledBy('Dev'), [team]: group('  - { role: Deploy, accounts: [Dev] }\n') }],
  [
    'role-ends-first',
    {
      'access/roles/r.yaml': `${entitled['access/roles/r.yaml']}until: 2027-01-31\n`,
      [team]: group('  - { role: Deploy, accounts: [Dev] }\n'),
    },
  ],
  ['conflicting-keys', { ...entitled, [team]: group('  - { role: Deploy, permissionSet: Read, accounts: [Dev] }\n') }],
  ['missing-key', { [team]: group('  - { accounts: [Dev] }\n') }],
  ['unknown-permission-set', { [team]: group('  - { permissionSet: Reed, accounts: [Dev] }\n') }],
  ['unknown-scp', { 'scps/bindings.yaml': 'ous: { Root: [Deny, Dent] }\n' }],
  [
    'unknown-group',
    { 'access/tests/x.yaml': '- { test: T, as: { group: Teem }, in: { accounts: [Dev] }, denied: ["*"] }\n' },
  ],
  ['unknown-user', { [asking]: asked('user: adda') }],
  ['unknown-role', { ...aRole, [asking]: asked('role: "Dev:Deploi"') }],
  ['unknown-role', { ...aRole, [asking]: asked('anyone: true, except: [{ role: "Dev:g/x/Deploy" }]') }],
  ['unknown-role', { ...aRole, [asking]: asked('role: Deploy') }],
  ['role-elsewhere', { ...aRole, [asking]: asked('role: "Dev:Deploy"', 'Prod') }],
  ['unknown-managed-policy', { [set]: 'permissionSet: X\nmanagedPolicies: [ReadOnlyAcess]\n' }],
  ['uncatalogued-policy', { [set]: 'permissionSet: X\nmanagedPolicies: ["arn:aws:iam::aws:policy/BrandNew"]\n' }],
  ['missing-target', { [team]: group('  - { permissionSet: Read }\n') }],
  ['empty-target', { [team]: group('  - { permissionSet: Read, accounts: [Dev], except: [Workloads] }\n') }],
  ['useless-except', { [team]: group('  - { permissionSet: Read, accounts: [Dev], except: [Prod] }\n') }],
  [
    'overlapping-assignments',
    { [team]: group('  - { permissionSet: Read, accounts: [Dev] }\n  - { permissionSet: Read, ous: [Workloads] }\n') },
  ],
  [
    'overlapping-dates',
    {
      [team]: group(
        '  - { permissionSet: Read, accounts: [Dev], until: 2027-01-01 }\n  - { permissionSet: Read, ous: [Workloads] }\n',
      ),
    },
  ],
  ['members-on-external-group', { [team]: 'group: G\nsource: external\nmembers: []\n' }],
  ['created-in-synced-directory', { ...creating(), [team]: 'group: G\nsource: external\n' }],
  ['other-spelling', { ...creating(), [team]: 'group: G\nmembers: [Eve]\n' }],
  ['absent-group-in-use', { [team]: 'group: G\nstate: absent\nmembers: [ada]\n' }],
  [
    'unknown-resource',
    { 'access/resources/x.yaml': 'resources: [{ resource: "arn:aws:s3:::pictures/a.png", state: absent }]\n' },
  ],
  [
    'policy-must-stay',
    {
      'access/resources/x.yaml':
        'resources: [{ resource: "arn:aws:kms:eu-west-1:222222222222:key/1234abcd", state: absent }]\n',
    },
  ],
  ['unknown-guard', { [settings]: excepting('nosuch') }],
  ['absolute-guard', { [settings]: excepting('break-glass') }],
  [
    'missing-break-glass',
    {
      [settings]:
        'organization: o-exampleorgid\nregion: eu-west-1\nowner: x\nbreakGlass: { group: BG, permissionSet: Read }\n',
    },
  ],
  ['dated-way-in', glassWith('members: [{ user: ada, until: 2027-01-01 }]')],
  ['dated-way-in', glassWith('members: [ada, { user: ida, from: 2027-01-01 }]')],
  ['dated-way-in', glassWith('assignments: [{ permissionSet: Glass, ous: [Root], until: 2027-01-01 }]')],
  ['dated-way-in', glassWith('assignments: [{ permissionSet: Read, ous: [Root], from: 2026-01-01 }]')],
  [
    'dated-way-in',
    {
      ...glassWith('members: [ada]'),
      'access/users/ida.yaml': 'user: ida\nassignments: [{ permissionSet: Glass, ous: [Root], until: 2020-01-01 }]\n',
    },
  ],
  ['dated-way-in', datedRole('gatehouse/', 'Plan')],
  ['dated-way-in', datedRole('gatehouse/', 'Apply')],
  ['dated-way-in', datedRole('gatehouse/', 'Member')],
  ['dated-way-in', { ...glassWith('members: [ada]'), 'access/policies/keys.yaml': keysPolicy }],
  ['previously-taken', { [team]: 'group: G\npreviously: [Team]\n' }],
  ['no-policy-on-target', { 'scps/bindings.yaml': 'ous: { Sandbox: { fullAwsAccess: false } }\n' }],
  [
    'too-many',
    {
      [settings]: settingsWith(
        `attributes: { ${Array.from({ length: 51 }, (_, i) => `k${i}: "\${path:title}"`).join(', ')} }`,
      ),
    },
  ],
  [
    'too-many',
    {
      'scps/bindings.yaml': `ous: { Root: [Deny, ${many(10, (i) => `P${i}`)}] }\n`,
      ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`scps/p${i}.yaml`, scpOf(`P${i}`)])),
    },
  ],
  ['unknown-region', { [settings]: settingsWith('').replace('eu-west-1', 'eu-wst-1') }],
  ['unknown-region', { [settings]: settingsWith('resourcePolicies: { regions: [eu-west-1, us-eest-1] }') }],
  ['attribute-without-value', { [settings]: settingsWith('attributes: { team: engineering }') }],
  ['reserved-name', { [settings]: settingsWith('attributes: { "aws:x": "${path:title}" }') }],
  ['declared-twice', { [settings]: settingsWith('attributes: { team: "${path:title}", Team: "${path:title}" }') }],
  ['unused-permission-set', { [set]: 'permissionSet: X\n' }],
  ['unbound-policy', { 'scps/x.yaml': scpOf('X') }],
  ['rollout-order', { 'scps/bindings.yaml': 'rollout: { Deny: [{ ou: Sandbox, after: 7d }] }\n' }],
  ['too-many-problems', { [team]: `group: G\nmembers: [${many(200, () => '{}')}]\n` }],
];

test.each(cases)('%s is found in %j', (rule, changes) => {
  expect(rulesOf(changes)).toContain(rule);
});

test.each([
  ['break-glass without dates', glassWith('members: [ada]\nassignments: [{ permissionSet: Glass, ous: [Root] }]')],
  [
    'dates on everybody else',
    { ...glassWith('members: [ada]'), [team]: 'group: Team\nmembers: [{ user: ada, until: 2027-01-01 }]\n' },
  ],
  ['a role of the same name on another path', datedRole('other/', 'Apply')],
])('dated-way-in is not found in %s', (_, changes) => {
  expect(rulesOf(changes)).not.toContain('dated-way-in');
});

test('dated-way-in stands where the date does', () => {
  expect(said(glassWith('members: [ada, { user: ida, until: 2027-01-01 }]'))).toContainEqual(
    'access/groups/glass.yaml:2:36 dated-way-in this is break-glass, and has to be there on every day: it takes no `until`',
  );
});

test('the base repository has no problem at all', () => {
  expect(said({})).toEqual([]);
});

/** These need a disk, git or the evaluator: load.test.ts, test/github/other-files.long.test.ts and test/cli/foreseen.test.ts break them. */
const byOthers = [
  'symlink',
  'unreadable-file',
  'file-too-large',
  'too-many-files',
  'not-utf8',
  'committed-build',
  'test-will-fail',
];

test('every rule is broken by some test', () => {
  const broken = new Set([...cases.map(([rule]) => rule), ...byOthers]);
  expect(rules.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
});

test('an unknown key that is nearly a missing one is said once, with the nearest key', () => {
  expect(said({ [team]: group('  - { permisionSet: Read, accounts: [Dev] }\n') })).toEqual([
    'access/groups/g.yaml:3:7 unknown-key unknown key "permisionSet". Did you mean permissionSet?',
  ]);
});

test('a wrong member of a union is judged by the branch that was meant', () => {
  expect(said({ [team]: 'group: G\nmembers:\n  - { user: ada, untill: 2027-01-01 }\n  - 7\n' })).toEqual([
    'access/groups/g.yaml:3:18 unknown-key unknown key "untill". Did you mean until?',
    'access/groups/g.yaml:4:5 wrong-type entry 2 of members must be text or a map, not a number',
  ]);
});

test('an account id without quotes is shown as it was written', () => {
  expect(said({ [tree]: organization('accounts: { Prod: 012345678901 }\n') })[0]).toBe(
    'access/organization.yaml:2:19 unquoted-account-id 012345678901 is a number; an account id needs quotes. Write "012345678901".',
  );
});

test('whoever writes the id of an account, or a part of a name, is told the name', () => {
  const accounts = '  Acme-Staging: "012345678901"\n  Acme-Production: "222222222222"\n';
  const hints = (list: string): readonly string[] =>
    said({
      [tree]: organization(`accounts:\n${accounts}`),
      [team]: group(`  - { permissionSet: Read, accounts: [${list}] }\n`),
    })
      .filter((line) => line.startsWith(team))
      .map((line) => line.replace(/^\S+ \S+ /, ''));
  expect(hints('012345678901')).toEqual([
    '012345678901 is a number; an account id needs quotes. Write Acme-Staging, the account with the id 012345678901.',
  ]);
  expect(hints('"012345678901"')).toEqual([
    '"012345678901" is not an account. Write Acme-Staging, the account with the id 012345678901.',
  ]);
  expect(hints('staging')).toEqual(['"staging" is not an account. Did you mean Acme-Staging?']);
  expect(hints('Acme')).toEqual(['"Acme" is not an account. Did you mean Acme-Staging or Acme-Production?']);
});

test('an account of an OU in the hint is found by the last part of its path', () => {
  expect(said({ [team]: group('  - { permissionSet: Read, ous: [production] }\n') })).toEqual([
    'access/groups/g.yaml:3:34 unknown-ou "production" is not an OU. Did you mean Workloads/Production?',
  ]);
});

test('a role in an access test is named as it is declared, with or without its path and on any day', () => {
  const role = { 'access/roles/r.yaml': `${aRole['access/roles/r.yaml']}until: 2026-11-01\n` };
  const ruled = (who: string): readonly string[] => rulesOf({ ...role, [asking]: asked(who) });
  expect(ruled('role: "Dev:Deploy"')).toEqual(['ended']);
  expect(ruled('role: "Dev:g/Deploy"')).toEqual(['ended']);
});

test('a role that nobody declares is said with the nearest one that somebody does', () => {
  const hint = (who: string): string | undefined =>
    said({ ...aRole, [asking]: asked(who) }).find((line) => line.includes('unknown-role'));
  expect(hint('role: "Dev:Deplyo"')).toBe(
    'access/tests/x.yaml:1:26 unknown-role "Dev:Deplyo" is not a role of a file in access/roles. Did you mean Dev:Deploy?',
  );
  expect(hint('role: "Dve:g/Deploy"')).toMatch(/Did you mean Dev:g\/Deploy\?$/);
  expect(hint('role: "Management:Deploy"')).toMatch(/It is declared as Dev:Deploy\.$/);
  expect(hint('role: Deploy')).toMatch(/Did you mean Dev:Deploy\?|It is declared as Dev:Deploy\.$/);
});

test('a file that cannot be read may declare the role or the user of an access test', () => {
  const broken = { 'access/roles/r.yaml': 'role: [Deploy]\n', [team]: 'group: G\nmembers: ada\n' };
  const rulesFound = rulesOf({
    ...broken,
    [asking]: `${asked('role: "Dev:Other"')}${asked('user: bob').replace('T', 'U')}`,
  });
  expect(rulesFound).not.toContain('unknown-role');
  expect(rulesFound).not.toContain('unknown-user');
});

test('a user of an access test is a member somewhere or has a file', () => {
  const people = {
    [team]: 'group: G\nmembers: [ada, { user: bob, until: 2027-01-01 }]\n',
    'access/users/eve.yaml': 'user: eve\n',
  };
  for (const name of ['ada', 'bob', 'eve'])
    expect(rulesOf({ ...people, [asking]: asked(`user: ${name}`) })).toEqual([]);
  expect(said({ ...people, [asking]: asked('user: adda') })).toEqual([
    'access/tests/x.yaml:1:26 unknown-user "adda" is not a user of a file in access/users, nor a member in access/groups. Did you mean ada?',
  ]);
});

test('one mistake in a file does not make its names unknown to others', () => {
  expect(said({ 'permission-sets/read.yaml': 'permissionSet: Read\nmanagedPolicy: []\n' })).toEqual([
    'permission-sets/read.yaml:2:1 unknown-key unknown key "managedPolicy". Did you mean managedPolicies?',
  ]);
});

test('an exception names a guard that it can lift, or is answered with the nearest one', () => {
  expect(said({ [settings]: excepting('delete-budget') })).toEqual([]);
  expect(said({ [settings]: excepting('delete-budgte') })).toEqual([
    'access/settings.yaml:4:23 unknown-guard "delete-budgte" is not a guard. Did you mean delete-budget?',
  ]);
  expect(said({ [settings]: excepting('break-glass') })).toEqual([
    'access/settings.yaml:4:23 absolute-guard no exception lifts the guard "break-glass"',
  ]);
});

const goodPolicy = '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] }';

/** Nothing is said of what the broken file may declare, name or bind. */
const elsewhere = {
  'access/roles/r.yaml': 'role: R\naccounts: [Prod]\ntrust: [{ permissionSet: Read, account: Prod }]\n',
  'access/tests/x.yaml': asked('group: Team'),
  'permission-sets/x.json': goodPolicy,
  'permission-sets/x.yaml': 'permissionSet: X\ninlinePolicyFile: x.json\n',
  'access/users/eve.yaml': 'user: eve\nassignments: [{ permissionSet: X, accounts: [Prod] }]\n',
};
const changed = (path: string, from: string, to: string): Readonly<Record<string, string>> => {
  const texts: Readonly<Record<string, string>> = { ...base, ...elsewhere };
  const text = texts[path] ?? '';
  expect(text).toContain(from);
  return { ...elsewhere, [path]: text.replace(from, to) };
};

test.each([
  ['an account id without quotes', changed(tree, '"555555555555"', '555555555555'), 'unquoted-account-id'],
  ['an unknown key in the tree', changed(tree, 'ous:\n      Production', 'ouz:\n      Production'), 'unknown-key'],
  ['a tab in a group', changed('access/groups/team.yaml', '\n  - ', '\n\t- '), 'yaml-syntax'],
  ['an unknown key in a group', changed('access/groups/team.yaml', 'assignments', 'asignments'), 'unknown-key'],
  ['an unknown key in a user', changed('access/users/eve.yaml', 'assignments', 'asignments'), 'unknown-key'],
  ['an unknown key in the bindings', changed('scps/bindings.yaml', 'ous', 'ouz'), 'unknown-key'],
  ['an OU that is not there in a group', changed('access/groups/team.yaml', 'Root', 'Rooot'), 'unknown-ou'],
  ['an OU that is not there in the bindings', changed('scps/bindings.yaml', 'Root', 'Rooot'), 'unknown-ou'],
  ['a tab in a permission set', changed('permission-sets/x.yaml', 'inlineP', '\tinlineP'), 'yaml-syntax'],
  ['an unknown key in a permission set', changed('permission-sets/x.yaml', 'File:', 'Fill:'), 'unknown-key'],
])('%s is one problem and brings no others', (_, changes, rule) => {
  expect(rulesOf(changes)).toEqual([rule]);
});

test('a file that could not be read from the disk may name what nobody else names', () => {
  const missing = repository({ 'scps/bindings.yaml': undefined, 'access/groups/team.yaml': undefined });
  const unread = (file: string): Problem =>
    ({ file, line: 1, column: 1, rule: 'unreadable-file', severity: 'error', message: 'no' }) as const;
  const ruled = (...paths: readonly string[]) =>
    validate({ ...missing, problems: paths.map(unread) }, context).map(({ rule }) => rule);
  expect(ruled()).toEqual(['unused-permission-set', 'unused-permission-set', 'unbound-policy']);
  expect(ruled('scps/bindings.yaml', 'access/groups')).toEqual(['unreadable-file', 'unreadable-file']);
});

test('a letter that only looks like another is shown by its code point, where it is declared and where it is missed', () => {
  const declaring = { [team]: 'group: Supp\u043ert\n' };
  expect(said({ ...declaring, [asking]: asked('group: Support') })).toEqual([
    'access/groups/g.yaml:1:8 mixed-scripts "Supp\u043ert" is written in Latin and Cyrillic letters: \u043e is U+043E. Write it in one script, so that it is what it looks like.',
    'access/tests/x.yaml:1:27 unknown-group "Support" is not a declared group. Did you mean Supp\u043ert (in which \u043e is U+043E)?',
  ]);
  expect(said({ [team]: 'group: Support\n', [asking]: asked('group: Supp\u043ert') })).toEqual([
    'access/tests/x.yaml:1:27 unknown-group "Supp\u043ert" is not a declared group. Did you mean Support? In what is written, \u043e is U+043E.',
  ]);
});

test.each([
  ['a member', { [team]: 'group: G\nmembers: [{ user: \u0430da@example.com }]\n' }],
  ['a user', { 'access/users/u.yaml': 'user: e\u03bde\n' }],
  ['an SCP', { 'scps/x.yaml': scpOf('D\u0435ny'), 'scps/bindings.yaml': 'ous: { Root: [Deny, "D\u0435ny"] }\n' }],
  ['an OU', { [tree]: `${base[tree]}  S\u0430ndbox: {}\n` }],
  ['a full-width letter', { [team]: 'group: \uff33upport\n' }],
])('the scripts of %s are looked at', (_, changes) => {
  expect(rulesOf(changes)).toEqual(['mixed-scripts']);
});

test("a name in one script, or in Latin beside Han or Hangul, is nobody's double", () => {
  const names = ['Поддержка', 'Ομάδα', 'Équipe-Été', 'AWS管理者', 'AWS관리자', 'ada@пример.example', 'Straße 1'];
  for (const name of names) expect(rulesOf({ [team]: `group: "${name}"\n` })).toEqual([]);
});

test('no message carries a character that a terminal would obey', () => {
  const lines = said({ [team]: 'group: "\\u001b]0;x\\u0007\\u202e"\n"\\u009b": 1\n' });
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('a Region that AWS is not known to have is doubted wherever it is written, with the nearest one', () => {
  const entry = (resource: string, rest = ''): string =>
    `resources:\n  - resource: "${resource}"\n${rest}    state: absent\n`;
  const doubted = 'unknown-region "eu-wst-1" is no Region that AWS is known to have. Did you mean eu-west-1?';
  const file = 'access/resources/x.yaml';
  expect(said({ [file]: entry('arn:aws:sns:eu-wst-1:222222222222:news') })).toEqual([`${file}:2:15 ${doubted}`]);
  const bucket = entry('arn:aws:s3:::pictures', '    account: Prod\n    region: eu-wst-1\n');
  expect(said({ [file]: bucket })).toEqual([`${file}:4:13 ${doubted}`]);
  expect(said({ [settings]: settingsWith('').replace('eu-west-1', 'eu-wst-1') })).toEqual([
    `access/settings.yaml:2:9 ${doubted}`,
  ]);
  expect(said({ [file]: bucket.replace('eu-wst-1', 'mx-central-1') })).toEqual([]);
  const formless = validate(repository({ [file]: bucket.replace('eu-wst-1', 'euwest1') }), context);
  expect(formless.map(({ severity, rule }) => [severity, rule])).toEqual([['error', 'wrong-value']]);
});

test('attributes for access control are those that people have', () => {
  const attributes = (source: string): Readonly<Record<string, string>> => ({
    [settings]: settingsWith(`attributes: { team: ${JSON.stringify(source)} }`),
  });
  const at = 'access/settings.yaml:4:21 attribute-without-value';
  for (const right of [
    ...['${path:userName}', '${path:name.givenName}', '${path:enterprise.manager.value}', '${user:email}'],
    ...['${path:emails[primary eq true].value}', '${path:addresses[type eq "work"].country}'],
  ])
    expect(said(attributes(right))).toEqual([]);
  expect(said(attributes('${path:enterprise.departmnt}'))).toEqual([
    `${at} "enterprise.departmnt" is no attribute that people have in Identity Center: nobody gets this tag. Did you mean enterprise.department?`,
  ]);
  for (const wrong of ['engineering', '${path:x', '${path:}', 'a ${path:title}', '${path:title}${path:title}'])
    expect(said(attributes(wrong))).toEqual([
      `${at} ${JSON.stringify(wrong)} names no attribute of a person: nobody gets this tag. Write one attribute, such as \${path:enterprise.department}.`,
    ]);
  const harmless = settingsWith('attributes: { __proto__: "${path:title}" }');
  expect(said({ [settings]: harmless })).toEqual([]);
});
