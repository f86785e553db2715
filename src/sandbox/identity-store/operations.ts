/** The imitated identity store API: users, groups and who is in which. */
import type { SandboxOperation } from '../core.ts';
import { directoryGroupOperations } from './groups.ts';
import { requireStore } from './lookup.ts';
import { membershipOperations } from './memberships.ts';
import { directoryUserOperations } from './users.ts';
import type { SandboxWorld } from '../world.ts';

const admitted =
  (operation: SandboxOperation<SandboxWorld>): SandboxOperation<SandboxWorld> =>
  (world, input, call) => {
    requireStore(world, input, call);
    return operation(world, input, call);
  };

/** By the operation's name in AWS's service model. */
export const identityStoreOperations: Readonly<Record<string, SandboxOperation<SandboxWorld>>> = Object.fromEntries(
  Object.entries({ ...directoryUserOperations, ...directoryGroupOperations, ...membershipOperations }).map(
    ([name, operation]) => [name, admitted(operation)],
  ),
);
