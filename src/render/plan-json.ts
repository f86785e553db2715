/** The plan as other programs read it. */
import { FOLDED_BEYOND } from '../model/folded-plan.ts';
import type { Plan } from '../model/plan.ts';
import { foldedPlan } from './folded-plan.ts';
import { visibleJson } from './untrusted.ts';

/** Plan JSON, version 1; parsing it gives the plan again. A large plan is folded. */
export const planJson = (plan: Plan): string =>
  visibleJson(JSON.stringify(plan.changes.length > FOLDED_BEYOND ? foldedPlan(plan) : plan, undefined, 2));
