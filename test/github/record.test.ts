/** The record of applies, read while another run comes to its end. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cachedTreesOf } from '../../src/commands/github/commits.ts';
import { APPLY_CONTEXT, deployedOn, recordText, tipOfMain, walkOf } from '../../src/approve/main.ts';
import type { Tip } from '../../src/approve/main.ts';
import { createGitHub } from '../../src/github/client.ts';
import { openGit } from '../../src/github/git.ts';
import { runGitWith } from '../../src/github/run-git.ts';
import { beginGitHub } from '../support/github/begun.ts';
import type { OpenGitHub } from '../support/github/open-github.ts';
import { callAs, cloneAs, pathOf } from '../support/github/scenario.ts';
import { NOW, treeOf } from './trees.ts';

let github: OpenGitHub;
let tip: Tip;
beforeAll(async () => {
  github = await beginGitHub();
  const clone = await cloneAs(github, 'ada');
  const token = github.jobToken({ contents: 'read', 'pull-requests': 'read', deployments: 'write', statuses: 'write' });
  const client = createGitHub({
    repository: 'securecart/aws-access',
    token,
    baseUrl: github.url,
    pace: 'at once',
    say: () => undefined,
  });
  const git = openGit(runGitWith({ PATH: process.env['PATH'], HOME: clone.dir }), clone.dir);
  const found = await tipOfMain(git, client);
  if (found === undefined) throw new Error('main has moved');
  tip = found;
});
afterAll(() => github.close());

const recorded = async (): Promise<number> => {
  const id = await tip.github.createDeployment({
    sha: tip.sha,
    description: 'Applied',
    payload: { version: 1, open: [] },
  });
  const description = `Applied${recordText(id)}`;
  await tip.github.createStatus({ sha: tip.sha, context: APPLY_CONTEXT, state: 'success', description });
  await tip.github.endDeployment({ id, description: 'Applied', state: 'success' });
  return id;
};

const lossAfter = async (meanwhile: () => Promise<unknown>): Promise<string | undefined> => {
  const deployed = await deployedOn(tip);
  await meanwhile();
  const { git, github: port, branch } = tip;
  const main = { git, github: port, branch, treeAt: cachedTreesOf(git, NOW), now: NOW, desired: treeOf().desired };
  const history = await (await walkOf(main, deployed)).next();
  return history?.lostSince(0);
};

it('misses nothing where a run ended after the deployments were listed', async () => {
  expect(await lossAfter(recorded)).toBeUndefined();
});

it('misses what somebody has deleted, then too', async () => {
  const remove = async (): Promise<void> => {
    const id = await recorded();
    const ada = callAs(github, github.token('ada'));
    // GitHub deletes none that is active.
    await ada(`POST ${pathOf(github)}/deployments/${id}/statuses`, { state: 'inactive' });
    expect((await ada(`DELETE ${pathOf(github)}/deployments/${id}`)).status).toBe(204);
  };
  expect(await lossAfter(remove)).toMatch(/the record of what was applied at \w{7}, deployment \d+, is gone/);
});
