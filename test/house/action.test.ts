import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
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
    git('add', '--force', ...paths, '.github');
  };
  const build = (fails = 'nothing') => {
    const env = {
      PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`,
      ACTION: join(dir, 'base/.github/actions/gatehouse'),
      RUNNER_TEMP: join(dir, 'temp'),
      CALLS: join(dir, 'calls'),
      FAILS: fails,
    };
    return spawnSync('bash', ['-e', '-o', 'pipefail', '-c', scriptOf('Build')], { env, encoding: 'utf8' });
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

describe('the last step of our action', () => {
  const script = scriptOf('Run');
  const ran = (given: string, alsoSucceedsOn: string) => {
    const dir = mkdtempSync(join(tmpdir(), 'action-'));
    mkdirSync(join(dir, 'dist'));
    mkdirSync(join(dir, '.github/actions/gatehouse'), { recursive: true });
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(dir, 'dist/cli.js'),
      'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;',
    );
    const env = {
      PATH: process.env['PATH'],
      ACTION: join(dir, '.github/actions/gatehouse'),
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
