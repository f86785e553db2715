import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { ACCOUNT_ACCESS } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import { asDrift } from '../../src/plan/access/drift.ts';
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
  entitlement,
  entitling,
  group,
  live,
  membership,
  owned,
  role,
  scp,
  set,
  settingsPolicy,
} from '../support/build.ts';
import { withAccess } from '../support/stages.ts';
import { situationOf } from '../../src/plan/situation/situation.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
const base: readonly Resource[] = [
  account('Dev', '222222222222'),
  account('Prod', '333333333333'),
  group('Devs'),
  membership('Devs', 'ada'),
  group('Ops'),
  group('Glass'),
  membership('Glass', 'bob'),
];

type Told = { readonly planned: Plan; readonly drift: Plan };

const told = (has: readonly Resource[], wanted: readonly Resource[], without: readonly string[] = []): Told => {
  const want = desired([...base, ...wanted], {
    accountTags: { Prod: { env: 'prod' } },
    memberGroups: ['Devs', 'Glass'],
    settings: { breakGlass: { group: 'Glass', permissionSet: 'Glass' } },
  });
  const had = [...base, ...has].filter((one) => one.kind !== 'membership' || !without.includes(one.user));
  const input = { desired: want, live: live(had), knowledge };
  const planned = withAccess(plan(want, input.live, NOW), input);
  return { planned, drift: asDrift(planned, { ...input, situation: situationOf(want, input.live) }) };
};

const administrator = owned(set('Admin', { managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] }));
const reader = owned(set('Reader', { inlinePolicy: document(allow('s3:ListAllMyBuckets')) }));
const changeIn = ({ changes }: Plan, key: string): Change | undefined => changes.find((change) => change.key === key);
const judgment = (change: Change | undefined): string =>
  `${change?.risk ?? 'no change'}: ${(change?.riskReasons ?? []).join(' | ')}`;

const s3Type: Resource = { kind: 'policy-type', type: 'S3_POLICY' };
const blocking = (value: 'all' | 'none') =>
  owned(
    settingsPolicy('s3-policy', 'Block', {
      s3_attributes: { public_access_block_configuration: { '@@assign': value } },
    }),
  );
const blocks: Resource = { kind: 'attachment', policy: { kind: 's3-policy', name: 'Block' }, target: { type: 'root' } };

describe('the risk of drift of settings', () => {
  const path = 's3_attributes.public_access_block_configuration';

  it('is that of what was switched off, though switching it on again is harmless', () => {
    const { planned, drift } = told([s3Type, blocking('all')], [s3Type, blocking('all'), blocks]);
    expect(planned.effective).toEqual([
      expect.objectContaining({
        kind: 's3-policy',
        accounts: ['Dev', 'Management', 'Prod'],
        changes: [{ path, after: 'all' }],
        risk: 'medium',
      }),
    ]);
    expect(drift.effective?.map(({ risk }) => risk)).toEqual(['high']);
    expect(judgment(changeIn(drift, 'attachment/s3-policy:Block@root'))).toMatch(/^high: settings-changed/);
    expect(judgment(changeIn(planned, 'attachment/s3-policy:Block@root'))).toMatch(/^medium: settings-added/);
  });

  it('is high where a plan switches it off: by its document, its attachment or the whole policy', () => {
    const on = [s3Type, blocking('all'), blocks];
    const off = told(on, [s3Type, blocking('none'), blocks]).planned;
    expect(judgment(changeIn(off, 's3-policy/Block'))).toMatch(/^high: settings-changed/);
    expect(off.effective?.map(({ changes }) => changes)).toEqual([[{ path, before: 'all', after: 'none' }]]);
    const detached = told(on, [s3Type, blocking('all')]).planned;
    expect(judgment(changeIn(detached, 'attachment/s3-policy:Block@root'))).toMatch(/^high: settings-changed/);
    const gone = told(on, [s3Type]).planned;
    expect(gone.changes.map(({ key, phase }) => `${phase} ${key}`)).toEqual([
      'remove attachment/s3-policy:Block@root',
      'remove s3-policy/Block',
    ]);
  });

  it('is no business of guards: what they ask of is the same without it', () => {
    const { planned } = told([s3Type], [s3Type, blocking('all'), blocks]);
    expect(planned.changes.map(({ phase }) => phase)).toEqual(['prepare', 'prepare']);
    expect(planned.access).toEqual([]);
  });
});

