/** Whose a thing is, and what becomes of what nobody declares (design: "Ownership"). */
import type { Assignment, Key, Resource, Scope } from '../../model/resource.ts';
import {
  accountKey,
  controlPolicyKey,
  entitledRoleKey,
  groupKey,
  isControlPolicy,
  keyOf,
  permissionSetKey,
  resourcesOf,
} from '../../model/resource.ts';
import { ignores } from '../situation/ignore.ts';
import { isFullAccess, isOwn } from '../situation/situation.ts';
import type { Situation } from '../situation/situation.ts';

type OwnedResource = Extract<Resource, { readonly owner?: string }>;
const isOwned = (resource: Resource): resource is OwnedResource =>
  isControlPolicy(resource) || ['ou', 'permission-set', 'role', 'policy', 'oidc-provider'].includes(resource.kind);

/** `all` when made here or named by `adopt`; else what the tag says, and `declared` for what was just found. */
const scopeAfter = (situation: Situation, key: Key): Scope => {
  const { adopt, owner } = situation.desired.settings;
  const live = situation.current[key];
  if (live === undefined || adopt.includes(key)) return 'all';
  return isOwn(live, owner) && 'scope' in live && live.scope !== undefined ? live.scope : 'declared';
};

/** The resource as it will be, tagged as ours where the kind carries tags. */
export const claimed = (situation: Situation, key: Key, resource: Resource): Resource => {
  if (!isOwned(resource)) return resource;
  const { owner } = situation.desired.settings;
  const isScoped = isControlPolicy(resource) || resource.kind === 'permission-set';
  return isScoped ? { ...resource, owner, scope: scopeAfter(situation, key) } : { ...resource, owner };
};

/** Everything of this set or policy was ours before this plan, or is made ours by name. */
const isWhollyOurs = ({ current, desired }: Situation, key: Key): boolean => {
  if (desired.settings.adopt.includes(key)) return true;
  const live = current[key];
  return isOwn(live, desired.settings.owner) && live !== undefined && 'scope' in live && live.scope === 'all';
};

/** `silent`: neither ours nor worth a line. */
export type LiveFate = 'delete' | 'unmanaged' | 'silent';

/** By the name that it has in AWS, too: a rename, its own or of what it belongs to, takes nothing out of `ignore`. */
const isIgnored = ({ desired, live, liveKeys }: Situation, key: Key, resource: Resource): boolean => {
  const liveKey = liveKeys.get(key) ?? key;
  const found = live.state[liveKey];
  return ignores(desired.settings, key, resource) || (found !== undefined && ignores(desired.settings, liveKey, found));
};

const oursOr = (ours: unknown, otherwise: LiveFate = 'unmanaged'): LiveFate => (ours ? 'delete' : otherwise);

/** The set or policy whose scope says whose its assignments or attachments are. */
export const scopeKey = (resource: Resource): Key | undefined => {
  if (resource.kind === 'assignment') return permissionSetKey(resource.permissionSet);
  return resource.kind === 'attachment' ? controlPolicyKey(resource.policy) : undefined;
};

/**
 * A set is renamed by making it anew: what the new one gives in the same account to the same people has moved, and its old
 * assignment goes, whoever made it. Only of a set that is ours.
 */
const hasMoved = ({ desired, current, wanted }: Situation, assignment: Assignment): boolean => {
  const old = permissionSetKey(assignment.permissionSet);
  if (wanted[old] !== undefined || !isOwn(current[old], desired.settings.owner)) return false;
  return resourcesOf(wanted, 'permission-set').some(
    ({ name }) =>
      (desired.previously[permissionSetKey(name)] ?? []).includes(assignment.permissionSet) &&
      wanted[keyOf({ ...assignment, permissionSet: name })] !== undefined,
  );
};

const isExclusive = ({ desired, wanted }: Situation, account: string): boolean =>
  desired.settings.ownership['assignments'] === 'exclusive' && wanted[accountKey(account)] !== undefined;

const fateByRule = (situation: Situation, resource: Resource): LiveFate => {
  const { desired, absent } = situation;
  if (isControlPolicy(resource)) return oursOr(isOwn(resource, desired.settings.owner));
  switch (resource.kind) {
    case 'policy-type':
    case 'account':
    case 'group':
    case 'user':
      return 'unmanaged';
    case 'ou':
    case 'permission-set':
    case 'role':
    case 'policy':
    case 'oidc-provider':
      return oursOr(isOwn(resource, desired.settings.owner));
    // They carry no tag: only what is declared is changed.
    case 'access-attributes':
    case 'resource-policy':
      return 'unmanaged';
    case 'membership':
      return oursOr(desired.memberGroups.includes(resource.group) || absent.has(groupKey(resource.group)), 'silent');
    case 'attachment':
      if (isFullAccess(resource)) return 'silent';
      return oursOr(isWhollyOurs(situation, controlPolicyKey(resource.policy)));
    case 'assignment':
      return oursOr(
        isExclusive(situation, resource.account) ||
          isWhollyOurs(situation, permissionSetKey(resource.permissionSet)) ||
          hasMoved(situation, resource),
      );
    // It carries no tag: like the role's trust it says who may become the role, and belongs to whoever the role does.
    case 'entitlement':
      return oursOr(
        isExclusive(situation, resource.account) ||
          isOwn(situation.current[entitledRoleKey(resource)], desired.settings.owner),
      );
  }
};

/** Kinds that carry no tag: an entry that ended is the word that they were ours to end. */
const isEnded = ({ ended }: Situation, key: Key, { kind }: Resource): boolean =>
  ['membership', 'assignment', 'entitlement'].includes(kind) && ended.has(key);

/** What becomes of a live thing that is not wanted. What `ignore` names is left alone without a word. */
export const fateOf = (situation: Situation, key: Key, resource: Resource): LiveFate => {
  if (situation.absent.has(key)) return 'delete';
  if (isIgnored(situation, key, resource)) return 'silent';
  return isEnded(situation, key, resource) ? 'delete' : fateByRule(situation, resource);
};
