import { describe, expect, it } from 'vitest';
import type { Desired, Settings } from '../../src/model/desired.ts';
import type { EffectiveChange, Plan } from '../../src/model/plan.ts';
import type { RecordUse } from '../../src/model/record.ts';
import { isInAccount, type Resource } from '../../src/model/resource.ts';
import { beyondShare } from '../../src/plan/carry/budget-share.ts';
import { mergePlans } from '../../src/plan/carry/merge.ts';
import { onlyInAccounts, unfinishedRails } from '../../src/plan/carry/shards.ts';
import { parsePlan } from '../../src/plan/carry/parse-plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, account, attachment, deny, desired, document, live, owned, role, scp } from '../support/build.ts';

const names = ['A', 'B', 'C'] as const;
const accounts = names.map((name, at) => account(name, `${String(at + 2).repeat(12)}`));
const rail: readonly Resource[] = [owned(scp('Rail')), attachment('Rail', 'root')];
const rolesOf = (name: string, count = 1, fields = {}): readonly Resource[] =>
  Array.from({ length: count }, (_, at) => owned(role(`R${at}`, name, fields)));

type Files = { readonly wanted: readonly Resource[]; readonly settings?: Partial<Settings> };
const filesOf = ({ wanted, settings = {} }: Files): Desired => desired([...accounts, ...wanted], { settings });

/** As a run about these accounts makes it: it reads no other account's IAM. */
const planOf = (files: Files, was: readonly Resource[], part?: readonly string[]): Plan => {
  const seen = was.filter((one) => !isInAccount(one) || part?.includes(one.account) !== false);
  const of = filesOf(files);
  return plan(part === undefined ? of : { ...of, part }, live([...accounts, ...seen]), NOW);
};
const plansOf = (files: Files, was: readonly Resource[]): readonly Plan[] =>
  [...names, 'Management'].map((name) => planOf(files, was, [name]));
const refusedBudget = ({ guards }: Plan): readonly string[] =>
  guards.filter(({ id, ok }) => id === 'delete-budget' && !ok).map(({ message }) => message);

describe('plans of several runs', () => {
  const everywhere = { wanted: [...rail, ...names.flatMap((name) => rolesOf(name))] };

  it('hold together what one run holds, once', () => {
    const whole = planOf(everywhere, []);
    const merged = mergePlans(plansOf(everywhere, []), filesOf(everywhere));
    expect(merged.fingerprint).toBe(whole.fingerprint);
    expect(merged.changes.map(({ key }) => key).toSorted()).toEqual(whole.changes.map(({ key }) => key).toSorted());
    expect(merged.changes.filter(({ kind }) => kind === 'attachment')).toHaveLength(1);
    expect(merged.part).toBeUndefined();
  });

  it('say once what the policies above come to in each account', () => {
    const row: EffectiveChange = {
      kind: 'guardduty-policy',
      accounts: ['A', 'B', 'C', 'Management'],
      changes: [{ path: 'guardduty.enablement.default.foundational.status', after: 'enabled' }],
      risk: 'medium',
    };
    const plans = plansOf(everywhere, []).map((one) => ({ ...one, effective: [row] }));
    expect(mergePlans(plans, filesOf(everywhere)).effective).toEqual([row]);
    expect(mergePlans(plansOf(everywhere, []), filesOf(everywhere))).not.toHaveProperty('effective');
  });

  it('are as old as the oldest reading that one of them took something from', () => {
    const plans = plansOf(everywhere, []);
    const use = { from: '2026-11-22T09:00:00.000Z', taken: 5, anew: 1, moved: 2, certain: '2026-11-22T08:40:00.000Z' };
    const later = { ...use, certain: '2026-11-22T08:50:00.000Z', moved: 3 };
    const uses = [later, { whole: 'there is none' }, use, undefined];
    const reading = (record: RecordUse | undefined): Plan['reads'] => ({
      ...{ route: 'none', calls: {} },
      ...(record === undefined ? {} : { record }),
    });
    const mergedUse = (all: readonly (RecordUse | undefined)[]) =>
      mergePlans(
        plans.map((one, at) => ({ ...one, reads: reading(all[at]) })),
        filesOf(everywhere),
      ).reads.record;
    expect(mergedUse(uses)).toEqual({ ...use, taken: 10, anew: 2, moved: 3 });
    expect(mergedUse([uses[1]])).toEqual({ whole: 'there is none' });
    expect(mergedUse([])).toBeUndefined();
  });

  it('say which accounts none of them is about', () => {
    const merged = mergePlans(plansOf(everywhere, []).slice(0, 2), filesOf(everywhere));
    expect(merged.part).toEqual(['A', 'B']);
    expect(merged.notes.map(({ message }) => message)).toContain(
      'none of these plans is about the roles and policies of Management, C',
    );
  });

  it('are refused when the guard rails of one are not those of another', () => {
    const [first, second] = plansOf(everywhere, []);
    const later = planOf(everywhere, rail, ['B']);
    const tightened = { wanted: [owned(scp('Rail', document(deny('ec2:*')))), attachment('Rail', 'root')] };
    expect(() => mergePlans([first, later] as Plan[], filesOf(everywhere))).toThrow(
      /do not agree on (scp|attachment)\//,
    );
    expect(() => mergePlans([first, planOf(tightened, [], ['B'])] as Plan[], filesOf(everywhere))).toThrow(
      'do not agree on scp/Rail',
    );
    expect(() => mergePlans([first, second] as Plan[], filesOf(everywhere))).not.toThrow();
  });

  it('are refused when a role does not lead to what these files say', () => {
    const other = { wanted: [...rail, ...names.flatMap((name) => rolesOf(name, 1, { maxSessionDuration: 7200 }))] };
    const plans = [...plansOf(everywhere, []).slice(0, 2), planOf(other, [], ['C'])];
    expect(() => mergePlans(plans, filesOf(everywhere))).toThrow(/made from other files.*role\/C:R0/);
    const deleting = planOf({ wanted: rail }, rolesOf('C'), ['C']);
    expect(() => mergePlans([deleting], filesOf(everywhere))).toThrow(/made from other files.*role\/C:R0/);
  });

  it('make nothing that one of them holds', () => {
    const [first, second] = plansOf(everywhere, []) as [Plan, Plan];
    const key = 'attachment/scp:Rail@root';
    const { id } = first.changes.find((change) => change.key === key) ?? { id: '' };
    const holding = { ...second, changes: second.changes.filter((change) => change.id !== id) };
    const merged = mergePlans([first, { ...holding, held: [{ id, key, reason: 'so' }] }], filesOf(everywhere));
    expect(merged.changes.map((change) => change.key)).not.toContain(key);
    expect(merged.held).toContainEqual({ id, key, reason: 'so' });
    const ids = new Set(merged.changes.map((change) => change.id));
    expect(merged.held.filter((held) => ids.has(held.id))).toEqual([]);
  });

  it('count deletions over all of them', () => {
    const files = { wanted: [owned(role('Kept', 'A'))], settings: { budgets: { delete: { role: 2 } } } };
    const was = [owned(role('Kept', 'A')), ...names.flatMap((name) => rolesOf(name))];
    const plans = plansOf(files, was);
    expect(plans.flatMap(refusedBudget)).toEqual([]);
    expect(refusedBudget(mergePlans(plans, filesOf(files)))).toEqual([
      expect.stringMatching(/^3 deletions of kind role/),
    ]);
  });
});

