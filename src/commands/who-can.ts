import { whoJson, whoText } from '../render/why.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { formatted } from './run/formatted.ts';
import { askerFor, placesTaken } from '../questions/why.ts';
import type { WhyOptions } from './why.ts';
import { readWorld } from './run/live-world.ts';
import { whoOf } from '../questions/who-can.ts';

type WhoCanOptions = Omit<WhyOptions, 'principal'>;

/** Every principal that can, and through what; apart from them those of whom it depends. */
export const whoCanCommand = async (context: CommandContext, options: WhoCanOptions): Promise<ExitCode> => {
  const read = await readWorld(context, options);
  if (read === undefined) return 1;
  const { question, taken } = placesTaken(read.world, options);
  for (const line of taken) context.err(line);
  const who = whoOf(await askerFor(read.world, question.action, context.now), question);
  context.out(formatted(context, { json: () => whoJson(who), text: (style) => whoText(who, style) }));
  return 0;
};
