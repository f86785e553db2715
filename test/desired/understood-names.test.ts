/** A name as it is typed: taken for one, or answered with those that it may be. */
import { describe, expect, it } from 'vitest';
import { keyTaken, nameHint, nameTaken, namesMeant, plainNames, takenLines } from '../../src/desired/names.ts';

const accounts = [
  { name: 'Acme-Dev', also: ['111111111111'] },
  { name: 'Acme-DevOps', also: ['222222222222'] },
  { name: 'Acme-Staging', also: ['012345678901'] },
  { name: 'Acme Log Archive', also: ['333333333333'] },
  { name: 'Staging', also: ['444444444444'] },
];
const sets = plainNames(['AdministratorAccess', 'Acme-ReadOnly', 'Acme-DevAdmin', 'Acme-Support', 'PowerUserAccess']);
const users = plainNames(['bruno@acme.example', 'ada@acme.example', 'ada@other.example']);
const ous = plainNames(['Root', 'Workloads', 'Workloads/Production', 'Sandbox/Production', 'Workloads/Test']);
const session = 'arn:aws:sts::222222222222:assumed-role/AWSReservedSSO_Acme-Support_0123456789abcdef/ada@acme.example';

describe('namesMeant', () => {
  it.each([
    [accounts, 'Staging', ['Staging']],
    [accounts, 'staging', ['Staging']],
    [accounts, 'acme-staging', ['Acme-Staging']],
    [accounts, '012345678901', ['Acme-Staging']],
    [accounts, 'arn:aws:organizations::111111111111:account/o-abc/222222222222', ['Acme-DevOps']],
    [accounts, 'dev', ['Acme-Dev']],
    [accounts, 'log archive', ['Acme Log Archive']],
    [accounts, 'log-archive', ['Acme Log Archive']],
    [accounts, 'log', ['Acme Log Archive']],
    [accounts, 'Acme', ['Acme-Dev', 'Acme-DevOps', 'Acme-Staging', 'Acme Log Archive']],
    [accounts, 'Prod', []],
    [accounts, '', []],
    [accounts, '-', []],
    [sets, 'read-only', ['Acme-ReadOnly']],
    [sets, session, ['Acme-Support']],
    [sets, 'AWSReservedSSO_AdministratorAccess_0123456789abcdef', ['AdministratorAccess']],
    [sets, 'arn:aws:iam::aws:policy/AdministratorAccess', []],
    [users, 'bruno', ['bruno@acme.example']],
    [users, 'Bruno@ACME.example', ['bruno@acme.example']],
    [users, 'ada', ['ada@acme.example', 'ada@other.example']],
    [ous, 'test', ['Workloads/Test']],
    [ous, 'production', ['Workloads/Production', 'Sandbox/Production']],
  ])('takes %#: %s', (known, typed, meant) => {
    expect(namesMeant(typed, known)).toEqual(meant);
  });

  it('never takes a part where the whole is there, nor what several may be', () => {
    for (const { name } of [...accounts, ...sets, ...users, ...ous])
      expect(namesMeant(name, [...accounts, ...sets, ...users, ...ous])).toEqual([name]);
    expect(() => nameTaken('ada', { known: users, what: 'a user', all: 'users' })).toThrow(
      '"ada" is not a user. Did you mean ada@acme.example or ada@other.example?',
    );
  });
});

describe('nameHint', () => {
  const many = plainNames(Array.from({ length: 40 }, (_, at) => `Acme-Team-${at}`));
  it.each([
    [accounts, 'Acme-Stagin', 'Did you mean Acme-Staging?'],
    [sets, 'ReadOnlyAccess', 'Did you mean Acme-ReadOnly?'],
    [sets, 'arn:aws:iam::aws:policy/ReadOnlyAccess', 'Did you mean Acme-ReadOnly?'],
    [sets, 'Admin', 'Did you mean AdministratorAccess or Acme-DevAdmin?'],
    [
      ous,
      'ou-ab12-12345678',
      'The all are Root, Workloads, Workloads/Production, Sandbox/Production and Workloads/Test.',
    ],
    [many, 'Zebra', undefined],
    [many, 'Team', 'Did you mean Acme-Team-0, Acme-Team-1, Acme-Team-2, Acme-Team-3, Acme-Team-4 or one of 35 more?'],
    [plainNames(['Only']), 'Zebra', 'The only one is Only.'],
    [[], 'Zebra', undefined],
  ])('answers %#: %s', (known, typed, hint) => {
    expect(nameHint(typed, { known, all: 'all' })).toBe(hint);
  });
});

it('takes a key by its kind and a name in short, and says which keys of the kind there are', () => {
  const keys = [
    'group/Acme-Support',
    'permission-set/Acme-Support',
    'permission-set/Acme-Dev',
    'role/Dev:Acme-Support',
  ];
  const choice = { known: plainNames(keys), what: 'a key', all: 'keys' };
  expect(keyTaken('permission-set/support', choice)).toBe('permission-set/Acme-Support');
  expect(keyTaken('Permission-Set/acme-support', choice)).toBe('permission-set/Acme-Support');
  expect(keyTaken('Acme-Dev', choice)).toBe('permission-set/Acme-Dev');
  const refused = (typed: string) => expect(() => keyTaken(typed, choice));
  refused('Support').toThrow('Did you mean group/Acme-Support, permission-set/Acme-Support or role/Dev:Acme-Support?');
  refused('permission-set/Acme-Suport').toThrow('Did you mean permission-set/Acme-Support?');
  refused('permission-set/Zebra').toThrow('The keys are permission-set/Acme-Support and permission-set/Acme-Dev.');
});

it('says what was typed in short, and nothing else', () => {
  expect(
    takenLines([
      ['Developers', 'group:Acme-Developers'],
      ['Acme-Dev', 'Acme-Dev'],
      ['Acme-Ops', 'group:Acme-Ops'],
      ['a\u202eb', 'Acme'],
    ]),
  ).toEqual(['Developers: group:Acme-Developers', 'a\\u202eb: Acme']);
});
