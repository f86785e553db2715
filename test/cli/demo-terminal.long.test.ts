/** The demo on a terminal of 80 by 24. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';

const cli = join(import.meta.dirname, '../../dist/cli.js');
const env = { PATH: process.env['PATH'], HOME: tmpdir(), npm_command: 'exec', TERM: 'xterm', NO_COLOR: '1' };

type Ran = { readonly exit: number | null; readonly out: string; readonly err: string };

const inside = (dir: string, words: readonly string[]): Ran => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], { cwd: dir, env, encoding: 'utf8' });
  return { exit: status, out: stdout, err: stderr };
};

const yamlOf = (dir: string): readonly string[] =>
  readdirSync(join(dir, 'access/groups')).map((name) => readFileSync(join(dir, 'access/groups', name), 'utf8'));

/** script(1) of util-linux gives a process a terminal; other systems' takes other words. */
const hasTerminal = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') === true;

type Typist = { readonly keys: readonly string[]; readonly CI?: string };

/** Types a key whenever Enter is asked for. */
const shown = (
  dir: string,
  { keys, CI }: Typist,
): Promise<{ readonly exit: number | null; readonly screen: string }> => {
  const command = `stty cols 80 rows 24; cd ${dir}; ${process.execPath} ${cli} demo`;
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    env: { ...env, ...(CI === undefined ? {} : { CI }) },
  });
  let screen = '';
  let typed = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    if (screen.split('Enter goes on').length - 1 <= typed) return;
    child.stdin.write(keys[typed] ?? '\r');
    typed += 1;
  });
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit, screen })));
};

describe.skipIf(!hasTerminal)('the demo on a terminal', { timeout: 120_000 }, () => {
  it('does not wait where CI is set', () =>
    inSecureCart(async ({ dir }) => {
      const { screen, exit } = await shown(dir, { keys: [], CI: 'true' });
      expect(exit).toBe(0);
      expect(screen).toContain('== 5 of 5');
    }));

  it('waits for Enter after each scene but the last, whatever else is typed', () =>
    inSecureCart(async ({ dir }) => {
      const { exit, screen } = await shown(dir, { keys: ['x', '\r', '\r', '\r', '\r'] });
      expect(exit).toBe(0);
      expect(screen.split('Enter goes on').length - 1).toBe(5);
      expect(screen.indexOf('== 2 of 5')).toBeGreaterThan(screen.indexOf('Enter goes on'));
      expect(screen).toMatch(/Reading AWS, \d s/);
      expect(screen).toContain('Where to go next');
    }));

  it('ends at q with exit 0 and at Ctrl-C with 130, and leaves a local AWS that can be planned', () =>
    inSecureCart(async ({ dir }) => {
      const quit = await shown(dir, { keys: ['\r', '\r', '\r', 'q'] });
      expect(quit.exit).toBe(0);
      expect(quit.screen).toContain('The story ends here');
      expect(quit.screen).not.toContain('== 5 of 5');
      const key = /membership\/\S+:grace@\S+/.exec(quit.screen)?.[0] ?? '';
      expect(inside(dir, ['adopt', key, '--sandbox=.gatehouse/demo']).out).toContain(`1 thing adopted: ${key}`);
      expect(yamlOf(dir).filter((text) => text.includes('grace@securecart.example'))).toHaveLength(2);
      const stopped = await shown(dir, { keys: ['\u0003'] });
      expect(stopped.exit).toBe(130);
      expect(stopped.screen).not.toContain('== 2 of 5');
      expect(readdirSync(join(dir, '.gatehouse/demo')).filter((name) => name !== 'sandbox.json')).toEqual([]);
      expect(existsSync(join(dir, '.gatehouse/demo/sandbox.json'))).toBe(true);
      expect(inside(dir, ['plan', '--sandbox=.gatehouse/demo'])).toMatchObject({ exit: 0 });
    }));
});
