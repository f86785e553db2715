/** The roles that stand behind a grant: those that somebody comes to be, step by step, and those that they can pass. */
import { roleActors, setActor } from '../../evaluate/actors.ts';
import type { Actor } from '../../evaluate/actors.ts';
import { askAllowed } from '../../evaluate/ask/ask.ts';
import type { Inquiry } from '../../evaluate/ask/asking.ts';
import { accountOf, createWorld } from '../../evaluate/policies-of.ts';
import type { PlacedRole, AccessWorld } from '../../evaluate/policies-of.ts';
import type { WorldInput } from '../../evaluate/world-input.ts';
import { grouped, once, remembered } from '../../model/lists.ts';
import type { Statement } from '../../model/policy.ts';
import { statements, listOf } from '../../model/policy.ts';

/** Who has the rights: whoever holds the set in the account, or one of its roles. */
export type RoleBearer = { readonly account: string } & (
  { readonly permissionSet: string } | { readonly role: string }
);

export type RolesBehind = {
  /** Every role that the bearer can become, and from there become or put to work, step by step. */
  readonly become: (bearer: RoleBearer) => ReadonlySet<PlacedRole>;
  /** The roles that the bearer can pass to one of the services, or to any that they trust. */
  readonly pass: (bearer: RoleBearer, services?: readonly string[]) => readonly PlacedRole[];
  readonly roles: () => readonly PlacedRole[];
  /** By its ARN. */
  readonly has: (arn: string) => boolean;
  /** Ids of the accounts whose roles nobody read. */
  readonly unseen: readonly string[];
};

/** `may`: whether the bearer has the action at all, on some resource; cheaper than to ask about each role. */
export type BehindInput = Omit<WorldInput, 'origins'> & {
  readonly now: string;
  readonly unseen: readonly string[];
  readonly may: (bearer: RoleBearer, action: 'sts:AssumeRole' | 'iam:PassRole') => boolean;
  /** For which services the bearer can put a role to work that can be passed to one of them. */
  readonly starts: (bearer: RoleBearer) => readonly (readonly string[])[];
};

const namesOf = ({ Principal }: Statement, type: string): readonly string[] => {
  if (Principal === undefined) return [];
  return Principal === '*' ? ['*'] : listOf(Principal[type]);
};

const letting = ({ role }: PlacedRole): readonly Statement[] =>
  statements(role.trust).filter(({ Effect }) => Effect === 'Allow');

/** Account ids, or a star for everybody and for everybody but a few. */
const comeFrom = (placed: PlacedRole): readonly string[] => [
  ...new Set(
    letting(placed).flatMap((statement) =>
      statement.NotPrincipal === undefined
        ? namesOf(statement, 'AWS').flatMap((name) => /\d{12}/.exec(name)?.[0] ?? (name === '*' ? ['*'] : []))
        : ['*'],
    ),
  ),
];

/** A service goes by one name in all Regions, or by one in each (IAM User Guide, "AWS service principals"). */
const withoutRegion = (service: string): string => service.replace(/\.[a-z]{2}(-[a-z]+)+-\d(?=\.amazonaws\.com)/, '');

const trustedServices = (placed: PlacedRole): readonly string[] => [
  ...new Set(letting(placed).flatMap((statement) => namesOf(statement, 'Service'))),
];

