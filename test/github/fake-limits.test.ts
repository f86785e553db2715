import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginGitHub, octokitOf } from '../support/github/begun.ts';
import type { Fields } from '../support/github/contract.ts';
import { git } from '../support/github/git.ts';
import type { OpenGitHub } from '../support/github/open-github.ts';
import type { Answer } from '../support/github/scenario.ts';
import { callAs, pathOf } from '../support/github/scenario.ts';

let github: OpenGitHub;
let call: (operation: string, body?: Fields) => Promise<Answer>;

beforeEach(async () => {
  github = await beginGitHub();
  call = callAs(github, github.jobToken({ issues: 'write', checks: 'write', statuses: 'write', deployments: 'write' }));
});

afterEach(() => github.close());

const post = (path: string, body: Fields): Promise<Answer> => call(`POST ${pathOf(github)}${path}`, body);
const tip = (): Promise<string> => git(github.repository.dir, 'rev-parse', 'main');
const annotation = { path: 'a.yaml', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'M' };
const check = async (output: Fields): Promise<Answer> =>
  post('/check-runs', { name: 'plan', head_sha: await tip(), output: { title: 'T', summary: 'S', ...output } });

describe('the limits of the GitHub of the tests', () => {
  it.each([
    [65_536, 201],
    [65_537, 422],
  ])('takes %i characters of an issue or a comment with %i', async (length, status) => {
    const body = 'x'.repeat(length);
    const issue = await post('/issues', { title: 'T', body });
    await post('/issues', { title: 'T' });
    const comment = await post('/issues/1/comments', { body });
    expect([issue.status, comment.status]).toEqual([status, status]);
    if (status === 422)
      expect(comment.body).toMatchObject({
        message: 'Validation Failed',
        errors: [{ message: 'body is too long (maximum is 65536 characters)' }],
      });
  });

  it('takes 50 annotations in one request, and appends those of the next', async () => {
    const first = await check({ annotations: Array.from({ length: 50 }, () => annotation) });
    const path = `${pathOf(github)}/check-runs/${first.id}`;
    await call(`PATCH ${path}`, { output: { title: 'T', summary: 'S', annotations: [annotation] } });
    const { rest, paginate } = octokitOf(github, github.token('ada'));
    const found = await paginate(rest.checks.listAnnotations, {
      owner: 'securecart',
      repo: 'aws-access',
      check_run_id: first.id,
    });
    expect(found).toHaveLength(51);
  });

  it('refuses 51 annotations, and a test that sends them fails', async () => {
    const answer = await check({ annotations: Array.from({ length: 51 }, () => annotation) });
    expect(answer.status).toBe(422);
    expect(answer.body['message']).toContain('No more than 50 items are allowed; 51 were supplied.');
    await expect(github.close()).rejects.toThrow('No more than 50 items');
    github.takeMismatches();
    github = await beginGitHub();
  });

  it('refuses a summary of 65,536 characters', async () => {
    expect((await check({ summary: 'x'.repeat(65_535) })).status).toBe(201);
    expect((await check({ summary: 'x'.repeat(65_536) })).status).toBe(422);
    expect(github.takeMismatches()).toHaveLength(1);
  });

  it('refuses descriptions of 141 characters', async () => {
    const long = { state: 'success', description: 'x'.repeat(141) };
    const status = await post(`/statuses/${await tip()}`, long);
    const { id } = await post('/deployments', { ref: 'main', required_contexts: [] });
    const deployment = await post(`/deployments/${id}/statuses`, long);
    const enough = await post(`/statuses/${await tip()}`, { ...long, description: 'x'.repeat(140) });
    expect([status.status, deployment.status, enough.status]).toEqual([422, 422, 201]);
  });

  it('gives lists in pages of at most 100, with links to the others', async () => {
    for (let index = 0; index < 101; index += 1) await post('/issues', { title: `T${index}` });
    const first = await call(`GET ${pathOf(github)}/issues?per_page=100`);
    const second = await call(`GET ${pathOf(github)}/issues?per_page=100&page=2`);
    const length = (answer: Answer): number => (answer.body as unknown as readonly unknown[]).length;
    expect([length(first), length(second)]).toEqual([100, 1]);
    expect(first.headers.get('link')).toContain('page=2>; rel="next"');
    expect(second.headers.get('link')).not.toContain('rel="next"');
  });

  it('says how many calls are left, and refuses when none is', async () => {
    const before = await call(`GET ${pathOf(github)}`);
    const left = Number(before.headers.get('x-ratelimit-remaining'));
    github.state.limit = 5000 - left;
    const refused = await call(`GET ${pathOf(github)}`);
    expect([left, refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([4999, 403, '0']);
    expect(refused.body['message']).toContain('API rate limit exceeded');
  });
});

describe('the GitHub of the tests, asked what GitHub does not know', () => {
  it.each([
    ['a key that the call has not', 'POST', '/issues', { title: 'T', colour: 'red' }],
    ['a missing key', 'POST', '/issues', {}],
    ['a value of another type', 'POST', '/labels', { name: 7 }],
    ['a word that is not among the choices', 'POST', '/statuses/main', { state: 'green' }],
    ['a parameter that the call has not', 'GET', '/issues?status=open', undefined],
    ['a call that nobody here answers', 'GET', '/milestones', undefined],
  ] as const)('fails the test that sends %s', async (_what, method, path, body) => {
    const answer = await call(`${method} ${pathOf(github)}${path}`, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    await expect(github.close()).rejects.toThrow('not as GitHub describes it');
    github = await beginGitHub();
  });

  it('fails a test when its own answer is not what GitHub describes', async () => {
    github.repository.setup.oidcSubject = { use_default: 'yes' };
    const answer = await callAs(github, github.token('ada'))(`GET ${pathOf(github)}/actions/oidc/customization/sub`);
    expect([answer.status, github.takeMismatches().length]).toEqual([500, 1]);
  });
});

describe('faults of the GitHub of the tests', () => {
  it('fail the call that was named, as often as was said, and no other', async () => {
    github.fail({ operation: 'POST /repos/{owner}/{repo}/issues', nth: 2, as: 500 });
    const statuses: number[] = [];
    for (const title of ['a', 'b', 'c']) statuses.push((await post('/issues', { title })).status);
    expect(statuses).toEqual([201, 500, 201]);
  });

  it('lose the answer of a call that was carried out, or the call itself', async () => {
    github.fail({ as: 'lost-answer' });
    await expect(post('/issues', { title: 'kept' })).rejects.toThrow();
    github.heal();
    github.fail({ as: 'reset' });
    await expect(post('/issues', { title: 'lost' })).rejects.toThrow();
    github.heal();
    expect(github.repository.issues.map((issue) => issue.title)).toEqual(['kept']);
  });
});
