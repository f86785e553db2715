/** A command line from its words to its exit code, wherever its surroundings are: a process, or a test's own. */
import { join } from 'node:path';
import { CommanderError } from 'commander';
import type { Command, OutputConfiguration } from 'commander';
import { UserError } from '../../model/problem.ts';
import { isoMoment, withFolders } from './arguments.ts';
import type { CommandContext, ExitCode, CommandOptions } from './context.ts';
import { withCallLog } from './call-log.ts';
import type { Own } from './own.ts';
import { programOf } from './program.ts';
import type { GlobalFlags } from './program.ts';
import type { CommandAction } from './program-parts.ts';

/** What the words ask of the surroundings. `now` is absent when they do not say it. */
export type ParsedOptions = { readonly options: CommandOptions; readonly color: boolean; readonly now?: string };

export type ProcessSurroundings = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly own: Own;
  /** How wide help and usage are, on stdout and on stderr; undefined where that is no terminal. */
  readonly columns: { readonly out: number | undefined; readonly err: number | undefined };
  /** Called once, and not for help or wrong usage. */
  readonly contextOf: (asked: ParsedOptions) => Promise<Omit<CommandContext, 'own'>>;
};

const sandboxFolder = (flags: GlobalFlags): string =>
  flags.sandbox === '.' || flags.sandbox === undefined ? join(flags.dir, '.gatehouse') : flags.sandbox;

/** `github apply`; without the program's own name. */
const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

const optionsOf = (flags: GlobalFlags, command: Command): CommandOptions => ({
  command: nameOf(command),
  dir: flags.dir,
  ...(flags.sandbox === undefined ? {} : { sandbox: sandboxFolder(flags) }),
  format: flags.json ? 'json' : (flags.format ?? 'text'),
  verbose: flags.verbose === true,
  ...(flags.log === undefined ? {} : { log: flags.log }),
  nowIsGiven: flags.now !== undefined,
});

const askedBy = (flags: GlobalFlags, command: Command): ParsedOptions => ({
  options: optionsOf(flags, command),
  color: flags.color,
  ...(flags.now === undefined ? {} : { now: flags.now }),
});

const fileTroubles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'it may not be read or written',
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of it is a file, not a folder',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  EISDIR: 'it is a folder, not a file',
  EADDRINUSE: 'the port is taken; choose another with --port',
};

/** Errors that a user can fix: UserError, and files that are missing or of another kind. */
const known = (error: unknown): string | undefined => {
  if (error instanceof UserError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code = '', path, port } = error as Error & { code?: string; path?: string; port?: number };
  const trouble = fileTroubles[code];
  return trouble === undefined ? undefined : `${path ?? port ?? error.message}: ${trouble}`;
};

/** One line for what a user can mend; a stack only with --verbose. */
const describeFailure = (error: unknown, words: readonly string[]): string => {
  const stack = words.includes('--verbose') && error instanceof Error ? error.stack : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return stack ?? known(error) ?? `${message} (add --verbose for the stack)`;
};

const outputTo = ({ out, err, columns }: ProcessSurroundings): OutputConfiguration => ({
  writeOut: out,
  writeErr: err,
  getOutHelpWidth: () => columns.out ?? 80,
  getErrHelpWidth: () => columns.err ?? 80,
});

/** Of a folder after a space, which was taken for a command or an argument. */
const misplacedFolder = ({ code }: CommanderError, words: readonly string[]): string | undefined => {
  const folder = words[words.indexOf('--sandbox') + 1];
  const isOne = words.includes('--sandbox') && folder !== undefined && !folder.startsWith('-');
  if (!isOne || !['commander.excessArguments', 'commander.unknownCommand'].includes(code)) return undefined;
  return `The folder of the local AWS stands after =, as in --sandbox=${folder}`;
};

type ArgumentWords = readonly string[];

const failed = (error: unknown, words: ArgumentWords, { err }: ProcessSurroundings): ExitCode => {
  if (!(error instanceof CommanderError)) err(`gatehouse: ${describeFailure(error, words)}`);
  else {
    const hint = misplacedFolder(error, words);
    if (hint !== undefined) err(hint);
    if (error.exitCode === 0) return 0;
  }
  return 1;
};

/** Read here, because commander answers `--version` as soon as it meets it. */
const momentIn = (words: ArgumentWords): string => {
  const at = words.indexOf('--now');
  const given = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--now='))?.slice('--now='.length);
  if (given === undefined) return new Date().toISOString();
  try {
    return isoMoment(given);
  } catch (thrown) {
    throw new UserError(`--now ${given}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
};

const versionOf = async (words: ArgumentWords, version: string): Promise<string> => {
  const isAsked = words.includes('--verbose') && words.some((word) => word === '--version' || word === '-V');
  return isAsked ? (await import('../version.ts')).versionText(version, momentIn(words)) : version;
};

/** 130 after Ctrl-C. Never throws: what a command throws is said on stderr and is exit 1. */
export const runProgram = async (words: ArgumentWords, surroundings: ProcessSurroundings): Promise<ExitCode | 130> => {
  let exit: ExitCode | 130 = 0;
  const { own } = surroundings;
  let interrupt: AbortSignal | undefined;
  const tasks: (() => Promise<void>)[] = [];
  const atEnd = (task: () => Promise<void>): void => void tasks.push(task);
  // The command's module is loaded only now, so that `validate` does not pay for the AWS SDK.
  const run: CommandAction =
    (find, optionsOfArguments) =>
    async (...parameters) => {
      const command = parameters.at(-1) as Command;
      const flags = command.optsWithGlobals<GlobalFlags & Parameters<typeof optionsOfArguments>[1]>();
      const context = { ...withCallLog(await surroundings.contextOf(askedBy(flags, command)), atEnd), own, atEnd };
      interrupt = context.interrupt;
      const found = await find();
      const code = await found(context, optionsOfArguments(command.args, flags));
      exit = context.interrupt.aborted ? 130 : code;
    };
  try {
    const version = await versionOf(words, own.version);
    await programOf(run, outputTo(surroundings), { ...own, version }).parseAsync(withFolders(words), { from: 'user' });
    return exit;
  } catch (error) {
    const code = failed(error, words, surroundings);
    return interrupt?.aborted ? 130 : code;
  } finally {
    for (const task of tasks) await task();
  }
};
