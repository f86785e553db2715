/**
 * The entries of a commit, followed back along the commits before it: which one brought each, and which changed what it says.
 * Entries are compared, not lines, so a file may be moved, renamed or written anew.
 */
import { checkForm } from '../../desired/check-form.ts';
import type { FileKind, Typed } from '../../desired/check-form.ts';
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { fileKindOf } from '../../desired/documents.ts';
import { readOrganization } from '../../desired/organization.ts';
import { parseFile } from '../../desired/yaml-file.ts';
import { remembered } from '../../model/lists.ts';
import type { GrantCommit } from '../../model/review.ts';
import { silent } from '../edit/repo.ts';
import { ancestorsOf } from './ancestors.ts';
import type { Ancestor } from './ancestors.ts';
import { holderEntriesOf } from './review-entries.ts';
import type { HolderEntries } from './review-entries.ts';

/** `text` is undefined where there is no such file. */
export type TrailFile = { readonly path: string; readonly text: string | undefined };

/** Newest first; of an entry that was never changed only the commit that brought it. */
type GrantCourse = readonly GrantCommit[];

type FollowedEntry = {
  /** Of the entry it was at the version that is looked at; undefined once its beginning is found. */
  index: number | undefined;
  readonly course: GrantCommit[];
};

type Line = {
  holder: HolderEntries;
  path: string;
  organization: string | undefined;
  readonly followed: readonly FollowedEntry[];
};

const organizationPath = 'access/organization.yaml';

const typedOf = ({ path, text }: TrailFile): Typed<FileKind> | undefined => {
  const kind = fileKindOf(path);
  if (kind === undefined || text === undefined || /\.json$/i.test(path)) return undefined;
  const file = parseFile({ path, text }, silent);
  return file === undefined ? undefined : checkForm(kind, file, silent);
};

const isHolding = (path: string): boolean => ['group', 'user'].includes(fileKindOf(path) ?? '');

const lineName = (type: string, name: string): string => JSON.stringify([type, name]);

/** By former names of permission sets, what they are called now. */
type SetNames = Map<string, string>;

/** Only a set that was renamed has the word in its file. */
const learnNames = (file: TrailFile, names: SetNames): void => {
  if (fileKindOf(file.path) !== 'permission-set' || file.text?.includes('previously') !== true) return;
  const typed = typedOf(file);
  if (typed?.kind !== 'permission-set') return;
  const { permissionSet, previously = [] } = (typed as Typed<'permission-set'>).value;
  for (const old of previously) if (!names.has(old) && old !== permissionSet) names.set(old, permissionSet);
};

const presentName = (names: SetNames, name: string): string => {
  const next = names.get(name);
  // A circle of names would have no end.
  return next === undefined ? name : presentName(new Map([...names].filter(([old]) => old !== name)), next);
};

const underPresentSets = (holder: HolderEntries, names: SetNames): HolderEntries =>
  names.size === 0
    ? holder
    : {
        ...holder,
        entries: holder.entries.map((entry) =>
          entry.kind === 'assignment' ? { ...entry, what: presentName(names, entry.what) } : entry,
        ),
      };

const organizationOf = remembered((text: string): DeclaredOrganization | undefined => {
  const typed = typedOf({ path: organizationPath, text });
  return typed?.kind === 'organization' ? readOrganization(typed as Typed<'organization'>, silent) : undefined;
});

type FilesOnTrail = {
  readonly holders: Map<string, HolderEntries | 'unreadable'>;
  readonly paths: Map<string, string>;
  readonly names: SetNames;
  organization: string | undefined;
};

const forget = ({ holders, paths }: FilesOnTrail, path: string): void => {
  const old = holders.get(path);
  holders.delete(path);
  if (old === undefined || old === 'unreadable') return;
  const name = lineName(old.principal.type, old.principal.name);
  if (paths.get(name) === path) paths.delete(name);
};

