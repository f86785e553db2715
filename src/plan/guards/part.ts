/** A part of a plan that is about to be written: guards that no exception lifts are asked of it again. */
import type { Catalogue } from '../../model/catalogue.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Plan } from '../../model/plan.ts';
import { situationOf } from '../situation/situation.ts';
import { survivalRefusals, withRefusals } from './survival.ts';
import { dayOf } from '../../model/days.ts';

export type PartGround = { readonly desired: Desired; readonly live: Live; readonly catalogue: Catalogue };

/**
 * What was proved of the whole plan is not true of each part: what a part lacks may be what made the rest harmless. What
 * was wrong before, and what the part only does not mend yet, does not count.
 */
export const guardedPart = (part: Plan, { desired, live, catalogue }: PartGround): Plan => {
  const ground = { situation: situationOf(desired, live), catalogue, today: dayOf(part.generatedAt) };
  const refusals = survivalRefusals(ground, part.changes).map((one) => ({
    ...one,
    message: `Of what is approved and not held: ${one.message}`,
  }));
  return { ...part, guards: withRefusals(part.guards, refusals) };
};
