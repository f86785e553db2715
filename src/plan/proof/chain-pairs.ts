/** What somebody can do by becoming a role, step by step, while people, trust policies and roles change. */
import type { ReachableActions } from '../../evaluate/reach/reach.ts';
import { grouped, remembered } from '../../model/lists.ts';
import type { Change } from '../../model/plan.ts';
import type { Key, Role as IamRole } from '../../model/resource.ts';
import { permissionSetKey } from '../../model/resource.ts';
import { rolePrincipal } from '../access/side.ts';
import type { DoneBits } from './orders.ts';
import { isThere, originsIn } from './origins.ts';
import type { End, ChainOrigin } from './origins.ts';
import type { HeldWithin, PrincipalPair } from './pairs.ts';
import type { PlaceInTime } from './places.ts';
import { doneAt, inOrder, reachChanges } from './role-pairs.ts';
import type { ProofWorld } from './role-pairs.ts';
import { gatesOf, trustInTime } from './trust-in-time.ts';
import type { TrustInTime } from './trust-in-time.ts';
import { atLeastAll, atMostAll, covers, itself, waysFrom } from './ways-in.ts';
import type { TrustWay, TrustWays } from './ways-in.ts';

type ChainContext = {
  readonly world: ProofWorld;
  readonly trust: TrustInTime;
  readonly sorted: (some: Iterable<Change>) => readonly Change[];
};

type GivenRole = { readonly role: ReachableActions; readonly ways: readonly TrustWay[] };

const theEnds: readonly End[] = ['first', 'last'];

const waysAtEnd = (origin: ChainOrigin, end: End, { world: { versions }, trust }: ChainContext): TrustWays => {
  const starts = origin.nodes(end);
  const all = new Set(starts.flatMap((node) => [...trust.ever(node)]));
  const roleAt = (key: Key) => (end === 'first' ? versions.at(key, []) : versions.last(key));
  const gates = [...all].flatMap((key) => gatesOf(key, roleAt(key)));
  return waysFrom(starts, { gates, nodeOfRole: trust.nodeOfRole, joining: atMostAll });
};

const roleAtEnd = (key: Key, end: End, { world, place }: { readonly world: ProofWorld; readonly place: PlaceInTime }) =>
  place.iamRole(key, end === 'first' ? [] : reachChanges(world, key, place));

const setAtEnd = (
  name: string,
  end: End,
  { world, place }: { readonly world: ProofWorld; readonly place: PlaceInTime },
) => {
  const key = permissionSetKey(name);
  const all = [...world.versions.changesOf(key), ...place.policyChanges(key), ...place.rails];
  return place.role(
    name,
    end === 'first' ? [] : all.filter(({ action, kind }) => kind !== 'permission-set' || action === 'update'),
  );
};

type ChainEnds = {
  readonly end: End;
  readonly byAccount: ReadonlyMap<string, readonly (readonly [Key, readonly TrustWay[]])[]>;
};

const foundAt = (origin: ChainOrigin, end: End, scene: ChainContext): ChainEnds => {
  const accountOf = (key: Key): string => scene.trust.roles.get(key)?.account ?? '';
  return { end, byAccount: grouped([...waysAtEnd(origin, end, scene)], ([key]) => accountOf(key)) };
};

/** All that the ends give there, with the ways to it; what the role itself gives at first. */
const givenIn = (origin: ChainOrigin, scene: ChainContext): ((place: PlaceInTime) => readonly GivenRole[]) => {
  const { world, trust } = scene;
  const found = theEnds.map((end) => foundAt(origin, end, scene));
  const home = origin.role === undefined ? undefined : trust.roles.get(origin.role)?.account;
  return (place) => {
    const here = { world, place };
    const own = origin.role === undefined || home !== place.account ? [] : [origin.role];
    return found.flatMap(({ end, byAccount }) => [
      ...(byAccount.get(place.account) ?? []).flatMap(([key, to]) => made(roleAtEnd(key, end, here), to)),
      ...own.flatMap((key) => made(roleAtEnd(key, end, here), [itself])),
      ...origin.sets(end, place.account).flatMap((name) => made(setAtEnd(name, end, here), [itself])),
      ...origin.entitled(end, place.account).flatMap((key) => made(roleAtEnd(key, end, here), [itself])),
    ]);
  };
};

