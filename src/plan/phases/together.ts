/** Members and assignments of one group that change together. */
import { isGrant } from '../../model/resource.ts';
import type { Principal } from '../../model/resource.ts';
import type { Draft } from './draft.ts';

const groupOf = ({ before, after }: Draft): { readonly joins?: string; readonly has?: string } => {
  const resource = after ?? before;
  if (resource?.kind === 'membership') return { joins: resource.group };
  if (!isGrant(resource)) return {};
  const { type, name, orphan }: Principal = resource.principal;
  return type === 'group' && !orphan ? { has: name } : {};
};

/** Whether `other` takes away what would meet with what `draft` gives: a member and an assignment of the same group. */
export const wouldMeet = (draft: Draft, other: Draft): boolean => {
  if (draft.action !== 'create' || other.action !== 'delete') return false;
  const [given, taken] = [groupOf(draft), groupOf(other)];
  return (
    (given.has !== undefined && given.has === taken.joins) || (given.joins !== undefined && given.joins === taken.has)
  );
};

/**
 * Who leaves a group must not have what it is given next, and who joins it not what it is about to lose: such a grant joins
 * the revocations and waits for them.
 */
export const grantsAfterPartings = (drafts: readonly Draft[]): readonly Draft[] => {
  const taken = drafts.filter(({ action }) => action === 'delete').map(groupOf);
  const left = new Set(taken.flatMap(({ joins }) => joins ?? []));
  const lost = new Set(taken.flatMap(({ has }) => has ?? []));
  return drafts.map((draft) => {
    const { joins, has } = groupOf(draft);
    const meets = (has !== undefined && left.has(has)) || (joins !== undefined && lost.has(joins));
    return draft.action === 'create' && draft.phase === 'grant' && meets ? { ...draft, phase: 'revoke' } : draft;
  });
};
