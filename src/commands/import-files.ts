/** Writing what was imported: never over a file that somebody else wrote, or has edited since. */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../model/problem.ts';

export type NewFile = { readonly path: string; readonly text: string };
type Digests = Readonly<Record<string, string>>;
export type Done = { readonly written: number; readonly unchanged: number; readonly removed: readonly string[] };

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
const readManifest = async (dir: string): Promise<Digests> => {
  const text = await textAt(join(dir, manifestPath));
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Digests) : {};
  } catch {
    return {};
  }
};

type Standing = { readonly file: NewFile; readonly state: 'new' | 'same' | 'ours' | 'theirs' };

const standingOf = async (dir: string, file: NewFile, known: Digests): Promise<Standing> => {
  if ((await linkedFolder(dir, file.path)) !== undefined) return { file, state: 'theirs' };
  const text = await textAt(join(dir, file.path));
  if (text === undefined) return { file, state: 'new' };
  if (text === file.text) return { file, state: 'same' };
  return { file, state: text !== null && known[file.path] === digest(text) ? 'ours' : 'theirs' };
};

/** What an earlier import wrote, this one does not, and nobody has edited. */
const staleIn = async (dir: string, files: readonly NewFile[], known: Digests): Promise<readonly string[]> => {
  const present = new Set(files.map(({ path }) => path));
  const stale: string[] = [];
  for (const [path, hash] of Object.entries(known)) {
    if (present.has(path) || path.startsWith('/') || path.split('/').includes('..')) continue;
    const text = await textAt(join(dir, path));
    if (typeof text === 'string' && digest(text) === hash) stale.push(path);
  }
  return stale.sort();
};

const refuse = (paths: readonly string[]): never => {
  const shown = paths.slice(0, 5).join(', ');
  const rest = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  throw new UserError(
    `import did not write, or somebody has edited since: ${shown}${rest}. Nothing was written; choose another folder, or say --force`,
  );
};

const put = async (dir: string, { path, text }: NewFile): Promise<void> => {
  const target = join(dir, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
};

type Rules = { readonly dir: string; readonly overwrite: 'refuse' | 'force' };

/** Throws UserError, before anything is written, when a file would be lost. Files that stand as they are to be stay untouched. */
export const writeImport = async (files: readonly NewFile[], { dir, overwrite }: Rules): Promise<Done> => {
  const known = await readManifest(dir);
  const standings: Standing[] = [];
  for (const file of files) standings.push(await standingOf(dir, file, known));
  const theirs = standings.filter(({ state }) => state === 'theirs').map(({ file }) => file.path);
  const linked = await Promise.all(theirs.map((path) => linkedFolder(dir, path)));
  if (theirs.length > 0 && (overwrite === 'refuse' || linked.some((folder) => folder !== undefined))) refuse(theirs);
  const removed = await staleIn(dir, files, known);
  const changed = standings.filter(({ state }) => state !== 'same');
  for (const { file, state } of changed) {
    if (state === 'theirs') await rm(join(dir, file.path), { force: true });
    await put(dir, file);
  }
  for (const path of removed) await rm(join(dir, path));
  const digests = Object.fromEntries(files.map(({ path, text }) => [path, digest(text)]));
  await put(dir, { path: manifestPath, text: `${JSON.stringify(digests, undefined, 1)}\n` });
  return { written: changed.length, unchanged: standings.length - changed.length, removed };
};
