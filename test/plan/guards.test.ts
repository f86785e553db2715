import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Desired, Settings } from '../../src/model/desired.ts';
import type { Live } from '../../src/model/cloud.ts';
import { isAbsoluteGuard, liftableGuards } from '../../src/model/guard.ts';
import type { Change, GuardResult, Plan } from '../../src/model/plan.ts';
import type { Statement } from '../../src/model/policy.ts';
import type { Key, Resource, ResourcePolicy } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { evaluatedGuards } from '../../src/plan/guards/evaluated.ts';
import { liftedNotes, resultsOf } from '../../src/plan/guards/guard.ts';
import { guards } from '../../src/plan/guards/guards.ts';
import { plan } from '../../src/plan/plan.ts';
import { project } from '../../src/plan/situation/project.ts';
import { exposureGuard } from '../../src/plan/proof/plan.ts';
import { situationOf } from '../../src/plan/situation/situation.ts';
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
import { withProof } from '../support/stages.ts';

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
  /** Keys that everybody has and this organization does not. */
  readonly missing?: readonly Key[];
  /** What our own rules hold back, planned all the same. */
  readonly slipped?: readonly Change[];
};

const sides = ({ found = [], wanted = [], parts = {}, settings = {}, live: more = {}, missing = [] }: Case) => {
  const have = live([...base, owned(glassSet), ...glass, ...found], more);
  const state = Object.fromEntries(Object.entries(have.state).filter(([key]) => !missing.includes(key)));
  return {
    live: { ...have, state },
    desired: desired([...base, glassSet, ...glass, ...wanted], {
      memberGroups: ['Glass', 'Team'],
      ...parts,
      settings: { breakGlass, ...settings },
    }),
  };
};

