import type { Asker } from '../evaluate/ask/question.ts';
import { whoJson, whoText } from '../render/why.ts';
import type { Who, WhoLine } from '../render/why.ts';
import type { Context, Exit } from './context.ts';
import { formatted } from './formatted.ts';
import { checkAction, findAccount, holdersIn } from './principals.ts';
import { askerFor, askingOf, chainOf } from './why.ts';
import type { WhyOptions } from './why.ts';
import { readWorld } from './live-world.ts';
import { outsidersIn } from './outsiders.ts';

type WhoCanOptions = Omit<WhyOptions, 'principal'>;

/** Throws UserError where it is not known who acts in the account. */
export const whoOf = (asker: Asker, options: Omit<WhoCanOptions, 'live'>): Who => {
  const { world } = asker;
  const account = findAccount(world, options.account);
  const asking = askingOf(world, options);
  const held = holdersIn(world, account).map((holder): WhoLine => {
    const chain = chainOf(asker, holder, asking);
    return { principal: holder.principal, ...(holder.people === undefined ? {} : { people: holder.people }), chain };
  });
  const lines = [...held, ...outsidersIn(asker, account, asking)];
  return {
    action: options.action,
    account: account.name,
    ...(options.resource === undefined ? {} : { resource: options.resource }),
    can: lines.filter(({ chain }) => chain.decision === 'allowed'),
    depends: lines.filter(({ chain }) => chain.decision === 'depends'),
  };
};

/** Every principal that can, and through what; apart from them those of whom it depends. */
export const whoCanCommand = async (context: Context, options: WhoCanOptions): Promise<Exit> => {
  const read = await readWorld(context, options);
  if (read === undefined) return 1;
  const who = whoOf(await askerFor(read.world, checkAction(options.action), context.now), options);
  context.out(formatted(context, { json: () => whoJson(who), text: (style) => whoText(who, style) }));
  return 0;
};
