/** Writing what was imported: never over a file that somebody else wrote, or has edited since. */
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { load } from '../../desired/load.ts';
import { UserError } from '../../model/problem.ts';

export type NewFile = { readonly path: string; readonly text: string };
type FileDigests = Readonly<Record<string, string>>;
export type WrittenFiles = {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: readonly string[];
  /** Read together with what was written, and not of it. */
  readonly beside: readonly string[];
};

const manifestPath = '.gatehouse/imported.json';
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Its text; nothing where there is no file. A link, or whatever else is no file, has none that could be ours: null. */
const textAt = async (path: string): Promise<string | null | undefined> => {
  try {
    return (await lstat(path)).isFile() ? await readFile(path, 'utf8') : null;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** A folder on the way that is a link leads out of the repository. */
const linkedFolder = async (dir: string, path: string): Promise<string | undefined> => {
  const folders = path.split('/').slice(0, -1);
  for (const [index] of folders.entries()) {
    const folder = folders.slice(0, index + 1).join('/');
    const stats = await lstat(join(dir, folder)).catch(() => undefined);
    if (stats !== undefined && !stats.isDirectory()) return folder;
  }
  return undefined;
};

/** Paths and digests of what an earlier import wrote; nothing where there was none, or the list is not one. */
const readManifest = async (dir: string): Promise<FileDigests> => {
  const text = await textAt(join(dir, manifestPath));
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as FileDigests) : {};
  } catch {
    return {};
  }
};

/** `blocked`: what stands there, or a folder on the way, is no file, and is not taken away. */
type FileStanding = { readonly file: NewFile; readonly state: 'new' | 'same' | 'ours' | 'theirs' | 'blocked' };

const isFolder = async (path: string): Promise<boolean> => (await lstat(path)).isDirectory();

const standingOf = async (dir: string, file: NewFile, known: FileDigests): Promise<FileStanding> => {
  if ((await linkedFolder(dir, file.path)) !== undefined) return { file, state: 'blocked' };
  const text = await textAt(join(dir, file.path));
  if (text === undefined) return { file, state: 'new' };
  if (text === null) return { file, state: (await isFolder(join(dir, file.path))) ? 'blocked' : 'theirs' };
  if (text === file.text) return { file, state: 'same' };
  return { file, state: known[file.path] === digest(text) ? 'ours' : 'theirs' };
};

const isWithin = (path: string): boolean => !path.startsWith('/') && !path.split('/').includes('..');

/** What an earlier import wrote, this one does not, and nobody has edited. */
const staleIn = async (dir: string, files: readonly NewFile[], known: FileDigests): Promise<readonly string[]> => {
  const present = new Set(files.map(({ path }) => path));
  const stale: string[] = [];
  for (const [path, hash] of Object.entries(known)) {
    if (present.has(path) || !isWithin(path) || (await linkedFolder(dir, path)) !== undefined) continue;
    const text = await textAt(join(dir, path));
    if (typeof text === 'string' && digest(text) === hash) stale.push(path);
  }
  return stale.sort();
};

/** What the reconciler would read together with what is written: then it might no longer hold. */
const besideIn = async (dir: string, taken: ReadonlySet<string>): Promise<readonly string[]> => {
  const found = await load(dir).catch(() => ({ files: [] }));
  return found.files.flatMap(({ path }) => (taken.has(path) ? [] : [path])).sort();
};

const named = (paths: readonly string[]): string =>
  `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`;

const nothingWritten = 'Nothing was written; choose another folder';

const refuse = (
  standings: readonly FileStanding[],
  beside: readonly string[],
  overwrite: OverwriteRules['overwrite'],
): void => {
  const pathsOf = (state: FileStanding['state']) =>
    standings.flatMap((one) => (one.state === state ? [one.file.path] : []));
  const blocked = pathsOf('blocked');
  if (blocked.length > 0)
    throw new UserError(`a link or a folder stands in the way of ${named(blocked)}. ${nothingWritten}`);
  const theirs = [...pathsOf('theirs'), ...beside];
  if (theirs.length === 0 || overwrite === 'force') return;
  throw new UserError(
    `import did not write, or somebody has edited since: ${named(theirs)}. ${nothingWritten}, or say --force`,
  );
};

type OverwriteRules = { readonly dir: string; readonly overwrite: 'refuse' | 'force' };

const put = async (dir: string, { path, text }: NewFile): Promise<void> => {
  const target = join(dir, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
};

/** What did not work, in the system's words. */
const troubleOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const openStage = async (dir: string): Promise<string> => {
  await mkdir(join(dir, '.gatehouse'), { recursive: true });
  return mkdtemp(join(dir, '.gatehouse/import-'));
};

/** All of it beside the folder's own files first: where the disk is full or closed, nothing has changed. */
const staged = async (dir: string, files: readonly NewFile[]): Promise<string> => {
  let stage: string | undefined;
  try {
    stage = await openStage(dir);
    for (const file of files) await put(stage, file);
    return stage;
  } catch (error) {
    if (stage !== undefined) await rm(stage, { recursive: true, force: true });
    throw new UserError(`${troubleOf(error)}. ${nothingWritten}, or mend this one`);
  }
};

const saveManifest = (dir: string, digests: FileDigests): Promise<void> =>
  put(dir, { path: manifestPath, text: `${JSON.stringify(digests, undefined, 1)}\n` });

/** A file at a time, whole: no reader ever finds half of one. Throws UserError that says how far it got. */
const moved = async (stage: string, files: readonly NewFile[], { dir, known }: { dir: string; known: FileDigests }) => {
  const done: [string, string][] = [];
  for (const { path, text } of files) {
    try {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await rename(join(stage, path), join(dir, path));
    } catch (error) {
      await saveManifest(dir, { ...known, ...Object.fromEntries(done) });
      throw new UserError(
        `${troubleOf(error)}. ${done.length} of ${files.length} files were written; mend this and run it again`,
      );
    }
    done.push([path, digest(text)]);
  }
};

const manifestIn = async (dir: string): Promise<readonly FileStanding[]> => {
  const isLinked = (await linkedFolder(dir, manifestPath)) !== undefined;
  return isLinked ? [{ file: { path: manifestPath, text: '' }, state: 'blocked' }] : [];
};

/** Throws UserError, before anything is written, when a file would be lost. Files that stand as they are to be stay untouched. */
export const writeImport = async (
  files: readonly NewFile[],
  { dir, overwrite }: OverwriteRules,
): Promise<WrittenFiles> => {
  const known = await readManifest(dir);
  const standings: FileStanding[] = [];
  for (const file of files) standings.push(await standingOf(dir, file, known));
  const removed = await staleIn(dir, files, known);
  const beside = await besideIn(dir, new Set([...files.map(({ path }) => path), ...removed]));
  refuse([...standings, ...(await manifestIn(dir))], beside, overwrite);
  const changed = standings.flatMap(({ file, state }) => (state === 'same' ? [] : [file]));
  const stage = await staged(dir, changed);
  try {
    await moved(stage, changed, { dir, known });
    for (const path of removed) await rm(join(dir, path));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
  await saveManifest(dir, Object.fromEntries(files.map(({ path, text }) => [path, digest(text)])));
  return { written: changed.length, unchanged: standings.length - changed.length, removed, beside };
};