const planned = (one: Case): Plan => {
  const { desired: want, live: have } = sides(one);
  const whole = withProof(plan(want, have, NOW), { desired: want, live: have, knowledge });
  if (one.slipped === undefined) return whole;
  const situation = situationOf(want, have);
  const changes = one.slipped;
  const guarded = {
    situation,
    changes,
    result: project(situation.current, changes),
    gaps: [],
    today: NOW.slice(0, 10),
  };
  return { ...whole, guards: resultsOf(guards, guarded), notes: liftedNotes(guards, guarded) };
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

const bucketPolicy = (...list: readonly Statement[]): ResourcePolicy => ({
  kind: 'resource-policy',
  resource: 'arn:aws:s3:::pictures',
  account: 'Dev',
  region: 'eu-west-1',
  document: document(...list),
});

const many = (count: number): readonly Resource[] =>
  Array.from({ length: count }, (_, at) => assignment(`group:Corp${at}`, 'Writer', 'Dev'));

/** Who can read an account finds the role there that let them in. */
const entry = role('Member', 'Dev');
const named = { customerManagedPolicies: [{ name: 'P', path: '/' }] };

const slip = (after: Resource, before?: Resource): Change => {
  const common = { id: 'x', kind: after.kind, key: keyOf(after), phase: 'grant', risk: 'low', dependsOn: [] } as const;
  return before === undefined ? { ...common, action: 'create', after } : { ...common, action: 'update', before, after };
};

const foreign = { ...scp('Theirs'), owner: 'another/repository' };
const listed = [scp('List', document(allow('*'))), attachment('List', 'ou:Work')];
const openWork = 'attachment/scp:FullAWSAccess@ou:Work';

/** Each guard with a plan that it, and possibly a near relative, refuses. */
const cases: Readonly<Record<string, Case>> = {
  organization: { settings: { organization: 'o-other' } },
  'foreign-owner': { slipped: [slip({ ...foreign, description: 'ours' }, foreign)] },
  'external-group': { slipped: [slip(membership('Corp', 'ada'))] },
  'break-glass': { settings: { breakGlass: { group: 'Nobody', permissionSet: 'Glass' } } },
  'break-glass-access': { wanted: rails(document(deny('iam:PutRolePolicy')), 'root') },
  'reconciler-access': { settings: delegated, wanted: rails(document(deny('sso:*')), 'ou:Work') },
  'resource-lockout': { wanted: [bucketPolicy({ ...deny('s3:*'), Principal: '*' })] },
  'full-aws-access': {
    found: [{ ...ou('Theirs'), owner: 'another/repository' }],
    wanted: [ou('Theirs')],
    missing: ['attachment/scp:FullAWSAccess@ou:Theirs'],
  },
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
    live: { callerAccountId: '222222222222' },
    slipped: [slip(ou('New'))],
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
  'account-move': {
    found: [...listed, owned(ou('Sand')), owned(scp('Q')), attachment('Q', 'ou:Sand')],
    wanted: [...listed, { ...dev, parent: 'Sand' }, ou('Sand'), scp('Q'), attachment('Q', 'ou:Sand')],
    parts: { absent: [openWork] },
    missing: [openWork],
  },
  exposure: {
    found: [owned(writer), reader, owned(scp('P')), attachment('P', 'ou:Work')],
    wanted: [writer, reader, scp('Q'), attachment('Q', 'ou:Work')],
    settings: { quotas: { scpsPerTarget: 2 } },
  },
};

const all = [...guards, ...evaluatedGuards];
const absolute = new Set<string>(all.map(({ id }) => id).filter(isAbsoluteGuard));

describe('the guards', () => {
  it('agree to a plan that does nothing wrong', () => {
    expect(refusing(planned({ wanted: [writer, reader] }))).toEqual([]);
  });

  it.each(Object.entries(cases))('refuse by %s, with what to do', (id, one) => {
    const result = refusing(planned(one)).filter((guard) => guard.id === id);
    expect(result.length).toBeGreaterThan(0);
    expect(result[0]?.message).toMatch(/[.}]$/);
    expect(result[0]?.message.split('. ').length).toBeGreaterThan(1);
  });

  it.each(Object.entries(cases))('let an exception lift %s where the guard is not absolute', (id, one) => {
    const exceptions = [{ guard: id, ...dated }];
    const result = planned({ ...one, settings: { ...one.settings, exceptions } });
    expect(idsOf(refusing(result)).includes(id)).toBe(absolute.has(id));
    const notes = result.notes.filter(({ message }) => message.startsWith('critical: ') && message.includes(id));
    expect(notes.length > 0).toBe(!absolute.has(id));
  });

  it.each(Object.entries(cases))('take no exception for %s that has ended', (id, one) => {
    const exceptions = [{ guard: id, until: '2026-11-22', reason: 'SEC-1' }];
    expect(idsOf(refusing(planned({ ...one, settings: { ...one.settings, exceptions } })))).toContain(id);
  });

  it('say what they refuse and what to do', () => {
    const said = Object.entries(cases).map(([id, one]) => {
      const message = refusing(planned(one)).find((guard) => guard.id === id)?.message;
      return `${id}: ${message ?? 'agrees'}`;
    });
    expect(said).toMatchInlineSnapshot(`
      [
        "organization: access/settings.yaml declares organization o-other, but this is o-securecart0. Use the credential of the declared organization.",
        "foreign-owner: scp/Theirs belongs to another/repository. Take it out of the files.",
        "external-group: membership/Corp:ada would write to a group that is synced from elsewhere. Change it there.",
        "break-glass: After this plan the break-glass access would lack group Nobody, a member of Nobody, the assignment in Management, the assignment in Dev. Declare it.",
        "break-glass-access: Break-glass would not work in Dev after the phase restrict: iam:PutRolePolicy (P denies it). Except its roles by their protected path in the guard rail, or restore what is missing.",
        "reconciler-access: gatehouse/Plan in Dev could not work after the phase restrict: sso:ListInstances (P denies it); sso:ListAccountAssignments (P denies it). Except role/gatehouse/Plan in the guard rail.",
        "resource-lockout: arn:aws:s3:::pictures would lock out OrganizationAccountAccessRole in Dev: s3:GetBucketPolicy (the policy of the resource denies it); s3:PutBucketPolicy (the policy of the resource denies it) and 1 more. Except it by aws:PrincipalArn in the denial.",
        "full-aws-access: ou/Theirs would be without FullAWSAccess. Say \`fullAwsAccess: false\` if that is meant.",
        "allow-list: Nothing would be allowed below ou/Work after the phase restrict: no SCP there allows anything. Attach FullAWSAccess or an allow-list first.",
        "delete-budget: 1 deletions of kind assignment exceed the budget of 0. If they are meant, add an exception { guard: delete-budget, kind: assignment, count: 1 } to access/settings.yaml.",
        "empty-desired: Nothing of kind scp is declared any more and 1 would be deleted. Are the files all there? If so, add an exception { guard: empty-desired, kind: scp }.",
        "quota: There would be 3 groups for Writer in Dev; AWS allows 2. Declare fewer. If AWS has raised it, say so in settings.yaml: quotas: { groupsPerSetAndAccount: … }.",
        "management-account: 1 changes need a credential of Management, and this one is of Dev: ou/New. Apply them from the management account first; the plan's lanes list both parts.",
        "delegate-escalation: Whoever administers Dev could add themselves to group Glass, which reaches Management. Give that access to users or to a group of the corporate directory, or grant an exception { guard: delegate-escalation, key: group/Glass }.",
        "policy-order: scp/P cannot be edited safely: both its allow-lists differ and their intersection cannot be written. Edit it in two pull requests.",
        "policy-slots: ou:Work has no free slot: attachment/scp:P@ou:Work would come down before its successor is up. Merge policies, free a slot first, or grant an exception.",
        "customer-policy: permission-set/Named names policy/Dev:/+P, which Dev does not have and this plan does not create. Declare it in access/policies for that account, or correct its name and path.",
        "oidc-provider: role/Dev:R trusts oidc-provider/Dev:host, which is not there. Create it, or leave the trust out.",
        "trusted-role: role/Dev:R trusts arn:aws:iam::222222222222:role/Other, which does not exist and which this plan does not create. Declare that role, or leave the trust out.",
        "account-move: account/Dev cannot be moved safely: the allow-list of ou/Work cannot follow the account. Move it in two pull requests, with the guard rails of its new path first.",
        "exposure: group:Glass could do s3:GetObject in Dev after delete attachment/scp:P@ou:Work and before create attachment/scp:Q@ou:Work, which neither what is there nor what is asked for gives. Make these changes one after the other in two pull requests, or grant an exception { guard: exposure, key: Dev }.",
      ]
    `);
  });

  it('have a line each in docs/guards.md, which says whether an exception lifts them', () => {
    const lines = readFileSync('docs/guards.md', 'utf8').split('\n');
    const table = lines.flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return /^`[a-z-]+`$/.test(cells[1] ?? '') ? [[(cells[1] ?? '').slice(1, -1), cells[4] === 'never']] : [];
    });
    const ids = [...all.map(({ id }) => id), exposureGuard];
    const code = ids.map((id) => [id, isAbsoluteGuard(id)] as const);
    expect([...table].sort()).toEqual([...code].sort());
    expect(Object.keys(cases).sort()).toEqual([...ids].sort());
    expect(ids.filter((id) => !isAbsoluteGuard(id)).sort()).toEqual([...liftableGuards].sort());
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

describe("a delegate's credential", () => {
  const lanes: Case = {
    found: [owned(writer)],
    wanted: [writer, reader, ou('New'), membership('Team', 'ada')],
    settings: { ...delegated, exceptions: [{ guard: 'delegate-escalation', ...dated }] },
    live: { callerAccountId: dev.id },
  };
  const keysIn = (result: Plan, credential: string): readonly string[] => {
    const known = new Map([...result.changes, ...result.held].map(({ id, key }) => [id, key]));
    const lane = result.lanes.find((one) => one.credential === credential);
    return (lane?.changes ?? []).map((id) => known.get(id) ?? id);
  };

  it('makes its own lane, and holds the other by name', () => {
    const result = planned(lanes);
    expect(refusing(result)).toEqual([]);
    expect(result.held.map(({ key, reason }) => `${key}: ${reason}`)).toEqual([
      "ou/New: needs the management account's credential",
    ]);
    expect(result.changes.map(({ key }) => key)).toEqual([keyOf(reader), 'membership/Team:ada']);
    expect(keysIn(result, 'management')).toEqual(['ou/New']);
    expect(keysIn(result, 'delegated')).toEqual(result.changes.map(({ key }) => key));
  });

  it('grants nothing under a guard rail that only the other can raise', () => {
    const result = planned({ ...lanes, wanted: [writer, reader, ...rails(document(deny('s3:*')), 'ou:Work')] });
    expect(result.changes).toEqual([]);
    expect(result.held.map(({ key, reason }) => `${key}: ${reason}`)).toContain(
      `${keyOf(reader)}: a guard rail did not rise: attachment/scp:P@ou:Work`,
    );
  });

  it('leaves a set that the management account has alone, wherever it is assigned', () => {
    const there = assignment('user:ada', 'Writer', MANAGEMENT);
    const result = planned({ ...lanes, found: [owned(writer), there], wanted: [writer, there, reader] });
    expect(result.held.map(({ key }) => key)).toEqual([keyOf(reader)]);
  });

  it("of the management account's own makes both", () => {
    const result = planned({ ...lanes, live: {} });
    expect(result.held).toEqual([]);
    expect(keysIn(result, 'management')).toEqual(['ou/New']);
  });

  it.each([
    [undefined, 0],
    [1, 0],
    [0, 1],
  ])('tries all when an exception of count %s allows it, and says so', (count, held) => {
    const exception = { guard: 'management-account', ...dated, ...(count === undefined ? {} : { count }) };
    const settings = { ...lanes.settings, exceptions: [...(lanes.settings?.exceptions ?? []), exception] };
    const result = planned({ ...lanes, settings });
    expect(result.held).toHaveLength(held);
    expect(result.notes.some(({ message }) => message.includes('management-account is lifted'))).toBe(held === 0);
  });
});
