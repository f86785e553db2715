/** What a role can do by itself, whoever acts as it. */
import { guardRailKinds } from '../../model/resource.ts';
import { once, remembered } from '../../model/lists.ts';
import type { Change } from '../../model/plan.ts';
import { changedFields } from '../../kinds/equal.ts';
import type { Key, Resource, Role } from '../../model/resource.ts';
import { keyOf, resourcesOf } from '../../model/resource.ts';
import { rolePrincipal } from '../access/side.ts';
import { isDone } from './orders.ts';
import type { DoneBits } from './orders.ts';
import { withinEnds } from './pairs.ts';
import type { GrantHolder, PrincipalPair } from './pairs.ts';
import type { PlaceInTime, PlaceMaker, ProofInput } from './places.ts';
import type { Versions } from './versions.ts';

export type ProofWorld = {
  readonly stage: ProofInput;
  readonly versions: Versions;
  readonly placeOf: PlaceMaker;
  readonly holders: () => readonly GrantHolder[];
};

const asRole = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

const reachFields = ['managedPolicies', 'customerManagedPolicies', 'inlinePolicies', 'permissionsBoundary'];

/** Whether the change is felt in one of the fields, or as a whole. */
export const changes = (change: Change, fields: readonly string[]): boolean =>
  change.kind === 'role' &&
  (change.action !== 'update' || changedFields(change.before, change.after).some((field) => fields.includes(field)));

export const inOrder = ({ changes: all }: ProofInput): ((some: Iterable<Change>) => readonly Change[]) => {
  const placeOf = once(() => new Map(all.map((change, at) => [change, at])));
  return (some) => {
    const list = [...new Set(some)];
    return list.length < 2 ? list : list.sort((a, b) => (placeOf().get(a) ?? 0) - (placeOf().get(b) ?? 0));
  };
};

export const doneAt = (list: readonly Change[], moment: DoneBits): readonly Change[] =>
  list.filter((_, at) => isDone(moment, at));

/** All roles that are there at some time, by their keys. */
export const rolesEver = ({ current, changes: all }: ProofInput): ReadonlyMap<Key, Role> => {
  const roles = new Map(resourcesOf(current, 'role').map((role) => [keyOf(role), role]));
  for (const change of all) {
    const role = change.action === 'create' ? asRole(change.after) : undefined;
    if (role !== undefined && !roles.has(change.key)) roles.set(change.key, role);
  }
  return roles;
};

/** What bears on what the role can do: its own policies, those that it names, and the guard rails above. */
export const reachChanges = ({ versions }: ProofWorld, key: Key, place: PlaceInTime): readonly Change[] => [
  ...versions.changesOf(key).filter((change) => changes(change, reachFields)),
  ...place.policyChanges(key),
  ...place.rails,
];

const bearing: readonly Change['kind'][] = [
  'role',
  'policy',
  'policy-type',
  ...guardRailKinds,
  'attachment',
  'account',
];

/** Every role that several changes bear on. */
export const rolePairsIn = (world: ProofWorld): readonly PrincipalPair[] => {
  const { stage, placeOf } = world;
  if (!stage.changes.some(({ kind }) => bearing.includes(kind))) return [];
  const sorted = inOrder(stage);
  return [...rolesEver(stage)].flatMap(([key, role]): readonly PrincipalPair[] => {
    const place = placeOf(role.account);
    const own = place === undefined ? [] : sorted(reachChanges(world, key, place));
    if (place === undefined || own.length < 2) return [];
    const roles = remembered((moment: DoneBits) => place.iamRole(key, doneAt(own, moment)) ?? []);
    const listed: PrincipalPair['roles'] = (moment) => [roles(moment)].flat();
    const name = [key, ...own.map(({ id }) => id)].join('\n');
    const seat = { principals: [rolePrincipal(role)], groups: [], place, changes: own };
    return [{ ...seat, roles: listed, held: withinEnds(listed, own.length), name }];
  });
};
