/** PRINCIPAL, ACCOUNT and the like on the command line, understood, with "did you mean" for what nobody knows. */
import { nameTaken, namesMeant, plainNames, unknownName } from '../desired/names.ts';
import type { KnownName, NameChoice } from '../desired/names.ts';
import { suggestion } from '../desired/suggest.ts';
import { loadActionCatalogue } from '../evaluate/action-catalogue.ts';
import { actionsMatching, hasWildcard, spelledAction } from '../evaluate/ask/actions.ts';
import { rolesHeld, setsHeld } from '../evaluate/access-test.ts';
import { iamUserActor, roleActors, rootActor, setActor } from '../evaluate/actors.ts';
import { nearestAction } from '../evaluate/nearest-action.ts';
import type { Actor } from '../evaluate/actors.ts';
import type { PlacedRole, PlacedUser, AccessWorld } from '../evaluate/policies-of.ts';
import type { RequestContext as ConditionContext } from '../evaluate/request.ts';
import type { Place } from '../model/problem.ts';
import { UserError } from '../model/problem.ts';
import { entitledRoleKey, groupKey, keyOf, principalText, resourcesOf, roleKey } from '../model/resource.ts';
import type { Account, Assignment, Entitlement, Grant, PrincipalType, Role } from '../model/resource.ts';
import { isRole, readRoleName } from '../model/role-name.ts';

type Link = { readonly text: string; readonly place?: Place };
/** Somebody in an account, and how they came to be there. */
export type ActorWay = { readonly actor: Actor; readonly through: readonly Link[] };

const accountsOf = (world: AccessWorld): NameChoice => ({
  known: [...world.accounts.values()].map(({ name, id }) => ({ name, also: [id] })),
  what: 'an account of the organization',
  all: 'accounts',
});

/** By name or by id, or by as much of them as names one alone. Throws UserError. */
export const findAccount = (world: AccessWorld, name: string): Account => {
  const choice = accountsOf(world);
  const found = world.accounts.get(nameTaken(name, choice));
  if (found === undefined) throw unknownName(name, choice);
  return found;
};

const known = (world: AccessWorld, type: PrincipalType): readonly string[] => [
  ...new Set([
    ...(type === 'group' ? resourcesOf(world.state, 'group').map(({ name }) => name) : []),
    ...(type === 'user' ? resourcesOf(world.state, 'membership').map(({ user }) => user) : []),
    ...[...world.assignments, ...world.entitlements]
      .filter(({ principal }) => principal.type === type)
      .map(({ principal }) => principal.name),
  ]),
];

export type NamedPrincipal =
  | { readonly type: 'group' | 'user' | 'permission-set'; readonly name: string }
  /** `ACCOUNT:NAME`. */
  | { readonly type: 'iam-user'; readonly name: string }
  | { readonly type: 'role'; readonly name: string }
  | { readonly type: 'root'; readonly name: 'root' };

const typed = /^(group|user|permission-set|role):(.+)$/s;

const rolesNamed = (world: AccessWorld, text: string): readonly PlacedRole[] => {
  const wanted = readRoleName(text);
  return wanted === undefined ? [] : world.rolesIn(wanted.account).filter(({ role }) => isRole(role, wanted));
};

const rolesOf = (world: AccessWorld): NameChoice => ({
  known: [...world.roles.values()].map(({ role, arn }) => ({ name: `${role.account}:${role.name}`, also: [arn] })),
  what: 'a role that is there',
  all: 'roles',
});

/** `ACCOUNT:NAME`, either of them in short; where one account alone has the role, just its name. */
const roleTaken = (world: AccessWorld, text: string): string => {
  const wanted = readRoleName(text);
  const choice = rolesOf(world);
  if (wanted === undefined) {
    const [found, ...others] = choice.known.filter(({ name }) => readRoleName(name)?.name === text);
    if (found !== undefined && others.length === 0) return found.name;
    throw unknownName(text, { ...choice, what: 'of the form ACCOUNT:NAME' });
  }
  const account = findAccount(world, wanted.account).name;
  checkRead(world, account);
  const name = `${account}${text.slice(wanted.account.length)}`;
  if (rolesNamed(world, name).length > 0) return name;
  const here = choice.known.filter((one) => readRoleName(one.name)?.account === account);
  return nameTaken(name, { ...choice, known: here.length > 0 ? here : choice.known });
};

const userNamed = (world: AccessWorld, text: string): PlacedUser | undefined => {
  const [, account = '', name] = /^(.+):(?:.*\/)?([^/:]+)$/s.exec(text) ?? [];
  return world.usersIn(account).find(({ user }) => user.name === name);
};

