/** What waits so that a way in, or an approved document, is never missing at the moment when a call fails. */
import { phases } from '../model/plan.ts';
import type { Resource } from '../model/resource.ts';
import { controlPolicyKey } from '../model/resource.ts';
import type { Draft } from './draft.ts';

const isOfGroup = (group: string, resource: Resource | undefined): boolean => {
  if (resource?.kind === 'membership') return resource.group === group;
  if (resource?.kind !== 'assignment' || resource.principal.orphan) return false;
  return resource.principal.type === 'group' && resource.principal.name === group;
};

const isNotLater = (one: Draft, draft: Draft): boolean => phases.indexOf(one.phase) <= phases.indexOf(draft.phase);

type Waits = ReadonlyMap<string, ReadonlySet<string>>;

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

/** What an approved document is to say has to be said before it hangs anywhere else: the old one was not approved there. */
export const editsOfAttached = (byKey: (key: string) => readonly Draft[], draft: Draft): readonly Draft[] => {
  const { action, after } = draft;
  if (action !== 'create' || after?.kind !== 'attachment') return [];
  return byKey(controlPolicyKey(after.policy)).filter((one) => one.action === 'update' && isNotLater(one, draft));
};
