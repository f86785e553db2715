/** access/groups/ and access/users/: who is in a group, and who is given what where. */
import { once } from '../model/lists.ts';
import type { Assignment, Entitlement, Group, Key, Membership, Principal, Role } from '../model/resource.ts';
import { groupKey } from '../model/resource.ts';
import type { GroupFile, UserFile } from './check-form.ts';
import { checkEntitledTrusts, checkGroupsPerRole, entitlementsOf, roleIndexOf } from './entitlements.ts';
import type { RoleFiles, RoleIndex } from './entitlements.ts';
import { checkSpan, isActive, reportOverlaps, settle, writtenTermsOf } from './dates.ts';
import type { DatedPiece, SettledPieces } from './dates.ts';
import type { FormerNames } from './previously.ts';
import type { FileSchemas } from './schema/schema.ts';
import { targetedAccounts } from './targeting.ts';
import { quoted } from './text.ts';
import { readCreatedUsers } from './users.ts';
import { checkPermissionSet, inside, placeOf, uniqueNames } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';
import type { Piece } from './piece.ts';

type AssignmentEntry = NonNullable<FileSchemas['group']['assignments']>[number];
type WrittenMember = NonNullable<FileSchemas['group']['members']>[number];

/** Hostile files can multiply entries by accounts; a hundred grants in each of ten thousand accounts are half of this. */
const mostGrants = 2_000_000;

/** Numbers the entries of all files, and stops when they give more than anybody can mean. */
type Budget = { entries: number; grants: number };

type Owner = {
  readonly principal: Principal;
  readonly world: ReadingContext;
  readonly budget: Budget;
  readonly roles: RoleIndex;
};

const assignmentGrants = (
  spot: FileSpot,
  written: AssignmentEntry,
  { principal, world, budget, roles }: Owner,
): readonly DatedPiece[] => {
  const given = givenBy(spot, written, world);
  const isSound = checkSpan(spot, written, world);
  const accounts = targetedAccounts(spot, written, world);
  budget.entries += 1;
  budget.grants += accounts.length;
  if (budget.grants > mostGrants) {
    world.report({
      at: placeOf(spot),
      rule: 'too-many',
      message: `more than ${mostGrants} assignments; the rest is not read`,
    });
    return [];
  }
  if (given === undefined || !isSound) return [];
  const at = placeOf(inside(spot, given.key));
  const terms = writtenTermsOf(written);
  const resources =
    given.key === 'role'
      ? entitlementsOf(spot, { ...terms, role: given.name }, { accounts, roles, principal, world })
      : accounts.map(({ name }): Assignment => ({
          kind: 'assignment',
          principal,
          permissionSet: given.name,
          account: name,
        }));
  return resources.map((resource) => ({ ...terms, resource, at, entry: budget.entries }));
};

type GivenThing = { readonly key: 'permissionSet' | 'role'; readonly name: string };

/** A permission set, or a role itself. */
const givenBy = (
  spot: FileSpot,
  { permissionSet, role }: AssignmentEntry,
  world: ReadingContext,
): GivenThing | undefined => {
  if (permissionSet !== undefined && role !== undefined) {
    const message = 'permissionSet and role exclude each other';
    const hint = 'Write two entries: one with the set, one with the role.';
    world.report({ at: placeOf(inside(spot, 'role')), rule: 'conflicting-keys', message, hint });
    return undefined;
  }
  if (role !== undefined) return { key: 'role', name: role };
  if (permissionSet === undefined) {
    world.report({ at: placeOf(spot), rule: 'missing-key', message: 'permissionSet (or role) is missing' });
    return undefined;
  }
  const isKnown = checkPermissionSet(inside(spot, 'permissionSet'), permissionSet, world);
  return isKnown ? { key: 'permissionSet', name: permissionSet } : undefined;
};

const identityOf = (written: AssignmentEntry): string => {
  const { permissionSet, role, accounts = [], ous = [], tags = {}, except = [], from, until } = written;
  const sorted = [accounts, ous, Object.entries(tags).map(String), except].map((list) => [...list].sort());
  return JSON.stringify([permissionSet, role, sorted, from, until]);
};

const checkRepeats = (spot: FileSpot, list: readonly AssignmentEntry[], { report }: ReadingContext): void => {
  const first = new Map<string, number>();
  for (const [index, written] of list.entries()) {
    const identity = identityOf(written);
    const before = first.get(identity);
    first.set(identity, before ?? index);
    if (before === undefined) continue;
    const message = `this assignment also stands on line ${placeOf(inside(spot, before)).line}`;
    report({ at: placeOf(inside(spot, index)), rule: 'declared-twice', message });
  }
};

