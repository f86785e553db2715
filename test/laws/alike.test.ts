/** A plan made with one account of each class is the plan that is made with all of them, and folded it is the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Desired } from '../../src/model/desired.ts';
import { unfolded } from '../../src/plan/carry/unfold.ts';
import { wholePlan } from '../../src/plan/plan.ts';
import { foldedPlan } from '../../src/render/folded-plan.ts';
import { alikeSides } from '../support/alike-organizations.ts';
import { NOW } from '../support/build.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };

/** A pattern beside a former name, of what there is not, has every account planned by itself and does nothing else. */
const eachByItself = (desired: Desired): Desired => ({
  ...desired,
  settings: { ...desired.settings, ignore: [...desired.settings.ignore, 'nothing-is-called-this'] },
  previously: { ...desired.previously, 'group/NobodyAtAll': ['NobodyEver'] },
});

const numbers = fc.array(fc.nat({ max: 1000 }), { minLength: 120, maxLength: 120 });
const edits = fc.array(fc.tuple(fc.nat({ max: 119 }), fc.nat({ max: 1000 })), { maxLength: 6 });

describe('accounts that are alike', () => {
  it('are planned as each would be by itself', { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(numbers, edits, (before, changes) => {
        const after = changes.reduce<readonly number[]>((all, [at, number]) => all.with(at, number), before);
        const { desired, live } = alikeSides(before, after);
        const together = wholePlan({ desired, live, now: NOW }, knowledge).plan;
        const alone = wholePlan({ desired: eachByItself(desired), live, now: NOW }, knowledge).plan;
        expect(together).toEqual(alone);
        expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
        expect(unfolded(foldedPlan(alone))).toEqual(alone);
      }),
      { numRuns: 15 },
    );
  });
});
