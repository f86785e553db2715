/** What roles, customer policies and their users wait for, so that nobody meets a document that was not meant for them. */
import { namesIn } from '../../evaluate/trust/principals.ts';
import { isEntitling } from '../../model/entitled-role.ts';
import { statements } from '../../model/policy.ts';
import type { Entitlement, Key, Resource, Role, State } from '../../model/resource.ts';
import { entitledRoleKey, permissionSetKey, resourcesOf } from '../../model/resource.ts';
import { accountsOfSets, attachedIn, boundaryIn } from '../diff/customer-policies.ts';
import type { SetOrRole } from '../diff/customer-policies.ts';
import type { Draft } from '../phases/draft.ts';
import type { PlanTrees } from '../phases/trees.ts';
import { assignmentsOfGroup, entitlementsOfGroup } from './group-assignments.ts';
import { mentions, trusted } from '../situation/mentions.ts';
import { isLooser, isTighter } from '../../change/effect.ts';
import { effectOf } from '../edit/edit-effect.ts';
import { aroundFilters } from './filter-waits.ts';
import { circlesIn } from './circles.ts';
import { aroundGates } from './trust-waits.ts';
import type { WaitPair } from './circles.ts';

/** Customer policies that somebody has, attached or as a boundary, before and after a draft. */
type BearerUse = { readonly before: ReadonlySet<string>; readonly after: ReadonlySet<string> };
/** How a policy is used. */
type Bond = { readonly isBefore: boolean; readonly isAfter: boolean };
type PlacedBearer = { readonly one: SetOrRole; readonly account: string };
type DraftIndex = ReadonlyMap<string, readonly Draft[]>;

const indexBy = (drafts: readonly Draft[], keysOf: (draft: Draft) => Iterable<string>): DraftIndex => {
  const index = new Map<string, Draft[]>();
  for (const draft of drafts)
    for (const key of keysOf(draft)) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [draft]);
      else list.push(draft);
    }
  return index;
};

type PolicyUseContext = { readonly trees: PlanTrees; readonly accounts: ReadonlyMap<string, ReadonlySet<string>> };

const assignedSet = (state: State, permissionSet: string, account: string): readonly PlacedBearer[] => {
  const one = state[permissionSetKey(permissionSet)];
  return one?.kind === 'permission-set' ? [{ one, account }] : [];
};

const entitledRole = (state: State, entitlement: Entitlement): readonly PlacedBearer[] => {
  const one = state[entitledRoleKey(entitlement)];
  return one?.kind === 'role' ? [{ one, account: entitlement.account }] : [];
};

/** Roles and sets, each in its account, that a resource is, or gives to somebody. */
const placesOf = (
  resource: Resource | undefined,
  state: State,
  { accounts }: PolicyUseContext,
): readonly PlacedBearer[] => {
  switch (resource?.kind) {
    case 'role':
      return [{ one: resource, account: resource.account }];
    case 'permission-set':
      return [...(accounts.get(resource.name) ?? [])].map((account) => ({ one: resource, account }));
    case 'assignment':
      return assignedSet(state, resource.permissionSet, resource.account);
    case 'entitlement':
      return entitledRole(state, resource);
    case 'membership':
      return [
        ...assignmentsOfGroup(state, resource.group).flatMap(({ permissionSet, account }) =>
          assignedSet(state, permissionSet, account),
        ),
        ...entitlementsOfGroup(state, resource.group).flatMap((one) => entitledRole(state, one)),
      ];
    default:
      return [];
  }
};

const useOf = ({ before, after }: Draft, scene: PolicyUseContext): BearerUse => {
  const [old, next] = [placesOf(before, scene.trees.current, scene), placesOf(after, scene.trees.final, scene)];
  const keys = (places: readonly PlacedBearer[]): ReadonlySet<string> =>
    new Set(
      places.flatMap(({ one, account }) => [
        ...attachedIn(one, account).map((key) => `attached ${key}`),
        ...boundaryIn(one, account).map((key) => `boundary ${key}`),
      ]),
    );
  return { before: keys(old), after: keys(next) };
};

/**
 * Whether a new user of the policy has to find it as it will be. What nobody uses yet is edited before all else, so that it
 * costs nothing to wait for it, as long as it is.
 */
