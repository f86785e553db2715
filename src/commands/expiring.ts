import { turningsOf } from '../questions/expiring.ts';
import { expiringJson, expiringText } from '../render/expiring.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { formatted } from './run/formatted.ts';
import { desiredOrProblems } from './run/repository.ts';

type ExpiringOptions = { readonly within: number };

/** What begins and what ends within some days, by the files alone. */
export const expiringCommand = async (context: CommandContext, { within }: ExpiringOptions): Promise<ExitCode> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return 1;
  const rows = turningsOf(desired, { now: context.now, within });
  context.out(
    formatted(context, { json: () => expiringJson(rows), text: (style) => expiringText(rows, within, style) }),
  );
  return 0;
};
