/** What roles, customer policies and their users wait for, so that nobody meets a document that was not meant for them. */
import type { CustomerPolicy, Key, Resource, Role, State } from '../model/resource.ts';
import { permissionSetKey, resourcesOf } from '../model/resource.ts';
import { accountsOfSets, boundaryIn, policiesIn } from './customer-policies.ts';
import type { Policied } from './customer-policies.ts';
import type { Draft } from './draft.ts';
import type { Trees } from './drafts.ts';
import { assignmentsOfGroup } from './group-assignments.ts';
import { mentions, trusted } from './mentions.ts';
import type { Direction } from './direction.ts';
import { directionOf } from './edit-direction.ts';
import { uncovered } from './statement-cover.ts';

/** Customer policies that somebody has, before and after a draft. */
type Use = {
  readonly before: ReadonlySet<Key>;
  readonly after: ReadonlySet<Key>;
  readonly bounds: ReadonlySet<Key>;
};
type Placed = { readonly one: Policied; readonly account: string };
type Index = ReadonlyMap<string, readonly Draft[]>;

const indexBy = (drafts: readonly Draft[], keysOf: (draft: Draft) => Iterable<string>): Index => {
  const index = new Map<string, Draft[]>();
  for (const draft of drafts)
    for (const key of keysOf(draft)) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [draft]);
      else list.push(draft);
    }
  return index;
};

type Scene = { readonly trees: Trees; readonly accounts: ReadonlyMap<string, ReadonlySet<string>> };

const assignedSet = (state: State, permissionSet: string, account: string): readonly Placed[] => {
  const one = state[permissionSetKey(permissionSet)];
  return one?.kind === 'permission-set' ? [{ one, account }] : [];
};

/** Roles and sets, each in its account, that a resource is, or gives to somebody. */
const placesOf = (resource: Resource | undefined, state: State, { accounts }: Scene): readonly Placed[] => {
  switch (resource?.kind) {
    case 'role':
      return [{ one: resource, account: resource.account }];
    case 'permission-set':
      return [...(accounts.get(resource.name) ?? [])].map((account) => ({ one: resource, account }));
    case 'assignment':
      return assignedSet(state, resource.permissionSet, resource.account);
    case 'membership':
      return assignmentsOfGroup(state, resource.group).flatMap(({ permissionSet, account }) =>
        assignedSet(state, permissionSet, account),
      );
    default:
      return [];
  }
};

const useOf = ({ before, after }: Draft, scene: Scene): Use => {
  const [old, next] = [placesOf(before, scene.trees.current, scene), placesOf(after, scene.trees.final, scene)];
  const keys = (places: readonly Placed[]): ReadonlySet<Key> =>
    new Set(places.flatMap(({ one, account }) => policiesIn(one, account)));
  const bounds = [...old, ...next].flatMap(({ one, account }) => boundaryIn(one, account));
  return { before: keys(old), after: keys(next), bounds: new Set(bounds) };
};

const addsDenials = ({ before, after }: Draft): boolean =>
  before?.kind === 'policy' &&
  after?.kind === 'policy' &&
  uncovered(after.document, before.document, 'Deny').length > 0;

const isBoth = ({ tighter, looser }: Direction): boolean => tighter && looser;

/** Whether the user of the policy has to find it as it will be. */
const meetsLater = (policy: Draft, user: Draft, use: Use): boolean => {
  if (!use.after.has(policy.key)) return false;
  if (policy.action === 'create') return true;
  if (policy.action === 'delete') return false;
  const direction = directionOf(policy);
  if (!use.before.has(policy.key)) return direction.tighter;
  if (!directionOf(user).looser) return false;
  return addsDenials(policy) || (use.bounds.has(policy.key) && isBoth(direction));
};

/** Whether the policy stays as it is until its user has let go of it, or has become less. */
const staysUntil = (policy: Draft, user: Draft, use: Use): boolean => {
  if (!use.before.has(policy.key) || policy.action === 'create') return false;
  if (!use.after.has(policy.key)) return policy.action === 'delete' || directionOf(policy).looser;
  const { tighter, looser } = directionOf(user);
  return policy.action === 'update' && use.bounds.has(policy.key) && isBoth(directionOf(policy)) && tighter && !looser;
};

type Pair = readonly [waiting: Draft, awaited: Draft];

const userKinds: readonly Resource['kind'][] = ['role', 'permission-set', 'assignment', 'membership'];

