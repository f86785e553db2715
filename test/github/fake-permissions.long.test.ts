import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginGitHub } from '../support/github/begun.ts';
import type { Fields } from '../support/github/contract.ts';
import type { OpenGitHub } from '../support/github/open-github.ts';
import type { Answer } from '../support/github/scenario.ts';
import { callAs, pathOf, propose } from '../support/github/scenario.ts';

let github: OpenGitHub;
let pull: number;

beforeEach(async () => {
  github = await beginGitHub({ teams: { 'securecart/security': ['ada'] } });
  pull = await propose(github, { by: 'grace', branch: 'grow', files: { 'access/groups/ops.yaml': 'group: Ops\n' } });
});

afterEach(() => github.close());

const as = (token: string, operation: string, body?: Fields): Promise<Answer> =>
  callAs(github, token)(operation.replace(' .', ` ${pathOf(github)}`), body);
const person = (login: string, operation: string, body?: Fields): Promise<Answer> =>
  as(github.token(login), operation, body);
const said = (answer: Answer): unknown => [answer.status, answer.body['message']];

describe('a token in the GitHub of the tests', () => {
  it('is asked for, and known', async () => {
    expect(said(await as('nobody', 'GET .'))).toEqual([401, 'Bad credentials']);
    const anonymous = await fetch(`${github.url}${pathOf(github)}`);
    expect([anonymous.status, await anonymous.json()]).toMatchObject([401, { message: 'Requires authentication' }]);
  });

  it('of a stranger does not see a private repository', async () => {
    expect(said(await person('mallory', 'GET .'))).toEqual([404, 'Not Found']);
  });

  it('of a reader reads, comments, and changes nothing', async () => {
    expect((await person('eve', `POST ./issues/${pull}/comments`, { body: 'Hello' })).status).toBe(201);
    const refused = [403, 'Resource not accessible by personal access token'];
    expect(said(await person('eve', `PUT ./pulls/${pull}/merge`, {}))).toEqual(refused);
    expect(said(await person('eve', 'POST ./deployments', { ref: 'main' }))).toEqual(refused);
    expect(said(await person('eve', 'GET ./collaborators/ada/permission'))).toEqual(refused);
  });

  it('of a reader has no labels for its issues', async () => {
    expect((await person('eve', 'POST ./issues', { title: 'T', labels: ['drift'] })).body['labels']).toEqual([]);
    expect((await person('grace', 'POST ./issues', { title: 'T', labels: ['drift'] })).body['labels']).toMatchObject([
      { name: 'drift' },
    ]);
  });

  it('of a person makes no check runs', async () => {
    const body = { name: 'plan', head_sha: 'main' };
    expect(said(await person('ada', 'POST ./check-runs', body))).toEqual([
      403,
      'You must authenticate via a GitHub App.',
    ]);
  });

  it('of a writer edits the comment of a bot, one of a reader does not', async () => {
    const job = github.jobToken({ 'pull-requests': 'write' });
    const { id } = await as(job, `POST ./issues/${pull}/comments`, { body: 'Plan' });
    const path = `PATCH ./issues/comments/${id}`;
    expect(said(await person('eve', path, { body: 'Fine' }))).toEqual([403, 'Must have admin rights to Repository.']);
    expect((await person('grace', path, { body: 'Harmless plan' })).body).toMatchObject({
      body: 'Harmless plan',
      user: { login: 'github-actions[bot]' },
    });
  });

  it('sees what only administrators see when it is an administrator\u2019s', async () => {
    expect(said(await person('grace', 'GET ./branches/main/protection'))).toEqual([
      403,
      'Must have admin rights to Repository.',
    ]);
    expect(said(await person('ada', 'GET ./branches/main/protection'))).toEqual([404, 'Branch not protected']);
  });
});