/** Of Identity Center, or else an IAM user of the account; `ACCOUNT:NAME` is the IAM user of that account. */
const findUser = (world: AccessWorld, name: string, account: Account): NamedPrincipal => {
  const names = known(world, 'user');
  if (names.includes(name)) return { type: 'user', name };
  const here = world.usersIn(account.name).find(({ user }) => user.name === name);
  const named = here ?? userNamed(world, name);
  if (named !== undefined) return { type: 'iam-user', name: `${named.account.name}:${named.user.name}` };
  checkRead(world, account.name);
  const users = [...world.users.values()].flatMap(({ user }) =>
    user.account === account.name ? [user.name] : [`${user.account}:${user.name}`],
  );
  const [meant, ...others] = namesMeant(name, plainNames(names));
  if (meant !== undefined && others.length === 0) return { type: 'user', name: meant };
  const choice = { known: plainNames([...names, ...users]), what: 'a user that anything names', all: 'users' };
  const { message } = unknownName(name, choice);
  throw new UserError(world.iamUsers === undefined ? `${message} IAM users are known with --live alone.` : message);
};

/** The role or IAM user that is named. */
export const placedAs = (world: AccessWorld, { type, name }: NamedPrincipal): PlacedRole | PlacedUser | undefined => {
  if (type === 'iam-user') return userNamed(world, name);
  return type === 'role' ? rolesNamed(world, name)[0] : undefined;
};

/** What acts in the account under this ARN. */
const byArn = (world: AccessWorld, arn: string, account: Account): NamedPrincipal | undefined => {
  const role = world.roles.get(arn);
  const user = world.users.get(arn);
  if (role?.account === account) return { type: 'role', name: `${account.name}:${role.role.name}` };
  return user?.account === account ? { type: 'iam-user', name: `${account.name}:${user.user.name}` } : undefined;
};

const findRole = (world: AccessWorld, name: string): NamedPrincipal => {
  checkRead(world, readRoleName(name)?.account ?? '');
  return { type: 'role', name: rolesNamed(world, name).length > 0 ? name : roleTaken(world, name) };
};

const setsOf = (world: AccessWorld): NameChoice => ({
  known: plainNames(resourcesOf(world.state, 'permission-set').map(({ name }) => name)),
  what: 'a permission set',
  all: 'permission sets',
});

const findSet = (world: AccessWorld, name: string): NamedPrincipal => ({
  type: 'permission-set',
  name: nameTaken(name, setsOf(world)),
});

/** Whether this is the ARN of a role or an IAM user of the account. */
export const actsThere = (world: AccessWorld, arn: string, account: Account): boolean =>
  byArn(world, arn, account) !== undefined;

const groupsOf = (world: AccessWorld): NameChoice => ({
  known: plainNames(known(world, 'group')),
  what: 'a group',
  all: 'groups',
});

/** Without a word before it a name is a group's, or else a user's or a permission set's. */
const bySoleName = (world: AccessWorld, text: string): NamedPrincipal => {
  const kinds = [
    ['group', groupsOf(world).known],
    ['user', plainNames(known(world, 'user'))],
    ['permission-set', setsOf(world).known],
  ] as const;
  const all: readonly KnownName[] = kinds.flatMap(([, names]) => names);
  const choice = { known: all, what: 'a group, a user or a permission set', all: 'groups, users and permission sets' };
  const name = nameTaken(text, choice);
  const [type = 'group'] = kinds.find(([, names]) => names.some((one) => one.name === name)) ?? [];
  return { type, name };
};

/**
 * `group:NAME`, `user:NAME` or `permission-set:NAME`, or just the name; `user:ACCOUNT:NAME`, in IAM; `role:ACCOUNT:NAME`,
 * `root`, or the ARN of a role or an IAM user of the account that is asked about. Throws UserError.
 */
export const findPrincipal = (world: AccessWorld, text: string, account: Account): NamedPrincipal => {
  if (text === 'root') return { type: 'root', name: 'root' };
  const [, type = 'group', name = text] = typed.exec(text) ?? [];
  if (type === 'user') return findUser(world, name, account);
  if (type === 'role') return findRole(world, name);
  if (type === 'permission-set') return findSet(world, name);
  const found = byArn(world, name, account);
  if (found !== undefined) return found;
  return text === name ? bySoleName(world, name) : { type: 'group', name: nameTaken(name, groupsOf(world)) };
};

const linkOf = (world: AccessWorld, text: string, key: string): Link => {
  const place = world.origins[key];
  return place === undefined ? { text: `${text} (live, unmanaged)` } : { text, place };
};

const assignmentLink = (world: AccessWorld, assignment: Assignment): Link => {
  const { principal, permissionSet, account } = assignment;
  return linkOf(world, `${principal.type}:${principal.name} holds ${permissionSet} in ${account}`, keyOf(assignment));
};

