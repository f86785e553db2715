/** The repository itself: who may do what in it, its rules and its environments. */
import type { Call, Handlers } from './call.ts';
import { hasRole, listed, ok, reading, roleOf } from './call.ts';
import type { Fields } from './contract.ts';
import { blob, log, shaOf } from './git.ts';
import { rulesFor } from './pull-state.ts';
import { notFound, Refusal } from './refusals.ts';
import type { Role } from './state.ts';
import { fullName } from './state.ts';
import { commitView, repositoryView, userView } from './views.ts';

/** What GitHub calls the permission: triage reads as `read`, maintain as `write`; role_name says which. */
const permissionView = (call: Call): Fields => {
  const login = call.path['username'] ?? '';
  const user = call.github.users.get(login);
  if (user === undefined) throw new Refusal(404, `${login} is not a user`);
  const role = roleOf(call.repository, login) ?? 'none';
  const permission = { read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin', none: 'none' }[
    role
  ];
  const at = (least: Role): boolean => hasRole(call.repository, login, least);
  const permissions = {
    pull: role !== 'none',
    triage: at('triage'),
    push: at('write'),
    maintain: at('maintain'),
    admin: at('admin'),
  };
  return { permission, role_name: role, user: { ...userView(user), permissions, role_name: role } };
};

const plans = ['free', 'team', 'enterprise'];

