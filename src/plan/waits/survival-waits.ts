/** What waits so that a way in, or an approved document, is never missing at the moment when a call fails. */
import { phases } from '../../model/plan.ts';
import type { Attachment, Resource } from '../../model/resource.ts';
import { controlPolicyKey, isControlKind, isGrant as givesAccess, pathToRoot } from '../../model/resource.ts';
import type { Draft } from '../phases/draft.ts';

const isOfGroup = (group: string, resource: Resource | undefined): boolean => {
  if (resource?.kind === 'membership') return resource.group === group;
  if (!givesAccess(resource) || resource.principal.orphan) return false;
  return resource.principal.type === 'group' && resource.principal.name === group;
};

const isNotLater = (one: Draft, draft: Draft): boolean => phases.indexOf(one.phase) <= phases.indexOf(draft.phase);

type Waits = ReadonlyMap<string, ReadonlySet<string>>;
type EditFinder = (key: string) => readonly Draft[];

/** Whether `from` waits for `to`, directly or not. */
const awaits = (waits: Waits, from: string, to: string): boolean => {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(waits.get(id) ?? []));
  }
  return false;
};

/**
 * Members and assignments of break-glass go when all the new ones are there. What has to wait for a leaving one (an assignment
 * that it must not have) cannot come before it: the guard looks whether somebody is left then.
 */
export const glassWaits = (
  drafts: readonly Draft[],
  group: string | undefined,
  waits: Waits,
): ReadonlyMap<string, readonly Draft[]> => {
  if (group === undefined) return new Map();
  const coming = drafts.filter(({ action, after }) => action === 'create' && isOfGroup(group, after));
  const going = drafts.filter(({ action, before }) => action === 'delete' && isOfGroup(group, before));
  return new Map(
    going.map((draft) => [
      draft.id,
      coming.filter((one) => isNotLater(one, draft) && !awaits(waits, one.id, draft.id)),
    ]),
  );
};

type HungRails = ReadonlyMap<string, readonly Attachment[]>;

/** Where a draft makes policies hang that did not hang there: at a target, or above an account that moves. */
const newlyHung = (rails: HungRails, { action, before, after, temporary }: Draft): readonly Attachment[] => {
  // A stand-in is to say what hung on the old path.
  if (after?.kind === 'attachment') return action === 'create' && !temporary ? [after] : [];
  if (before?.kind !== 'account' || after?.kind !== 'account') return [];
  const left = new Set(pathToRoot(before.parent));
  return pathToRoot(after.parent).flatMap((path) => (left.has(path) ? [] : (rails.get(path) ?? [])));
};

/** What an approved document is to say has to be said before it hangs anywhere else: the old one was not approved there. */
export const editsOfHung = (byKey: EditFinder, rails: HungRails, draft: Draft): readonly Draft[] =>
  newlyHung(rails, draft).flatMap(({ policy }) =>
    byKey(controlPolicyKey(policy)).filter(({ action }) => action === 'update'),
  );

const isFalling = ({ phase, kind, action, temporary }: Draft): boolean =>
  phase === 'relax' &&
  !temporary &&
  ((kind === 'attachment' && action === 'delete') || (isControlKind(kind) && action === 'update'));

export type Falling = {
  readonly drafts: readonly Draft[];
  readonly edits: (rail: Draft) => readonly Draft[];
  readonly overlap: (one: Draft, other: Draft) => boolean;
};

const isGrant = ({ phase }: Draft): boolean => phase === 'grant';

/**
 * A guard rail that goes up only when its policy is loosened goes up among those that come down: these wait for it, as they
 * do for all that goes up, and so do the grants below it, except what it waits for itself.
 */
export const lateRails = ({ drafts, edits, overlap }: Falling, waits: Waits): ReadonlyMap<string, readonly Draft[]> => {
  const late = drafts.filter(
    (draft) => draft.phase === 'restrict' && edits(draft).some(({ phase }) => phase === 'relax'),
  );
  if (late.length === 0) return new Map();
  const known = new Map([...waits].map(([id, needs]) => [id, new Set(needs)]));
  const added = new Map<string, readonly Draft[]>();
  for (const draft of [...drafts.filter(isGrant), ...drafts.filter(isFalling)]) {
    const needs = late.filter((one) => overlap(draft, one) && !awaits(known, one.id, draft.id));
    if (needs.length === 0) continue;
    added.set(draft.id, needs);
    known.set(draft.id, new Set([...(known.get(draft.id) ?? []), ...needs.map(({ id }) => id)]));
    if (isGrant(draft)) late.push(draft);
  }
  return added;
};