describe('the risk of drift', () => {
  it('is that of what somebody gave by hand, though taking it away again is harmless', () => {
    const key = 'assignment/group:Devs:Admin@Prod';
    const { planned, drift } = told([administrator, assignment('group:Devs', 'Admin', 'Prod')], [administrator]);
    expect(judgment(changeIn(planned, key))).toBe('low: access-lost: takes away');
    expect(judgment(changeIn(drift, key))).toMatch(/^critical: administrator: nearly every action on every resource/);
    expect(drift.access).toMatchObject([{ principal: 'group:Devs', risk: 'critical', lost: [{ actions: ['*'] }] }]);
  });

  it('is that of a guard rail that was taken off, and the reasons speak of what AWS has', () => {
    const rail = owned(scp('NoBuckets', document(deny('s3:*'))));
    const all = [rail, administrator, assignment('group:Devs', 'Admin', 'Prod')];
    const { drift } = told(all, [...all, attachment('NoBuckets', 'account:Prod')]);
    expect(judgment(changeIn(drift, 'attachment/scp:NoBuckets@account:Prod'))).toBe(
      'critical: guard-rail-weakened: opens something to group:Devs',
    );
  });

  it('is that of the way in for emergencies, when somebody was taken out of it', () => {
    const { drift } = told([], [], ['bob']);
    expect(judgment(changeIn(drift, 'membership/Glass:bob'))).toMatch(/^critical: .*break-glass: /);
  });

  it('is that of putting it right where that gives more than what somebody took, and says so', () => {
    const all = [administrator, assignment('group:Devs', 'Admin', 'Prod')];
    const { planned, drift } = told([administrator], all);
    const key = 'assignment/group:Devs:Admin@Prod';
    expect(changeIn(planned, key)?.risk).toBe('critical');
    expect(judgment(changeIn(drift, key))).toMatch(/^critical: administrator: .* \(when it is put right\)/);
  });

  it('stands first where it is greatest, and leaves ids and fingerprint as they are', () => {
    const has = [
      administrator,
      reader,
      assignment('group:Devs', 'Admin', 'Prod'),
      assignment('group:Ops', 'Reader', 'Dev'),
      assignment('group:Devs', 'Reader', 'Dev'),
    ];
    const { planned, drift } = told(has, [administrator, reader]);
    expect(drift.changes.map(({ risk }) => risk)).toEqual(['critical', 'low', 'low']);
    expect(drift.fingerprint).toBe(planned.fingerprint);
    expect(drift.changes.map(({ id }) => id).sort()).toEqual(planned.changes.map(({ id }) => id).sort());
  });
});

describe('account access manager that has lost its application', () => {
  const reading = owned(role('Reader', 'Dev', { trust: entitling }));
  const wanted = [
    ...base,
    reading,
    entitlement('group:Devs', 'Reader', 'Dev'),
    entitlement('user:bob', 'Reader', 'Dev'),
  ];
  const want = desired(wanted, { memberGroups: ['Devs', 'Glass'] });
  const driftWith = (accountAccess: 'none' | 'unknown'): Plan => {
    const unread = [{ scope: ACCOUNT_ACCESS, reason: 'no application' }];
    const input = { desired: want, live: { ...live([...base, reading]), accountAccess, unread }, knowledge };
    const planned = withAccess(plan(want, input.live, NOW), input);
    return asDrift(planned, { ...input, situation: situationOf(want, input.live) });
  };

  it('has taken the role from everybody who was on it, which is critical', () => {
    const drift = driftWith('none');
    expect(drift.held).toHaveLength(2);
    expect(drift.grants?.map(({ change, who, what, where, risk }) => [change, who, what, where, risk])).toEqual([
      ['gets', 'Devs', 'Reader', ['Dev'], 'critical'],
      ['gets', 'bob', 'Reader', ['Dev'], 'critical'],
    ]);
    expect(drift.grants?.[0]?.riskReasons).toEqual([expect.stringMatching(/^application-lost: /)]);
  });

  it('is not supposed where it does not answer', () => {
    expect(driftWith('unknown').grants ?? []).toEqual([]);
  });
});
