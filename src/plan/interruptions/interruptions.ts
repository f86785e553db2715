/** What people lose for the length of a plan though both its ends give it: said, because it cannot always be helped. */
import { canAllow } from '../../kinds/control-policies.ts';
import type { Change, Interruption } from '../../model/plan.ts';
import { afterOf } from '../../model/plan.ts';
import { statements } from '../../model/policy.ts';
import type { Attachment, GuardRail, Key, Resource, State } from '../../model/resource.ts';
import {
  accountKey,
  controlPolicyKey,
  guardRailKinds,
  isGrant,
  isGuardRail,
  keyOf,
  pathToRoot,
  resourcesOf,
} from '../../model/resource.ts';
import type { Draft } from '../phases/draft.ts';
import { isFullAccess, scpType } from '../situation/situation.ts';
import { meaning } from '../edit/statement-cover.ts';
import { withoutSettings } from '../situation/settings.ts';
import { EVERYWHERE } from '../situation/reached-accounts.ts';

const railKinds: readonly Resource['kind'][] = ['policy-type', 'ou', 'account', 'attachment', ...guardRailKinds];

/** Denials by what they mean, with the policy that brings each. */
type Denials = ReadonlyMap<string, Key>;

const denialsOf = (policy: GuardRail): Denials =>
  new Map(
    statements(policy.document)
      .filter(({ Effect }) => Effect === 'Deny')
      .map((statement) => [`${policy.kind} ${meaning(policy.document, statement)}`, controlPolicyKey(policy)]),
  );

type ResourcesByKey = ReadonlyMap<Key, Resource>;

const placeText = ({ target }: Attachment): string => {
  if (target.type === 'root') return '';
  return target.type === 'ou' ? target.path : `account ${target.name}`;
};

type RailLevel = {
  readonly denials: readonly Denials[];
  readonly allows: readonly string[];
  readonly open: readonly Key[];
};

type RailsInTime = { readonly at: ReadonlyMap<string, RailLevel>; readonly world: ResourcesByKey };

const noLevel: RailLevel = { denials: [], allows: [], open: [] };

const withAttachment = (level: RailLevel, world: ResourcesByKey, attachment: Attachment): RailLevel => {
  if (isFullAccess(attachment)) return { ...level, open: [keyOf(attachment)] };
  const policy = world.get(controlPolicyKey(attachment.policy));
  if (!isGuardRail(policy)) return level;
  const allows = statements(policy.document).filter(({ Effect }) => Effect === 'Allow' && canAllow(policy.kind));
  return {
    ...level,
    denials: [...level.denials, denialsOf(policy)],
    allows: [...level.allows, ...allows.map((one) => meaning(policy.document, one))],
  };
};

const railsIn = (world: ResourcesByKey): RailsInTime => {
  const at = new Map<string, RailLevel>();
  for (const resource of world.values()) {
    if (resource.kind !== 'attachment') continue;
    const place = placeText(resource);
    at.set(place, withAttachment(at.get(place) ?? noLevel, world, resource));
  }
  return { at, world };
};

/** A level without FullAWSAccess forbids all that its lists do not name. */
const restriction = ({ at, world }: RailsInTime, place: string): Denials => {
  const { allows, open } = at.get(place) ?? noLevel;
  if (open.length > 0 || !world.has(scpType)) return new Map();
  const key = place === '' ? 'root' : place;
  return new Map([[`only ${[...new Set(allows)].sort().join(' ')}`, `the allow-list of ${key}`]]);
};

const denialsOn = (rails: RailsInTime, account: Key): Denials => {
  const found = rails.world.get(account);
  if (found?.kind !== 'account') return new Map();
  const places = [...pathToRoot(found.parent), `account ${found.name}`];
  return new Map(
    places.flatMap((place) => [
      ...(rails.at.get(place)?.denials ?? []).flatMap((denials) => [...denials]),
      ...restriction(rails, place),
    ]),
  );
};

const changedBy = (world: Map<Key, Resource>, change: Change): void => {
  const after = afterOf(change);
  if (after === undefined) world.delete(change.key);
  else world.set(change.key, after);
};

const worldsOf = (current: State, changes: readonly Change[]): readonly RailsInTime[] => {
  const world = new Map(Object.entries(current).filter(([, { kind }]) => railKinds.includes(kind)));
  const worlds = [railsIn(new Map(world))];
  for (const change of changes.filter(({ kind }) => railKinds.includes(kind))) {
    changedBy(world, change);
    worlds.push(railsIn(new Map(world)));
  }
  return worlds;
};

const passing = (worlds: readonly RailsInTime[], account: Key): readonly Key[] => {
  const seen = worlds.map((rails) => denialsOn(rails, account));
  const [first, last] = [seen[0] ?? new Map<string, Key>(), seen.at(-1) ?? new Map<string, Key>()];
  const strange = seen.flatMap((denials) => [...denials].filter(([text]) => !first.has(text) && !last.has(text)));
  return [...new Set(strange.map(([, policy]) => policy))].sort();
};

/**
 * Accounts on which, in the order of the plan, a denial holds for a while that neither its start nor its end has: a guard
 * rail that is hung up before its loosened document, an account on its way under one that comes down. The management
 * account is under no guard rail.
 */
export const railInterruptions = (
  current: State,
  changes: readonly Change[],
  management: string,
): readonly Interruption[] => {
  const worlds = worldsOf(current, withoutSettings(changes));
  if (worlds.length < 3) return [];
  return resourcesOf(current, 'account')
    .filter(({ name }) => name !== management)
    .map(({ name }) => ({ account: name, policies: passing(worlds, accountKey(name)) }))
    .filter(({ policies }) => policies.length > 0)
    .map(({ account, policies }) => ({
      principal: EVERYWHERE,
      account,
      message: `while the plan runs, ${policies.join(', ')} forbids more in ${account} than before and after`,
    }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
};

/** A revocation that could not wait for its replacement. */
export const revokedFirst = ({ before, key }: Draft): Interruption => {
  const message = `${key} goes before its replacement comes, because each would have to wait for the other`;
  if (isGrant(before))
    return { principal: `${before.principal.type}:${before.principal.name}`, account: before.account, message };
  return { principal: before?.kind === 'membership' ? `user:${before.user}` : key, account: EVERYWHERE, message };
};
