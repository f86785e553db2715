/** What every description of a command is made of. */
import type { Command } from 'commander';
import type { CommandContext, ExitCode } from './context.ts';

/** The program carries as its name how it is started. */
const startOf = (command: Command): string => (command.parent === null ? command.name() : startOf(command.parent));

export const example = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText(
    'after',
    () => `\nExample:\n${lines.map((line) => `  $ ${startOf(command)} ${line}`).join('\n')}`,
  );

type CommandRun<T> = (context: CommandContext, options: T) => Promise<ExitCode>;

/** Makes the action of a command of the module that has it and of what the command is given. */
export type CommandAction = <T>(
  find: () => Promise<CommandRun<T>>,
  optionsOfArguments: (words: readonly string[], flags: T) => T,
) => (...parameters: readonly unknown[]) => Promise<void>;

export const asFlags = <T>(_words: readonly string[], flags: T): T => flags;
