import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Desired, Settings } from '../../src/model/desired.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { GuardResult, Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { evaluatedGuards } from '../../src/plan/guards/evaluated.ts';
import { guards } from '../../src/plan/guards/guards.ts';
import { plan } from '../../src/plan/plan.ts';
import { exposureGuard, withProof } from '../../src/plan/proof/plan.ts';
import {
  MANAGEMENT,
  NOW,
  account,
  allow,
  assignment,
  attachment,
  deny,
  desired,
  document,
  externalGroup,
  group,
  live,
  membership,
  ou,
  owned,
  role,
  scp,
  set,
  trusting,
} from '../support/build.ts';

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const actions = ['s3:GetObject', 'iam:CreateUser'].map((text) => {
  const [service = '', name = ''] = text.split(':');
  return { service, name, level: 'Write' as const };
});
const knowledge = {
  actions: { version: 'test', actions },
  policies: {
    date: '2026-11-23',
    names: () => ['AdministratorAccess'],
    arnOf: () => administrator,
    has: (arn: string) => arn === administrator,
    document: (arn: string) => (arn === administrator ? document(allow('*')) : undefined),
  },
};

const dev = account('Dev', '222222222222', 'Work');
const base: readonly Resource[] = [owned(ou('Work')), dev, group('Glass'), group('Team'), externalGroup('Corp')];
const glassSet = set('Glass', { managedPolicies: [administrator] });
const glass: readonly Resource[] = [
  membership('Glass', 'ada'),
  assignment('group:Glass', 'Glass', 'Dev'),
  assignment('group:Glass', 'Glass', MANAGEMENT),
];
const breakGlass = { group: 'Glass', permissionSet: 'Glass' };
const dated = { until: '2026-12-01', reason: 'SEC-1' };

type Case = {
  readonly found?: readonly Resource[];
  readonly wanted?: readonly Resource[];
  readonly parts?: Partial<Omit<Desired, 'settings'>>;
  readonly settings?: Partial<Settings>;
  readonly live?: Partial<Live>;
};

const planned = ({ found = [], wanted = [], parts = {}, settings = {}, live: more = {} }: Case): Plan => {
  const want = desired([...base, glassSet, ...glass, ...wanted], {
    memberGroups: ['Glass', 'Team'],
    ...parts,
    settings: { breakGlass, ...settings },
  });
  const have = live([...base, owned(glassSet), ...glass, ...found], more);
  return withProof(plan(want, have, NOW), { desired: want, live: have, knowledge });
};

const refusing = ({ guards: results }: Plan): readonly GuardResult[] => results.filter(({ ok }) => !ok);
const idsOf = (results: readonly GuardResult[]): readonly string[] => [...new Set(results.map(({ id }) => id))];

const writer = set('Writer', { inlinePolicy: document(allow('s3:*')) });
const reader = assignment('group:Team', 'Writer', 'Dev');
const delegated = { delegatedAdministrator: 'Dev', reconciler: { plan: 'gatehouse/Plan', apply: 'gatehouse/Apply' } };
const rails = (document_: ReturnType<typeof document>, on: string): readonly Resource[] => [
  scp('P', document_),
  attachment('P', on),
];
const many = (count: number): readonly Resource[] =>
  Array.from({ length: count }, (_, at) => assignment(`group:Corp${at}`, 'Writer', 'Dev'));

/** Who can read an account finds the role there that let them in. */
const entry = role('Member', 'Dev');
const named = { customerManagedPolicies: [{ name: 'P', path: '/' }] };

