/** Who is given what where, edited in the file of the group or user: each edit the least that is exact. */
import { entitledRoleName } from '../../model/resource.ts';
import type { Grant, Principal } from '../../model/resource.ts';
import type { WrittenGiven, WrittenTarget } from '../../model/written.ts';
import type { Typed } from '../../desired/check-form.ts';
import { isActive } from '../../desired/dates.ts';
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import type { FileSchemas } from '../../desired/schema/schema.ts';
import { keysBefore, keysOf } from '../write/key-order.ts';
import { assignmentLines } from '../write/targets.ts';
import { inserted, removed, withKey } from './range.ts';
import { organizationIn, refusedEdit, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';
import { named, narrowed, reachedBy, unexcepted } from './targets.ts';
import type { Aim } from './targets.ts';

type WrittenGrant = NonNullable<FileSchemas['group']['assignments']>[number];
type HolderFile = Typed<'group'> | Typed<'user'>;

export type AssignmentEdit = {
  readonly principal: Principal;
  readonly given: WrittenGiven;
  readonly account: string;
  /** YYYY-MM-DD: entries of other days are left alone. */
  readonly today: string;
};

export const holderFile = (repo: Repo, { type, name }: Principal): HolderFile | undefined =>
  type === 'group'
    ? typedIn(repo, 'group').find(({ value }) => value.group === name)
    : typedIn(repo, 'user').find(({ value }) => value.user === name);

const entriesOf = ({ value }: HolderFile): readonly WrittenGrant[] => value.assignments ?? [];

type HolderPlace = { readonly repo: Repo; readonly file: HolderFile; readonly organization: DeclaredOrganization };

const placeIn = (repo: Repo, principal: Principal): HolderPlace | undefined => {
  const file = holderFile(repo, principal);
  const organization = organizationIn(repo);
  return file === undefined || organization === undefined ? undefined : { repo, file, organization };
};

/** What an assignment or an entitlement is called in an entry. */
export const writtenGivenOf = (grant: Grant): WrittenGiven =>
  grant.kind === 'assignment' ? { permissionSet: grant.permissionSet } : { role: entitledRoleName(grant) };

/** Of an entry, or of what a grant is called in one. */
export const givesThing = (written: Pick<WrittenGrant, 'permissionSet' | 'role'>, given: WrittenGiven): boolean =>
  'role' in given ? written.role === given.role : written.permissionSet === given.permissionSet;

/** Entries of the set or role that hold today, with their index. */
const holding = ({ file }: HolderPlace, edit: AssignmentEdit): readonly (readonly [number, WrittenGrant])[] =>
  entriesOf(file).flatMap((written, index) =>
    givesThing(written, edit.given) && isActive(written, edit.today) ? [[index, written] as const] : [],
  );

const aimAt = ({ file, organization }: HolderPlace, index: number, written: WrittenGrant): Aim => ({
  path: ['assignments', index],
  written,
  order: keysOf('group', 'assignments'),
  reached: reachedBy(file.file, organization),
});

const givingEntry = (place: HolderPlace, edit: AssignmentEdit) => {
  const reached = reachedBy(place.file.file, place.organization);
  return holding(place, edit).find(([, written]) => reached(written).includes(edit.account));
};

/** The assignment is given by no entry that holds today. */
export const withoutAssignment = (repo: Repo, edit: AssignmentEdit): Edited => {
  const place = placeIn(repo, edit.principal);
  if (place === undefined) return refusedEdit(`no file speaks of ${edit.principal.type} ${edit.principal.name}`);
  const found = givingEntry(place, edit);
  if (found === undefined) return repo;
  const [index, written] = found;
  const before = textIn(repo, place.file.file.path);
  const text = narrowed(before, aimAt(place, index, written), edit.account) ?? removed(before, ['assignments', index]);
  if (text === before) return refusedEdit('no edit of its entry would take it away');
  return withoutAssignment(withFile(repo, place.file.file.path, text), edit);
};

/** An entry without end and without labels can take one more account by name. */
const isOpen = ({ from, until, tags }: WrittenGrant): boolean =>
  from === undefined && until === undefined && tags === undefined;

type Widening = (text: string, aim: Aim, account: string) => string | undefined;

/** The first of the open entries that can be widened like this; entries that name accounts already come first. */
const widened = (place: HolderPlace, edit: AssignmentEdit, widen: Widening): string | undefined => {
  const text = textIn(place.repo, place.file.file.path);
  const open = holding(place, edit).filter(([, written]) => isOpen(written));
  const sorted = open.toSorted(([, a], [, b]) => Number(a.accounts === undefined) - Number(b.accounts === undefined));
  for (const [index, written] of sorted) {
    const made = widen(text, aimAt(place, index, written), edit.account);
    if (made !== undefined) return made;
  }
  return undefined;
};

const entryOf = (given: WrittenGiven, target: WrittenTarget) => {
  const lines = assignmentLines({ ...given, ...target });
  return { value: { ...given, ...target }, lines: lines.map((line) => line.slice(4)), spelling: 'yaml' as const };
};

/** One more entry, at the end. */
export const withEntry = (
  repo: Repo,
  { principal, given, target }: { principal: Principal; given: WrittenGiven; target: WrittenTarget },
): Edited => {
  const file = holderFile(repo, principal);
  if (file === undefined) return refusedEdit(`no file speaks of ${principal.type} ${principal.name}`);
  const { path } = file.file;
  const entry = entryOf(given, target);
  const text = textIn(repo, path);
  const count = entriesOf(file).length;
  if (file.value.assignments !== undefined)
    return withFile(repo, path, inserted(text, ['assignments'], { ...entry, index: count }));
  const lines = assignmentLines({ ...given, ...target }).map((line) => line.slice(2));
  const key = { key: 'assignments', value: [entry.value], spelling: 'yaml' as const, block: lines };
  return withFile(repo, path, withKey(text, [], { ...key, after: keysBefore(keysOf(file.kind), 'assignments') }));
};

/** The assignment is given from today on, without an end. */
export const withAssignment = (repo: Repo, edit: AssignmentEdit): Edited => {
  const place = placeIn(repo, edit.principal);
  if (place === undefined) return refusedEdit(`no file speaks of ${edit.principal.type} ${edit.principal.name}`);
  if (givingEntry(place, edit) !== undefined) return repo;
  const text = widened(place, edit, unexcepted) ?? widened(place, edit, named);
  if (text !== undefined) return withFile(repo, place.file.file.path, text);
  return withEntry(repo, { ...edit, target: { accounts: [edit.account] } });
};