const readAssignments = (spot: FileSpot, list: readonly AssignmentEntry[], owner: Owner): readonly DatedPiece[] => {
  checkRepeats(spot, list, owner.world);
  return list.flatMap((written, index) => assignmentGrants(inside(spot, index), written, owner));
};

const memberGrant = (
  spot: FileSpot,
  written: WrittenMember,
  { group, world, budget }: { group: string; world: ReadingContext; budget: Budget },
) => {
  const entry = typeof written === 'string' ? { user: written } : written;
  budget.entries += 1;
  const resource: Membership = { kind: 'membership', group, user: entry.user };
  const grant: DatedPiece = { ...writtenTermsOf(entry), resource, at: placeOf(spot), entry: budget.entries };
  return checkSpan(spot, entry, world) ? [grant] : [];
};

const checkMembers = ({ file, value }: GroupFile, { report }: ReadingContext): void => {
  const { members = [], source } = value;
  if (value.members !== undefined && source === 'external') {
    const message = `${quoted(value.group)} is external: its members come from the corporate directory`;
    report({ at: file.keyAt(['members']), rule: 'members-on-external-group', message });
  }
  const first = new Map<string, number>();
  for (const [index, written] of members.entries()) {
    const identity = JSON.stringify(
      typeof written === 'string' ? [written] : [written.user, written.from, written.until],
    );
    const before = first.get(identity);
    first.set(identity, before ?? index);
    if (before === undefined) continue;
    const message = `this member also stands on line ${file.at(['members', before]).line}`;
    report({ at: file.at(['members', index]), rule: 'declared-twice', message });
  }
};

const readMembers = (typed: GroupFile, world: ReadingContext, budget: Budget): readonly DatedPiece[] => {
  checkMembers(typed, world);
  const { file, value } = typed;
  if (value.source === 'external') return [];
  const context = { group: value.group, world, budget };
  return (value.members ?? []).flatMap((written, index) =>
    memberGrant({ file, path: ['members', index] }, written, context),
  );
};

const checkAbsent = ({ file, value }: GroupFile, { report }: ReadingContext): void => {
  const used = [...(value.members?.length ? ['members'] : []), ...(value.assignments?.length ? ['assignments'] : [])];
  if (used.length === 0) return;
  const message = `${quoted(value.group)} is to be deleted but still has ${used.join(' and ')}`;
  report({ at: file.at(['state']), rule: 'absent-group-in-use', message });
};

const groupPiece = ({ file, value }: GroupFile): Piece => {
  const resource: Group = {
    kind: 'group',
    name: value.group,
    ...(value.description === undefined ? {} : { description: value.description }),
    source: value.source ?? 'identity-center',
  };
  return { resource, at: file.at(['group']) };
};

const formerOf = ({ file, value }: GroupFile): readonly FormerNames[] => {
  const { group: name, previously: names } = value;
  return names === undefined ? [] : [{ kind: 'group', key: groupKey(name), name, names, at: file.at(['previously']) }];
};

const groupGrants = (typed: GroupFile, giving: Omit<Owner, 'principal'>): readonly DatedPiece[] => {
  const principal = { type: 'group', name: typed.value.group } as const;
  const spot: FileSpot = { file: typed.file, path: ['assignments'] };
  return readAssignments(spot, typed.value.assignments ?? [], { ...giving, principal });
};

const userGrants = ({ file, value }: UserFile, giving: Omit<Owner, 'principal'>): readonly DatedPiece[] => {
  const principal = { type: 'user', name: value.user } as const;
  return readAssignments({ file, path: ['assignments'] }, value.assignments ?? [], { ...giving, principal });
};

/** Whether the grant may be one too many: not as long as there are no more sets, or groups that have the set, altogether. */
const nearQuotas = (
  grants: readonly DatedPiece[],
  { permissionSetsPerAccount, groupsPerSetAndAccount }: ReadingContext['limits'],
): ((grant: DatedPiece) => boolean) => {
  const holders = new Map<string, Set<string>>();
  for (const { resource } of grants) {
    const { permissionSet, principal } = resource as Assignment;
    const known = holders.get(permissionSet);
    if (known === undefined) holders.set(permissionSet, new Set([principal.name]));
    else known.add(principal.name);
  }
  if (holders.size > permissionSetsPerAccount) return () => true;
  const crowded = new Set([...holders].flatMap(([set, { size }]) => (size > groupsPerSetAndAccount ? [set] : [])));
  return ({ resource }) => crowded.has((resource as Assignment).permissionSet);
};

