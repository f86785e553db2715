/** Where guard rails hang: which attachment forbids and which allows. */
import { statements } from '../../model/policy.ts';
import type { Phase } from '../../model/plan.ts';
import type { Attachment, State, Target } from '../../model/resource.ts';
import { controlPolicyKey, isGuardRail, isSettingsKind, keyOf } from '../../model/resource.ts';
import { fullAccessOn, isFullAccess } from '../situation/situation.ts';

type StatePair = { readonly current: State; readonly final: State };

/** Whether everything is allowed at the target, so that only denials count there. */
export const isOpen = (state: State, target: Target): boolean => state[keyOf(fullAccessOn(target))] !== undefined;

const effects = ({ current, final }: StatePair, attachment: Attachment): ReadonlySet<string> => {
  const key = controlPolicyKey(attachment.policy);
  const policy = final[key] ?? current[key];
  if (!isGuardRail(policy)) return new Set(['Deny']);
  return new Set(statements(policy.document).map(({ Effect }) => Effect));
};

/** Only gives: an allow-list without a denial, at a target where FullAWSAccess does not already give everything. */
const onlyAllows = (trees: StatePair, state: State, attachment: Attachment): boolean =>
  attachment.policy.kind === 'scp' && !isOpen(state, attachment.target) && !effects(trees, attachment).has('Deny');

/**
 * A denial goes up in restrict and comes down in relax; what allows does the reverse, except that an allow-list makes way
 * for the next one only when that hangs. Before FullAWSAccess goes, its successor hangs and gives nothing yet. Settings give
 * and forbid nobody anything: they come first and go last, so that a successor hangs before what it replaces goes.
 */
export const attachmentPhase = (trees: StatePair, attachment: Attachment, action: 'create' | 'delete'): Phase => {
  if (isSettingsKind(attachment.policy.kind)) return action === 'create' ? 'prepare' : 'remove';
  if (isFullAccess(attachment)) return action === 'create' ? 'relax' : 'restrict';
  if (action === 'create') return onlyAllows(trees, trees.current, attachment) ? 'relax' : 'restrict';
  return 'relax';
};
