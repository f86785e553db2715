/** When an edited role or customer policy has its turn. */
import { canonicalPolicy } from '../../model/policy.ts';
import type { Phase } from '../../model/plan.ts';
import { keyOf } from '../../model/resource.ts';
import type { CustomerPolicy, Role, State } from '../../model/resource.ts';
import type { PolicyUses } from '../diff/customer-policies.ts';
import type { Direction } from '../edit/direction.ts';
import { directionIn } from '../edit/edit-direction.ts';
import { onlySetsBoundary, policyDirection } from '../edit/role-direction.ts';

const documentPhase = ({ tighter, looser }: Direction): Phase => (tighter && !looser ? 'revoke' : 'grant');

type States = { readonly current: State; readonly final: State };

export const rolePhase = (states: States, before: Role, after: Role): Phase => {
  if (onlySetsBoundary(before, after)) return 'restrict';
  return documentPhase(directionIn(states, { before, after }));
};

/** As a boundary it is a guard rail: up before anybody is given anything, down after everybody has lost theirs. */
const ofBoundary = ({ tighter, looser }: Direction): Phase => {
  if (tighter && looser) return 'grant';
  return tighter ? 'restrict' : 'relax';
};

/** What nothing uses yet is edited at once: nobody feels it. */
export const policyPhase = ({ now, ever }: PolicyUses, before: CustomerPolicy, after: CustomerPolicy): Phase => {
  const key = keyOf(after);
  if (canonicalPolicy(before.document) === canonicalPolicy(after.document)) return 'prepare';
  if (!now.attached.has(key) && !now.boundaries.has(key)) return 'prepare';
  const { attached, boundaries } = ever;
  const direction = policyDirection(before, after);
  const isShared = attached.has(key) && direction.tighter;
  return boundaries.has(key) && !isShared ? ofBoundary(direction) : documentPhase(direction);
};
