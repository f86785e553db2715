/** The JSON of a large plan: a row for each line, each long list of accounts once, and the same plan when it is read. */
import { describe, expect, it } from 'vitest';
import { understand } from '../../src/desired/understand.ts';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { FOLDED_BEYOND } from '../../src/model/folded-plan.ts';
import type { FoldedPlan } from '../../src/model/folded-plan.ts';
import type { Plan } from '../../src/model/plan.ts';
import { parsePlan } from '../../src/plan/carry/parse-plan.ts';
import { wholePlan } from '../../src/plan/plan.ts';
import { planJson } from '../../src/render/plan-json.ts';
import { filesOf, liveOf } from '../bench/scale/organization.ts';
import type { Size } from '../bench/scale/organization.ts';
import { NOW } from '../support/build.ts';

const catalogue = loadCatalogue();
const knowledge = { actions: loadActionCatalogue(), policies: catalogue };

const firstPlan = (size: Size): Plan => {
  const { desired } = understand(filesOf(size), { catalogue, now: NOW });
  if (desired === undefined) throw new Error('the files have errors');
  return wholePlan({ desired, live: liveOf(desired, 'nothing'), now: NOW }, knowledge).plan;
};

const large = firstPlan({ accounts: 500, groups: 24 });
const text = planJson(large);
const folded = JSON.parse(text) as FoldedPlan;

const read = (value: unknown): string => {
  const parsed = parsePlan(JSON.stringify(value));
  return 'problem' in parsed ? parsed.problem : 'a plan';
};

describe('the JSON of a large plan', () => {
  it('is the same plan when it is read', () => {
    expect(large.changes.length).toBeGreaterThan(FOLDED_BEYOND);
    expect(parsePlan(text)).toEqual({ plan: large });
  });

  it('says with how many changes a plan is folded, and has a row for each line', () => {
    expect(folded.foldedBeyond).toBe(FOLDED_BEYOND);
    const rows = folded.changes.filter((change) => 'assignment' in change);
    // Break-glass is given the management account as well, with a risk of its own.
    expect(rows).toHaveLength(25);
    expect(rows[2]).toMatchObject({ action: 'create', accounts: { list: expect.any(Number) as number } });
    expect(text.length).toBeLessThan(JSON.stringify(large).length / 4);
  });

  it('is as it always was of a small one', () => {
    const small = firstPlan({ accounts: 100, groups: 2 });
    expect(JSON.parse(planJson(small))).toEqual(small);
  });

  it('is refused when a row says something else', () => {
    expect(read({ ...folded, accountLists: folded.accountLists.map((list) => list.slice(1)) })).toMatch(/fingerprint/);
    expect(read({ ...folded, accountLists: 'none' })).toMatch(/account lists/);
    const bent = folded.changes.map((change) => ('assignment' in change ? { ...change, action: 'delete' } : change));
    expect(read({ ...folded, changes: bent })).toMatch(/fingerprint/);
    const broken = folded.changes.map((change) => ('assignment' in change ? { ...change, assignment: {} } : change));
    expect(read({ ...folded, changes: broken })).toMatch(/not those of a plan/);
  });
});
