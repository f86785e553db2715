/** An edited policy of a resource as the states that it passes through, so that nothing is open in between. */
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import { changedFields } from '../../kinds/equal.ts';
import type { Phase } from '../../model/plan.ts';
import { minified } from '../../model/policy.ts';
import { quotas } from '../../model/quotas.ts';
import type { ResourcePolicy } from '../../model/resource.ts';
import { isLooser, isTighter } from '../../change/effect.ts';
import type { Effect } from '../../change/effect.ts';
import { middlePolicy, needsBoth, resourceEffect } from '../edit/resource-effect.ts';

type OptionalPolicy = ResourcePolicy | undefined;
type StepEnds = { readonly before: OptionalPolicy; readonly after: OptionalPolicy };
/** `others`: whether the same plan changes what principals have. */
export type ResourcePolicyCase = StepEnds & { readonly accountId: string; readonly others: boolean };
export type ResourcePolicyStep = StepEnds & { readonly phase: Phase };
/** `gap` says why no safe way exists; the step then goes the short way and exposes it. */
export type ResourcePolicySteps = { readonly steps: readonly ResourcePolicyStep[]; readonly gap?: string };

const isSame = (one: OptionalPolicy, other: OptionalPolicy): boolean =>
  one === undefined || other === undefined ? one === other : changedFields(one, other).length === 0;

const gapIn = (middle: OptionalPolicy, arn: string): string | undefined => {
  const named = resourceOfArn(arn);
  if (named === undefined) return undefined;
  if (middle === undefined)
    return named.without === 'impossible' ? 'the old and the new policy allow nothing in common' : undefined;
  const size = Buffer.byteLength(minified(middle.document));
  return size <= quotas[named.size]
    ? undefined
    : `the old and the new denials together take ${size} of ${quotas[named.size]} bytes`;
};

/** States between the two, whether or not this plan has to stop there. */
export const passedBetween = (ends: StepEnds): readonly OptionalPolicy[] => [middlePolicy(ends)];

type Direction = Effect & { readonly early: boolean; readonly late: boolean };

const directionOf = (one: ResourcePolicyCase): Direction => {
  const effect = resourceEffect(one);
  const isGate = needsBoth(one, one.accountId);
  const early = one.others && (effect.filtersMore || (isGate && effect.allowsLess));
  return { ...effect, early, late: one.others && (effect.filtersLess || (isGate && effect.allowsMore)) };
};

/** Through what both say. */
const inTwo = ({ before, after }: StepEnds, { early, late }: Direction): ResourcePolicySteps => {
  const middle = middlePolicy({ before, after });
  const gap = gapIn(middle, (after ?? before)?.resource ?? '');
  if (gap !== undefined) return { steps: [{ before, after, phase: 'relax' }], gap };
  const steps: readonly ResourcePolicyStep[] = [
    { before, after: middle, phase: early ? 'restrict' : 'revoke' },
    { before: middle, after, phase: late ? 'relax' : 'grant' },
  ];
  return { steps: steps.filter((step) => !isSame(step.before, step.after)) };
};

/**
 * A denial comes before anybody is given anything and goes after everybody has lost theirs, as guard rails do. What is allowed
 * comes with the grants and goes with the revocations; where others' policies have to agree and change in the same plan, it
 * goes first and comes last, so that no old policy meets a new one. Alone, a policy is replaced by one call that nobody can see
 * half of.
 */
export const resourcePolicySteps = (one: ResourcePolicyCase): ResourcePolicySteps => {
  const { before, after } = one;
  const direction = directionOf(one);
  const { early, late } = direction;
  if (!isTighter(direction)) return { steps: [{ before, after, phase: late ? 'relax' : 'grant' }] };
  if (!isLooser(direction)) return { steps: [{ before, after, phase: early ? 'restrict' : 'revoke' }] };
  return early || late ? inTwo(one, direction) : { steps: [{ before, after, phase: 'grant' }] };
};
