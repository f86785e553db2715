/** The world that a question is asked of: desired, or what AWS has. */
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import type { Desired } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import { iamScope } from '../../model/resource.ts';
import { connectCommand } from './connect.ts';
import type { CommandContext } from './context.ts';
import { cloudOf } from './live-plan.ts';
import { liveWorld } from '../../questions/worlds.ts';
import { readDeclared } from './declared.ts';

/**
 * Reads AWS. What could not be read is an error: an answer must not take it for "nothing there". Of an account that could not
 * be entered the world knows, and answers nothing about its roles and users. `account`, a name or an id, is entered even if
 * no file declares anything in its IAM.
 */
export const readLiveWorld = async (
  context: CommandContext,
  desired: Desired,
  account?: string,
): Promise<AccessWorld> => {
  const connection = await connectCommand(context, desired);
  const live = await cloudOf(connection, desired, account === undefined ? {} : { entered: [account] }).read();
  await connection.save();
  const unread = live.unread.find(({ scope }) => !scope.startsWith(iamScope('')));
  if (unread !== undefined)
    throw new UserError(`${unread.scope} could not be read (${unread.reason}); without it no answer can be given`);
  return liveWorld(live, desired);
};

type WhichWorld = { readonly live: boolean; readonly account: string };

/** Desired, or with --live what AWS has. */
export const readWorld = async (
  context: CommandContext,
  options: WhichWorld,
): Promise<{ readonly world: AccessWorld; readonly desired: Desired } | undefined> => {
  const declared = await readDeclared(context);
  if (declared === undefined) return undefined;
  const { desired } = declared;
  return {
    desired,
    world: options.live ? await readLiveWorld(context, desired, options.account) : declared.worldAt(undefined),
  };
};
