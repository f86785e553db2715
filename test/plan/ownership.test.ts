import { describe, expect, it } from 'vitest';
import type { Desired, Settings } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { FULL_AWS_ACCESS } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  MANAGEMENT,
  NOW,
  account,
  assignment,
  attachment,
  desired,
  externalGroup,
  group,
  live,
  membership,
  ou,
  owned,
  scp,
  set,
} from '../support/build.ts';

const dev = account('Dev', '222222222222');
const team = group('Team');
const given = assignment('group:Team', 'Reader', 'Dev');

type Sides = {
  readonly wanted?: readonly Resource[];
  readonly found?: readonly Resource[];
  readonly parts?: Partial<Omit<Desired, 'settings'>>;
  readonly settings?: Partial<Settings>;
};
const planned = ({ wanted = [], found = [], parts = {}, settings = {} }: Sides): Plan =>
  plan(desired([dev, ...wanted], { ...parts, settings }), live([dev, ...found]), NOW);

const changed = ({ changes }: Plan): readonly string[] => changes.map(({ action, key }) => `${action} ${key}`);
const heldKeys = ({ held }: Plan): readonly string[] => held.map(({ key, reason }) => `${key}: ${reason}`);
const unmanagedKeys = ({ unmanaged }: Plan): readonly string[] => unmanaged.map(({ key }) => key);
const refused = ({ guards }: Plan): readonly string[] => guards.filter(({ ok }) => !ok).map(({ id }) => id);

