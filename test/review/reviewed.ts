/** A small repository with a history of its own, in a folder that is removed after use. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitAs } from '../support/github/git.ts';
import { runHere } from '../support/run.ts';
import type { Ran } from '../support/run.ts';
import { writeShop } from '../github/shop.ts';

export type Reviewed = {
  readonly dir: string;
  readonly write: (path: string, text: string) => void;
  readonly remove: (path: string) => void;
  readonly git: (...words: readonly string[]) => Promise<string>;
  /** Commits everything on the next day; its subject is how the tests know it. */
  readonly commit: (subject: string) => Promise<void>;
  readonly run: (...words: readonly string[]) => Promise<Ran>;
  readonly rows: (...words: readonly string[]) => Promise<readonly Row[]>;
};

export type Row = Readonly<Record<string, string | number>>;

const now = '2026-12-01';

export const reviewedIn = (dir: string): Reviewed => {
  let day = 0;
  const git = (...words: readonly string[]): Promise<string> => {
    const at = `2026-11-${String(day).padStart(2, '0')}T12:00:00Z`;
    return gitAs({ name: 'Ada', email: 'ada@shop.example', at }, dir)(words);
  };
  const run: Reviewed['run'] = (...words) => runHere({ words: [...words, '--dir', dir, '--now', now] });
  return {
    dir,
    git,
    run,
    write: (path, text) => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    },
    remove: (path) => rmSync(join(dir, path)),
    commit: async (subject) => {
      day += 1;
      await git('add', '-A');
      await git('commit', '-q', '--allow-empty', '-m', subject);
    },
    rows: async (...words) => {
      const { exit, out, err } = await run('review', '--json', ...words);
      if (exit !== 0) throw new Error(err);
      return (JSON.parse(out) as { readonly rows: readonly Row[] }).rows;
    },
  };
};

/** The shop, committed once. */
export const inReviewed = async (use: (reviewed: Reviewed) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-review-'));
  try {
    const reviewed = reviewedIn(dir);
    writeShop(dir);
    await reviewed.git('init', '-q', '-b', 'main');
    await reviewed.commit('Begin');
    await use(reviewed);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

/** A file of a group of our own. */
export const interns = 'access/groups/interns.yaml';
export const internsWith = (...entries: readonly string[]): string =>
  ['group: Interns', 'members: [ada@shop.example]', 'assignments:', ...entries, ''].join('\n');
