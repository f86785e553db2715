/** Who may do an action in an account: every principal there is, asked one by one. */
import type { InquiryContext } from '../evaluate/ask/question.ts';
import type { WhoLine } from '../model/why.ts';
import type { Who } from '../model/why.ts';
import { resourceOpenings } from './openings.ts';
import { outsidersIn } from './outsiders.ts';
import { findAccount, actorHoldersIn } from './principals.ts';
import type { AccessQuestion } from './why.ts';
import { askingOf, chainOf } from './why.ts';

/** Throws UserError where it is not known who acts in the account. */
export const whoOf = (asker: InquiryContext, options: Omit<AccessQuestion, 'principal'>): Who => {
  const { world } = asker;
  const account = findAccount(world, options.account);
  const asking = askingOf(world, options);
  const held = actorHoldersIn(world, account).map((holder): WhoLine => {
    const chain = chainOf(asker, holder, asking);
    return { principal: holder.principal, ...(holder.people === undefined ? {} : { people: holder.people }), chain };
  });
  const lines = [...held, ...outsidersIn(asker, account, asking), ...resourceOpenings(asker, account, asking)];
  return {
    action: options.action,
    account: account.name,
    ...(options.resource === undefined ? {} : { resource: options.resource }),
    can: lines.filter(({ chain }) => chain.decision === 'allowed'),
    depends: lines.filter(({ chain }) => chain.decision === 'depends'),
  };
};
