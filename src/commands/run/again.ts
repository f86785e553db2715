/** The options that repeat a command on the same repository, the same AWS and the same day. */
import { join } from 'node:path';
import type { CommandContext } from './context.ts';
import type { PartOptions } from './part.ts';
import { shellQuoted } from './quoted.ts';

const sandboxWord = ({ dir, sandbox }: CommandContext['options']): readonly string[] => {
  if (sandbox === undefined) return [];
  return [sandbox === join(dir, '.gatehouse') ? '--sandbox' : `--sandbox=${shellQuoted(sandbox)}`];
};

/** Only the local AWS is written to at another time than now. */
const nowWord = ({ options, now }: RepeatedCommand): readonly string[] =>
  options.nowIsGiven && options.sandbox !== undefined ? ['--now', now] : [];

type RepeatedCommand = Pick<CommandContext, 'options' | 'now'>;

/** With a blank before it; empty where nothing was given. */
export const optionsAgain = (context: RepeatedCommand, { accounts, shard }: PartOptions = {}): string =>
  [
    ...(context.options.dir === '.' ? [] : ['--dir', shellQuoted(context.options.dir)]),
    ...sandboxWord(context.options),
    ...nowWord(context),
    ...(accounts === undefined ? [] : ['--accounts', shellQuoted(accounts.join(','))]),
    ...(shard === undefined ? [] : ['--shard', `${shard.index}/${shard.of}`]),
  ]
    .map((word) => ` ${word}`)
    .join('');
