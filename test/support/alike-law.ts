/** That a plan made with one account of each class is, letter by letter, the plan that is made with all of them. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Live } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import { unfolded } from '../../src/plan/carry/unfold.ts';
import { wholePlan } from '../../src/plan/plan.ts';
import { foldedPlan } from '../../src/render/folded-plan.ts';
import { alikeDecisions, alikeSides } from './alike-organizations.ts';
import { NOW } from './build.ts';

const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };

/** A pattern beside a former name, of what there is not, has every account planned by itself and does nothing else. */
const eachByItself = (desired: Desired): Desired => ({
  ...desired,
  settings: { ...desired.settings, ignore: [...desired.settings.ignore, 'nothing-is-called-this'] },
  previously: { ...desired.previously, 'group/NobodyAtAll': ['NobodyEver'] },
});

type Sides = { readonly desired: Desired; readonly live: Live };
type TwoPlans = { readonly together: Plan; readonly alone: Plan };

export const plannedTwice = ({ desired, live }: Sides): TwoPlans => ({
  together: wholePlan({ desired, live, now: NOW }, knowledge).plan,
  alone: wholePlan({ desired: eachByItself(desired), live, now: NOW }, knowledge).plan,
});

const numbers = fc.array(fc.nat({ max: 1000 }), { minLength: alikeDecisions, maxLength: alikeDecisions });
const edits = fc.array(fc.tuple(fc.nat({ max: alikeDecisions - 1 }), fc.nat({ max: 1000 })), { maxLength: 6 });

type LawRuns = { readonly hasRoles: boolean; readonly numRuns: number };

export const expectAlike = ({ hasRoles, numRuns }: LawRuns): void => {
  fc.assert(
    fc.property(numbers, edits, (before, changes) => {
      const after = changes.reduce<readonly number[]>((all, [at, number]) => all.with(at, number), before);
      const { together, alone } = plannedTwice(alikeSides({ before, after, hasRoles }));
      expect(together).toEqual(alone);
      expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
      expect(unfolded(foldedPlan(alone))).toEqual(alone);
    }),
    { numRuns },
  );
};
