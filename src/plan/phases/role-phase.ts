/** When an edited role or customer policy has its turn. */
import { canonicalPolicy } from '../../model/policy.ts';
import type { Phase } from '../../model/plan.ts';
import { keyOf } from '../../model/resource.ts';
import type { CustomerPolicy, Role, State } from '../../model/resource.ts';
import type { PolicyUses } from '../diff/customer-policies.ts';
import { isLooser, isTighter } from '../../change/effect.ts';
import type { Effect } from '../../change/effect.ts';
import { effectIn, onlySetsBoundary, policyEffect } from '../edit/edit-effect.ts';

const documentPhase = (effect: Effect): Phase => (isTighter(effect) && !isLooser(effect) ? 'revoke' : 'grant');

type PhaseStates = { readonly current: State; readonly final: State };

export const rolePhase = (states: PhaseStates, before: Role, after: Role): Phase => {
  if (onlySetsBoundary(before, after)) return 'restrict';
  return documentPhase(effectIn(states, { before, after }));
};

/** As a boundary it is a guard rail: up before anybody is given anything, down after everybody has lost theirs. */
const boundaryPhase = (effect: Effect): Phase => {
  if (isTighter(effect) && isLooser(effect)) return 'grant';
  return isTighter(effect) ? 'restrict' : 'relax';
};

/** What nothing uses yet is edited at once: nobody feels it. */
export const policyPhase = ({ now, ever }: PolicyUses, before: CustomerPolicy, after: CustomerPolicy): Phase => {
  const key = keyOf(after);
  if (canonicalPolicy(before.document) === canonicalPolicy(after.document)) return 'prepare';
  if (!now.attached.has(key) && !now.boundaries.has(key)) return 'prepare';
  const { attached, boundaries } = ever;
  const effect = policyEffect(before, after);
  const isShared = attached.has(key) && isTighter(effect);
  return boundaries.has(key) && !isShared ? boundaryPhase(effect) : documentPhase(effect);
};
