/** What somebody with too many rights does by hand in the console; the demo's bad afternoon. */
import type { Desired } from '../../model/desired.ts';
import { resourcesOf } from '../../model/resource.ts';
import type { Membership, PermissionSet } from '../../model/resource.ts';
import { callSandbox } from '../../sandbox/call.ts';
import type { SandboxClock, Sandbox } from '../../sandbox/handle.ts';
import { signIn } from '../../sandbox/sts/sign-in.ts';

const browser = { ip: '203.0.113.24', agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36' };

/** The sets that grant most: by AWS's AdministratorAccess, break-glass apart. */
const administratorSets = (desired: Desired): readonly PermissionSet[] =>
  resourcesOf(desired.state, 'permission-set').filter(
    (set) =>
      set.name !== desired.settings.breakGlass?.permissionSet &&
      set.managedPolicies.some((arn) => arn.endsWith('/AdministratorAccess')),
  );

type Hand = { readonly sandbox: Sandbox; readonly clock: SandboxClock };

/** Through the console, as whoever holds one of the sets in the management account; as its administrator if nobody does. */
const session = ({ sandbox, clock }: Hand, desired: Desired) => {
  const world = sandbox.world();
  const account = world.organizations.management;
  const keys = administratorSets(desired).map(({ name }) =>
    signIn(world, { account, permissionSet: name, now: clock() }),
  );
  const accessKeyId = keys.find((key) => key !== undefined);
  return accessKeyId === undefined ? {} : { accessKeyId, from: browser };
};

/** Puts somebody into a group behind the repository's back. Throws what the local AWS refuses. */
export const joinByHand = (hand: Hand, desired: Desired, { user, group }: Pick<Membership, 'user' | 'group'>): void => {
  const { identityStore } = hand.sandbox.world();
  const input = {
    IdentityStoreId: hand.sandbox.world().sso.identityStoreId,
    GroupId: Object.values(identityStore.groups).find(({ displayName }) => displayName === group)?.groupId,
    MemberId: { UserId: Object.values(identityStore.users).find(({ userName }) => userName === user)?.userId },
  };
  const call = { service: 'identitystore', operation: 'CreateGroupMembership', input, ...session(hand, desired) };
  const answer = callSandbox(hand.sandbox, call, hand.clock);
  if (!answer.ok) throw new Error(`${call.operation}: ${JSON.stringify(answer.output)}`);
};
