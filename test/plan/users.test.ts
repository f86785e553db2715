/** Users whom the files create: before their memberships, once, never in somebody else's directory, and never deleted. */
import { describe, expect, it } from 'vitest';
import { asLive } from '../../src/approve/between.ts';
import type { Live, Profile } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import { isComplete } from '../../src/model/plan.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource, User } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, OWNER, account, assignment, desired, group, live, membership, set } from '../support/build.ts';

const eve: User = {
  kind: 'user',
  name: 'eve',
  displayName: 'Eve Moneypenny',
  givenName: 'Eve',
  familyName: 'Moneypenny',
  email: 'eve@example.com',
};
const { kind: _, ...profile } = eve;
const team: readonly Resource[] = [account('Dev', '222222222222'), group('Team'), set('Read')];
const there = [...team, set('Read', { owner: OWNER, scope: 'all' })];
const wanted = [...team, eve, membership('Team', 'eve'), assignment('user:eve', 'Read', 'Dev')];

const planned = (asked: readonly Resource[], parts: Partial<Live> = {}, more: Partial<Desired> = {}): Plan =>
  plan(desired(asked, { memberGroups: ['Team'], ...more }), live(there, parts), NOW);

const lines = ({ changes }: Plan): readonly string[] =>
  changes.map(({ action, key, phase }) => `${phase}: ${action} ${key}`);
const directory = (...profiles: readonly Profile[]): Partial<Live> => ({
  users: profiles.map(({ name }) => name),
  profiles,
});

describe('a user who is created', () => {
  it('comes before everything that names it, and what names it waits', () => {
    const found = planned(wanted);
    expect(lines(found)).toEqual([
      'prepare: create user/eve',
      'grant: create assignment/user:eve:Read@Dev',
      'grant: create membership/Team:eve',
    ]);
    const [made, ...others] = found.changes;
    for (const { dependsOn } of others) expect(dependsOn).toContain(made?.id);
    expect([found.unresolved, found.held, isComplete(found)]).toEqual([[], [], false]);
  });

  it.each<[string, Profile]>([
    ['as it is', profile],
    ['in other case', { ...profile, name: 'EVE' }],
    ['with another address in other case', { ...profile, email: 'EVE@example.com' }],
  ])('is left alone where the directory has it %s', (_name, found) => {
    const told = planned(wanted, directory(found));
    expect(lines(told)).toEqual(['grant: create assignment/user:eve:Read@Dev', 'grant: create membership/Team:eve']);
    expect(told.notes).toEqual([]);
  });

  it('is not edited: what differs is said', () => {
    const told = planned(wanted, directory({ ...profile, displayName: 'Eve M.', email: 'em@example.com' }), {
      origins: { 'user/eve': { file: 'access/users/eve.yaml', line: 1, column: 7 } },
    });
    expect(lines(told)).not.toContainEqual(expect.stringContaining('user/eve'));
    expect(told.notes).toEqual([
      {
        message:
          'The directory says of user "eve": display name "Eve M.", not "Eve Moneypenny"; e-mail address "em@example.com", not "eve@example.com". Users are made, not edited: correct one of the two by hand.',
        origin: { file: 'access/users/eve.yaml', line: 1, column: 7 },
      },
    ]);
  });

  it('is not made beside somebody with the same address', () => {
    const told = planned(wanted, directory({ name: 'moneypenny', email: 'Eve@example.com' }));
    expect(lines(told)).toEqual([]);
    expect(told.notes.map(({ message }) => message)).toEqual([
      'User "eve" is not created: its e-mail address is that of "moneypenny", who is in the directory.',
    ]);
    expect(told.unresolved.map(({ name }) => name)).toEqual(['user/eve']);
  });

  it('is refused, with whoever waits for it, in a directory that is fed from elsewhere', () => {
    const told = planned(wanted, { fedBy: 'user "bob"' });
    const reason =
      'the directory is fed from elsewhere (user "bob" came from there): create the user where the others are made';
    expect(lines(told)).toEqual([]);
    expect(told.held.map(({ key, reason: why }) => [key, why])).toEqual([
      ['user/eve', reason],
      ['assignment/user:eve:Read@Dev', `user/eve: ${reason}`],
      ['membership/Team:eve', `user/eve: ${reason}`],
    ]);
    expect(told.unresolved).toEqual([]);
    expect(lines(planned([...team, eve], { fedBy: 'user "bob"', ...directory(profile) }))).toEqual([]);
  });

  it('is never deleted: who was made here and is named no more is said', () => {
    const made = (name: string, role: string): Profile => ({
      name,
      madeBy: `arn:aws:sts::111111111111:assumed-role/${role}/run`,
    });
    const people = directory(made('eve', 'Apply'), made('ida', 'Apply'), made('bob', 'Somebody'), made('kim', 'Plan'));
    const settings = { reconciler: { plan: 'gatehouse/Plan', apply: 'gatehouse/Apply' } };
    const told = (asked: readonly Resource[], caller?: string): readonly string[] =>
      plan(
        desired(asked, { settings, memberGroups: ['Team'] }),
        live(there, { ...people, ...(caller === undefined ? {} : { caller }) }),
        NOW,
      )
        .notes.map(({ message }) => message)
        .filter((message) => message.startsWith('Still in AWS'));
    expect(told(wanted)).toEqual([
      'Still in AWS, not ours to take away: users whom the reconciler created and no file names any more: "ida". Delete them by hand.',
    ]);
    expect(told([...team, membership('Team', 'ida')])[0]).toContain('any more: "eve".');
    expect(told(wanted, 'arn:aws:sts::111111111111:assumed-role/Plan/other')[0]).toContain('"ida", "kim".');
    expect(lines(plan(desired(team, { settings }), live(there, people), NOW))).toEqual([]);
  });

  it('is a change of a pull request that adds it, and none of one that keeps or removes it', () => {
    const [before, after] = [desired(team), desired(wanted, { memberGroups: ['Team'] })];
    const between = (from: Desired, to: Desired): readonly string[] => lines(plan(to, asLive(from, to), NOW));
    expect(between(before, after)[0]).toBe('prepare: create user/eve');
    expect(between(after, after)).toEqual([]);
    expect(between(after, before)).not.toContainEqual(expect.stringContaining('user/eve'));
  });
});
