import { whoJson, whoText } from '../render/why.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { formatted } from './run/formatted.ts';
import { checkAction } from '../questions/principals.ts';
import { askerFor } from '../questions/why.ts';
import type { WhyOptions } from './why.ts';
import { readWorld } from './run/live-world.ts';
import { whoOf } from '../questions/who-can.ts';

type WhoCanOptions = Omit<WhyOptions, 'principal'>;

/** Every principal that can, and through what; apart from them those of whom it depends. */
export const whoCanCommand = async (context: CommandContext, options: WhoCanOptions): Promise<ExitCode> => {
  const read = await readWorld(context, options);
  if (read === undefined) return 1;
  const who = whoOf(await askerFor(read.world, checkAction(options.action), context.now), options);
  context.out(formatted(context, { json: () => whoJson(who), text: (style) => whoText(who, style) }));
  return 0;
};
