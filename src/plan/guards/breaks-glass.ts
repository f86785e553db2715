/** Which changes touch the way in for emergencies. */
import { groupKey, isGrant, permissionSetKey } from '../../model/resource.ts';
import type { Draft } from '../phases/draft.ts';
import type { Situation } from '../situation/situation.ts';

const breakGlassKeys = ({ desired }: Situation): readonly string[] => {
  const glass = desired.settings.breakGlass;
  return glass === undefined ? [] : [groupKey(glass.group), permissionSetKey(glass.permissionSet)];
};

type TouchedDraft = Pick<Draft, 'key' | 'action' | 'before' | 'adopts'>;

/** Whether the way in for emergencies is edited or taken away. */
export const breaksGlass = (situation: Situation, draft: TouchedDraft): boolean => {
  const glass = situation.desired.settings.breakGlass;
  const { before, action } = draft;
  if (glass === undefined || action === 'create' || draft.adopts) return false;
  if (breakGlassKeys(situation).includes(draft.key)) return true;
  if (before?.kind === 'membership') return before.group === glass.group;
  return isGrant(before) && before.principal.name === glass.group;
};