const meetsLater = (user: Draft, policy: Draft, { isBefore, isAfter }: Bond): readonly WaitPair[] => {
  if (!isAfter || policy.action === 'delete') return [];
  if (policy.action === 'create') return [[user, policy]];
  if (isBefore) return [];
  if (isTighter(effectOf(policy))) return [[user, policy]];
  return policy.phase === 'prepare' ? [[user, policy, 'prepare']] : [];
};

/** Whether the policy stays as it is until its user has let go of it. */
const staysUntil = (policy: Draft, { isBefore, isAfter }: Bond): boolean => {
  if (!isBefore || isAfter || policy.action === 'create') return false;
  return policy.action === 'delete' || isLooser(effectOf(policy));
};

const keyIn = (bond: string): Key => bond.slice(bond.indexOf(' ') + 1);

const userKinds: readonly Resource['kind'][] = ['role', 'permission-set', 'assignment', 'entitlement', 'membership'];

const aroundPolicies = (drafts: readonly Draft[], trees: PlanTrees): readonly WaitPair[] => {
  const policies = indexBy(
    drafts.filter(({ kind }) => kind === 'policy'),
    ({ key }) => [key],
  );
  if (policies.size === 0) return [];
  const scene: PolicyUseContext = { trees, accounts: accountsOfSets(trees.current) };
  return drafts
    .filter(({ kind }) => userKinds.includes(kind))
    .flatMap((user) => {
      const use = useOf(user, scene);
      return [...new Set([...use.before, ...use.after])].flatMap((name) => {
        const bond = { isBefore: use.before.has(name), isAfter: use.after.has(name) };
        return (policies.get(keyIn(name)) ?? []).flatMap((policy): readonly WaitPair[] => [
          ...meetsLater(user, policy, bond),
          ...(staysUntil(policy, bond) ? [[policy, user] as const] : []),
        ]);
      });
    });
};

const idsByAccount = ({ current, final }: PlanTrees): ReadonlyMap<string, string> =>
  new Map(
    [current, final].flatMap((state) => resourcesOf(state, 'account').map(({ name, id }) => [name, id] as const)),
  );

type RoleDraft = Draft & { readonly kind: 'role' };
const isRole = (draft: Draft): draft is RoleDraft => draft.kind === 'role';

const roleIn = (resource: Resource | undefined): Role | undefined => (resource?.kind === 'role' ? resource : undefined);

const rolesByArn = (roles: readonly RoleDraft[], trees: PlanTrees): DraftIndex => {
  const ids = idsByAccount(trees);
  return indexBy(roles, ({ before, after }) => {
    const role = roleIn(after ?? before);
    return role === undefined ? [] : [`arn:aws:iam::${ids.get(role.account)}:role${role.path}${role.name}`];
  });
};

/** IAM takes no principal that is not there, and shows one that has gone as a dead id (IAM User Guide, "Principal"). */
const aroundTrust = (drafts: readonly Draft[], trees: PlanTrees): readonly WaitPair[] => {
  const roles = drafts.filter(isRole);
  const byArn = rolesByArn(roles, trees);
  const named = (role: Role | undefined): readonly Draft[] =>
    role === undefined ? [] : trusted(role, 'AWS').flatMap((arn) => byArn.get(arn) ?? []);
  return roles.flatMap((draft) => [
    ...named(roleIn(draft.after)).flatMap((one): readonly WaitPair[] =>
      one.action === 'create' ? [[draft, one]] : [],
    ),
    ...named(roleIn(draft.before)).flatMap((one): readonly WaitPair[] =>
      one.action === 'delete' && draft.action === 'update' ? [[one, draft]] : [],
    ),
  ]);
};

const principalsIn = (resource: Resource | undefined): readonly string[] =>
  resource?.kind === 'resource-policy'
    ? statements(resource.document).flatMap(({ Principal, NotPrincipal }) =>
        [...namesIn(Principal), ...namesIn(NotPrincipal)].map(([, name]) => name),
      )
    : [];

