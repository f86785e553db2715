/** Whether an edited permission set gives less, as far as its fields tell. */
import { comparableFields } from '../model/equal.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { PermissionSet } from '../model/resource.ts';
import { classify } from './classify.ts';

type Direction = { readonly tighter: boolean; readonly looser: boolean };

const nothing: PolicyDocument = { Version: '2012-10-17', Statement: [] };

const ofList = (before: readonly string[], after: readonly string[]): Direction => ({
  tighter: before.some((one) => !after.includes(one)),
  looser: after.some((one) => !before.includes(one)),
});

const ofInline = (before: PermissionSet, after: PermissionSet): Direction => {
  const tightness = classify(before.inlinePolicy ?? nothing, after.inlinePolicy ?? nothing);
  return { tighter: ['tighter', 'both'].includes(tightness), looser: ['looser', 'both'].includes(tightness) };
};

/** A boundary that is exchanged may do either. */
const ofBoundary = (before: PermissionSet, after: PermissionSet): Direction => {
  const [old, next] = [before, after].map((set) => comparableFields(set)['permissionsBoundary']);
  return { tighter: old !== next && next !== null, looser: old !== next && old !== null };
};

const pathAndName = (set: PermissionSet): readonly string[] =>
  set.customerManagedPolicies.map(({ path, name }) => `${path}${name}`);

const directionsOf = (before: PermissionSet, after: PermissionSet): readonly Direction[] => [
  ofList(before.managedPolicies, after.managedPolicies),
  ofList(pathAndName(before), pathAndName(after)),
  ofInline(before, after),
  ofBoundary(before, after),
  { tighter: after.sessionDuration < before.sessionDuration, looser: after.sessionDuration > before.sessionDuration },
  { tighter: before.outdatedIn.length > 0, looser: false },
];

export const takesAway = (before: PermissionSet, after: PermissionSet): boolean =>
  directionsOf(before, after).some(({ tighter }) => tighter);

/**
 * Only what can but take away goes with the revocations. A set that is not provisioned everywhere (an earlier run was
 * killed, a hand was at work) may be about to take away: it counts so unless something is plainly added.
 */
export const onlyTakesAway = (before: PermissionSet, after: PermissionSet): boolean =>
  takesAway(before, after) && !directionsOf(before, after).some(({ looser }) => looser);
