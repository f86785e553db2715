/** What a delegated administrator may not do, and what it could do to itself. */
import type { HeldReason } from '../../model/held.ts';
import type { Change } from '../../model/plan.ts';
import type { Group, State } from '../../model/resource.ts';
import { grantsOf, groupKey } from '../../model/resource.ts';
import { isManagementOnly, managementSetsIn } from '../estimate.ts';
import { isLifted } from './guard.ts';
import type { Guard, Guarded } from './guard.ts';
import { shortList } from '../../model/lists.ts';

const most = 5;

type Planned = Pick<Guarded, 'situation' | 'changes' | 'result'>;

/**
 * A delegated administrator cannot manage sets that are provisioned in the management account, nor anything there (IAM
 * Identity Center User Guide, "Delegated administration").
 */
const outOfReach = ({ situation, changes, result }: Planned): readonly Change[] => {
  const { desired, live, current } = situation;
  const delegated = desired.settings.delegatedAdministrator;
  if (delegated === null || live.callerAccountId === live.managementAccountId) return [];
  const sides = { delegated, management: desired.managementAccount };
  const sets = managementSetsIn([current, result], desired.managementAccount);
  return changes.filter((change) => isManagementOnly(change, sides, sets));
};

/** Watches `otherLane`, and says what an exception lets a delegate try. */
export const managementAccount: Guard = {
  id: 'management-account',
  fine: 'Nothing needs another credential.',
  refusals: (guarded) => {
    const { settings, managementAccount: account } = guarded.situation.desired;
    const keys = outOfReach(guarded).map(({ key }) => key);
    if (keys.length === 0) return [];
    return [
      {
        message: `${keys.length} changes need a credential of ${account}, and this one is of ${settings.delegatedAdministrator ?? 'another account'}: ${shortList(keys, most)}. Apply them from the management account first; the plan's lanes list both parts.`,
        count: keys.length,
      },
    ];
  },
};

/** Why each change of the management account's lane is held, by id, when the credential is a delegate's. */
export const otherLane = (planned: Planned & Pick<Guarded, 'today'>): ReadonlyMap<string, HeldReason> => {
  const changes = outOfReach(planned);
  const isAllowed = isLifted(planned, managementAccount, { message: '', count: changes.length });
  return new Map(isAllowed ? [] : changes.map(({ id }) => [id, { is: 'other-credential' }]));
};

const groupsReaching = (state: State, account: string): readonly Group[] => {
  const names = grantsOf(state).flatMap(({ principal, account: on }) =>
    on === account && principal.type === 'group' && !principal.orphan ? [principal.name] : [],
  );
  return [...new Set(names)].sort().flatMap((name) => {
    const group = state[groupKey(name)];
    return group?.kind === 'group' ? [group] : [];
  });
};

/** The delegated administrator can edit group membership (same guide), so every such group is open to it. */
export const delegateEscalation: Guard['refusals'] = ({ situation: { desired }, result }) => {
  const { delegatedAdministrator } = desired.settings;
  if (delegatedAdministrator === null) return [];
  return groupsReaching(result, desired.managementAccount)
    .filter(({ source }) => source === 'identity-center')
    .map(({ name }) => ({
      key: groupKey(name),
      message: `Whoever administers ${delegatedAdministrator} could add themselves to group ${name}, which reaches ${desired.managementAccount}. Give that access to users or to a group of the corporate directory, or grant an exception { guard: delegate-escalation, key: ${groupKey(name)} }.`,
    }));
};
