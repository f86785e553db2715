/** A git that lives in memory and answers, word for word, what the product asks of the real one: no process, no disk. */
import { createHash } from 'node:crypto';
import type { GitResult, RunGit } from '../../../src/github/asking-git.ts';
import { mergedTexts } from './merge-text.ts';
import type { Texts } from './merge-text.ts';

export type StoredCommit = {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** Logins; nothing for one whom GitHub does not know. */
  readonly author: string | undefined;
  readonly number: number;
};

export type NewCommit = { readonly files: Texts; readonly parents: readonly string[]; readonly author?: string };

export type MemoryGit = {
  readonly commit: (commit: NewCommit) => string;
  readonly find: (sha: string) => StoredCommit;
  readonly filesOf: (sha: string) => Texts;
  /** First-parent commits from this one back, newest first. */
  readonly line: (sha: string) => readonly string[];
  /** What is reachable from the one and not from the other, oldest first. */
  readonly between: (from: string, to: string) => readonly string[];
  readonly isAncestor: (sha: string, of: string) => boolean;
  /** What git makes of two commits; nothing when they conflict. */
  readonly merged: (ours: string, theirs: string) => Texts | undefined;
  /** What a commit did, done once more on another one. */
  readonly replayed: (sha: string, onto: string) => Texts | undefined;
  /** What a commit did, taken back on another one. */
  readonly undone: (span: { readonly base: string; readonly end: string }, onto: string) => Texts | undefined;
  /** `head`: where the checkout stands. */
  readonly runAt: (head: string) => RunGit;
};

const digest = (value: unknown): string => createHash('sha1').update(JSON.stringify(value)).digest('hex');

const sortedTexts = (files: Texts): Texts =>
  Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));

const below = (files: Texts, folders: readonly string[]): readonly (readonly [string, string])[] =>
  Object.entries(files).filter(([path]) => folders.some((folder) => path.startsWith(`${folder}/`)));

type Store = {
  readonly commits: Map<string, StoredCommit>;
  readonly trees: Map<string, Texts>;
  readonly blobs: Map<string, string>;
};

const treeAt = ({ commits, trees }: Store, treeish: string): Texts => {
  const found = trees.get(commits.get(treeish)?.tree ?? treeish);
  if (found === undefined) throw new Error(`there is no tree ${treeish}`);
  return found;
};

const lineOf = ({ commits }: Store, head: string): readonly string[] => {
  const line: string[] = [];
  for (let sha: string | undefined = head; sha !== undefined; sha = commits.get(sha)?.parents[0]) line.push(sha);
  return line;
};

const ancestorsOf = ({ commits }: Store, head: string): ReadonlySet<string> => {
  const seen = new Set<string>();
  const open = [head];
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    open.push(...(commits.get(sha)?.parents ?? []));
  }
  return seen;
};

/** The newest that both have. */
const mergeBase = (store: Store, one: string, other: string): string => {
  const of = ancestorsOf(store, other);
  const common = [...ancestorsOf(store, one)].filter((sha) => of.has(sha));
  return common.toSorted((a, b) => (store.commits.get(b)?.number ?? 0) - (store.commits.get(a)?.number ?? 0))[0] ?? '';
};

const folderLines = (files: Texts, folders: readonly string[]): readonly string[] =>
  folders.flatMap((folder) => {
    const held = below(files, [folder]);
    return held.length === 0 ? [] : [`040000 tree ${digest(held)}\t${folder}`];
  });

const touching = (store: Store, head: string, folders: readonly string[]): readonly string[] => {
  const idAt = (sha: string | undefined): string =>
    sha === undefined ? '' : folderLines(treeAt(store, sha), folders).join('\n');
  return lineOf(store, head).filter((sha) => idAt(sha) !== idAt(store.commits.get(sha)?.parents[0]));
};

const stored = (store: Store, text: string): string => {
  const id = digest(text);
  store.blobs.set(id, text);
  return id;
};

const entryLine = (store: Store, path: string, text: string): string =>
  `100644 blob ${stored(store, text)} ${String(Buffer.byteLength(text)).padStart(7)}\t${path}`;

const zeroed = (lines: readonly string[]): string => lines.map((line) => `${line}\0`).join('');
const lined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const batch = ({ blobs }: Store, input: string): string =>
  lined(
    input
      .split('\n')
      .filter((id) => id !== '')
      .map((id) => {
        const text = blobs.get(id);
        return text === undefined ? `${id} missing` : `${id} blob ${Buffer.byteLength(text)}\n${text}`;
      }),
  );

