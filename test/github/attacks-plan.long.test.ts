/** Attacks on the plan of a pull request: what somebody who may push a branch, or comment, tries. One AWS, nothing is merged. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callAs, cloneAs, pathOf, propose } from '../support/github/scenario.ts';
import { approvals, developers, settings, shop, support } from './shop.ts';
import { approve, bodyOn, checkOn, commentsOn, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeAll(async () => {
  stage = await openSettledStage({
    roles: { ada: 'admin', grace: 'write', linus: 'write', eve: 'read', mallory: 'read' },
  });
});
afterAll(() => stage.close());

const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';
const checksOf = (name: string) => stage.github.repository.checks.filter((check) => check.name === name);

describe('on the plan of a pull request', () => {
  it('1: code in the head is data and never runs', async () => {
    const proof = join(stage.github.state.root, 'ran');
    const evil = `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '')`;
    const files = {
      [group]: more,
      'src/cli.ts': evil,
      'package.json': JSON.stringify({ name: 'x', scripts: { preinstall: `node -e "${evil}"`, build: evil } }),
      '.gitattributes': '*.yaml filter=evil export-ignore\n',
      'access/groups/.gitattributes': '*.yaml export-ignore\n',
    };
    const pull = await proposeEdit(stage, 'code', { files });
    expect(await stage.plan(pull)).toMatchObject({ exit: 0 });
    expect(existsSync(proof)).toBe(false);
    expect(bodyOn(stage, pull, 'plan')).toContain(granted);
  });

  it('2: a pull request from a fork is validated and tested, and gets neither AWS nor a word on GitHub', async () => {
    const fork = await stage.github.fork('mallory');
    const pull = await propose(stage.github, { by: 'mallory', branch: 'fork', fork, files: { [group]: more } });
    const before = stage.github.requests().length;
    const ran = await stage.plan(pull);
    expect(ran).toMatchObject({ exit: 0 });
    expect(ran.summary).toContain('comes from a fork');
    expect(ran.summary).toContain('AWS was not asked');
    const asked = stage.github.requests().slice(before);
    expect(asked.map(({ operation }) => operation)).toEqual(['GET /repos/{owner}/{repo}/pulls/{pull_number}']);
    expect(await stage.approvals(pull)).toMatchObject({ exit: 3 });
  });

  it('4: a comment approves nothing and starts nothing', async () => {
    const pull = await proposeEdit(stage, 'comment', { files: { [group]: more } });
    for (const body of ['/apply', 'gatehouse approve', 'LGTM'])
      await callAs(stage.github, stage.github.token('grace'))(`POST ${pathOf(stage.github)}/issues/${pull}/comments`, {
        body,
      });
    const ran = await stage.approvals(pull);
    expect(ran).toMatchObject({ exit: 3 });
    expect(checkOn(stage, 'gatehouse/approvals')).toMatchObject({
      conclusion: 'failure',
      output: { title: 'every pull request: needs 1 approval from anybody who may write here' },
    });
    await approve(stage, pull, 'grace');
    expect(await stage.approvals(pull)).toMatchObject({ exit: 0 });
    expect(checkOn(stage, 'gatehouse/approvals')).toMatchObject({ conclusion: 'success' });
  });

  it('4b: neither the author, nor somebody who wrote a commit, nor a reader, nor a bot approves', async () => {
    const pull = await proposeEdit(stage, 'authors', { files: { [group]: more } });
    const clone = await cloneAs(stage.github, 'grace');
    await clone.branch('authors', 'origin/authors');
    await clone.push('mine too');
    await approve(stage, pull, 'grace', 'eve');
    const ran = await stage.approvals(pull);
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('grace wrote a commit of it');
    expect(ran.out).toContain('eve may not write here');
  });

  it('8: a comment that carries our marker and is not ours stays as it is', async () => {
    const pull = await proposeEdit(stage, 'sticky', { files: { [group]: more } });
    const planted = '<!-- gatehouse:plan -->\n**Access grows for nobody.**';
    await callAs(stage.github, stage.github.token('linus'))(`POST ${pathOf(stage.github)}/issues/${pull}/comments`, {
      body: planted,
    });
    await stage.plan(pull);
    const [theirs, ours] = commentsOn(stage, pull);
    expect(theirs).toMatchObject({ body: planted, author: { login: 'linus' } });
    expect(ours?.body).toContain('Access grows for `group:Shop-Developers`');
  });

  it('9: a guard rail that the same pull request weakens still judges it', async () => {
    const files = {
      'access/settings.yaml': settings.replace(/breakGlass: .*\n/, '').replace(approvals, ''),
      'access/groups/break-glass.yaml': (shop['access/groups/break-glass.yaml'] ?? '').replace(
        /assignments:[\s\S]*/,
        '',
      ),
    };
    const pull = await proposeEdit(stage, 'weaken', { files });
    const ran = await stage.plan(pull);
    expect(ran).toMatchObject({ exit: 3 });
    const body = bodyOn(stage, pull, 'plan');
    expect(body).toContain('by the settings of the base');
    expect(body).toContain('access/settings.yaml: breakGlass is changed');
    expect(checkOn(stage, 'gatehouse/plan')).toMatchObject({ conclusion: 'failure' });
    await approve(stage, pull, 'grace');
    const check = await stage.approvals(pull);
    expect(check.out).toContain('risk critical: needs 2 approvals from ada or grace, has grace');
  });

  it('9b: an access test that the head breaks is red, and one that it drops is a critical change', async () => {
    const broken = support.replace('[Shop-Production]', '[Shop-Dev]');
    const red = await proposeEdit(stage, 'broken', { files: { 'access/groups/support.yaml': broken } });
    expect(await stage.plan(red)).toMatchObject({ exit: 3 });
    const files = { 'access/groups/support.yaml': broken, 'access/tests/support.yaml': '[]\n' };
    const dropped = await proposeEdit(stage, 'dropped', { files });
    await stage.plan(dropped);
    const body = bodyOn(stage, dropped, 'plan');
    expect(body).toContain('access test "Support reads orders in Production" is removed');
    expect(body).toContain('risk critical: 2 approvals');
    expect(body).toContain('does not hold on the head');
  });

  it('14: no token is ever printed, whatever fails', async () => {
    const pull = await proposeEdit(stage, 'token', { files: { [group]: more } });
    for (const as of [401, 403, 500] as const) {
      const token = stage.github.jobToken({ contents: 'read', 'pull-requests': 'write', checks: 'write' });
      stage.github.fail({ operation: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments', as, times: 9 });
      const ran = await stage.run(
        [
          'github',
          'plan',
          '--verbose',
          '--pr',
          String(pull),
          '--base',
          await stage.checkout(),
          '--dir',
          await stage.checkout(pull),
          `--sandbox=${stage.aws}`,
        ],
        { token },
      );
      stage.github.heal();
      expect(ran.exit).toBe(1);
      expect(ran.err).toContain(`${as} `);
      expect(ran.out + ran.err + ran.summary).not.toContain(token);
    }
  });

  it('15: names from the files mention nobody, hold no HTML and close no fence', async () => {
    const evil = '"@securecart/everyone <img src=x> ``` [x](http://evil.example) \\u202e"';
    const pull = await proposeEdit(stage, 'names', {
      files: {
        [group]: more.replace('Writes the shop', evil),
      },
    });
    await stage.plan(pull);
    const outside = bodyOn(stage, pull, 'plan').replace(/^(`{3,})diff$[\s\S]*?^\1$/gm, '');
    expect(outside).not.toMatch(/@securecart|<img|\]\(http:\/\/evil|\u202e/);
    expect(bodyOn(stage, pull, 'plan')).not.toMatch(/<img|\u202e/);
  });

  it('16: a link out of the repository is refused, and what it leads to is not read', async () => {
    const secret = join(stage.github.state.root, 'secret.yaml');
    writeFileSync(secret, 'group: TopSecretGroup\n');
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('link');
    symlinkSync(secret, join(clone.dir, 'access/groups/link.yaml'));
    await clone.push('A link');
    const asked = { title: 'link', head: 'link', base: 'main' };
    const opened = await callAs(stage.github, stage.github.token('linus'))(`POST ${pathOf(stage.github)}/pulls`, asked);
    const pull = Number(opened.body['number']);
    const ran = await stage.plan(pull);
    expect(ran).toMatchObject({ exit: 1 });
    expect(bodyOn(stage, pull, 'plan')).toContain('symbolic link');
    expect(ran.out + ran.err + bodyOn(stage, pull, 'plan')).not.toContain('TopSecret');
  });

  it('17: a bomb of YAML is a problem with its place, and the check is red', async () => {
    const bomb = `group: Shop-Developers\nassignments: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`;
    const pull = await proposeEdit(stage, 'bomb', { files: { [group]: bomb } });
    expect(await stage.plan(pull)).toMatchObject({ exit: 1 });
    expect(checkOn(stage, 'gatehouse/plan')).toMatchObject({ conclusion: 'failure' });
    expect(bodyOn(stage, pull, 'plan')).toContain('too-deep');
  });

  it('18: the deletion of everything is refused', async () => {
    const files = Object.fromEntries(['developers', 'support'].map((name) => [`access/groups/${name}.yaml`, null]));
    const pull = await proposeEdit(stage, 'empty', {
      files: {
        ...files,
        'access/tests/support.yaml': null,
        'scps/bindings.yaml': 'ous: {}\n',
        'scps/deny-leave.yaml': null,
      },
    });
    const ran = await stage.plan(pull);
    expect(ran).toMatchObject({ exit: 3 });
    expect(bodyOn(stage, pull, 'plan')).toMatch(/empty-desired|delete-budget/);
  });

  it('19: an AWS that does not answer is no empty AWS: no plan, no comment, no green check', async () => {
    const pull = await proposeEdit(stage, 'dead', { files: { [group]: more } });
    const [base, head, before] = [
      await stage.checkout(),
      await stage.checkout(pull),
      checksOf('gatehouse/plan').length,
    ];
    const env = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_MAX_ATTEMPTS: '1',
    };
    const ran = await stage.run(['github', 'plan', '--pr', String(pull), '--base', base, '--dir', head], { env });
    expect(ran.exit).toBe(1);
    expect([commentsOn(stage, pull), checksOf('gatehouse/plan').length]).toEqual([[], before]);
  });
});

describe('a day that has passed, written by a pull request', () => {
  const past = support.replace(
    '    accounts: [Shop-Production]',
    '    accounts: [Shop-Production]\n    until: 2026-11-20',
  );

  it('takes away today, and is refused like any other change that breaks an access test', async () => {
    const pull = await proposeEdit(stage, 'past', { files: { 'access/groups/support.yaml': past } });
    expect(await stage.plan(pull)).toMatchObject({ exit: 3 });
    expect(checkOn(stage, 'gatehouse/plan')).toMatchObject({ conclusion: 'failure' });
    const said = bodyOn(stage, pull, 'plan');
    expect(said).toContain('Support reads orders in Production');
    expect(said).toContain('this change breaks it');
  });

  it('excuses no test that the pull request brings along', async () => {
    const renamed = (shop['access/tests/support.yaml'] ?? '').replace(
      'Support reads orders',
      'Support looks at orders',
    );
    const files = { 'access/groups/support.yaml': past, 'access/tests/support.yaml': renamed };
    expect(await stage.plan(await proposeEdit(stage, 'brought', { files }))).toMatchObject({ exit: 3 });
  });
});
