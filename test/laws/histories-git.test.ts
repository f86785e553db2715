/** The git of random histories answers the product as the real one does: else what the histories show is about no git. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/github/git.ts';
import { runGitWith } from '../../src/github/run-git.ts';
import { memoryGit } from '../support/histories/memory-git.ts';
import type { MemoryGit } from '../support/histories/memory-git.ts';
import { organizationFiles } from '../support/histories/organization.ts';

const first = organizationFiles(0);
const support = first['access/groups/support.yaml'] ?? '';

/** main, a branch that merges, and one that is in conflict with it. */
const begun = (git: MemoryGit) => {
  const base = git.commit({ files: first, parents: [], author: 'ada' });
  const edited = { ...first, 'access/groups/support.yaml': support.replace('Support\n', 'Helpers\n') };
  const main = git.commit({ files: edited, parents: [base], author: 'ada' });
  const other = { ...first, 'README.md': '# Other\n', 'scps/new.yaml': 'scp: New\n' };
  const head = git.commit({ files: other, parents: [base], author: 'linus' });
  const clash = { ...first, 'access/groups/support.yaml': support.replace('Support\n', 'Others\n') };
  return { base, main, head, clash: git.commit({ files: clash, parents: [base], author: 'linus' }) };
};

type Names = ReturnType<typeof begun>;

/** The same commits for the real git, in one go; marks become its ids. */
const imported = async (git: MemoryGit, names: Names, dir: string): Promise<Names> => {
  const run = runGitWith({ PATH: process.env['PATH'], HOME: dir });
  const shas = [names.base, names.main, names.head, names.clash];
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const stream = shas.map((sha, at) => {
    const from = git.find(sha).parents.map((parent) => `from :${shas.indexOf(parent) + 1}\n`);
    const files = Object.entries(git.filesOf(sha)).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
    const head = `commit refs/heads/c${at}\nmark :${at + 1}\ncommitter A <a@example.com> 1 +0000\n${data('x')}`;
    return `${head}${from.join('')}deleteall\n${files.join('')}`;
  });
  await run(['init', '-q', '-b', 'c1'], { dir });
  const { code, err } = await run(['fast-import', '--quiet'], { dir, input: stream.join('') });
  expect(err).toBe('');
  expect(code).toBe(0);
  const idOf = async (at: number): Promise<string> =>
    (await run(['rev-parse', `refs/heads/c${at}`], { dir })).out.trim();
  return { base: await idOf(0), main: await idOf(1), head: await idOf(2), clash: await idOf(3) };
};

test('the git in memory answers what the real one answers', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'histories-git-'));
  try {
    const memory = memoryGit();
    const names = begun(memory);
    const real = await imported(memory, names, dir);
    const [one, other] = [
      openGit(memory.runAt(names.main), '/memory'),
      openGit(runGitWith({ PATH: process.env['PATH'] }), dir),
    ];
    const told = new Map(Object.entries(names).map(([name, sha]) => [sha, name]));
    const found = new Map(Object.entries(real).map(([name, sha]) => [sha, name]));
    const lineOf = async (git: typeof one, sha: string, known: typeof told) =>
      (await git.line(sha, 10)).map((each) => known.get(each));
    expect(await lineOf(one, names.main, told)).toEqual(await lineOf(other, real.main, found));
    expect((await one.touching(names.main, 10)).length).toBe((await other.touching(real.main, 10)).length);
    expect(await one.changedPaths(names.main, names.head)).toEqual(await other.changedPaths(real.main, real.head));
    expect(await one.paths(names.head)).toEqual(await other.paths(real.head));
    expect(await one.isShallow()).toBe(await other.isShallow());
    expect(await one.commit('HEAD')).toBe(names.main);
    const [merged, really] = [await one.merged(names.main, names.head), await other.merged(real.main, real.head)];
    expect(await one.paths(merged)).toEqual(await other.paths(really));
    expect(await one.changedPaths(names.main, merged ?? '')).toEqual(await other.changedPaths(real.main, really ?? ''));
    expect(await one.merged(names.main, names.clash)).toBeUndefined();
    expect(await other.merged(real.main, real.clash)).toBeUndefined();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}, 30_000);
