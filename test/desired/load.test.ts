import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { load } from '../../src/desired/load.ts';
import { validate } from '../support/understood.ts';
import { base, context, lineOf, repository } from './repository.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = async (path: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};
const saidOnDisk = async (): Promise<readonly string[]> => validate(await load(root), context).map(lineOf);
const writeBase = async (): Promise<void> => {
  for (const [path, text] of Object.entries(base)) await write(path, text);
};

test('a repository on disk is read as it is', async () => {
  await writeBase();
  await write('access/groups/notes.txt', 'not read');
  const files = await load(root);
  expect(files.files.map(({ path }) => path)).toEqual(Object.keys(base).sort());
  expect(validate(files, context)).toEqual([]);
});

test('a submodule is refused by name, though its folder is empty', async () => {
  await writeBase();
  await rm(join(root, 'access/groups'), { recursive: true });
  await mkdir(join(root, 'access/groups'));
  await write(
    '.gitmodules',
    '[submodule "g"]\n\tpath = access/groups\n\turl = ../g\n[submodule "x"]\n\tpath = vendor/x\n',
  );
  expect(await saidOnDisk()).toContain(
    'access/groups:1:1 unreadable-file is a git submodule; put the files themselves here',
  );
});

test('an empty folder says what is missing', async () => {
  expect(await saidOnDisk()).toEqual([
    'access/organization.yaml:1:1 missing-file there is no such file, and every repository has one',
    'access/settings.yaml:1:1 missing-file there is no such file, and every repository has one',
  ]);
});

test('links are refused wherever they are and wherever they lead', async () => {
  await writeBase();
  await write('elsewhere/x.yaml', 'group: X\n');
  await symlink('/etc/passwd', join(root, 'access/groups/passwd.yaml'));
  await symlink(join(root, 'elsewhere'), join(root, 'access/users'));
  await symlink('.', join(root, 'scps/loop'));
  expect(await saidOnDisk()).toEqual(
    ['access/groups/passwd.yaml', 'access/users', 'scps/loop'].map(
      (path) => `${path}:1:1 symlink is a symbolic link; put the file itself here`,
    ),
  );
  await rm(join(root, 'permission-sets'), { recursive: true });
  await symlink(join(root, 'elsewhere'), join(root, 'permission-sets'));
  expect(await saidOnDisk()).toContain('permission-sets:1:1 symlink must be a folder, not a link or a file');
});

test('a socket is refused, as is all that is no regular file', async () => {
  await writeBase();
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(root, 'access/groups/pipe.yaml'), done));
  expect(await saidOnDisk()).toEqual(['access/groups/pipe.yaml:1:1 unreadable-file is not a regular file']);
  await new Promise((done) => server.close(done));
});

test('a file of 50 MB is not read', async () => {
  await writeBase();
  await write('access/groups/big.yaml', Buffer.alloc(50_000_000, 'a'));
  expect(await saidOnDisk()).toEqual(['access/groups/big.yaml:1:1 file-too-large is larger than 1 MB']);
});

test('bytes that are no UTF-8 are refused, and a byte order mark is not', async () => {
  await writeBase();
  await write('access/groups/latin.yaml', Buffer.from('group: Caf\u00e9\n', 'latin1'));
  await write('access/groups/team.yaml', `\ufeff${base['access/groups/team.yaml']}`);
  expect(await saidOnDisk()).toEqual(['access/groups/latin.yaml:1:1 not-utf8 is not valid UTF-8: save it as UTF-8']);
});

test('folders without end are not walked', async () => {
  await writeBase();
  await write(`access/groups/${'d/'.repeat(30)}x.yaml`, 'group: X\n');
  expect((await saidOnDisk()).join()).toMatch(/too-many-files folders are more than 16 deep/);
});

test('a file name cannot write on the terminal', async () => {
  await writeBase();
  await write('access/groups/\u001b[2J.yaml', 'x: 1\n');
  expect((await saidOnDisk())[0]).toMatch(/^access\/groups\/\\u001b\[2J\.yaml:1:1 /);
});

const hostile: readonly (readonly [name: string, text: string])[] = [
  ['an alias bomb', `a: &a [x, x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join('\n')}\n`],
  ['brackets 100,000 deep', '['.repeat(100_000)],
  ['maps 100,000 deep', '{a: '.repeat(100_000)],
  ['lists 100,000 deep', '- '.repeat(100_000)],
  ['explicit keys 100,000 deep', '? '.repeat(100_000)],
  ['indentation 1,200 deep', Array.from({ length: 1_200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['brackets hidden behind quotes', '[ "]", '.repeat(20_000)],
  ['60,000 keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n')],
  ['60,000 equal keys', 'a: 1\n'.repeat(60_000)],
  ['20,000 wrong members', `group: G\nmembers: [${'{}, '.repeat(20_000)}]\n`],
  ['prototype keys', 'group: G\n__proto__: { x: 1 }\nconstructor: 1\ntoString: 2\n'],
  ['a name of escapes', 'group: "\\u001b[31m\\u202e\\u0000"\n'],
];

test.each(hostile)('%s becomes problems, quickly', (_, text) => {
  const before = performance.now();
  const problems = validate(repository({ 'access/groups/x.yaml': text }), context);
  expect(problems.some(({ file, severity }) => file === 'access/groups/x.yaml' && severity === 'error')).toBe(true);
  expect(problems.length).toBeLessThan(200);
  expect(performance.now() - before).toBeLessThan(15_000);
});

test('load and validate never throw, whatever the bytes', async () => {
  await writeBase();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(base)), fc.uint8Array({ maxLength: 200 }), async (path, bytes) => {
      await write(path, bytes);
      for (const problem of validate(await load(root), context)) expect(problem.line).toBeGreaterThan(0);
      await write(path, base[path as keyof typeof base]);
    }),
    { numRuns: 60 },
  );
});

const pieces = [
  '\n',
  ' ',
  ':',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '&a',
  '*a',
  '!t',
  '#',
  '|',
  '%',
  '---\n',
  '\t',
  '?',
  '012345678901',
  'null',
  '__proto__',
  '\u202e',
  ',',
  '${account:X}',
  'Dev',
];
const changed = fc
  .tuple(
    fc.constantFrom(...Object.entries(base)),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 4 }), fc.constantFrom(...pieces)), { minLength: 1, maxLength: 3 }),
  )
  .map(([[path, text], edits]) => {
    const broken = edits.reduce((sofar, [at, drop, piece]) => {
      const index = at % (sofar.length + 1);
      return `${sofar.slice(0, index)}${piece}${sofar.slice(index + drop)}`;
    }, text as string);
    return { [path]: broken };
  });

test('validate never throws on files that are nearly right', () => {
  fc.assert(
    fc.property(changed, (changes) => {
      for (const { line, column, message } of validate(repository(changes), context)) {
        expect(Math.min(line, column)).toBeGreaterThan(0);
        expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
    }),
    { numRuns: 400 },
  );
});
