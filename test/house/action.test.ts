import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Attestation } from '../support/github/releases.ts';
import { installGh, publishRelease } from '../support/github/releases.ts';

const root = join(import.meta.dirname, '../..');

type Step = {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
};

const action = parse(readFileSync(join(root, '.github/actions/gatehouse/action.yml'), 'utf8')) as {
  readonly runs: { readonly steps: readonly Step[] };
};
const scriptOf = (name: string): string => action.runs.steps.find((step) => step.name === name)?.run ?? '';

describe('our action', () => {
  it('pins what it uses, Node too, and writes no expression into a shell', () => {
    const { steps } = action.runs;
    const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
    expect(steps.flatMap((step) => step.uses ?? []).filter((uses) => !pinned.test(uses))).toEqual([]);
    expect(steps.filter((step) => step.run?.includes('${{'))).toEqual([]);
    expect(String(steps[0]?.with?.['node-version'])).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('the build of our action', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'action-'));
    write(
      'bin/npm',
      '#!/bin/sh\necho "npm $*" >> "$CALLS"\n[ "$1" = run ] && mkdir -p dist && echo ours > dist/cli.js\n[ "$1" != "$FAILS" ]\n',
    );
    chmodSync(join(dir, 'bin/npm'), 0o755);
    mkdirSync(join(dir, 'temp'));
    write('base/.github/actions/gatehouse/action.yml', '');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  const commit = (...paths: readonly string[]): void => {
    const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: join(dir, 'base') });
    git('init', '-q');
    git('remote', 'add', 'origin', 'https://github.com/acme/aws-access');
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '--allow-empty', '-m', 'First');
    git('add', '--force', ...paths, '.github');
  };
  const build = (fails = 'nothing') => {
    const env = {
      PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`,
      ACTION: join(dir, 'base/.github/actions/gatehouse'),
      ACTION_REPOSITORY: 'acme/aws-access',
      ACTION_REF: 'main',
      GITHUB_REPOSITORY: 'acme/aws-access',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_OUTPUT: join(dir, 'output'),
      RUNNER_TEMP: join(dir, 'temp'),
      CALLS: join(dir, 'calls'),
      FAILS: fails,
    };
    return spawnSync('bash', ['-e', '-o', 'pipefail', '-c', scriptOf('Take')], { env, encoding: 'utf8' });
  };
  const calls = (): readonly string[] =>
    existsSync(join(dir, 'calls')) ? readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n') : [];
  const built = (): string => readFileSync(join(dir, 'base/dist/cli.js'), 'utf8').trim();
  const once = ['npm ci --ignore-scripts', 'npm run build'];

  it('is made once in a job', () => {
    commit();
    expect([build().status, build().status, built()]).toEqual([0, 0, 'ours']);
    expect(calls()).toEqual(once);
  });

  const made = [
    ...['dist/cli.js', 'Dist/cli.js', 'dist', 'npm-shrinkwrap.json', 'NPM-SHRINKWRAP.json', '.gatehouse/journal.jsonl'],
    ...['node_modules/typescript/bin/tsc', 'src/Node_Modules/a/index.js', 'access/.gatehouse', 'dist/caf\u00e9 "x".js'],
  ];
  it.each(made)('runs nothing where git tracks %s', (path) => {
    write(`base/${path}`, 'theirs');
    commit(path);
    const { status, stdout } = build();
    expect([status, calls()]).toEqual([1, []]);
    expect(stdout).toContain('::error::git tracks what only tools make');
  });

  it('runs nothing where a link of that name is tracked', () => {
    write('base/src/cli.js', 'theirs');
    symlinkSync('src', join(dir, 'base/dist'));
    commit('dist', 'src');
    expect([build().status, calls()]).toEqual([1, []]);
  });

  it.each(['in a checkout', 'in an archive without git'])('begins from nothing %s', (where) => {
    write('base/dist/cli.js', 'theirs');
    write('base/node_modules/a/index.js', 'theirs');
    write('base/npm-shrinkwrap.json', '{}');
    if (where === 'in a checkout') commit();
    expect([build().status, built(), calls()]).toEqual([0, 'ours', once]);
    expect(['node_modules', 'npm-shrinkwrap.json'].filter((name) => existsSync(join(dir, 'base', name)))).toEqual([]);
  });

  it('is not taken for made when a part of it failed', () => {
    commit();
    expect([build('ci').status, build('run').status, build().status]).toEqual([1, 1, 0]);
    expect(calls()).toEqual(['npm ci --ignore-scripts', ...once, ...once]);
  });
});

describe('what our action runs for a repository of YAML', () => {
  let dir: string;
  let tool: string;
  let commit: string;
  const tools = 'acme/tool';
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      cwd: tool,
      encoding: 'utf8',
    }).trim();

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'action-'));
    tool = join(dir, 'tool');
    mkdirSync(join(tool, '.github/actions/gatehouse'), { recursive: true });
    mkdirSync(join(dir, 'temp'));
    writeFileSync(join(tool, 'package.json'), '{"name":"@acme/tool","version":"1.2.3"}');
    git('init', '-q');
    git('remote', 'add', 'origin', `https://github.com/${tools}`);
    git('add', '.');
    git('commit', '-q', '-m', 'First');
    commit = git('rev-parse', 'HEAD');
    installGh(join(dir, 'bin'));
    writeFileSync(join(dir, 'bin/npm'), '#!/bin/sh\necho "npm $*" >> "$CALLS"\n', { mode: 0o755 });
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  /** The tarball of a release, whose cli.js holds this text. */
  const tarball = (text: string): string => {
    mkdirSync(join(dir, 'made/package/dist'), { recursive: true });
    writeFileSync(join(dir, 'made/package/dist/cli.js'), text);
    const file = join(dir, 'made/acme-tool-1.2.3.tgz');
    execFileSync('tar', ['-czf', file, '-C', join(dir, 'made'), 'package']);
    return file;
  };
  const publish = (attestation: Partial<Attestation> = {}, file = tarball('ours')): string =>
    publishRelease(
      join(dir, 'releases'),
      { repository: tools, tag: 'v1.2.3', file },
      {
        ...{ repository: tools, workflow: `${tools}/.github/workflows/release.yml`, commit },
        ...{ runner: 'github-hosted', ...attestation },
      },
    );
  const take = (env: Readonly<Record<string, string>> = {}) => {
    const { status, stdout } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', scriptOf('Take')], {
      env: {
        PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`,
        ACTION: join(tool, '.github/actions/gatehouse'),
        ACTION_REPOSITORY: '',
        ACTION_REF: '',
        GITHUB_REPOSITORY: 'acme/access',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_OUTPUT: join(dir, 'output'),
        GH_RELEASES: join(dir, 'releases'),
        RUNNER_TEMP: join(dir, 'temp'),
        CALLS: join(dir, 'calls'),
        ...env,
      },
      encoding: 'utf8',
    });
    return { status, said: stdout };
  };
  const cli = join('temp/gatehouse-release/package/dist/cli.js');
  const taken = (): string | undefined =>
    existsSync(join(dir, cli)) ? readFileSync(join(dir, cli), 'utf8') : undefined;
  const calls = (): readonly string[] => readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n');

  it('is the release of the very commit, taken once in a job and never built', () => {
    publish();
    expect([take().status, take().status, taken()]).toEqual([0, 0, 'ours']);
    expect(calls()).toEqual(['gh release download', 'gh attestation verify']);
    expect(readFileSync(join(dir, 'output'), 'utf8')).toContain(`home=${join(dir, 'temp/gatehouse-release/package')}`);
  });

  it('is the same where the runner fetched the action by its commit', () => {
    publish();
    rmSync(join(tool, '.git'), { recursive: true });
    expect(take({ ACTION_REPOSITORY: tools, ACTION_REF: commit }).status).toBe(0);
    expect(taken()).toBe('ours');
  });

  it.each(['v1.2.3', 'main', ''])('is nothing where the action is called at "%s"', (ref) => {
    publish();
    rmSync(join(tool, '.git'), { recursive: true });
    const { status, said } = take({ ACTION_REPOSITORY: tools, ACTION_REF: ref });
    expect([status, taken()]).toEqual([1, undefined]);
    expect(said).toContain('pin it by the full commit of a release');
  });

  it('is nothing where the file has another digest than the one that was attested', () => {
    const asset = publish();
    cpSync(tarball('theirs'), asset);
    const { status, said } = take();
    expect([status, taken()]).toEqual([1, undefined]);
    expect(said).toContain('is not what its release workflow made of');
  });

  it.each([
    ['of another commit', { commit: 'f'.repeat(40) }],
    ['in another repository', { repository: 'mallory/tool' }],
    ['by another workflow of the tool', { workflow: `${tools}/.github/workflows/ci.yml` }],
    ['on a machine of their own', { runner: 'self-hosted' }],
  ] as const)('is nothing that was made %s', (_how, attestation) => {
    publish(attestation);
    expect([take().status, taken()]).toEqual([1, undefined]);
  });

  it('is nothing where there is no release, and then nothing is built instead', () => {
    const { status, said } = take();
    expect([status, taken(), calls()]).toEqual([1, undefined, ['gh release download']]);
    expect(said).toContain('acme/tool has no release v1.2.3');
  });
});

describe('the last step of our action', () => {
  const script = scriptOf('Run');
  const ran = (given: string, alsoSucceedsOn: string) => {
    const dir = mkdtempSync(join(tmpdir(), 'action-'));
    mkdirSync(join(dir, 'dist'));
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(dir, 'dist/cli.js'),
      'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;',
    );
    const env = {
      PATH: process.env['PATH'],
      HOME_OF_GATEHOUSE: dir,
      ARGUMENTS: given,
      ALSO_SUCCEEDS_ON: alsoSucceedsOn,
      GITHUB_OUTPUT: join(dir, 'output'),
    };
    const { status, stdout } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], { env, encoding: 'utf8' });
    const output = readFileSync(env.GITHUB_OUTPUT, 'utf8');
    rmSync(dir, { recursive: true });
    return [status, stdout.trim(), output.trim()];
  };

  it('passes each line as one word, whatever a shell would make of it', () => {
    const given = 'github\nplan\n\n--pr\n$(touch x) `y` "z"\n*\n';
    expect(ran(given, '3')).toEqual([0, '["github","plan","--pr","$(touch x) `y` \\"z\\"","*"]', 'exit-code=3']);
  });

  it('fails as the command does, but for the code that is expected', () => {
    expect(ran('validate', '2')[0]).toBe(3);
    expect(ran('validate', '0')[0]).toBe(3);
  });
});
