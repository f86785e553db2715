import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../../src');

/**
 * What each room may import besides itself; `cli.ts` may import everything. The rooms that decide stand in layers, each on those
 * before it. An adapter (`aws`, `github`, `sandbox`) knows nouns, and no other adapter; only `commands` joins adapters.
 */
const layers: readonly string[] = [
  'model',
  'kinds',
  'change',
  'evaluate',
  'desired',
  'plan',
  'questions',
  'import',
  'approve',
  'doctor',
  'report',
];
const below = (room: string): readonly string[] => layers.slice(0, layers.indexOf(room));
const adapters: readonly string[] = ['aws', 'github', 'sandbox'];
const allowed: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(layers.map((room) => [room, below(room)])),
  report: [...below('report'), 'render'],
  render: ['model', 'kinds'],
  aws: ['model', 'kinds', 'change'],
  github: ['model'],
  sandbox: ['model/quotas.ts'],
  commands: [...layers, ...adapters, 'render'],
  cli: [...layers, ...adapters, 'render', 'commands'],
};

/**
 * What each room may take of Node, name by name; `cli.ts` may take everything. The rooms that decide hash, and read the data
 * that ships beside them; nothing else of the world reaches them.
 */
const ofNode: Readonly<Record<string, readonly string[]>> = {
  model: [],
  kinds: [],
  change: [],
  questions: [],
  approve: [],
  import: ['crypto.createHash', 'path.posix'],
  doctor: [],
  plan: ['crypto.hash'],
  evaluate: ['fs.readFileSync', 'zlib.gunzipSync'],
  render: [],
  report: ['crypto.createHash'],
  aws: [],
  desired: [
    'crypto.createHash',
    'fs.readFileSync',
    'fs.constants',
    'fs.Dirent',
    'fs/promises.*',
    'module.createRequire',
    'path.*',
  ],
  github: ['child_process.*', 'fs/promises.*', 'path.*', 'zlib.inflateRawSync'],
  sandbox: ['crypto.*', 'fs/promises.*', 'http.*', 'net.*', 'path.*'],
  commands: ['crypto.createHash', 'fs/promises.*', 'os.*', 'path.*'],
};
const deciding: readonly string[] = [
  'model',
  'kinds',
  'change',
  'plan',
  'evaluate',
  'questions',
  'import',
  'approve',
  'doctor',
  'render',
  'report',
];

type File = { readonly path: string; readonly room: string; readonly text: string };

const files: readonly File[] = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => {
    const name = relative(source, path);
    return {
      path: name,
      room: name.includes('/') ? (name.split('/')[0] ?? '') : 'cli',
      text: readFileSync(path, 'utf8'),
    };
  });

const importsOf = (file: File): readonly string[] =>
  [...file.text.matchAll(/(?:from|import)\s*\(?\s*['"`]([^'"`]+)['"`]/g)].map((match) => match[1] ?? '');

/** `crypto.createHash` for each name that is taken of Node; `crypto.*` where all of a module is. */
const takenOfNode = (file: File): readonly string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('node:') || builtinModules.includes(name))
    .flatMap((name) => {
      const module = name.replace(/^node:/, '');
      const lists = [
        ...file.text.matchAll(new RegExp(`import\\s+(?:type\\s+)?\\{([^}]*)\\}\\s*from\\s*'${name}'`, 'g')),
      ];
      const names = lists.flatMap(([, list = '']) => list.split(',').map((one) => one.trim().split(/\s+/)));
      const taken = names
        .filter(([first]) => first !== '')
        .map(([first = '', second = '']) => (first === 'type' ? second : first));
      return taken.length === 0 ? [`${module}.*`] : taken.map((one) => `${module}.${one}`);
    });

const takenInVain = (file: File): readonly string[] => {
  const may = ofNode[file.room];
  if (may === undefined) return [];
  return takenOfNode(file).filter((name) => !may.includes(name) && !may.includes(name.replace(/\.[^.]*$/, '.*')));
};

/** Imports of another room, as `room/rest` of the imported file. */
const crossing = (file: File): readonly string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(source, join(source, file.path, '..', name)))
    .filter((target) => !target.startsWith(`${file.room}/`) && target !== file.path);

const breaches = (test: (file: File) => boolean): readonly string[] => files.filter(test).map((file) => file.path);

/**
 * What is left when files that import nothing of the rest, or that nothing of the rest imports, are taken away again and
 * again: circles, and what lies between two of them.
 */
const inCircles = (imports: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  const imported = new Set([...imports.values()].flat());
  const left = new Map(
    [...imports]
      .map(([path, all]) => [path, all.filter((one) => imports.has(one))] as const)
      .filter(([path, all]) => all.length > 0 && imported.has(path)),
  );
  return left.size === imports.size ? [...left.keys()] : inCircles(left);
};

/** By path, the files of src that it imports, those of types among them. */
const importsOfSource = new Map(
  files.map((file) => [
    file.path,
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(source, join(source, file.path, '..', name))),
  ]),
);

/** Code without comments and string contents: a word in a message is not a use of it. */
const code = (file: File): string =>
  file.text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\]|\\.)*`/g, (text) =>
      [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, value]) => `(${value ?? ''})`).join('+'),
    );