/** Resources take no principal that is not there either, and show a dead id in the same way. */
const aroundResources = (drafts: readonly Draft[], trees: PlanTrees): readonly WaitPair[] => {
  const policies = drafts.filter(({ kind }) => kind === 'resource-policy');
  if (policies.length === 0) return [];
  const byArn = rolesByArn(drafts.filter(isRole), trees);
  const named = (resource: Resource | undefined, action: Draft['action']): readonly Draft[] =>
    principalsIn(resource).flatMap((arn) => (byArn.get(arn) ?? []).filter((one) => one.action === action));
  return policies.flatMap((draft): readonly WaitPair[] => [
    ...named(draft.after, 'create').map((role) => [draft, role] as const),
    ...named(draft.before, 'delete').map((role) => [role, draft] as const),
  ]);
};

/** A provider comes before the first trust policy that names it, and goes when the last one is edited. */
const aroundProviders = (drafts: readonly Draft[]): readonly WaitPair[] => {
  const providers = new Map(drafts.filter(({ kind }) => kind === 'oidc-provider').map((one) => [one.key, one]));
  const named = (role: Resource | undefined, action: Draft['action']): readonly Draft[] =>
    (role === undefined ? [] : mentions(role)).flatMap((key) => {
      const provider = providers.get(key);
      return provider?.action === action ? [provider] : [];
    });
  return drafts
    .filter(isRole)
    .flatMap((draft): readonly WaitPair[] => [
      ...named(draft.after, 'create').map((provider) => [draft, provider] as const),
      ...named(draft.before, 'delete').map((provider) => [provider, draft] as const),
    ]);
};

const entitles = (resource: Resource | undefined): boolean => resource?.kind === 'role' && isEntitling(resource.trust);

/**
 * CreateEntitlement looks at the role, and a role that goes takes what it gives along: an entitlement comes after the role and
 * the trust that it needs, and goes before the role, or a trust that shuts its people out, does.
 */
const aroundEntitlements = (drafts: readonly Draft[]): readonly WaitPair[] => {
  const roles = new Map(drafts.filter(isRole).map((draft) => [draft.key, draft]));
  return drafts.flatMap((draft): readonly WaitPair[] => {
    const resource = draft.after ?? draft.before;
    const role = resource?.kind === 'entitlement' ? roles.get(entitledRoleKey(resource)) : undefined;
    if (role === undefined) return [];
    const [was, is] = [entitles(role.before), entitles(role.after)];
    if (draft.action === 'create') return is && !was ? [[draft, role]] : [];
    return was && !is ? [[role, draft]] : [];
  });
};

/** Of drafts with phases: those that only wait while another one is in its first phase are told by `onlyIn`. */
export const rolePairs = (drafts: readonly Draft[], trees: PlanTrees): readonly WaitPair[] =>
  [
    ...aroundPolicies(drafts, trees),
    ...aroundFilters(drafts, trees),
    ...aroundTrust(drafts, trees),
    ...aroundResources(drafts, trees),
    ...aroundProviders(drafts),
    ...aroundGates(drafts, trees),
    ...aroundEntitlements(drafts),
  ].filter(([waiting, awaited]) => waiting.id !== awaited.id);

/** What waits for what; `circles`: by id of what cannot be made, what it would have to wait for while that waits for it. */
export type RoleWaits = {
  readonly of: (draft: Draft) => readonly Draft[];
  readonly circles: ReadonlyMap<string, Draft>;
};

/** Of the pairs, those that hold in the phases that the drafts have now. */
export const waitsAmong = (pairs: readonly WaitPair[], drafts: readonly Draft[]): RoleWaits => {
  const phaseOf = new Map(drafts.map(({ id, phase }) => [id, phase]));
  const holding = pairs.filter(([, { id }, onlyIn]) => onlyIn === undefined || phaseOf.get(id) === onlyIn);
  const circles = circlesIn(holding);
  const waits = new Map<string, Draft[]>();
  for (const [waiting, awaited] of holding) {
    if (circles.has(waiting.id) && circles.has(awaited.id)) continue;
    const list = waits.get(waiting.id);
    if (list === undefined) waits.set(waiting.id, [awaited]);
    else list.push(awaited);
  }
  return { of: ({ id }) => waits.get(id) ?? [], circles };
};
