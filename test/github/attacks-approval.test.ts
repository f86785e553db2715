/** Attacks on what an approval means: through git itself, through who wrote what, and through the words of `approvals`. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { git } from '../support/github/git.ts';
import { callAs, cloneAs, pathOf } from '../support/github/scenario.ts';
import type { Clone } from '../support/github/scenario.ts';
import { developers, settings, shop, support } from './shop.ts';
import { approve, checkOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let stage: Stage;
beforeEach(async () => {
  stage = await openSettledStage();
});
afterEach(() => stage.close());

const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';

/** Keys that AWS still lacks. */
const missing = async (): Promise<readonly string[]> => {
  const { out } = await stage.run(['plan', '--json', '--dir', await stage.checkout(), `--sandbox=${stage.aws}`]);
  return (JSON.parse(out) as Plan).changes.map(({ key }) => key);
};

/** Past every rule, straight to main. */
const pushToMain = async (files: Readonly<Record<string, string>>): Promise<void> => {
  const clone = await cloneAs(stage.github, 'linus');
  await clone.branch('main');
  for (const [path, text] of Object.entries(files)) clone.write(path, text);
  await clone.push('Past everybody');
};

/** On the branch that is checked out, with nothing in them. */
const commitOften = async (clone: Clone, count: number): Promise<void> => {
  const branch = (await clone.git('symbolic-ref', 'HEAD')).trim();
  const first = (await clone.git('rev-parse', 'HEAD')).trim();
  const who = 'linus <linus@users.noreply.github.example> 1700000000 +0000';
  const commits = Array.from(
    { length: count },
    (_, index) => `commit ${branch}\ncommitter ${who}\ndata 1\nx\n${index === 0 ? `from ${first}\n` : ''}\n`,
  );
  execFileSync('git', ['fast-import', '--quiet'], { cwd: clone.dir, input: commits.join('') });
};

const openPull = async (branch: string): Promise<number> => {
  const linus = callAs(stage.github, stage.github.token('linus'));
  const { body } = await linus(`POST ${pathOf(stage.github)}/pulls`, { base: 'main', title: branch, head: branch });
  return Number(body['number']);
};

describe('what an approved file means', () => {
  it('is not said by .gitattributes: bytes are read as they are stored', async () => {
    const twofold = developers.replace(
      / {2}- permissionSet: Shop-ReadOnly\n {4}accounts: \[Shop-Dev\]\n/,
      '  [{ permissionSet: Shop-ReadOnly, accounts: [Shop-Dev], reason: "see “}, { permissionSet: Shop-ReadOnly, accounts: [Shop-Production], reason: ” in the wiki" }]\n',
    );
    const pull = await proposeEdit(stage, 'reason', { files: { [group]: twofold } });
    expect((await stage.plan(pull)).out).toContain('Nothing to do');
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('main');
    clone.write('.gitattributes', `${group} working-tree-encoding=ASCII//TRANSLIT\n`);
    await clone.git('add', '.gitattributes');
    await clone.git('commit', '-q', '-m', 'How files are encoded');
    await clone.git('push', '-q', 'origin', 'HEAD');
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 0 });
    expect(ran.out).not.toContain(granted);
  });

  it('is what git merges by itself: a union of both sides that .gitattributes asks for is a conflict', async () => {
    const pull = await proposeEdit(stage, 'union', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    await pushToMain({
      '.gitattributes': '*.yaml merge=union\n',
      [group]: developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Management]'),
    });
    const ran = await stage.plan(pull);
    expect(ran).toMatchObject({ exit: 1 });
    expect(ran.err).toContain('conflicts with its base');
  });

  it('is an error where the names of two files are no text, instead of one of them', async () => {
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('bytes');
    for (const [byte, name] of [[0xff, 'OddA'] as const, [0xfe, 'OddB'] as const]) {
      const file = Buffer.concat([
        Buffer.from(`${clone.dir}/access/groups/odd`),
        Buffer.of(byte),
        Buffer.from('.yaml'),
      ]);
      writeFileSync(file, `group: ${name}\nsource: identity-center\n`);
    }
    await clone.push('Two files');
    const ran = await stage.plan(await openPull('bytes'));
    expect(ran).toMatchObject({ exit: 1 });
    expect(ran.err).toContain('unreadable-file');
  });

  it('is an error where a folder was a link once, and nothing else stops for it', async () => {
    const clone = await cloneAs(stage.github, 'ada');
    await clone.branch('main');
    rmSync(join(clone.dir, 'scps'), { recursive: true });
    symlinkSync('permission-sets', join(clone.dir, 'scps'));
    await clone.push('A link');
    await clone.git('revert', '--no-edit', 'HEAD');
    await clone.git('push', '-q', 'origin', 'HEAD');
    const longer = (shop['permission-sets/support.yaml'] ?? '').replace('4h', '8h');
    const pull = await proposeEdit(stage, 'longer', {
      files: { 'permission-sets/support.yaml': longer, [group]: more },
    });
    await approve(stage, pull, 'grace', 'ada');
    await mergePull(stage, pull);
    await stage.update('Shop-Support', 'PT12H');
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('live moved');
    expect(await missing()).toEqual(['permission-set/Shop-Support']);
  });
});

