/** What a pull request does: the changes from one tree to another, on an AWS that has what the first one asks for. */
import { loadActionCatalogue } from '../evaluate/action-catalogue.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { Resource, State } from '../model/resource.ts';
import { isControlPolicy, isGrant, resourcesOf } from '../model/resource.ts';
import { UserError } from '../model/problem.ts';
import { accessOf } from '../plan/access/plan.ts';
import { plannedState, ratedPlan } from '../plan/plan.ts';
import { project } from '../plan/situation/project.ts';
import { situationOf } from '../plan/situation/situation.ts';
import { renamedAccountLabels, underPresentNames } from './labels.ts';

const owned = (resource: Resource, owner: string): Resource => {
  if (isControlPolicy(resource)) return { ...resource, owner, scope: 'all' };
  switch (resource.kind) {
    case 'permission-set':
      return { ...resource, owner, scope: 'all' };
    case 'ou':
    case 'role':
    case 'policy':
    case 'oidc-provider':
      return { ...resource, owner };
    default:
      return resource;
  }
};

/** Users that `from` creates exist already; users that `to` creates may be new. */
const usersThere = (from: Desired, to: Desired): readonly string[] => {
  const created = new Set(resourcesOf(to.state, 'user').map(({ name }) => name));
  return [...new Set([...namedUsers(from), ...namedUsers(to)])].filter((name) => !created.has(name));
};

const namedUsers = ({ state }: Desired): readonly string[] =>
  Object.values(state).flatMap((resource) => {
    if (resource.kind === 'membership') return [resource.user];
    return isGrant(resource) && resource.principal.type === 'user' ? [resource.principal.name] : [];
  });

/** What the corporate directory and AWS bring along without us: a tree cannot make them, so both have them. */
const given = (desired: Desired): State =>
  Object.fromEntries(
    Object.entries(desired.state).filter(
      ([, resource]) => resource.kind === 'account' || (resource.kind === 'group' && resource.source === 'external'),
    ),
  );

/** An AWS that has exactly what `from` asks for. */
export const asLive = (from: Desired, to: Desired): Live => {
  const state = Object.fromEntries(
    Object.entries(from.state).map(([key, resource]) => [key, owned(resource, from.settings.owner)]),
  );
  const management = resourcesOf(to.state, 'account').find(({ name }) => name === to.managementAccount)?.id ?? '';
  const ids = new Set(Object.keys(from.accounts));
  const added = Object.fromEntries(
    Object.entries(given(to)).filter(([, resource]) => resource.kind !== 'account' || !ids.has(resource.id)),
  );
  return {
    organization: to.settings.organization,
    managementAccountId: management,
    callerAccountId: management,
    state: { ...added, ...state },
    users: usersThere(from, to),
    suspended: [],
    unread: [],
    notes: [],
    reads: { route: 'none', calls: {} },
  };
};

const knowledge = () => ({ actions: loadActionCatalogue(), policies: loadCatalogue() });

const productionIds = ({ accounts, accountTags, managementAccount }: Desired): readonly string[] =>
  Object.entries(accounts).flatMap(([id, name]) =>
    accountTags[name]?.['env'] === 'prod' || name === managementAccount ? [id] : [],
  );

/** `to`, rated as if every account that is production in `from` were it still: who takes the tag away gains nothing by it. */
export const ratedWith = (to: Desired, from: Desired, names = to.accounts): Desired => {
  const label = renamedAccountLabels(from, to);
  const tags = productionIds(from).map((id) => {
    const name = names[id] ?? label(from.accounts[id] ?? id);
    return [name, { ...to.accountTags[name], env: 'prod' }] as const;
  });
  return { ...to, accountTags: { ...to.accountTags, ...Object.fromEntries(tags) } };
};

/** The changes that lead from one tree to the other, with their risks; no guards, no tests, no AWS. */
export const planBetween = (from: Desired, to: Desired, now: string): Plan => {
  const live = asLive(underPresentNames(from, to), to);
  const rated = ratedWith(to, from);
  return ratedPlan({ desired: rated, live, now }, knowledge());
};

const namesIn = ({ state }: Live): Readonly<Record<string, string>> =>
  Object.fromEntries(resourcesOf(state, 'account').map(({ id, name }) => [id, name]));

/** AWS as it is, but with what this tree asks for carried out. Nothing when AWS lacks an account that the tree declares. */
const carriedOut = (live: Live, tree: Desired, now: string): Live | undefined => {
  try {
    return { ...live, state: plannedState(tree, live, now) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

/** `live` carries the names of `to`. */
export type BetweenInput = { readonly from: Desired; readonly to: Desired; readonly live: Live; readonly now: string };

/** The same, where AWS has all that nobody declared, too: what hangs on it is part of what the pull request does. */
export const planBetweenOn = ({ from, to, live, now }: BetweenInput): Plan | undefined => {
  const named = { ...to, accounts: { ...namesIn(live), ...to.accounts } };
  const there = carriedOut(live, underPresentNames(from, named), now);
  if (there === undefined) return undefined;
  const rated = ratedWith(to, from, named.accounts);
  try {
    return ratedPlan({ desired: rated, live: there, now }, knowledge());
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

type BetweenPart = { readonly plan: Plan; readonly desired: Desired; readonly live: Live };

/** Some of the changes of a plan on AWS, rated by what they do without the others; production is what any of `olders` says. */
export const ratedAlone = (
  { plan: whole, desired, live }: BetweenPart,
  changes: readonly Change[],
  olders: readonly Desired[],
): readonly Change[] => {
  const names = { ...namesIn(live), ...desired.accounts };
  const rated = olders.reduce((to, from) => ratedWith(to, from, names), desired);
  const situation = situationOf(rated, live);
  const result = project(situation.current, changes);
  const input = { situation, desired: rated, live, knowledge: knowledge(), changes, result, now: whole.generatedAt };
  return accessOf(input).changes;
};