const differing = (from: Texts, to: Texts): readonly string[] =>
  [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((path) => from[path] !== to[path]).sort();

const kept = (store: Store, files: Texts): string => {
  const sorted = sortedTexts(files);
  const id = digest(sorted);
  store.trees.set(id, sorted);
  return id;
};

const mergedTree = (store: Store, ours: string, theirs: string): Texts | undefined =>
  mergedTexts(treeAt(store, mergeBase(store, ours, theirs)), treeAt(store, ours), treeAt(store, theirs));

const afterDashes = (words: readonly string[]): readonly string[] =>
  words.includes('--') ? words.slice(words.indexOf('--') + 1) : [];

type Asked = { readonly words: readonly string[]; readonly head: string; readonly input: string };

/** Undefined: no such thing, which git says by its exit code 1. */
type Answers = Readonly<Record<string, (store: Store, asked: Asked) => string | undefined>>;

const answers: Answers = {
  'rev-parse': ({ commits }, { words, head }) => {
    if (words.includes('--is-shallow-repository')) return 'false\n';
    if (words.includes('--git-common-dir')) return '/memory\n';
    const name = (words.at(-1) ?? '').replace(/\^\{commit\}$/, '');
    const sha = name === 'HEAD' ? head : name;
    return commits.has(sha) ? `${sha}\n` : undefined;
  },
  'rev-list': (store, { words }) => {
    const folders = afterDashes(words);
    const sha = words[3] ?? '';
    return lined(folders.length === 0 ? lineOf(store, sha) : touching(store, sha, folders));
  },
  'ls-tree': (store, { words }) => {
    const folders = afterDashes(words);
    const treeish = words[words.indexOf('--full-tree') + 1] ?? '';
    const files = treeAt(store, treeish);
    if (!words.includes('-r')) return lined(folderLines(files, folders));
    if (words.includes('--name-only')) return zeroed(Object.keys(files));
    return zeroed(below(files, folders).map(([path, text]) => entryLine(store, path, text)));
  },
  'diff-tree': (store, { words }) =>
    zeroed(differing(treeAt(store, words.at(-2) ?? ''), treeAt(store, words.at(-1) ?? ''))),
  'cat-file': (store, { input }) => batch(store, input),
  'merge-tree': (store, { words }) => {
    const files = mergedTree(store, words.at(-2) ?? '', words.at(-1) ?? '');
    return files === undefined ? undefined : `${kept(store, files)}\n`;
  },
  fetch: () => '',
};

/** Settings of git come before its command. */
const commandOf = (words: readonly string[]): readonly string[] => {
  const at = words.findIndex((word, index) => word !== '-c' && words[index - 1] !== '-c');
  return words.slice(at);
};

const ran = (out: string | undefined): GitResult => {
  const bytes = Buffer.from(out ?? '');
  return { code: out === undefined ? 1 : 0, out: out ?? '', err: '', bytes };
};

export const memoryGit = (): MemoryGit => {
  const store: Store = { commits: new Map(), trees: new Map(), blobs: new Map() };
  const find = (sha: string): StoredCommit => {
    const found = store.commits.get(sha);
    if (found === undefined) throw new Error(`there is no commit ${sha}`);
    return found;
  };
  const parentOf = (sha: string): string => find(sha).parents[0] ?? '';
  return {
    find,
    commit: ({ files, parents, author }) => {
      const number = store.commits.size;
      const tree = kept(store, files);
      const sha = digest([tree, parents, author, number]);
      store.commits.set(sha, { sha, tree, parents, author, number });
      return sha;
    },
    filesOf: (sha) => treeAt(store, sha),
    line: (sha) => lineOf(store, sha),
    between: (from, to) => {
      const known = ancestorsOf(store, from);
      const shas = [...ancestorsOf(store, to)].filter((sha) => !known.has(sha));
      return shas.toSorted((a, b) => find(a).number - find(b).number);
    },
    isAncestor: (sha, of) => ancestorsOf(store, of).has(sha),
    merged: (ours, theirs) => mergedTree(store, ours, theirs),
    replayed: (sha, onto) => mergedTexts(treeAt(store, parentOf(sha)), treeAt(store, onto), treeAt(store, sha)),
    undone: ({ base, end }, onto) => mergedTexts(treeAt(store, end), treeAt(store, onto), treeAt(store, base)),
    runAt:
      (head) =>
      async (words, { input = '' }) => {
        const [name = '', ...rest] = commandOf(words);
        const answer = answers[name];
        if (answer === undefined) throw new Error(`nobody taught the git in memory to ${name}`);
        return ran(answer(store, { words: [name, ...rest], head, input }));
      },
  };
};
