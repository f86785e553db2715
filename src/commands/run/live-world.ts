/** The world that a question is asked of: desired, or what AWS has. */
import type { AccessWorld } from '../../evaluate/policies-of.ts';
import type { Desired } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import type { Live } from '../../model/cloud.ts';
import { iamScope, resourcePolicyKey } from '../../model/resource.ts';
import { connectCommand } from './connect.ts';
import type { CommandContext } from './context.ts';
import { cloudOf } from './live-plan.ts';
import { readResourcesFor } from './live-resources.ts';
import type { ResourceQuestion } from './live-resources.ts';
import { liveWorld } from '../../questions/worlds.ts';
import { readDeclared } from './declared.ts';

const isOfResource = (scope: string): boolean => scope.startsWith(resourcePolicyKey(''));

/** Declared policies that AWS refused: of the resources alone nothing is known. */
const unreadResources = ({ unread }: Live, { resources = [] }: Desired) =>
  resources
    .filter(({ resource }) => unread.some(({ scope }) => scope === resourcePolicyKey(resource)))
    .map(({ resource, account, region }) => ({ arn: resource, account, region }));

/**
 * Reads AWS. What could not be read is an error: an answer must not take it for "nothing there". Of an account that could not
 * be entered the world knows, and answers nothing about its roles and users. The account of the question, a name or an id, is
 * entered even if no file declares anything in its IAM. Policies of resources are read as far as the question may hang on them.
 */
export const readLiveWorld = async (
  context: CommandContext,
  desired: Desired,
  question?: ResourceQuestion,
): Promise<AccessWorld> => {
  const connection = await connectCommand(context, desired);
  const live = await cloudOf(connection, desired, question === undefined ? {} : { entered: [question.account] }).read();
  const unreadDeclared = unreadResources(live, desired);
  const unread = live.unread.find(({ scope }) => !scope.startsWith(iamScope('')) && !isOfResource(scope));
  if (unread !== undefined)
    throw new UserError(`${unread.scope} could not be read (${unread.reason}); without it no answer can be given`);
  const world = liveWorld(live, desired);
  const say = (line: string): void => context.err(line);
  const { state, unread: refused } = await readResourcesFor(connection, { live, desired, world }, { question, say });
  await connection.save();
  const still = unreadDeclared.filter(({ arn }) => state[resourcePolicyKey(arn)] === undefined);
  return liveWorld({ ...live, state: { ...live.state, ...state } }, desired, [...still, ...(refused ?? [])]);
};

type WhichWorld = ResourceQuestion & { readonly live: boolean };

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
    world: options.live ? await readLiveWorld(context, desired, options) : declared.worldAt(undefined),
  };
};
