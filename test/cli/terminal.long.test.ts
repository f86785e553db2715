/** On a terminal: what is asked, what is shown, and what Ctrl-C does. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

const cli = join(import.meta.dirname, '../../dist/cli.js');
const ctrlC = '\u0003';

/** script(1) of util-linux gives a process a terminal; other systems' takes other words. */
const hasTerminal = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') === true;

type Typed = { readonly after: RegExp; readonly keys: string };
type Shown = { readonly exit: number | null; readonly screen: string };

/** Types `keys` once the screen has shown `after`. */
const onTerminal = ({ dir }: Repository, words: readonly string[], { after, keys }: Typed): Promise<Shown> => {
  const command = `stty cols 140 rows 24; ${process.execPath} ${cli} ${words.join(' ')} --sandbox --dir ${dir}`;
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), TERM: 'xterm' };
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], { env });
  let screen = '';
  let typed = false;
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    if (typed || !after.test(screen)) return;
    typed = true;
    child.stdin.write(keys);
  });
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit, screen })));
};

const ERASE = '\r\u001b[K';

describe.skipIf(!hasTerminal)('a plan on a terminal', { timeout: 120_000 }, () => {
  it('shows what is read of AWS in one line that is gone afterwards, and ends a long text in its verdict', () =>
    inSecureCart(async (repository) => {
      const { exit, screen } = await onTerminal(repository, ['plan'], { after: /never/, keys: '' });
      expect(exit).toBe(0);
      // How often it is drawn, and what is open by then, is for the machine to say: test/commands/reading.test.ts has the words.
      const drawn = screen.split(ERASE).filter((text) => text.includes('Reading AWS'));
      expect(drawn.length).toBeGreaterThan(0);
      expect(drawn.filter((text) => text.includes('\n') || text.length > 139)).toEqual([]);
      const lines = screen.trimEnd().split('\r\n');
      expect(lines.length).toBeGreaterThan(24);
      expect(lines.at(-1)).toContain('Gatehouse will create 166 and change 11, 59 critical.');
    }));

  it('stops at Ctrl-C and leaves no half a line', () =>
    inSecureCart(async (repository) => {
      const { exit, screen } = await onTerminal(repository, ['plan'], { after: /Reading AWS/, keys: ctrlC });
      expect(exit).toBe(130);
      expect(screen.split(ERASE).at(-1)?.trim()).toBe('');
    }));
});

const journal = ({ dir }: Repository): string => join(dir, '.gatehouse/journal.jsonl');

describe.skipIf(!hasTerminal)('an apply on a terminal', { timeout: 120_000 }, () => {
  it('asks, and begins nothing when the answer is Ctrl-C', () =>
    inSecureCart(async (repository) => {
      const { exit, screen } = await onTerminal(repository, ['apply'], { after: /Type "yes"/, keys: ctrlC });
      expect(screen).toContain('Interrupted: nothing was begun.');
      expect(exit).toBe(130);
      expect(existsSync(journal(repository))).toBe(false);
    }));

  it('begins nothing when the answer is anything but yes', () =>
    inSecureCart(async (repository) => {
      const { exit } = await onTerminal(repository, ['apply'], { after: /Type "yes"/, keys: 'y\n' });
      expect(exit).toBe(3);
      expect(existsSync(journal(repository))).toBe(false);
    }));

  it('shows how far it is and what it waits for, and finishes what is in flight at the first Ctrl-C', () =>
    inSecureCart(async (repository) => {
      const after = /\d+ of \d+ changes · .*about .* left · waits \d+ seconds? for \+ attachment\//;
      const { exit, screen } = await onTerminal(repository, ['apply', '--yes'], { after, keys: ctrlC });
      expect(screen).toMatch(/Restrict: guard rails go up \(\d+ of \d+\)/);
      expect(screen).toContain('Interrupted: finishing what is in flight.');
      expect(screen).toMatch(/Of \d+ changes: .* not tried\./);
      expect(exit).toBe(130);
      const lines = readFileSync(journal(repository), 'utf8').trim().split('\n');
      const count = (event: string): number => lines.filter((line) => line.includes(`"event":"${event}"`)).length;
      expect(count('started')).toBe(count('done') + count('held'));
      expect(count('end')).toBe(1);
    }));
});
