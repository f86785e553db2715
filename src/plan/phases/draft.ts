/** A change before its place among the others is known. */
import type { HeldReason } from '../../model/held.ts';
import type { ChangeAction, Phase } from '../../model/plan.ts';
import type { Key, Kind, Resource } from '../../model/resource.ts';
import { changeId } from '../digest.ts';

export type Draft = {
  readonly id: string;
  readonly kind: Kind;
  readonly key: Key;
  readonly action: ChangeAction;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
  readonly phase: Phase;
  readonly temporary?: true;
  readonly adopts?: true;
  /** Wanted and not made: why. */
  readonly held?: HeldReason;
  /** Takes its slot's occupant down first; see slots.ts. */
  readonly afterKeys?: readonly Key[];
};

type DraftParts = {
  readonly key: Key;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
  readonly phase: Phase;
};

const actionOf = ({ before, after }: DraftParts): ChangeAction => {
  if (before === undefined) return 'create';
  return after === undefined ? 'delete' : 'update';
};

export const draftFrom = (parts: DraftParts): Draft => {
  const action = actionOf(parts);
  const kind = (parts.after ?? parts.before)?.kind;
  if (kind === undefined) throw new Error(`${parts.key}: a change from nothing to nothing`);
  return { ...parts, kind, action, id: changeId({ ...parts, kind, action }) };
};

export const isRename = (draft: Draft): boolean => {
  const { before, after } = draft;
  return (
    before !== undefined && after !== undefined && 'name' in before && 'name' in after && before.name !== after.name
  );
};

/** A place where no safe order exists; refused unless an exception names the guard (and key). */
export type OrderGap = { readonly guard: string; readonly key: Key; readonly message: string };
export type Drafts = { readonly drafts: readonly Draft[]; readonly gaps: readonly OrderGap[] };
