/** Files that are being edited: their text, what they say, and where things are declared. */
import { checkForm } from '../../desired/check-form.ts';
import type { FileKind, Typed } from '../../desired/check-form.ts';
import { fileKindIn, fileKindOf } from '../../desired/documents.ts';
import type { SourceFile } from '../../desired/load.ts';
import { readOrganization } from '../../desired/organization.ts';
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import type { ReportFinding } from '../../desired/rules.ts';
import { parseFile } from '../../desired/yaml-file.ts';

/** What is wrong with the result is judged at the end, on all files together. */
export const silent: ReportFinding = () => undefined;

type RepoEntry = { readonly text: string; readonly typed: Typed<FileKind> | undefined };
export type Repo = { readonly entries: ReadonlyMap<string, RepoEntry> };
/** Why an edit cannot be made. */
export type EditRefusal = { readonly refused: string };
export type Edited = Repo | EditRefusal;

export const refusedEdit = (reason: string): EditRefusal => ({ refused: reason });
export const isRefused = (edited: Edited): edited is EditRefusal => 'refused' in edited;

const read = ({ path, text }: SourceFile): RepoEntry => {
  const kind = fileKindOf(path);
  if (kind === undefined || /\.json$/i.test(path)) return { text, typed: undefined };
  const file = parseFile({ path, text }, silent);
  return { text, typed: file === undefined ? undefined : checkForm(fileKindIn(kind, file), file, silent) };
};

export const repoOf = (files: readonly SourceFile[]): Repo => ({
  entries: new Map(files.map((file) => [file.path, read(file)])),
});

export const textIn = ({ entries }: Repo, path: string): string => entries.get(path)?.text ?? '';

/** With a file's new text, or without the file. */
export const withFile = ({ entries }: Repo, path: string, text: string | undefined): Repo => {
  const next = new Map(entries);
  if (text === undefined) next.delete(path);
  else next.set(path, read({ path, text }));
  return { entries: next };
};

export const typedIn = <K extends FileKind>({ entries }: Repo, kind: K): readonly Typed<K>[] =>
  [...entries.values()].flatMap(({ typed }) => (typed?.kind === kind ? [typed as Typed<K>] : []));

export const organizationIn = (repo: Repo): DeclaredOrganization | undefined => {
  const [typed] = typedIn(repo, 'organization');
  return typed === undefined ? undefined : readOrganization(typed, silent);
};

/** A path in the folder that no file has yet, on any file system. */
export const freePath = ({ entries }: Repo, folder: string, base: string): string => {
  const taken = new Set([...entries.keys()].map((path) => path.toLowerCase()));
  const candidate = (count: number): string => `${folder}/${base}${count === 0 ? '' : `-${count + 1}`}`;
  let count = 0;
  while (taken.has(`${candidate(count)}.yaml`) || taken.has(`${candidate(count)}.json`)) count += 1;
  return candidate(count);
};
