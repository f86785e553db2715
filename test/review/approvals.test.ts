import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGitHub } from '../support/github/open-github.ts';
import type { OpenGitHub } from '../support/github/open-github.ts';
import { cloneAs, merge, propose, review, seedMain } from '../support/github/scenario.ts';
import { writeShop } from '../github/shop.ts';
import { fullName } from '../support/github/state.ts';
import { runHere } from '../support/run.ts';
import { interns, internsWith } from './reviewed.ts';
import type { Row } from './reviewed.ts';

const one = ['  - permissionSet: Shop-ReadOnly', '    accounts: [Shop-Dev]'];

let github: OpenGitHub;
let checkout: string;

/** As in stage.ts: who may write here is whom the fake knows. */
beforeAll(async () => {
  github = await openGitHub();
  const source = join(github.state.root, 'seed');
  mkdirSync(source);
  writeShop(source);
  await seedMain(
    github,
    Object.fromEntries(['access', 'permission-sets', 'scps'].map((name) => [name, join(source, name)])),
  );
  const first = await propose(github, {
    by: 'linus',
    branch: 'interns',
    title: 'Take interns',
    files: { [interns]: internsWith(...one) },
  });
  await review(github, 'ada', { number: first });
  await merge(github, 'ada', { number: first });
  const why = await propose(github, {
    by: 'linus',
    branch: 'why',
    title: 'Say why',
    files: { [interns]: internsWith(...one, '    reason: SEC-1') },
  });
  await merge(github, 'ada', { number: why, merge_method: 'squash' });
  checkout = (await cloneAs(github, 'ada')).dir;
});
afterAll(() => github.close());

const rowsWith = async (env: Readonly<Record<string, string>>, ...words: readonly string[]) => {
  const { out, err } = await runHere({
    words: ['review', '--json', '--of', 'group:Interns', '--dir', checkout, ...words],
    env: { GITHUB_API_URL: github.url, ...env },
  });
  return { rows: (JSON.parse(out) as { readonly rows: readonly Row[] }).rows, err };
};

describe('who approved what somebody has', () => {
  it('is asked of GitHub where somebody names the repository', async () => {
    const { rows } = await rowsWith({ GITHUB_TOKEN: github.token('ada') }, '--repo', fullName(github.repository));
    expect(rows[0]).toMatchObject({
      sincePull: '#1',
      sinceOpenedBy: 'linus',
      sinceApprovedBy: 'ada',
      changedPull: '#2',
      changedApprovedBy: 'nobody',
    });
    expect(rows[1]).toMatchObject({ who: 'ada@shop.example', sincePull: '#1', changedPull: '#1' });
  });

  it('is nobody where no pull request brought it', async () => {
    const { out } = await runHere({
      words: [
        'review',
        '--json',
        '--of',
        'group:Shop-Support',
        '--dir',
        checkout,
        '--repo',
        fullName(github.repository),
      ],
      env: { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token('ada') },
    });
    const { rows } = JSON.parse(out) as { readonly rows: readonly Row[] };
    expect(rows[0]).toMatchObject({ sincePull: 'none', sinceApprovedBy: 'nobody: no pull request' });
  });

  it('is not asked without a repository, and not read where GitHub does not answer', async () => {
    expect((await rowsWith({ GITHUB_TOKEN: github.token('ada') })).rows[0]).toMatchObject({
      sincePull: 'not asked',
      sinceApprovedBy: 'not asked',
    });
    const dead = { GITHUB_TOKEN: github.token('ada'), GITHUB_API_URL: 'http://127.0.0.1:9' };
    const { rows } = await rowsWith(dead, '--repo', 'shop/aws-access');
    expect(rows[0]?.['sinceApprovedBy']).toMatch(/^not read: GitHub was not reached/);
  });
});