const outside = [
  'globalThis|global|process|console|performance|crypto|navigator|fetch|WebSocket|EventSource|XMLHttpRequest',
  'setTimeout|setInterval|setImmediate|require|eval|Function',
].join('|');
const processName = /(?<![.\w$'])(?:process|console)\s*(?:\?\.|\.|\[)|\bglobalThis\b/;
/** As a name of its own: not a property, a key or part of a longer name. */
const outsideName = new RegExp(`(?<![.\\w$'])(?:${outside})(?![\\w$])(?!\\s*:)`);
const clock = /\bDate\.now\b|\bnew Date\b(?!\()|\bDate\(\s*\)|\bMath\.random\b|\b(?:Math|Date)\[/;

const reachesOut = (file: File): boolean =>
  deciding.includes(file.room) && (outsideName.test(code(file)) || clock.test(code(file)));

describe('the house', () => {
  it('has only the rooms of the design', () => {
    expect([...new Set(files.map((file) => file.room))].filter((room) => !(room in allowed))).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  it('lets a room import only what the import rule allows', () => {
    const wrong = files.flatMap((file) =>
      crossing(file)
        .filter(
          (target) => !(allowed[file.room] ?? []).some((room) => target === room || target.startsWith(`${room}/`)),
        )
        .map((target) => `${file.path} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no file that imports itself through others, types included', () => {
    expect(inCircles(importsOfSource)).toEqual([]);
    const circle = ['model/plan.ts', 'model/reads.ts'] as const;
    const bent = new Map([...importsOfSource, [circle[1], [circle[0]]]]);
    expect(inCircles(bent)).toEqual(expect.arrayContaining([...circle]));
  });

  it('is drawn as it is in CONTRIBUTING.md', () => {
    const page = readFileSync(join(source, '../.github/CONTRIBUTING.md'), 'utf8');
    const drawn = page.slice(page.indexOf('```\ncli.ts')).split('```')[1] ?? '';
    const rooms = (line: string): readonly string[] => line.match(/[a-z]+(\/[a-z]+\.ts)?/g) ?? [];
    const [chain = ''] = drawn.match(/^.* > model.*$/m) ?? [];
    expect(rooms(chain)).toEqual([...layers].reverse());
    const lines = drawn.split('\n').flatMap((line) => {
      const [, room = '', may = ''] = /^([a-z]+) {2,}([a-z,/. ]+)$/.exec(line) ?? [];
      return room === '' ? [] : [[room, rooms(may)] as const];
    });
    const others = ['render', ...adapters];
    expect(Object.fromEntries(lines)).toEqual(Object.fromEntries(others.map((room) => [room, allowed[room] ?? []])));
  });

  it('touches the process only in cli.ts', () => {
    expect(breaches((file) => file.path !== 'cli.ts' && processName.test(code(file)))).toEqual([]);
  });

  it('loads the AWS SDK only in aws/', () => {
    expect(
      breaches((file) => file.room !== 'aws' && importsOf(file).some((name) => name.startsWith('@aws-sdk/'))),
    ).toEqual([]);
  });

  it('takes of Node only what each room may take', () => {
    expect(files.flatMap((file) => takenInVain(file).map((name) => `${file.path} takes ${name}`))).toEqual([]);
  });

  it('keeps clock, chance, network and process out of the rooms that decide', () => {
    expect(breaches(reachesOut)).toEqual([]);
  });

  it.each([
    "import { env } from 'node:process';",
    "import { env } from 'process';",
    "import process from 'node:process';",
    "import { readFile } from 'node:fs/promises';",
    "import { writeFileSync } from 'node:fs';",
    "import * as fs from 'node:fs';",
    "import https from 'node:https';",
    "import { randomUUID } from 'node:crypto';",
    "import { createHash, randomBytes as chance } from 'node:crypto';",
    "const { env } = await import('node:process');",
    "globalThis['process'].exit(1);",
    'const id = crypto.randomUUID();',
    'const start = performance.now();',
    'const now = Date.now();',
    'const now = new Date();',
    'const now = new Date;',
    'const now = Date();',
    'const dice = Math.random();',
    "const dice = Math['random']();",
    "await fetch('https://example.com');",
    "new WebSocket('wss://example.com');",
    'setTimeout(run, 1);',
    'setImmediate(run);',
    'console.log(1);',
    'process.exit(1);',
    'const said = `at ${Date.now()}`;',
    'const said = `in ${process.cwd()}`;',
    "const fs = require('node:fs');",
    "eval('1');",
  ])('would see %s in a room that decides', (text) => {
    const file: File = { path: 'plan/x.ts', room: 'plan', text: `${text}\n` };
    expect(takenInVain(file).length > 0 || reachesOut(file)).toBe(true);
  });

  it.each([
    "import { hash } from 'node:crypto';",
    'const day = new Date(now).toISOString();',
    'const instant = Date.parse(now);',
    "const message = 'process.exit and Math.random() are words';",
    '/** Date.now() is not asked. */',
    'const { process: named } = change;',
    'const said = `a console password of ${name}`;',
  ])('would let %s be', (text) => {
    const file: File = { path: 'plan/x.ts', room: 'plan', text: `${text}\n` };
    expect([takenInVain(file), reachesOut(file)]).toEqual([[], false]);
  });

  it('never loads the schema builder at run time', () => {
    const value = /import\s+(?!type)[^;]*from 'typebox'/;
    expect(
      breaches(
        (file) => value.test(file.text) && !/desired\/(schema\/schema|generate-schemas)[^/]*\.ts$/.test(file.path),
      ),
    ).toEqual([]);
  });

  it('has no barrels and no drawers for odds and ends', () => {
    expect(breaches((file) => /(^|\/)(index|utils?|helpers?|misc)\.ts$/.test(file.path))).toEqual([]);
  });
});
