/** Who gets or loses which permission set, in a row each. */
import { describe, expect, it } from 'vitest';
import type { Change, GrantRow, Plan } from '../../src/model/plan.ts';
import { keyOf, stateOf } from '../../src/model/resource.ts';
import type { Resource } from '../../src/model/resource.ts';
import { foldedGrants, grantRowsOf } from '../../src/plan/grants/grants.ts';
import { decisionLineText } from '../../src/render/decision-lines.ts';
import { decisionsOf } from '../../src/render/decisions.ts';
import { assignment, externalGroup, group, membership } from '../support/build.ts';

const base = { phase: 'grant', dependsOn: [] } as const;
const creates = (resource: Resource, more: Partial<Change> = {}): Change =>
  ({ id: keyOf(resource), kind: resource.kind, key: keyOf(resource), action: 'create', after: resource, risk: 'high', ...base, ...more }) as Change; // prettier-ignore
const deletes = (resource: Resource, more: Partial<Change> = {}): Change =>
  ({ id: keyOf(resource), kind: resource.kind, key: keyOf(resource), action: 'delete', before: resource, risk: 'low', ...base, ...more }) as Change; // prettier-ignore

const ops = group('Ops');
const inStaging = assignment('group:Ops', 'Admin', 'Staging');
const inProduction = assignment('group:Ops', 'Admin', 'Production');
const ada = membership('Ops', 'ada@example.com');
const grace = membership('Ops', 'grace@example.com');

const linesOf = (grants: readonly GrantRow[]): readonly string[] =>
  decisionsOf({ access: [], grants } as unknown as Plan, 'plan').map(decisionLineText);

const sentences = (input: Parameters<typeof grantRowsOf>[0]): readonly string[] => linesOf(grantRowsOf(input));

const plain = { terms: {}, managementAccount: 'Management', accountTags: {} };

describe('grants', () => {
  it('name the management account first, then production', () => {
    const row = { change: 'gets', who: 'Ops', type: 'group', people: 1, what: 'Admin', risk: 'high' } as const;
    const rows = ['Apps', 'Billing', 'Management', 'Shop', 'Web'].map((account) => ({ ...row, where: [account] }));
    const accountTags = { Shop: { env: 'prod' }, Billing: { env: 'prod' }, Apps: { env: 'dev' } };
    expect(foldedGrants(rows, { ...plain, accountTags }).map(({ where }) => where)).toEqual([
      ['Management', 'Billing', 'Shop', 'Apps', 'Web'],
    ]);
  });

  it('say one entry over several accounts in one row, with its days, its reason and its line', () => {
    const terms = { until: '2027-01-31', reason: 'SEC-9' };
    const origin = { file: 'access/groups/ops.yaml', line: 4, column: 5 };
    const rows = grantRowsOf({
      changes: [creates(inStaging, { origin }), creates(inProduction, { origin })],
      before: stateOf([ops, ada]),
      after: stateOf([ops, ada, inStaging, inProduction]),
      desired: { ...plain, terms: { [keyOf(inStaging)]: terms, [keyOf(inProduction)]: terms } },
    });
    expect(rows).toEqual([
      {
        change: 'gets',
        who: 'Ops',
        type: 'group',
        people: 1,
        what: 'Admin',
        where: ['Production', 'Staging'],
        ...terms,
        file: 'access/groups/ops.yaml',
        line: 4,
        risk: 'high',
      },
    ]);
    expect(linesOf(rows)).toEqual([
      'Ops (1 person) get Admin in Production and Staging until 2027-01-31 · SEC-9 (high)',
    ]);
  });

  it('count nobody of a directory group whose members are not read', () => {
    const given = stateOf([externalGroup('Ops'), inStaging]);
    const changes = [creates(inStaging)];
    expect(sentences({ changes, before: stateOf([externalGroup('Ops')]), after: given, desired: plain })).toEqual([
      'Ops get Admin in Staging (high)',
    ]);
  });

  it('say of somebody who joins a group the sets that the group holds already', () => {
    const before = stateOf([ops, ada, inStaging]);
    const after = stateOf([ops, ada, grace, inStaging]);
    expect(sentences({ changes: [creates(grace)], before, after, desired: plain })).toEqual([
      'grace@example.com gets Admin through Ops in Staging (high)',
    ]);
  });

  it('say no set twice where the group gets it in the same plan', () => {
    const after = stateOf([ops, grace, inStaging]);
    const changes = [creates(inStaging), creates(grace)];
    expect(sentences({ changes, before: stateOf([ops]), after, desired: plain })).toEqual([
      'Ops (1 person) get Admin in Staging (high)',
      'grace@example.com joins group Ops (high)',
    ]);
  });

  it('say what somebody loses, and since when it had ended', () => {
    const before = stateOf([ops, ada, inStaging]);
    const changes = [deletes(inStaging, { ended: '2026-10-31' })];
    expect(sentences({ changes, before, after: stateOf([ops, ada]), desired: plain })).toEqual([
      'Ops (1 person) lose Admin in Staging, since its end on 2026-10-31 (low)',
    ]);
  });

  it('keep rows apart whose risk has other rules, and join the words of the same', () => {
    const row = { change: 'gets', who: 'Ops', type: 'group', people: 1, what: 'Admin', risk: 'high' } as const;
    const rows = [
      { ...row, where: ['A'], riskReasons: ['administrator: in A'] },
      { ...row, where: ['B'], riskReasons: ['administrator: in B'] },
      { ...row, where: ['C'], riskReasons: ['administrator: in C', 'production: C'] },
    ];
    expect(foldedGrants(rows, plain).map(({ where, riskReasons }) => ({ where, riskReasons }))).toEqual([
      { where: ['A', 'B'], riskReasons: ['administrator: in A', 'administrator: in B'] },
      { where: ['C'], riskReasons: ['administrator: in C', 'production: C'] },
    ]);
  });

  it('count groups that get the same alike', () => {
    const row = { change: 'gets', type: 'group', people: 2, what: 'Reader', where: ['A'], risk: 'low' } as const;
    const rows = ['G1', 'G2', 'G3', 'G4', 'G5'].map((who) => ({ ...row, who }));
    expect(linesOf(rows)).toEqual([
      '5 groups (10 people): G1 (2 people), G2 (2 people), G3 (2 people) … and 2 more get Reader in A (low)',
    ]);
  });

  it('hide nothing that an edited set or a guard rail does beside them', () => {
    const grant = {
      change: 'gets',
      who: 'Ops',
      type: 'group',
      people: 1,
      what: 'Reader',
      where: ['A'],
      risk: 'medium',
    } as const;
    const item = { service: '*', level: '*', actions: ['*'], bound: 'certain' } as const;
    const row = {
      principal: 'group:Ops',
      people: 1,
      accounts: ['A'],
      gained: [item],
      lost: [],
      changed: [],
      risk: 'medium',
    } as const;
    const shown = (more: object): readonly string[] =>
      decisionsOf({ access: [{ ...row, ...more }], grants: [grant] } as unknown as Plan, 'plan').map(
        ({ what }) => what,
      );
    expect(shown({})).toEqual(['get Reader']);
    expect(shown({ risk: 'critical' })).toEqual(['can do more: everything', 'get Reader']);
    expect(shown({ gained: [], lost: [item] })).toEqual(['get Reader', 'can do less: everything']);
    expect(shown({ accounts: ['A', 'B'] })).toHaveLength(2);
    expect(shown({ principal: 'group:Dev' })).toHaveLength(2);
  });
});
