import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../../src');

/** What each room may import besides itself; `cli.ts` may import everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  desired: ['model'],
  evaluate: ['model'],
  aws: ['model'],
  render: ['model'],
  plan: ['model', 'evaluate'],
  sandbox: ['model/quotas.ts'],
  github: [],
  commands: ['model', 'desired', 'evaluate', 'plan', 'render', 'aws', 'sandbox', 'github'],
  cli: ['model', 'commands', 'desired', 'evaluate', 'plan', 'render', 'aws', 'sandbox', 'github'],
};

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
  [...file.text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');

/** Imports of another room, as `room/rest` of the imported file. */
const crossing = (file: File): readonly string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(source, join(source, file.path, '..', name)))
    .filter((target) => !target.startsWith(`${file.room}/`) && target !== file.path);

const breaches = (test: (file: File) => boolean): readonly string[] => files.filter(test).map((file) => file.path);

/** Code without comments and string contents: a word in a message is not a use of it. */
const code = (file: File): string =>
  file.text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''");

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

  it('touches the process only in cli.ts', () => {
    expect(breaches((file) => file.path !== 'cli.ts' && /\bprocess\.|\bconsole\./.test(code(file)))).toEqual([]);
  });

  it('loads the AWS SDK only in aws/', () => {
    expect(
      breaches((file) => file.room !== 'aws' && importsOf(file).some((name) => name.startsWith('@aws-sdk/'))),
    ).toEqual([]);
  });

  it('keeps clock and chance out of the rooms that decide', () => {
    const deciding = new Set(['model', 'plan', 'evaluate', 'render']);
    const pattern = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bsetTimeout\b|\bfetch\(/;
    expect(breaches((file) => deciding.has(file.room) && pattern.test(code(file)))).toEqual([]);
  });

  it('never loads the schema builder at run time', () => {
    const value = /import\s+(?!type)[^;]*from 'typebox'/;
    expect(
      breaches((file) => value.test(file.text) && !/desired\/(schema|generate-schemas)[^/]*\.ts$/.test(file.path)),
    ).toEqual([]);
  });

  it('has no barrels and no drawers for odds and ends', () => {
    expect(breaches((file) => /(^|\/)(index|utils?|helpers?|misc)\.ts$/.test(file.path))).toEqual([]);
  });
});
