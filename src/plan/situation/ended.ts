/** What a date of the files has ended: nobody has to ask for it again, and nothing keeps it. */
import type { DatedGrant, Desired, Settings } from '../../model/desired.ts';
import { canonical } from '../../kinds/equal.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import type { Grant, Key, Resource, State } from '../../model/resource.ts';
import { isGrant } from '../../model/resource.ts';

/** Access, and what goes with the last role that needs it. */
const endingKinds: readonly Resource['kind'][] = [
  'membership',
  'assignment',
  'entitlement',
  'role',
  'policy',
  'oidc-provider',
];

type DatedDesired = Pick<Desired, 'dated'>;

const isLater = (one: DatedGrant, other: DatedGrant | undefined): boolean => (one.until ?? '') > (other?.until ?? '');

/** By key, the entry that was the last to end before `today` (YYYY-MM-DD). */
const lastEnded = ({ dated }: DatedDesired, today: string): ReadonlyMap<Key, DatedGrant> => {
  const found = new Map<Key, DatedGrant>();
  for (const grant of dated)
    if (grant.until !== undefined && grant.until < today && isLater(grant, found.get(grant.key)))
      found.set(grant.key, grant);
  return found;
};

/** What has ended and nothing else gives today, as it was on its last day. */
export const endedState = (desired: Pick<Desired, 'dated' | 'state'>, today: string): State =>
  Object.fromEntries(
    [...lastEnded(desired, today)].flatMap(([key, { resource }]) =>
      desired.state[key] === undefined ? [[key, resource] as const] : [],
    ),
  );

/** Whether a deletion is one that a date asks for, whatever AWS has under the key. */
export const isEndedIn = (desired: DatedDesired, today: string): ((change: Change) => boolean) => {
  const ended = lastEnded(desired, today);
  return ({ action, kind, key }) => action === 'delete' && endingKinds.includes(kind) && ended.has(key);
};

const isOfBreakGlass = (grant: Grant, breakGlass: Settings['breakGlass']): boolean =>
  (grant.kind === 'assignment' && grant.permissionSet === breakGlass?.permissionSet) ||
  (grant.principal.type === 'group' && grant.principal.name === breakGlass?.group);

/** Whoever may have to come in on any day has no last day, whatever an entry says. */
export const isLastingWayIn = (resource: Resource, { breakGlass, reconciler, memberRole }: Settings): boolean => {
  if (resource.kind === 'membership') return resource.group === breakGlass?.group;
  if (isGrant(resource)) return isOfBreakGlass(resource, breakGlass);
  if (resource.kind !== 'role') return false;
  const path = `${resource.path.slice(1)}${resource.name}`;
  return path === reconciler?.plan || path === reconciler?.apply || resource.name === memberRole?.name;
};

/** Other roles may have asked for more audiences of a provider; whose a thing became was decided by the plan. */
const asFound = (entry: Resource, found: Resource, owner: string): Resource => ({
  ...entry,
  ...('owner' in found && found.owner === owner ? { owner } : {}),
  ...(found.kind === 'oidc-provider' ? { clientIds: found.clientIds } : {}),
});

/** Marks the deletions of what was as its entry said to the last; what somebody altered by hand is drift. */
export const withEnded = (changes: readonly Change[], desired: Desired, today: string): readonly Change[] => {
  const ended = lastEnded(desired, today);
  const isEnded = isEndedIn(desired, today);
  return changes.map((change) => {
    const entry = isEnded(change) && change.temporary !== true ? ended.get(change.key) : undefined;
    const found = subjectOf(change);
    if (entry?.until === undefined || isLastingWayIn(found, desired.settings)) return change;
    const isSame = canonical(asFound(entry.resource, found, desired.settings.owner)) === canonical(found);
    return isSame ? { ...change, ended: entry.until } : change;
  });
};

export const endedChanges = ({ changes }: Pick<Plan, 'changes'>): readonly Change[] =>
  changes.filter(({ ended }) => ended !== undefined);
