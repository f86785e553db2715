import { Octokit } from 'octokit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenGitHub } from '../support/github/open-github.ts';
import { openGitHub } from '../support/github/open-github.ts';
import { callAs, cloneAs, merge, pathOf, propose, review } from '../support/github/scenario.ts';

let github: OpenGitHub;

beforeEach(async () => {
  github = await openGitHub();
  const clone = await cloneAs(github, 'ada');
  clone.write('access/groups/dev.yaml', 'group: Dev\n');
  await clone.push('Begin');
});

afterEach(() => github.close());

const octokitOf = (token: string): Octokit =>
  new Octokit({ auth: token, baseUrl: github.url, throttle: { enabled: false }, retry: { enabled: false } });

const here = { owner: 'securecart', repo: 'aws-access' };

describe('the GitHub of the tests', () => {
  it('carries a pull request from opening to merge for octokit as it is', async () => {
    const number = await propose(github, {
      by: 'grace',
      branch: 'grow',
      files: { 'access/groups/ops.yaml': 'group: Ops\n' },
    });
    const { rest, paginate } = octokitOf(github.token('linus'));
    const { data: pull } = await rest.pulls.get({ ...here, pull_number: number });
    expect(pull).toMatchObject({ state: 'open', mergeable: true, user: { login: 'grace' }, changed_files: 1 });
    await review(github, 'linus', { number });
    const reviews = await paginate(rest.pulls.listReviews, { ...here, pull_number: number });
    expect(reviews.map((one) => [one.user?.login, one.state, one.commit_id])).toEqual([
      ['linus', 'APPROVED', pull.head.sha],
    ]);
    const sha = await merge(github, 'linus', { number });
    const files = await paginate(rest.pulls.listFiles, { ...here, pull_number: number });
    expect(files).toMatchObject([
      { filename: 'access/groups/ops.yaml', status: 'added', patch: '@@ -0,0 +1 @@\n+group: Ops' },
    ]);
    const { data: of } = await rest.repos.listPullRequestsAssociatedWithCommit({ ...here, commit_sha: sha });
    expect(of.map((one) => one.number)).toEqual([number]);
  });
});

void callAs;
void pathOf;
