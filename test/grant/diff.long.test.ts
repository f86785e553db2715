import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const now = ['--now', '2026-12-01'];

const git = (dir: string, ...words: readonly string[]): void => {
  const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@securecart.example', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...person, ...words], { cwd: dir, stdio: 'ignore' });
};

const commit = (dir: string, tag: string): void => {
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '--allow-empty', '-m', tag);
  git(dir, 'tag', tag);
};

/** Two commits: `first`, and `second`, in which a group was given a set. */
const inHistory = (use: (repository: Repository) => Promise<void>): Promise<void> =>
  inSecureCart(async (repository) => {
    git(repository.dir, 'init', '-q', '-b', 'main');
    commit(repository.dir, 'first');
    const terms = ['--until', '2027-01-31', '--reason', 'SEC-9'];
    const words = ['SecureCart-Developers', 'SecureCart-ReadOnly', 'SecureCart-Staging'];
    await repository.run('grant', ...words, ...terms, ...now);
    commit(repository.dir, 'second');
    await use(repository);
  });

type Said = {
  readonly same: boolean;
  readonly parts: readonly { readonly title: string; readonly sentences: string[] }[];
};

describe('diff', () => {
  it('says who gets and who loses what between two commits', () =>
    inHistory(async ({ run }) => {
      const there = await run('diff', 'first', 'second', ...now);
      expect(there.err).toBe('');
      expect(there.exit).toBe(2);
      expect(there.out.replaceAll(/\s+/g, ' ')).toMatch(
        /^From first to second Who gets \(\+\) and who loses \(-\) \(1\) \+ SecureCart-Developers get SecureCart-ReadOnly in SecureCart-Staging until 2027-01-31 · SEC-9/,
      );
      const back = await run('diff', 'second', 'first', '--format', 'markdown', ...now);
      expect(back.exit).toBe(2);
      expect(back.out).toMatch(/## From second to first[^]*\| SecureCart-Developers \| lose SecureCart-ReadOnly/);
    }));

  it('ends well where they are the same', () =>
    inHistory(async ({ run }) => {
      const same = { exit: 0, out: 'Nobody gets or loses anything.\n', err: '' };
      expect(await run('diff', 'second', 'main', ...now)).toEqual(same);
    }));

  it('says what moves to another day', () =>
    inHistory(async (repository) => {
      const path = join(repository.dir, 'access/groups/developers.yaml');
      writeFileSync(path, readFileSync(path, 'utf8').replace('2027-01-31', '2027-03-31'));
      commit(repository.dir, 'third');
      const { exit, out } = await repository.run('diff', 'second', 'third', '--json', ...now);
      expect(exit).toBe(2);
      const { same, parts } = JSON.parse(out) as Said;
      expect(same).toBe(false);
      expect(parts[0]?.sentences.join('\n')).toMatch(/Ends later: .*2027-01-31 → 2027-03-31/);
    }));

  it('says what only one of two plans does', () =>
    inHistory(async ({ dir, run }) => {
      const [old, fresh] = [join(dir, 'old.json'), join(dir, 'new.json')];
      await run('plan', '--sandbox', '--out', fresh, ...now);
      git(dir, 'checkout', '-q', 'first');
      await run('plan', '--sandbox', '--out', old, ...now);
      const { exit, out } = await run('diff', old, fresh, '--json', ...now);
      expect(exit).toBe(2);
      const { parts } = JSON.parse(out) as Said;
      expect(parts.map(({ sentences }) => sentences)).toEqual([
        [],
        [
          expect.stringMatching(
            /^SecureCart-Developers .* get SecureCart-ReadOnly in SecureCart-Staging until 2027-01-31/,
          ),
        ],
      ]);
      expect((await run('diff', old, old, ...now)).exit).toBe(0);
      const mixed = await run('diff', old, 'first', ...now);
      expect(mixed).toMatchObject({ exit: 1, out: '' });
      expect(mixed.err).toContain('compare two plan files or two commits');
    }));

  it('refuses a name that nobody knows', () =>
    inHistory(async ({ run }) => {
      const { exit, err } = await run('diff', 'first', 'nowhere', ...now);
      expect(exit).toBe(1);
      expect(err).toContain('"nowhere" is neither a plan file nor a commit, branch or tag');
    }));
});
