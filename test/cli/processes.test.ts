/** What only a process has: an exit code, two streams, standard input. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inSecureCart, runHere, runProcess } from '../support/run.ts';

const cli = join(import.meta.dirname, '../../dist/cli.js');

describe('the compiled command line', { timeout: 120_000 }, () => {
  it('says what it says here: the same words, on the same streams, with the same exit code', async () => {
    for (const words of [
      ['--help'],
      ['plan', '--help'],
      ['--version'],
      [],
      ['paln'],
      ['plan', '--now', 'soon'],
      ['validate', '--dir', '/nowhere/at/all'],
      ['why', 'root', 's3:GetObject', 'SecureCart-Production', '--context', 'x'],
    ]) {
      const ran = await runProcess({ words });
      expect({ words, ...ran }).toEqual({ words, ...(await runHere({ words })) });
      expect([ran.out === '', ran.err === '']).toContain(true);
    }
  });

  it('ends with 0 when all is well, 1 when it failed, 2 for a difference, 3 when nobody can be asked', () =>
    inSecureCart(async ({ dir, runProcess: run }) => {
      expect(await run('validate')).toEqual({ exit: 0, out: 'No problems.\n', err: '' });
      expect(await run('drift', '--sandbox')).toMatchObject({ exit: 2 });
      const applied = await run('apply', '--sandbox');
      expect([applied.exit, applied.err]).toEqual([3, expect.stringContaining('neither --yes nor --approved')]);
      writeFileSync(join(dir, 'access/groups/support.yaml'), 'grup: Support\n');
      expect(await run('validate', '--json')).toMatchObject({ exit: 1, err: '' });
    }));

  it('goes on to its end when nobody reads what it says', () =>
    inSecureCart(async ({ dir }) => {
      const line = `"$0" "$1" plan --sandbox --json --detailed-exitcode --dir "$2" | head -c 1; exit "\${PIPESTATUS[0]}"`;
      const ran = spawnSync('bash', ['-c', line, process.execPath, cli, dir], { encoding: 'utf8' });
      expect([ran.status, ran.stdout, ran.stderr]).toEqual([2, '{', '']);
    }));

  it('reads a case from standard input', async () => {
    const words = ['simulate', '--case', '-'];
    const input = 'no JSON';
    const ran = await runProcess({ words, input });
    expect(ran).toEqual(await runHere({ words, input }));
    expect([ran.exit, ran.out]).toEqual([1, '']);
  });
});
