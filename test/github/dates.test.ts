/** Dates are content: what a pull request needs on the worst of the days on which it differs from its base. */
import { describe, expect, it } from 'vitest';
import { dateChanges } from '../../src/approve/dates.ts';
import { judgedDays } from '../../src/approve/days.ts';
import { dateLists } from '../../src/render/date-changes.ts';
import { developers, shop, support } from './shop.ts';
import { needed, proposed, treeOf } from './trees.ts';
import type { Edit } from './trees.ts';

const admin = 'permissionSet: Shop-Admin\nsessionDuration: 1h\nmanagedPolicies: [AdministratorAccess]\n';
const given = (days: string, set = 'Shop-Admin'): string =>
  `  - permissionSet: ${set}\n    accounts: [Shop-Management, Shop-Production]\n${days}`;
const granted = (days: string, more = ''): Edit => ({
  'permission-sets/admin.yaml': admin,
  'access/groups/developers.yaml': developers + given(days) + more,
});
const until = (day: string): string => `    until: ${day}\n`;
const from = (day: string): string => `    from: ${day}\n`;

const CRITICAL = ['risk critical × 2', 'risk high × 1'];
const ANYBODY = ['every pull request × 1'];

const listed = (base: Edit, head: Edit): readonly string[] =>
  dateLists(proposed(base, head).dates).flatMap(({ title, items }) => (items.length === 0 ? [] : [title, ...items]));

describe('an end', () => {
  it('that goes away is the grant again, and is named', () => {
    const [base, head] = [granted(until('2026-12-10')), granted('')];
    expect(needed(base, head)).toEqual(CRITICAL);
    expect(listed(base, head)).toEqual([
      'Ends later (1)',
      expect.stringMatching(
        /^group Shop-Developers: Shop-Admin in Shop-Management, Shop-Production: 2026-12-10 → no end \(critical: .*administrator.*\) \(`access\/groups\/developers.yaml:\d+`\)$/,
      ),
    ]);
  });

  it('that moves by a day is the grant again', () => {
    const [base, head] = [granted(until('2026-12-10')), granted(until('2026-12-11'))];
    expect(needed(base, head)).toEqual(CRITICAL);
    expect(listed(base, head)[1]).toContain('2026-12-10 → 2026-12-11');
  });

  it('that comes sooner takes away, and is named', () => {
    const [base, head] = [granted(until('2026-12-10')), granted(until('2026-12-09'))];
    expect(needed(base, head)).toEqual(ANYBODY);
    expect(listed(base, head)).toEqual(['Ends earlier (1)', expect.stringContaining('2026-12-10 → 2026-12-09 (low)')]);
  });

  it('of a membership that goes away is the membership again', () => {
    const member = (entry: string): Edit => ({
      ...granted(''),
      'access/groups/developers.yaml':
        granted('')['access/groups/developers.yaml']?.replace('lena@shop.example', entry) ?? '',
    });
    const [base, head] = [member('{ user: lena@shop.example, until: 2026-12-10 }'), member('lena@shop.example')];
    expect(needed(base, head)).toEqual(CRITICAL);
    expect(listed(base, head)[1]).toContain('lena');
  });

  it('of an assignment of a single user that goes away is the assignment again', () => {
    const user = (days: string): Edit => ({
      'permission-sets/admin.yaml': admin,
      'access/users/lena.yaml': `user: lena@shop.example\nassignments:\n${given(days)}`,
    });
    expect(needed(user(until('2026-12-10')), user(''))).toEqual(CRITICAL);
  });

  it('of a role that goes away is the role again, with its trust', () => {
    const role = (end: string): Edit => ({
      'access/roles/build.yaml': `role: Build\naccounts: [Shop-Management]\n${end}trust:\n  - { service: ec2.amazonaws.com }\nmanagedPolicies: [AdministratorAccess]\n`,
    });
    expect(needed(role('until: 2026-12-10\n'), role(''))).toEqual(CRITICAL);
  });

  it('is nothing new where another entry goes on anyway', () => {
    const both = (day: string): Edit => granted(until(day), given(until('2027-03-31')));
    expect(needed(both('2026-12-10'), both('2026-12-20'))).toEqual(ANYBODY);
  });
});

describe('a beginning', () => {
  it('of a new grant is rated now, and named', () => {
    const head = granted(from('2026-12-24'));
    expect(needed({ 'permission-sets/admin.yaml': admin }, head)).toEqual(CRITICAL);
    expect(listed({ 'permission-sets/admin.yaml': admin }, head)).toEqual([
      'Begins on (1)',
      expect.stringContaining('in Shop-Management, Shop-Production: on 2026-12-24 (critical'),
    ]);
  });

  it.each([
    ['brought forward', '2026-12-24', '2026-12-20'],
    ['put off', '2026-12-20', '2026-12-24'],
  ])('that is %s is the grant again', (_how, before, after) => {
    const [base, head] = [granted(from(before)), granted(from(after))];
    expect(needed(base, head)).toEqual(CRITICAL);
    expect(listed(base, head)).toEqual(['Begins on (1)', expect.stringContaining(`${before} → ${after} (critical`)]);
  });

  it('that falls away altogether takes away', () => {
    const [base, head] = [granted(from('2026-12-24')), { 'access/groups/developers.yaml': developers }];
    expect(needed(base, head)).toEqual(ANYBODY);
    expect(listed(base, head)).toEqual(['Begins on (1)', expect.stringContaining('2026-12-24 → not at all (low)')]);
  });
});