describe("a job's token in the GitHub of the tests", () => {
  const refused = [403, 'Resource not accessible by integration'];

  it.each([
    ['POST ./issues', { title: 'T' }, 'issues'],
    ['POST ./check-runs', { name: 'plan', head_sha: 'main' }, 'checks'],
    ['POST ./statuses/main', { state: 'success' }, 'statuses'],
    ['POST ./deployments', { ref: 'main', required_contexts: [] }, 'deployments'],
    ['GET ./pulls', undefined, 'pull-requests'],
    ['GET ./actions/runs', undefined, 'actions'],
    ['GET ./contents/access', undefined, 'contents'],
  ] as const)('makes %s only with its permission', async (operation, body, permission) => {
    expect(said(await as(github.jobToken({}), operation, body))).toEqual(refused);
    const level = operation.startsWith('GET') ? 'read' : 'write';
    if (level === 'write')
      expect(said(await as(github.jobToken({ [permission]: 'read' }), operation, body))).toEqual(refused);
    expect((await as(github.jobToken({ [permission]: level }), operation, body)).status).toBeLessThan(300);
  });

  it('comments on a pull request, but not on an issue, with pull-requests: write', async () => {
    await person('ada', 'POST ./issues', { title: 'T' });
    const job = github.jobToken({ 'pull-requests': 'write' });
    expect((await as(job, `POST ./issues/${pull}/comments`, { body: 'Plan' })).status).toBe(201);
    expect(said(await as(job, `POST ./issues/${pull + 1}/comments`, { body: 'Plan' }))).toEqual(refused);
  });

  it('reads permissions of people, and neither teams nor itself', async () => {
    const job = github.jobToken({ contents: 'read' });
    expect((await as(job, 'GET ./collaborators/grace/permission')).body).toMatchObject({ permission: 'write' });
    expect((await as(job, 'GET ./collaborators/mallory/permission')).status).toBe(404);
    expect(said(await as(job, 'GET /orgs/securecart/teams/security/memberships/ada'))).toEqual(refused);
    expect(said(await as(job, 'GET /user'))).toEqual(refused);
    const app = github.appToken('gatehouse', { members: 'read' });
    expect((await as(app, 'GET /orgs/securecart/teams/security/memberships/ada')).body).toMatchObject({
      state: 'active',
    });
  });

  it('does not change what another app made', async () => {
    const { id } = await as(github.appToken('other', { checks: 'write' }), 'POST ./check-runs', {
      name: 'plan',
      head_sha: 'main',
    });
    const answer = await as(github.jobToken({ checks: 'write' }), `PATCH ./check-runs/${id}`, {
      name: 'plan',
    });
    expect(said(answer)).toEqual([403, 'Invalid app_id']);
  });
});

describe('a review in the GitHub of the tests', () => {
  const approve = (token: string): Promise<Answer> => as(token, `POST ./pulls/${pull}/reviews`, { event: 'APPROVE' });

  it('is not given to oneself, nor by Actions unless the repository allows it', async () => {
    expect((await approve(github.token('grace'))).body).toMatchObject({
      errors: ['Can not approve your own pull request'],
    });
    const job = github.jobToken({ 'pull-requests': 'write' });
    expect((await approve(job)).body).toMatchObject({
      errors: ['GitHub Actions is not permitted to approve pull requests.'],
    });
    github.repository.setup.workflowPermissions = {
      default_workflow_permissions: 'read',
      can_approve_pull_request_reviews: true,
    };
    expect((await approve(job)).status).toBe(200);
  });

  it('is given by readers too, who are not writers', async () => {
    expect((await approve(github.token('eve'))).body).toMatchObject({ state: 'APPROVED', user: { login: 'eve' } });
  });
});

describe('what a plan of GitHub lacks in the GitHub of the tests', () => {
  it('is refused by name for a private repository', async () => {
    github.repository.setup.plan = 'free';
    const answer = await person('ada', 'GET ./rulesets');
    expect(said(answer)).toEqual([403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.']);
    github.repository.setup.visibility = 'public';
    expect((await person('ada', 'GET ./rulesets')).status).toBe(200);
  });
});
