/** The journal is for people: whatever the disk says, the run goes on and says what it did. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { journalTo, openJournal } from '../../src/commands/run/journal.ts';
import type { Change } from '../../src/model/plan.ts';
import { writeShop } from '../github/shop.ts';
import { runHere } from '../support/run.ts';

vi.setConfig({ testTimeout: 60_000 });

const run = { fingerprint: 'f', organization: 'o-shop000000' };
const change = { id: 'i', action: 'create', key: 'group/A' } as unknown as Change;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(join(dir, path)).mode & 0o777).toString(8);

describe('a journal', () => {
  it('says once that it is lost, and never fails', async () => {
    const lost: unknown[] = [];
    let lines = 0;
    const append = async (): Promise<void> => {
      lines += 1;
      if (lines > 1) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    const journal = journalTo({ append, lost: (error) => lost.push(error), now: () => 0 }, run);
    journal.started(change);
    journal.settled(change, { id: 'i', key: 'group/A', status: 'done' });
    await journal.close();
    expect([lines, lost.length]).toEqual([2, 1]);
  });

  it('says that it was removed while the run went on', async () => {
    const said: string[] = [];
    const journal = openJournal(
      {
        options: { dir, format: 'text', verbose: false, nowIsGiven: false },
        err: (text: string) => void said.push(text),
        clock: { now: Date.now, sleep: async () => undefined },
      } as unknown as Parameters<typeof openJournal>[0],
      run,
    );
    await vi.waitUntil(
      () =>
        existsSync(join(dir, '.gatehouse/journal.jsonl')) &&
        readFileSync(join(dir, '.gatehouse/journal.jsonl'), 'utf8') !== '',
    );
    rmSync(join(dir, '.gatehouse'), { recursive: true });
    journal.started(change);
    journal.started(change);
    await journal.close();
    expect(said).toEqual([expect.stringContaining('the run goes on without it: the file was removed')]);
  });
});

/** What stands where the journal belongs, and what must be untouched afterwards. */
const inItsPlace: Readonly<Record<string, { readonly lay: () => void; readonly untouched?: string }>> = {
  'a folder': { lay: () => mkdirSync(join(dir, '.gatehouse/journal.jsonl/x'), { recursive: true }) },
  'a link to a file': {
    lay: () => {
      writeFileSync(join(dir, 'precious'), 'mine');
      mkdirSync(join(dir, '.gatehouse'));
      symlinkSync('../precious', join(dir, '.gatehouse/journal.jsonl'));
    },
    untouched: 'precious',
  },
  'a full device': {
    lay: () => {
      mkdirSync(join(dir, '.gatehouse'));
      symlinkSync('/dev/full', join(dir, '.gatehouse/journal.jsonl'));
    },
  },
  'a file in place of its folder': {
    lay: () => writeFileSync(join(dir, '.gatehouse'), 'mine'),
    untouched: '.gatehouse',
  },
  'a link in place of its folder': {
    lay: () => {
      mkdirSync(join(dir, 'elsewhere'));
      symlinkSync('elsewhere', join(dir, '.gatehouse'));
    },
  },
  'a link to nowhere in place of its folder': { lay: () => symlinkSync('nowhere', join(dir, '.gatehouse')) },
};

describe('an apply', () => {
  const apply = () => {
    writeShop(dir);
    return runHere({ words: ['apply', '--yes', '--dir', dir, `--sandbox=${join(dir, 'aws')}`] });
  };

  it.each(Object.entries(inItsPlace))(
    'goes on with %s where its journal belongs',
    async (_what, { lay, untouched }) => {
      lay();
      const ran = await apply();
      expect(ran).toMatchObject({ exit: 0 });
      expect(ran.err.match(/the run goes on without it/g)).toHaveLength(1);
      expect(ran.out).toMatch(/\d+ done/);
      if (untouched !== undefined) expect(readFileSync(join(dir, untouched), 'utf8')).toBe('mine');
      expect(existsSync(join(dir, 'elsewhere/journal.jsonl'))).toBe(false);
    },
  );

  it('keeps its journal and the local AWS to itself, and makes an older journal its own', async () => {
    mkdirSync(join(dir, '.gatehouse'), { mode: 0o755 });
    writeFileSync(join(dir, '.gatehouse/journal.jsonl'), '{}\n', { mode: 0o644 });
    expect(await apply()).toMatchObject({ exit: 0 });
    const paths = ['.gatehouse', '.gatehouse/journal.jsonl', 'aws', 'aws/sandbox.json'];
    expect(paths.map(modeOf)).toEqual(['700', '600', '700', '600']);
    expect(readFileSync(join(dir, '.gatehouse/journal.jsonl'), 'utf8')).toMatch(/^\{\}\n\{"time".*"event":"run"/);
  });

  it('says what it did when the local AWS cannot be saved, and calls none of it done', async () => {
    writeShop(dir);
    const aws = join(dir, 'aws');
    expect(await runHere({ words: ['plan', '--dir', dir, `--sandbox=${aws}`] })).toMatchObject({ exit: 0 });
    rmSync(join(aws, 'sandbox.json'));
    mkdirSync(join(aws, 'blocked'));
    const ran = await runHere({
      words: ['apply', '--yes', '--dir', dir, `--sandbox=${aws}`],
      onErr: (text) => {
        if (!/done/.test(text) || existsSync(join(aws, 'sandbox.json/x'))) return;
        rmSync(join(aws, 'sandbox.json'), { force: true });
        mkdirSync(join(aws, 'sandbox.json/x'), { recursive: true });
      },
    });
    expect(ran).toMatchObject({ exit: 1 });
    expect(ran.err).toContain('could not be saved');
    expect(ran.out).toContain('done, but the local AWS could not be saved');
    expect(lstatSync(join(aws, 'sandbox.json')).isDirectory()).toBe(true);
  });
});
