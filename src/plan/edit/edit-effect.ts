/** What a change does to whoever it is about, as far as its fields tell. */
import { isLooser, isTighter, joinedEffects, noEffect } from '../../change/effect.ts';
import type { Effect } from '../../change/effect.ts';
import { changedFields } from '../../kinds/equal.ts';
import { ownValue } from '../../model/own-value.ts';
import { statements } from '../../model/policy.ts';
import type {
  CustomerManagedPolicy,
  CustomerPolicy,
  PermissionSet,
  Resource,
  ResourcePolicy,
  Role,
  State,
} from '../../model/resource.ts';
import { customerPolicyKey } from '../../model/resource.ts';
import { accountsOfSets } from '../diff/customer-policies.ts';
import type { SetOrRole } from '../diff/customer-policies.ts';
import { nothing, ofAmount, ofBoundary, ofDocument, ofList, pathAndName } from './part-effects.ts';
import { resourceEffect } from './resource-effect.ts';
import { ofTrust } from './trust-effect.ts';

const setEffects = (before: PermissionSet, after: PermissionSet): Effect =>
  joinedEffects([
    ofList(before.managedPolicies, after.managedPolicies),
    ofList(pathAndName(before), pathAndName(after)),
    ofDocument(before.inlinePolicy ?? nothing, after.inlinePolicy ?? nothing),
    ofBoundary(before, after),
    ofAmount(before.sessionDuration, after.sessionDuration),
    { ...noEffect, allowsLess: before.outdatedIn.length > 0 },
  ]);

export const takesAway = (before: PermissionSet, after: PermissionSet): boolean => isTighter(setEffects(before, after));

/**
 * Only what can but take away goes with the revocations. A set that is not provisioned everywhere (an earlier run was
 * killed, a hand was at work) may be about to take away: it counts so unless something is plainly added.
 */
const onlyTakesAway = (before: PermissionSet, after: PermissionSet): boolean => {
  const effect = setEffects(before, after);
  return isTighter(effect) && !isLooser(effect);
};

const inlineEffects = ({ inlinePolicies: before }: Role, { inlinePolicies: after }: Role): readonly Effect[] =>
  Object.keys({ ...before, ...after }).map((name) =>
    ofDocument(ownValue(before, name) ?? nothing, ownValue(after, name) ?? nothing),
  );

const roleEffect = (before: Role, after: Role): Effect =>
  joinedEffects([
    ofTrust(before.trust, after.trust),
    ofList(before.managedPolicies, after.managedPolicies),
    ofList(pathAndName(before), pathAndName(after)),
    ...inlineEffects(before, after),
    ofBoundary(before, after),
    ofAmount(before.maxSessionDuration, after.maxSessionDuration),
    ofAmount(Number(before.instanceProfile), Number(after.instanceProfile)),
  ]);

export const policyEffect = (before: CustomerPolicy, after: CustomerPolicy): Effect =>
  ofDocument(before.document, after.document);

const silent = ['description', 'tags', 'owner'];

/** A boundary where there was none, and nothing else that anybody would feel. */
export const onlySetsBoundary = (before: Role, after: Role): boolean => {
  const fields = changedFields(before, after).filter((field) => !silent.includes(field));
  return before.permissionsBoundary === undefined && fields.join() === 'permissionsBoundary';
};

const policyOf = (resource: Resource | undefined): ResourcePolicy | undefined =>
  resource?.kind === 'resource-policy' ? resource : undefined;

type EditEnds = { readonly before: Resource | undefined; readonly after: Resource | undefined };

/**
 * What comes gives and what goes takes; of a permission set that is edited, taking away is never left out. Customer managed
 * policies count as allowing: `effectIn` looks at what they say.
 */
export const effectOf = ({ before, after }: EditEnds): Effect => {
  const isOfResource = (after ?? before)?.kind === 'resource-policy';
  if (isOfResource) return resourceEffect({ before: policyOf(before), after: policyOf(after) });
  if (before === undefined || after === undefined)
    return { ...noEffect, allowsLess: after === undefined, allowsMore: before === undefined };
  if (before.kind === 'role' && after.kind === 'role') return roleEffect(before, after);
  if (before.kind === 'policy' && after.kind === 'policy') return policyEffect(before, after);
  const isSet = before.kind === 'permission-set' && after.kind === 'permission-set';
  return { ...noEffect, allowsLess: isSet, allowsMore: isSet && !onlyTakesAway(before, after) };
};

type EditStates = { readonly current: State; readonly final: State };

const isSetOrRole = (resource: Resource | undefined): resource is SetOrRole =>
  resource?.kind === 'role' || resource?.kind === 'permission-set';

const missingIn = (other: SetOrRole, one: SetOrRole): readonly CustomerManagedPolicy[] =>
  one.customerManagedPolicies.filter(
    ({ path, name }) => !other.customerManagedPolicies.some((found) => found.path === path && found.name === name),
  );

/** Whether one of the policies denies anything, in an account where the role is or the set is assigned. */
const deny = (policies: readonly CustomerManagedPolicy[], of: SetOrRole, state: State): boolean => {
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
export const effectIn = ({ current, final }: EditStates, ends: EditEnds): Effect => {
  const { before, after } = ends;
  const effect = effectOf(ends);
  if (!isSetOrRole(before) || !isSetOrRole(after)) return effect;
  return {
    ...effect,
    filtersMore: effect.filtersMore || deny(missingIn(before, after), after, final),
    filtersLess: effect.filtersLess || deny(missingIn(after, before), before, current),
  };
};
