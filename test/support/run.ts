/** The compiled command line as a process of its own, in a repository of its own. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export type Ran = { readonly exit: number; readonly out: string; readonly err: string };

/** Neither colors nor anything of the developer's own AWS. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: tmpdir(), NO_COLOR: '1' });

export const gatehouse = (words: readonly string[], input = ''): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...words], { env: environment() });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exit: code ?? -1, out, err }));
    child.stdin.end(input);
  });

export type Repository = { readonly dir: string; readonly run: (...words: string[]) => Promise<Ran> };

/** A copy of SecureCart's three folders that is removed after `use`. */
export const inSecureCart = async (use: (repository: Repository) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-'));
  try {
    for (const folder of ['access', 'permission-sets', 'scps'])
      cpSync(join(root, folder), join(dir, folder), { recursive: true });
    await use({ dir, run: (...words) => gatehouse([...words, '--dir', dir]) });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
