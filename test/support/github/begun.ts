/** A GitHub whose repository has a first commit, for tests that need no more than that. */
import { Octokit } from 'octokit';
import type { GitHubOptions, OpenGitHub } from './open-github.ts';
import { openGitHub } from './open-github.ts';
import { cloneAs } from './scenario.ts';

export const beginGitHub = async (options: GitHubOptions = {}): Promise<OpenGitHub> => {
  const github = await openGitHub(options);
  const clone = await cloneAs(github, 'ada');
  clone.write('access/groups/dev.yaml', 'group: Dev\n');
  clone.write('.github/CODEOWNERS', 'access/ @ada\nscps/ @nobody @securecart/security\n');
  clone.write('.github/workflows/apply.yml', 'name: apply\n');
  await clone.push('Begin');
  return github;
};

/** octokit as it is, without its waiting and repeating. */
export const octokitOf = (github: OpenGitHub, token: string): Octokit =>
  new Octokit({
    auth: token,
    baseUrl: github.url,
    throttle: { enabled: false },
    retry: { enabled: false },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
