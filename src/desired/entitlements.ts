/** Entries that give an IAM role itself: which role is meant, and whether account access manager may open it. */
import { grouped } from '../model/lists.ts';
import type { Entitlement, Principal, Role } from '../model/resource.ts';
import { entitlementGaps } from '../model/entitled-role.ts';
import type { Typed } from './check-form.ts';
import { isActive } from './dates.ts';
import type { DatedPiece, DateSpan } from './dates.ts';
import type { DeclaredAccount } from './declared-organization.ts';
import { targetAccounts } from './role-targets.ts';
import { listed, quoted } from './text.ts';
import { checkName, inside, placeOf } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';

/** A role of one account, as its file declares it. */
type PlacedRoleFile = DateSpan & { readonly role: string; readonly account: string; readonly path: string };

export type RoleFiles = readonly Typed<'role'>[];
export type RoleIndex = ReadonlyMap<string, readonly PlacedRoleFile[]>;

const keyOfRole = (role: string, account: string): string => `${role}\n${account}`;

/** The target words of role files are judged where the roles are read. */
export const roleIndexOf = (files: RoleFiles, world: ReadingContext): RoleIndex => {
  const silent = { ...world, report: () => undefined };
  const placed = files.flatMap(({ file, value }) =>
    targetAccounts({ file, path: [] }, value, silent).map(({ name }): PlacedRoleFile => ({
      role: value.role,
      account: name,
      path: value.path ?? '/',
      ...(value.from === undefined ? {} : { from: value.from }),
      ...(value.until === undefined ? {} : { until: value.until }),
    })),
  );
  return grouped(placed, ({ role, account }) => keyOfRole(role, account));
};

const covers = (role: DateSpan, { from, until }: DateSpan): boolean =>
  (role.from === undefined || (from !== undefined && role.from <= from)) &&
  (role.until === undefined || (until !== undefined && until <= role.until));

export type EntitlementEntry = DateSpan & { readonly role: string };
type EntitledPlaces = { readonly accounts: readonly DeclaredAccount[]; readonly roles: RoleIndex };

const checkRole = (spot: FileSpot, name: string, { known, report }: ReadingContext): boolean =>
  checkName(
    spot,
    { name, index: known.roles, rule: 'unknown-role', what: 'a role of a file in access/roles', all: 'roles' },
    report,
  );

const reportElsewhere = (spot: FileSpot, role: string, { world, accounts }: Elsewhere): void => {
  if (accounts.length === 0 || world.isWrong('role', 'organization')) return;
  const message = `${quoted(role)} is not declared in ${listed(accounts.map(({ name }) => quoted(name)))}`;
  const hint = 'Name accounts that its file in access/roles names, or add them there.';
  world.report({ at: placeOf(spot), rule: 'unknown-role', message, hint });
};
type Elsewhere = { readonly world: ReadingContext; readonly accounts: readonly DeclaredAccount[] };

const checkDays = (
  spot: FileSpot,
  { role, ...span }: EntitlementEntry,
  { found, world }: { readonly found: readonly PlacedRoleFile[]; readonly world: ReadingContext },
): void => {
  const short = found.filter((one) => !covers(one, span));
  if (short.length === 0) return;
  const message = `${quoted(role)} is not there on every day of this entry in ${listed(short.map(({ account }) => quoted(account)))}`;
  const hint = 'Give the entry the days of the role (from, until), or the role those of the entry.';
  world.report({ at: placeOf(spot), rule: 'role-ends-first', message, hint });
};

/** The principal on the role in each of the accounts; what is wrong with the role is reported. */
export const entitlementsOf = (
  spot: FileSpot,
  entry: EntitlementEntry,
  {
    accounts,
    roles,
    principal,
    world,
  }: EntitledPlaces & { readonly principal: Principal; readonly world: ReadingContext },
): readonly Entitlement[] => {
  const here = inside(spot, 'role');
  if (!checkRole(here, entry.role, world)) return [];
  const placesOf = ({ name }: DeclaredAccount) => roles.get(keyOfRole(entry.role, name)) ?? [];
  reportElsewhere(here, entry.role, { world, accounts: accounts.filter((one) => placesOf(one).length === 0) });
  const found = accounts.flatMap((account) => placesOf(account).slice(0, 1));
  checkDays(here, entry, { found, world });
  return found.map(({ role, account, path }) => ({
    kind: 'entitlement',
    principal,
    role: `${path.slice(1)}${role}`,
    account,
  }));
};

const isEntitlement = (grant: DatedPiece): grant is DatedPiece & { readonly resource: Entitlement } =>
  grant.resource.kind === 'entitlement';

/** AWS's cap on the groups of one role. Over all grants that hold today. */
export const checkGroupsPerRole = (grants: readonly DatedPiece[], world: ReadingContext): void => {
  const { limits, report } = world;
  const today = grants.filter(isEntitlement).filter((grant) => isActive(grant, world.today));
  const ofGroups = today.filter(({ resource: { principal } }) => principal.type === 'group');
  for (const same of grouped(ofGroups, ({ resource }) => `${resource.role}\n${resource.account}`).values()) {
    const groups = new Map(same.map((grant) => [grant.resource.principal.name, grant] as const));
    const over = [...groups.values()][limits.groupsPerRole];
    if (over === undefined) continue;
    const { role, account } = over.resource;
    const message = `more than ${limits.groupsPerRole} groups are on role ${quoted(role)} in ${quoted(account)}`;
    report({ at: over.at, rule: 'too-many', message });
  }
};

/** The document says what trust an entitlement needs; said once for each entry. */
export const checkEntitledTrusts = (
  grants: readonly DatedPiece[],
  roles: readonly Role[],
  { organization, report }: ReadingContext,
): void => {
  const management = organization?.accounts.get(organization.management);
  if (management === undefined) return;
  const byName = new Map(roles.map((role) => [keyOfRole(`${role.path.slice(1)}${role.name}`, role.account), role]));
  const said = new Set<number>();
  for (const { resource, at, entry } of grants.filter(isEntitlement)) {
    const role = byName.get(keyOfRole(resource.role, resource.account));
    if (role === undefined || said.has(entry)) continue;
    said.add(entry);
    for (const { rule, says, hint } of entitlementGaps(role.trust, management))
      report({ at, rule, message: `${quoted(role.name)} ${says}`, hint });
  }
};
