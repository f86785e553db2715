#!/usr/bin/env node
/** argv, env, streams, signals, exit code: the only file that touches the process, prints, exits or builds clients. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setFlagsFromString } from 'node:v8';
import pc from 'picocolors';
import type { CommandContext } from './commands/run/context.ts';
import { spokenAs } from './commands/run/own.ts';
import type { Own } from './commands/run/own.ts';
import { runProgram } from './commands/run/run-program.ts';
import type { ParsedOptions } from './commands/run/run-program.ts';

/**
 * V8 compiles what has run for a while again, in threads beside: of a command of a second that is a third of the processor's
 * time on Node 20, and only what runs for longer earns it back. The budget is 67,584 unless said. Node 24 wastes nothing, and
 * knows no such flag.
 */
if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=1000000');

/** The AWS SDK warns on every run with Node 20, which this product supports and says so itself. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const write = (stream: NodeJS.WriteStream, text: string): void => {
  if (text !== '' && !closed.has(stream)) stream.write(text.endsWith('\n') ? text : `${text}\n`);
};

/** Streams whose reader is gone, as after `| head`. What was begun is still finished. */
const closed = new Set<NodeJS.WriteStream>();
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed.add(stream);
  });

const readInput = async (): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const ask = async (question: string): Promise<string> => {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // A question takes Ctrl-C for itself. Nothing was begun, so there is nothing to finish.
  prompt.once('SIGINT', () => {
    write(process.stderr, '\nInterrupted: nothing was begun.');
    process.exit(130);
  });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
};

const CTRL_C = '\u0003';

/** Line by line a terminal would show what is typed. The end of the input is Ctrl-C, too: nobody is there. */
const keyReader =
  (interrupt: AbortController) =>
  async (prompt: string): Promise<string> => {
    const { stdin, stderr } = process;
    stdin.setRawMode(true);
    stderr.write(prompt);
    const key = await new Promise<string>((resolve) => {
      const end = (): void => resolve(CTRL_C);
      stdin.once('end', end);
      interrupt.signal.addEventListener('abort', end, { once: true });
      stdin.once('data', (typed) => {
        stdin.removeListener('end', end);
        resolve(typed.toString());
      });
      stdin.resume();
    });
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write(ERASE_LINE);
    if (key.startsWith(CTRL_C)) interrupt.abort();
    return key;
  };

/** Commands that write: on Ctrl-C they finish the call that is in flight. */
const finishing: readonly string[] = ['apply', 'github apply', 'demo', 'sandbox serve'];

/** A line of progress may stand where the cursor is. */
const ERASE_LINE = '\r\u001b[K';

/** The first Ctrl-C asks a command that writes to finish, the second stops it at once. A command that reads stops at the first. */
const onInterrupt = (command: string): AbortController => {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (process.stderr.isTTY) process.stderr.write(ERASE_LINE);
    if (controller.signal.aborted || !finishing.includes(command)) process.exit(130);
    write(process.stderr, 'Interrupted: finishing what is in flight. Ctrl-C again stops at once.');
    controller.abort();
  });
  return controller;
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const openers: Readonly<Record<string, readonly [command: string, ...words: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

const openFile = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [command, ...words] = openers[process.platform] ?? ['xdg-open'];
    const child = spawn(command, [...words, path], { detached: true, stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('spawn', () => {
      child.unref();
      resolve(true);
    });
  });

const createGitHub: CommandContext['createGitHub'] = async (repository) => {
  const token = process.env['GITHUB_TOKEN'] ?? process.env['GH_TOKEN'];
  const baseUrl = process.env['GITHUB_API_URL'];
  const { createGitHub: create } = await import('./github/client.ts');
  const say = (text: string): void => write(process.stderr, text);
  return create({ repository, token, say, ...(baseUrl === undefined ? {} : { baseUrl }) });
};

const contextOf = async ({ options, color, now }: ParsedOptions): Promise<Omit<CommandContext, 'own'>> => {
  const [{ realClock }, { runGitWith }] = await Promise.all([import('./aws/clock.ts'), import('./github/run-git.ts')]);
  const interrupt = onInterrupt(options.command ?? '');
  const isTerminal = [process.stdin, process.stdout, process.stderr].every(({ isTTY }) => isTTY) && !process.env['CI'];
  const colors = color && !process.env['NO_COLOR'] && process.stdout.isTTY === true;
  return {
    options,
    out: (text) => write(process.stdout, text),
    err: (text) => write(process.stderr, text),
    errStream: process.stderr,
    paint: pc.createColors(colors),
    width: Math.max(40, Math.min(process.stdout.columns ?? 80, 120)),
    ...(process.stdout.isTTY && process.stdout.rows > 0 ? { rows: process.stdout.rows } : {}),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true && !process.env['CI'],
    ask,
    now: now ?? new Date().toISOString(),
    clock: realClock,
    createClients: async (asked) => (await import('./aws/clients.ts')).createClients(asked),
    createGitHub,
    runGit: runGitWith(process.env),
    interrupt: interrupt.signal,
    ...(isTerminal ? { readKey: keyReader(interrupt) } : {}),
    self: { pid: process.pid, isAlive },
    env: process.env,
    readInput,
    openFile,
  };
};

const upToManifest = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : upToManifest(dirname(folder));

type Manifest = { readonly name: string; readonly version: string; readonly repository: string };

const ownOf = (): Own => {
  const folder = upToManifest(import.meta.dirname);
  const { name, version, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const commitFile = join(import.meta.dirname, 'commit.txt');
  const [, script = ''] = process.argv;
  return {
    name,
    version,
    folder,
    repository: repository.replace(/^github:/, ''),
    ...(existsSync(commitFile) ? { commit: readFileSync(commitFile, 'utf8').trim() } : {}),
    command: spokenAs({ name, folder, script, cwd: process.cwd(), env: process.env }),
  };
};

const columnsOf = (stream: NodeJS.WriteStream): number | undefined => (stream.isTTY ? stream.columns : undefined);

process.exitCode = await runProgram(process.argv.slice(2), {
  out: (text) => write(process.stdout, text),
  err: (text) => write(process.stderr, text),
  own: ownOf(),
  columns: { out: columnsOf(process.stdout), err: columnsOf(process.stderr) },
  contextOf,
});
