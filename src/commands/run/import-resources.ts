/** The policies of resources that an import takes: all that the settings of the repository let be read. */
import { readMeant } from '../../aws/resources/meant.ts';
import { isDefaultTopicPolicy } from '../../aws/resources/sns-policy.ts';
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import type { Live } from '../../model/cloud.ts';
import type { Settings } from '../../model/desired.ts';
import type { Unread } from '../../model/reads.ts';
import { resourcePolicyKey, resourcesOf, stateOf } from '../../model/resource.ts';
import type { ResourcePolicy } from '../../model/resource.ts';
import type { AccountPolicies, UnreadPolicies } from '../../model/resource-reading.ts';
import type { CommandConnection } from './connect.ts';

export type ResourceSettings = Pick<Settings, 'resourcePolicies' | 'memberRole'>;

const scopeOf = ({ account, service, region, resource }: UnreadPolicies): string => {
  if (resource !== undefined) return resourcePolicyKey(resource);
  const what = service === undefined ? 'policies of resources' : `policies of ${service}`;
  return `${what} in ${account}${region === undefined ? '' : `, ${region}`}`;
};

const unreadIn = (read: readonly AccountPolicies[]): readonly Unread[] =>
  read.flatMap(({ unread }) => unread.map((one) => ({ scope: scopeOf(one), reason: one.reason })));

/** Nothing where the settings do not ask for it. */
export const withResourcePolicies = async (
  connection: CommandConnection,
  live: Live,
  { resourcePolicies, memberRole }: ResourceSettings,
): Promise<Live> => {
  if (resourcePolicies === undefined) return live;
  const accounts = resourcesOf(live.state, 'account').filter(({ name }) => !live.suspended.includes(name));
  const ids = new Map(accounts.map(({ name, id }) => [name, id]));
  const role = resourcePolicies.role ?? memberRole;
  const read = await readMeant(connection.clients, {
    places: accounts.map(({ name, id }) => ({ label: name, id })),
    meant: { regions: resourcePolicies.regions },
    ...{ managementAccountId: live.managementAccountId, clock: connection.clock },
    ...(role === undefined ? {} : { role }),
  });
  // A topic with AWS's own policy counts as one without.
  const isSaid = ({ resource, account, document }: ResourcePolicy): boolean =>
    resourceOfArn(resource) !== undefined && !isDefaultTopicPolicy(JSON.stringify(document), ids.get(account) ?? '');
  const policies = read.flatMap((one) => one.policies.filter(isSaid));
  return {
    ...live,
    state: { ...live.state, ...stateOf(policies) },
    unread: [...live.unread, ...unreadIn(read)],
  };
};
