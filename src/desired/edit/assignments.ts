/** Who is given what where, edited in the file of the group or user: each edit the least that is exact. */
import type { Principal } from '../../model/resource.ts';
import type { WrittenTarget } from '../../model/written.ts';
import type { Typed } from '../check-form.ts';
import { isActive } from '../dates.ts';
import type { Organization } from '../organization.ts';
import { targetsOf } from '../targeting.ts';
import type { FileSchemas } from '../schema.ts';
import { assignmentLines } from '../write/targets.ts';
import { inserted, removed, valueAt, withKey } from './range.ts';
import { organizationIn, refused, silent, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';

type Written = NonNullable<FileSchemas['group']['assignments']>[number];
type HolderFile = Typed<'group'> | Typed<'user'>;

export type AssignmentEdit = {
  readonly principal: Principal;
  readonly permissionSet: string;
  readonly account: string;
  /** YYYY-MM-DD: entries of other days are left alone. */
  readonly today: string;
};

export const holderFile = (repo: Repo, { type, name }: Principal): HolderFile | undefined =>
  type === 'group'
    ? typedIn(repo, 'group').find(({ value }) => value.group === name)
    : typedIn(repo, 'user').find(({ value }) => value.user === name);

const entriesOf = ({ value }: HolderFile): readonly Written[] => value.assignments ?? [];

const accountsOf = (file: HolderFile, written: Written, organization: Organization): readonly string[] =>
  targetsOf({ file: file.file, path: [] }, written, { organization, report: silent }).map(({ name }) => name);

type Place = { readonly repo: Repo; readonly file: HolderFile; readonly organization: Organization };

const placeIn = (repo: Repo, principal: Principal): Place | undefined => {
  const file = holderFile(repo, principal);
  const organization = organizationIn(repo);
  return file === undefined || organization === undefined ? undefined : { repo, file, organization };
};

/** Entries of the set that hold today, with their index. */
const holding = ({ file }: Place, edit: AssignmentEdit): readonly (readonly [number, Written])[] =>
  entriesOf(file).flatMap((written, index) =>
    written.permissionSet === edit.permissionSet && isActive(written, edit.today) ? [[index, written] as const] : [],
  );

const withoutWord = (text: string, path: readonly (string | number)[], word: string): string => {
  const list = valueAt(text, path);
  const index = Array.isArray(list) ? list.indexOf(word) : -1;
  return index < 0 ? text : removed(text, [...path, index]);
};

const order = ['permissionSet', 'ous', 'accounts', 'tags'] as const;

/** With the word in the list, in its place if the list is in order; the list is made where there is none. */
export const withWord = (
  text: string,
  path: readonly (string | number)[],
  { word, after }: { readonly word: string; readonly after: readonly string[] },
): string => {
  const list = valueAt(text, path);
  if (!Array.isArray(list))
    return withKey(text, path.slice(0, -1), { key: String(path.at(-1)), value: [word], spelling: 'yaml', after });
  const words = list.map(String);
  const isSorted = words.every((one, index) => index === 0 || (words[index - 1] ?? '') <= one);
  const later = isSorted ? words.findIndex((one) => one > word) : -1;
  return inserted(text, path, { index: later < 0 ? words.length : later, value: word, spelling: 'yaml' });
};

/** One entry that gives the account no more: it loses the account's name, gains an exception, or goes when nothing is left. */
const narrowed = (place: Place, { index, written }: { index: number; written: Written }, account: string): string => {
  const { file, organization } = place;
  const text = textIn(place.repo, file.file.path);
  const at = ['assignments', index] as const;
  const left = accountsOf(file, written, organization).filter((name) => name !== account);
  if (left.length === 0) return removed(text, at);
  const unnamed = withoutWord(text, [...at, 'accounts'], account);
  const named = { ...written, accounts: (written.accounts ?? []).filter((name) => name !== account) };
  const isInOus = accountsOf(file, named, organization).includes(account);
  return isInOus ? withWord(unnamed, [...at, 'except'], { word: account, after: order }) : unnamed;
};

/** The assignment is given by no entry that holds today. */
export const withoutAssignment = (repo: Repo, edit: AssignmentEdit): Edited => {
  const place = placeIn(repo, edit.principal);
  if (place === undefined) return refused(`no file speaks of ${edit.principal.type} ${edit.principal.name}`);
  const found = holding(place, edit).find(([, written]) =>
    accountsOf(place.file, written, place.organization).includes(edit.account),
  );
  if (found === undefined) return repo;
  const [index, written] = found;
  const text = narrowed(place, { index, written }, edit.account);
  if (text === textIn(repo, place.file.file.path)) return refused('no edit of its entry would take it away');
  return withoutAssignment(withFile(repo, place.file.file.path, text), edit);
};

/** An entry without end and without labels can take one more account by name. */
const isOpen = ({ from, until, tags }: Written): boolean =>
  from === undefined && until === undefined && tags === undefined;

/** The entry that excepts this very account: without the exception it gives what is wanted. */
const unexcepted = (place: Place, edit: AssignmentEdit): string | undefined => {
  const text = textIn(place.repo, place.file.file.path);
  for (const [index, written] of holding(place, edit)) {
    if (!isOpen(written) || !(written.except ?? []).includes(edit.account)) continue;
    const wider = { ...written, except: (written.except ?? []).filter((word) => word !== edit.account) };
    const before = new Set(accountsOf(place.file, written, place.organization));
    const gained = accountsOf(place.file, wider, place.organization).filter((name) => !before.has(name));
    if (gained.length === 1 && gained[0] === edit.account)
      return withoutWord(text, ['assignments', index, 'except'], edit.account);
  }
  return undefined;
};

/** The account is named in an entry that would then give it and nothing else more. */
const named = (place: Place, edit: AssignmentEdit): string | undefined => {
  const text = textIn(place.repo, place.file.file.path);
  const candidates = holding(place, edit).filter(([, written]) => {
    const wider = { ...written, accounts: [...(written.accounts ?? []), edit.account] };
    return isOpen(written) && accountsOf(place.file, wider, place.organization).includes(edit.account);
  });
  const [index] = candidates.find(([, { accounts }]) => accounts !== undefined) ?? candidates[0] ?? [];
  if (index === undefined) return undefined;
  return withWord(text, ['assignments', index, 'accounts'], { word: edit.account, after: order });
};

const entryOf = (permissionSet: string, target: WrittenTarget) => {
  const lines = assignmentLines({ permissionSet, ...target });
  return { value: { permissionSet, ...target }, lines: lines.map((line) => line.slice(4)), spelling: 'yaml' as const };
};

/** One more entry, at the end. */
export const withEntry = (
  repo: Repo,
  { principal, permissionSet, target }: { principal: Principal; permissionSet: string; target: WrittenTarget },
): Edited => {
  const file = holderFile(repo, principal);
  if (file === undefined) return refused(`no file speaks of ${principal.type} ${principal.name}`);
  const { path } = file.file;
  const entry = entryOf(permissionSet, target);
  const text = textIn(repo, path);
  const count = entriesOf(file).length;
  if (file.value.assignments !== undefined)
    return withFile(repo, path, inserted(text, ['assignments'], { ...entry, index: count }));
  const lines = assignmentLines({ permissionSet, ...target }).map((line) => line.slice(2));
  const key = { key: 'assignments', value: [entry.value], spelling: 'yaml' as const, block: lines };
  return withFile(
    repo,
    path,
    withKey(text, [], { ...key, after: ['group', 'user', 'description', 'source', 'members'] }),
  );
};

/** The assignment is given from today on, without an end. */
export const withAssignment = (repo: Repo, edit: AssignmentEdit): Edited => {
  const place = placeIn(repo, edit.principal);
  if (place === undefined) return refused(`no file speaks of ${edit.principal.type} ${edit.principal.name}`);
  const given = holding(place, edit).some(([, written]) =>
    accountsOf(place.file, written, place.organization).includes(edit.account),
  );
  if (given) return repo;
  const text = unexcepted(place, edit) ?? named(place, edit);
  if (text !== undefined) return withFile(repo, place.file.file.path, text);
  return withEntry(repo, { ...edit, target: { accounts: [edit.account] } });
};