const put = (files: FilesOnTrail, file: TrailFile): void => {
  const { path, text } = file;
  if (path === organizationPath) files.organization = text;
  learnNames(file, files.names);
  if (!isHolding(path) || text === undefined) return;
  const typed = typedOf(file);
  const holder = typed === undefined ? undefined : holderEntriesOf(typed);
  files.holders.set(path, holder ?? 'unreadable');
  if (holder !== undefined) files.paths.set(lineName(holder.principal.type, holder.principal.name), path);
};

/** Under its name or, where no file has that, under one that it had before. */
const pathOf = ({ paths }: FilesOnTrail, { principal: { type, name }, former }: HolderEntries): string | undefined =>
  [name, ...former].map((one) => paths.get(lineName(type, one))).find((path) => path !== undefined);

const begin = (line: Line, commit: GrantCommit): void => {
  for (const entry of line.followed) {
    if (entry.index === undefined) continue;
    entry.course.push(commit);
    entry.index = undefined;
  }
};

const goBack = (line: Line, ancestors: ReadonlyMap<number, Ancestor>, commit: GrantCommit): void => {
  for (const entry of line.followed) {
    if (entry.index === undefined) continue;
    const ancestor = ancestors.get(entry.index);
    if (ancestor?.isSame !== true) entry.course.push(commit);
    entry.index = ancestor?.index;
  }
};

const versionOf = (holder: HolderEntries, organization: string | undefined) => ({
  holder,
  organization: () => (organization === undefined ? undefined : organizationOf(organization)),
});

const follow = (line: Line, files: FilesOnTrail, commit: GrantCommit): void => {
  const path = pathOf(files, line.holder);
  const found = path === undefined ? undefined : files.holders.get(path);
  if (path === undefined || found === undefined || found === 'unreadable') {
    // A version with errors says nothing of what was given: the next older one does.
    if (files.holders.get(line.path) !== 'unreadable') begin(line, commit);
    return;
  }
  const older = underPresentSets(found, files.names);
  const newer = versionOf(line.holder, line.organization);
  goBack(line, ancestorsOf(newer, versionOf(older, files.organization)), commit);
  line.holder = { ...older, former: [...new Set([...older.former, ...line.holder.former])] };
  line.path = path;
  line.organization = files.organization;
};

const isOpen = ({ followed }: Line): boolean => followed.some(({ index }) => index !== undefined);

export type GrantTrail = {
  /** One commit further back: what it changed, as it was before. */
  readonly step: (commit: GrantCommit, before: readonly TrailFile[]) => void;
  readonly isFollowing: () => boolean;
  /** Of an entry of the first version, by its place in the file. */
  readonly courseOf: (path: string, index: number) => GrantCourse;
};

const linesFrom = (files: FilesOnTrail): ReadonlyMap<string, Line> =>
  new Map(
    [...files.holders].flatMap(([path, holder]): readonly (readonly [string, Line])[] => {
      if (holder === 'unreadable') return [];
      const followed = holder.entries.map((_, index): FollowedEntry => ({ index, course: [] }));
      const { organization } = files;
      return [[path, { holder: underPresentSets(holder, files.names), path, organization, followed }]];
    }),
  );

/** Begins at the files of a commit. */
export const grantTrail = (first: readonly TrailFile[]): GrantTrail => {
  const files: FilesOnTrail = { holders: new Map(), paths: new Map(), names: new Map(), organization: undefined };
  for (const file of first) put(files, file);
  const lines = linesFrom(files);
  return {
    step: (commit, before) => {
      const changed = new Set(before.map(({ path }) => path));
      for (const path of changed) forget(files, path);
      for (const file of before) put(files, file);
      for (const line of lines.values()) if (changed.has(line.path) && isOpen(line)) follow(line, files, commit);
    },
    isFollowing: () => [...lines.values()].some(isOpen),
    courseOf: (path, index) => lines.get(path)?.followed[index]?.course ?? [],
  };
};
