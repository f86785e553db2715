import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginGitHub, octokitOf } from '../support/github/begun.ts';
import { git } from '../support/github/git.ts';
import type { OpenGitHub } from '../support/github/open-github.ts';
import { callAs, cloneAs, merge, pathOf, propose, review } from '../support/github/scenario.ts';

let github: OpenGitHub;

beforeEach(async () => {
  github = await beginGitHub();
});

afterEach(() => github.close());

const here = { owner: 'securecart', repo: 'aws-access' };
const proposal = { by: 'grace', branch: 'grow', files: { 'access/groups/ops.yaml': 'group: Ops\n' } };

describe('a pull request in the GitHub of the tests', () => {
  it('goes from opening to merge for octokit as it is', async () => {
    const number = await propose(github, proposal);
    const { rest, paginate } = octokitOf(github, github.token('linus'));
    const { data: pull } = await rest.pulls.get({ ...here, pull_number: number });
    expect(pull).toMatchObject({ state: 'open', mergeable: true, user: { login: 'grace' }, changed_files: 1 });
    await review(github, 'linus', { number });
    const reviews = await paginate(rest.pulls.listReviews, { ...here, pull_number: number });
    expect(reviews.map((one) => [one.user?.login, one.state, one.commit_id])).toEqual([
      ['linus', 'APPROVED', pull.head.sha],
    ]);
    const files = await paginate(rest.pulls.listFiles, { ...here, pull_number: number });
    expect(files).toMatchObject([
      { filename: 'access/groups/ops.yaml', status: 'added', patch: '@@ -0,0 +1 @@\n+group: Ops' },
    ]);
  });

  it.each(['merge', 'squash', 'rebase'] as const)(
    'is found by every commit that a %s brings to main',
    async (method) => {
      const number = await propose(github, proposal);
      const before = await git(github.repository.dir, 'rev-parse', 'main');
      const clone = await cloneAs(github, 'linus');
      clone.write('access/groups/other.yaml', 'group: Other\n');
      await clone.push('Meanwhile');
      const tip = await merge(github, 'linus', { number, merge_method: method });
      const { rest } = octokitOf(github, github.token('linus'));
      const of = async (sha: string) => {
        const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({ ...here, commit_sha: sha });
        return data.map((one) => one.number);
      };
      expect(await git(github.repository.dir, 'rev-parse', 'main')).toBe(tip);
      expect([await of(tip), await of(before)]).toEqual([[number], []]);
      expect(await git(github.repository.dir, 'ls-tree', '-r', '--name-only', 'main', 'access/groups')).toBe(
        'access/groups/dev.yaml\naccess/groups/ops.yaml\naccess/groups/other.yaml',
      );
      const [parents] = (await git(github.repository.dir, 'log', '-1', '--format=%P', 'main')).split('\n');
      expect(parents?.split(' ')).toHaveLength(method === 'merge' ? 2 : 1);
    },
  );

  it('is merged when somebody pushes its commits to main', async () => {
    const number = await propose(github, proposal);
    const clone = await cloneAs(github, 'ada');
    await clone.git('merge', '-q', '--no-ff', '-m', 'By hand', 'origin/grow');
    await clone.git('push', '-q', 'origin', 'HEAD:main');
    const { rest } = octokitOf(github, github.token('linus'));
    const { data } = await rest.pulls.get({ ...here, pull_number: number });
    expect([data.state, data.merged, data.merge_commit_sha]).toEqual([
      'closed',
      true,
      await clone.git('rev-parse', 'HEAD'),
    ]);
  });

  it('follows its branch, and loses its approvals where the ruleset says so', async () => {
    const parameters = { dismiss_stale_reviews_on_push: true, required_approving_review_count: 1 };
    github.repository.setup.rulesets = [
      {
        name: 'main',
        target: 'branch',
        enforcement: 'active',
        conditions: {},
        rules: [{ type: 'pull_request', parameters }],
      },
    ];
    const number = await propose(github, proposal);
    await review(github, 'linus', { number });
    const clone = await cloneAs(github, 'grace');
    await clone.branch('grow', 'origin/grow');
    clone.write('access/groups/evil.yaml', 'group: Evil\n');
    const sha = await clone.push('One more thing');
    const { rest } = octokitOf(github, github.token('linus'));
    const { data } = await rest.pulls.get({ ...here, pull_number: number });
    const { data: reviews } = await rest.pulls.listReviews({ ...here, pull_number: number });
    expect([data.head.sha, data.mergeable_state, reviews[0]?.state]).toEqual([sha, 'blocked', 'DISMISSED']);
    await expect(merge(github, 'linus', { number })).rejects.toThrow('405');
  });

  it('is not merged in conflict, nor with another head than the one that was seen', async () => {
    const number = await propose(github, { ...proposal, files: { 'access/groups/dev.yaml': 'group: Mine\n' } });
    await expect(merge(github, 'linus', { number, sha: '0'.repeat(40) })).rejects.toThrow('409');
    const clone = await cloneAs(github, 'ada');
    clone.write('access/groups/dev.yaml', 'group: Theirs\n');
    await clone.push('Meanwhile');
    await expect(merge(github, 'linus', { number })).rejects.toThrow('Pull Request is not mergeable');
  });

  it('is merged past the rules only by an administrator whom the ruleset lets pass', async () => {
    const rules = [{ type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'plan' }] } }];
    const ruleset = { name: 'main', target: 'branch', enforcement: 'active', conditions: {}, rules };
    github.repository.setup.rulesets = [ruleset];
    const number = await propose(github, proposal);
    await expect(merge(github, 'ada', { number })).rejects.toThrow('Required status check');
    github.repository.setup.rulesets = [{ ...ruleset, bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole' }] }];
    await expect(merge(github, 'linus', { number })).rejects.toThrow('405');
    await expect(merge(github, 'ada', { number })).resolves.toMatch(/^[0-9a-f]{40}$/);
  });

  it('comes from a fork too', async () => {
    github.repository.setup.visibility = 'public';
    const fork = await github.fork('mallory');
    const number = await propose(github, { ...proposal, by: 'mallory', fork });
    const { rest } = octokitOf(github, github.token('ada'));
    const { data } = await rest.pulls.get({ ...here, pull_number: number });
    expect([data.head.repo?.full_name, data.base.repo.full_name]).toEqual([
      'mallory/aws-access',
      'securecart/aws-access',
    ]);
    expect(await git(github.repository.dir, 'rev-parse', `refs/pull/${number}/head`)).toBe(data.head.sha);
  });

  it('is opened once per branch, and not for nothing', async () => {
    await propose(github, proposal);
    const call = callAs(github, github.token('grace'));
    const again = await call(`POST ${pathOf(github)}/pulls`, { title: 'T', head: 'grow', base: 'main' });
    expect(again.body['errors']).toMatchObject([{ message: 'A pull request already exists for securecart:grow.' }]);
    const none = await call(`POST ${pathOf(github)}/pulls`, { title: 'T', head: 'main', base: 'main' });
    expect(none.body['errors']).toMatchObject([{ message: 'No commits between main and main' }]);
  });
});

describe('artifacts in the GitHub of the tests', () => {
  it('are downloaded as the zip that unzip reads', async () => {
    const run = github.addRun({ workflow: 'apply.yml' });
    const artifact = github.addArtifact(run, 'plan', { 'plan.json': '{"version":1}', 'a/b.txt': 'x' });
    const { rest } = octokitOf(github, github.token('ada'));
    const { data } = await rest.actions.downloadArtifact({ ...here, artifact_id: artifact.id, archive_format: 'zip' });
    const zip = Buffer.from(data as ArrayBuffer);
    expect(zip.includes('{"version":1}') && zip.includes('a/b.txt')).toBe(true);
    expect(zip.equals(artifact.zip)).toBe(true);
  });
});