/** AWS's caps on one account: groups on one set, and sets. Over all grants that hold today. */
const checkAccountQuotas = (grants: readonly DatedPiece[], world: ReadingContext): void => {
  const sets = new Map<string, Set<string>>();
  const groups = new Map<string, Set<string>>();
  const add = (map: Map<string, Set<string>>, key: string, name: string): number => {
    const names = map.get(key) ?? new Set<string>();
    map.set(key, names.add(name));
    return names.size;
  };
  const { limits, today, report } = world;
  const isNear = nearQuotas(grants, limits);
  for (const grant of grants.filter((one) => isNear(one) && isActive(one, today))) {
    const { account, permissionSet, principal } = grant.resource as Assignment;
    if (add(sets, account, permissionSet) === limits.permissionSetsPerAccount + 1) {
      const message = `${quoted(account)} gets more than ${limits.permissionSetsPerAccount} permission sets`;
      report({ at: grant.at, rule: 'too-many', message });
    }
    if (principal.type !== 'group') continue;
    if (add(groups, `${account}\n${permissionSet}`, principal.name) === limits.groupsPerSetAndAccount + 1) {
      const message = `more than ${limits.groupsPerSetAndAccount} groups hold ${quoted(permissionSet)} in ${quoted(account)}`;
      report({ at: grant.at, rule: 'too-many', message });
    }
  }
};

export type GroupAccess = SettledPieces & {
  readonly absent: readonly Key[];
  readonly memberGroups: readonly string[];
  readonly former: readonly FormerNames[];
  /** Sets that some entry names, whether or not it holds today. */
  readonly usedSets: ReadonlySet<string>;
  /** `SET@ACCOUNT` of every entry, whether or not it holds today. */
  readonly givenSets: () => ReadonlySet<string>;
  /** Of the roles that entries give; reports what their trust lacks. */
  readonly checkTrusts: (declared: readonly Role[]) => void;
};

const givenSets = (grants: readonly DatedPiece[]): ReadonlySet<string> =>
  new Set(
    grants.flatMap(({ resource }) =>
      resource.kind === 'assignment' ? [`${resource.permissionSet}@${resource.account}`] : [],
    ),
  );

const isAbsent = ({ value }: GroupFile): boolean => value.state === 'absent';

const readGrants = ({ groups, users, roles }: AccessFiles, world: ReadingContext) => {
  const budget: Budget = { entries: 0, grants: 0 };
  const giving = { world, budget, roles: roleIndexOf(roles, world) };
  return {
    members: groups.flatMap((typed) => readMembers(typed, world, budget)),
    given: [
      ...groups.flatMap((typed) => groupGrants(typed, giving)),
      ...users.flatMap((typed) => userGrants(typed, giving)),
    ],
  };
};

const usedSets = (files: readonly (GroupFile | UserFile)[]): ReadonlySet<string> =>
  new Set(files.flatMap(({ value }) => (value.assignments ?? []).flatMap(({ permissionSet }) => permissionSet ?? [])));

/** `roles`: those that entries may give. */
type AccessFiles = {
  readonly groups: readonly GroupFile[];
  readonly users: readonly UserFile[];
  readonly roles: RoleFiles;
};

const isOfSet = (grant: DatedPiece): boolean => grant.resource.kind === 'assignment';

export const readAccess = (
  { groups: groupFiles, users: userFiles, roles }: AccessFiles,
  world: ReadingContext,
): GroupAccess => {
  const isNewGroup = uniqueNames('group', world.report);
  const isNewUser = uniqueNames('user', world.report);
  const groups = groupFiles.filter(({ file, value }) => isNewGroup(value.group, file.at(['group'])));
  const users = userFiles.filter(({ file, value }) => isNewUser(value.user, file.at(['user'])));
  const present = groups.filter((typed) => !isAbsent(typed));
  for (const typed of groups.filter(isAbsent)) checkAbsent(typed, world);
  const { members, given } = readGrants({ groups: present, users, roles }, world);
  const assignments = given.filter(isOfSet);
  reportOverlaps(members, (resource) => (resource as Membership).user, world.report);
  reportOverlaps(given, (resource) => (resource as Assignment | Entitlement).account, world.report);
  checkAccountQuotas(assignments, world);
  checkGroupsPerRole(given, world);
  const settled = settle([members, given], world.today);
  return {
    ...settled,
    pieces: [...present.map(groupPiece), ...readCreatedUsers(users, present, world), ...settled.pieces],
    absent: groups.filter(isAbsent).map(({ value }) => groupKey(value.group)),
    memberGroups: present
      .filter(({ value }) => value.members !== undefined && value.source !== 'external')
      .map(({ value }) => value.group),
    former: present.flatMap(formerOf),
    usedSets: usedSets([...groups, ...users]),
    givenSets: once(() => givenSets(assignments)),
    checkTrusts: (declared) => checkEntitledTrusts(given, declared, world),
  };
};
