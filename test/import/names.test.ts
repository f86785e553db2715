import { describe, expect, it } from 'vitest';
import { resourcesOf } from '../../src/model/resource.ts';
import type { Live } from '../../src/model/cloud.ts';
import { withLabels } from '../../src/import/labels.ts';
import { account, allow, assignment, document, group, live, membership, ou, set } from '../support/build.ts';
import { desiredIn, filesOf, imported } from '../support/imported.ts';

const hostile = [
  'admins',
  'Admins',
  'ADMINS',
  'a'.repeat(1024),
  `${'a'.repeat(1023)}b`,
  '../../etc/passwd',
  'true',
  '-',
  '# no comment',
  '"quoted": {x}',
  "it's: [a, list]",
  '${account:Prod}',
  'con',
  'Größe ☃',
  '&anchor *alias !tag',
  ' leading and trailing ',
];

const importOf = (whole: Live) => imported(withLabels(whole));
const leftOutIn = async (whole: Live) => (await importOf(whole)).leftOut.map(({ key }) => key);

describe('import of hostile names', () => {
  it('gives each its own file and parses back to the same names', async () => {
    const draft = await importOf(live(hostile.map((name) => group(name, name))));
    const groups = resourcesOf(desiredIn(filesOf(draft)).state, 'group');
    expect(groups.map(({ name }) => name).sort()).toEqual([...hostile].sort());
    expect(groups.map(({ description }) => description).sort()).toEqual([...hostile].sort());
    const paths = draft.files.map(({ path }) => path.toLowerCase());
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.filter((path) => !/^[a-z0-9/-]{1,110}\.(yaml|json)$/.test(path))).toEqual([]);
  });

  it('leaves out by name what no file may contain', async () => {
    const unseen = ['two\nlines', 'zero\u200bwidth', '\u202egnp.exe', '~0a1b2c3d4e5f'];
    expect(await leftOutIn(live(unseen.map((name) => group(name))))).toHaveLength(unseen.length);
  });

  it('does not manage the members of a group of which one cannot be named', async () => {
    const whole = live([group('G'), membership('G', 'ada'), membership('G', '~0a1b2c3d4e5f')], { users: ['ada'] });
    const draft = await importOf(whole);
    expect(desiredIn(filesOf(draft)).memberGroups).toEqual([]);
    expect(draft.others).toEqual([]);
  });

  it('leaves out an OU called Root, and keeps AWS as it is', async () => {
    const whole = live([
      ou('Root'),
      account('Inside', '222222222222', 'Root'),
      ou('Work'),
      account('B', '333333333333', 'Work'),
    ]);
    const draft = await importOf(whole);
    expect(draft.leftOut.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['ou/Root', 'account/Inside']) as unknown,
    );
    expect(draft.others).toEqual([]);
  });

  it('tells accounts of one name apart by their ids', async () => {
    const whole = live([account('~222222222222', '222222222222'), account('~333333333333', '333333333333'), set('S')]);
    const draft = await importOf(whole);
    expect(Object.values(desiredIn(filesOf(draft)).accounts)).toContain('Account-222222222222');
  });

  it('does not take an account for the OU of the same name', async () => {
    const accounts = ['B', 'C', 'D', 'E'].map((name, index) => account(name, `22222222222${index}`));
    const inside = [account('Sand', '333333333333', 'Sand'), account('Other', '444444444444', 'Sand')];
    const given = accounts.map(({ name }) => assignment('group:G', 'S', name));
    const draft = await importOf(live([group('G'), set('S'), ou('Sand'), ...accounts, ...inside, ...given]));
    expect(
      resourcesOf(desiredIn(filesOf(draft)).state, 'assignment')
        .map((one) => one.account)
        .sort(),
    ).toEqual(['B', 'C', 'D', 'E']);
  });

  it('puts a long policy beside its set, and silences by name what the lint refuses', async () => {
    const actions = Array.from({ length: 400 }, (_, index) => `s3:Get${index}Object`);
    const long = set('Long', { inlinePolicy: document(allow(...actions)) });
    const odd = set('Odd', {
      inlinePolicy: document({ ...allow('s3:GetObject'), Condition: { StringEquals: { 'aws:NoSuchKey': 'x' } } }),
    });
    const draft = await importOf(live([long, odd]));
    expect(draft.files.map(({ path }) => path)).toContain('permission-sets/long.json');
    expect(draft.files.find(({ path }) => path === 'permission-sets/odd.yaml')?.text).toContain(
      '# gatehouse: allow unknown-condition-key',
    );
    expect(draft.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
