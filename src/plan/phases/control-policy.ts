/** An edited guard rail as the states it passes through, so that nothing is open in between. */
import type { Phase } from '../../model/plan.ts';
import { changedFields } from '../../kinds/equal.ts';
import { minified } from '../../model/policy.ts';
import { guardRailTypes } from '../../kinds/control-policies.ts';
import { quotas } from '../../model/quotas.ts';
import type { ControlPolicy, GuardRail, GuardRailKind } from '../../model/resource.ts';
import { isGuardRail } from '../../model/resource.ts';
import { isLooser, isTighter } from '../../change/effect.ts';
import { between } from '../edit/middle-document.ts';
import { ofDocument } from '../edit/part-effects.ts';

export type PolicyStep = { readonly before: ControlPolicy; readonly after: ControlPolicy; readonly phase: Phase };
/** `gap` says why no safe way exists; the steps then go the short way and expose it. */
export type PolicySteps = { readonly steps: readonly PolicyStep[]; readonly gap?: string };

const sizeOf = (kind: GuardRailKind): number => quotas[guardRailTypes[kind].quotas.size];

const loosened = (before: GuardRail, after: GuardRail): PolicySteps => {
  if (before.name === after.name) return { steps: [{ before, after, phase: 'relax' }] };
  // What is attached in the meantime names the new name, so the name comes first.
  const named: GuardRail = { ...after, document: before.document };
  return {
    steps: [
      { before, after: named, phase: 'prepare' },
      { before: named, after, phase: 'relax' },
    ],
  };
};

const inTwo = (before: GuardRail, after: GuardRail): PolicySteps => {
  const middle = between(before.document, after.document);
  if ('impossible' in middle) return { ...loosened(before, after), gap: middle.impossible };
  const size = minified(middle.document).length;
  if (size > sizeOf(after.kind))
    return {
      ...loosened(before, after),
      gap: `the old and the new denials together take ${size} of ${sizeOf(after.kind)} characters`,
    };
  const both: GuardRail = { ...after, document: middle.document };
  return {
    steps: [
      { before, after: both, phase: 'restrict' },
      { before: both, after, phase: 'relax' },
    ],
  };
};

/** No steps when the two are the same to AWS. Settings allow and deny nothing: one step. */
export const controlPolicySteps = (before: ControlPolicy, after: ControlPolicy): PolicySteps => {
  if (changedFields(before, after).length === 0) return { steps: [] };
  if (!isGuardRail(before) || !isGuardRail(after)) return { steps: [{ before, after, phase: 'prepare' }] };
  const effect = ofDocument(before.document, after.document);
  if (isTighter(effect) && isLooser(effect)) return inTwo(before, after);
  if (isLooser(effect)) return loosened(before, after);
  return { steps: [{ before, after, phase: isTighter(effect) ? 'restrict' : 'prepare' }] };
};
