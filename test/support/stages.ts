/** Later stages of a plan on one that a test has bent; whoever bends nothing asks for `ratedPlan` or `wholePlan`. */
import type { Live } from '../../src/model/cloud.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import { accessOf } from '../../src/plan/access/plan.ts';
import type { Knowledge } from '../../src/plan/access/side.ts';
import { provedOrder } from '../../src/plan/proof/plan.ts';
import { project } from '../../src/plan/situation/project.ts';
import { situationOf } from '../../src/plan/situation/situation.ts';

type StageInput = { readonly desired: Desired; readonly live: Live; readonly knowledge: Knowledge };

export const withAccess = (planned: Plan, input: StageInput): Plan => {
  const situation = situationOf(input.desired, input.live);
  const { changes, generatedAt: now } = planned;
  const result = project(situation.current, changes);
  const rated = accessOf({ ...input, situation, changes, result, now });
  return { ...planned, ...rated, notes: [...planned.notes, ...rated.notes] };
};

export const withProof = (planned: Plan, input: StageInput): Plan => ({
  ...planned,
  ...provedOrder({
    ...planned,
    situation: situationOf(input.desired, input.live),
    knowledge: input.knowledge,
    today: planned.generatedAt.slice(0, 10),
  }),
});
