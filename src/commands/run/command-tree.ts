/** The commands as plain data, and what may stand at the end of a line that is not finished. */
import type { Command } from 'commander';

export type CommandNode = {
  readonly name: string;
  readonly commands: readonly CommandNode[];
  readonly options: readonly {
    readonly name: string;
    readonly takesValue: boolean;
    readonly choices: readonly string[];
  }[];
  /** Of the arguments, in their order; one that may be repeated is the last. */
  readonly arguments: readonly { readonly name: string; readonly choices: readonly string[] }[];
};

/** Names that the repository knows, by what an argument is called. */
export type CompletionNames = Readonly<Record<string, readonly string[]>>;

const hidden = 'complete';

export const commandTreeOf = (command: Command): CommandNode => ({
  name: command.name(),
  commands: command.commands.filter((nested) => nested.name() !== hidden).map(commandTreeOf),
  options: command.options.map(({ long, short, required, argChoices }) => ({
    name: long ?? short ?? '',
    takesValue: required,
    choices: argChoices ?? [],
  })),
  arguments: command.registeredArguments.map((argument) => ({
    name: argument.name(),
    choices: argument.argChoices ?? [],
  })),
});

type ReachedCommand = {
  readonly path: readonly CommandNode[];
  /** The arguments that stand already. */
  readonly given: number;
  /** The option whose value comes next. */
  readonly open?: CommandNode['options'][number];
};

const optionNamed = ({ path }: ReachedCommand, word: string) =>
  path.flatMap(({ options }) => options).find(({ name }) => name === word);

const step = (reached: ReachedCommand, word: string): ReachedCommand => {
  const { path, given, open } = reached;
  if (open !== undefined) return { path, given };
  if (word.startsWith('-')) {
    const option = optionNamed(reached, word);
    return option?.takesValue === true ? { path, given, open: option } : reached;
  }
  const next = path.at(-1)?.commands.find(({ name }) => name === word);
  return next === undefined ? { path, given: given + 1 } : { path: [...path, next], given: 0 };
};

/** What may stand where the last word is being typed; nothing where files are meant, or nobody knows. */
export const completionsOf = (
  root: CommandNode,
  words: readonly string[],
  names: CompletionNames,
): readonly string[] => {
  const reached = words.slice(0, -1).reduce(step, { path: [root], given: 0 });
  const begun = words.at(-1) ?? '';
  const last = reached.path.at(-1);
  const argument = last?.arguments[Math.min(reached.given, last.arguments.length - 1)];
  const offered = (): readonly string[] => {
    if (reached.open !== undefined) return reached.open.choices;
    if (begun.startsWith('-')) return reached.path.flatMap(({ options }) => options.map(({ name }) => name));
    return [
      ...(last?.commands ?? []).map(({ name }) => name),
      ...(argument?.choices ?? []),
      ...(names[argument?.name ?? ''] ?? []),
    ];
  };
  return [...new Set(offered())].filter((word) => word.startsWith(begun)).sort();
};
