/** Who has what where, and through which changes: one group or user in one account. */
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import { grouped, remembered } from '../../model/lists.ts';
import { subjectOf } from '../../model/plan.ts';
import type { Change } from '../../model/plan.ts';
import type { Grant, Key, Resource } from '../../model/resource.ts';
import { entitledRoleKey, isGrant, permissionSetKey, principalText } from '../../model/resource.ts';
import type { AccountSample } from '../situation/account-classes.ts';
import { bitOf } from './orders.ts';
import type { DoneBits } from './orders.ts';
import type { PlaceInTime, PlaceMaker, ProofInput } from './places.ts';

/** A permission set, or a role itself, that is held while all of `on` and none of `off` is done. */
type HeldWay = { readonly grant: Grant; readonly on: DoneBits; readonly off: DoneBits };

export type HeldWithin = { readonly role: ReachableActions; readonly within: readonly ReachableActions[] };

export type PrincipalPair = {
  /** `group:NAME`, or each `user:NAME` that is in the same groups. */
  readonly principals: readonly string[];
  /** The groups of people who stay in several of them; of all others none. */
  readonly groups: readonly string[];
  readonly place: PlaceInTime;
  /** All that bear on it, in the order of the plan. */
  readonly changes: readonly Change[];
  /** What is held at a moment, each role once; nothing where others tell what is missing in between. */
  readonly roles: (moment: DoneBits) => readonly ReachableActions[];
  /** What is held at a moment, each beside all that the ends give whoever holds it like this. */
  readonly held: (moment: DoneBits) => readonly HeldWithin[];
  /** By what it acts, where it does not act by itself. */
  readonly through?: string;
  /** Pairs of one name go through the same. */
  readonly name: string;
};

export type GrantFate = { readonly resource: Resource; readonly comes?: Change; readonly goes?: Change };

/** Everything that is there at some time, with the changes that bring or take it; of access, what is in the sample's accounts. */
const fatesOf = ({ current, changes }: ProofInput, sample: AccountSample): ReadonlyMap<Key, GrantFate> => {
  const isSeen = (resource: Resource): boolean =>
    isGrant(resource) ? sample(resource.account).length > 0 : resource.kind === 'membership';
  const fates = new Map<Key, GrantFate>();
  for (const [key, resource] of Object.entries(current)) if (isSeen(resource)) fates.set(key, { resource });
  for (const change of changes) {
    if (!isSeen(subjectOf(change))) continue;
    if (change.action === 'create') fates.set(change.key, { resource: change.after, comes: change });
    if (change.action === 'delete') fates.set(change.key, { resource: change.before, goes: change });
  }
  return fates;
};

export type Hold = { readonly grant: Grant; readonly fates: readonly GrantFate[] };

export type GrantHolder = Pick<PrincipalPair, 'principals' | 'groups'> & { readonly holds: readonly Hold[] };

type GroupMember = { readonly user: string; readonly joined: readonly GrantFate[] };
type Assigned = ReadonlyMap<string, readonly Hold[]>;

const throughGroups = (assigned: Assigned, joined: readonly GrantFate[]): readonly Hold[] =>
  joined.flatMap((fate) =>
    (assigned.get(groupOf(fate.resource)) ?? []).map((hold) => ({ ...hold, fates: [...hold.fates, fate] })),
  );

const staysInSeveral = (assigned: Assigned, { user, joined }: GroupMember): boolean =>
  joined.length > 1 && !assigned.has(user) && !joined.some(({ comes, goes }) => comes ?? goes);

/** What one group loses another may give: people who are in the same groups go through the same, and are looked at once. */
const steadyHolders = (assigned: Assigned, people: readonly GroupMember[]): readonly GrantHolder[] => {
  const steady = people.filter((person) => staysInSeveral(assigned, person));
  const groupsIn = ({ joined }: GroupMember): readonly string[] =>
    joined.map(({ resource }) => groupOf(resource)).sort();
  return [...grouped(steady, (person) => groupsIn(person).join('\n')).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const holds = throughGroups(assigned, first.joined);
    return [{ principals: alike.map(({ user }) => user), groups: groupsIn(first), holds }];
  });
};

/** Who comes or goes, or has something of its own besides. Who stays in one group goes through what the group does. */
const movingHolders = (assigned: Assigned, people: readonly GroupMember[]): readonly GrantHolder[] =>
  people
    .filter(({ user, joined }) => assigned.has(user) || joined.some(({ comes, goes }) => comes ?? goes))
    .map(({ user, joined }) => ({
      principals: [user],
      groups: [],
      holds: [...(assigned.get(user) ?? []), ...throughGroups(assigned, joined)],
    }));

export const grantHoldersIn = (stage: ProofInput, sample: AccountSample): readonly GrantHolder[] => {
  const fates = [...fatesOf(stage, sample).values()];
  const holds = fates.flatMap((fate): readonly Hold[] =>
    isGrant(fate.resource) ? [{ grant: fate.resource, fates: [fate] }] : [],
  );
  const assigned = grouped(holds, ({ grant }) => principalText(grant.principal));
  const memberships = fates.filter(({ resource }) => resource.kind === 'membership');
  const joinedBy = grouped(memberships, ({ resource }) => userOf(resource));
  const people = [...joinedBy].map(([user, joined]): GroupMember => ({ user, joined }));
  return [
    ...[...assigned]
      .filter(([principal]) => !joinedBy.has(principal))
      .map(([principal, own]) => ({ principals: [principal], groups: [], holds: own })),
    ...movingHolders(assigned, people),
    ...steadyHolders(assigned, people),
  ];
};

