/** What a shell offers while a line is typed. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { gatehouse, inSecureCart } from '../support/run.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');

const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
  const { exit, out, err } = await gatehouse(['complete', '--dir', root, '--', ...words]);
  expect([exit, err]).toEqual([0, '']);
  return out.split('\n').filter((line) => line !== '');
};

describe('completion', { timeout: 300_000 }, () => {
  it('offers commands, those of a command, options and the choices of one', async () => {
    expect(await offered('p')).toEqual(['plan']);
    expect(await offered('')).toEqual(expect.arrayContaining(['init', 'validate', 'who-can']));
    expect(await offered('')).not.toContain('complete');
    expect(await offered('github', 'a')).toEqual(['apply', 'approve-check']);
    expect(await offered('plan', '--o')).toEqual(['--out']);
    expect(await offered('plan', '--dir', 'x', '--v')).toEqual(['--verbose', '--version']);
    expect(await offered('plan', '--format', '')).toEqual(['json', 'markdown', 'text']);
    expect(await offered('completion', 'z')).toEqual(['zsh']);
  });

  it('offers the names of the repository where a command means them, and files where it means those', async () => {
    expect(await offered('why', 'SecureCart-Dev')).toEqual(['SecureCart-DevOps', 'SecureCart-Developers']);
    expect(await offered('who-can', 'iam:CreateUser', 'SecureCart-P')).toEqual(['SecureCart-Production']);
    expect(await offered('grant', 'SecureCart-Ops', 'role:Ce')).toEqual(['role:CentralLogsReader']);
    expect(await offered('adopt', 'scp/AllowedRegions', 'scp/ProtectP')).toEqual(['scp/ProtectProduction']);
    expect(await offered('plan', '--out', '')).toEqual([]);
  });

  it('offers nothing, and fails nothing, where the files are wrong', () =>
    inSecureCart(async ({ dir }) => {
      const { exit, out } = await gatehouse(['complete', '--dir', join(dir, 'scps'), '--', 'why', 'Sec']);
      expect([exit, out]).toEqual([0, '']);
    }));

  it('works in bash as it is typed, colons and blanks included', async () => {
    const env = { PATH: process.env['PATH'] };
    const words = ['dist/cli.js', 'completion', 'bash'];
    const { stdout: script } = await execute(process.execPath, words, { cwd: root, env });
    const typed = async (line: string): Promise<string> => {
      const ask = `${script}\nCOMP_LINE='${line}' COMP_POINT=${line.length}\n_gatehouse\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
      return (await execute('bash', ['-c', ask], { cwd: root })).stdout.trim();
    };
    expect(await typed('gatehouse who-can iam:CreateUser SecureCart-Prod')).toBe('SecureCart-Production');
    expect(await typed('gatehouse why permission-set:SecureCart-DevO')).toBe('SecureCart-DevOps');
    expect(await typed('gatehouse plan --detailed')).toBe('--detailed-exitcode');
  });

  it.each(['zsh', 'fish'])('prints a script for %s that asks for the rest of the line', async (shell) => {
    const { out, exit } = await gatehouse(['completion', shell]);
    expect([exit, out]).toEqual([0, expect.stringContaining('npx gatehouse complete -- ')]);
  });
});
