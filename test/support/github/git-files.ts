/** The files that a range changes, as GitHub lists them. */
import { git, tryGit } from './git.ts';

type Changed = {
  readonly sha: string;
  readonly filename: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  readonly additions: number;
  readonly deletions: number;
  readonly changes: number;
  readonly patch?: string;
  readonly previous_filename?: string;
};

const statuses = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', T: 'modified' } as const;
const noBlob = '0000000000000000000000000000000000000000';

/** Per file the hunks of the diff, without git's header. */
const patchOf = (diff: string): string | undefined => {
  const start = diff.indexOf('\n@@');
  return start < 0 ? undefined : diff.slice(start + 1).trimEnd();
};

const counts = (patch: string | undefined): { additions: number; deletions: number } => {
  const lines = (patch ?? '').split('\n');
  const starting = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
  return { additions: starting('+'), deletions: starting('-') };
};

type Raw = {
  readonly kind: keyof typeof statuses;
  readonly sha: string;
  readonly before: string;
  readonly names: readonly string[];
};

const rawOf = (text: string): readonly Raw[] => {
  const words = text.split('\0').filter((word) => word !== '');
  const found: Raw[] = [];
  for (let at = 0; at < words.length;) {
    const [, , before = noBlob, sha = noBlob, status = 'M'] = (words[at] ?? '').split(' ');
    const names = words.slice(at + 1, at + (status.startsWith('R') ? 3 : 2));
    found.push({ kind: status[0] as keyof typeof statuses, sha, before, names });
    at += 1 + names.length;
  }
  return found;
};

const changedOf = (raw: Raw, diff: string): Changed => {
  const [first = '', second] = raw.names;
  const patch = patchOf(diff);
  const { additions, deletions } = counts(patch);
  return {
    sha: raw.sha === noBlob ? raw.before : raw.sha,
    filename: second ?? first,
    status: statuses[raw.kind],
    additions,
    deletions,
    changes: additions + deletions,
    ...(patch === undefined ? {} : { patch }),
    ...(second === undefined ? {} : { previous_filename: first }),
  };
};

/** What the head changed since it left the base. */
export const changedFiles = async (dir: string, base: string, head: string): Promise<readonly Changed[]> => {
  const from = (await tryGit(dir, 'merge-base', base, head)) ?? base;
  const raw = rawOf(await git(dir, 'diff', '--raw', '--no-abbrev', '-z', '-M', from, head));
  const diffs = `\n${await git(dir, 'diff', '-M', from, head)}`.split('\ndiff --git ').slice(1);
  return raw.map((one, index) => changedOf(one, diffs[index] ?? ''));
};