/** Each guard with a plan that it, and possibly a near relative, refuses. */
const cases: Readonly<Record<string, Case>> = {
  organization: { settings: { organization: 'o-other' } },
  'foreign-owner': {},
  'external-group': {},
  'break-glass': { settings: { breakGlass: { group: 'Nobody', permissionSet: 'Glass' } } },
  'break-glass-access': { wanted: rails(document(deny('iam:PutRolePolicy')), 'root') },
  'reconciler-access': { settings: delegated, wanted: rails(document(deny('sso:*')), 'ou:Work') },
  'full-aws-access': {},
  'allow-list': {
    parts: { absent: ['attachment/scp:FullAWSAccess@ou:Work'] },
    wanted: rails(document(deny('s3:*')), 'ou:Work'),
  },
  'delete-budget': {
    found: [owned(writer), reader],
    wanted: [writer],
    settings: { budgets: { delete: { assignment: 0 } } },
  },
  'empty-desired': { found: [owned(scp('P')), attachment('P', 'root')], wanted: [] },
  quota: {
    found: [owned(writer), ...Array.from({ length: 3 }, (_, at) => externalGroup(`Corp${at}`))],
    wanted: [writer, ...Array.from({ length: 3 }, (_, at) => externalGroup(`Corp${at}`)), ...many(3)],
    settings: { quotas: { groupsPerSetAndAccount: 2 } },
  },
  'management-account': {
    settings: delegated,
    wanted: [ou('New')],
    live: { callerAccountId: '222222222222' },
  },
  'delegate-escalation': { settings: delegated },
  'policy-order': {
    found: [owned(scp('P', document(allow('s3:*')))), attachment('P', 'ou:Work')],
    wanted: rails(document(allow('ec2:*')), 'ou:Work'),
  },
  'policy-slots': {
    found: [owned(scp('P')), attachment('P', 'ou:Work')],
    wanted: [scp('Q'), attachment('Q', 'ou:Work')],
    settings: { quotas: { scpsPerTarget: 2 } },
  },
  'customer-policy': {
    found: [entry, owned(set('Named', named)), assignment('group:Team', 'Named', MANAGEMENT)],
    wanted: [
      set('Named', named),
      assignment('group:Team', 'Named', MANAGEMENT),
      assignment('group:Team', 'Named', 'Dev'),
    ],
  },
  'oidc-provider': {
    found: [entry],
    wanted: [role('R', 'Dev', { trust: trusting({ Federated: 'arn:aws:iam::222222222222:oidc-provider/host' }) })],
  },
  'trusted-role': {
    found: [entry],
    wanted: [role('R', 'Dev', { trust: trusting({ AWS: 'arn:aws:iam::222222222222:role/Other' }) })],
  },
  'account-move': {},
  exposure: {
    found: [owned(writer), reader, owned(scp('P')), attachment('P', 'ou:Work')],
    wanted: [writer, reader, scp('Q'), attachment('Q', 'ou:Work')],
    settings: { quotas: { scpsPerTarget: 2 } },
  },
};

const all = [...guards, ...evaluatedGuards];
const absolute = new Set(all.filter((guard) => guard.absolute).map(({ id }) => id));

describe('the guards', () => {
  it('agree to a plan that does nothing wrong', () => {
    expect(refusing(planned({ wanted: [writer, reader] }))).toEqual([]);
  });

  // What their own rules hold back first never reaches these: they watch the rules.
  const unreachable = ['foreign-owner', 'external-group', 'full-aws-access', 'account-move'];
  const reachable = Object.entries(cases).filter(([id]) => !unreachable.includes(id));

  it.each(reachable)('refuse by %s, with what to do', (id, one) => {
    const result = refusing(planned(one)).filter((guard) => guard.id === id);
    expect(result.length).toBeGreaterThan(0);
    expect(result[0]?.message).toMatch(/[.}]$/);
    expect(result[0]?.message.split('. ').length).toBeGreaterThan(1);
  });

  it.each(reachable)('let an exception lift %s where the guard is not absolute', (id, one) => {
    const exceptions = [{ guard: id, ...dated }];
    const result = planned({ ...one, settings: { ...one.settings, exceptions } });
    expect(idsOf(refusing(result)).includes(id)).toBe(absolute.has(id));
    const notes = result.notes.filter(({ message }) => message.startsWith('critical: ') && message.includes(id));
    expect(notes.length > 0).toBe(!absolute.has(id));
  });

  it.each(reachable)('take no exception for %s that has ended', (id, one) => {
    const exceptions = [{ guard: id, until: '2026-11-22', reason: 'SEC-1' }];
    expect(idsOf(refusing(planned({ ...one, settings: { ...one.settings, exceptions } })))).toContain(id);
  });

  it('have a line each in docs/guards.md, which says whether an exception lifts them', () => {
    const lines = readFileSync('docs/guards.md', 'utf8').split('\n');
    const table = lines.flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return /^`[a-z-]+`$/.test(cells[1] ?? '') ? [[(cells[1] ?? '').slice(1, -1), cells[4] === 'never']] : [];
    });
    const code = [...all.map(({ id, absolute: never }) => [id, never === true]), [exposureGuard, false]];
    expect([...table].sort()).toEqual([...code].sort());
    expect(Object.keys(cases).sort()).toEqual(code.map(([id]) => id).sort());
  });
});

describe('break-glass', () => {
  it('may be built by the plan, and must stand from then on', () => {
    const want = desired([...base, glassSet, ...glass], { memberGroups: ['Glass'], settings: { breakGlass } });
    const have = live(base);
    expect(refusing(withProof(plan(want, have, NOW), { desired: want, live: have, knowledge }))).toEqual([]);
  });

  it('is refused by name, with the moment and the policy that is in its way', () => {
    const [result] = refusing(planned(cases['break-glass-access'] ?? {}));
    expect(result?.message).toBe(
      'Break-glass would not work in Dev after the phase restrict: iam:PutRolePolicy (P denies it). Except its roles by their protected path in the guard rail, or restore what is missing.',
    );
  });

  it('passes a guard rail that excepts its role', () => {
    const excepted = {
      ...deny('iam:PutRolePolicy'),
      Condition: {
        ArnNotLike: {
          'aws:PrincipalArn':
            'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Glass_????????????????',
        },
      },
    };
    expect(refusing(planned({ wanted: rails(document(excepted), 'root') }))).toEqual([]);
  });
});
