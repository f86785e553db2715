/**
 * Files of a commit or tree, written as git stores them. Not by checkout or archive: both obey `.gitattributes` of the tree,
 * which then says what a reviewed file means (`working-tree-encoding`, `eol`, `export-ignore`).
 */
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mustBytes } from './asking-git.ts';
import { folders } from '../model/desired.ts';
import type { GitResult, GitRunner } from './asking-git.ts';

/** `path`: each character is a byte (latin1), as names in git need not be UTF-8 and two such must not become one. */
type TreeEntry = { readonly mode: string; readonly id: string; readonly size: number; readonly path: string };

/** Git's file modes, of `git ls-tree`. A submodule has nothing that could be read here. */
const LINK = '120000';
const SUBMODULE = '160000';

/** No file that is read may be so large, nor all of them together; beyond that only the size is made, which is what is said. */
const MOST_BYTES = 2_000_000;
const MOST_BYTES_TOGETHER = 64_000_000;

/** `ls-tree -z --long`: mode, type, id and size, a tab, and the path as it is stored. */
const entryOf = (line: string): TreeEntry => {
  const tab = line.indexOf('\t');
  const [mode = '', , id = '', size = ''] = line.slice(0, tab).split(/ +/);
  return { mode, id, size: Number(size), path: line.slice(tab + 1) };
};

/** Git refuses such names in a work tree; a tree that was made by hand can hold them. */
const isInside = ({ path }: TreeEntry): boolean =>
  path.split('/').every((name) => !['', '.', '..'].includes(name) && name.toLowerCase() !== '.git');

/** `cat-file --batch` answers in the order of the ids: a line with the size, the bytes, a line feed. */
export const blobsIn = (bytes: Buffer, count: number): readonly Buffer[] => {
  let at = 0;
  return Array.from({ length: count }, () => {
    const end = bytes.indexOf(10, at);
    const [id, type, size] = bytes.subarray(at, end).toString('latin1').split(' ');
    if (end < 0 || type !== 'blob') throw new Error(`git does not have ${id ?? 'an object'} of the tree`);
    at = end + 1 + Number(size) + 1;
    return bytes.subarray(end + 1, at - 1);
  });
};

const withContent = (files: readonly TreeEntry[]): readonly TreeEntry[] => {
  let room = MOST_BYTES_TOGETHER;
  return files.filter(({ size }) => {
    if (size > MOST_BYTES || size > room) return false;
    room -= size;
    return true;
  });
};

const placeIn = (target: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(`${target}/`), Buffer.from(path, 'latin1')]);

const write = async (target: string, { path, size }: TreeEntry, content: Buffer | undefined): Promise<void> => {
  const file = placeIn(target, path);
  await mkdir(placeIn(target, dirname(path)), { recursive: true });
  await writeFile(file, content ?? '');
  if (content === undefined) await truncate(file, size);
};

/** A symbolic link is written as a link that leads nowhere, so that it is reported and never followed. */
const link = async (target: string, { path }: TreeEntry): Promise<void> => {
  await mkdir(placeIn(target, dirname(path)), { recursive: true });
  await symlink('.a-link-that-is-not-followed', placeIn(target, path));
};

/** `read`: the answer of `cat-file --batch` to these ids, a line each. Throws on a path that leaves the folders. */
export const exportTree =
  (run: GitRunner, read: (ids: string) => Promise<GitResult>) =>
  async (treeish: string, target: string): Promise<void> => {
    const words = ['ls-tree', '-r', '-z', '--long', '--full-tree', treeish, '--', ...folders];
    const entries = (await mustBytes(run, ...words))
      .toString('latin1')
      .split('\0')
      .filter((line) => line !== '')
      .map(entryOf);
    const outside = entries.find((entry) => !isInside(entry));
    if (outside !== undefined) throw new Error(`the tree holds a path that is none: ${JSON.stringify(outside.path)}`);
    const files = entries.filter(({ mode }) => mode !== LINK && mode !== SUBMODULE);
    const small = withContent(files);
    const { code, bytes, err } = await read(small.map(({ id }) => `${id}\n`).join(''));
    if (code !== 0) throw new Error(`git cat-file failed: ${err.slice(0, 300)}`);
    const contents = new Map(blobsIn(bytes, small.length).map((content, index) => [small[index]?.path, content]));
    for (const file of files) await write(target, file, contents.get(file.path));
    for (const entry of entries.filter(({ mode }) => mode === LINK)) await link(target, entry);
  };
