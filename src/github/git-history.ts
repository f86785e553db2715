/** The history of the folders: what each first-parent commit changed, and files as they were. */
import { folders } from '../model/desired.ts';
import type { HistoryCommit } from '../model/git.ts';
import { must } from './asking-git.ts';
import type { GitResult, GitRunner } from './asking-git.ts';
import { blobsIn } from './export-tree.ts';

/** Git's modes of what is no file: a link and a submodule. */
const notFiles = ['120000', '160000'];
const isNone = (id: string): boolean => /^0+$/.test(id);

/** `:100644 100644 OLD NEW M`; the first of a commit stands on a line of its own. */
const beforeOf = (raw: string): string | undefined => {
  const [mode = '', , before = ''] = raw.replace(/^\n?:/, '').split(' ');
  return isNone(before) || notFiles.includes(mode) ? undefined : before;
};

const isRaw = (token: string | undefined): token is string => token !== undefined && /^\n?:\d{6} /.test(token);

/** By place, never by looks: a subject or a path may look like anything. */
const commitsIn = (tokens: readonly string[]): readonly HistoryCommit[] => {
  const commits: HistoryCommit[] = [];
  let at = 0;
  while (at + 2 < tokens.length) {
    const [sha = '', ...parents] = (tokens[at] ?? '').replace(/^\n/, '').split(' ');
    const [committedAt = '', subject = ''] = [tokens[at + 1], tokens[at + 2]];
    const files: { path: string; before: string | undefined }[] = [];
    for (at += 3; isRaw(tokens[at]); at += 2)
      files.push({ path: tokens[at + 1] ?? '', before: beforeOf(tokens[at] ?? '') });
    const isFirst = parents.every((parent) => parent === '');
    commits.push({ sha, committedAt, subject, isFirst, files });
  }
  return commits;
};

export const historyFrom =
  (run: GitRunner) =>
  async (head: string): Promise<readonly HistoryCommit[]> => {
    const words = ['--first-parent', '--diff-merges=first-parent', '--raw', '-z', '--no-renames', '--no-abbrev'];
    const out = await must(run, 'log', ...words, '--root', '--format=%H %P%x00%cI%x00%s', head, '--', ...folders);
    return commitsIn(out.split('\0'));
  };

/** In one process each; what a history of ten years has fits into few of them. */
const MOST_AT_ONCE = 2_000;
const MOST_BYTES = 1_000_000;

const textOf = (bytes: Buffer): string | undefined => {
  if (bytes.length > MOST_BYTES) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** `read`: the answer of `cat-file --batch` to these ids, a line each. */
export const textsByIdFrom =
  (read: (ids: string) => Promise<GitResult>) =>
  async (ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const texts = new Map<string, string>();
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
      const some = ids.slice(at, at + MOST_AT_ONCE);
      const { code, bytes, err } = await read(some.map((id) => `${id}\n`).join(''));
      if (code !== 0) throw new Error(`git cat-file failed: ${err.slice(0, 300)}`);
      for (const [index, blob] of blobsIn(bytes, some.length).entries()) {
        const text = textOf(blob);
        if (text !== undefined) texts.set(some[index] ?? '', text);
      }
    }
    return texts;
  };