const needsPlan = (call: Call, least: 'team' | 'enterprise'): void => {
  const { plan, visibility } = call.repository.setup;
  if (visibility === 'private' && plans.indexOf(plan) < plans.indexOf(least))
    throw new Refusal(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.');
};

/** Only who may edit a ruleset sees who may bypass it. */
const rulesetView = (call: Call, index: number): Fields => {
  const { bypass_actors: bypass, ...ruleset } = call.repository.setup.rulesets[index] ?? {};
  const visible = call.actor.permissions === undefined && hasRole(call.repository, call.actor.user.login, 'admin');
  const place = { id: index + 1, source: fullName(call.repository), source_type: 'Repository' };
  return { ...place, ...ruleset, ...(visible ? { bypass_actors: bypass ?? [] } : {}) };
};

const reviewersRule = (call: Call, logins: readonly string[]): Fields => {
  const users = logins.map((login) => call.github.users.get(login)).filter((user) => user !== undefined);
  const reviewers = users.map((user) => ({ type: 'User', reviewer: userView(user) }));
  return { id: 1, node_id: 'N', type: 'required_reviewers', prevent_self_review: false, reviewers };
};

const environmentView = (call: Call, name: string): Fields => {
  const setup = call.repository.setup.environments[name];
  if (setup === undefined) throw notFound();
  const at = call.repository.createdAt;
  const rules = [
    ...(setup.reviewers === undefined ? [] : [reviewersRule(call, setup.reviewers)]),
    ...(setup.branches === undefined ? [] : [{ id: 2, node_id: 'N', type: 'branch_policy' }]),
  ];
  const policy = setup.branches === undefined ? null : { protected_branches: false, custom_branch_policies: true };
  return { id: 1, name, created_at: at, updated_at: at, protection_rules: rules, deployment_branch_policy: policy };
};

const protectionOf = (call: Call): Fields => {
  needsPlan(call, 'team');
  const found = call.repository.setup.protection[call.path['branch'] ?? ''];
  if (found === undefined) throw new Refusal(404, 'Branch not protected');
  return { url: `${call.github.url}/protection`, ...found };
};

const branchView = async (call: Call): Promise<Fields> => {
  const name = call.path['branch'] ?? '';
  const sha = await shaOf(call.repository.dir, `refs/heads/${name}`);
  if (sha === undefined) throw new Refusal(404, 'Branch not found');
  const [facts] = await log(call.repository.dir, '-1', sha);
  if (facts === undefined) throw notFound();
  const isProtected = name in call.repository.setup.protection || rulesFor(call.repository, name).length > 0;
  return {
    name,
    commit: commitView(call.github, call.repository, facts),
    protected: isProtected,
    protection: { enabled: isProtected },
    _links: { self: call.github.url, html: call.github.url },
  };
};

/** Lines of CODEOWNERS that name nobody who could own anything. */
const codeownersErrors = async (call: Call): Promise<Fields> => {
  const places = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
  const found = await Promise.all(places.map((path) => blob(call.repository.dir, `main:${path}`)));
  const index = found.findIndex((bytes) => bytes !== undefined);
  if (index < 0) throw notFound();
  const lines = String(found[index]).split('\n');
  return { errors: lines.flatMap((line, at) => ownerErrors(call, { line, at: at + 1, path: places[index] ?? '' })) };
};

const ownerErrors = (call: Call, place: { line: string; at: number; path: string }): readonly Fields[] =>
  [...place.line.replace(/#.*/, '').matchAll(/@(\S+)/g)]
    .filter(([, name = '']) => !isOwner(call, name))
    .map((match) => ({
      line: place.at,
      column: match.index + 1,
      source: place.line,
      kind: 'Unknown owner',
      suggestion: `make sure ${match[0]} exists and has write access to the repository`,
      message: `Unknown owner on line ${place.at}`,
      path: place.path,
    }));

const isOwner = (call: Call, name: string): boolean =>
  name.includes('/') ? call.github.teams.has(name) : hasRole(call.repository, name, 'write');

const repo = '/repos/{owner}/{repo}';

export const repositoryCalls: Handlers = {
  [`GET ${repo}`]: { need: reading('metadata'), answer: (call) => ok(repositoryView(call.github, call.repository)) },
  [`GET ${repo}/collaborators/{username}/permission`]: {
    need: reading('metadata', 'write'),
    answer: (call) => ok(permissionView(call)),
  },
  [`GET ${repo}/branches/{branch}`]: { need: reading('contents'), answer: async (call) => ok(await branchView(call)) },
  [`GET ${repo}/branches/{branch}/protection`]: {
    need: reading('administration', 'admin'),
    answer: (call) => ok(protectionOf(call)),
  },
  [`GET ${repo}/rules/branches/{branch}`]: {
    need: reading('metadata'),
    answer: (call) => {
      needsPlan(call, 'team');
      return listed(rulesFor(call.repository, call.path['branch'] ?? ''), (rule) => rule);
    },
  },
  [`GET ${repo}/rulesets`]: {
    need: reading('metadata'),
    answer: (call) => {
      needsPlan(call, 'team');
      const brief = (index: number): Fields => {
        const { rules: _rules, conditions: _conditions, bypass_actors: _bypass, ...rest } = rulesetView(call, index);
        return rest;
      };
      return listed([...call.repository.setup.rulesets.keys()], brief);
    },
  },
  [`GET ${repo}/rulesets/{ruleset_id}`]: {
    need: reading('metadata'),
    answer: (call) => {
      const index = Number(call.path['ruleset_id']) - 1;
      if (call.repository.setup.rulesets[index] === undefined) throw notFound();
      return ok(rulesetView(call, index));
    },
  },
  [`GET ${repo}/environments`]: {
    need: reading('actions'),
    answer: (call) =>
      listed(Object.keys(call.repository.setup.environments), (name) => environmentView(call, name), {
        key: 'environments',
      }),
  },
  [`GET ${repo}/environments/{environment_name}`]: {
    need: reading('actions'),
    answer: (call) => ok(environmentView(call, call.path['environment_name'] ?? '')),
  },
  [`GET ${repo}/environments/{environment_name}/deployment-branch-policies`]: {
    need: reading('actions'),
    answer: (call) => {
      const setup = call.repository.setup.environments[call.path['environment_name'] ?? ''];
      if (setup === undefined) throw notFound();
      return listed(setup.branches ?? [], (name) => ({ id: 1, name, type: 'branch' }), { key: 'branch_policies' });
    },
  },
  [`GET ${repo}/actions/oidc/customization/sub`]: {
    need: reading('actions'),
    answer: (call) => ok(call.repository.setup.oidcSubject),
  },
  [`GET ${repo}/actions/permissions`]: {
    need: reading('administration', 'admin'),
    answer: (call) => ok(call.repository.setup.actionsPermissions),
  },
  [`GET ${repo}/actions/permissions/workflow`]: {
    need: reading('administration', 'admin'),
    answer: (call) => ok(call.repository.setup.workflowPermissions),
  },
  [`GET ${repo}/codeowners/errors`]: {
    need: reading('contents'),
    answer: async (call) => ok(await codeownersErrors(call)),
  },
};
