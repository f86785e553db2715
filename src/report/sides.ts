/** The two states a report is of, the order of what is in them, and where each thing is written. */
import type { Desired } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { canonical } from '../kinds/equal.ts';
import { grouped } from '../model/lists.ts';
import type { Place } from '../model/problem.ts';
import { decodeName, keyOf, resourcesOf } from '../model/resource.ts';
import type {
  Account,
  Entitlement,
  Grant,
  Key,
  Kind,
  Membership,
  PermissionSet,
  ResourceOf,
  Role,
  State,
} from '../model/resource.ts';
import type { Knowledge } from '../plan/access/side.ts';
import type { SourcePlace, ReportTest, Standing, Subject } from './report.ts';

export type ReportInput = {
  readonly subject: Subject;
  /** What is shown; of a plan, what it leads to. */
  readonly state: State;
  /** Of a plan: what it begins with. */
  readonly before?: State;
  readonly origins: Readonly<Record<string, Place>>;
  readonly desired: Desired;
  readonly organization: string;
  readonly tests: readonly ReportTest[];
  /** The plan itself, or the drift. */
  readonly plan?: Plan;
  readonly knowledge: Knowledge;
  /** ISO 8601. */
  readonly now: string;
  /** What a file's path is appended to. */
  readonly repository?: string;
  /** The folder of the files, as the page reaches it. */
  readonly folder?: string;
  readonly notes: readonly string[];
};

/** Every list of the report in its order, with the place of each name. */
export type Lists = {
  readonly accounts: readonly Account[];
  readonly sets: readonly GivenThing[];
  readonly roles: readonly Role[];
  readonly principals: readonly Named[];
  readonly accountAt: (name: string) => number;
  /** Of what a grant gives. */
  readonly setAt: (given: string) => number;
  readonly principalAt: (type: Named['type'], name: string) => number;
};
export type Named = { readonly type: 'group' | 'user'; readonly name: string };

/** What can be given; a role is in one account after the other. */
export type GivenThing =
  | { readonly kind: 'permission-set'; readonly name: string; readonly set: PermissionSet }
  | { readonly kind: 'role'; readonly name: string; readonly roles: readonly Role[] };

/** No permission set has a slash in its name. */
export const givenIn = (grant: Grant): string => (grant.kind === 'assignment' ? grant.permissionSet : `/${grant.role}`);

export const atOf = (place: Place | undefined): SourcePlace | undefined =>
  place === undefined ? undefined : `${place.file}:${place.line}`;

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Of both sides, the later form first. */
export const ofBoth = <K extends Kind>({ state, before }: ReportInput, kind: K): readonly ResourceOf<K>[] => {
  const now = resourcesOf(state, kind);
  if (before === undefined) return now;
  return [...now, ...resourcesOf(before, kind).filter((one) => state[keyOf(one)] === undefined)];
};

const standingOf = ({ state, before }: ReportInput, key: Key): Standing | undefined => {
  if (before === undefined || before[key] === state[key]) return undefined;
  const [old, next] = [before[key], state[key]];
  if (old === undefined) return 'added';
  if (next === undefined) return 'removed';
  return canonical(old) === canonical(next) ? undefined : 'changed';
};

type Marks = { readonly at?: SourcePlace; readonly standing?: Standing };
/** Where it is written and on which side it is. */
export const sideMarksOf = (input: ReportInput, key: Key): Marks => {
  const at = atOf(input.origins[key]);
  const standing = standingOf(input, key);
  return { ...(at === undefined ? {} : { at }), ...(standing === undefined ? {} : { standing }) };
};

/** Of AWS: no file asks for it. */
export const isUndeclared = ({ subject, origins }: ReportInput, key: Key): boolean =>
  subject === 'live' && origins[key] === undefined;

/** By their place in the tree, so that an OU is one range. */
const sortedAccounts = (accounts: readonly Account[]): readonly Account[] =>
  accounts.toSorted((one, other) => byText(one.parent, other.parent) || byText(one.name, other.name));

const namedIn = (
  groups: readonly string[],
  grants: readonly Grant[],
  memberships: readonly Membership[],
): readonly Named[] => {
  const found = new Map<string, Named>();
  const add = (type: Named['type'], name: string): void => void found.set(`${type}:${name}`, { type, name });
  for (const name of groups) add('group', name);
  for (const { principal } of grants) add(principal.type, principal.name);
  for (const { group, user } of memberships) {
    add('group', group);
    add('user', user);
  }
  return [...found.values()].sort((one, other) => byText(one.type, other.type) || byText(one.name, other.name));
};

const placeOf = <T>(items: readonly T[], name: (item: T) => string): ((name: string) => number) => {
  const places = new Map(items.map((item, place) => [name(item), place] as const));
  return (wanted) => places.get(wanted) ?? -1;
};

/** What only later days give has its principals too. */
const laterIn = <K extends 'assignment' | 'entitlement' | 'membership'>(
  { desired }: ReportInput,
  kind: K,
): readonly ResourceOf<K>[] =>
  desired.dated.flatMap(({ resource }) => (resource.kind === kind ? [resource as ResourceOf<K>] : []));

const allOf = <K extends 'assignment' | 'entitlement' | 'membership'>(
  input: ReportInput,
  kind: K,
): readonly ResourceOf<K>[] => [...ofBoth(input, kind), ...laterIn(input, kind)];

const setsIn = (input: ReportInput): readonly GivenThing[] =>
  ofBoth(input, 'permission-set')
    .map((set): GivenThing => ({ kind: 'permission-set', name: set.name, set }))
    .sort((one, other) => byText(one.name, other.name));

/** The roles that somebody is put on; of one that AWS lacks or hides, its name alone. */
const enteredIn = (entitlements: readonly Entitlement[], roles: readonly Role[]): readonly GivenThing[] => {
  const named = grouped(roles, ({ path, name }) => `${path.slice(1)}${name}`);
  return [...new Set(entitlements.map(({ role }) => role))]
    .sort()
    .map((role): GivenThing => ({ kind: 'role', name: role, roles: named.get(role) ?? [] }));
};

export const listsOf = (input: ReportInput): Lists => {
  const accounts = sortedAccounts(ofBoth(input, 'account'));
  const roles = ofBoth(input, 'role').toSorted((one, other) => byText(keyOf(one), keyOf(other)));
  const [assignments, entitlements] = [allOf(input, 'assignment'), allOf(input, 'entitlement')];
  const sets = [...setsIn(input), ...enteredIn(entitlements, roles)];
  const principals = namedIn(
    ofBoth(input, 'group').map(({ name }) => name),
    [...assignments, ...entitlements],
    allOf(input, 'membership'),
  );
  const named = placeOf(principals, ({ type, name }) => `${type}:${name}`);
  return {
    accounts,
    sets,
    roles,
    principals,
    accountAt: placeOf(accounts, ({ name }) => name),
    setAt: placeOf(sets, ({ kind, name }) => (kind === 'role' ? `/${name}` : name)),
    principalAt: (type, name) => named(`${type}:${name}`),
  };
};

/** An OU's path in names. */
export const pathText = (path: string): string => path.split('/').map(decodeName).join('/');
