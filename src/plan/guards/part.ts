/** A part of a plan that is about to be written: guards that no exception lifts are asked of it again. */
import type { Catalogue } from '../../model/catalogue.ts';
import type { Plan } from '../../model/plan.ts';
import { withoutSettings } from '../situation/settings.ts';
import type { Situation } from '../situation/situation.ts';
import { survivalRefusals, withRefusals } from './survival.ts';

export type PartGround = { readonly situation: Situation; readonly catalogue: Catalogue };

/**
 * What was proved of the whole plan is not true of each part: what a part lacks may be what made the rest harmless. What
 * was wrong before, and what the part only does not mend yet, does not count.
 */
export const guardedPart = (part: Plan, { situation, catalogue }: PartGround): Plan => {
  const ground = { situation, catalogue, today: part.generatedAt.slice(0, 10) };
  const refusals = survivalRefusals(ground, withoutSettings(part.changes)).map((one) => ({
    ...one,
    message: `Of what is approved and not held: ${one.message}`,
  }));
  return { ...part, guards: withRefusals(part.guards, refusals) };
};
