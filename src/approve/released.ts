/**
 * Policies of resources that a pull request no longer declares. A policy carries no tag and only what is declared is read, so
 * that main alone, after the merge, shows nothing of them: it is said while both trees are at hand.
 */
import type { Live } from '../model/cloud.ts';
import type { Desired, ResourceAddress } from '../model/desired.ts';
import type { Note } from '../model/plan.ts';
import { accountKey, resourcePolicyKey } from '../model/resource.ts';
import { renamedAccountLabels } from './labels.ts';

const addressesIn = ({ resources = [] }: Desired): readonly ResourceAddress[] => resources;

/** Those that `base` declares, present or absent, and `head` does not, under the names of `head`. */
export const releasedPolicies = (base: Desired, head: Desired): readonly ResourceAddress[] => {
  const declared = new Set(addressesIn(head).map(({ resource }) => resource));
  const label = renamedAccountLabels(base, head);
  return addressesIn(base)
    .filter(({ resource }) => !declared.has(resource))
    .map((address) => ({ ...address, account: label(address.account) }))
    .filter(({ account }) => head.state[accountKey(account)] !== undefined);
};

/** Of those that AWS still has, or may have. */
export const releasedNotes = (released: readonly ResourceAddress[], { state, unread }: Live): readonly Note[] => {
  const refused = new Set(unread.map(({ scope }) => scope));
  return released
    .map(({ resource }) => resourcePolicyKey(resource))
    .filter((key) => state[key] !== undefined || refused.has(key))
    .map((key) => ({
      message: `${key} is no longer declared: its policy stays in AWS as it is, and is not read again. Declare it with state: absent to take the policy away`,
    }));
};
