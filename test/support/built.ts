/** The command line is tested as it ships: compiled. Compiles only when a source is newer than dist/. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );

/** `GATEHOUSE_NO_BUILD=1` is for tests that start no process: they import the sources and need no dist/. */
export const setup = (): void => {
  if (process.env['GATEHOUSE_NO_BUILD'] !== undefined) return;
  const cli = join(root, 'dist/cli.js');
  const fresh = existsSync(cli) && statSync(cli).mtimeMs >= newest(join(root, 'src'));
  if (!fresh) execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
};
