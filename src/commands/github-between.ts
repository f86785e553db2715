/** What a pull request does by itself: from what one tree asks for to what another one does, as if AWS were the first. */
import { loadActionCatalogue } from '../evaluate/action-catalogue.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import type { Resource, State } from '../model/resource.ts';
import { resourcesOf } from '../model/resource.ts';
import { withAccess } from '../plan/access/plan.ts';
import { plan } from '../plan/plan.ts';
import { underPresentNames } from './github-labels.ts';

const owned = (resource: Resource, owner: string): Resource => {
  switch (resource.kind) {
    case 'permission-set':
    case 'scp':
    case 'rcp':
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

const namedUsers = ({ state }: Desired): readonly string[] =>
  Object.values(state).flatMap((resource) => {
    if (resource.kind === 'membership') return [resource.user];
    return resource.kind === 'assignment' && resource.principal.type === 'user' ? [resource.principal.name] : [];
  });

/** What the corporate directory and AWS bring along without us: a tree cannot make them, so both have them. */
const given = (desired: Desired): State =>
  Object.fromEntries(
    Object.entries(desired.state).filter(
      ([, resource]) => resource.kind === 'account' || (resource.kind === 'group' && resource.source === 'external'),
    ),
  );

/** `from` as AWS would be if it were carried out to the letter and held nothing else. */
const asLive = (from: Desired, to: Desired): Live => {
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
    users: [...new Set([...namedUsers(from), ...namedUsers(to)])],
    suspended: [],
    unread: [],
    notes: [],
    reads: { route: 'none', calls: {} },
  };
};

/** The changes that lead from one tree to the other, with their risks; no guards, no tests, no AWS. */
export const planBetween = (from: Desired, to: Desired, now: string): Plan => {
  const live = asLive(underPresentNames(from, to), to);
  const knowledge = { actions: loadActionCatalogue(), policies: loadCatalogue() };
  return withAccess(plan(to, live, now), { desired: to, live, knowledge });
};
