/** The files on disk, read with distrust: nothing is followed, nothing is executed, nothing large is taken in. */
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import type { Problem } from '../model/problem.ts';
import { collector } from './rules.ts';
import type { ReportFinding, RuleId } from './rules.ts';

/** `path` is relative to the root, with `/`. */
export type SourceFile = { readonly path: string; readonly text: string };
export type Files = {
  readonly root: string;
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
};

const folders = ['access', 'permission-sets', 'scps'] as const;
const wanted = /\.(ya?ml|json)$/i;
const largestFile = 1_000_000;
const largestTotal = 16_000_000;
const mostFiles = 10_000;
const deepestFolder = 16;

const complain = (report: ReportFinding, file: string): ((rule: RuleId, message: string) => undefined) => {
  return (rule, message) => {
    report({ at: { file, line: 1, column: 1 }, rule, message });
    return undefined;
  };
};

type FolderEntry = { readonly path: string; readonly entry: Dirent };

const listFolder = async (root: string, folder: string, report: ReportFinding): Promise<readonly FolderEntry[]> => {
  try {
    const entries = await readdir(`${root}/${folder}`, { withFileTypes: true });
    return entries.map((entry) => ({ path: `${folder}/${entry.name}`, entry }));
  } catch (error) {
    complain(report, folder)(
      'unreadable-file',
      `the folder cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
    return [];
  }
};

const walk = async (root: string, folder: string, report: ReportFinding): Promise<readonly string[]> => {
  if (folder.split('/').length > deepestFolder) {
    complain(report, folder)('too-many-files', `folders are more than ${deepestFolder} deep`);
    return [];
  }
  const found: string[] = [];
  for (const { path, entry } of await listFolder(root, folder, report)) {
    if (entry.isSymbolicLink()) complain(report, path)('symlink', 'is a symbolic link; put the file itself here');
    else if (entry.isDirectory()) for (const inner of await walk(root, path, report)) found.push(inner);
    else if (!wanted.test(entry.name)) continue;
    else if (entry.isFile()) found.push(path);
    else complain(report, path)('unreadable-file', 'is not a regular file');
  }
  return found;
};

/** A top folder that is not there declares nothing. */
const walkTop = async (root: string, folder: string, report: ReportFinding): Promise<readonly string[]> => {
  const stats = await lstat(`${root}/${folder}`).catch(() => undefined);
  if (stats === undefined) return [];
  if (stats.isDirectory()) return walk(root, folder, report);
  const rule = stats.isSymbolicLink() ? 'symlink' : 'unreadable-file';
  complain(report, folder)(rule, 'must be a folder, not a link or a file');
  return [];
};

/** O_NOFOLLOW and O_NONBLOCK: the entry may have become a link or a pipe since it was listed. */
const readBytes = async (file: string): Promise<Buffer | 'large'> => {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error('not a regular file');
    if (stats.size > largestFile) return 'large';
    const bytes = await handle.readFile();
    return bytes.length > largestFile ? 'large' : bytes;
  } finally {
    await handle.close();
  }
};

const decode = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** By the byte-order mark with which Windows writes it. */
const isUtf16 = ([first, second]: Buffer): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

const readSource = async (root: string, path: string, report: ReportFinding): Promise<SourceFile | undefined> => {
  const say = complain(report, path);
  try {
    const bytes = await readBytes(`${root}/${path}`);
    if (bytes === 'large') return say('file-too-large', 'is larger than 1 MB');
    const text = decode(bytes);
    if (text === undefined)
      return say('not-utf8', `is ${isUtf16(bytes) ? 'UTF-16' : 'not valid UTF-8'}: save it as UTF-8`);
    return { path, text };
  } catch (error) {
    return say('unreadable-file', `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'not a regular file'})`);
  }
};

const readAll = async (
  root: string,
  paths: readonly string[],
  report: ReportFinding,
): Promise<readonly SourceFile[]> => {
  const files: SourceFile[] = [];
  let total = 0;
  for (const path of paths.slice(0, mostFiles)) {
    const file = await readSource(root, path, report);
    if (file === undefined) continue;
    total += file.text.length;
    if (total > largestTotal) {
      complain(report, path)('file-too-large', 'all files together are larger than 16 MB');
      break;
    }
    files.push(file);
  }
  return files;
};

/** `path = access/groups` of .gitmodules (gitmodules(5)); an empty list where there is no such file. */
const submodulesOf = async (root: string): Promise<readonly string[]> => {
  const bytes = await readBytes(`${root}/.gitmodules`).catch(() => undefined);
  const text = bytes === undefined || bytes === 'large' ? '' : (decode(bytes) ?? '');
  return [...text.matchAll(/^[ \t]*path[ \t]*=[ \t]*"?([^"\r\n]+?)\/?"?[ \t]*\r?$/gim)].flatMap(
    ([, path = '']) => path,
  );
};

/** A checkout may leave it empty, and its files are reviewed elsewhere. */
const refuseSubmodules = async (root: string, report: ReportFinding): Promise<void> => {
  for (const path of await submodulesOf(root))
    if (folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
      complain(report, path)('unreadable-file', 'is a git submodule; put the files themselves here');
};

/** Some file systems open `Access/` under the name `access/`; others, and the commit that is reviewed, do not. */
const refuseOtherCase = async (root: string, report: ReportFinding): Promise<void> => {
  const names = await readdir(root).catch(() => []);
  for (const name of names) {
    const meant = folders.find((folder) => folder !== name && folder === name.normalize('NFKC').toLowerCase());
    if (meant !== undefined)
      complain(report, name)('unexpected-file', `is not ${meant}/: folders have exactly these names`);
  }
};

/**
 * The YAML and JSON files of the three folders. What a file contains never throws: it becomes a problem, and the file is
 * left out. Throws only when `root` itself is not there.
 */
export const load = async (root: string): Promise<Files> => {
  const real = await realpath(root);
  const { report, problems } = collector();
  const walked = await Promise.all(folders.map((folder) => walkTop(real, folder, report)));
  await refuseSubmodules(real, report);
  await refuseOtherCase(real, report);
  const paths = walked.flat().sort();
  if (paths.length > mostFiles)
    complain(report, paths[mostFiles] ?? '')('too-many-files', `more than ${mostFiles} files`);
  const files = await readAll(real, paths, report);
  return { root: real, files, problems: problems() };
};