const aroundPolicies = (drafts: readonly Draft[], trees: Trees): readonly Pair[] => {
  const policies = indexBy(
    drafts.filter(({ kind }) => kind === 'policy'),
    ({ key }) => [key],
  );
  if (policies.size === 0) return [];
  const scene: Scene = { trees, accounts: accountsOfSets(trees.current) };
  return drafts
    .filter(({ kind }) => userKinds.includes(kind))
    .flatMap((user) => {
      const use = useOf(user, scene);
      const found = [...new Set([...use.before, ...use.after])].flatMap((key) => policies.get(key) ?? []);
      return found.flatMap((policy): readonly Pair[] => [
        ...(meetsLater(policy, user, use) ? [[user, policy] as const] : []),
        ...(staysUntil(policy, user, use) ? [[policy, user] as const] : []),
      ]);
    });
};

const idsByAccount = ({ current, final }: Trees): ReadonlyMap<string, string> =>
  new Map(
    [current, final].flatMap((state) => resourcesOf(state, 'account').map(({ name, id }) => [name, id] as const)),
  );

type RoleDraft = Draft & { readonly kind: 'role' };
const isRole = (draft: Draft): draft is RoleDraft => draft.kind === 'role';

const roleIn = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

/** IAM takes no principal that is not there, and shows one that has gone as a dead id (IAM User Guide, "Principal"). */
const aroundTrust = (drafts: readonly Draft[], trees: Trees): readonly Pair[] => {
  const roles = drafts.filter(isRole);
  const ids = idsByAccount(trees);
  const byArn = indexBy(roles, ({ before, after }) => {
    const role = roleIn(after ?? before);
    return role === undefined ? [] : [`arn:aws:iam::${ids.get(role.account)}:role${role.path}${role.name}`];
  });
  const named = (role: Role | undefined): readonly Draft[] =>
    role === undefined ? [] : trusted(role, 'AWS').flatMap((arn) => byArn.get(arn) ?? []);
  return roles.flatMap((draft) => [
    ...named(roleIn(draft.after)).flatMap((one): readonly Pair[] => (one.action === 'create' ? [[draft, one]] : [])),
    ...named(roleIn(draft.before)).flatMap((one): readonly Pair[] => (one.action === 'delete' ? [[one, draft]] : [])),
  ]);
};

/** A provider comes before the first trust policy that names it, and goes when the last one is edited. */
const aroundProviders = (drafts: readonly Draft[]): readonly Pair[] => {
  const providers = new Map(drafts.filter(({ kind }) => kind === 'oidc-provider').map((one) => [one.key, one]));
  const named = (role: Resource | undefined, action: Draft['action']): readonly Draft[] =>
    (role === undefined ? [] : mentions(role)).flatMap((key) => {
      const provider = providers.get(key);
      return provider?.action === action ? [provider] : [];
    });
  return drafts
    .filter(isRole)
    .flatMap((draft): readonly Pair[] => [
      ...named(draft.after, 'create').map((provider) => [draft, provider] as const),
      ...named(draft.before, 'delete').map((provider) => [provider, draft] as const),
    ]);
};

export type Waits = ReadonlyMap<string, readonly Draft[]>;

/** By id of the draft that waits, what it waits for; phases play no part. */
export const roleWaits = (drafts: readonly Draft[], trees: Trees): Waits => {
  const pairs = [...aroundPolicies(drafts, trees), ...aroundTrust(drafts, trees), ...aroundProviders(drafts)];
  const waits = new Map<string, Draft[]>();
  for (const [waiting, awaited] of pairs) {
    if (waiting.id === awaited.id) continue;
    const list = waits.get(waiting.id);
    if (list === undefined) waits.set(waiting.id, [awaited]);
    else list.push(awaited);
  }
  return waits;
};

/** A boundary's document that both gives and takes, while somebody in it gives and takes too: no order is safe. */
export const boundaryClashes = (
  drafts: readonly Draft[],
  trees: Trees,
): readonly (readonly [Key, CustomerPolicy])[] => {
  const scene: Scene = { trees, accounts: accountsOfSets(trees.current) };
  const mixed = drafts
    .filter(({ kind, action }) => kind === 'policy' && action === 'update')
    .filter((one) => isBoth(directionOf(one)));
  if (mixed.length === 0) return [];
  const users = drafts.filter(
    (one) => one.action === 'update' && userKinds.includes(one.kind) && isBoth(directionOf(one)),
  );
  const bounded = new Map(
    users.flatMap((user) => [...useOf(user, scene).bounds].map((key) => [key, user.key] as const)),
  );
  return mixed.flatMap(({ key, after }) => {
    const user = bounded.get(key);
    return user === undefined || after?.kind !== 'policy' ? [] : [[user, after] as const];
  });
};
