/** The plan as other programs read it. */
import type { Plan } from '../model/plan.ts';
import { visibleJson } from './untrusted.ts';

/** Plan JSON, version 1; parsing it gives the plan again. */
export const planJson = (plan: Plan): string => visibleJson(JSON.stringify(plan, undefined, 2));
