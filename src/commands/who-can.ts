import { ask } from '../evaluate/ask/ask.ts';
import { whoJson, whoText } from '../render/why.ts';
import type { WhoLine } from '../render/why.ts';
import type { Context, Exit } from './context.ts';
import { formatted } from './formatted.ts';
import { checkAction, findAccount, holdersIn } from './principals.ts';
import { askerFor, askingOf, chainOf } from './why.ts';
import type { WhyOptions } from './why.ts';
import { readWorld } from './live-world.ts';
import { outsidersIn } from './outsiders.ts';

type WhoCanOptions = Omit<WhyOptions, 'principal'>;

/** Every principal that can, and through what; apart from them those of whom it depends. */
export const whoCanCommand = async (context: Context, options: WhoCanOptions): Promise<Exit> => {
  const read = await readWorld(context, options);
  if (read === undefined) return 1;
  const { world } = read;
  const account = findAccount(world, options.account);
  const asker = await askerFor(world, checkAction(options.action), context.now);
  const asking = askingOf(world, options);
  const held = holdersIn(world, account).map((holder): WhoLine => {
    const chain = chainOf(holder, ask(asker, holder.actor, asking));
    return { principal: holder.principal, ...(holder.people === undefined ? {} : { people: holder.people }), chain };
  });
  const lines = [...held, ...outsidersIn(asker, account, asking)];
  const who = {
    action: options.action,
    account: account.name,
    ...(options.resource === undefined ? {} : { resource: options.resource }),
    can: lines.filter(({ chain }) => chain.decision === 'allowed'),
    depends: lines.filter(({ chain }) => chain.decision === 'depends'),
  };
  context.out(formatted(context, { json: () => whoJson(who), text: (style) => whoText(who, style) }));
  return 0;
};