describe('a run about some accounts', () => {
  const budget = { budgets: { delete: { role: 4 } } };
  const kept = owned(role('Kept', 'A'));
  const files = { wanted: [kept], settings: budget };
  const today = NOW.slice(0, 10);
  const beyond = (of: Files, was: readonly Resource[], approved?: Plan): readonly (readonly string[])[] =>
    names.map((name) => {
      const made = planOf(of, [kept, ...was], [name]);
      return beyondShare({ plan: made, approved, desired: { ...filesOf(of), part: [name] }, today });
    });

  it('deletes its share of the budget, so that all runs together keep it', () => {
    const one = names.flatMap((name) => rolesOf(name));
    expect(beyond(files, one)).toEqual([[], [], []]);
    const two = names.flatMap((name) => rolesOf(name, 2));
    const message = /^2 deletions of kind role exceed the share of these accounts, 1, in the budget of 4\. .*--merge/;
    for (const refused of beyond(files, two)) expect(refused).toEqual([expect.stringMatching(message)]);
  });

  it('deletes what a plan about all accounts holds, if that keeps the budget', () => {
    const was = rolesOf('A', 4);
    expect(beyond(files, was, planOf(files, [kept, ...was]))[0]).toEqual([]);
    const more = rolesOf('A', 5);
    expect(beyond(files, more, planOf(files, [kept, ...more]))[0]).toEqual([
      expect.stringMatching(/^5 deletions of kind role exceed the budget of 4/),
    ]);
    expect(beyond(files, was, planOf(files, [kept, ...was], ['A']))[0]).toHaveLength(1);
  });

  it('has a plan that is not believed with its accounts taken out, or with others, so that its share stays a share', () => {
    const made = planOf(files, [kept, ...rolesOf('A', 4)], ['A']);
    const whole: Partial<Plan> = { ...made };
    delete (whole as { part?: unknown }).part;
    expect(parsePlan(JSON.stringify(made))).toMatchObject({ plan: { part: ['A'] } });
    for (const tampered of [whole, { ...made, part: ['A', 'B'] }, { ...made, part: [] }, { ...made, part: 'A' }])
      expect(parsePlan(JSON.stringify(tampered))).toHaveProperty('problem');
  });

  it('shares what an exception allows', () => {
    const until = '2026-12-31';
    const exception = { guard: 'delete-budget', kind: 'role', count: 8, until, reason: 'SEC-1' };
    const was = names.flatMap((name) => rolesOf(name, 2));
    expect(beyond({ ...files, settings: { ...budget, exceptions: [exception] } }, was)).toEqual([[], [], []]);
    const past = { ...exception, until: '2026-01-31' };
    expect(beyond({ ...files, settings: { ...budget, exceptions: [past] } }, was)[0]).toHaveLength(1);
  });

  it('touches nothing outside accounts, and waits for the guard rails', () => {
    const made = planOf({ wanted: [...rail, ...rolesOf('A')] }, [], ['A']);
    expect(unfinishedRails(made)).toEqual(['attachment/scp:Rail@root']);
    expect(onlyInAccounts(made).changes.filter(({ kind }) => kind !== 'role')).toEqual([]);
    const standing = planOf({ wanted: [...rail, ...rolesOf('A')] }, rail, ['A']);
    expect(unfinishedRails(standing)).toEqual([]);
    expect(onlyInAccounts(standing).changes.map(({ key }) => key)).toEqual(['role/A:R0']);
  });
});