describe('ownership', () => {
  it('takes what is declared and untagged, with scope declared, and says so', () => {
    const [change] = planned({ wanted: [set('Reader')], found: [set('Reader')] }).changes;
    expect(change).toMatchObject({ action: 'update', adopts: true, risk: 'low', after: { scope: 'declared' } });
  });

  it('counts by kind what of AWS is declared or ours, and leaves its own guard rails out', () => {
    const sets = ['Reader', 'Writer', 'Other'].map((name) => set(name));
    const { coverage } = planned({
      wanted: [set('Reader'), team],
      found: [...sets, owned(set('Old'), 'all'), team, given, attachment(FULL_AWS_ACCESS, 'root')],
    });
    expect(coverage.filter(({ kind }) => kind !== 'account' && kind !== 'ou')).toEqual([
      { kind: 'assignment', managed: 0, total: 1 },
      { kind: 'group', managed: 1, total: 1 },
      { kind: 'permission-set', managed: 2, total: 4 },
    ]);
  });

  it('does not call it adoption when something else changes too', () => {
    const [change] = planned({ wanted: [set('Reader', { description: 'x' })], found: [set('Reader')] }).changes;
    expect(change).not.toHaveProperty('adopts');
  });

  it('creates with scope all, and keeps the scope of what is ours', () => {
    const [change] = planned({ wanted: [scp('P')] }).changes;
    expect(change).toMatchObject({ action: 'create', after: { owner: 'securecart/aws-access', scope: 'all' } });
    expect(planned({ wanted: [scp('P')], found: [owned(scp('P'), 'declared')] }).changes).toEqual([]);
  });

  it('widens the scope of what `adopt` names', () => {
    const found = [owned(scp('P'), 'declared'), attachment('P', 'root')];
    const result = planned({ wanted: [scp('P')], found, settings: { adopt: ['scp/P'] } });
    expect(changed(result)).toEqual(['delete attachment/scp:P@root', 'update scp/P'].sort().reverse());
  });

  it('holds what belongs to another owner, and everything that depends on it', () => {
    const result = planned({
      wanted: [team, set('Reader'), given],
      found: [team, { ...set('Reader', { description: 'theirs' }), owner: 'other/repo', scope: 'all' }],
    });
    expect(result.changes).toEqual([]);
    expect(heldKeys(result).join()).toContain('permission-set/Reader: tagged for another owner, other/repo');
    expect(heldKeys(result).join()).toContain('assignment/group:Team:Reader@Dev');
  });

  it.each([
    ['ours with scope all', owned(set('Reader')), {}, ['delete assignment/group:Team:Reader@Dev'], []],
    ['adopted', owned(set('Reader'), 'declared'), {}, [], ['assignment/group:Team:Reader@Dev']],
  ] as const)('judges an undeclared assignment of a set that is %s', (_, found, settings, deletes, unmanaged) => {
    const result = planned({ wanted: [team, set('Reader')], found: [team, found, given], settings });
    expect(changed(result)).toEqual(deletes);
    expect(unmanagedKeys(result)).toEqual(unmanaged);
  });

  it('deletes undeclared assignments of any set in declared accounts when assignments are exclusive', () => {
    const found = [team, set('ByHand'), assignment('group:Team', 'ByHand', 'Dev')];
    const settings = { ownership: { assignments: 'exclusive' } } as const;
    expect(changed(planned({ wanted: [team], found, settings }))).toEqual(['delete assignment/group:Team:ByHand@Dev']);
    expect(changed(planned({ wanted: [team], found }))).toEqual([]);
  });

  it('leaves alone, without a word, what `ignore` names by name or by key', () => {
    const found = [
      team,
      owned(set('JIT-Admin')),
      assignment('group:Team', 'JIT-Admin', 'Dev'),
      scp('aws-guardrails-x'),
    ];
    const settings = { ignore: ['aws-guardrails-*', 'assignment/*:JIT-*@*', 'permission-set/JIT-*'] };
    const result = planned({ wanted: [team], found, settings });
    expect(changed(result)).toEqual([]);
    expect(unmanagedKeys(result)).toEqual([]);
  });

  it('deletes an owned set after its assignments, unless somebody else still uses it', () => {
    const found = [team, owned(set('Reader')), given];
    expect(changed(planned({ wanted: [team], found }))).toEqual([
      'delete assignment/group:Team:Reader@Dev',
      'delete permission-set/Reader',
    ]);
    const adopted = planned({ wanted: [team], found: [team, owned(set('Reader'), 'declared'), given] });
    expect(adopted.changes).toEqual([]);
    expect(heldKeys(adopted).join()).toContain('permission-set/Reader: still used by assignment/group:Team:Reader@Dev');
  });

  it('deletes an OU only when it is ours, undeclared and empty', () => {
    expect(changed(planned({ found: [owned(ou('Old'))] }))).toEqual(['delete ou/Old']);
    expect(unmanagedKeys(planned({ found: [ou('Old')] }))).toEqual(['ou/Old']);
    const full = planned({ found: [owned(ou('Old')), account('Stray', '333333333333', 'Old')] });
    expect(changed(full)).toEqual([]);
    expect(heldKeys(full).join()).toContain('ou/Old: still used by account/Stray');
  });

  it('deletes nested OUs from the inside', () => {
    expect(changed(planned({ found: [owned(ou('Old')), owned(ou('Old/In'))] }))).toEqual([
      'delete ou/Old/In',
      'delete ou/Old',
    ]);
  });

  it('deletes a group only when it is declared absent, with its members, and not while it is used', () => {
    const found = [team, membership('Team', 'ada')];
    expect(planned({ found }).changes).toEqual([]);
    const parts = { absent: ['group/Team'] };
    expect(changed(planned({ found, parts }))).toEqual(['delete membership/Team:ada', 'delete group/Team']);
    const used = planned({ found: [...found, set('ByHand'), assignment('group:Team', 'ByHand', 'Dev')], parts });
    expect(used.changes).toEqual([]);
    expect(heldKeys(used).join()).toContain('group/Team: still used by assignment/group:Team:ByHand@Dev');
  });

  it('manages members only where they are declared', () => {
    const found = [team, membership('Team', 'ada')];
    expect(planned({ wanted: [team], found }).changes).toEqual([]);
    const parts = { memberGroups: ['Team'] };
    expect(changed(planned({ wanted: [team], found, parts }))).toEqual(['delete membership/Team:ada']);
  });

  it('holds a group whose source is not what was declared, and what depends on it', () => {
    const result = planned({
      wanted: [team, membership('Team', 'bob')],
      found: [externalGroup('Team')],
      parts: { memberGroups: ['Team'] },
    });
    expect(result.changes).toEqual([]);
    expect(heldKeys(result)).toEqual([
      'group/Team: the group is synced from an external directory; declare it `source: external`',
      'membership/Team:bob: group/Team: the group is synced from an external directory; declare it `source: external`',
    ]);
  });

  it("believes that a group is external: AWS shows no external id of Okta's groups", () => {
    const result = planned({
      wanted: [externalGroup('Team')],
      found: [
        { ...team, description: 'Pushed' },
        { kind: 'membership', group: 'Team', user: 'bob' },
      ],
    });
    expect({ held: result.held, changes: result.changes }).toEqual({ held: [], changes: [] });
  });

  it('leaves out users and external groups that the identity store lacks, and lists what went with them', () => {
    const result = planned({
      wanted: [
        team,
        membership('Team', 'nobody'),
        externalGroup('Corp'),
        set('Reader'),
        assignment('group:Corp', 'Reader', 'Dev'),
      ],
      found: [team],
      parts: { memberGroups: ['Team'] },
    });
    expect(changed(result)).toEqual(['create permission-set/Reader']);
    expect(result.unresolved.map(({ name }) => name)).toEqual(['group/Corp', 'user/nobody']);
    expect(result.unresolved[0]?.message).toContain('assignment/group:Corp:Reader@Dev');
  });

  it('refuses a declared account that the organization does not have', () => {
    const wanted = desired([dev, account('Typo', '999999999999')]);
    expect(() => plan(wanted, live([dev]), NOW)).toThrow(/Typo \(999999999999\)/);
  });

  it('holds every change inside what was not read', () => {
    const wanted = desired([dev, team, set('Reader'), given]);
    const found = live([dev, team, owned(set('Reader'))], {
      unread: [{ scope: 'account/Dev', reason: 'AccessDenied' }],
    });
    const result = plan(wanted, found, NOW);
    expect(result.changes).toEqual([]);
    expect(heldKeys(result)).toEqual(['assignment/group:Team:Reader@Dev: account/Dev: not read: AccessDenied']);
  });

  it('neither creates nor reports the FullAWSAccess that AWS hangs up by itself, and takes it off where told', () => {
    const key = `attachment/scp:${FULL_AWS_ACCESS}@ou:Closed`;
    const wanted = [ou('Closed'), scp('P'), attachment('P', 'ou:Closed')];
    const result = planned({
      wanted,
      parts: { absent: [key], state: desired([dev, ...wanted], { absent: [key] }).state },
    });
    const removal = result.changes.find((change) => change.key === key);
    expect(removal).toMatchObject({ action: 'delete', phase: 'restrict' });
    const creation = result.changes.find((change) => change.key === 'ou/Closed');
    expect(removal?.dependsOn).toContain(creation?.id);
    expect(refused(result)).toEqual([]);
  });
});

