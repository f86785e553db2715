/** What `npm pack` makes, installed into an empty folder as anybody would, with production dependencies only. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownOfTests } from '../support/run.ts';

const root = join(import.meta.dirname, '../..');
const execute = promisify(execFile);
const home = mkdtempSync(join(tmpdir(), 'gatehouse-installed-'));
const installed = join(home, 'node_modules', ownOfTests.name);

type Packed = readonly { readonly filename: string; readonly files: readonly { readonly path: string }[] }[];

const pack = async (): Promise<Packed[number]> => {
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', home];
  const { stdout } = await execute('npm', words, { cwd: root, maxBuffer: 2 ** 26 });
  const answer = JSON.parse(stdout) as Packed | Readonly<Record<string, Packed[number]>>;
  const [packed] = Object.values(answer);
  if (packed === undefined) throw new Error('npm packed nothing');
  return packed;
};

/** From npm's cache where it holds what is needed, else from the registry; the reason where neither answers. */
const install = async (tarball: string): Promise<string | undefined> => {
  writeFileSync(join(home, 'package.json'), '{}');
  const words = ['install', '--prefer-offline', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', tarball];
  try {
    await execute('npm', words, { cwd: home });
    return undefined;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    if (/ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(stderr ?? '')) return stderr;
    throw error;
  }
};

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const here = mkdtempSync(join(tmpdir(), 'gatehouse-elsewhere-'));

const run = async (...words: readonly string[]): Promise<string> => {
  const { stdout } = await execute(join(home, 'node_modules/.bin/gatehouse'), words, {
    cwd: here,
    env: { PATH: process.env['PATH'], HOME: here, NO_COLOR: '1' },
    maxBuffer: 2 ** 26,
  });
  return stdout;
};

describe('the package', () => {
  let packed: Packed[number] = { filename: '', files: [] };
  let unreachable: string | undefined;
  beforeAll(async () => {
    packed = await pack();
    unreachable = await install(join(home, packed.filename));
  }, 300_000);
  afterAll(() => {
    for (const folder of [home, here]) rmSync(folder, { recursive: true, force: true });
  });

  it('holds what runs, the example and the terms, and nothing else', () => {
    const kinds = [
      /^dist\/[\w.-]+\.js$/,
      /^dist\/[\w.-]+\.json(\.gz)?$/,
      /^(access|permission-sets|scps)\/.*\.yaml$/,
      /^node_modules\/(@cloud-copilot\/iam-data|ajv|fast-deep-equal|fast-uri|json-schema-traverse|require-from-string)\//,
      /^(dist\/((LICENSES|commit)\.txt|report-page\.css)|CHANGELOG\.md|LICENSE|README\.md|package\.json)$/,
    ];
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !kinds.some((kind) => kind.test(path)))).toEqual([]);
    const { components } = JSON.parse(readFileSync(join(root, 'dist/sbom.cdx.json'), 'utf8')) as {
      components: readonly { purl: string }[];
    };
    const listed = components.map(({ purl }) => purl.replace(/@[^@]*$/, ''));
    expect(listed).toEqual(expect.arrayContaining(['pkg:npm/yaml', 'pkg:npm/%40aws-sdk/client-iam', 'pkg:npm/ajv']));
    expect(paths).toEqual(expect.arrayContaining(['dist/cli.js', 'dist/LICENSES.txt', 'access/organization.yaml']));
  });

  it('is small, and brings three packages and theirs', (context) => {
    context.skip(unreachable !== undefined, `not installed, no registry answers: ${unreachable}`);
    expect(sizeOf(join(home, 'node_modules')) / 2 ** 20).toBeLessThan(30);
    expect(existsSync(join(home, 'node_modules/@aws-sdk'))).toBe(false);
    expect(existsSync(join(home, 'node_modules/@octokit'))).toBe(false);
  });

  it('tells the demo in an empty folder, and works on a repository there', async (context) => {
    context.skip(unreachable !== undefined, `not installed, no registry answers: ${unreachable}`);
    expect(await run('--version')).toBe(`${ownOfTests.version}\n`);
    const told = await run('demo');
    expect(told).toContain('Nothing to do: AWS is what Git says.');
    expect(told).toContain('gatehouse init --example --repo acme/try');
    expect(told).not.toContain('npx gatehouse');
    for (const folder of ['access', 'permission-sets', 'scps'])
      cpSync(join(installed, folder), join(here, folder), { recursive: true });
    expect(await run('validate')).toContain('No problems');
    expect(await run('plan', '--sandbox')).toContain('Gatehouse will create');
    expect(await run('init', '--repo', 'acme/aws-access')).toContain('package.json');
    await run('import', '--sandbox', '--into', 'imported');
    expect(await run('validate', '--dir', 'imported')).toContain('1 note.');
  }, 300_000);
});
