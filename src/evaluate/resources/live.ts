/** The policies of resources as AWS has them, made part of a world: what block public access leaves of them, and what nobody could read. */
import { statements } from '../../model/policy.ts';
import type { AccountPolicies } from '../../model/resource-reading.ts';
import type { ResourcePolicy, State } from '../../model/resource.ts';
import { stateOf } from '../../model/resource.ts';
import { isRestricted } from './openings.ts';
import { restricting } from './public-buckets.ts';

const asItCounts = (policy: ResourcePolicy, read: AccountPolicies, accountId: string): ResourcePolicy =>
  isRestricted(policy, read)
    ? {
        ...policy,
        document: { ...policy.document, Statement: [...statements(policy.document), restricting(policy, accountId)] },
      }
    : policy;

export type UnreadResource = { readonly arn: string; readonly account: string; readonly region: string };

type LiveResources = { readonly state: State; readonly unread: readonly UnreadResource[] };

/** `idOf`: of an account's label. */
export const liveResources = (
  all: readonly AccountPolicies[],
  idOf: (account: string) => string | undefined,
): LiveResources => ({
  state: stateOf(
    all.flatMap((read) => read.policies.map((policy) => asItCounts(policy, read, idOf(read.account) ?? ''))),
  ),
  unread: all.flatMap(({ unread }) =>
    unread.flatMap(({ resource, account, region = '' }) =>
      resource === undefined ? [] : [{ arn: resource, account, region }],
    ),
  ),
});