describe('guards', () => {
  const many = ['a', 'b', 'c'].map((name) => owned(set(name)));
  const budgets = { delete: { 'permission-set': 2 } };

  it('refuse more deletions than the budget, until an exception says how many', () => {
    const keep = owned(set('keep'));
    const sides = { wanted: [keep], found: [keep, ...many] };
    expect(refused(planned({ ...sides, settings: { budgets } }))).toEqual(['delete-budget']);
    const exception = {
      guard: 'delete-budget',
      kind: 'permission-set',
      count: 3,
      until: '2026-12-01',
      reason: 'SEC-1',
    };
    expect(refused(planned({ ...sides, settings: { budgets, exceptions: [exception] } }))).toEqual([]);
    const tooFew = { ...exception, count: 2 };
    expect(refused(planned({ ...sides, settings: { budgets, exceptions: [tooFew] } }))).toEqual(['delete-budget']);
    const past = { ...exception, until: '2026-11-22' };
    expect(refused(planned({ ...sides, settings: { budgets, exceptions: [past] } }))).toEqual(['delete-budget']);
  });

  it('refuse to delete all there is of a kind', () => {
    expect(refused(planned({ found: many }))).toEqual(['empty-desired']);
  });

  it('refuse another organization, whatever the exceptions', () => {
    const exceptions = [{ guard: 'organization', until: '2027-01-01', reason: 'no' }];
    expect(refused(planned({ settings: { organization: 'o-other', exceptions } }))).toEqual(['organization']);
  });

  it('want break-glass whole: group, member, set and an assignment in every account', () => {
    const breakGlass = { group: 'Glass', permissionSet: 'Glass' };
    const whole = [
      group('Glass'),
      set('Glass'),
      membership('Glass', 'ada'),
      assignment('group:Glass', 'Glass', 'Dev'),
      assignment('group:Glass', 'Glass', 'Management'),
    ];
    const parts = { memberGroups: ['Glass'] };
    expect(refused(planned({ wanted: whole, parts, settings: { breakGlass } }))).toEqual([]);
    for (const missing of whole) {
      const wanted = whole.filter((one) => one !== missing);
      expect(refused(planned({ wanted, parts, settings: { breakGlass } }))).toContain('break-glass');
    }
  });

  it('want the members of break-glass listed', () => {
    const breakGlass = { group: 'Glass', permissionSet: 'Glass' };
    const rest = [set('Glass'), ...['Dev', 'Management'].map((on) => assignment('group:Glass', 'Glass', on))];
    const messages = (one: Resource): readonly string[] => {
      const wanted = [one, ...rest];
      const found = [...wanted, membership('Glass', 'ada')];
      return planned({ wanted, found, settings: { breakGlass } })
        .guards.filter(({ ok, id }) => !ok && id === 'break-glass')
        .map(({ message }) => message);
    };
    expect(messages(group('Glass'))).toEqual([
      expect.stringContaining('has no `members`, so that nobody is kept in it'),
    ]);
    expect(messages(externalGroup('Glass'))).toEqual([expect.stringContaining('is synced from elsewhere')]);
  });
});

describe('the management account', () => {
  it('stays in the OU where it lives, and so does the OU', () => {
    const home = { ...owned(ou('Home')) };
    const inside = account(MANAGEMENT, '111111111111', 'Home');
    const result = planned({ found: [home, inside] });
    expect(changed(result)).toEqual([]);
    expect(heldKeys(result)).toEqual(['ou/Home: still used by account/Management, which is not ours to remove']);
  });
});