describe('who wrote it', () => {
  it('is nobody that GitHub knows: then no approval says that somebody else has looked', async () => {
    const pull = await proposeEdit(stage, 'b', { files: { [group]: developers.replace('Writes', 'Builds') } });
    const clone = await cloneAs(stage.github, 'grace');
    await clone.branch('b', 'origin/b');
    clone.write(group, more);
    await clone.git('add', '-A');
    const stranger = ['-c', 'user.name=x', '-c', 'user.email=nobody@nowhere.invalid'];
    await git(clone.dir, ...stranger, 'commit', '-q', '-m', 'More');
    await clone.git('push', '-q', 'origin', 'HEAD');
    await approve(stage, pull, 'grace');
    const check = await stage.approvals(pull);
    expect(check).toMatchObject({ exit: 3 });
    expect(check.out).toContain('GitHub knows no account of its author');
    await mergePull(stage, pull);
    expect(await stage.apply()).toMatchObject({ exit: 3 });
    expect(await missing()).toContain(granted);
  });

  it('is not listed beyond 250 commits: then it has to be squashed', async () => {
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('many');
    await commitOften(clone, 250);
    await clone.git('push', '-q', 'origin', 'HEAD');
    const pull = await openPull('many');
    const other = await cloneAs(stage.github, 'grace');
    await other.branch('many', 'origin/many');
    other.write(group, more);
    await other.push('Mine');
    await approve(stage, pull, 'grace');
    const check = await stage.approvals(pull);
    expect(check).toMatchObject({ exit: 3 });
    expect(check.out).toContain('250 commits or more');
  });
});

describe('the end of a grant', () => {
  const membership = 'membership/Shop-Support:kofi%40shop.example';
  const ended = support.replace('[kofi@shop.example]', '[{ user: kofi@shop.example, until: 2026-11-20 }]');
  const files = { 'access/groups/support.yaml': ended, 'access/tests/support.yaml': '[]\n' };

  it('that came with no pull request takes nothing away', async () => {
    await pushToMain(files);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('the day it ended on came with commit');
    expect(stage.github.repository.statuses.at(-1)).toMatchObject({ context: 'gatehouse/apply', state: 'failure' });
    expect(await missing()).toEqual([membership]);
  });

  it('that was approved takes away what it names', async () => {
    const pull = await proposeEdit(stage, 'end', { files });
    await approve(stage, pull, 'grace', 'ada');
    await mergePull(stage, pull);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 0 });
    expect(ran.out).toContain('**Applied: 1 done.**');
    expect(await missing()).toEqual([]);
  });
});

describe('what the settings ask for', () => {
  it('holds for every pull request where an entry names nothing', async () => {
    const two = 'approvals:\n  - { when: {}, users: [ada, grace], count: 2 }\n';
    await pushToMain({ 'access/settings.yaml': settings.replace(/approvals:[\s\S]*/, two) });
    const pull = await proposeEdit(stage, 'one', { files: { [group]: more } });
    await approve(stage, pull, 'grace');
    const check = await stage.approvals(pull);
    expect(check).toMatchObject({ exit: 3 });
    expect(check.out).toContain('every change: needs 2 approvals from ada or grace, has grace');
    await approve(stage, pull, 'ada');
    expect(await stage.approvals(pull)).toMatchObject({ exit: 0 });
  });

  it('binds who starts by hand what is to go, though no line of the files asks for it', async () => {
    const byPath = 'approvals:\n  - { when: { path: "access/**" }, users: [ada] }\n';
    await pushToMain({
      'access/settings.yaml': settings.replace(/approvals:[\s\S]*/, byPath),
      [group]: developers.replace(/assignments:[\s\S]*/, ''),
    });
    const file = join(stage.github.state.root, 'held.json');
    expect(await stage.apply(['--out', file])).toMatchObject({ exit: 3 });
    const { fingerprint } = JSON.parse(readFileSync(file, 'utf8')) as Plan;
    const start = (actor: string) =>
      stage.apply(['--fingerprint', fingerprint, '--plan', file], {
        event: 'workflow_dispatch',
        workflow: 'apply.yml',
        actor,
      });
    const refused = await start('linus');
    expect(refused).toMatchObject({ exit: 1 });
    expect(refused.err).toContain('linus may not approve this by hand');
    expect(await start('ada')).toMatchObject({ exit: 0 });
  });
});

describe('break-glass', () => {
  const emptied = (shop['access/groups/break-glass.yaml'] ?? '').replace(/members:[\s\S]*/, 'members: []\n');
  const unnamed = settings.replace(/breakGlass.*\n/, '');

  it('survives a pull request that takes its name out of the settings, however it came to main', async () => {
    const files = { 'access/settings.yaml': unnamed, 'access/groups/break-glass.yaml': emptied };
    const pull = await proposeEdit(stage, 'glass', { files });
    const plan = await stage.plan(pull);
    expect(plan).toMatchObject({ exit: 3 });
    expect(plan.out).toContain('no longer names break-glass');
    await approve(stage, pull, 'grace', 'ada');
    await mergePull(stage, pull);
    const ran = await stage.apply();
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('break-glass');
    expect((await missing()).length).toBeGreaterThan(0);
    expect(await stage.apply()).toMatchObject({ exit: 3 });
  });

  it('cannot lose its name first and its people later', async () => {
    const pull = await proposeEdit(stage, 'name', { files: { 'access/settings.yaml': unnamed } });
    const plan = await stage.plan(pull);
    expect(plan).toMatchObject({ exit: 3 });
    expect(checkOn(stage, 'gatehouse/plan')).toMatchObject({ conclusion: 'failure' });
  });
});