describe('what lasts', () => {
  const second: Edit = { 'permission-sets/second.yaml': admin.replace('Shop-Admin', 'Shop-Build') };

  it('is what a gain is measured against: another set beside a grant that ends is all of it', () => {
    const base = { ...granted(until('2026-12-10')), ...second };
    expect(needed(base, granted(until('2026-12-10'), given('', 'Shop-Build')))).toEqual(CRITICAL);
  });

  it('is measured on each day between: also where the other set ends as well, a day later', () => {
    const base = { ...granted(until('2026-12-10')), ...second };
    expect(needed(base, granted(until('2026-12-10'), given(until('2026-12-11'), 'Shop-Build')))).toEqual(CRITICAL);
    expect(needed(base, granted(until('2026-12-10'), given(until('2026-12-10'), 'Shop-Build')))).toEqual(ANYBODY);
  });

  it('is measured across groups: who joins another group has all of it when the own one ends', () => {
    const builders = 'group: Shop-Builders\nsource: identity-center\n';
    const base = {
      ...granted(until('2026-12-10')),
      'access/groups/builders.yaml': `${builders}members: []\nassignments:\n${given('')}`,
    };
    const joined = `${builders}members: [lena@shop.example]\nassignments:\n${given('')}`;
    expect(needed(base, { 'access/groups/builders.yaml': joined })).toEqual(CRITICAL);
  });
});

describe('the days on which a pull request is judged', () => {
  const judgedOf = (base: Edit, head: Edit) =>
    judgedDays({ base: treeOf(base).desired, head: treeOf({ ...base, ...head }).desired }, '2026-11-29');
  const days = (base: Edit, head: Edit): readonly string[] => judgedOf(base, head).judged.map(({ day }) => day);
  const visitors = Array.from(
    { length: 9 },
    (_, at) => `  - { user: v${at}@shop.example, until: 2027-0${at + 1}-15 }\n`,
  );
  const busy: Edit = {
    'access/groups/support.yaml': support.replace(
      '[kofi@shop.example]',
      `\n  - kofi@shop.example\n${visitors.join('')}`,
    ),
  };

  it('are today alone where other people come and go meanwhile', () => {
    expect(
      days(busy, { 'access/groups/developers.yaml': developers.replace('[Shop-Dev]', '[Shop-Production]') }),
    ).toEqual(['2026-11-29']);
  });

  it('are all of them where a guard rail changes, which may concern anybody', () => {
    expect(
      days(busy, { 'scps/bindings.yaml': 'ous: {}\n', 'scps/deny-leave.yaml': shop['scps/deny-leave.yaml'] ?? '' }),
    ).toHaveLength(10);
  });

  it('are only those of the same people where a grant changes', () => {
    expect(days({ ...busy, ...granted(until('2026-12-10')) }, granted(''))).toEqual(['2026-11-29', '2026-12-11']);
  });

  const dayOf = (at: number): string => new Date(Date.UTC(2027, 0, 1 + at)).toISOString().slice(0, 10);
  const listOf = (count: number, entry: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => entry(at)).join('');
  const guests = (count: number): Edit => ({
    'permission-sets/admin.yaml': admin,
    'access/groups/developers.yaml': `${developers}${listOf(count, (at) => `  - { permissionSet: Shop-Admin, accounts: [Shop-Dev], from: ${dayOf(2 * at)}, until: ${dayOf(2 * at)} }\n`)}`,
  });
  const each = (count: number): Edit => ({
    'access/groups/support.yaml': support.replace(
      '[kofi@shop.example]',
      `\n  - kofi@shop.example\n${listOf(count, (at) => `  - { user: v${at}@shop.example, from: ${dayOf(at)} }\n`)}`,
    ),
  });

  it('are no more than can be looked at: then the rest is critical everywhere, and is said', () => {
    const many = Array.from({ length: 60 }, (_, at) => `  - { user: v${at}@shop.example, until: ${dayOf(at)} }\n`);
    const members = `\n  - kofi@shop.example\n${many.join('')}`;
    const base: Edit = { 'access/groups/support.yaml': support.replace('[kofi@shop.example]', members) };
    const { judged, unjudgedFrom } = judgedOf(base, {
      'scps/bindings.yaml': 'ous:\n  Workloads: [DenyLeaveOrganization]\n',
    });
    expect(judged).toHaveLength(50);
    expect(unjudgedFrom).toMatch(/^2027-02-\d\d$/);
  });

  it('may be many where nothing differs on them', () => {
    const base = guests(800);
    const joined = { 'access/groups/support.yaml': support.replace('kofi@', 'omar@shop.example, kofi@') };
    expect(proposed(base, joined).said).toEqual([]);
    const file = base['access/groups/developers.yaml'] ?? '';
    const last = { 'access/groups/developers.yaml': file.replace(/, until: \S+ \}\n$/, ' }\n') };
    const [said] = proposed(base, last).said;
    expect(said).toMatchObject({ risk: 'critical', accounts: ['*'] });
    expect(said?.text).toMatch(/on more than 50 days: what it does from 2028-12-\d\d on is not judged/);
  });

  it('are fewer than the dates of a pull request that gives something on each: then the rest counts as critical', () => {
    const { all } = judgedOf({}, each(60));
    const { changes, unratedFrom } = dateChanges(all, () => []);
    expect(changes.filter(({ riskReasons }) => riskReasons?.includes('not judged'))).toHaveLength(10);
    expect(unratedFrom).toBe(dayOf(50));
  });
});
