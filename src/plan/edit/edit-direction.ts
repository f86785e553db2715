/** What a change does to whoever it is about. */
import { statements } from '../../model/policy.ts';
import type { CustomerManagedPolicy, PermissionSet, Resource, Role, State } from '../../model/resource.ts';
import { customerPolicyKey } from '../../model/resource.ts';
import { accountsOfSets } from '../diff/customer-policies.ts';
import type { Direction } from './direction.ts';
import { onlyTakesAway } from './permission-set-direction.ts';
import { policyDirection, roleDirection } from './role-direction.ts';

type Ends = { readonly before: Resource | undefined; readonly after: Resource | undefined };

/**
 * What comes gives and what goes takes; of a permission set that is edited, taking away is never left out. Customer managed
 * policies count as allowing: `directionIn` looks at what they say.
 */
export const directionOf = ({ before, after }: Ends): Direction => {
  if (before === undefined || after === undefined)
    return { tighter: after === undefined, looser: before === undefined };
  if (before.kind === 'role' && after.kind === 'role') return roleDirection(before, after);
  if (before.kind === 'policy' && after.kind === 'policy') return policyDirection(before, after);
  const isSet = before.kind === 'permission-set' && after.kind === 'permission-set';
  return { tighter: isSet, looser: isSet && !onlyTakesAway(before, after) };
};

type Policied = Role | PermissionSet;
type States = { readonly current: State; readonly final: State };

const isPolicied = (resource: Resource | undefined): resource is Policied =>
  resource?.kind === 'role' || resource?.kind === 'permission-set';

const missingIn = (other: Policied, one: Policied): readonly CustomerManagedPolicy[] =>
  one.customerManagedPolicies.filter(
    ({ path, name }) => !other.customerManagedPolicies.some((found) => found.path === path && found.name === name),
  );

/** Whether one of the policies denies anything, in an account where the role is or the set is assigned. */
const deny = (policies: readonly CustomerManagedPolicy[], of: Policied, state: State): boolean => {
  if (policies.length === 0) return false;
  const accounts = of.kind === 'role' ? [of.account] : [...(accountsOfSets(state).get(of.name) ?? [])];
  return accounts.some((account) =>
    policies.some((policy) => {
      const found = state[customerPolicyKey({ ...policy, account })];
      return found?.kind === 'policy' && statements(found.document).some(({ Effect }) => Effect === 'Deny');
    }),
  );
};

/** The same, with what attached and detached customer policies deny; one whose document is not known counts as allowing. */
export const directionIn = ({ current, final }: States, ends: Ends): Direction => {
  const { before, after } = ends;
  const { tighter, looser } = directionOf(ends);
  if (!isPolicied(before) || !isPolicied(after)) return { tighter, looser };
  return {
    tighter: tighter || deny(missingIn(before, after), after, final),
    looser: looser || deny(missingIn(after, before), before, current),
  };
};