const reserved = /:role\/aws-reserved\/sso\.amazonaws\.com\/(?:.+\/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/** As the trust names the actor, if it names the very role: of a set's, any suffix will do. */
const namedBy = (placed: PlacedRole, { arn, permissionSet, account }: Actor): string | undefined =>
  letting(placed)
    .flatMap((statement) => namesOf(statement, 'AWS'))
    .find(
      (name) =>
        name === arn ||
        (permissionSet !== undefined && reserved.exec(name)?.[1] === permissionSet && name.includes(account.id)),
    );

/** What a date has not yet begun can be waited for. */
const farAway = '9998-12-31T00:00:00.000Z';

type BehindContext = { readonly world: AccessWorld; readonly input: BehindInput };

const actorOf = ({ world }: BehindContext, bearer: RoleBearer): Actor | undefined => {
  const account = accountOf(world, bearer.account);
  if (account === undefined) return undefined;
  if ('permissionSet' in bearer) return setActor(world, bearer.permissionSet, account);
  return roleActors(world, account, ({ name }) => name === bearer.role)[0];
};

/** The engine that answers `why`: what it does not call denied can come true. */
const isOpen = ({ world, input }: BehindContext, actor: Actor, asking: Inquiry): boolean =>
  [input.now, farAway].some(
    (now) => askAllowed({ world, now, resources: new Map() }, actor, asking).decision !== 'denied',
  );

const letsEverybody = (placed: PlacedRole): boolean =>
  letting(placed).some((statement) => namesOf(statement, 'AWS').includes('*'));

const letsIn = (
  scene: BehindContext,
  { actor, may }: { readonly actor: Actor; readonly may: boolean },
  to: PlacedRole,
) => {
  const named = namedBy(to, actor);
  if (!may && named === undefined && !letsEverybody(to)) return false;
  const asking = { action: 'sts:AssumeRole', resource: to.arn, resourceAccount: to.account.id };
  return isOpen(scene, named === undefined ? actor : { ...actor, arn: named }, asking);
};

/** Whether somebody of the account can come to the role without a permission of their own. */
const namesRoles = (placed: PlacedRole, account: string): boolean =>
  placed.account.name === account &&
  letting(placed).some((statement) =>
    namesOf(statement, 'AWS').some((name) => name === '*' || name.includes(':role/')),
  );

type BehindStep = (bearer: RoleBearer) => readonly PlacedRole[];

const nameOf = (bearer: RoleBearer): string => JSON.stringify(bearer);
export const bearerOf = ({ role, account }: PlacedRole): RoleBearer => ({ account: account.name, role: role.name });

const stepIn = (scene: () => BehindContext): BehindStep => {
  const byAccount = once(() => {
    const all = [...scene().world.roles.values()];
    return grouped(
      all.flatMap((placed) => comeFrom(placed).map((from) => ({ placed, from }))),
      ({ from }) => from,
    );
  });
  const near = remembered((account: string) => {
    const id = accountOf(scene().world, account)?.id ?? '';
    const all = new Set([id, '*'].flatMap((from) => byAccount().get(from) ?? []).map(({ placed }) => placed));
    return { all: [...all], naming: [...all].filter((placed) => namesRoles(placed, account)) };
  });
  const step = (bearer: RoleBearer): readonly PlacedRole[] => {
    const { all, naming } = near(bearer.account);
    const may = all.length > 0 && scene().input.may(bearer, 'sts:AssumeRole');
    const asked = may ? all : naming;
    const actor = asked.length > 0 ? actorOf(scene(), bearer) : undefined;
    if (actor === undefined) return [];
    return asked.filter((to) => to.arn !== actor.arn && letsIn(scene(), { actor, may }, to));
  };
  return steady(step);
};

/** Each bearer is asked about once. */
const steady = <T>(make: (bearer: RoleBearer) => T): ((bearer: RoleBearer) => T) => {
  const known = remembered((name: string) => make(JSON.parse(name) as RoleBearer));
  return (bearer) => known(nameOf(bearer));
};

const closure = (first: BehindStep, step: BehindStep, bearer: RoleBearer): ReadonlySet<PlacedRole> => {
  const found = new Set<PlacedRole>();
  const open = [...first(bearer)];
  for (let role = open.pop(); role !== undefined; role = open.pop()) {
    if (found.has(role)) continue;
    found.add(role);
    open.push(...step(bearerOf(role)));
  }
  return found;
};

const passedBy = (scene: BehindContext, bearer: RoleBearer): ReadonlyMap<PlacedRole, readonly string[]> => {
  const roles = scene.world.rolesIn(bearer.account);
  const may = roles.length > 0 && scene.input.may(bearer, 'iam:PassRole');
  const actor = may ? actorOf(scene, bearer) : undefined;
  if (actor === undefined) return new Map();
  const open = (to: PlacedRole) =>
    trustedServices(to).filter((service) => {
      const context = service === '*' ? {} : { 'iam:PassedToService': service };
      return isOpen(scene, actor, { action: 'iam:PassRole', resource: to.arn, context });
    });
  return new Map(roles.map((to) => [to, open(to)]));
};

const isTaken = (trusted: readonly string[], services: readonly string[] | undefined): boolean =>
  trusted.some((one) => one === '*' || services === undefined || services.includes(withoutRegion(one)));

export const behindIn = (input: BehindInput): RolesBehind => {
  const scene = once((): BehindContext => ({ world: createWorld({ ...input, origins: {} }), input }));
  const assume = stepIn(scene);
  const passed = steady((bearer) => passedBy(scene(), bearer));
  const pass: RolesBehind['pass'] = (bearer, services) =>
    [...passed(bearer)].flatMap(([role, trusted]) => (isTaken(trusted, services) ? [role] : []));
  const either = steady((bearer) => [
    ...assume(bearer),
    ...input.starts(bearer).flatMap((services) => pass(bearer, services)),
  ]);
  return {
    become: steady((bearer) => closure(assume, either, bearer)),
    pass,
    roles: once(() => [...scene().world.roles.values()]),
    has: (arn) => scene().world.roles.has(arn),
    unseen: input.unseen,
  };
};
