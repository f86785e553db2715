/** This package as it runs: its name, version and place, and how who reads its messages starts it. */
import { basename, delimiter, dirname, relative, sep } from 'node:path';
import { shellQuoted } from './quoted.ts';

export type Own = {
  readonly name: string;
  readonly version: string;
  /** Where it lies, with the example company beside it. */
  readonly folder: string;
  /** `owner/name` on GitHub of the tool itself, and the commit that it was built of. */
  readonly repository: string;
  readonly commit?: string;
  /** What stands before a command where the reader types it: `gatehouse`, `npx @scope/gatehouse`, `node dist/cli.js`. */
  readonly command: string;
};

/** How this process was started. */
export type Start = Pick<Own, 'name' | 'folder'> & {
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

const bin = 'gatehouse';

/** npx takes the bare name only in the package's own checkout: elsewhere it would be somebody else's package. */
const npxOf = ({ folder, name }: Start): string =>
  folder.split(sep).includes('node_modules') ? `npx ${name}` : `npx ${bin}`;

/** npm, whatever it runs, adds folders to PATH that are gone afterwards. A job's words are read by people elsewhere. */
export const spokenAs = (start: Start): string => {
  const { script, cwd, env } = start;
  if (env['GITHUB_ACTIONS'] === 'true') return `npx ${start.name}`;
  if (env['npm_command'] !== undefined) return npxOf(start);
  const isFound = (env['PATH'] ?? '').split(delimiter).includes(dirname(script));
  if (basename(script) === bin && isFound) return bin;
  const path = shellQuoted(relative(cwd, script));
  if (basename(script) !== bin) return `node ${path}`;
  return path.includes('/') ? path : `./${path}`;
};
