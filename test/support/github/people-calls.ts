/** Who calls, people, the organization and its teams. */
import type { Call, Handlers } from './call.ts';
import { listed, ok, reading } from './call.ts';
import type { Fields } from './contract.ts';
import { notAccessible, notFound } from './refusals.ts';
import { userView } from './views.ts';

/** Membership of teams is the organization's: a job's token is refused, an outsider sees nothing. */
const teamOf = (call: Call): { readonly slug: string; readonly members: readonly string[] } => {
  const slug = call.path['team_slug'] ?? '';
  const members = call.github.teams.get(`${call.path['org'] ?? ''}/${slug}`);
  if (call.actor.permissions !== undefined && call.actor.permissions['members'] === undefined) throw notAccessible();
  const insider = call.actor.permissions !== undefined || isMember(call, call.actor.user.login);
  if (members === undefined || !insider) throw notFound();
  return { slug, members };
};

const isMember = (call: Call, login: string): boolean =>
  [...call.github.teams].some(
    ([name, people]) => name.startsWith(`${call.path['org'] ?? ''}/`) && people.includes(login),
  );

const zeros = (...keys: readonly string[]): Fields => Object.fromEntries(keys.map((key) => [key, 0] as const));

const counts = ['followers', 'following', 'public_gists', 'public_repos'];
const privateCounts = ['private_gists', 'total_private_repos', 'owned_private_repos', 'disk_usage', 'collaborators'];
const joined = { created_at: '2020-01-01T00:00:00Z', updated_at: '2020-01-01T00:00:00Z' };

const organizationView = (call: Call): Fields => {
  const user = call.github.users.get(call.path['org'] ?? '');
  if (user?.type !== 'Organization') throw notFound();
  const at = call.github.now();
  const flags = { has_organization_projects: false, has_repository_projects: false };
  return {
    login: user.login,
    id: user.id,
    type: 'Organization',
    description: null,
    created_at: at,
    updated_at: at,
    archived_at: null,
    ...flags,
    ...zeros(...counts),
  };
};

const personView = (call: Call): Fields => {
  const numbers = zeros(...counts, ...privateCounts);
  return { ...userView(call.actor.user), ...numbers, ...joined, two_factor_authentication: true };
};

const publicView = (call: Call): Fields => {
  const user = call.github.users.get(call.path['username'] ?? '');
  if (user === undefined) throw notFound();
  return { ...userView(user), ...zeros(...counts), ...joined, user_view_type: 'public' };
};

const rateLimits = (call: Call): Fields => {
  const used = call.github.spent.get(call.actor.user.login) ?? 0;
  const { limit } = call.github;
  const core = { limit, used, remaining: Math.max(0, limit - used), reset: 1_800_000_000 };
  return { rate: core, resources: { core, search: core } };
};

const teamView = (call: Call): Fields => {
  const { slug, members } = teamOf(call);
  const counts = { members_count: members.length, repos_count: 1 };
  const at = { created_at: call.github.now(), updated_at: call.github.now() };
  const parts = { description: null, parent: null, permission: 'push', type: 'organization', ...at };
  return { id: 1, name: slug, slug, ...parts, ...counts, organization: organizationView(call) };
};

const membershipView = (call: Call): Fields => {
  if (!teamOf(call).members.includes(call.path['username'] ?? '')) throw notFound();
  return { url: call.github.url, role: 'member', state: 'active' };
};

const org = '/orgs/{org}';

export const peopleCalls: Handlers = {
  'GET /user': {
    need: reading('user'),
    answer: (call) => {
      if (call.actor.permissions !== undefined) throw notAccessible();
      return ok(personView(call));
    },
  },
  'GET /users/{username}': { need: reading('metadata'), answer: (call) => ok(publicView(call)) },
  'GET /rate_limit': { need: reading('metadata'), answer: (call) => ok(rateLimits(call)) },
  [`GET ${org}`]: { need: reading('metadata'), answer: (call) => ok(organizationView(call)) },
  [`GET ${org}/teams/{team_slug}`]: { need: reading('metadata'), answer: (call) => ok(teamView(call)) },
  [`GET ${org}/teams/{team_slug}/members`]: {
    need: reading('metadata'),
    answer: (call) => {
      const people = teamOf(call).members.map((login) => call.github.users.get(login));
      return listed(
        people.filter((user) => user !== undefined),
        userView,
      );
    },
  },
  [`GET ${org}/teams/{team_slug}/memberships/{username}`]: {
    need: reading('metadata'),
    answer: (call) => ok(membershipView(call)),
  },
};
