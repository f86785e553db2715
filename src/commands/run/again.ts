/** The command line that would speak of the same thing as this one. */
import { join } from 'node:path';
import type { Context } from './context.ts';
import type { PartOptions } from './part.ts';
import { quoted } from './quoted.ts';

const sandboxWord = ({ dir, sandbox }: Context['options']): readonly string[] => {
  if (sandbox === undefined) return [];
  return [sandbox === join(dir, '.gatehouse') ? '--sandbox' : `--sandbox=${quoted(sandbox)}`];
};

/** Only the local AWS is written to at another time than now. */
const nowWord = ({ options, now }: Again): readonly string[] =>
  options.nowIsGiven && options.sandbox !== undefined ? ['--now', now] : [];

type Again = Pick<Context, 'options' | 'now'>;

/** With a blank before it; empty where nothing was given. */
export const optionsAgain = (context: Again, { accounts, shard }: PartOptions = {}): string =>
  [
    ...(context.options.dir === '.' ? [] : ['--dir', quoted(context.options.dir)]),
    ...sandboxWord(context.options),
    ...nowWord(context),
    ...(accounts === undefined ? [] : ['--accounts', quoted(accounts.join(','))]),
    ...(shard === undefined ? [] : ['--shard', `${shard.index}/${shard.of}`]),
  ]
    .map((word) => ` ${word}`)
    .join('');
