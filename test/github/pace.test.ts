/** How the client treats a GitHub that asks for patience: with octokit's own waiting, as a workflow runs it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGitHub } from '../../src/github/client.ts';
import { beginGitHub } from '../support/github/begun.ts';
import type { OpenGitHub } from '../support/github/open-github.ts';

let github: OpenGitHub;
beforeAll(async () => {
  github = await beginGitHub();
});
afterAll(() => github.close());

const repository = 'GET /repos/{owner}/{repo}';
const said: string[] = [];
const client = () =>
  createGitHub({
    repository: 'securecart/aws-access',
    token: github.token('ada'),
    baseUrl: github.url,
    say: (text) => void said.push(text),
  });

it('waits as long as a secondary rate limit asks for, says so, and goes on', async () => {
  github.fail({ operation: repository, as: 429 });
  const begun = Date.now();
  expect(await client().defaultBranch()).toBe('main');
  expect(Date.now() - begun).toBeGreaterThanOrEqual(900);
  expect(said.join('\n')).toMatch(/GitHub limits GET .*: trying again in 1 s/);
});

it('gives up on a limit that lasts, with one line that names the call', async () => {
  github.fail({ operation: repository, as: 429, times: 9 });
  await expect(client().defaultBranch()).rejects.toThrow(
    /^GitHub refused GET \/repos\/\{owner\}\/\{repo\}: 429 You have exceeded/,
  );
  github.heal();
  expect(said.at(-1)).toContain('giving up');
});
