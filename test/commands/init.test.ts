/** A repository of one's own, begun in an empty folder. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { gatehouse, inSecureCart, ownOfTests } from '../support/run.ts';

const root = join(import.meta.dirname, '../..');
const folders: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-init-'));
  folders.push(dir);
  return dir;
};
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const filesIn = (dir: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('/.git/'))
      .map((path) => [path.slice(dir.length + 1), readFileSync(path, 'utf8')]),
  );

const repo = ['--repo', 'acme/aws-access'];
const organization = ['--organization', 'o-acme000000', '--management', 'Root=111111111111', '--region', 'eu-west-1'];

const furniture = [
  '.github/CODEOWNERS',
  '.github/dependabot.yml',
  '.github/workflows/apply.yml',
  '.github/workflows/drift.yml',
  '.github/workflows/fork.yml',
  '.github/workflows/plan.yml',
  '.gitignore',
  'README.md',
  'package.json',
];

describe('gatehouse init', { timeout: 300_000 }, () => {
  it('begins an empty one that validates, and a second time changes nothing', async () => {
    const dir = folder();
    const first = await gatehouse(['init', '--empty', '--dir', dir, ...repo, ...organization]);
    expect([first.exit, first.err]).toEqual([0, '']);
    expect(first.out).toContain('  Begin with the organization and nothing else\n');
    const files = filesIn(dir);
    expect(Object.keys(files)).toEqual(expect.arrayContaining([...furniture, 'access/settings.yaml']));
    expect(Object.keys(files)).toContain('.gatehouse/schemas/settings.schema.json');
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
      devDependencies: { [ownOfTests.name]: ownOfTests.version },
    });
    expect((await gatehouse(['validate', '--dir', dir])).out).not.toContain('error');
    const again = await gatehouse(['init', '--dir', dir, ...repo]);
    expect([again.exit, again.out]).toEqual([0, expect.stringContaining('nothing was written')]);
    expect(again.out.split('as doctor says:')[1]).toBe(first.out.split('as doctor says:')[1]);
    expect(filesIn(dir)).toEqual(files);
  });

  it('ends with what is left to do in the words of doctor, and says what could not be asked', async () => {
    const dir = folder();
    const { exit, out } = await gatehouse(['init', '--empty', '--dir', dir, ...repo, ...organization]);
    const [, left = ''] = out.split('What is left to do, as doctor says:');
    expect(exit).toBe(0);
    expect(left).toContain('! approvals: access/settings.yaml has no approvals');
    expect(left).toContain('? access: GitHub was not asked: there is no token in GITHUB_TOKEN or GH_TOKEN');
    expect(left).toContain('Set GITHUB_TOKEN to a token of an administrator of the repository.');
    expect(left).toMatch(/AWS\n {2}\? access: /);
    expect(left).not.toContain('✓');
    expect(left).toMatch(/2 warnings? and 2 not known\.\n$/);
  });

  it('overwrites nothing, and knows the repository by its remote', async () => {
    const dir = folder();
    const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: dir });
    git('init', '-q');
    git('remote', 'add', 'origin', 'git@github.com:Acme/Access.git');
    writeFileSync(join(dir, 'README.md'), 'ours\n');
    writeFileSync(join(dir, 'package.json'), '{}\n');
    expect((await gatehouse(['init', '--empty', '--dir', dir, ...organization])).exit).toBe(0);
    const files = filesIn(dir);
    expect([files['README.md'], files['package.json']]).toEqual(['ours\n', '{}\n']);
    expect(files['access/settings.yaml']).toContain('owner: Acme/Access ');
    expect(files['.github/CODEOWNERS']).toContain('@Acme/security');
  });

  it('begins with the example, whose plan is the one of this repository', async () => {
    const dir = folder();
    const { exit, out } = await gatehouse(['init', '--example', '--dir', dir, ...repo]);
    expect(exit).toBe(0);
    expect(out).toMatch(/see what would change .* plan --dir \S+ --sandbox\n/);
    expect(out).toContain('  Begin with the example of Gatehouse\n');
    expect(out).not.toContain('what AWS has');
    for (const path of ['access/settings.yaml', 'scps/bindings.yaml', 'permission-sets/devops.yaml'])
      expect(filesIn(dir)[path]).toBe(readFileSync(join(root, path), 'utf8'));
    expect((await gatehouse(['validate', '--dir', dir])).out).toBe('No problems.\n');
  });

  it(
    'begins with what AWS has: the next plan holds nothing but adoptions',
    () =>
      inSecureCart(async ({ dir: here, run }) => {
        await run('plan', '--sandbox');
        const dir = folder();
        const sandbox = `--sandbox=${join(here, '.gatehouse')}`;
        const begun = await gatehouse(['init', '--from-aws', sandbox, '--dir', dir, ...repo]);
        expect([begun.exit, begun.err]).toEqual([0, '']);
        expect(Object.keys(filesIn(dir))).toEqual(expect.arrayContaining([...furniture, 'access/organization.yaml']));
        expect(begun.out).toMatch(/plan: \d+ adoptions, 0 other changes/);
        const planned = await gatehouse(['plan', sandbox, '--dir', dir]);
        expect(planned.out).toContain('3 things of AWS get our tags and nothing else');
        expect(planned.out).not.toContain('says something else');
        const files = filesIn(dir);
        await gatehouse(['init', '--from-aws', sandbox, '--dir', dir, ...repo]);
        expect(filesIn(dir)).toEqual(files);
      }),
    300_000,
  );

  it('says what it cannot ask for, and one of the three ways', async () => {
    const dir = folder();
    for (const [words, said] of [
      [repo, '--from-aws, --example or --empty'],
      [['--empty', '--example', ...repo], 'one of'],
      [['--empty'], '--repo OWNER/NAME'],
      [
        ['--empty', ...repo, '--organization', 'o-acme000000', '--region', 'eu-west-1', '--management', 'Root'],
        '12 digits',
      ],
    ] as const) {
      const { exit, err } = await gatehouse(['init', '--dir', dir, ...words]);
      expect([exit, err]).toEqual([1, expect.stringContaining(said)]);
    }
    expect(filesIn(dir)).toEqual({});
  });

  it('writes four short workflows, which run those of the tool at one commit', async () => {
    const dir = folder();
    const tool = `acme/tool@${'a'.repeat(40)}`;
    await gatehouse(['init', '--empty', '--dir', dir, ...repo, ...organization, '--tool', tool]);
    const uses = furniture
      .filter((path) => path.includes('workflows'))
      .flatMap((path) => {
        const text = filesIn(dir)[path] ?? '';
        expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
        return text.match(/^ +uses: .*/gm)?.map((line) => line.trim()) ?? [];
      });
    const version = `@${'a'.repeat(40)} # v${ownOfTests.version}`;
    expect(uses).toEqual(
      ['apply', 'drift', 'fork', 'gatehouse'].map((name) => `uses: acme/tool/.github/workflows/${name}.yml${version}`),
    );
  });

  it('pins the tool by a full commit and by nothing that can be moved', async () => {
    const dir = folder();
    for (const tool of ['acme/tool@v1', 'acme/tool', `acme/tool/.github/actions/gatehouse@${'a'.repeat(40)}`]) {
      const { exit, err } = await gatehouse(['init', '--dir', dir, ...repo, '--tool', tool]);
      expect([exit, err]).toEqual([1, expect.stringContaining('a full commit')]);
    }
    expect(filesIn(dir)).toEqual({});
  });

  it('keeps the schemas of the editor as new as the names, where they are used', async () => {
    const dir = folder();
    await gatehouse(['init', '--example', '--dir', dir, ...repo]);
    writeFileSync(
      join(dir, 'access/groups/desk.yaml'),
      'group: SecureCart-Desk\nsource: identity-center\nmembers: []\n',
    );
    const before = JSON.stringify(filesIn(join(dir, '.gatehouse/schemas')));
    expect(before).not.toContain('SecureCart-Desk');
    await gatehouse(['validate', '--dir', dir]);
    expect(JSON.stringify(filesIn(join(dir, '.gatehouse/schemas'))).includes('SecureCart-Desk')).toBe(true);
  });
});
