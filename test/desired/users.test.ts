/** access/users/*.yaml with `create: true`: what AWS demands of somebody is asked for where it is written. */
import { describe, expect, it } from 'vitest';
import { desiredOf, said } from './repository.ts';

const file = 'access/users/eve.yaml';
const eve = 'user: eve\ncreate: true\ndisplayName: Eve Moneypenny\nname: { given: Eve, family: Moneypenny }\n';

describe('a user who is created', () => {
  it('is a resource, with where it stands', () => {
    const { state, origins } = desiredOf({ [file]: `${eve}email: eve@example.com\n` });
    expect(state['user/eve']).toEqual({
      kind: 'user',
      name: 'eve',
      displayName: 'Eve Moneypenny',
      givenName: 'Eve',
      familyName: 'Moneypenny',
      email: 'eve@example.com',
    });
    expect(origins['user/eve']).toMatchObject({ file, line: 1 });
  });

  it('is none without being asked for', () => {
    for (const text of ['user: eve\n', 'user: eve\ncreate: false\n'])
      expect(desiredOf({ [file]: text }).state['user/eve']).toBeUndefined();
  });

  it('takes what AWS takes', () => {
    const name = `name: { given: "Ève-\u00a0Ann", family: "O'Brien 李" }`;
    expect(said({ [file]: `user: Ève+1@example.com\ncreate: true\ndisplayName: "Ève\tO'B"\n${name}\n` })).toEqual([]);
    expect(said({ [file]: eve, 'access/groups/g.yaml': 'group: G\nmembers: [eve, Ada]\n' })).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      'neither name',
      'user: eve\ncreate: true\n',
      `${file}:2:1 missing-key a user who is created needs displayName and name`,
    ],
    [
      'half a name',
      'user: eve\ncreate: true\ndisplayName: Eve\nname: { given: Eve }\n',
      `${file}:4:7 missing-key family is missing`,
    ],
    [
      'attributes without the word',
      'user: eve\ndisplayName: Eve\nemail: eve@example.com\n',
      `${file}:2:1 unknown-key displayName says nothing without "create: true"`,
    ],
    ['a name of spaces', eve.replace('Eve Moneypenny', '"  "'), `${file}:3:14 wrong-value`],
    ['a control character', eve.replace('Eve Moneypenny', '"Eve\\u0007"'), `${file}:3:`],
    ['a name that is too long', eve.replace('Eve Moneypenny', 'e'.repeat(1025)), `${file}:3:14 too-long`],
    ['a user name with a space', eve.replace('user: eve', 'user: eve m'), `${file}:1:7 bad-name`],
    ['a name that AWS keeps', eve.replace('user: eve', 'user: administrator'), `${file}:1:7 reserved-name`],
    ['an address that is none', `${eve}email: eve\n`, `${file}:5:8 wrong-value "eve" is not an e-mail address`],
    ['an address with a space', `${eve}email: "e ve@example.com"\n`, `${file}:5:8 wrong-value`],
    ['a word for create', eve.replace('create: true', 'create: "yes"'), `${file}:2:9 wrong-type`],
  ])('is refused with %s', (_, text, line) => {
    expect(said({ [file]: text }).some((one) => one.startsWith(line))).toBe(true);
  });

  it('has a name and an address of its own, whatever the case', () => {
    const other = eve.replace('user: eve', 'user: EVE');
    expect(
      said({ [file]: `${eve}email: e@x.example\n`, 'access/users/f.yaml': `${other}email: E@x.example\n` }),
    ).toEqual(
      expect.arrayContaining([
        `access/users/f.yaml:1:7 declared-twice user "EVE" is that of a user who is created in ${file}:1`,
        `access/users/f.yaml:5:8 declared-twice email "E@x.example" is that of a user who is created in ${file}:5`,
      ]),
    );
  });

  it('is refused where a group says that people come from elsewhere, and where it is named otherwise', () => {
    const external = { 'access/groups/g.yaml': 'group: G\nsource: external\n' };
    expect(said({ [file]: eve, ...external })).toEqual([
      `${file}:2:1 created-in-synced-directory users come from the corporate directory, as access/groups/g.yaml:2 says of a group: create "eve" there`,
    ]);
    expect(said({ [file]: 'user: eve\n', ...external })).toEqual([]);
    expect(said({ [file]: eve, 'access/groups/g.yaml': 'group: G\nmembers:\n  - Eve\n' })).toContainEqual(
      `access/groups/g.yaml:3:5 other-spelling "Eve" is created as "eve" (${file}:1): write the name alike`,
    );
  });
});
