/** The imitated identity store API: users, groups and who is in which. */
import type { Operation } from '../core.ts';
import { groupOperations } from './groups.ts';
import { requireStore } from './lookup.ts';
import { membershipOperations } from './memberships.ts';
import { userOperations } from './users.ts';
import type { World } from '../world.ts';

const admitted =
  (operation: Operation<World>): Operation<World> =>
  (world, input, call) => {
    requireStore(world, input, call);
    return operation(world, input, call);
  };

/** By the operation's name in AWS's service model. */
export const identityStoreOperations: Readonly<Record<string, Operation<World>>> = Object.fromEntries(
  Object.entries({ ...userOperations, ...groupOperations, ...membershipOperations }).map(([name, operation]) => [
    name,
    admitted(operation),
  ]),
);
