import { describe, expect, it } from 'vitest';
import type { Desired, Settings } from '../../src/model/desired.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { Statement } from '../../src/model/policy.ts';
import type { PermissionSet, Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import {
  NOW,
  account,
  allow,
  assignment,
  attachment,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  ou,
  owned,
  scp,
  scpType,
  set,
} from '../support/build.ts';

const dev = account('Dev', '222222222222', 'Old');
const paths = [owned(ou('Old')), owned(ou('New'))];
const basics = [...paths, dev, group('Team'), group('Other')];

type Parts = Partial<Omit<Desired, 'settings'>> & { readonly settings?: Partial<Settings> };
const planned = (wanted: readonly Resource[], found: readonly Resource[], parts: Parts = {}): Plan =>
  plan(desired([...basics, ...wanted], parts), live([...basics, ...found]), NOW);
const lines = ({ changes }: Plan): readonly string[] =>
  changes.map(({ phase, action, key, temporary }) => `${phase}: ${action} ${key}${temporary ? ' (temporary)' : ''}`);
const refused = ({ guards }: Plan): readonly string[] => guards.filter(({ ok }) => !ok).map(({ id }) => id);
const waitsFor = ({ changes }: Plan, change: Change): readonly string[] =>
  change.dependsOn.map((id) => changes.find((one) => one.id === id)?.key ?? '');

describe('the document of an SCP that hangs somewhere', () => {
  const hung = attachment('P', 'root');
  const edit = (before: readonly Statement[], after: readonly Statement[]): Plan =>
    planned([scp('P', document(...after)), hung], [owned(scp('P', document(...before))), hung]);

  it.each([
    ['forbids more', [deny('a:*')], [deny('a:*'), deny('b:*')], ['restrict: update scp/P']],
    ['forbids less', [deny('a:*'), deny('b:*')], [deny('a:*')], ['relax: update scp/P']],
    ['allows less', [allow('a:*'), allow('b:*')], [allow('a:*')], ['restrict: update scp/P']],
    ['does both', [deny('a:*')], [deny('b:*')], ['restrict: update scp/P', 'relax: update scp/P']],
    ['renames a statement', [deny('a:*')], [{ ...deny('a:*'), Sid: 'A' }], ['prepare: update scp/P']],
    ['only moves statements', [deny('a:*'), deny('b:*')], [deny('b:*'), deny('a:*')], []],
  ] as const)('that %s', (_, before, after, expected) => {
    expect(lines(edit([...before], [...after]))).toEqual(expected);
  });

  it('holds the old and the new denials together between its two steps', () => {
    const [first, second] = edit([deny('a:*')], [deny('b:*')]).changes;
    expect(first).toMatchObject({ after: { document: document(deny('b:*'), deny('a:*')) } });
    expect(second).toMatchObject({ dependsOn: [first?.id], risk: 'critical' });
  });

  it('is refused when both sides allow something of their own', () => {
    expect(refused(edit([allow('a:*')], [allow('b:*')]))).toEqual(['policy-order']);
  });

  it('is refused when both together are too long, unless an exception names the guard', () => {
    const long = (letter: string) => scp('P', document(deny(`${letter}:${letter.repeat(6000)}`)));
    const found = [owned(long('a')), hung];
    expect(refused(planned([long('b'), hung], found))).toEqual(['policy-order']);
    const exceptions = [{ guard: 'policy-order', key: 'scp/P', until: '2027-01-01', reason: 'x' }];
    expect(refused(planned([long('b'), hung], found, { settings: { exceptions } }))).toEqual([]);
  });

  it('is edited before all else where it hangs nowhere', () => {
    const result = planned([scp('P', document(deny('b:*')))], [owned(scp('P', document(deny('a:*'))))]);
    expect(lines(result)).toEqual(['prepare: update scp/P']);
  });
});

describe('an account that moves', () => {
  const moved = account('Dev', '222222222222', 'New');
  const move = (before: readonly string[], after: readonly string[]): Plan => {
    const hang = (old: readonly string[], next: readonly string[]) => [
      ...old.map((name) => attachment(name, 'ou:Old')),
      ...next.map((name) => attachment(name, 'ou:New')),
    ];
    const all = [...hang(before, after), owned(scp('P')), owned(scp('Q', document(deny('b:*'))))];
    return planned([...all, moved], all);
  };

  it('goes in restrict when it only gains guard rails', () => {
    expect(lines(move(['P'], ['P', 'Q']))).toEqual(['restrict: update account/Dev']);
  });

  it('goes in relax when it only loses some', () => {
    expect(lines(move(['P', 'Q'], ['P']))).toEqual(['relax: update account/Dev']);
  });

  it('carries along what it loses when it also gains', () => {
    const result = move(['P'], ['Q']);
    expect(lines(result)).toEqual([
      'restrict: create attachment/scp:P@account:Dev (temporary)',
      'restrict: update account/Dev',
      'relax: delete attachment/scp:P@account:Dev (temporary)',
    ]);
    const [, away, down] = result.changes as [Change, Change, Change];
    expect(waitsFor(result, away)).toEqual(['attachment/scp:P@account:Dev']);
    expect(waitsFor(result, down)).toContain('account/Dev');
  });

  it('waits for the guard rails of its new path, and the old ones for it', () => {
    const result = planned([scp('P'), attachment('P', 'ou:New'), moved], [owned(scp('P')), attachment('P', 'ou:Old')]);
    expect(lines(result)).toEqual([
      'restrict: create attachment/scp:P@ou:New',
      'restrict: update account/Dev',
      'relax: delete attachment/scp:P@ou:Old',
    ]);
    expect(waitsFor(result, result.changes[1] as Change)).toEqual(['attachment/scp:P@ou:New']);
    expect(waitsFor(result, result.changes[2] as Change)).toEqual(['account/Dev']);
  });
});

describe('slots', () => {
  const names = Array.from({ length: 9 }, (_, at) => `P${at}`);
  const found = [...names.map((name) => owned(scp(name))), ...names.map((name) => attachment(name, 'ou:Old'))];
  const wanted = [
    ...found.filter((one) => one.kind === 'scp'),
    ...names.slice(1).map((name) => attachment(name, 'ou:Old')),
  ];
  const next = [scp('New'), attachment('New', 'ou:Old')];

  it('attaches before it detaches while one is free', () => {
    const spare = { settings: { quotas: { scpsPerTarget: 11 } } };
    const result = planned([...wanted, ...next], found, spare);
    expect(lines(result).slice(1)).toEqual([
      'restrict: create attachment/scp:New@ou:Old',
      'relax: delete attachment/scp:P0@ou:Old',
    ]);
    expect(refused(result)).toEqual([]);
  });

  it('refuses to detach first, unless an exception allows that gap', () => {
    const result = planned([...wanted, ...next], found);
    expect(refused(result)).toEqual(['policy-slots']);
    expect(lines(result).slice(1)).toEqual([
      'restrict: delete attachment/scp:P0@ou:Old',
      'restrict: create attachment/scp:New@ou:Old',
    ]);
    const exceptions = [{ guard: 'policy-slots', until: '2027-01-01', reason: 'x' }];
    expect(refused(planned([...wanted, ...next], found, { settings: { exceptions } }))).toEqual([]);
  });
});

describe('enabling service control policies', () => {
  it('counts FullAWSAccess as hung up by AWS, and comes before the rest', () => {
    const state = live(basics).state;
    const without = Object.fromEntries(
      Object.entries(state).filter(([, one]) => one.kind !== 'attachment' && one.kind !== 'policy-type'),
    );
    const wanted = desired([...basics, scp('P'), attachment('P', 'root')]);
    const result = plan(wanted, live([], { state: without }), NOW);
    expect(lines(result)).toEqual([
      'prepare: create policy-type/SERVICE_CONTROL_POLICY',
      'prepare: create scp/P',
      'restrict: create attachment/scp:P@root',
    ]);
    expect(scpType.type).toBe('SERVICE_CONTROL_POLICY');
  });
});

describe('a permission set', () => {
  const arn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
  const wide = set('S', { managedPolicies: [arn('A'), arn('B')] });
  const narrow = set('S', { managedPolicies: [arn('A')] });
  const edit = (before: PermissionSet, after: PermissionSet): readonly string[] =>
    lines(planned([after], [owned(before)]));

  it.each([
    ['loses a policy', wide, narrow, 'revoke'],
    ['gains a policy', narrow, wide, 'grant'],
    ['swaps a policy', set('S', { managedPolicies: [arn('B')] }), narrow, 'grant'],
    ['is shortened', set('S', { sessionDuration: 7200 }), set('S'), 'revoke'],
    ['is not provisioned everywhere', set('S', { outdatedIn: ['Dev'] }), set('S'), 'revoke'],
    ['gets another description', set('S'), set('S', { description: 'x' }), 'grant'],
  ] as const)('that %s', (_, before, after, phase) => {
    expect(edit(before, after)).toEqual([`${phase}: update permission-set/S`]);
  });

  it('is narrowed before a new holder gets it', () => {
    const given = assignment('group:Team', 'S', 'Dev');
    const result = planned([narrow, given], [owned(wide)]);
    expect(lines(result)).toEqual(['revoke: update permission-set/S', 'revoke: create assignment/group:Team:S@Dev']);
  });

  it('is widened after an old holder has lost it', () => {
    const given = assignment('group:Team', 'S', 'Dev');
    expect(lines(planned([wide], [owned(narrow), given]))).toEqual([
      'revoke: delete assignment/group:Team:S@Dev',
      'revoke: update permission-set/S',
    ]);
  });

  it('is renamed by create, assign, unassign, delete', () => {
    const result = planned(
      [set('Next'), assignment('group:Team', 'Next', 'Dev')],
      [owned(set('S')), assignment('group:Team', 'S', 'Dev')],
      { previously: { 'permission-set/Next': ['S'] } },
    );
    expect(lines(result)).toEqual([
      'grant: create permission-set/Next',
      'grant: create assignment/group:Team:Next@Dev',
      'revoke: delete assignment/group:Team:S@Dev',
      'remove: delete permission-set/S',
    ]);
    expect(waitsFor(result, result.changes[2] as Change)).toEqual(['assignment/group:Team:Next@Dev']);
  });
});

describe('a revocation', () => {
  const S = owned(set('S'));
  it('waits for what gives the same person something in the same account, and for nothing else', () => {
    const members = [membership('Team', 'ada'), membership('Other', 'ada'), membership('Other', 'bob')];
    const result = planned(
      [S, ...members, assignment('group:Other', 'S', 'Dev'), assignment('user:cyd', 'S', 'Dev')],
      [S, ...members, assignment('group:Team', 'S', 'Dev')],
    );
    const revoke = result.changes.find(({ action }) => action === 'delete') as Change;
    expect(waitsFor(result, revoke)).toEqual(['assignment/group:Other:S@Dev']);
  });

  it('of a group that moves aside for another in a circle goes first, and the plan says so', () => {
    const T = owned(set('T', { managedPolicies: ['x'] }));
    const widened = (one: PermissionSet): PermissionSet => ({ ...one, managedPolicies: [...one.managedPolicies, 'y'] });
    const result = planned(
      [widened(S), widened(T), assignment('group:Team', 'T', 'Dev'), assignment('group:Other', 'S', 'Dev')],
      [S, T, assignment('group:Team', 'S', 'Dev'), assignment('group:Other', 'T', 'Dev')],
    );
    expect(result.interruptions.map(({ principal, account: where }) => `${principal} ${where}`)).toEqual([
      'group:Other Dev',
      'group:Team Dev',
    ]);
  });
});

describe('names', () => {
  it('are changed by one update of the new key, before anything uses it', () => {
    const parts = { previously: { 'group/Crew': ['Team'], 'ou/Newer': ['New'] } };
    const renamed = [owned(ou('Old')), ou('Newer'), dev, group('Crew'), group('Other'), membership('Crew', 'ada')];
    const result = plan(desired(renamed, { ...parts, memberGroups: ['Crew'] }), live(basics), NOW);
    expect(lines(result)).toEqual([
      'prepare: update group/Crew',
      'prepare: update ou/Newer',
      'grant: create membership/Crew:ada',
    ]);
    expect(result.changes[0]).toMatchObject({ before: { name: 'Team' }, after: { name: 'Crew' } });
    expect(result.changes.slice(2).map((change) => waitsFor(result, change))).toEqual([['group/Crew']]);
  });
});
