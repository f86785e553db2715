import { whyJson, whyText } from '../render/why.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { formatted } from './run/formatted.ts';
import { findAccount } from '../questions/principals.ts';
import { readWorld } from './run/live-world.ts';
import type { AccessQuestion } from '../questions/why.ts';
import { askerFor, questionTaken, whyOf } from '../questions/why.ts';

export type WhyOptions = AccessQuestion & { readonly live: boolean };

/** The decision, and each statement that made it. */
export const whyCommand = async (context: CommandContext, options: WhyOptions): Promise<ExitCode> => {
  const read = await readWorld(context, options);
  if (read === undefined) return 1;
  const { world } = read;
  const { question, taken } = questionTaken(world, options);
  for (const line of taken) context.err(line);
  const asker = await askerFor(world, question.action, context.now);
  const why = whyOf({ options: question, account: findAccount(world, question.account), asker });
  context.out(formatted(context, { json: () => whyJson(why), text: (style) => whyText(why, style) }));
  return why.decision === 'allowed' ? 0 : 2;
};
