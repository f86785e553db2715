/** What lies outside the three folders decides what runs: a critical change, whatever it is called. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ruleChanges } from '../../src/approve/files-changed.ts';
import { committedBuild } from '../../src/github/committed.ts';
import { git } from '../support/github/git.ts';
import { cloneAs } from '../support/github/scenario.ts';
import { desiredOn } from '../support/securecart.ts';
import { developers } from './shop.ts';
import { approve, checkOn, mergePull, openSettledStage, proposeEdit } from './stage.ts';
import type { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const group = 'access/groups/developers.yaml';
const more = developers.replace('[Shop-Dev]', '[Shop-Dev, Shop-Production]');
const granted = 'assignment/group:Shop-Developers:Shop-ReadOnly@Shop-Production';

const tree = { desired: desiredOn(undefined), tests: [] };
const critical = (...paths: readonly string[]): readonly string[] => ruleChanges(tree, tree, paths);

const outside = [
  'README.md',
  '.npmrc',
  '.gitattributes',
  '.gitmodules',
  '.github/workflows/apply.yml',
  '.GitHub/workflows/apply.yml',
  'CODEOWNERS',
  'package.json',
  'npm-shrinkwrap.json',
  'src/cli.ts',
  'dist/cli.js',
  'Access/groups/a.yaml',
  'SCPS/a.yaml',
  'access',
  'access.yaml',
  'permission-sets.yaml',
  '*',
];

const readByOthers = ['access/.gitattributes', 'access/groups/.npmrc', 'scps/.github/a.yaml', 'scps/run.sh'];

describe('a file', () => {
  it.each(outside)('outside the three folders is a critical change: %s', (path) => {
    expect(critical(path)).toEqual([`outside access/, permission-sets/, scps/: ${path}`]);
  });

  it.each(readByOthers)('inside of them that others read is one too: %s', (path) => {
    expect(critical(path)).toEqual([`not read by Gatehouse, but by git or other tools: ${path}`]);
  });

  it('of the three folders that Gatehouse or a person reads is none', () => {
    expect(
      critical(group, 'scps/leave.json', 'permission-sets/a/b.yml', 'access/groups/README.md', 'scps/.gitkeep'),
    ).toEqual([]);
  });

  it('is named, and of very many ten', () => {
    const [sentence = '', ...others] = critical(...Array.from({ length: 500 }, (_, index) => `src/${index}.ts`));
    expect(others).toEqual([]);
    expect(sentence).toMatch(/and 490 more$/);
  });

  it('that only tools make is known by each of its names', () => {
    const made = [
      ...['dist/cli.js', 'Dist/cli.js', 'DIST', 'di\u200bst/cli.js', 'npm-shrinkwrap.json', 'NPM-Shrinkwrap.JSON'],
      ...['node_modules/typescript/bin/tsc', 'src/Node_Modules/a.js', '.gatehouse/journal.jsonl', 'access/.GateHouse'],
    ];
    expect(committedBuild(made)).toEqual(made);
    expect(committedBuild(['src/dist.ts', 'access/dist.yaml', 'distance/a', 'package-lock.json', group])).toEqual([]);
  });
});

describe('a pull request that touches other files', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openSettledStage();
  });
  afterEach(() => stage.close());

  it('needs what a critical change needs: in the comment, in the check and when it is applied', async () => {
    const pull = await proposeEdit(stage, 'tool', { files: { [group]: more, 'src/cli.ts': 'export {};\n' } });
    const plan = await stage.plan(pull);
    expect(plan.out).toContain('outside access/, permission-sets/, scps/: src/cli.ts');
    expect(plan.out).toContain('risk critical: 2 approvals');
    await approve(stage, pull, 'grace');
    await stage.approvals(pull);
    expect(checkOn(stage, 'gatehouse/approvals')?.conclusion).toBe('failure');
    await mergePull(stage, pull);
    const held = await stage.apply();
    expect(held).toMatchObject({ exit: 3 });
    expect(held.out).toContain('risk critical');
    const { out } = await stage.run(['plan', '--dir', await stage.checkout(), `--sandbox=${stage.aws}`, '--json']);
    expect(out).toContain(granted);
  });

  it('has no plan, no approval and no apply while it commits what only tools make', async () => {
    const pull = await proposeEdit(stage, 'built', { files: { [group]: more, 'Dist/cli.js': 'process.exit(0)\n' } });
    const plan = await stage.plan(pull);
    expect(plan).toMatchObject({ exit: 1 });
    expect(plan.err).toContain('committed-build');
    expect(checkOn(stage, 'gatehouse/plan')?.conclusion).toBe('failure');
    await approve(stage, pull, 'grace', 'ada');
    expect(await stage.approvals(pull)).toMatchObject({ exit: 3 });
    await mergePull(stage, pull);
    const applied = await stage.apply();
    expect(applied).toMatchObject({ exit: 1 });
    expect(applied.err).toContain('Dist/cli.js:1:1 committed-build');
    expect(await stage.drift()).toMatchObject({ exit: 1 });
  });

  it('is refused by validate in a checkout what git tracks and only tools make', async () => {
    const clone = await cloneAs(stage.github, 'linus');
    await clone.branch('main');
    const write = (path: string): void => {
      mkdirSync(dirname(join(clone.dir, path)), { recursive: true });
      writeFileSync(join(clone.dir, path), '{}');
    };
    for (const path of ['dist/cli.js', '.gatehouse/journal.jsonl', 'node_modules/a/index.js']) write(path);
    expect(await stage.run(['validate', '--dir', clone.dir])).toMatchObject({ exit: 0 });
    await git(clone.dir, 'add', '--force', '.gatehouse', 'dist');
    const refused = await stage.run(['validate', '--dir', clone.dir]);
    expect(refused).toMatchObject({ exit: 1 });
    expect(refused.out).toContain('.gatehouse/journal.jsonl:1:1');
    expect(refused.out).toContain('and so are dist/cli.js');
  });
});
