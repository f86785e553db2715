/** What questions are asked of: desired of some day, or what AWS has; with the access tests as they are declared. */
import type { TestDeclaration } from '../desired/declared.ts';
import type { DeclaredTest, TestContext } from '../evaluate/access-test.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import { createWorld } from '../evaluate/policies-of.ts';
import type { AccessWorld } from '../evaluate/policies-of.ts';
import type { WorldInput } from '../evaluate/world-input.ts';
import type { Live } from '../model/cloud.ts';
import type { Desired } from '../model/desired.ts';
import { asDeclared, canonical } from '../kinds/equal.ts';
import { remembered } from '../model/lists.ts';
import type { Place, Problem } from '../model/problem.ts';
import type { Key, PermissionSet, Resource, Role } from '../model/resource.ts';
import { decodeName, iamScope, resourcesOf } from '../model/resource.ts';

export type DeclaredWorld = {
  readonly problems: readonly Problem[];
  readonly desired: Desired;
  readonly tests: readonly DeclaredTest[];
  /** The same as they are written. */
  readonly written: readonly TestDeclaration[];
  /** The world that the files ask for on a day (YYYY-MM-DD), or on the day of the command. */
  readonly worldAt: (day: string | undefined) => AccessWorld;
};

export const accessTest = ({ value, at, accounts }: TestDeclaration): DeclaredTest => {
  const common = { name: value.test, place: at, accounts, ...(value.at === undefined ? {} : { at: value.at }) };
  if (value.effective !== undefined) return { ...common, effective: value.effective };
  const { as = {}, allowed = [], denied = [], only = false } = value;
  return { ...common, as, allowed, denied, only };
};

/** Keys that entries give on other days only: these are known to be absent today, keys in no file are not. */
export const goneIn = ({ dated, state }: Pick<Desired, 'dated' | 'state'>): ((key: Key) => boolean) => {
  const keys = new Set(dated.map(({ key }) => key));
  return (key) => keys.has(key) && state[key] === undefined;
};

export const declaredWorld = (desired: Desired): AccessWorld =>
  createWorld({
    gone: goneIn(desired),
    state: desired.state,
    catalogue: loadCatalogue(),
    origins: desired.origins,
    region: desired.settings.region,
    organization: desired.settings.organization,
    managementAccount: desired.managementAccount,
  });

const sorted = <T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const documentText = (resource: Resource): string =>
  JSON.stringify([
    'document' in resource ? resource.document : null,
    'inlinePolicy' in resource ? (resource.inlinePolicy ?? null) : null,
    resource.kind === 'role' ? [resource.trust, sorted(resource.inlinePolicies)] : null,
  ]);

/** The same words in the same order, so that a statement's index leads to its line. */
const isAsDeclared = (live: Resource | undefined, declared: Resource | undefined): boolean =>
  live !== undefined &&
  declared !== undefined &&
  documentText(live) === documentText(declared) &&
  canonical(asDeclared(live)) === canonical(asDeclared(declared));

/** Lines of the managed policies, in the order in which AWS lists them. */
const managedOrigins = (key: string, live: PermissionSet | Role, desired: Desired): Readonly<Record<string, Place>> => {
  const declared = desired.state[key];
  const listed = declared?.kind === live.kind ? declared.managedPolicies : [];
  return Object.fromEntries(
    live.managedPolicies.flatMap((arn, index) => {
      const place = desired.origins[`${key}#/managedPolicies/${listed.indexOf(arn)}`];
      return place === undefined ? [] : [[`${key}#/managedPolicies/${index}`, place] as const];
    }),
  );
};

/** Only what AWS has as it is declared has a line; the rest is live and unmanaged. */
const liveOrigins = (live: Live, desired: Desired): Readonly<Record<string, Place>> => {
  const isKept = remembered((key: string) => isAsDeclared(live.state[key], desired.state[key]));
  const kept = Object.entries(desired.origins).filter(
    ([name]) => isKept(name.split('#')[0] ?? name) && !name.includes('#/managedPolicies/'),
  );
  const managed = Object.entries(live.state).flatMap(([key, resource]) =>
    (resource.kind === 'permission-set' || resource.kind === 'role') && isKept(key)
      ? Object.entries(managedOrigins(key, resource, desired))
      : [],
  );
  return Object.fromEntries([...kept, ...managed]);
};

/** Declared by the files, or still carrying our tag: what is neither is somebody else's. */
const isOurs = (live: Live, { state, settings }: Desired, key: string): boolean => {
  const found = live.state[key];
  return state[key] !== undefined || (found !== undefined && 'owner' in found && found.owner === settings.owner);
};

const unreadIam = ({ state, unread }: Live): ReadonlySet<string> => {
  const scopes = new Set(unread.map(({ scope }) => scope));
  return new Set(
    Object.values(state).flatMap((resource) =>
      resource.kind === 'account' && scopes.has(iamScope(resource.name)) ? [resource.name] : [],
    ),
  );
};

const accountOfRole = (key: Key): string => decodeName(/^role\/([^:]*):/.exec(key)?.[1] ?? '');

/** Every role of an account is read, if any is. */
const goneRoles = (live: Live): ((key: Key) => boolean) => {
  const unread = unreadIam(live);
  const accounts = resourcesOf(live.state, 'role').map(({ account }) => account);
  const read = new Set(accounts.filter((name) => !unread.has(name)));
  return (key) => key.startsWith('role/') && live.state[key] === undefined && read.has(accountOfRole(key));
};

export const liveWorld = (
  live: Live,
  desired: Desired,
  unreadResources: WorldInput['unreadResources'] = [],
): AccessWorld =>
  createWorld({
    unreadResources,
    declares: (key) => isOurs(live, desired, key),
    unreadIam: unreadIam(live),
    iamUsers: live.iamUsers ?? [],
    gone: goneRoles(live),
    state: live.state,
    catalogue: loadCatalogue(),
    origins: liveOrigins(live, desired),
    region: desired.settings.region,
    organization: live.organization,
    managementAccount: desired.managementAccount,
  });

/**
 * A test of a later day is always asked of what the files ask for then: what AWS will have that day is what the reconciler
 * makes of them.
 */
export const testContext = (
  context: { readonly now: string },
  declared: DeclaredWorld,
  today: AccessWorld,
): TestContext => ({
  now: context.now,
  worldAt: (day) => (day === undefined ? today : declared.worldAt(day)),
});