const userOf = (resource: Resource): string =>
  resource.kind === 'membership' ? principalText({ type: 'user', name: resource.user }) : '';
const groupOf = (resource: Resource): string =>
  resource.kind === 'membership' ? principalText({ type: 'group', name: resource.group }) : '';

type Bearing = { readonly placeOf: ReadonlyMap<Change, number>; readonly editsOf: ReadonlyMap<Key, readonly Change[]> };

/** Of what is held somewhere, and of all that gives nobody access. */
const placesOf = (changes: readonly Change[], holders: readonly GrantHolder[]): ReadonlyMap<Change, number> => {
  const fates = holders.flatMap(({ holds }) => holds.flatMap((one) => one.fates));
  const held = new Set(fates.flatMap(({ comes, goes }) => comes ?? goes ?? []));
  const places = new Map<Change, number>();
  changes.forEach((change, at) => {
    if (!isGrant(subjectOf(change)) || held.has(change)) places.set(change, at);
  });
  return places;
};

/** A role may come with what opens it, or go; a set is there before anybody holds it. */
const isEdit = ({ kind, action, adopts }: Change): boolean =>
  !adopts && (kind === 'role' || (kind === 'permission-set' && action === 'update'));

/** What gives the holder something: its policies say what. */
const bearerKey = (grant: Grant): Key =>
  grant.kind === 'assignment' ? permissionSetKey(grant.permissionSet) : entitledRoleKey(grant);

const bearingIn = ({ changes }: ProofInput, holders: readonly GrantHolder[]): Bearing => ({
  placeOf: placesOf(changes, holders),
  editsOf: grouped(
    changes.filter((change) => isEdit(change)),
    ({ key }) => key,
  ),
});

/** All that bear on what is held there, in the order of the plan. */
const changesOf = ({ placeOf, editsOf }: Bearing, place: PlaceInTime, holds: readonly Hold[]): readonly Change[] => {
  const sets = new Set(holds.map(({ grant }) => bearerKey(grant)));
  const direct = holds.flatMap(({ fates }) => fates.flatMap(({ comes, goes }) => comes ?? goes ?? []));
  const edits = [...sets].flatMap((key) => [...(editsOf.get(key) ?? []), ...place.policyChanges(key)]);
  const at = (change: Change): number => placeOf.get(change) ?? 0;
  return [...new Set([...direct, ...edits, ...place.rails])].sort((a, b) => at(a) - at(b));
};

const waysOf = (changes: readonly Change[], holds: readonly Hold[]): readonly HeldWay[] => {
  const mask = (wanted: readonly (Change | undefined)[]): DoneBits =>
    changes.reduce((bits, change, at) => (wanted.includes(change) ? bits | bitOf(at) : bits), 0n);
  return holds.map(({ grant, fates }) => ({
    grant,
    on: mask(fates.map(({ comes }) => comes).filter((one) => one !== undefined)),
    off: mask(fates.map(({ goes }) => goes).filter((one) => one !== undefined)),
  }));
};

/** All that is held at either end, whatever else. */
export const withinEnds = (roles: PrincipalPair['roles'], changes: number): PrincipalPair['held'] => {
  const both = remembered(() => [...new Set([...roles(0n), ...roles(bitOf(changes) - 1n)])]);
  return (moment) => roles(moment).map((role) => ({ role, within: both(0n) }));
};

type Seat = Pick<PrincipalPair, 'principals' | 'groups' | 'place' | 'changes'>;

const givenBy =
  (place: PlaceInTime, grant: Grant, key: Key) =>
  (done: readonly Change[]): ReachableActions | undefined =>
    grant.kind === 'assignment' ? place.role(grant.permissionSet, done) : place.iamRole(key, done);

const pairOf = (seat: Seat, holds: readonly Hold[]): PrincipalPair => {
  const { place, changes } = seat;
  const ways = waysOf(changes, holds);
  const sets = new Set(ways.map(({ grant }) => bearerKey(grant)));
  const bearing = changes.map(({ key, kind }) => kind === 'policy' || sets.has(key));
  const rails = new Set(place.rails);
  const roles = (moment: DoneBits): readonly ReachableActions[] => {
    const done = changes.filter(
      (change, at) => (moment & bitOf(at)) !== 0n && (bearing[at] === true || rails.has(change)),
    );
    const held = new Map(
      ways
        .filter(({ on, off }) => (on & ~moment) === 0n && (off & moment) === 0n)
        .map(({ grant }) => [bearerKey(grant), grant]),
    );
    return [...new Set([...held].flatMap(([key, grant]) => givenBy(place, grant, key)(done) ?? []))];
  };
  const holdings = ways.map(({ grant, on, off }) => `${bearerKey(grant)} ${on} ${off}`).sort();
  const name = [place.account, seat.groups.length, ...new Set(holdings), ...changes.map(({ id }) => id)].join('\n');
  const held = remembered(roles);
  return { ...seat, roles: held, held: withinEnds(held, changes.length), name };
};

/** Every pair of people that some change bears on. */
export const pairsIn = (
  stage: ProofInput,
  placeOf: PlaceMaker,
  holders: readonly GrantHolder[],
): readonly PrincipalPair[] => {
  const bearing = bearingIn(stage, holders);
  return holders.flatMap(({ principals, groups, holds }) =>
    [...grouped(holds, ({ grant }) => grant.account)].flatMap(([account, here]) => {
      const place = placeOf(account);
      if (place === undefined) return [];
      const changes = changesOf(bearing, place, here);
      return changes.length < 2 ? [] : [pairOf({ principals, groups, place, changes }, here)];
    }),
  );
};