const made = (role: ReachableActions | undefined, ways: readonly TrustWay[]): readonly GivenRole[] =>
  role === undefined ? [] : [{ role, ways }];

/** The roles through which the origin comes to the last one by a first step that changes, that one included. */
const between = (all: ReadonlySet<Key>, to: Key, { ever, nodeOfRole }: TrustInTime): readonly Key[] =>
  [...all].filter((key) => key === to || ever(nodeOfRole(key)).has(to));

type ChainTarget = { readonly to: Key; readonly role: IamRole; readonly place: PlaceInTime };
type GivingContext = ChainContext & {
  readonly given: (place: PlaceInTime) => readonly GivenRole[];
  /** All that the origin comes to at some time by a first step that changes. */
  readonly all: ReadonlySet<Key>;
};

/** How the origin comes to the target: where it begins, over which roles, and what changes on the way. */
type ChainCourse = {
  readonly starts: ChainOrigin['starts'];
  readonly through: readonly Key[];
  readonly changes: readonly Change[];
};

const courseTo = (
  origin: ChainOrigin,
  { to, place }: ChainTarget,
  { world, trust, sorted, all }: GivingContext,
): ChainCourse => {
  const starts = origin.starts.filter(({ node }) => trust.ever(node).has(to));
  const through = between(all, to, trust);
  const changes = sorted([
    ...starts.flatMap(({ comes, goes }) => [...comes, ...goes]),
    ...through.flatMap(trust.changesOf),
    ...reachChanges(world, to, place),
  ]);
  return { starts, through, changes };
};

const heldAt = ({ to, place }: ChainTarget, course: ChainCourse, scene: GivingContext): PrincipalPair['held'] => {
  const { world, trust, given } = scene;
  const withinWay = (way: TrustWay): readonly ReachableActions[] => [
    ...new Set(given(place).flatMap(({ role, ways }) => (ways.some((one) => covers(one, way)) ? [role] : []))),
  ];
  return remembered((moment: DoneBits): readonly HeldWithin[] => {
    const done = doneAt(course.changes, moment);
    const starts = course.starts.flatMap((start) => (isThere(start, done) ? [start.node] : []));
    const gates = course.through.flatMap((key) => gatesOf(key, world.versions.at(key, done)));
    const ways = waysFrom(starts, { gates, nodeOfRole: trust.nodeOfRole, joining: atLeastAll }).get(to) ?? [];
    const now = ways.length === 0 ? undefined : place.iamRole(to, done);
    return now === undefined ? [] : ways.map((way) => ({ role: now, within: withinWay(way) }));
  });
};

const pairTo = (origin: ChainOrigin, to: Key, scene: GivingContext): readonly PrincipalPair[] => {
  const role = scene.trust.roles.get(to);
  const place = role === undefined ? undefined : scene.world.placeOf(role.account);
  if (role === undefined || place === undefined) return [];
  const target: ChainTarget = { to, role, place };
  const course = courseTo(origin, target, scene);
  const { changes } = course;
  if (changes.length < 2) return [];
  const name = [origin.text, to, ...changes.map(({ id }) => id)].join('\n');
  const seat = { principals: [origin.text], groups: [], place, changes, name, through: ` as ${rolePrincipal(role)}` };
  return [{ ...seat, roles: () => [], held: heldAt(target, course, scene) }];
};

const pairsOf = (origin: ChainOrigin, scene: ChainContext): readonly PrincipalPair[] => {
  const { trust } = scene;
  const targets = new Set(origin.entries.flatMap((key) => [key, ...trust.ever(trust.nodeOfRole(key))]));
  const all = new Set(origin.starts.flatMap(({ node }) => [...trust.ever(node)]));
  const given = remembered(givenIn(origin, scene));
  return [...targets].flatMap((to) => pairTo(origin, to, { ...scene, given, all }));
};

const bearing: readonly Change['kind'][] = ['role', 'assignment', 'entitlement', 'membership'];

/** Every pair of somebody and a role of which a step between them and something else changes. */
export const chainPairsIn = (world: ProofWorld): readonly PrincipalPair[] => {
  if (!world.stage.changes.some(({ kind }) => bearing.includes(kind))) return [];
  const trust = trustInTime(world);
  if (trust.roles.size === 0) return [];
  const scene: ChainContext = { world, trust, sorted: inOrder(world.stage) };
  return originsIn(world, trust).flatMap((origin) => pairsOf(origin, scene));
};