const entitlementLink = (world: AccessWorld, entitlement: Entitlement): Link => {
  const { principal, role, account } = entitlement;
  return linkOf(world, `${principal.type}:${principal.name} is on role ${role} of ${account}`, keyOf(entitlement));
};

const membershipLinks = (world: AccessWorld, user: string, group: string): readonly Link[] => {
  const membership = { kind: 'membership', group, user } as const;
  return [linkOf(world, `${user} is a member of ${group}`, keyOf(membership))];
};

const waysOfSet = (world: AccessWorld, account: Account, principal: { type: PrincipalType; name: string }) =>
  setsHeld(world, account, principal).flatMap((set) => {
    const actor = setActor(world, set, account);
    if (actor === undefined) return [];
    return [{ actor, through: linksTo(world, { account, set, principal }) }];
  });

/** Ways into roles themselves. */
const waysOfEntitled = (world: AccessWorld, account: Account, principal: HolderName): readonly ActorWay[] =>
  rolesHeld(world, account, principal).flatMap((role) =>
    roleActors(world, account, (one) => one === role).map((actor) => {
      const given = world.entitlementsIn(account.name).filter((one) => entitledRoleKey(one) === roleKey(role));
      return { actor, through: linksThrough(world, given, principal) };
    }),
  );

type HolderName = { readonly type: PrincipalType; readonly name: string };
type SetHolding = {
  readonly account: Account;
  readonly set: string;
  readonly principal: HolderName;
};

const linksTo = (world: AccessWorld, { account, set, principal }: SetHolding): readonly Link[] =>
  linksThrough(
    world,
    world.assignments.filter((one) => one.account === account.name && one.permissionSet === set),
    principal,
  );

const grantLink = (world: AccessWorld, grant: Grant): Link =>
  grant.kind === 'assignment' ? assignmentLink(world, grant) : entitlementLink(world, grant);

/** Of the grants those by which the principal has it, and of a user how each group came to have the user. */
const linksThrough = (world: AccessWorld, grants: readonly Grant[], principal: HolderName): readonly Link[] => {
  const groups = new Set(
    resourcesOf(world.state, 'membership')
      .filter(({ user }) => principal.type === 'user' && user === principal.name)
      .map(({ group }) => group),
  );
  return grants.flatMap((one): readonly Link[] => {
    if (one.principal.type === principal.type && one.principal.name === principal.name) return [grantLink(world, one)];
    if (one.principal.type !== 'group' || !groups.has(one.principal.name)) return [];
    return [...membershipLinks(world, principal.name, one.principal.name), grantLink(world, one)];
  });
};

const roleLink = (world: AccessWorld, role: Role): Link =>
  linkOf(world, `role ${role.path.slice(1)}${role.name} of ${role.account}`, roleKey(role));

const waysOfRoles = (world: AccessWorld, account: Account, wanted: (role: Role) => boolean): readonly ActorWay[] =>
  world
    .rolesIn(account.name)
    .filter(({ role }) => wanted(role))
    .flatMap(({ role }) =>
      roleActors(world, account, (one) => one === role).map((actor) => ({ actor, through: [roleLink(world, role)] })),
    );

/** What a user of IAM is through its groups stands in the names of the policies. */
const waysOfUsers = (
  world: AccessWorld,
  account: Account,
  wanted: (user: PlacedUser) => boolean,
): readonly ActorWay[] =>
  world
    .usersIn(account.name)
    .filter(wanted)
    .map((placed) => {
      const { user } = placed;
      const groups = user.groups.map(({ name }) => ({ text: `${user.name} is a member of the IAM group ${name}` }));
      const link = { text: `IAM user ${user.path.slice(1)}${user.name} of ${user.account} (live, never written)` };
      return { actor: iamUserActor(world, placed), through: [link, ...groups] };
    });

/** Every way in which the principal acts in the account; none where it holds nothing. */
export const waysOf = (world: AccessWorld, account: Account, principal: NamedPrincipal): readonly ActorWay[] => {
  if (principal.type === 'root') return [{ actor: rootActor(world, account), through: [{ text: 'the root user' }] }];
  if (principal.type === 'role') {
    const named = new Set(rolesNamed(world, principal.name).map(({ role }) => role));
    return waysOfRoles(world, account, (role) => named.has(role));
  }
  if (principal.type === 'iam-user') {
    const named = userNamed(world, principal.name);
    return waysOfUsers(world, account, (user) => user === named);
  }
  if (principal.type !== 'permission-set')
    return [
      ...waysOfSet(world, account, { type: principal.type, name: principal.name }),
      ...waysOfEntitled(world, account, { type: principal.type, name: principal.name }),
    ];
  const assigned = world.assignments.filter(
    (one) => one.account === account.name && one.permissionSet === principal.name,
  );
  const actor = setActor(world, principal.name, account);
  if (assigned.length === 0 || actor === undefined) return [];
  return [{ actor, through: assigned.map((one) => assignmentLink(world, one)) }];
};

