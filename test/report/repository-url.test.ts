/** Where a fact's line is on GitHub. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { repositoryUrl } from '../../src/commands/run/repository-url.ts';
import { runGitWith } from '../../src/github/run-git.ts';

const root = mkdtempSync(join(tmpdir(), 'gatehouse-url-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const git = (...words: readonly string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], {
    encoding: 'utf8',
  }).trim();

const dir = join(root, 'aws access');
mkdirSync(dir);
writeFileSync(join(dir, 'a.yaml'), 'a: 1\n');
git('init', '--quiet');
git('add', '-A');
git('commit', '--quiet', '-m', 'a');
const commit = git('rev-parse', 'HEAD');
const urlIn = (env: Readonly<Record<string, string>> = {}) =>
  repositoryUrl({ env, options: { dir }, runGit: runGitWith(process.env) });

it('is nowhere without a remote on GitHub', async () => {
  expect(await urlIn()).toBeUndefined();
  git('remote', 'add', 'origin', 'https://user:secret@evil.example/github.com/acme/x.git');
  expect(await urlIn()).toBeUndefined();
});

it.each(['https://github.com/acme/aws.git', 'git@github.com:acme/aws.git', 'https://ada:token@github.com/acme/aws'])(
  'is of the commit and the folder, for %s',
  async (url) => {
    git('remote', 'set-url', 'origin', url);
    expect(await urlIn()).toBe(`https://github.com/acme/aws/blob/${commit}/aws%20access/`);
  },
);

it('is where the workflow runs', async () => {
  const env = { GITHUB_SERVER_URL: 'https://github.acme.example', GITHUB_REPOSITORY: 'acme/aws' };
  expect(await urlIn(env)).toBe(`https://github.acme.example/acme/aws/blob/${commit}/aws%20access/`);
});
