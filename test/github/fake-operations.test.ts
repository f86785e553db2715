import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginGitHub } from '../support/github/begun.ts';
import type { Fields } from '../support/github/contract.ts';
import { git } from '../support/github/git.ts';
import type { OpenGitHub } from '../support/github/open-github.ts';
import { operations } from '../support/github/operations.ts';
import type { Answer } from '../support/github/scenario.ts';
import { callAs, pathOf, propose } from '../support/github/scenario.ts';

let github: OpenGitHub;
let person: (operation: string, body?: Fields) => Promise<Answer>;
let job: (operation: string, body?: Fields) => Promise<Answer>;
let main: string;
let found: Readonly<Record<string, string>>;

const permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  'pull-requests': 'write',
  statuses: 'write',
} as const;

const setup = {
  plan: 'enterprise',
  variables: { extra: '1' },
  rulesets: [{ name: 'main', target: 'branch', enforcement: 'active', conditions: {}, rules: [{ type: 'deletion' }] }],
  protection: { main: { enforce_admins: { url: 'https://github.example', enabled: true } } },
  environments: { 'aws-apply': { branches: ['main'], reviewers: ['ada'] } },
} as const;

/** The body of each call that needs one; every other call is made without. */
const bodies = (): Readonly<Record<string, Fields>> => ({
  'POST /check-runs': { name: 'extra', head_sha: main },
  'PATCH /check-runs/{check_run_id}': { output: { title: 'T', summary: 'S' } },
  'PUT /contents/{path}': { message: 'Write', content: 'YQ==', sha: found['blob'] ?? '' },
  'POST /deployments': { ref: 'main', required_contexts: [] },
  'POST /deployments/{deployment_id}/statuses': { state: 'inactive' },
  'POST /git/commits': { message: 'Write', tree: found['tree'] ?? '', parents: [main] },
  'POST /git/trees': {
    base_tree: found['tree'] ?? '',
    tree: [
      { path: 'access/groups/new.yaml', mode: '100644', type: 'blob', content: 'group: New\n' },
      { path: 'access/groups/dev.yaml', mode: '100644', type: 'blob', sha: null },
    ],
  },
  'POST /git/refs': { ref: 'refs/heads/new', sha: main },
  'PATCH /git/refs/{ref}': { sha: main, force: true },
  'POST /issues': { title: 'One more', labels: ['drift'] },
  'PATCH /issues/{issue_number}': { state: 'closed' },
  'POST /issues/{issue_number}/comments': { body: 'Hello' },
  'POST /issues/{issue_number}/labels': { labels: ['drift', 'extra'] },
  'PUT /issues/{issue_number}/labels': { labels: ['extra'] },
  'PATCH /issues/comments/{comment_id}': { body: 'Hello again' },
  'POST /labels': { name: 'new' },
  'POST /pulls': { title: 'Second', head: 'second', base: 'main' },
  'PATCH /pulls/{pull_number}': { title: 'Renamed' },
  'PUT /pulls/{pull_number}/merge': { merge_method: 'squash' },
  'POST /pulls/{pull_number}/reviews': { event: 'APPROVE' },
  'PUT /pulls/{pull_number}/reviews/{review_id}/dismissals': { message: 'No' },
  'POST /statuses/{sha}': { state: 'success' },
  'POST /actions/workflows/{workflow_id}/dispatches': { ref: 'main', inputs: {} },
});

beforeAll(async () => {
  github = await beginGitHub({ setup, teams: { 'securecart/security': ['ada', 'linus'] } });
  person = callAs(github, github.token('ada'));
  job = callAs(github, github.jobToken(permissions));
  main = await git(github.repository.dir, 'rev-parse', 'main');
  const pull = await propose(github, {
    by: 'grace',
    branch: 'first',
    files: { 'access/groups/ops.yaml': 'group: Ops\n' },
  });
  const here = pathOf(github);
  await git(github.repository.dir, 'branch', 'second', 'first');
  await git(github.repository.dir, 'branch', 'gone', 'first');
  const made = async (operation: string, body: Fields): Promise<string> => String((await job(operation, body)).id);
  const run = github.addRun({ workflow: 'apply.yml', sha: main });
  found = {
    owner: 'securecart',
    repo: 'aws-access',
    org: 'securecart',
    username: 'ada',
    team_slug: 'security',
    branch: 'main',
    pull_number: String(pull),
    issue_number: String(pull + 1),
    check_run_id: await made(`POST ${here}/check-runs`, { name: 'plan', head_sha: main, conclusion: 'success' }),
    deployment_id: await made(`POST ${here}/deployments`, { ref: 'main', required_contexts: [] }),
    review_id: String((await person(`POST ${here}/pulls/${pull}/reviews`, { event: 'APPROVE' })).id),
    issue: await made(`POST ${here}/issues`, { title: 'Drift', labels: ['drift', 'extra'] }),
    comment_id: await made(`POST ${here}/issues/${pull}/comments`, { body: 'Plan' }),
    run_id: String(run.id),
    artifact_id: String(github.addArtifact(run, 'plan', { 'plan.json': '{}' }).id),
    archive_format: 'zip',
    workflow_id: 'apply.yml',
    ruleset_id: '1',
    environment_name: 'aws-apply',
    basehead: 'main...first',
    path: 'access/groups/dev.yaml',
    commit_sha: main,
    sha: main,
    ref: 'main',
    name: 'extra',
    tree: await git(github.repository.dir, 'rev-parse', 'main^{tree}'),
    blob: await git(github.repository.dir, 'rev-parse', 'main:access/groups/dev.yaml'),
  };
});

afterAll(() => github.close());

/** A ref is a branch for a commit, and `heads/BRANCH` for git's own calls. */
const filled = (operation: string): string =>
  operation.replace(/\{(\w+)\}/g, (_all, name: string) => {
    if (name !== 'ref' || !operation.includes('/git/')) return found[name] ?? name;
    return operation.startsWith('DELETE') ? 'heads/gone' : 'heads/main';
  });

/** Last what ends something: a merged pull request, a comment that is gone. */
const ending = (operation: string): number =>
  operation.startsWith('DELETE') ? 2 : /merge$|dismissals$/.test(operation) ? 1 : 0;

describe('the GitHub of the tests', () => {
  it.each([...operations].sort((a, b) => ending(a) - ending(b)))(
    'answers %s as GitHub describes it',
    async (operation) => {
      const body = bodies()[operation.replace('/repos/{owner}/{repo}', '')];
      const byApp = operation.includes('check-runs');
      const answer = await (byApp ? job : person)(filled(operation), body);
      expect(github.takeMismatches().join('\n')).toBe('');
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(400);
    },
  );

  it('knows the calls of its list and no others', () => {
    const text = readFileSync(join(import.meta.dirname, '../support/github/openapi.json'), 'utf8');
    const described = JSON.parse(text) as { readonly operations: object };
    expect(Object.keys(described.operations)).toEqual(operations);
    expect(text.length).toBeLessThan(1_000_000);
  });

  it('remembers each call by its name in the description', () => {
    const names = new Set(github.requests().map((request) => request.operation));
    expect(operations.filter((operation) => !names.has(operation))).toEqual([]);
  });
});
