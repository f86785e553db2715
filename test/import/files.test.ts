/** What import does to a folder, and what it never does. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeImport } from '../../src/commands/run/import-files.ts';

const [settings, group] = ['access/settings.yaml', 'access/groups/g.yaml'] as const;
const files = (text: string, ...paths: readonly string[]) => paths.map((path) => ({ path, text }));

describe('writing an import', () => {
  let dir = '';
  const at = (path: string): string => join(dir, path);
  const textOf = (path: string): string => readFileSync(at(path), 'utf8');
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  const refusing = {
    get dir() {
      return dir;
    },
    overwrite: 'refuse',
  } as const;
  const forcing = {
    get dir() {
      return dir;
    },
    overwrite: 'force',
  } as const;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatehouse-import-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('changes what it wrote itself, leaves the rest of the folder alone, and takes away what is no longer there', async () => {
    put('README.md', 'mine');
    await writeImport(files('one', settings, group), refusing);
    const done = await writeImport(files('two', settings), refusing);
    expect(done).toEqual({ written: 1, unchanged: 0, removed: [group], beside: [] });
    expect([textOf(settings), textOf('README.md'), existsSync(at(group))]).toEqual(['two', 'mine', false]);
    expect(readdirSync(at('.gatehouse'))).toEqual(['imported.json']);
  });

  it('touches nothing when one file was edited since, and says which', async () => {
    await writeImport(files('one', settings, group), refusing);
    put(group, 'edited');
    await expect(writeImport(files('two', settings, group), refusing)).rejects.toThrow(
      /edited since: access\/groups\/g/,
    );
    expect([textOf(settings), textOf(group)]).toEqual(['one', 'edited']);
    await writeImport(files('two', settings, group), forcing);
    expect([textOf(settings), textOf(group)]).toEqual(['two', 'two']);
  });

  it('does not take a file away that was edited since, and does not write beside it', async () => {
    await writeImport(files('one', settings, group), refusing);
    put(group, 'edited');
    await expect(writeImport(files('two', settings), refusing)).rejects.toThrow(/edited since: access\/groups\/g/);
    expect(await writeImport(files('two', settings), forcing)).toMatchObject({ beside: [group], removed: [] });
    expect(textOf(group)).toBe('edited');
  });

  it('does not write into a repository of somebody else, none of whose files it would overwrite', async () => {
    put('scps/mine.yaml', 'scp: Mine');
    await expect(writeImport(files('one', settings), refusing)).rejects.toThrow(/did not write.*scps\/mine\.yaml/);
    expect(existsSync(at('access'))).toBe(false);
  });

  it.each(['refuse', 'force'] as const)('follows no link out of the folder (%s)', async (overwrite) => {
    const outside = mkdtempSync(join(tmpdir(), 'gatehouse-outside-'));
    try {
      symlinkSync(outside, at('access'));
      await expect(writeImport(files('one', settings), { dir, overwrite })).rejects.toThrow(/a link or a folder/);
      rmSync(at('access'));
      symlinkSync(outside, at('.gatehouse'));
      await expect(writeImport(files('one', settings), { dir, overwrite })).rejects.toThrow(/imported\.json/);
      expect(readdirSync(outside)).toEqual([]);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('replaces a link to a file only by force, and never what it leads to', async () => {
    put('elsewhere.txt', 'precious');
    mkdirSync(at('access'));
    symlinkSync(at('elsewhere.txt'), at(settings));
    await expect(writeImport(files('one', settings), refusing)).rejects.toThrow(/did not write/);
    await writeImport(files('one', settings), forcing);
    expect([textOf(settings), textOf('elsewhere.txt')]).toEqual(['one', 'precious']);
  });

  it('takes no stale file away through a folder that became a link', async () => {
    await writeImport(files('one', settings, group), refusing);
    const outside = mkdtempSync(join(tmpdir(), 'gatehouse-outside-'));
    try {
      writeFileSync(join(outside, 'g.yaml'), 'one');
      rmSync(at('access/groups'), { recursive: true });
      symlinkSync(outside, at('access/groups'));
      await writeImport(files('two', settings), refusing);
      expect(readdirSync(outside)).toEqual(['g.yaml']);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('believes no list of its files that names one outside of the folder', async () => {
    const outside = `${dir}.txt`;
    writeFileSync(outside, 'one');
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update('one').digest('hex');
    put(
      '.gatehouse/imported.json',
      JSON.stringify({ [`../${outside.split('/').at(-1) ?? ''}`]: digest, [outside]: digest }),
    );
    expect(await writeImport(files('one', settings), refusing)).toMatchObject({ removed: [] });
    expect(readFileSync(outside, 'utf8')).toBe('one');
    rmSync(outside);
  });

  it('writes nothing where a folder stands in the place of a file, even by force', async () => {
    put(`${settings}/mine.txt`, 'mine');
    await expect(writeImport(files('one', group, settings), forcing)).rejects.toThrow(/a link or a folder/);
    expect(existsSync(at(group))).toBe(false);
  });

  it('writes nothing when it cannot write everything', async () => {
    const tooLong = `access/groups/${'x'.repeat(300)}.yaml`;
    await expect(writeImport(files('one', settings, tooLong), refusing)).rejects.toThrow(
      /ENAMETOOLONG.*Nothing was written/,
    );
    expect([readdirSync(dir), readdirSync(at('.gatehouse'))]).toEqual([['.gatehouse'], []]);
  });
});
