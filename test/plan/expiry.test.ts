/** What ends on a day, and what is still open after it. */
import { describe, expect, it } from 'vitest';
import type { Desired } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import { keyOf } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  OWNER,
  account,
  assignment,
  desired,
  entitlement,
  entitling,
  group,
  live,
  membership,
  role,
  set,
} from '../support/build.ts';

const [dev, test] = [account('Dev', '222222222222'), account('Test', '333333333333')];
const hours = (count: number): number => count * 3600;
const ours = { owner: 'securecart/aws-access', scope: 'all' } as const;
const developer = set('Developer', { ...ours, sessionDuration: hours(8) });
const reader = set('Reader', { ...ours, sessionDuration: hours(1) + 90 });

const there: readonly Resource[] = [
  dev,
  test,
  group('Developers'),
  membership('Developers', 'ada'),
  membership('Developers', 'bob'),
  developer,
  reader,
  assignment('group:Developers', 'Developer', 'Dev'),
  assignment('group:Developers', 'Developer', 'Test'),
  assignment('group:Developers', 'Reader', 'Dev'),
];
const without = (...gone: readonly Resource[]): readonly Resource[] =>
  there.filter((one) => !gone.some((other) => JSON.stringify(other) === JSON.stringify(one)));

const sessions = ({ notes }: Plan): readonly string[] =>
  notes.map(({ message }) => message).filter((message) => message.includes('session'));

const planned = (wanted: readonly Resource[], settings: Partial<Desired['settings']> = {}): Plan => {
  const asked = desired(wanted);
  return plan(
    { ...asked, memberGroups: ['Developers'], settings: { ...asked.settings, ...settings } },
    live(there),
    NOW,
  );
};

describe('the session tail', () => {
  it('is said for each principal and set that is revoked, as the longest that a session may live', () => {
    const gone = [
      assignment('group:Developers', 'Developer', 'Dev'),
      assignment('group:Developers', 'Developer', 'Test'),
      assignment('group:Developers', 'Reader', 'Dev'),
    ];
    expect(sessions(planned(without(...gone)))).toEqual([
      'group:Developers loses Developer in Dev, Test: a session may live 8 h longer; docs/sessions.md says how to cut it',
      'group:Developers loses Reader in Dev: a session may live 1 h 2 min longer; docs/sessions.md says how to cut it',
    ]);
  });

  it('of who leaves a group is that of the longest set that the group has', () => {
    expect(sessions(planned(without(membership('Developers', 'ada'), membership('Developers', 'bob'))))).toEqual([
      'ada, bob leave Developers: a session may live 8 h longer; docs/sessions.md says how to cut it',
    ]);
  });

  it('of a role itself is that of the role, and nothing where the role goes as well', () => {
    const opened = role('Reader', 'Dev', { trust: entitling, owner: OWNER, maxSessionDuration: hours(4) });
    const on = entitlement('group:Developers', 'Reader', 'Dev');
    const said = (wanted: readonly Resource[]) =>
      sessions(plan({ ...desired(wanted), memberGroups: ['Developers'] }, live([...there, opened, on]), NOW));
    expect(said([...there, opened])).toEqual([
      'group:Developers loses role Reader in Dev: a session may live 4 h longer; docs/sessions.md says how to cut it',
    ]);
    expect(said(there)).toEqual([]);
    const bare = there.filter(({ kind }) => kind !== 'assignment');
    const left = bare.filter((one) => keyOf(one) !== keyOf(membership('Developers', 'bob')));
    const asked = { ...desired([...left, opened, on]), memberGroups: ['Developers'] };
    expect(sessions(plan(asked, live([...bare, opened, on]), NOW))).toEqual([
      'bob leaves Developers: a session may live 4 h longer; docs/sessions.md says how to cut it',
    ]);
  });

  it('is that of the old set when the same plan shortens its sessions', () => {
    const gone = assignment('group:Developers', 'Developer', 'Test');
    const shorter = set('Developer', { ...ours, sessionDuration: hours(2) });
    const [said] = sessions(planned([...without(gone, developer), shorter]));
    expect(said).toMatch(/^group:Developers loses Developer in Test: a session may live 8 h longer/);
  });

  it('is not said where nothing is revoked', () => {
    expect(sessions(planned([...there, assignment('group:Developers', 'Reader', 'Test')]))).toEqual([]);
  });
});

describe('an exception', () => {
  const budgets = { delete: { assignment: 0 } };
  const until = (day: string) => [{ guard: 'delete-budget', kind: 'assignment', until: day, reason: 'SEC-1' }] as const;
  const wanted = without(assignment('group:Developers', 'Reader', 'Dev'));
  const refusals = (exceptions: Desired['settings']['exceptions']): readonly string[] =>
    planned(wanted, { budgets, exceptions })
      .guards.filter(({ ok }) => !ok)
      .map(({ id }) => id);
  const [today, yesterday] = [NOW, new Date(Date.parse(NOW) - 86_400_000).toISOString()].map((one) => one.slice(0, 10));

  it('holds through its last day and not a day longer', () => {
    expect(refusals([])).toContain('delete-budget');
    expect(refusals(until(today ?? ''))).not.toContain('delete-budget');
    expect(refusals(until(yesterday ?? ''))).toContain('delete-budget');
  });
});

describe('what ended', () => {
  const place = { file: 'access/groups/developers.yaml', line: 3, column: 1 };
  const over = (resource: Resource, found: readonly Resource[]): Plan => {
    const [key, until] = [keyOf(resource), '2026-01-31'];
    const asked = desired([dev, test, group('Developers'), { ...reader }]);
    const dated = [{ key, resource, until, place }];
    return plan(
      { ...asked, ended: [{ key, until, place }], dated },
      live([dev, test, group('Developers'), ...found]),
      NOW,
    );
  };

  it('goes though its set was not made by us', () => {
    const one = assignment('group:Developers', 'Reader', 'Dev');
    const other = assignment('group:Developers', 'Reader', 'Test');
    const adopted = set('Reader', { ...reader, owner: ours.owner, scope: 'declared' });
    expect(over(one, [adopted, one, other]).changes).toMatchObject([{ key: keyOf(one), ended: '2026-01-31' }]);
  });

  it('goes out of a group whose members are not named, and spelled otherwise', () => {
    const found = [membership('Developers', 'Ada'), membership('Developers', 'bob')];
    const { changes } = over(membership('Developers', 'ada'), [{ ...reader }, ...found]);
    expect(changes).toMatchObject([{ key: 'membership/Developers:ada', action: 'delete', ended: '2026-01-31' }]);
  });
});
