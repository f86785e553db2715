/** The command line: here in the test's own process, or compiled in a process of its own; and a repository for it. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import { realClock } from '../../src/aws/clock.ts';
import { createClients } from '../../src/aws/clients.ts';
import type { CommandContext } from '../../src/commands/run/context.ts';
import type { Own } from '../../src/commands/run/own.ts';
import { runProgram } from '../../src/commands/run/run-program.ts';
import type { ParsedOptions, ProcessSurroundings } from '../../src/commands/run/run-program.ts';
import { runGitWith } from '../../src/github/run-git.ts';

const root = join(import.meta.dirname, '../..');

export type Ran = { readonly exit: number; readonly out: string; readonly err: string };

export type Command = {
  /** Folders and files are named by absolute paths: nothing changes the folder that the tests run in. */
  readonly words: readonly string[];
  /** Besides PATH, HOME and NO_COLOR. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Sees each line of stderr as it is said; only here, not in a process of its own. */
  readonly onErr?: (line: string) => void;
};

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };

/** As in a checkout. */
export const ownOfTests: Own = {
  ...manifest,
  folder: root,
  repository: 'securecart/gatehouse',
  command: 'npx gatehouse',
};

/** Neither colors nor anything of the developer's own AWS. */
const environment = (env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: tmpdir(),
  NO_COLOR: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...env,
});

/** As it ships: compiled, in a process of its own, as npx starts it in a checkout. */
export const runProcess = ({ words, env, input = '' }: Command): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...words], {
      env: { npm_command: 'exec', ...environment(env) },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exit: code ?? -1, out, err }));
    child.stdin.end(input);
  });

/** The SDK would find credentials and endpoints in the environment of the tests. */
const localClients: CommandContext['createClients'] = async (options) => {
  if (options.requestHandler === undefined) throw new Error('only a process of its own may look for AWS');
  return createClients(options);
};

const nobodyToAsk = async (): Promise<string> => {
  throw new Error('nobody can be asked');
};

const contextWith =
  ({ env: given, input = '' }: Command, { out, err }: Pick<ProcessSurroundings, 'out' | 'err'>) =>
  async ({ options, now }: ParsedOptions): Promise<Omit<CommandContext, 'own'>> => {
    const env = environment(given);
    const baseUrl = env['GITHUB_API_URL'];
    const token = env['GITHUB_TOKEN'] ?? env['GH_TOKEN'];
    return {
      options,
      out,
      err,
      errStream: new PassThrough() as unknown as NodeJS.WriteStream,
      paint: pc.createColors(false),
      width: 80,
      interactive: false,
      ask: nobodyToAsk,
      now: now ?? new Date().toISOString(),
      clock: realClock,
      createClients: localClients,
      createGitHub: async (repository) => {
        const { createGitHub } = await import('../../src/github/client.ts');
        return createGitHub({
          repository,
          token,
          pace: 'at once',
          say: err,
          ...(baseUrl === undefined ? {} : { baseUrl }),
        });
      },
      runGit: runGitWith(env),
      interrupt: new AbortController().signal,
      env,
      readInput: async () => input,
    };
  };

/** In this process, of which it reads and changes nothing; no terminal, and no AWS but the local one. */
export const runHere = async (command: Command): Promise<Ran> => {
  let [out, err] = ['', ''];
  const line = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
  const streams = {
    out: (text: string) => void (out += line(text)),
    err: (text: string) => {
      err += line(text);
      command.onErr?.(text);
    },
  };
  const columns = { out: undefined, err: undefined };
  const exit = await runProgram(command.words, {
    ...streams,
    own: ownOfTests,
    columns,
    contextOf: contextWith(command, streams),
  });
  return { exit, out, err };
};

export const gatehouse = (words: readonly string[]): Promise<Ran> => runHere({ words });

export type Repository = {
  readonly dir: string;
  /** Runs a command on it here. */
  readonly run: (...words: string[]) => Promise<Ran>;
  /** The same, in a process of its own. */
  readonly runProcess: (...words: string[]) => Promise<Ran>;
};

/** A copy of SecureCart's three folders that is removed after `use`. */
export const inSecureCart = async (use: (repository: Repository) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-'));
  try {
    for (const folder of ['access', 'permission-sets', 'scps'])
      cpSync(join(root, folder), join(dir, folder), { recursive: true });
    await use({
      dir,
      run: (...words) => runHere({ words: [...words, '--dir', dir] }),
      runProcess: (...words) => runProcess({ words: [...words, '--dir', dir] }),
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