type ActorHolder = ActorWay & { readonly principal: string; readonly people?: readonly string[] };

/** Nothing where the members of the group are not in the state (an external group, `members` not managed). */
const peopleIn = (world: AccessWorld, { principal }: Grant): readonly string[] | undefined => {
  if (principal.type === 'user') return [principal.name];
  const people = resourcesOf(world.state, 'membership').filter(({ group }) => group === principal.name);
  const group = world.state[groupKey(principal.name)];
  if (people.length === 0 && (group?.kind !== 'group' || group.source === 'external')) return undefined;
  return people.map(({ user }) => user);
};

const checkRead = (world: AccessWorld, account: string): void => {
  if (world.unreadIam?.has(account))
    throw new UserError(
      `the IAM of ${account} could not be read; without it no answer can be given about its roles and users`,
    );
};

/**
 * Everybody who acts in the account: the root user, each group or user with each of its sets, each role and each IAM user.
 * Throws UserError where the account's roles and users could not be read.
 */
export const actorHoldersIn = (world: AccessWorld, account: Account): readonly ActorHolder[] => {
  checkRead(world, account.name);
  const root = { principal: 'root', actor: rootActor(world, account), through: [{ text: 'the root user' }] };
  const holders = world.assignments
    .filter((assignment) => assignment.account === account.name)
    .flatMap((assignment): readonly ActorHolder[] => {
      const actor = setActor(world, assignment.permissionSet, account);
      if (actor === undefined) return [];
      const people = peopleIn(world, assignment);
      const through = [assignmentLink(world, assignment)];
      return [
        { principal: principalText(assignment.principal), actor, through, ...(people === undefined ? {} : { people }) },
      ];
    });
  const entitled = world.entitlementsIn(account.name).flatMap((entitlement): readonly ActorHolder[] => {
    const key = entitledRoleKey(entitlement);
    const people = peopleIn(world, entitlement);
    const through = [entitlementLink(world, entitlement)];
    return roleActors(world, account, (role) => roleKey(role) === key).map((actor) => ({
      principal: principalText(entitlement.principal),
      actor,
      through,
      ...(people === undefined ? {} : { people }),
    }));
  });
  const own = [...waysOfRoles(world, account, () => true), ...waysOfUsers(world, account, () => true)];
  return [root, ...holders, ...entitled, ...own.map((way): ActorHolder => ({ ...way, principal: way.actor.name }))];
};

/** `key=value`, several values of one key in several options. Throws UserError. */
export const parseContext = (words: readonly string[]): ConditionContext => {
  const found = new Map<string, string[]>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new UserError(`--context "${word}" is not KEY=VALUE, such as aws:SourceIp=10.0.0.1`);
    const key = word.slice(0, at);
    found.set(key, [...(found.get(key) ?? []), word.slice(at + 1)]);
  }
  return Object.fromEntries([...found].map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]));
};

const actionHint = (action: string): string => {
  const [service = ''] = action.toLowerCase().split(':');
  const names = actionsMatching(`${service}:*`);
  if (names.length > 0) {
    const own = names.map((name) => name.slice(service.length + 1));
    const near = nearestAction(action.slice(service.length + 1), { service, names: own, suggest: suggestion });
    return near === undefined ? '' : `Did you mean ${service}:${near}?`;
  }
  const services = new Set(loadActionCatalogue().actions.map((one) => one.service));
  const near = suggestion(service, services);
  return near === undefined ? '' : `Did you mean ${near}:${action.slice(service.length + 1)}?`;
};

/** An action of AWS, as AWS spells it, or a pattern that matches some. Throws UserError. */
export const checkAction = (action: string): string => {
  if (action !== '*' && !/^[\w*?-]+:[\w*?-]+$/.test(action))
    throw new UserError(`"${action}" is not an action: SERVICE:NAME, such as s3:GetObject`);
  if (actionsMatching(action).length > 0) return spelledAction(action);
  const what = hasWildcard(action) ? 'matches no action of AWS.' : 'is not an action of AWS.';
  throw new UserError(`"${action}" ${what} ${actionHint(action)}`.trim());
};

/** An ARN or a pattern of ARNs. Throws UserError. */
export const checkResource = (resource: string): string => {
  if (resource === '*' || /^arn:[^:]*(:[^:]*){3}:./.test(resource) || /^arn:[^:]*[*]/.test(resource)) return resource;
  throw new UserError(`--resource "${resource}" is not an ARN, such as arn:aws:s3:::orders/*`);
};
